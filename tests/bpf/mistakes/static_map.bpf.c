// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the map is static, so the object has no symbol of it that a loader could go by. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;
	u64 *value = bpf_map_lookup_elem(&counts, &key);

	if (value)
		(*value)++;
	return 0;
}
