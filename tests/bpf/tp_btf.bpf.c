// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Tracepoints whose arguments the verifier knows by the kernel's BTF (5.5). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, left;

SEC("tp_btf/sys_enter")
int BPF_PROG(enter, struct pt_regs *regs, long nr)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(leave, struct pt_regs *regs, long result)
{
	__sync_fetch_and_add(&left, 1);
	return 0;
}

SEC("?tp_btf/sched/sched_switch") // a mistake: the category is not part of the name
int BPF_PROG(mistaken)
{
	return 0;
}

SEC("?tp_btf/sys_entry") // another: there is no such tracepoint
int BPF_PROG(misspelled)
{
	return 0;
}
