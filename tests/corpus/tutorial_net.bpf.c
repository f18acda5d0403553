// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Packets: tc, tcx, xdp, a socket filter and programs of cgroups; parsing with the usual macros. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800

char __license[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 1024);
	__type(key, __be32);
	__type(value, u64);
} packets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LPM_TRIE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__uint(max_entries, 255);
	__uint(key_size, 8);
	__uint(value_size, 4);
} routes SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 8);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(struct bpf_devmap_val));
} ports SEC(".maps");

static __always_inline struct iphdr *ip_of(void *data, void *end)
{
	struct ethhdr *eth = data;
	struct iphdr *ip = (void *)(eth + 1);

	if ((void *)(ip + 1) > end || eth->h_proto != bpf_htons(ETH_P_IP))
		return NULL;
	return ip;
}

static __noinline int count(__be32 address)
{
	u64 one = 1, *n = bpf_map_lookup_elem(&packets, &address);

	if (n)
		(*n)++;
	else
		bpf_map_update_elem(&packets, &address, &one, BPF_NOEXIST);
	return n ? *n : 0;
}

SEC("tc")
int tc_ingress(struct __sk_buff *ctx)
{
	struct iphdr *ip = ip_of((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	if (ip)
		bpf_printk("Got IP packet: tot_len: %d, ttl: %d", bpf_ntohs(ip->tot_len), ip->ttl);
	return 0;
}

SEC("tcx/egress")
int tcx_egress(struct __sk_buff *ctx)
{
	return ctx->len > 9000 ? 2 : -1;
}

SEC("xdp")
int xdp_count(struct xdp_md *ctx)
{
	struct iphdr *ip = ip_of((void *)(long)ctx->data, (void *)(long)ctx->data_end);

	if (!ip)
		return XDP_PASS;
	if (count(ip->saddr) > 1000)
		return bpf_redirect_map(&ports, 0, XDP_DROP);
	return XDP_PASS;
}

SEC("xdp/devmap")
int xdp_out(struct xdp_md *ctx)
{
	return ctx->egress_ifindex ? XDP_PASS : XDP_DROP;
}

SEC("socket")
int socket_handler(struct __sk_buff *skb)
{
	u16 proto;

	bpf_skb_load_bytes(skb, 12, &proto, 2);
	return bpf_ntohs(proto) == ETH_P_IP ? skb->len : 0;
}

SEC("cgroup_skb/egress")
int cgroup_egress(struct __sk_buff *skb)
{
	struct {
		u32 bits;
		__be32 address;
	} key = {32, skb->remote_ip4};

	return !bpf_map_lookup_elem(&routes, &key);
}

SEC("cgroup/connect4")
int cgroup_connect4(struct bpf_sock_addr *ctx)
{
	return ctx->user_port != bpf_htons(23);
}

SEC("sockops")
int sock_ops(struct bpf_sock_ops *ops)
{
	return ops->op == BPF_SOCK_OPS_ACTIVE_ESTABLISHED_CB;
}
