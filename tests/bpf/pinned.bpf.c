// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Maps that outlive their loader: pinned by name, and shared with the next one. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kept SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} hewn_dropped SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;
	u64 *value = bpf_map_lookup_elem(&hewn_kept, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	value = bpf_map_lookup_elem(&hewn_dropped, &key);
	if (value)
		__sync_fetch_and_add(value, 1);
	return 0;
}
