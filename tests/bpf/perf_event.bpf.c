// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Sampling: where the CPU is, as often as the perf event that this is attached to says. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, hewn_hex64);
	__type(value, u64);
} samples SEC(".maps");

u64 n_samples;

SEC("perf_event")
int sample(struct bpf_perf_event_data *ctx)
{
	hewn_hex64 ip = PT_REGS_IP(&ctx->regs);
	u64 *count = bpf_map_lookup_elem(&samples, &ip), one = 1;

	__sync_fetch_and_add(&n_samples, 1);
	if (count)
		__sync_fetch_and_add(count, 1);
	else
		bpf_map_update_elem(&samples, &ip, &one, BPF_NOEXIST);
	return 0;
}
