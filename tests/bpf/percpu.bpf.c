// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Variables that each CPU has its own of: with a value at first, and in a section of another name. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u32 seven SEC(".percpu") = 7;
u32 calls SEC(".percpu.calls") = 0;

SEC("syscall")
int count(void *ctx)
{
	calls++;
	return seven + calls;
}
