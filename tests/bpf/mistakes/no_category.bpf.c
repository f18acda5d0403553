// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a tracepoint is named by its category and its name:
 * tracepoint/syscalls/sys_enter_getpid. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return 0;
}
