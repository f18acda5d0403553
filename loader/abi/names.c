// SPDX-License-Identifier: MIT
/*
 * The enums and flags of bpf(2), by number: types of maps, programs, links, and where programs
 * attach. Numbers and names only; knows nothing of which attr holds them.
 */
#include "loader/abi/abi.h"
#include "loader/abi/tables.h"

const struct abi_name abi_map_types[] = {
	{0, "UNSPEC", V(3, 18)},
	{1, "HASH", V(3, 19)},
	{2, "ARRAY", V(3, 19)},
	{3, "PROG_ARRAY", V(4, 2)},
	{4, "PERF_EVENT_ARRAY", V(4, 3)},
	{5, "PERCPU_HASH", V(4, 6)},
	{6, "PERCPU_ARRAY", V(4, 6)},
	{7, "STACK_TRACE", V(4, 6)},
	{8, "CGROUP_ARRAY", V(4, 8)},
	{9, "LRU_HASH", V(4, 10)},
	{10, "LRU_PERCPU_HASH", V(4, 10)},
	{11, "LPM_TRIE", V(4, 11)},
	{12, "ARRAY_OF_MAPS", V(4, 12)},
	{13, "HASH_OF_MAPS", V(4, 12)},
	{14, "DEVMAP", V(4, 14)},
	{15, "SOCKMAP", V(4, 14)},
	{16, "CPUMAP", V(4, 15)},
	{17, "XSKMAP", V(4, 18)},
	{18, "SOCKHASH", V(4, 18)},
	{19, "CGROUP_STORAGE", V(4, 19)},
	{20, "REUSEPORT_SOCKARRAY", V(4, 19)},
	{21, "PERCPU_CGROUP_STORAGE", V(4, 20)},
	{22, "QUEUE", V(4, 20)},
	{23, "STACK", V(4, 20)},
	{24, "SK_STORAGE", V(5, 2)},
	{25, "DEVMAP_HASH", V(5, 4)},
	{26, "STRUCT_OPS", V(5, 6)},
	{27, "RINGBUF", V(5, 8)},
	{28, "INODE_STORAGE", V(5, 10)},
	{29, "TASK_STORAGE", V(5, 11)},
	{30, "BLOOM_FILTER", V(5, 16)},
	{31, "USER_RINGBUF", V(6, 1)},
	{32, "CGRP_STORAGE", V(6, 2)},
	{33, "ARENA", V(6, 9)},
	{34, "INSN_ARRAY", V(6, 19)},
	{35, "RHASH", V(7, 2)},
	{0, NULL, 0},
};

const struct abi_name abi_prog_types[] = {
	{0, "UNSPEC", V(3, 18)},
	{1, "SOCKET_FILTER", V(3, 19)},
	{2, "KPROBE", V(4, 1)},
	{3, "SCHED_CLS", V(4, 1)},
	{4, "SCHED_ACT", V(4, 1)},
	{5, "TRACEPOINT", V(4, 7)},
	{6, "XDP", V(4, 8)},
	{7, "PERF_EVENT", V(4, 9)},
	{8, "CGROUP_SKB", V(4, 10)},
	{9, "CGROUP_SOCK", V(4, 10)},
	{10, "LWT_IN", V(4, 10)},
	{11, "LWT_OUT", V(4, 10)},
	{12, "LWT_XMIT", V(4, 10)},
	{13, "SOCK_OPS", V(4, 13)},
	{14, "SK_SKB", V(4, 14)},
	{15, "CGROUP_DEVICE", V(4, 15)},
	{16, "SK_MSG", V(4, 17)},
	{17, "RAW_TRACEPOINT", V(4, 17)},
	{18, "CGROUP_SOCK_ADDR", V(4, 17)},
	{19, "LWT_SEG6LOCAL", V(4, 18)},
	{20, "LIRC_MODE2", V(4, 18)},
	{21, "SK_REUSEPORT", V(4, 19)},
	{22, "FLOW_DISSECTOR", V(4, 20)},
	{23, "CGROUP_SYSCTL", V(5, 2)},
	{24, "RAW_TRACEPOINT_WRITABLE", V(5, 2)},
	{25, "CGROUP_SOCKOPT", V(5, 3)},
	{26, "TRACING", V(5, 5)},
	{27, "STRUCT_OPS", V(5, 6)},
	{28, "EXT", V(5, 6)},
	{29, "LSM", V(5, 7)},
	{30, "SK_LOOKUP", V(5, 9)},
	{31, "SYSCALL", V(5, 14)},
	{32, "NETFILTER", V(6, 4)},
	{0, NULL, 0},
};

const struct abi_name abi_attach_types[] = {
	{0, "CGROUP_INET_INGRESS", V(4, 10)},
	{1, "CGROUP_INET_EGRESS", V(4, 10)},
	{2, "CGROUP_INET_SOCK_CREATE", V(4, 10)},
	{3, "CGROUP_SOCK_OPS", V(4, 13)},
	{4, "SK_SKB_STREAM_PARSER", V(4, 14)},
	{5, "SK_SKB_STREAM_VERDICT", V(4, 14)},
	{6, "CGROUP_DEVICE", V(4, 15)},
	{7, "SK_MSG_VERDICT", V(4, 17)},
	{8, "CGROUP_INET4_BIND", V(4, 17)},
	{9, "CGROUP_INET6_BIND", V(4, 17)},
	{10, "CGROUP_INET4_CONNECT", V(4, 17)},
	{11, "CGROUP_INET6_CONNECT", V(4, 17)},
	{12, "CGROUP_INET4_POST_BIND", V(4, 17)},
	{13, "CGROUP_INET6_POST_BIND", V(4, 17)},
	{14, "CGROUP_UDP4_SENDMSG", V(4, 18)},
	{15, "CGROUP_UDP6_SENDMSG", V(4, 18)},
	{16, "LIRC_MODE2", V(4, 18)},
	{17, "FLOW_DISSECTOR", V(4, 20)},
	{18, "CGROUP_SYSCTL", V(5, 2)},
	{19, "CGROUP_UDP4_RECVMSG", V(5, 2)},
	{20, "CGROUP_UDP6_RECVMSG", V(5, 2)},
	{21, "CGROUP_GETSOCKOPT", V(5, 3)},
	{22, "CGROUP_SETSOCKOPT", V(5, 3)},
	{23, "TRACE_RAW_TP", V(5, 5)},
	{24, "TRACE_FENTRY", V(5, 5)},
	{25, "TRACE_FEXIT", V(5, 5)},
	{26, "MODIFY_RETURN", V(5, 7)},
	{27, "LSM_MAC", V(5, 7)},
	{28, "TRACE_ITER", V(5, 8)},
	{29, "CGROUP_INET4_GETPEERNAME", V(5, 8)},
	{30, "CGROUP_INET6_GETPEERNAME", V(5, 8)},
	{31, "CGROUP_INET4_GETSOCKNAME", V(5, 8)},
	{32, "CGROUP_INET6_GETSOCKNAME", V(5, 8)},
	{33, "XDP_DEVMAP", V(5, 8)},
	{34, "CGROUP_INET_SOCK_RELEASE", V(5, 9)},
	{35, "XDP_CPUMAP", V(5, 9)},
	{36, "SK_LOOKUP", V(5, 9)},
	{37, "XDP", V(5, 9)},
	{38, "SK_SKB_VERDICT", V(5, 13)},
	{39, "SK_REUSEPORT_SELECT", V(5, 14)},
	{40, "SK_REUSEPORT_SELECT_OR_MIGRATE", V(5, 14)},
	{41, "PERF_EVENT", V(5, 15)},
	{42, "TRACE_KPROBE_MULTI", V(5, 18)},
	{43, "LSM_CGROUP", V(6, 0)},
	{44, "STRUCT_OPS", V(6, 4)},
	{45, "NETFILTER", V(6, 4)},
	{46, "TCX_INGRESS", V(6, 6)},
	{47, "TCX_EGRESS", V(6, 6)},
	{48, "TRACE_UPROBE_MULTI", V(6, 6)},
	{49, "CGROUP_UNIX_CONNECT", V(6, 7)},
	{50, "CGROUP_UNIX_SENDMSG", V(6, 7)},
	{51, "CGROUP_UNIX_RECVMSG", V(6, 7)},
	{52, "CGROUP_UNIX_GETPEERNAME", V(6, 7)},
	{53, "CGROUP_UNIX_GETSOCKNAME", V(6, 7)},
	{54, "NETKIT_PRIMARY", V(6, 7)},
	{55, "NETKIT_PEER", V(6, 7)},
	{56, "TRACE_KPROBE_SESSION", V(6, 10)},
	{57, "TRACE_UPROBE_SESSION", V(6, 13)},
	{58, "TRACE_FSESSION", V(7, 0)},
	{59, "TRACE_FENTRY_MULTI", V(7, 2)},
	{60, "TRACE_FEXIT_MULTI", V(7, 2)},
	{61, "TRACE_FSESSION_MULTI", V(7, 2)},
	{0, NULL, 0},
};

const struct abi_name abi_link_types[] = {
	{0, "UNSPEC", V(5, 7)},
	{1, "RAW_TRACEPOINT", V(5, 8)},
	{2, "TRACING", V(5, 8)},
	{3, "CGROUP", V(5, 8)},
	{4, "ITER", V(5, 8)},
	{5, "NETNS", V(5, 8)},
	{6, "XDP", V(5, 9)},
	{7, "PERF_EVENT", V(5, 15)},
	{8, "KPROBE_MULTI", V(5, 18)},
	{9, "STRUCT_OPS", V(5, 19)},
	{10, "NETFILTER", V(6, 4)},
	{11, "TCX", V(6, 6)},
	{12, "UPROBE_MULTI", V(6, 6)},
	{13, "NETKIT", V(6, 7)},
	{14, "SOCKMAP", V(6, 10)},
	{15, "TRACING_MULTI", V(7, 2)},
	{0, NULL, 0},
};

const struct abi_name abi_map_flags[] = {
	{1u << 0, "NO_PREALLOC", V(4, 6)},
	{1u << 1, "NO_COMMON_LRU", V(4, 10)},
	{1u << 2, "NUMA_NODE", V(4, 14)},
	{1u << 3, "RDONLY", V(4, 15)},
	{1u << 4, "WRONLY", V(4, 15)},
	{1u << 5, "STACK_BUILD_ID", V(4, 17)},
	{1u << 6, "ZERO_SEED", V(5, 0)},
	{1u << 7, "RDONLY_PROG", V(5, 2)},
	{1u << 8, "WRONLY_PROG", V(5, 2)},
	{1u << 9, "CLONE", V(5, 4)},
	{1u << 10, "MMAPABLE", V(5, 5)},
	{1u << 11, "PRESERVE_ELEMS", V(5, 10)},
	{1u << 12, "INNER_MAP", V(5, 10)},
	{1u << 13, "LINK", V(6, 4)},
	{1u << 14, "PATH_FD", V(6, 5)},
	{1u << 15, "VTYPE_BTF_OBJ_FD", V(6, 9)},
	{1u << 16, "TOKEN_FD", V(6, 9)},
	{1u << 17, "SEGV_ON_FAULT", V(6, 9)},
	{1u << 18, "NO_USER_CONV", V(6, 9)},
	{1u << 19, "RB_OVERWRITE", V(6, 19)},
	{0, NULL, 0},
};

const struct abi_name abi_prog_flags[] = {
	{1u << 0, "STRICT_ALIGNMENT", V(4, 12)},  {1u << 1, "ANY_ALIGNMENT", V(5, 0)},
	{1u << 2, "TEST_RND_HI32", V(5, 3)},	  {1u << 3, "TEST_STATE_FREQ", V(5, 4)},
	{1u << 4, "SLEEPABLE", V(5, 10)},	  {1u << 5, "XDP_HAS_FRAGS", V(5, 18)},
	{1u << 6, "XDP_DEV_BOUND_ONLY", V(6, 3)}, {1u << 7, "TEST_REG_INVARIANTS", V(6, 8)},
	{1u << 16, "TOKEN_FD", V(6, 9)},	  {0, NULL, 0},
};

/* BPF_ANY is 0, the absence of the others. */
const struct abi_name abi_elem_flags[] = {
	{1, "NOEXIST", V(3, 19)}, {2, "EXIST", V(3, 19)},      {4, "F_LOCK", V(5, 1)},
	{8, "F_CPU", V(7, 0)},	  {16, "F_ALL_CPUS", V(7, 0)}, {0, NULL, 0},
};

const struct abi_name abi_attach_flags[] = {
	{1u << 0, "ALLOW_OVERRIDE", V(4, 10)},
	{1u << 1, "ALLOW_MULTI", V(4, 15)},
	{1u << 2, "REPLACE", V(5, 6)},
	{1u << 3, "BEFORE", V(6, 6)},
	{1u << 4, "AFTER", V(6, 6)},
	{1u << 5, "ID", V(6, 6)},
	{1u << 6, "PREORDER", V(6, 15)},
	{1u << 13, "LINK", V(6, 6)},
	{0, NULL, 0},
};

const struct abi_name abi_link_flags[] = {
	{1u << 2, "REPLACE", V(5, 7)},
	{1u << 3, "BEFORE", V(6, 6)},
	{1u << 4, "AFTER", V(6, 6)},
	{1u << 5, "ID", V(6, 6)},
	{1u << 6, "PREORDER", V(6, 15)},
	{1u << 13, "LINK", V(6, 6)},
	{0, NULL, 0},
};

const struct abi_name abi_kprobe_multi_flags[] = {
	{1u << 0, "KPROBE_MULTI_RETURN", V(5, 18)},
	{0, NULL, 0},
};

const struct abi_name abi_uprobe_multi_flags[] = {
	{1u << 0, "UPROBE_MULTI_RETURN", V(6, 6)},
	{1u << 1, "UPROBE_MULTI_PATH_FD", V(7, 2)},
	{0, NULL, 0},
};

const struct abi_name abi_netfilter_flags[] = {
	{1u << 0, "NETFILTER_IP_DEFRAG", V(6, 6)},
	{0, NULL, 0},
};

const struct abi_name abi_query_flags[] = {
	{1u << 0, "QUERY_EFFECTIVE", V(4, 15)},
	{0, NULL, 0},
};

const struct abi_name abi_test_flags[] = {
	{1u << 0, "TEST_RUN_ON_CPU", V(5, 10)},
	{1u << 1, "TEST_XDP_LIVE_FRAMES", V(5, 18)},
	{1u << 2, "TEST_SKB_CHECKSUM_COMPLETE", V(6, 15)},
	{0, NULL, 0},
};

const struct abi_name abi_obj_flags[] = {
	{1u << 3, "RDONLY", V(4, 15)},
	{1u << 4, "WRONLY", V(4, 15)},
	{1u << 14, "PATH_FD", V(6, 5)},
	{0, NULL, 0},
};

const struct abi_name abi_open_flags[] = {
	{1u << 3, "RDONLY", V(4, 15)},
	{1u << 4, "WRONLY", V(4, 15)},
	{1u << 16, "TOKEN_FD", V(6, 15)},
	{0, NULL, 0},
};

const struct abi_name abi_btf_flags[] = {
	{1u << 16, "TOKEN_FD", V(6, 9)},
	{0, NULL, 0},
};

const struct abi_name abi_log_levels[] = {
	{1, "BRANCHES", V(3, 18)}, {2, "ALL", V(3, 18)}, {4, "STATS", V(5, 2)},
	{8, "FIXED", V(6, 4)},	   {0, NULL, 0},
};

const struct abi_name abi_stats_types[] = {
	{0, "RUN_TIME", V(5, 8)},
	{0, NULL, 0},
};

const struct abi_name abi_fd_types[] = {
	{0, "RAW_TRACEPOINT", V(4, 18)},
	{1, "TRACEPOINT", V(4, 18)},
	{2, "KPROBE", V(4, 18)},
	{3, "KRETPROBE", V(4, 18)},
	{4, "UPROBE", V(4, 18)},
	{5, "URETPROBE", V(4, 18)},
	{0, NULL, 0},
};

const struct abi_name abi_streams[] = {
	{1, "STDOUT", V(6, 17)},
	{2, "STDERR", V(6, 17)},
	{0, NULL, 0},
};
