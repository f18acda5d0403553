// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a packet's bytes are read without a check that the packet is so long. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("xdp")
int count(struct xdp_md *ctx)
{
	u8 *data = (u8 *)(long)ctx->data;

	return data[12] == 8 ? XDP_PASS : XDP_DROP;
}
