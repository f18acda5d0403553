// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Calls from BPF to BPF: static functions in .text, which one program or both call, a function that
 * calls another, and a global one, which the verifier checks by itself.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __noinline u64 add(u64 a, u64 b)
{
	return a + b;
}

static __noinline u64 twice(u64 a)
{
	barrier_var(a);
	return add(a, a);
}

__noinline int global(u32 a)
{
	barrier_var(a);
	return a & 0xff;
}

SEC("raw_tp/sys_enter")
int one(struct bpf_raw_tracepoint_args *ctx)
{
	return twice(bpf_ktime_get_ns()) == 1;
}

SEC("raw_tp/sys_exit")
int two(struct bpf_raw_tracepoint_args *ctx)
{
	return global(twice(3)) + add(bpf_get_prandom_u32(), 1) == 1;
}
