// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * As many records of 64 bytes as a ring can take: 1000 for each getpid(2), counted where they are
 * made. What a reader received and what was lost must add up to `produced`.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct record {
	u64 number;
	u64 filler[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} events SEC(".maps");
HEWN_EVENT(events, struct record);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} produced SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;
	u64 *n = bpf_map_lookup_elem(&produced, &key);
	struct record record = {};

	if (!n)
		return 0;
	for (int i = 0; i < 1000; i++) {
		record.number = i;
		bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &record, sizeof(record));
	}
	__sync_fetch_and_add(n, 1000);
	return 0;
}
