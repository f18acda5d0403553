// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Congestion control of TCP, by a struct whose function pointers are programs: one is registered by the map
 * alone, one by a link, and one of a section that is loaded only on request. The struct here has only the
 * members that are used, in an order of its own.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "GPL";

struct sock;

struct tcp_congestion_ops {
	char name[16];
	u32 (*undo_cwnd)(struct sock *sk);
	u32 (*ssthresh)(struct sock *sk);
	void (*cong_avoid)(struct sock *sk, u32 ack, u32 acked);
	void *no_kernel_has_this;
};

SEC("struct_ops/ssthresh")
u32 ssthresh(u64 *args)
{
	return 2;
}

SEC("struct_ops")
u32 undo_cwnd(u64 *args)
{
	return 10;
}

SEC("struct_ops")
void cong_avoid(u64 *args)
{
}

SEC("?struct_ops")
u32 on_request(u64 *args)
{
	return 3;
}

SEC(".struct_ops")
struct tcp_congestion_ops plain = {
	.ssthresh = (void *)ssthresh,
	.undo_cwnd = (void *)undo_cwnd,
	.cong_avoid = (void *)cong_avoid,
	.name = "hewn_plain",
};

SEC(".struct_ops.link")
struct tcp_congestion_ops linked = {
	.ssthresh = (void *)ssthresh,
	.undo_cwnd = (void *)undo_cwnd,
	.cong_avoid = (void *)cong_avoid,
	.name = "hewn_linked",
};

SEC("?.struct_ops.link")
struct tcp_congestion_ops optional = {
	.ssthresh = (void *)on_request,
	.undo_cwnd = (void *)undo_cwnd,
	.cong_avoid = (void *)cong_avoid,
	.name = "hewn_optional",
};

// of no struct
SEC("?raw_tp/sys_enter")
int beside(void *ctx)
{
	return 0;
}
