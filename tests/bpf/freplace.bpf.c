// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Replaces a function of another program (5.6), and traces the program: which one is said when it is loaded. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 decided, traced;

SEC("freplace/verdict")
int decides(struct xdp_md *ctx)
{
	__sync_fetch_and_add(&decided, 1);
	return 2;
}

SEC("?fentry/asks")
int traces(void *ctx)
{
	__sync_fetch_and_add(&traced, 1);
	return 0;
}
