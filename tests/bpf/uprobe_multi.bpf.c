// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Many probes in a program of user space by one link (6.6); a session, at entry and return, since 6.13. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned, one, both;

SEC("uprobe.multi/libc.so.6:getppi*")
int enter(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("uretprobe.multi/libc.so.6:get?pid")
int leave(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

SEC("uprobe.multi.s/libc.so.6:getppid")
int single(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&one, 1);
	return 0;
}

SEC("?uprobe.session/libc.so.6:getppid") // since 6.13
int session(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&both, 1);
	return 0;
}
