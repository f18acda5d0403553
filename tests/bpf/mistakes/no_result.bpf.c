// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the program returns nothing. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
void getpid_enter(void *ctx)
{
}
