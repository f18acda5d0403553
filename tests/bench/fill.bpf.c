// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Fills most of a ring of 256 KiB with records of 64 bytes, when BPF_PROG_TEST_RUN runs it: of a
 * perf ring (a record takes 80 bytes there), and of a ring buffer (72). Without wake-ups in the
 * latter: nobody reads yet.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define RECORDS 3200

struct record {
	u64 number;
	u64 filler[7];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} perf SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} ringbuf SEC(".maps");

SEC("raw_tp/sys_enter")
int fill_perf(void *ctx)
{
	struct record record = {};

	for (int i = 0; i < RECORDS; i++) {
		record.number = i;
		bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &record, sizeof(record));
	}
	return 0;
}

SEC("raw_tp/sys_enter")
int fill_ringbuf(void *ctx)
{
	struct record record = {};

	for (int i = 0; i < RECORDS; i++) {
		record.number = i;
		bpf_ringbuf_output(&ringbuf, &record, sizeof(record), BPF_RB_NO_WAKEUP);
	}
	return 0;
}
