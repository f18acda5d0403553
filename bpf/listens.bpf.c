// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Who begins to listen on a TCP port: address, port, backlog, network namespace. The tracepoint
 * sock/inet_sock_set_state hands over the socket; what is of interest lies in structs that differ
 * from kernel to kernel, so each member is found by its name when the program is loaded (CO-RE).
 *
 * A raw tracepoint gets the arguments of the kernel's own call, as they are.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define AF_INET6   10
#define TCP_LISTEN 10

// As much of the kernel's structs as is needed here, in no particular order.
struct in6_addr {
	u8 bytes[16];
};

struct ns_common {
	u32 inum;
} __core;

struct net {
	struct ns_common ns;
} __core;

struct possible_net {
	struct net *net;
} __core;

struct sock_common {
	u32 skc_rcv_saddr;
	u16 skc_num;
	u16 skc_family;
	u8 skc_reuseport : 1;
	u8 skc_ipv6only : 1;
	struct in6_addr skc_v6_rcv_saddr; // not there without CONFIG_IPV6
	struct possible_net skc_net;
} __core;

struct sock {
	struct sock_common __sk_common;
	u32 sk_max_ack_backlog;
} __core;

struct listen {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
	u32 netns; // as the number in /proc/PID/ns/net
	hewn_port port;
	u8 reuseport;
	u8 ipv6only;
	u32 backlog;
	hewn_ipv4 ipv4;
	hewn_ipv6 ipv6;
};

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} listens SEC(".maps");
HEWN_EVENT(listens, struct listen);

static __always_inline void read_ipv6(struct listen *listen, struct sock *sk)
{
	struct in6_addr address;

	if (!bpf_core_field_exists(sk->__sk_common.skc_v6_rcv_saddr))
		return; // and the read below is dead code: the kernel has no such member
	address = BPF_CORE_READ(sk, __sk_common.skc_v6_rcv_saddr);
	__builtin_memcpy(listen->ipv6, &address, sizeof(listen->ipv6));
}

// (const struct sock *sk, const int oldstate, const int newstate), since 4.16
SEC("raw_tp/inet_sock_set_state")
int set_state(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (struct sock *)ctx->args[0];
	u64 both = bpf_get_current_pid_tgid();
	struct listen listen = {0};

	if ((int)ctx->args[2] != TCP_LISTEN)
		return 0;
	listen.pid = both >> 32;
	listen.uid = (u32)bpf_get_current_uid_gid();
	bpf_get_current_comm(listen.comm, sizeof(listen.comm));
	listen.port = BPF_CORE_READ(sk, __sk_common.skc_num);
	listen.backlog = BPF_CORE_READ(sk, sk_max_ack_backlog);
	listen.netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	listen.reuseport = BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_reuseport);
	listen.ipv6only = BPF_CORE_READ_BITFIELD_PROBED(sk, __sk_common.skc_ipv6only);
	if (BPF_CORE_READ(sk, __sk_common.skc_family) == AF_INET6)
		read_ipv6(&listen, sk);
	else
		listen.ipv4 = BPF_CORE_READ(sk, __sk_common.skc_rcv_saddr);
	bpf_perf_event_output(ctx, &listens, BPF_F_CURRENT_CPU, &listen, sizeof(listen));
	return 0;
}
