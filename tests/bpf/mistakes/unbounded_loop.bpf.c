// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a loop that ends when a number says so that the verifier does not know. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u32 times;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u64 sum = bpf_get_prandom_u32();

	// Long steps, so that the verifier is soon tired of it.
	for (u32 i = 0; i < times; i++)
		asm volatile(".rept 1000\n%0 += 1\n.endr" : "+r"(sum));
	return sum == 1;
}
