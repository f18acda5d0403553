// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Mistake: a map pinned by name, where another one of that name is pinned already, with other
 * values: that of tests/bpf/pinned.bpf.c, once that was loaded.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u32);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kept SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&hewn_kept, &key) != NULL;
}
