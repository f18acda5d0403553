// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Mistake: too much on the stack. Each of the two functions has less than 512 bytes, so clang says
 * nothing; together they have more. (Since 6.13, tracing programs have a stack a function.)
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __noinline int callee(u32 i)
{
	volatile u64 room[40] = {};

	room[i & 31] = i;
	return room[(i + 1) & 31];
}

SEC("socket")
int filter(struct __sk_buff *skb)
{
	volatile u64 room[40] = {};
	u32 i = bpf_get_smp_processor_id();

	room[i & 31] = callee(i);
	return room[0];
}
