// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: an index into an array that may be larger than the array. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 slots[16];

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 i = bpf_get_prandom_u32();

	slots[i]++;
	return 0;
}
