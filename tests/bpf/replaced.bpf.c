// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A program with a function that another program may replace: global, and not inlined. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

__noinline int verdict(struct xdp_md *ctx)
{
	volatile int pass = 2;

	return pass;
}

SEC("xdp")
int asks(struct xdp_md *ctx)
{
	return verdict(ctx);
}
