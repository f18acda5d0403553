// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * The kernel's helpers: a table of number, result, name and arguments, in groups. A helper is called by its number, so
 * each row becomes a constant pointer to a function whose "address" is that number; clang turns a call through it into
 * the instruction `call NUMBER`.
 *
 * Names and numbers are the kernel's (include/uapi/linux/bpf.h; man 7 bpf-helpers explains each). Which program types
 * may call a helper, and which helpers want a GPL-compatible license, is decided by the verifier: nothing of it is
 * known here.
 */
#ifndef HEWN_HELPERS_BPF_H
#define HEWN_HELPERS_BPF_H

#define HEWN_HELPER(number, result, name, ...)                                                     \
	static result (*const name)(__VA_ARGS__) __attribute__((unused)) = (void *)(number);

struct __sk_buff;
struct bpf_dynptr;
struct bpf_perf_event_value;
struct bpf_pidns_info;
struct bpf_sock_ops;
struct bpf_spin_lock;
struct bpf_sysctl;
struct bpf_timer;
struct btf_ptr;
struct cgroup;
struct file;
struct path;
struct pt_regs;
struct seq_file;
struct socket;
struct task_struct;
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
HEWN_HELPER(122, u64, bpf_get_netns_cookie, void *ctx)
HEWN_HELPER(186, int, bpf_get_retval, void)
HEWN_HELPER(187, int, bpf_set_retval, int retval)
HEWN_HELPER(101, long, bpf_sysctl_get_name, struct bpf_sysctl *ctx, char *buf, u64 buf_len, u64 flags)
HEWN_HELPER(102, long, bpf_sysctl_get_current_value, struct bpf_sysctl *ctx, char *buf, u64 buf_len)
HEWN_HELPER(103, long, bpf_sysctl_get_new_value, struct bpf_sysctl *ctx, char *buf, u64 buf_len)
HEWN_HELPER(104, long, bpf_sysctl_set_new_value, struct bpf_sysctl *ctx, const char *buf, u64 buf_len)

// clang-format on

#endif
