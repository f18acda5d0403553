// SPDX-License-Identifier: MIT
/*
 * The commands of bpf(2), and the fields of each command's attr. Numbers and names only; how they
 * are looked up and which member of a union is meant is abi.c's.
 */
#include "loader/abi/abi.h"
#include "loader/abi/tables.h"

#define END                                                                                        \
	{                                                                                          \
		0                                                                                  \
	}

/* A field of an integer kind; one that holds names; one that the kernel writes. */
#define F(off, size, name, kind, since)                                                            \
	{                                                                                          \
		name, off, size, kind, false, NULL, since, NULL                                    \
	}
#define FN(off, size, name, kind, names, since)                                                    \
	{                                                                                          \
		name, off, size, kind, false, names, since, NULL                                   \
	}
#define FO(off, size, name, kind, names, since)                                                    \
	{                                                                                          \
		name, off, size, kind, true, names, since, NULL                                    \
	}
/* The same for a member of a case of a union. */
#define U(off, size, only, name, kind, since)                                                      \
	{                                                                                          \
		name, off, size, kind, false, NULL, since, only                                    \
	}
#define UN(off, size, only, name, kind, names, since)                                              \
	{                                                                                          \
		name, off, size, kind, false, names, since, only                                   \
	}

static const struct abi_field map_create[] = {
	FN(0, 4, "map_type", ABI_ENUM, abi_map_types, V(3, 18)),
	F(4, 4, "key_size", ABI_INT, V(3, 18)),
	F(8, 4, "value_size", ABI_INT, V(3, 18)),
	F(12, 4, "max_entries", ABI_INT, V(3, 18)),
	FN(16, 4, "map_flags", ABI_FLAGS, abi_map_flags, V(4, 6)),
	F(20, 4, "inner_map_fd", ABI_FD, V(4, 12)),
	F(24, 4, "numa_node", ABI_INT, V(4, 14)),
	F(28, 16, "map_name", ABI_STRING, V(4, 15)),
	F(44, 4, "map_ifindex", ABI_INT, V(4, 16)),
	F(48, 4, "btf_fd", ABI_FD, V(4, 18)),
	F(52, 4, "btf_key_type_id", ABI_INT, V(4, 18)),
	F(56, 4, "btf_value_type_id", ABI_INT, V(4, 18)),
	F(60, 4, "btf_vmlinux_value_type_id", ABI_INT, V(5, 6)),
	F(64, 8, "map_extra", ABI_HEX, V(5, 16)),
	F(72, 4, "value_type_btf_obj_fd", ABI_FD, V(6, 9)),
	F(76, 4, "map_token_fd", ABI_FD, V(6, 9)),
	F(80, 8, "excl_prog_hash", ABI_PTR, V(6, 18)),
	F(88, 4, "excl_prog_hash_size", ABI_INT, V(6, 18)),
	END,
};

static const struct abi_field map_lookup[] = {
	F(0, 4, "map_fd", ABI_FD, V(3, 18)),
	F(8, 8, "key", ABI_PTR, V(3, 18)),
	F(16, 8, "value", ABI_PTR, V(3, 18)),
	FN(24, 8, "flags", ABI_FLAGS, abi_elem_flags, V(5, 1)),
	END,
};

static const struct abi_field map_update[] = {
	F(0, 4, "map_fd", ABI_FD, V(3, 18)),
	F(8, 8, "key", ABI_PTR, V(3, 18)),
	F(16, 8, "value", ABI_PTR, V(3, 18)),
	FN(24, 8, "flags", ABI_FLAGS, abi_elem_flags, V(3, 18)),
	END,
};

static const struct abi_field map_delete[] = {
	F(0, 4, "map_fd", ABI_FD, V(3, 18)),
	F(8, 8, "key", ABI_PTR, V(3, 18)),
	END,
};

static const struct abi_field map_next_key[] = {
	F(0, 4, "map_fd", ABI_FD, V(3, 18)),
	F(8, 8, "key", ABI_PTR, V(3, 18)),
	F(16, 8, "next_key", ABI_PTR, V(3, 18)),
	END,
};

static const struct abi_field map_freeze[] = {
	F(0, 4, "map_fd", ABI_FD, V(5, 2)),
	END,
};

static const struct abi_field map_batch[] = {
	F(0, 8, "in_batch", ABI_PTR, V(5, 6)),
	F(8, 8, "out_batch", ABI_PTR, V(5, 6)),
	F(16, 8, "keys", ABI_PTR, V(5, 6)),
	F(24, 8, "values", ABI_PTR, V(5, 6)),
	FO(32, 4, "count", ABI_INT, NULL, V(5, 6)),
	F(36, 4, "map_fd", ABI_FD, V(5, 6)),
	FN(40, 8, "elem_flags", ABI_FLAGS, abi_elem_flags, V(5, 6)),
	F(48, 8, "flags", ABI_HEX, V(5, 6)),
	END,
};

static const struct abi_field prog_load[] = {
	FN(0, 4, "prog_type", ABI_ENUM, abi_prog_types, V(3, 18)),
	F(4, 4, "insn_cnt", ABI_INT, V(3, 18)),
	F(8, 8, "insns", ABI_PTR, V(3, 18)),
	F(16, 8, "license", ABI_PTR, V(3, 18)),
	FN(24, 4, "log_level", ABI_FLAGS, abi_log_levels, V(3, 18)),
	F(28, 4, "log_size", ABI_INT, V(3, 18)),
	F(32, 8, "log_buf", ABI_PTR, V(3, 18)),
	F(40, 4, "kern_version", ABI_VERSION, V(4, 1)),
	FN(44, 4, "prog_flags", ABI_FLAGS, abi_prog_flags, V(4, 12)),
	F(48, 16, "prog_name", ABI_STRING, V(4, 15)),
	F(64, 4, "prog_ifindex", ABI_INT, V(4, 15)),
	FN(68, 4, "expected_attach_type", ABI_ENUM, abi_attach_types, V(4, 17)),
	F(72, 4, "prog_btf_fd", ABI_FD, V(5, 0)),
	F(76, 4, "func_info_rec_size", ABI_INT, V(5, 0)),
	F(80, 8, "func_info", ABI_PTR, V(5, 0)),
	F(88, 4, "func_info_cnt", ABI_INT, V(5, 0)),
	F(92, 4, "line_info_rec_size", ABI_INT, V(5, 0)),
	F(96, 8, "line_info", ABI_PTR, V(5, 0)),
	F(104, 4, "line_info_cnt", ABI_INT, V(5, 0)),
	F(108, 4, "attach_btf_id", ABI_INT, V(5, 5)),
	U(112, 4, "ext", "attach_prog_fd", ABI_FD, V(5, 5)),
	U(112, 4, "btf", "attach_btf_obj_fd", ABI_FD, V(5, 11)),
	F(116, 4, "core_relo_cnt", ABI_INT, V(5, 17)),
	F(120, 8, "fd_array", ABI_PTR, V(5, 14)),
	F(128, 8, "core_relos", ABI_PTR, V(5, 17)),
	F(136, 4, "core_relo_rec_size", ABI_INT, V(5, 17)),
	FO(140, 4, "log_true_size", ABI_INT, NULL, V(6, 4)),
	F(144, 4, "prog_token_fd", ABI_FD, V(6, 9)),
	F(148, 4, "fd_array_cnt", ABI_INT, V(6, 14)),
	F(152, 8, "signature", ABI_PTR, V(6, 18)),
	F(160, 4, "signature_size", ABI_INT, V(6, 18)),
	F(164, 4, "keyring_id", ABI_SINT, V(6, 18)),
	END,
};

static const struct abi_field obj_pin[] = {
	F(0, 8, "pathname", ABI_PTR, V(4, 4)),
	F(8, 4, "bpf_fd", ABI_FD, V(4, 4)),
	FN(12, 4, "file_flags", ABI_FLAGS, abi_obj_flags, V(4, 15)),
	F(16, 4, "path_fd", ABI_FD, V(6, 5)),
	END,
};

static const struct abi_field prog_attach[] = {
	U(0, 4, "fd", "target_fd", ABI_FD, V(4, 10)),
	U(0, 4, "ifindex", "target_ifindex", ABI_INT, V(6, 6)),
	F(4, 4, "attach_bpf_fd", ABI_FD, V(4, 10)),
	FN(8, 4, "attach_type", ABI_ENUM, abi_attach_types, V(4, 10)),
	FN(12, 4, "attach_flags", ABI_FLAGS, abi_attach_flags, V(4, 10)),
	F(16, 4, "replace_bpf_fd", ABI_FD, V(5, 6)),
	F(20, 4, "relative_fd", ABI_FD, V(6, 6)),
	F(20, 4, "relative_id", ABI_INT, V(6, 6)),
	F(24, 8, "expected_revision", ABI_INT, V(6, 6)),
	END,
};

static const struct abi_field prog_test_run[] = {
	F(0, 4, "prog_fd", ABI_FD, V(4, 12)),
	FO(4, 4, "retval", ABI_INT, NULL, V(4, 12)),
	F(8, 4, "data_size_in", ABI_INT, V(4, 12)),
	FO(12, 4, "data_size_out", ABI_INT, NULL, V(4, 12)),
	F(16, 8, "data_in", ABI_PTR, V(4, 12)),
	F(24, 8, "data_out", ABI_PTR, V(4, 12)),
	F(32, 4, "repeat", ABI_INT, V(4, 12)),
	FO(36, 4, "duration", ABI_INT, NULL, V(4, 12)),
	F(40, 4, "ctx_size_in", ABI_INT, V(5, 2)),
	FO(44, 4, "ctx_size_out", ABI_INT, NULL, V(5, 2)),
	F(48, 8, "ctx_in", ABI_PTR, V(5, 2)),
	F(56, 8, "ctx_out", ABI_PTR, V(5, 2)),
	FN(64, 4, "flags", ABI_FLAGS, abi_test_flags, V(5, 10)),
	F(68, 4, "cpu", ABI_INT, V(5, 10)),
	F(72, 4, "batch_size", ABI_INT, V(5, 18)),
	END,
};

static const struct abi_field get_next_id[] = {
	F(0, 4, "start_id", ABI_INT, V(4, 13)),
	FO(4, 4, "next_id", ABI_INT, NULL, V(4, 13)),
	END,
};

static const struct abi_field prog_by_id[] = {
	F(0, 4, "prog_id", ABI_INT, V(4, 13)),
	END,
};

static const struct abi_field map_by_id[] = {
	F(0, 4, "map_id", ABI_INT, V(4, 13)),
	FN(8, 4, "open_flags", ABI_FLAGS, abi_open_flags, V(4, 15)),
	END,
};

static const struct abi_field btf_by_id[] = {
	F(0, 4, "btf_id", ABI_INT, V(4, 18)),
	FN(8, 4, "open_flags", ABI_FLAGS, abi_open_flags, V(6, 15)),
	F(12, 4, "fd_by_id_token_fd", ABI_FD, V(6, 15)),
	END,
};

static const struct abi_field link_by_id[] = {
	F(0, 4, "link_id", ABI_INT, V(5, 8)),
	END,
};

static const struct abi_field obj_info[] = {
	F(0, 4, "bpf_fd", ABI_FD, V(4, 13)),
	FO(4, 4, "info_len", ABI_INT, NULL, V(4, 13)),
	F(8, 8, "info", ABI_PTR, V(4, 13)),
	END,
};

static const struct abi_field prog_query[] = {
	U(0, 4, "fd", "target_fd", ABI_FD, V(4, 15)),
	U(0, 4, "ifindex", "target_ifindex", ABI_INT, V(6, 6)),
	FN(4, 4, "attach_type", ABI_ENUM, abi_attach_types, V(4, 15)),
	FN(8, 4, "query_flags", ABI_FLAGS, abi_query_flags, V(4, 15)),
	FO(12, 4, "attach_flags", ABI_FLAGS, abi_attach_flags, V(4, 15)),
	F(16, 8, "prog_ids", ABI_PTR, V(4, 15)),
	FO(24, 4, "prog_cnt", ABI_INT, NULL, V(4, 15)),
	F(32, 8, "prog_attach_flags", ABI_PTR, V(6, 0)),
	F(40, 8, "link_ids", ABI_PTR, V(6, 6)),
	F(48, 8, "link_attach_flags", ABI_PTR, V(6, 6)),
	FO(56, 8, "revision", ABI_INT, NULL, V(6, 6)),
	END,
};

static const struct abi_field raw_tracepoint[] = {
	F(0, 8, "name", ABI_PTR, V(4, 17)),
	F(8, 4, "prog_fd", ABI_FD, V(4, 17)),
	F(16, 8, "cookie", ABI_HEX, V(6, 10)),
	END,
};

static const struct abi_field btf_load[] = {
	F(0, 8, "btf", ABI_PTR, V(4, 18)),
	F(8, 8, "btf_log_buf", ABI_PTR, V(4, 18)),
	F(16, 4, "btf_size", ABI_INT, V(4, 18)),
	F(20, 4, "btf_log_size", ABI_INT, V(4, 18)),
	FN(24, 4, "btf_log_level", ABI_FLAGS, abi_log_levels, V(4, 18)),
	FO(28, 4, "btf_log_true_size", ABI_INT, NULL, V(6, 4)),
	FN(32, 4, "btf_flags", ABI_FLAGS, abi_btf_flags, V(6, 9)),
	F(36, 4, "btf_token_fd", ABI_FD, V(6, 9)),
	END,
};

static const struct abi_field task_fd_query[] = {
	F(0, 4, "pid", ABI_INT, V(4, 18)),
	F(4, 4, "fd", ABI_INT, V(4, 18)),
	F(8, 4, "flags", ABI_HEX, V(4, 18)),
	FO(12, 4, "buf_len", ABI_INT, NULL, V(4, 18)),
	F(16, 8, "buf", ABI_PTR, V(4, 18)),
	FO(24, 4, "prog_id", ABI_INT, NULL, V(4, 18)),
	FO(28, 4, "fd_type", ABI_ENUM, abi_fd_types, V(4, 18)),
	FO(32, 8, "probe_offset", ABI_HEX, NULL, V(4, 18)),
	FO(40, 8, "probe_addr", ABI_HEX, NULL, V(4, 18)),
	END,
};

static const struct abi_field link_create[] = {
	F(0, 4, "prog_fd", ABI_FD, V(5, 7)),
	U(0, 4, "struct_ops", "map_fd", ABI_FD, V(6, 4)),
	U(4, 4, "fd", "target_fd", ABI_FD, V(5, 7)),
	U(4, 4, "ifindex", "target_ifindex", ABI_INT, V(5, 9)),
	FN(8, 4, "attach_type", ABI_ENUM, abi_attach_types, V(5, 7)),
	FN(12, 4, "flags", ABI_FLAGS, abi_link_flags, V(5, 7)),
	U(16, 8, "iter", "iter_info", ABI_PTR, V(5, 9)),
	U(24, 4, "iter", "iter_info_len", ABI_INT, V(5, 9)),
	U(16, 8, "perf_event", "bpf_cookie", ABI_HEX, V(5, 15)),
	UN(16, 4, "kprobe_multi", "flags", ABI_FLAGS, abi_kprobe_multi_flags, V(5, 18)),
	U(20, 4, "kprobe_multi", "cnt", ABI_INT, V(5, 18)),
	U(24, 8, "kprobe_multi", "syms", ABI_PTR, V(5, 18)),
	U(32, 8, "kprobe_multi", "addrs", ABI_PTR, V(5, 18)),
	U(40, 8, "kprobe_multi", "cookies", ABI_PTR, V(5, 18)),
	U(16, 4, "tracing", "target_btf_id", ABI_INT, V(5, 10)),
	U(24, 8, "tracing", "cookie", ABI_HEX, V(5, 19)),
	U(16, 4, "netfilter", "pf", ABI_INT, V(6, 4)),
	U(20, 4, "netfilter", "hooknum", ABI_INT, V(6, 4)),
	U(24, 4, "netfilter", "priority", ABI_SINT, V(6, 4)),
	UN(28, 4, "netfilter", "flags", ABI_FLAGS, abi_netfilter_flags, V(6, 4)),
	U(16, 4, "tcx", "relative_fd", ABI_FD, V(6, 6)),
	U(16, 4, "tcx", "relative_id", ABI_INT, V(6, 6)),
	U(24, 8, "tcx", "expected_revision", ABI_INT, V(6, 6)),
	U(16, 8, "uprobe_multi", "path", ABI_PTR, V(6, 6)),
	U(24, 8, "uprobe_multi", "offsets", ABI_PTR, V(6, 6)),
	U(32, 8, "uprobe_multi", "ref_ctr_offsets", ABI_PTR, V(6, 6)),
	U(40, 8, "uprobe_multi", "cookies", ABI_PTR, V(6, 6)),
	U(48, 4, "uprobe_multi", "cnt", ABI_INT, V(6, 6)),
	UN(52, 4, "uprobe_multi", "flags", ABI_FLAGS, abi_uprobe_multi_flags, V(6, 6)),
	U(56, 4, "uprobe_multi", "pid", ABI_INT, V(6, 6)),
	U(60, 4, "uprobe_multi", "path_fd", ABI_FD, V(7, 2)),
	U(16, 4, "netkit", "relative_fd", ABI_FD, V(6, 7)),
	U(16, 4, "netkit", "relative_id", ABI_INT, V(6, 7)),
	U(24, 8, "netkit", "expected_revision", ABI_INT, V(6, 7)),
	U(16, 4, "cgroup", "relative_fd", ABI_FD, V(6, 17)),
	U(16, 4, "cgroup", "relative_id", ABI_INT, V(6, 17)),
	U(24, 8, "cgroup", "expected_revision", ABI_INT, V(6, 17)),
	U(16, 8, "tracing_multi", "ids", ABI_PTR, V(7, 2)),
	U(24, 8, "tracing_multi", "cookies", ABI_PTR, V(7, 2)),
	U(32, 4, "tracing_multi", "cnt", ABI_INT, V(7, 2)),
	END,
};

/* Whether a link of struct_ops is updated, with maps in the places of programs, only the link
 * knows. */
static const struct abi_field link_update[] = {
	F(0, 4, "link_fd", ABI_FD, V(5, 7)),
	F(4, 4, "new_prog_fd", ABI_FD, V(5, 7)),
	U(4, 4, "struct_ops", "new_map_fd", ABI_FD, V(6, 4)),
	FN(8, 4, "flags", ABI_FLAGS, abi_link_flags, V(5, 7)),
	F(12, 4, "old_prog_fd", ABI_FD, V(5, 7)),
	U(12, 4, "struct_ops", "old_map_fd", ABI_FD, V(6, 4)),
	END,
};

static const struct abi_field link_detach[] = {
	F(0, 4, "link_fd", ABI_FD, V(5, 9)),
	END,
};

static const struct abi_field enable_stats[] = {
	FN(0, 4, "type", ABI_ENUM, abi_stats_types, V(5, 8)),
	END,
};

static const struct abi_field iter_create[] = {
	F(0, 4, "link_fd", ABI_FD, V(5, 8)),
	F(4, 4, "flags", ABI_HEX, V(5, 8)),
	END,
};

static const struct abi_field prog_bind_map[] = {
	F(0, 4, "prog_fd", ABI_FD, V(5, 10)),
	F(4, 4, "map_fd", ABI_FD, V(5, 10)),
	F(8, 4, "flags", ABI_HEX, V(5, 10)),
	END,
};

static const struct abi_field token_create[] = {
	F(0, 4, "flags", ABI_HEX, V(6, 9)),
	F(4, 4, "bpffs_fd", ABI_FD, V(6, 9)),
	END,
};

static const struct abi_field stream_read[] = {
	F(0, 8, "stream_buf", ABI_PTR, V(6, 17)),
	F(8, 4, "stream_buf_len", ABI_INT, V(6, 17)),
	FN(12, 4, "stream_id", ABI_ENUM, abi_streams, V(6, 17)),
	F(16, 4, "prog_fd", ABI_FD, V(6, 17)),
	END,
};

static const struct abi_field assoc_struct_ops[] = {
	F(0, 4, "map_fd", ABI_FD, V(7, 0)),
	F(4, 4, "prog_fd", ABI_FD, V(7, 0)),
	F(8, 4, "flags", ABI_HEX, V(7, 0)),
	END,
};

/* Row i is command i. */
const struct abi_cmd abi_commands[] = {
	{0, "BPF_MAP_CREATE", map_create, V(3, 18), "makes a map; returns its fd"},
	{1, "BPF_MAP_LOOKUP_ELEM", map_lookup, V(3, 18), "copies the value of a key out of a map"},
	{2, "BPF_MAP_UPDATE_ELEM", map_update, V(3, 18), "adds or replaces the value of a key"},
	{3, "BPF_MAP_DELETE_ELEM", map_delete, V(3, 18), "removes a key"},
	{4, "BPF_MAP_GET_NEXT_KEY", map_next_key, V(3, 18),
	 "gives the key after a key; key NULL: the first (4.12)"},
	{5, "BPF_PROG_LOAD", prog_load, V(3, 18),
	 "verifies a program, compiles it, and returns its fd"},
	{6, "BPF_OBJ_PIN", obj_pin, V(4, 4), "gives a map, program or link a path in a bpffs"},
	{7, "BPF_OBJ_GET", obj_pin, V(4, 4), "opens what is pinned at a path; returns an fd"},
	{8, "BPF_PROG_ATTACH", prog_attach, V(4, 10),
	 "attaches a program to a cgroup, map, netns or device; no link"},
	{9, "BPF_PROG_DETACH", prog_attach, V(4, 10), "detaches it"},
	{10, "BPF_PROG_TEST_RUN", prog_test_run, V(4, 12),
	 "runs a program on data that the caller gives"},
	{11, "BPF_PROG_GET_NEXT_ID", get_next_id, V(4, 13),
	 "gives the id of the next program after start_id"},
	{12, "BPF_MAP_GET_NEXT_ID", get_next_id, V(4, 13), "gives the id of the next map"},
	{13, "BPF_PROG_GET_FD_BY_ID", prog_by_id, V(4, 13), "opens a program by its id"},
	{14, "BPF_MAP_GET_FD_BY_ID", map_by_id, V(4, 13), "opens a map by its id"},
	{15, "BPF_OBJ_GET_INFO_BY_FD", obj_info, V(4, 13),
	 "tells about a map, program, BTF or link"},
	{16, "BPF_PROG_QUERY", prog_query, V(4, 15), "lists the programs attached at a place"},
	{17, "BPF_RAW_TRACEPOINT_OPEN", raw_tracepoint, V(4, 17),
	 "attaches to a raw tracepoint, or as fentry and the like do; returns a link's fd"},
	{18, "BPF_BTF_LOAD", btf_load, V(4, 18), "checks types and keeps them; returns an fd"},
	{19, "BPF_BTF_GET_FD_BY_ID", btf_by_id, V(4, 18), "opens BTF by its id"},
	{20, "BPF_TASK_FD_QUERY", task_fd_query, V(4, 18),
	 "tells which program hangs on a process's perf event"},
	{21, "BPF_MAP_LOOKUP_AND_DELETE_ELEM", map_lookup, V(4, 20), "takes a value out of a map"},
	{22, "BPF_MAP_FREEZE", map_freeze, V(5, 2), "makes a map read-only for user space"},
	{23, "BPF_BTF_GET_NEXT_ID", get_next_id, V(5, 4), "gives the id of the next BTF"},
	{24, "BPF_MAP_LOOKUP_BATCH", map_batch, V(5, 6), "copies many keys and values out"},
	{25, "BPF_MAP_LOOKUP_AND_DELETE_BATCH", map_batch, V(5, 6), "takes many out"},
	{26, "BPF_MAP_UPDATE_BATCH", map_batch, V(5, 6), "sets many"},
	{27, "BPF_MAP_DELETE_BATCH", map_batch, V(5, 6), "removes many"},
	{28, "BPF_LINK_CREATE", link_create, V(5, 7),
	 "attaches a program; it stays as long as the link's fd or pin"},
	{29, "BPF_LINK_UPDATE", link_update, V(5, 7), "puts another program in a link"},
	{30, "BPF_LINK_GET_FD_BY_ID", link_by_id, V(5, 8), "opens a link by its id"},
	{31, "BPF_LINK_GET_NEXT_ID", get_next_id, V(5, 8), "gives the id of the next link"},
	{32, "BPF_ENABLE_STATS", enable_stats, V(5, 8),
	 "counts runs and run time of programs while its fd is open"},
	{33, "BPF_ITER_CREATE", iter_create, V(5, 8),
	 "makes a file of an iterator's link, to be read"},
	{34, "BPF_LINK_DETACH", link_detach, V(5, 9), "detaches a link without closing it"},
	{35, "BPF_PROG_BIND_MAP", prog_bind_map, V(5, 10), "ties a map's life to a program's"},
	{36, "BPF_TOKEN_CREATE", token_create, V(6, 9),
	 "makes a token that delegates from a bpffs"},
	{37, "BPF_PROG_STREAM_READ_BY_FD", stream_read, V(6, 17),
	 "reads what a program printed to its stdout or stderr"},
	{38, "BPF_PROG_ASSOC_STRUCT_OPS", assoc_struct_ops, V(7, 0),
	 "says which struct_ops map a program's kfuncs mean"},
};

const uint32_t abi_n_commands = sizeof(abi_commands) / sizeof(*abi_commands);
