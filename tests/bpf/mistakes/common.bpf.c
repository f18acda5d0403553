// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: compiled with -fcommon, so a variable without a value belongs to no section. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 calls;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	calls++;
	return 0;
}
