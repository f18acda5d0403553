// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Programs of control groups: packets, devices, sockets, addresses, sysctls. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 bytes;

SEC("cgroup_skb/egress")
int count(struct __sk_buff *skb)
{
	__sync_fetch_and_add(&bytes, skb->len);
	return 1; // let it pass
}

// /dev/null and /dev/zero, and no device else.
SEC("cgroup/dev")
int device(struct bpf_cgroup_dev_ctx *ctx)
{
	return (ctx->access_type & 0xffff) == BPF_DEVCG_DEV_CHAR && ctx->major == 1 &&
	       (ctx->minor == 3 || ctx->minor == 5);
}

SEC("cgroup/sock_create")
int create(struct bpf_sock *sk)
{
	return sk->family != 17; // AF_PACKET
}

SEC("cgroup/connect4")
int connect(struct bpf_sock_addr *ctx)
{
	return ctx->user_port != bpf_htons(25);
}

SEC("cgroup/sysctl")
int sysctl(struct bpf_sysctl *ctx)
{
	return !ctx->write;
}

SEC("sockops")
int ops(struct bpf_sock_ops *ctx)
{
	return ctx->op == 3;
}
