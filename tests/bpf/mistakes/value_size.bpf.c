// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the map's values have 64 bytes, and the program gives it the address of 8. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 8);
	__uint(key_size, sizeof(u32));
	__uint(value_size, 64);
} rooms SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = bpf_get_smp_processor_id();
	u64 value = bpf_ktime_get_ns();

	bpf_map_update_elem(&rooms, &key, &value, BPF_ANY);
	return 0;
}
