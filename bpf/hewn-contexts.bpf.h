// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * What programs of the other types get as their context, and the small structs that helpers take.
 * Names, order and sizes are the kernel's (include/uapi/linux/bpf.h): the verifier knows these
 * structs by their layout. Of those that grew, the members up to Linux 6.1.
 */
#ifndef HEWN_CONTEXTS_BPF_H
#define HEWN_CONTEXTS_BPF_H

// A pointer in a struct that has 64 bits on any machine.
#define HEWN_POINTER(type, name)                                                                   \
	union {                                                                                    \
		type name;                                                                         \
		u64 : 64;                                                                          \
	} __attribute__((aligned(8)))

struct bpf_sock;

// socket, tc, cgroup_skb, sk_skb, lwt, flow_dissector.
struct __sk_buff {
	u32 len, pkt_type, mark, queue_mapping, protocol, vlan_present, vlan_tci, vlan_proto;
	u32 priority, ingress_ifindex, ifindex, tc_index, cb[5], hash, tc_classid, data, data_end;
	u32 napi_id, family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4];
	u32 remote_port; // network byte order
	u32 local_port;	 // host byte order
	u32 data_meta;
	HEWN_POINTER(struct bpf_flow_keys *, flow_keys);
	u64 tstamp;
	u32 wire_len, gso_segs;
	HEWN_POINTER(struct bpf_sock *, sk);
	u32 gso_size;
	u8 tstamp_type;
	u32 : 24;
	u64 hwtstamp;
};

// Verdicts of a tc program.
enum {
	TC_ACT_UNSPEC = -1,
	TC_ACT_OK = 0,
	TC_ACT_RECLASSIFY = 1,
	TC_ACT_SHOT = 2,
	TC_ACT_PIPE = 3,
	TC_ACT_STOLEN = 4,
	TC_ACT_REDIRECT = 7,
};

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

enum xdp_action {
	XDP_ABORTED = 0,
	XDP_DROP,
	XDP_PASS,
	XDP_TX,
	XDP_REDIRECT,
};

struct bpf_sock {
	u32 bound_dev_if, family, type, protocol, mark, priority, src_ip4, src_ip6[4];
	u32 src_port; // host byte order
	u16 dst_port; // network byte order
	u16 : 16;
	u32 dst_ip4, dst_ip6[4], state;
	s32 rx_queue_mapping;
};

// cgroup/bind4, connect4 and so on. Addresses and ports in network byte order.
struct bpf_sock_addr {
	u32 user_family, user_ip4, user_ip6[4], user_port, family, type, protocol, msg_src_ip4;
	u32 msg_src_ip6[4];
	HEWN_POINTER(struct bpf_sock *, sk);
};

struct bpf_sock_ops {
	u32 op;
	union {
		u32 args[4];
		u32 reply;
		u32 replylong[4];
	};
	u32 family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port;
	u32 is_fullsock, snd_cwnd, srtt_us, bpf_sock_ops_cb_flags, state, rtt_min, snd_ssthresh;
	u32 rcv_nxt, snd_nxt, snd_una, mss_cache, ecn_flags, rate_delivered, rate_interval_us;
	u32 packets_out, retrans_out, total_retrans, segs_in, data_segs_in, segs_out, data_segs_out;
	u32 lost_out, sacked_out, sk_txhash;
	u64 bytes_received, bytes_acked;
	HEWN_POINTER(struct bpf_sock *, sk);
	HEWN_POINTER(void *, skb_data);
	HEWN_POINTER(void *, skb_data_end);
	u32 skb_len, skb_tcp_flags;
};

struct sk_msg_md {
	HEWN_POINTER(void *, data);
	HEWN_POINTER(void *, data_end);
	u32 family, remote_ip4, local_ip4, remote_ip6[4], local_ip6[4], remote_port, local_port,
		size;
	HEWN_POINTER(struct bpf_sock *, sk);
};

struct sk_reuseport_md {
	HEWN_POINTER(void *, data);
	HEWN_POINTER(void *, data_end);
	u32 len, eth_protocol, ip_protocol, bind_inany, hash;
	HEWN_POINTER(struct bpf_sock *, sk);
	HEWN_POINTER(struct bpf_sock *, migrating_sk);
};

struct bpf_sk_lookup {
	union {
		HEWN_POINTER(struct bpf_sock *, sk);
		u64 cookie;
	};
	u32 family, protocol, remote_ip4, remote_ip6[4];
	u16 remote_port; // network byte order
	u16 : 16;
	u32 local_ip4, local_ip6[4], local_port, ingress_ifindex;
};

struct bpf_sockopt {
	HEWN_POINTER(struct bpf_sock *, sk);
	HEWN_POINTER(void *, optval);
	HEWN_POINTER(void *, optval_end);
	s32 level, optname, optlen, retval;
};

struct bpf_sysctl {
	u32 write, file_pos;
};

// cgroup/dev. access_type is access << 16 | type.
struct bpf_cgroup_dev_ctx {
	u32 access_type, major, minor;
};

enum {
	BPF_DEVCG_ACC_MKNOD = 1,
	BPF_DEVCG_ACC_READ = 2,
	BPF_DEVCG_ACC_WRITE = 4,
	BPF_DEVCG_DEV_BLOCK = 1,
	BPF_DEVCG_DEV_CHAR = 2,
};

// raw_tp: the tracepoint's arguments, as many as it has.
struct bpf_raw_tracepoint_args {
	u64 args[0];
};

// perf_event: the registers, and what the sample was taken for.
#ifdef HEWN_WRAPS
struct bpf_perf_event_data {
	struct pt_regs regs;
	u64 sample_period, addr;
};
#endif

// What helpers take.
struct bpf_spin_lock {
	u32 val;
};
struct bpf_timer {
	u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_dynptr {
	u64 opaque[2];
} __attribute__((aligned(8)));
struct bpf_pidns_info {
	u32 pid, tgid;
};
struct bpf_perf_event_value {
	u64 counter, enabled, running;
};
struct bpf_lpm_trie_key {
	u32 prefixlen;
	u8 data[0];
};
struct bpf_cgroup_storage_key {
	u64 cgroup_inode_id;
	u32 attach_type;
};

#endif
