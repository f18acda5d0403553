// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a loop with an end, but with more steps than the verifier's million. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u64 sum = bpf_get_prandom_u32();

	// In assembler, for a thousand steps that neither compiler nor verifier can shorten.
	for (u32 i = 0; i < 2000; i++)
		asm volatile(".rept 1000\n%0 += 1\n.endr" : "+r"(sum));
	return sum == 1;
}
