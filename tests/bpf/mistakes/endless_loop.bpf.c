// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a loop that nothing ends. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

volatile u32 stop;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	for (;;)
		asm volatile("" ::: "memory");
	return 0;
}
