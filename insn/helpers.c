// SPDX-License-Identifier: MIT
/*
 * Helper names by number, numbers by name.
 *
 * Knows nothing of instructions.
 */
#include <stdint.h>
#include <string.h>

#include "insn/helpers.h"

// clang-format off
/* In the order of the kernel's __BPF_FUNC_MAPPER; the place is the number. */
static const char *const names[] = {
	"unspec", "map_lookup_elem", "map_update_elem", "map_delete_elem", "probe_read",
	"ktime_get_ns", "trace_printk", "get_prandom_u32", "get_smp_processor_id",
	"skb_store_bytes", "l3_csum_replace", "l4_csum_replace", "tail_call", "clone_redirect",
	"get_current_pid_tgid", "get_current_uid_gid", "get_current_comm", "get_cgroup_classid",
	"skb_vlan_push", "skb_vlan_pop", "skb_get_tunnel_key", "skb_set_tunnel_key",
	"perf_event_read", "redirect", "get_route_realm", "perf_event_output", "skb_load_bytes",
	"get_stackid", "csum_diff", "skb_get_tunnel_opt", "skb_set_tunnel_opt", "skb_change_proto",
	"skb_change_type", "skb_under_cgroup", "get_hash_recalc", "get_current_task",
	"probe_write_user", "current_task_under_cgroup", "skb_change_tail", "skb_pull_data",
	"csum_update", "set_hash_invalid", "get_numa_node_id", "skb_change_head", "xdp_adjust_head",
	"probe_read_str", "get_socket_cookie", "get_socket_uid", "set_hash", "setsockopt",
	"skb_adjust_room", "redirect_map", "sk_redirect_map", "sock_map_update", "xdp_adjust_meta",
	"perf_event_read_value", "perf_prog_read_value", "getsockopt", "override_return",
	"sock_ops_cb_flags_set", "msg_redirect_map", "msg_apply_bytes", "msg_cork_bytes",
	"msg_pull_data", "bind", "xdp_adjust_tail", "skb_get_xfrm_state", "get_stack",
	"skb_load_bytes_relative", "fib_lookup", "sock_hash_update", "msg_redirect_hash",
	"sk_redirect_hash", "lwt_push_encap", "lwt_seg6_store_bytes", "lwt_seg6_adjust_srh",
	"lwt_seg6_action", "rc_repeat", "rc_keydown", "skb_cgroup_id", "get_current_cgroup_id",
	"get_local_storage", "sk_select_reuseport", "skb_ancestor_cgroup_id", "sk_lookup_tcp",
	"sk_lookup_udp", "sk_release", "map_push_elem", "map_pop_elem", "map_peek_elem",
	"msg_push_data", "msg_pop_data", "rc_pointer_rel", "spin_lock", "spin_unlock",
	"sk_fullsock", "tcp_sock", "skb_ecn_set_ce", "get_listener_sock", "skc_lookup_tcp",
	"tcp_check_syncookie", "sysctl_get_name", "sysctl_get_current_value",
	"sysctl_get_new_value", "sysctl_set_new_value", "strtol", "strtoul", "sk_storage_get",
	"sk_storage_delete", "send_signal", "tcp_gen_syncookie", "skb_output", "probe_read_user",
	"probe_read_kernel", "probe_read_user_str", "probe_read_kernel_str", "tcp_send_ack",
	"send_signal_thread", "jiffies64", "read_branch_records", "get_ns_current_pid_tgid",
	"xdp_output", "get_netns_cookie", "get_current_ancestor_cgroup_id", "sk_assign",
	"ktime_get_boot_ns", "seq_printf", "seq_write", "sk_cgroup_id", "sk_ancestor_cgroup_id",
	"ringbuf_output", "ringbuf_reserve", "ringbuf_submit", "ringbuf_discard", "ringbuf_query",
	"csum_level", "skc_to_tcp6_sock", "skc_to_tcp_sock", "skc_to_tcp_timewait_sock",
	"skc_to_tcp_request_sock", "skc_to_udp6_sock", "get_task_stack", "load_hdr_opt",
	"store_hdr_opt", "reserve_hdr_opt", "inode_storage_get", "inode_storage_delete", "d_path",
	"copy_from_user", "snprintf_btf", "seq_printf_btf", "skb_cgroup_classid", "redirect_neigh",
	"per_cpu_ptr", "this_cpu_ptr", "redirect_peer", "task_storage_get", "task_storage_delete",
	"get_current_task_btf", "bprm_opts_set", "ktime_get_coarse_ns", "ima_inode_hash",
	"sock_from_file", "check_mtu", "for_each_map_elem", "snprintf", "sys_bpf",
	"btf_find_by_name_kind", "sys_close", "timer_init", "timer_set_callback", "timer_start",
	"timer_cancel", "get_func_ip", "get_attach_cookie", "task_pt_regs", "get_branch_snapshot",
	"trace_vprintk", "skc_to_unix_sock", "kallsyms_lookup_name", "find_vma", "loop", "strncmp",
	"get_func_arg", "get_func_ret", "get_func_arg_cnt", "get_retval", "set_retval",
	"xdp_get_buff_len", "xdp_load_bytes", "xdp_store_bytes", "copy_from_user_task",
	"skb_set_tstamp", "ima_file_hash", "kptr_xchg", "map_lookup_percpu_elem",
	"skc_to_mptcp_sock", "dynptr_from_mem", "ringbuf_reserve_dynptr", "ringbuf_submit_dynptr",
	"ringbuf_discard_dynptr", "dynptr_read", "dynptr_write", "dynptr_data",
	"tcp_raw_gen_syncookie_ipv4", "tcp_raw_gen_syncookie_ipv6", "tcp_raw_check_syncookie_ipv4",
	"tcp_raw_check_syncookie_ipv6", "ktime_get_tai_ns", "user_ringbuf_drain",
	"cgrp_storage_get", "cgrp_storage_delete",
};

/* The numbers, sorted by name. */
static const uint8_t by_name[] = {
	64, 159, 167, 211, 210, 163, 13, 148, 191, 28, 135, 40, 37, 147, 203, 197, 201, 202, 69,
	180, 164, 174, 176, 17, 123, 80, 16, 14, 35, 158, 15, 183, 185, 173, 184, 34, 98, 81, 122,
	120, 42, 7, 186, 24, 8, 46, 47, 67, 27, 141, 57, 193, 161, 146, 145, 118, 179, 194, 125,
	160, 5, 208, 10, 11, 142, 181, 73, 76, 75, 74, 3, 1, 195, 89, 88, 87, 2, 61, 62, 91, 63, 90,
	71, 60, 58, 153, 25, 22, 55, 56, 4, 113, 115, 45, 112, 114, 36, 78, 92, 77, 119, 23, 51,
	152, 155, 144, 133, 200, 130, 134, 131, 198, 132, 199, 109, 117, 126, 150, 127, 48, 41, 187,
	49, 129, 124, 128, 95, 84, 85, 72, 52, 86, 82, 108, 107, 50, 83, 151, 79, 43, 31, 38, 32,
	97, 20, 29, 66, 26, 68, 111, 39, 192, 21, 30, 9, 33, 19, 18, 99, 196, 136, 139, 137, 138,
	140, 178, 165, 149, 162, 70, 53, 59, 93, 94, 143, 182, 105, 106, 166, 168, 102, 101, 103,
	104, 12, 175, 157, 156, 100, 110, 206, 207, 204, 205, 116, 96, 154, 172, 169, 170, 171, 6,
	177, 209, 44, 54, 65, 188, 189, 121, 190,
};
// clang-format on

#define N_NAMES ((int)(sizeof(names) / sizeof(*names)))

int helpers_count(void)
{
	return N_NAMES;
}

const char *helpers_name(int id)
{
	return id > 0 && id < N_NAMES ? names[id] : NULL;
}

static void skip_prefix(const char **name, size_t *size)
{
	if (*size > 4 && !memcmp(*name, "bpf_", 4)) {
		*name += 4;
		*size -= 4;
	}
}

int helpers_id(const char *name, size_t size)
{
	size_t lo = 0, hi = sizeof(by_name);

	skip_prefix(&name, &size);
	while (lo < hi) {
		size_t mid = (lo + hi) / 2;
		const char *have = names[by_name[mid]];
		int cmp = strncmp(name, have, size);

		if (!cmp && !have[size])
			return by_name[mid];
		if (cmp > 0)
			lo = mid + 1;
		else
			hi = mid;
	}
	return -1;
}

/* Edits (insert, delete, replace one character) between two names, at most 63 long. */
static unsigned int distance(const char *a, size_t n_a, const char *b, size_t n_b)
{
	unsigned int row[64];

	if (n_a > 63 || n_b > 63)
		return 64;
	for (size_t j = 0; j <= n_b; j++)
		row[j] = (unsigned int)j;
	for (size_t i = 1; i <= n_a; i++) {
		unsigned int diagonal = row[0];

		row[0] = (unsigned int)i;
		for (size_t j = 1; j <= n_b; j++) {
			unsigned int above = row[j];
			unsigned int best = diagonal + (a[i - 1] != b[j - 1]);

			if (above + 1 < best)
				best = above + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
			diagonal = above;
		}
	}
	return row[n_b];
}

const char *helpers_like(const char *name, size_t size)
{
	const char *best = NULL;
	unsigned int best_distance;

	skip_prefix(&name, &size);
	best_distance = size < 6 ? 2 : 4;
	for (int i = 1; i < N_NAMES; i++) {
		unsigned int d = distance(name, size, names[i], strlen(names[i]));

		if (d < best_distance) {
			best_distance = d;
			best = names[i];
		}
	}
	return best;
}
