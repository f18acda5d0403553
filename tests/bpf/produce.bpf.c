// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Records of 64 bytes, numbered on each CPU, into a perf ring or a ring buffer, as many as the first
 * word of the context says. Nothing is attached: tests/kernel/flood.c runs them by BPF_PROG_TEST_RUN.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define MOST 100 /* for one run */
#define ENOSPC 28

struct record {
	u64 number;
	u64 cpu;
	u64 filler[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} perf SEC(".maps");
HEWN_EVENT(perf, struct record);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} ringbuf SEC(".maps");
HEWN_EVENT(ringbuf, struct record);

struct counts {
	u64 produced;
	u64 refused; // there was no room
	u64 failed;  // anything else
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct counts);
} counts SEC(".maps");

static __always_inline void fill(struct record *record, u64 number)
{
	record->number = number;
	record->cpu = bpf_get_smp_processor_id();
	for (int i = 0; i < 6; i++)
		record->filler[i] = ~number;
}

SEC("raw_tp/sys_enter")
int to_perf(struct bpf_raw_tracepoint_args *ctx)
{
	u32 key = 0, n = ctx->args[0];
	struct counts *c = bpf_map_lookup_elem(&counts, &key);
	struct record record;

	if (!c)
		return 0;
	for (int i = 0; i < MOST && i < n; i++) {
		fill(&record, c->produced++);
		long ret = bpf_perf_event_output(ctx, &perf, BPF_F_CURRENT_CPU, &record, sizeof(record));

		if (ret == -ENOSPC)
			c->refused++;
		else if (ret)
			c->failed++;
	}
	return 0;
}

SEC("raw_tp/sys_enter")
int to_ringbuf(struct bpf_raw_tracepoint_args *ctx)
{
	u32 key = 0, n = ctx->args[0];
	struct counts *c = bpf_map_lookup_elem(&counts, &key);

	if (!c)
		return 0;
	for (int i = 0; i < MOST && i < n; i++) {
		struct record *record = bpf_ringbuf_reserve(&ringbuf, sizeof(*record), 0);
		u64 number = c->produced++;

		if (!record) {
			c->refused++;
			continue;
		}
		fill(record, number);
		bpf_ringbuf_submit(record, 0);
	}
	return 0;
}
