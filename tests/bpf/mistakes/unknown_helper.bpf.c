// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a helper that this kernel does not have; here one that none has. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static long (*const bpf_do_what_i_mean)(void *ctx) = (void *)4711;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return bpf_do_what_i_mean(ctx);
}
