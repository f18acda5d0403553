// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Probes in a program of user space: sections with a target and, not loaded by default, without
 * one. They name a function of the C library; getppid(2) goes through it.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned;
s64 last;

SEC("uprobe/libc.so.6:getppid")
int BPF_UPROBE(enter)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("uretprobe/libc.so.6:getppid")
int BPF_URETPROBE(leave, long result)
{
	last = result;
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

SEC("?uprobe")
int anywhere(struct pt_regs *ctx)
{
	return PT_REGS_PARM1(ctx) == 1;
}
