// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The smallest object with one of each: a map, and a program on a tracepoint. Four bpf() calls load
 * and attach it. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} count SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(struct hewn_sys_enter *ctx)
{
	u32 key = 0;
	u64 *value = bpf_map_lookup_elem(&count, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	return 0;
}
