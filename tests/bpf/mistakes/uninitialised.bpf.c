// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Mistake: a second argument, as if this were the function that it is attached to. A program has
 * one, its context; what is in the next register nobody knows.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("kprobe/do_sys_openat2")
int enter(struct pt_regs *ctx, const char *path)
{
	return path == NULL;
}
