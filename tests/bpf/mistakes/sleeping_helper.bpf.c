// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a helper that may sleep, in a program that must not. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u64 word = 0;

	bpf_copy_from_user(&word, sizeof(word), NULL);
	return word == 1;
}
