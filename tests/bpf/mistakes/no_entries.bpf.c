// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a hash without max_entries. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&counts, &key) != NULL;
}
