// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the program is static. Only global functions are programs. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
static int getpid_enter(void *ctx)
{
	return 0;
}
