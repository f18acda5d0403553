// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a map has no field max_entires. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entires, 1);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;

	return bpf_map_lookup_elem(&counts, &key) != NULL;
}
