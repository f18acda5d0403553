// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Many functions of the kernel by one link (5.18); a session, at entry and return, since 6.10. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned, one, both;

SEC("kprobe.multi/do_sys_openat*")
int enter(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("kretprobe.multi/do_sys_ope?at2")
int leave(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

SEC("kprobe.multi/do_sys_openat2")
int single(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&one, 1);
	return 0;
}

SEC("?kprobe.session/do_sys_openat2") // since 6.10
int session(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&both, 1);
	return 0;
}
