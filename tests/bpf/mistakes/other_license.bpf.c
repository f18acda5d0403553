// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the license is not one that the kernel takes for compatible with the GPL. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "MIT";

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	hewn_printk("hello");
	return 0;
}
