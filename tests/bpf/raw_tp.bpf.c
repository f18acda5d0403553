// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Raw tracepoints: their arguments as words, by hand and by BPF_PROG. Under both names of a
 * section. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 512);
	__type(key, u32);
	__type(value, u64);
} calls SEC(".maps");

u64 entered, left;

// (struct pt_regs *regs, long nr)
SEC("raw_tp/sys_enter")
int enter(struct bpf_raw_tracepoint_args *ctx)
{
	u32 nr = ctx->args[1];
	u64 *count = bpf_map_lookup_elem(&calls, &nr);

	if (count)
		(*count)++;
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

// (struct pt_regs *regs, long ret)
SEC("raw_tracepoint/sys_exit")
int BPF_PROG(leave, struct pt_regs *regs, long ret)
{
	if (ret >= 0)
		__sync_fetch_and_add(&left, 1);
	return 0;
}
