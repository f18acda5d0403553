// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The kernel's helpers: a table of number, result, name and arguments, in groups. A helper is
 * called by its number, so each row becomes a constant pointer to a function whose "address" is
 * that number; clang turns a call through it into the instruction `call NUMBER`.
 *
 * Names and numbers are the kernel's (include/uapi/linux/bpf.h; man 7 bpf-helpers explains each).
 * Which program types may call a helper, and which helpers want a GPL-compatible license, is
 * decided by the verifier: nothing of it is known here.
 */
#ifndef HEWN_HELPERS_BPF_H
#define HEWN_HELPERS_BPF_H

#define HEWN_HELPER(number, result, name, ...)                                                     \
	static result (*const name)(__VA_ARGS__) __attribute__((unused)) = (void *)(number);

struct __sk_buff;
struct bpf_dynptr;
struct bpf_fib_lookup;
struct bpf_perf_event_value;
struct bpf_pidns_info;
struct bpf_redir_neigh;
struct bpf_sock;
struct bpf_sock_addr;
struct bpf_sock_ops;
struct bpf_sock_tuple;
struct bpf_spin_lock;
struct bpf_sysctl;
struct bpf_tcp_sock;
struct bpf_timer;
struct bpf_tunnel_key;
struct bpf_xfrm_state;
struct btf_ptr;
struct cgroup;
struct file;
struct inode;
struct iphdr;
struct ipv6hdr;
struct linux_binprm;
struct mptcp_sock;
struct path;
struct pt_regs;
struct seq_file;
struct sk_msg_md;
struct sk_reuseport_md;
struct socket;
struct task_struct;
struct tcp6_sock;
struct tcp_request_sock;
struct tcp_sock;
struct tcp_timewait_sock;
struct tcphdr;
struct udp6_sock;
struct unix_sock;
struct xdp_md;

// clang-format off

// Maps.
HEWN_HELPER(  1, void *, bpf_map_lookup_elem, void *map, const void *key)
HEWN_HELPER(  2, long, bpf_map_update_elem, void *map, const void *key, const void *value, u64 flags)
HEWN_HELPER(  3, long, bpf_map_delete_elem, void *map, const void *key)
HEWN_HELPER( 87, long, bpf_map_push_elem, void *map, const void *value, u64 flags)
HEWN_HELPER( 88, long, bpf_map_pop_elem, void *map, void *value)
HEWN_HELPER( 89, long, bpf_map_peek_elem, void *map, void *value)
HEWN_HELPER(164, long, bpf_for_each_map_elem, void *map, void *callback, void *ctx, u64 flags)
HEWN_HELPER(195, void *, bpf_map_lookup_percpu_elem, void *map, const void *key, u32 cpu)
HEWN_HELPER( 81, void *, bpf_get_local_storage, void *map, u64 flags)
HEWN_HELPER(107, void *, bpf_sk_storage_get, void *map, void *sk, void *value, u64 flags)
HEWN_HELPER(108, long, bpf_sk_storage_delete, void *map, void *sk)
HEWN_HELPER(145, void *, bpf_inode_storage_get, void *map, void *inode, void *value, u64 flags)
HEWN_HELPER(146, int, bpf_inode_storage_delete, void *map, void *inode)
HEWN_HELPER(156, void *, bpf_task_storage_get, void *map, struct task_struct *task, void *value, u64 flags)
HEWN_HELPER(157, long, bpf_task_storage_delete, void *map, struct task_struct *task)
HEWN_HELPER(210, void *, bpf_cgrp_storage_get, void *map, struct cgroup *cgroup, void *value, u64 flags)
HEWN_HELPER(211, long, bpf_cgrp_storage_delete, void *map, struct cgroup *cgroup)
HEWN_HELPER( 93, long, bpf_spin_lock, struct bpf_spin_lock *lock)
HEWN_HELPER( 94, long, bpf_spin_unlock, struct bpf_spin_lock *lock)
HEWN_HELPER(194, void *, bpf_kptr_xchg, void *dst, void *ptr)

// Records to user space.
HEWN_HELPER( 25, long, bpf_perf_event_output, void *ctx, void *map, u64 flags, const void *data, u64 size)
HEWN_HELPER(111, long, bpf_skb_output, void *ctx, void *map, u64 flags, const void *data, u64 size)
HEWN_HELPER(121, long, bpf_xdp_output, void *ctx, void *map, u64 flags, const void *data, u64 size)
HEWN_HELPER(130, long, bpf_ringbuf_output, void *ring, const void *data, u64 size, u64 flags)
HEWN_HELPER(131, void *, bpf_ringbuf_reserve, void *ring, u64 size, u64 flags)
HEWN_HELPER(132, void, bpf_ringbuf_submit, void *data, u64 flags)
HEWN_HELPER(133, void, bpf_ringbuf_discard, void *data, u64 flags)
HEWN_HELPER(134, u64, bpf_ringbuf_query, void *ring, u64 flags)
HEWN_HELPER(198, long, bpf_ringbuf_reserve_dynptr, void *ring, u32 size, u64 flags, struct bpf_dynptr *ptr)
HEWN_HELPER(199, void, bpf_ringbuf_submit_dynptr, struct bpf_dynptr *ptr, u64 flags)
HEWN_HELPER(200, void, bpf_ringbuf_discard_dynptr, struct bpf_dynptr *ptr, u64 flags)
HEWN_HELPER(209, long, bpf_user_ringbuf_drain, void *map, void *callback, void *ctx, u64 flags)
HEWN_HELPER(  6, long, bpf_trace_printk, const char *fmt, u32 fmt_size, ...)
HEWN_HELPER(177, long, bpf_trace_vprintk, const char *fmt, u32 fmt_size, const void *data, u32 data_len)

// Memory.
HEWN_HELPER(  4, long, bpf_probe_read, void *dst, u32 size, const void *unsafe)
HEWN_HELPER( 45, long, bpf_probe_read_str, void *dst, u32 size, const void *unsafe)
HEWN_HELPER(112, long, bpf_probe_read_user, void *dst, u32 size, const void *unsafe)
HEWN_HELPER(113, long, bpf_probe_read_kernel, void *dst, u32 size, const void *unsafe)
HEWN_HELPER(114, long, bpf_probe_read_user_str, void *dst, u32 size, const void *unsafe)
HEWN_HELPER(115, long, bpf_probe_read_kernel_str, void *dst, u32 size, const void *unsafe)
HEWN_HELPER( 36, long, bpf_probe_write_user, void *dst, const void *src, u32 len)
HEWN_HELPER(148, long, bpf_copy_from_user, void *dst, u32 size, const void *user)
HEWN_HELPER(191, long, bpf_copy_from_user_task, void *dst, u32 size, const void *user, struct task_struct *task, u64 flags)
HEWN_HELPER(153, void *, bpf_per_cpu_ptr, const void *percpu_ptr, u32 cpu)
HEWN_HELPER(154, void *, bpf_this_cpu_ptr, const void *percpu_ptr)
HEWN_HELPER(197, long, bpf_dynptr_from_mem, void *data, u32 size, u64 flags, struct bpf_dynptr *ptr)
HEWN_HELPER(201, long, bpf_dynptr_read, void *dst, u32 len, const struct bpf_dynptr *src, u32 offset, u64 flags)
HEWN_HELPER(202, long, bpf_dynptr_write, const struct bpf_dynptr *dst, u32 offset, void *src, u32 len, u64 flags)
HEWN_HELPER(203, void *, bpf_dynptr_data, const struct bpf_dynptr *ptr, u32 offset, u32 len)

// The task, the CPU, the clock.
HEWN_HELPER( 14, u64, bpf_get_current_pid_tgid, void)
HEWN_HELPER( 15, u64, bpf_get_current_uid_gid, void)
HEWN_HELPER( 16, long, bpf_get_current_comm, void *buf, u32 size)
HEWN_HELPER( 35, u64, bpf_get_current_task, void)
HEWN_HELPER(158, struct task_struct *, bpf_get_current_task_btf, void)
HEWN_HELPER(120, long, bpf_get_ns_current_pid_tgid, u64 dev, u64 ino, struct bpf_pidns_info *ns, u32 size)
HEWN_HELPER(175, long, bpf_task_pt_regs, struct task_struct *task)
HEWN_HELPER(180, long, bpf_find_vma, struct task_struct *task, u64 addr, void *callback, void *ctx, u64 flags)
HEWN_HELPER(109, long, bpf_send_signal, u32 sig)
HEWN_HELPER(117, long, bpf_send_signal_thread, u32 sig)
HEWN_HELPER(  8, u32, bpf_get_smp_processor_id, void)
HEWN_HELPER( 42, long, bpf_get_numa_node_id, void)
HEWN_HELPER(  7, u32, bpf_get_prandom_u32, void)
HEWN_HELPER(  5, u64, bpf_ktime_get_ns, void)
HEWN_HELPER(125, u64, bpf_ktime_get_boot_ns, void)
HEWN_HELPER(160, u64, bpf_ktime_get_coarse_ns, void)
HEWN_HELPER(208, u64, bpf_ktime_get_tai_ns, void)
HEWN_HELPER(118, u64, bpf_jiffies64, void)
HEWN_HELPER(169, long, bpf_timer_init, struct bpf_timer *timer, void *map, u64 flags)
HEWN_HELPER(170, long, bpf_timer_set_callback, struct bpf_timer *timer, void *callback)
HEWN_HELPER(171, long, bpf_timer_start, struct bpf_timer *timer, u64 nsecs, u64 flags)
HEWN_HELPER(172, long, bpf_timer_cancel, struct bpf_timer *timer)

// What is traced.
HEWN_HELPER( 27, long, bpf_get_stackid, void *ctx, void *map, u64 flags)
HEWN_HELPER( 67, long, bpf_get_stack, void *ctx, void *buf, u32 size, u64 flags)
HEWN_HELPER(141, long, bpf_get_task_stack, struct task_struct *task, void *buf, u32 size, u64 flags)
HEWN_HELPER(173, u64, bpf_get_func_ip, void *ctx)
HEWN_HELPER(174, u64, bpf_get_attach_cookie, void *ctx)
HEWN_HELPER(183, long, bpf_get_func_arg, void *ctx, u32 n, u64 *value)
HEWN_HELPER(184, long, bpf_get_func_ret, void *ctx, u64 *value)
HEWN_HELPER(185, long, bpf_get_func_arg_cnt, void *ctx)
HEWN_HELPER( 58, long, bpf_override_return, struct pt_regs *regs, u64 rc)
HEWN_HELPER( 22, u64, bpf_perf_event_read, void *map, u64 flags)
HEWN_HELPER( 55, long, bpf_perf_event_read_value, void *map, u64 flags, struct bpf_perf_event_value *buf, u32 size)
HEWN_HELPER( 56, long, bpf_perf_prog_read_value, void *ctx, struct bpf_perf_event_value *buf, u32 size)
HEWN_HELPER(119, long, bpf_read_branch_records, void *ctx, void *buf, u32 size, u64 flags)
HEWN_HELPER(176, long, bpf_get_branch_snapshot, void *entries, u32 size, u64 flags)
HEWN_HELPER(147, long, bpf_d_path, struct path *path, char *buf, u32 size)
HEWN_HELPER(162, struct socket *, bpf_sock_from_file, struct file *file)

// Control flow.
HEWN_HELPER( 12, long, bpf_tail_call, void *ctx, void *prog_array, u32 index)
HEWN_HELPER(181, long, bpf_loop, u32 times, void *callback, void *ctx, u64 flags)

// Text.
HEWN_HELPER(105, long, bpf_strtol, const char *buf, u64 len, u64 flags, s64 *res)
HEWN_HELPER(106, long, bpf_strtoul, const char *buf, u64 len, u64 flags, u64 *res)
HEWN_HELPER(182, long, bpf_strncmp, const char *s1, u32 size, const char *s2)
HEWN_HELPER(165, long, bpf_snprintf, char *str, u32 size, const char *fmt, const void *data, u32 data_len)
HEWN_HELPER(149, long, bpf_snprintf_btf, char *str, u32 size, struct btf_ptr *ptr, u32 ptr_size, u64 flags)
HEWN_HELPER(126, long, bpf_seq_printf, struct seq_file *m, const char *fmt, u32 fmt_size, const void *data, u32 data_len)
HEWN_HELPER(127, long, bpf_seq_write, struct seq_file *m, const void *data, u32 len)
HEWN_HELPER(150, long, bpf_seq_printf_btf, struct seq_file *m, struct btf_ptr *ptr, u32 ptr_size, u64 flags)

// Control groups and namespaces.
HEWN_HELPER( 80, u64, bpf_get_current_cgroup_id, void)
HEWN_HELPER(123, u64, bpf_get_current_ancestor_cgroup_id, int level)
HEWN_HELPER( 37, long, bpf_current_task_under_cgroup, void *map, u32 index)
HEWN_HELPER( 33, long, bpf_skb_under_cgroup, struct __sk_buff *skb, void *map, u32 index)
HEWN_HELPER( 79, u64, bpf_skb_cgroup_id, struct __sk_buff *skb)
HEWN_HELPER( 83, u64, bpf_skb_ancestor_cgroup_id, struct __sk_buff *skb, int level)
HEWN_HELPER(128, u64, bpf_sk_cgroup_id, void *sk)
HEWN_HELPER(129, u64, bpf_sk_ancestor_cgroup_id, void *sk, int level)
HEWN_HELPER( 17, u32, bpf_get_cgroup_classid, struct __sk_buff *skb)
HEWN_HELPER(151, u64, bpf_skb_cgroup_classid, struct __sk_buff *skb)
HEWN_HELPER(122, u64, bpf_get_netns_cookie, void *ctx)
HEWN_HELPER(186, int, bpf_get_retval, void)
HEWN_HELPER(187, int, bpf_set_retval, int retval)
HEWN_HELPER(101, long, bpf_sysctl_get_name, struct bpf_sysctl *ctx, char *buf, u64 buf_len, u64 flags)
HEWN_HELPER(102, long, bpf_sysctl_get_current_value, struct bpf_sysctl *ctx, char *buf, u64 buf_len)
HEWN_HELPER(103, long, bpf_sysctl_get_new_value, struct bpf_sysctl *ctx, char *buf, u64 buf_len)
HEWN_HELPER(104, long, bpf_sysctl_set_new_value, struct bpf_sysctl *ctx, const char *buf, u64 buf_len)

// Packets: bytes, sizes, checksums.
HEWN_HELPER( 26, long, bpf_skb_load_bytes, const void *skb, u32 offset, void *to, u32 len)
HEWN_HELPER( 68, long, bpf_skb_load_bytes_relative, const void *skb, u32 offset, void *to, u32 len, u32 start_header)
HEWN_HELPER(  9, long, bpf_skb_store_bytes, struct __sk_buff *skb, u32 offset, const void *from, u32 len, u64 flags)
HEWN_HELPER( 39, long, bpf_skb_pull_data, struct __sk_buff *skb, u32 len)
HEWN_HELPER( 10, long, bpf_l3_csum_replace, struct __sk_buff *skb, u32 offset, u64 from, u64 to, u64 size)
HEWN_HELPER( 11, long, bpf_l4_csum_replace, struct __sk_buff *skb, u32 offset, u64 from, u64 to, u64 flags)
HEWN_HELPER( 28, s64, bpf_csum_diff, u32 *from, u32 from_size, u32 *to, u32 to_size, u32 seed)
HEWN_HELPER( 40, s64, bpf_csum_update, struct __sk_buff *skb, u32 csum)
HEWN_HELPER(135, long, bpf_csum_level, struct __sk_buff *skb, u64 level)
HEWN_HELPER( 18, long, bpf_skb_vlan_push, struct __sk_buff *skb, u16 vlan_proto, u16 vlan_tci)
HEWN_HELPER( 19, long, bpf_skb_vlan_pop, struct __sk_buff *skb)
HEWN_HELPER( 31, long, bpf_skb_change_proto, struct __sk_buff *skb, u16 proto, u64 flags)
HEWN_HELPER( 32, long, bpf_skb_change_type, struct __sk_buff *skb, u32 type)
HEWN_HELPER( 38, long, bpf_skb_change_tail, struct __sk_buff *skb, u32 len, u64 flags)
HEWN_HELPER( 43, long, bpf_skb_change_head, struct __sk_buff *skb, u32 len, u64 flags)
HEWN_HELPER( 50, long, bpf_skb_adjust_room, struct __sk_buff *skb, s32 len_diff, u32 mode, u64 flags)
HEWN_HELPER( 34, u32, bpf_get_hash_recalc, struct __sk_buff *skb)
HEWN_HELPER( 41, void, bpf_set_hash_invalid, struct __sk_buff *skb)
HEWN_HELPER( 48, long, bpf_set_hash, struct __sk_buff *skb, u32 hash)
HEWN_HELPER( 97, long, bpf_skb_ecn_set_ce, struct __sk_buff *skb)
HEWN_HELPER(192, long, bpf_skb_set_tstamp, struct __sk_buff *skb, u64 tstamp, u32 tstamp_type)
HEWN_HELPER( 44, long, bpf_xdp_adjust_head, struct xdp_md *xdp, int delta)
HEWN_HELPER( 54, long, bpf_xdp_adjust_meta, struct xdp_md *xdp, int delta)
HEWN_HELPER( 65, long, bpf_xdp_adjust_tail, struct xdp_md *xdp, int delta)
HEWN_HELPER(188, u64, bpf_xdp_get_buff_len, struct xdp_md *xdp)
HEWN_HELPER(189, long, bpf_xdp_load_bytes, struct xdp_md *xdp, u32 offset, void *buf, u32 len)
HEWN_HELPER(190, long, bpf_xdp_store_bytes, struct xdp_md *xdp, u32 offset, void *buf, u32 len)

// Packets: where they go.
HEWN_HELPER( 13, long, bpf_clone_redirect, struct __sk_buff *skb, u32 ifindex, u64 flags)
HEWN_HELPER( 23, long, bpf_redirect, u32 ifindex, u64 flags)
HEWN_HELPER( 51, long, bpf_redirect_map, void *map, u64 key, u64 flags)
HEWN_HELPER(152, long, bpf_redirect_neigh, u32 ifindex, struct bpf_redir_neigh *params, int plen, u64 flags)
HEWN_HELPER(155, long, bpf_redirect_peer, u32 ifindex, u64 flags)
HEWN_HELPER( 69, long, bpf_fib_lookup, void *ctx, struct bpf_fib_lookup *params, int plen, u32 flags)
HEWN_HELPER(163, long, bpf_check_mtu, void *ctx, u32 ifindex, u32 *mtu_len, s32 len_diff, u64 flags)
HEWN_HELPER( 24, u32, bpf_get_route_realm, struct __sk_buff *skb)
HEWN_HELPER( 20, long, bpf_skb_get_tunnel_key, struct __sk_buff *skb, struct bpf_tunnel_key *key, u32 size, u64 flags)
HEWN_HELPER( 21, long, bpf_skb_set_tunnel_key, struct __sk_buff *skb, struct bpf_tunnel_key *key, u32 size, u64 flags)
HEWN_HELPER( 29, long, bpf_skb_get_tunnel_opt, struct __sk_buff *skb, void *opt, u32 size)
HEWN_HELPER( 30, long, bpf_skb_set_tunnel_opt, struct __sk_buff *skb, void *opt, u32 size)
HEWN_HELPER( 66, long, bpf_skb_get_xfrm_state, struct __sk_buff *skb, u32 index, struct bpf_xfrm_state *state, u32 size, u64 flags)
HEWN_HELPER( 73, long, bpf_lwt_push_encap, struct __sk_buff *skb, u32 type, void *hdr, u32 len)
HEWN_HELPER( 74, long, bpf_lwt_seg6_store_bytes, struct __sk_buff *skb, u32 offset, const void *from, u32 len)
HEWN_HELPER( 75, long, bpf_lwt_seg6_adjust_srh, struct __sk_buff *skb, u32 offset, s32 delta)
HEWN_HELPER( 76, long, bpf_lwt_seg6_action, struct __sk_buff *skb, u32 action, void *param, u32 len)

// Sockets.
HEWN_HELPER( 46, u64, bpf_get_socket_cookie, void *ctx)
HEWN_HELPER( 47, u32, bpf_get_socket_uid, struct __sk_buff *skb)
HEWN_HELPER( 49, long, bpf_setsockopt, void *ctx, int level, int optname, void *optval, int optlen)
HEWN_HELPER( 57, long, bpf_getsockopt, void *ctx, int level, int optname, void *optval, int optlen)
HEWN_HELPER( 64, long, bpf_bind, struct bpf_sock_addr *ctx, void *addr, int addr_len)
HEWN_HELPER( 84, struct bpf_sock *, bpf_sk_lookup_tcp, void *ctx, struct bpf_sock_tuple *tuple, u32 size, u64 netns, u64 flags)
HEWN_HELPER( 85, struct bpf_sock *, bpf_sk_lookup_udp, void *ctx, struct bpf_sock_tuple *tuple, u32 size, u64 netns, u64 flags)
HEWN_HELPER( 99, struct bpf_sock *, bpf_skc_lookup_tcp, void *ctx, struct bpf_sock_tuple *tuple, u32 size, u64 netns, u64 flags)
HEWN_HELPER( 86, long, bpf_sk_release, void *sock)
HEWN_HELPER( 95, struct bpf_sock *, bpf_sk_fullsock, struct bpf_sock *sk)
HEWN_HELPER( 96, struct bpf_tcp_sock *, bpf_tcp_sock, struct bpf_sock *sk)
HEWN_HELPER( 98, struct bpf_sock *, bpf_get_listener_sock, struct bpf_sock *sk)
HEWN_HELPER(124, long, bpf_sk_assign, void *ctx, void *sk, u64 flags)
HEWN_HELPER( 82, long, bpf_sk_select_reuseport, struct sk_reuseport_md *reuse, void *map, void *key, u64 flags)
HEWN_HELPER( 52, long, bpf_sk_redirect_map, struct __sk_buff *skb, void *map, u32 key, u64 flags)
HEWN_HELPER( 72, long, bpf_sk_redirect_hash, struct __sk_buff *skb, void *map, void *key, u64 flags)
HEWN_HELPER( 53, long, bpf_sock_map_update, struct bpf_sock_ops *ops, void *map, void *key, u64 flags)
HEWN_HELPER( 70, long, bpf_sock_hash_update, struct bpf_sock_ops *ops, void *map, void *key, u64 flags)
HEWN_HELPER( 59, long, bpf_sock_ops_cb_flags_set, struct bpf_sock_ops *ops, int argval)
HEWN_HELPER( 60, long, bpf_msg_redirect_map, struct sk_msg_md *msg, void *map, u32 key, u64 flags)
HEWN_HELPER( 71, long, bpf_msg_redirect_hash, struct sk_msg_md *msg, void *map, void *key, u64 flags)
HEWN_HELPER( 61, long, bpf_msg_apply_bytes, struct sk_msg_md *msg, u32 bytes)
HEWN_HELPER( 62, long, bpf_msg_cork_bytes, struct sk_msg_md *msg, u32 bytes)
HEWN_HELPER( 63, long, bpf_msg_pull_data, struct sk_msg_md *msg, u32 start, u32 end, u64 flags)
HEWN_HELPER( 90, long, bpf_msg_push_data, struct sk_msg_md *msg, u32 start, u32 len, u64 flags)
HEWN_HELPER( 91, long, bpf_msg_pop_data, struct sk_msg_md *msg, u32 start, u32 len, u64 flags)
HEWN_HELPER(100, long, bpf_tcp_check_syncookie, void *sk, void *iph, u32 iph_len, struct tcphdr *th, u32 th_len)
HEWN_HELPER(110, s64, bpf_tcp_gen_syncookie, void *sk, void *iph, u32 iph_len, struct tcphdr *th, u32 th_len)
HEWN_HELPER(204, s64, bpf_tcp_raw_gen_syncookie_ipv4, struct iphdr *iph, struct tcphdr *th, u32 th_len)
HEWN_HELPER(205, s64, bpf_tcp_raw_gen_syncookie_ipv6, struct ipv6hdr *iph, struct tcphdr *th, u32 th_len)
HEWN_HELPER(206, long, bpf_tcp_raw_check_syncookie_ipv4, struct iphdr *iph, struct tcphdr *th)
HEWN_HELPER(207, long, bpf_tcp_raw_check_syncookie_ipv6, struct ipv6hdr *iph, struct tcphdr *th)
HEWN_HELPER(116, long, bpf_tcp_send_ack, void *tp, u32 rcv_nxt)
HEWN_HELPER(142, long, bpf_load_hdr_opt, struct bpf_sock_ops *ops, void *buf, u32 len, u64 flags)
HEWN_HELPER(143, long, bpf_store_hdr_opt, struct bpf_sock_ops *ops, const void *from, u32 len, u64 flags)
HEWN_HELPER(144, long, bpf_reserve_hdr_opt, struct bpf_sock_ops *ops, u32 len, u64 flags)
HEWN_HELPER(136, struct tcp6_sock *, bpf_skc_to_tcp6_sock, void *sk)
HEWN_HELPER(137, struct tcp_sock *, bpf_skc_to_tcp_sock, void *sk)
HEWN_HELPER(138, struct tcp_timewait_sock *, bpf_skc_to_tcp_timewait_sock, void *sk)
HEWN_HELPER(139, struct tcp_request_sock *, bpf_skc_to_tcp_request_sock, void *sk)
HEWN_HELPER(140, struct udp6_sock *, bpf_skc_to_udp6_sock, void *sk)
HEWN_HELPER(178, struct unix_sock *, bpf_skc_to_unix_sock, void *sk)
HEWN_HELPER(196, struct mptcp_sock *, bpf_skc_to_mptcp_sock, void *sk)

// The rest: infrared remotes, LSM, integrity, programs of type syscall.
HEWN_HELPER( 77, long, bpf_rc_repeat, void *ctx)
HEWN_HELPER( 78, long, bpf_rc_keydown, void *ctx, u32 protocol, u64 scancode, u32 toggle)
HEWN_HELPER( 92, long, bpf_rc_pointer_rel, void *ctx, s32 rel_x, s32 rel_y)
HEWN_HELPER(159, long, bpf_bprm_opts_set, struct linux_binprm *bprm, u64 flags)
HEWN_HELPER(161, long, bpf_ima_inode_hash, struct inode *inode, void *dst, u32 size)
HEWN_HELPER(193, long, bpf_ima_file_hash, struct file *file, void *dst, u32 size)
HEWN_HELPER(166, long, bpf_sys_bpf, u32 cmd, void *attr, u32 attr_size)
HEWN_HELPER(167, long, bpf_btf_find_by_name_kind, char *name, int name_size, u32 kind, int flags)
HEWN_HELPER(168, long, bpf_sys_close, u32 fd)
HEWN_HELPER(179, long, bpf_kallsyms_lookup_name, const char *name, int name_size, int flags, u64 *res)

// clang-format on

#endif
