// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: what map_lookup_elem returned is used without asking whether it is NULL. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;
	u64 *value = bpf_map_lookup_elem(&counts, &key);

	*value += 1;
	return 0;
}
