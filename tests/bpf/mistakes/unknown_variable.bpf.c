// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: an extern variable that no section says where to find. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern u32 threshold;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return bpf_get_prandom_u32() > threshold;
}
