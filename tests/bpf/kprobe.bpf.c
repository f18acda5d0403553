// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Probes in the kernel: a function's entry, its return, an instruction in it, and a system call's.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned, inside, called, came_back;
s64 last;
u32 last_fd;

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(enter, int dfd, const char *path, void *how)
{
	__sync_fetch_and_add(&entered, path && how);
	return 0;
}

SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(leave, int result)
{
	last = result;
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

// Where an instruction begins there, is the kernel's and its compiler's affair: not loaded by
// default.
SEC("?kprobe/do_sys_openat2+0x5")
int within(struct pt_regs *ctx)
{
	__sync_fetch_and_add(&inside, 1);
	return 0;
}

SEC("ksyscall/close")
int BPF_KSYSCALL(call, u32 fd)
{
	last_fd = fd;
	__sync_fetch_and_add(&called, 1);
	return 0;
}

SEC("kretsyscall/close")
int BPF_KRETPROBE(back, long result)
{
	__sync_fetch_and_add(&came_back, result == 0);
	return 0;
}
