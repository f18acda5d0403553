// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* The kernel's version, which kernels before 5.0 want to be their own for kprobes. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u32 VERSION SEC("version") = 6 << 16 | 1 << 8 | 2;

SEC("kprobe/do_sys_openat2")
int enter(struct pt_regs *ctx)
{
	return 0;
}
