// SPDX-License-Identifier: MIT
/*
 * The ABI tables against the headers of this machine: every field that those know has their offset
 * and size, every number their value. Headers older than a field are no reason to doubt it.
 */
#include "loader/abi/abi.h"
#include "tests/tap.h"

#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <linux/version.h>

struct row {
	uint32_t cmd;
	const char *name;
	size_t off, size;
};

#define ROW(cmd, name, member)                                                                     \
	{                                                                                          \
		cmd, name, offsetof(union bpf_attr, member), sizeof(((union bpf_attr *)0)->member) \
	}

/* Fields that Linux 6.1 has, and below those of later kernels. */
static const struct row rows[] = {
	ROW(BPF_MAP_CREATE, "map_type", map_type),
	ROW(BPF_MAP_CREATE, "key_size", key_size),
	ROW(BPF_MAP_CREATE, "value_size", value_size),
	ROW(BPF_MAP_CREATE, "max_entries", max_entries),
	ROW(BPF_MAP_CREATE, "map_flags", map_flags),
	ROW(BPF_MAP_CREATE, "inner_map_fd", inner_map_fd),
	ROW(BPF_MAP_CREATE, "numa_node", numa_node),
	ROW(BPF_MAP_CREATE, "map_name", map_name),
	ROW(BPF_MAP_CREATE, "map_ifindex", map_ifindex),
	ROW(BPF_MAP_CREATE, "btf_fd", btf_fd),
	ROW(BPF_MAP_CREATE, "btf_key_type_id", btf_key_type_id),
	ROW(BPF_MAP_CREATE, "btf_value_type_id", btf_value_type_id),
	ROW(BPF_MAP_CREATE, "btf_vmlinux_value_type_id", btf_vmlinux_value_type_id),
	ROW(BPF_MAP_CREATE, "map_extra", map_extra),
	ROW(BPF_MAP_LOOKUP_ELEM, "map_fd", map_fd),
	ROW(BPF_MAP_LOOKUP_ELEM, "key", key),
	ROW(BPF_MAP_LOOKUP_ELEM, "value", value),
	ROW(BPF_MAP_LOOKUP_ELEM, "flags", flags),
	ROW(BPF_MAP_UPDATE_ELEM, "map_fd", map_fd),
	ROW(BPF_MAP_UPDATE_ELEM, "key", key),
	ROW(BPF_MAP_UPDATE_ELEM, "value", value),
	ROW(BPF_MAP_UPDATE_ELEM, "flags", flags),
	ROW(BPF_MAP_DELETE_ELEM, "map_fd", map_fd),
	ROW(BPF_MAP_DELETE_ELEM, "key", key),
	ROW(BPF_MAP_GET_NEXT_KEY, "map_fd", map_fd),
	ROW(BPF_MAP_GET_NEXT_KEY, "key", key),
	ROW(BPF_MAP_GET_NEXT_KEY, "next_key", next_key),
	ROW(BPF_MAP_FREEZE, "map_fd", map_fd),
	ROW(BPF_MAP_LOOKUP_BATCH, "in_batch", batch.in_batch),
	ROW(BPF_MAP_LOOKUP_BATCH, "out_batch", batch.out_batch),
	ROW(BPF_MAP_LOOKUP_BATCH, "keys", batch.keys),
	ROW(BPF_MAP_LOOKUP_BATCH, "values", batch.values),
	ROW(BPF_MAP_LOOKUP_BATCH, "count", batch.count),
	ROW(BPF_MAP_LOOKUP_BATCH, "map_fd", batch.map_fd),
	ROW(BPF_MAP_LOOKUP_BATCH, "elem_flags", batch.elem_flags),
	ROW(BPF_MAP_LOOKUP_BATCH, "flags", batch.flags),
	ROW(BPF_PROG_LOAD, "prog_type", prog_type),
	ROW(BPF_PROG_LOAD, "insn_cnt", insn_cnt),
	ROW(BPF_PROG_LOAD, "insns", insns),
	ROW(BPF_PROG_LOAD, "license", license),
	ROW(BPF_PROG_LOAD, "log_level", log_level),
	ROW(BPF_PROG_LOAD, "log_size", log_size),
	ROW(BPF_PROG_LOAD, "log_buf", log_buf),
	ROW(BPF_PROG_LOAD, "kern_version", kern_version),
	ROW(BPF_PROG_LOAD, "prog_flags", prog_flags),
	ROW(BPF_PROG_LOAD, "prog_name", prog_name),
	ROW(BPF_PROG_LOAD, "prog_ifindex", prog_ifindex),
	ROW(BPF_PROG_LOAD, "expected_attach_type", expected_attach_type),
	ROW(BPF_PROG_LOAD, "prog_btf_fd", prog_btf_fd),
	ROW(BPF_PROG_LOAD, "func_info_rec_size", func_info_rec_size),
	ROW(BPF_PROG_LOAD, "func_info", func_info),
	ROW(BPF_PROG_LOAD, "func_info_cnt", func_info_cnt),
	ROW(BPF_PROG_LOAD, "line_info_rec_size", line_info_rec_size),
	ROW(BPF_PROG_LOAD, "line_info", line_info),
	ROW(BPF_PROG_LOAD, "line_info_cnt", line_info_cnt),
	ROW(BPF_PROG_LOAD, "attach_btf_id", attach_btf_id),
	ROW(BPF_PROG_LOAD, "ext.attach_prog_fd", attach_prog_fd),
	ROW(BPF_PROG_LOAD, "btf.attach_btf_obj_fd", attach_btf_obj_fd),
	ROW(BPF_PROG_LOAD, "core_relo_cnt", core_relo_cnt),
	ROW(BPF_PROG_LOAD, "fd_array", fd_array),
	ROW(BPF_PROG_LOAD, "core_relos", core_relos),
	ROW(BPF_PROG_LOAD, "core_relo_rec_size", core_relo_rec_size),
	ROW(BPF_OBJ_PIN, "pathname", pathname),
	ROW(BPF_OBJ_PIN, "bpf_fd", bpf_fd),
	ROW(BPF_OBJ_PIN, "file_flags", file_flags),
	ROW(BPF_PROG_ATTACH, "fd.target_fd", target_fd),
	ROW(BPF_PROG_ATTACH, "attach_bpf_fd", attach_bpf_fd),
	ROW(BPF_PROG_ATTACH, "attach_type", attach_type),
	ROW(BPF_PROG_ATTACH, "attach_flags", attach_flags),
	ROW(BPF_PROG_ATTACH, "replace_bpf_fd", replace_bpf_fd),
	ROW(BPF_PROG_TEST_RUN, "prog_fd", test.prog_fd),
	ROW(BPF_PROG_TEST_RUN, "retval", test.retval),
	ROW(BPF_PROG_TEST_RUN, "data_size_in", test.data_size_in),
	ROW(BPF_PROG_TEST_RUN, "data_size_out", test.data_size_out),
	ROW(BPF_PROG_TEST_RUN, "data_in", test.data_in),
	ROW(BPF_PROG_TEST_RUN, "data_out", test.data_out),
	ROW(BPF_PROG_TEST_RUN, "repeat", test.repeat),
	ROW(BPF_PROG_TEST_RUN, "duration", test.duration),
	ROW(BPF_PROG_TEST_RUN, "ctx_size_in", test.ctx_size_in),
	ROW(BPF_PROG_TEST_RUN, "ctx_size_out", test.ctx_size_out),
	ROW(BPF_PROG_TEST_RUN, "ctx_in", test.ctx_in),
	ROW(BPF_PROG_TEST_RUN, "ctx_out", test.ctx_out),
	ROW(BPF_PROG_TEST_RUN, "flags", test.flags),
	ROW(BPF_PROG_TEST_RUN, "cpu", test.cpu),
	ROW(BPF_PROG_TEST_RUN, "batch_size", test.batch_size),
	ROW(BPF_PROG_GET_NEXT_ID, "start_id", start_id),
	ROW(BPF_PROG_GET_NEXT_ID, "next_id", next_id),
	ROW(BPF_PROG_GET_FD_BY_ID, "prog_id", prog_id),
	ROW(BPF_MAP_GET_FD_BY_ID, "map_id", map_id),
	ROW(BPF_MAP_GET_FD_BY_ID, "open_flags", open_flags),
	ROW(BPF_BTF_GET_FD_BY_ID, "btf_id", btf_id),
	ROW(BPF_LINK_GET_FD_BY_ID, "link_id", link_id),
	ROW(BPF_OBJ_GET_INFO_BY_FD, "bpf_fd", info.bpf_fd),
	ROW(BPF_OBJ_GET_INFO_BY_FD, "info_len", info.info_len),
	ROW(BPF_OBJ_GET_INFO_BY_FD, "info", info.info),
	ROW(BPF_PROG_QUERY, "fd.target_fd", query.target_fd),
	ROW(BPF_PROG_QUERY, "attach_type", query.attach_type),
	ROW(BPF_PROG_QUERY, "query_flags", query.query_flags),
	ROW(BPF_PROG_QUERY, "attach_flags", query.attach_flags),
	ROW(BPF_PROG_QUERY, "prog_ids", query.prog_ids),
	ROW(BPF_PROG_QUERY, "prog_cnt", query.prog_cnt),
	ROW(BPF_PROG_QUERY, "prog_attach_flags", query.prog_attach_flags),
	ROW(BPF_RAW_TRACEPOINT_OPEN, "name", raw_tracepoint.name),
	ROW(BPF_RAW_TRACEPOINT_OPEN, "prog_fd", raw_tracepoint.prog_fd),
	ROW(BPF_BTF_LOAD, "btf", btf),
	ROW(BPF_BTF_LOAD, "btf_log_buf", btf_log_buf),
	ROW(BPF_BTF_LOAD, "btf_size", btf_size),
	ROW(BPF_BTF_LOAD, "btf_log_size", btf_log_size),
	ROW(BPF_BTF_LOAD, "btf_log_level", btf_log_level),
	ROW(BPF_TASK_FD_QUERY, "pid", task_fd_query.pid),
	ROW(BPF_TASK_FD_QUERY, "fd", task_fd_query.fd),
	ROW(BPF_TASK_FD_QUERY, "flags", task_fd_query.flags),
	ROW(BPF_TASK_FD_QUERY, "buf_len", task_fd_query.buf_len),
	ROW(BPF_TASK_FD_QUERY, "buf", task_fd_query.buf),
	ROW(BPF_TASK_FD_QUERY, "prog_id", task_fd_query.prog_id),
	ROW(BPF_TASK_FD_QUERY, "fd_type", task_fd_query.fd_type),
	ROW(BPF_TASK_FD_QUERY, "probe_offset", task_fd_query.probe_offset),
	ROW(BPF_TASK_FD_QUERY, "probe_addr", task_fd_query.probe_addr),
	ROW(BPF_LINK_CREATE, "prog_fd", link_create.prog_fd),
	ROW(BPF_LINK_CREATE, "fd.target_fd", link_create.target_fd),
	ROW(BPF_LINK_CREATE, "ifindex.target_ifindex", link_create.target_ifindex),
	ROW(BPF_LINK_CREATE, "attach_type", link_create.attach_type),
	ROW(BPF_LINK_CREATE, "flags", link_create.flags),
	ROW(BPF_LINK_CREATE, "iter.iter_info", link_create.iter_info),
	ROW(BPF_LINK_CREATE, "iter.iter_info_len", link_create.iter_info_len),
	ROW(BPF_LINK_CREATE, "perf_event.bpf_cookie", link_create.perf_event.bpf_cookie),
	ROW(BPF_LINK_CREATE, "kprobe_multi.flags", link_create.kprobe_multi.flags),
	ROW(BPF_LINK_CREATE, "kprobe_multi.cnt", link_create.kprobe_multi.cnt),
	ROW(BPF_LINK_CREATE, "kprobe_multi.syms", link_create.kprobe_multi.syms),
	ROW(BPF_LINK_CREATE, "kprobe_multi.addrs", link_create.kprobe_multi.addrs),
	ROW(BPF_LINK_CREATE, "kprobe_multi.cookies", link_create.kprobe_multi.cookies),
	ROW(BPF_LINK_CREATE, "tracing.target_btf_id", link_create.tracing.target_btf_id),
	ROW(BPF_LINK_CREATE, "tracing.cookie", link_create.tracing.cookie),
	ROW(BPF_LINK_UPDATE, "link_fd", link_update.link_fd),
	ROW(BPF_LINK_UPDATE, "new_prog_fd", link_update.new_prog_fd),
	ROW(BPF_LINK_UPDATE, "flags", link_update.flags),
	ROW(BPF_LINK_UPDATE, "old_prog_fd", link_update.old_prog_fd),
	ROW(BPF_LINK_DETACH, "link_fd", link_detach.link_fd),
	ROW(BPF_ENABLE_STATS, "type", enable_stats.type),
	ROW(BPF_ITER_CREATE, "link_fd", iter_create.link_fd),
	ROW(BPF_ITER_CREATE, "flags", iter_create.flags),
	ROW(BPF_PROG_BIND_MAP, "prog_fd", prog_bind_map.prog_fd),
	ROW(BPF_PROG_BIND_MAP, "map_fd", prog_bind_map.map_fd),
	ROW(BPF_PROG_BIND_MAP, "flags", prog_bind_map.flags),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 4, 0)
	ROW(BPF_PROG_LOAD, "log_true_size", log_true_size),
	ROW(BPF_BTF_LOAD, "btf_log_true_size", btf_log_true_size),
	ROW(BPF_LINK_CREATE, "struct_ops.map_fd", link_create.map_fd),
	ROW(BPF_LINK_CREATE, "netfilter.pf", link_create.netfilter.pf),
	ROW(BPF_LINK_CREATE, "netfilter.hooknum", link_create.netfilter.hooknum),
	ROW(BPF_LINK_CREATE, "netfilter.priority", link_create.netfilter.priority),
	ROW(BPF_LINK_CREATE, "netfilter.flags", link_create.netfilter.flags),
	ROW(BPF_LINK_UPDATE, "struct_ops.new_map_fd", link_update.new_map_fd),
	ROW(BPF_LINK_UPDATE, "struct_ops.old_map_fd", link_update.old_map_fd),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
	ROW(BPF_OBJ_PIN, "path_fd", path_fd),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
	ROW(BPF_PROG_ATTACH, "ifindex.target_ifindex", target_ifindex),
	ROW(BPF_PROG_ATTACH, "relative_fd", relative_fd),
	ROW(BPF_PROG_ATTACH, "relative_id", relative_id),
	ROW(BPF_PROG_ATTACH, "expected_revision", expected_revision),
	ROW(BPF_PROG_QUERY, "ifindex.target_ifindex", query.target_ifindex),
	ROW(BPF_PROG_QUERY, "link_ids", query.link_ids),
	ROW(BPF_PROG_QUERY, "link_attach_flags", query.link_attach_flags),
	ROW(BPF_PROG_QUERY, "revision", query.revision),
	ROW(BPF_LINK_CREATE, "tcx.relative_fd", link_create.tcx.relative_fd),
	ROW(BPF_LINK_CREATE, "tcx.relative_id", link_create.tcx.relative_id),
	ROW(BPF_LINK_CREATE, "tcx.expected_revision", link_create.tcx.expected_revision),
	ROW(BPF_LINK_CREATE, "uprobe_multi.path", link_create.uprobe_multi.path),
	ROW(BPF_LINK_CREATE, "uprobe_multi.offsets", link_create.uprobe_multi.offsets),
	ROW(BPF_LINK_CREATE, "uprobe_multi.ref_ctr_offsets",
	    link_create.uprobe_multi.ref_ctr_offsets),
	ROW(BPF_LINK_CREATE, "uprobe_multi.cookies", link_create.uprobe_multi.cookies),
	ROW(BPF_LINK_CREATE, "uprobe_multi.cnt", link_create.uprobe_multi.cnt),
	ROW(BPF_LINK_CREATE, "uprobe_multi.flags", link_create.uprobe_multi.flags),
	ROW(BPF_LINK_CREATE, "uprobe_multi.pid", link_create.uprobe_multi.pid),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
	ROW(BPF_LINK_CREATE, "netkit.relative_fd", link_create.netkit.relative_fd),
	ROW(BPF_LINK_CREATE, "netkit.relative_id", link_create.netkit.relative_id),
	ROW(BPF_LINK_CREATE, "netkit.expected_revision", link_create.netkit.expected_revision),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 9, 0)
	ROW(BPF_MAP_CREATE, "value_type_btf_obj_fd", value_type_btf_obj_fd),
	ROW(BPF_MAP_CREATE, "map_token_fd", map_token_fd),
	ROW(BPF_PROG_LOAD, "prog_token_fd", prog_token_fd),
	ROW(BPF_BTF_LOAD, "btf_flags", btf_flags),
	ROW(BPF_BTF_LOAD, "btf_token_fd", btf_token_fd),
	ROW(BPF_TOKEN_CREATE, "flags", token_create.flags),
	ROW(BPF_TOKEN_CREATE, "bpffs_fd", token_create.bpffs_fd),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 10, 0)
	ROW(BPF_RAW_TRACEPOINT_OPEN, "cookie", raw_tracepoint.cookie),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 14, 0)
	ROW(BPF_PROG_LOAD, "fd_array_cnt", fd_array_cnt),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 15, 0)
	ROW(BPF_BTF_GET_FD_BY_ID, "open_flags", open_flags),
	ROW(BPF_BTF_GET_FD_BY_ID, "fd_by_id_token_fd", fd_by_id_token_fd),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 17, 0)
	ROW(BPF_LINK_CREATE, "cgroup.relative_fd", link_create.cgroup.relative_fd),
	ROW(BPF_LINK_CREATE, "cgroup.relative_id", link_create.cgroup.relative_id),
	ROW(BPF_LINK_CREATE, "cgroup.expected_revision", link_create.cgroup.expected_revision),
	ROW(BPF_PROG_STREAM_READ_BY_FD, "stream_buf", prog_stream_read.stream_buf),
	ROW(BPF_PROG_STREAM_READ_BY_FD, "stream_buf_len", prog_stream_read.stream_buf_len),
	ROW(BPF_PROG_STREAM_READ_BY_FD, "stream_id", prog_stream_read.stream_id),
	ROW(BPF_PROG_STREAM_READ_BY_FD, "prog_fd", prog_stream_read.prog_fd),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
	ROW(BPF_MAP_CREATE, "excl_prog_hash", excl_prog_hash),
	ROW(BPF_MAP_CREATE, "excl_prog_hash_size", excl_prog_hash_size),
	ROW(BPF_PROG_LOAD, "signature", signature),
	ROW(BPF_PROG_LOAD, "signature_size", signature_size),
	ROW(BPF_PROG_LOAD, "keyring_id", keyring_id),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
	ROW(BPF_PROG_ASSOC_STRUCT_OPS, "map_fd", prog_assoc_struct_ops.map_fd),
	ROW(BPF_PROG_ASSOC_STRUCT_OPS, "prog_fd", prog_assoc_struct_ops.prog_fd),
	ROW(BPF_PROG_ASSOC_STRUCT_OPS, "flags", prog_assoc_struct_ops.flags),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 2, 0)
	ROW(BPF_LINK_CREATE, "uprobe_multi.path_fd", link_create.uprobe_multi.path_fd),
	ROW(BPF_LINK_CREATE, "tracing_multi.ids", link_create.tracing_multi.ids),
	ROW(BPF_LINK_CREATE, "tracing_multi.cookies", link_create.tracing_multi.cookies),
	ROW(BPF_LINK_CREATE, "tracing_multi.cnt", link_create.tracing_multi.cnt),
#endif
};

#define PERF(name, member)                                                                         \
	{                                                                                          \
		ABI_PERF_ATTR, name, offsetof(struct perf_event_attr, member),                     \
			sizeof(((struct perf_event_attr *)0)->member)                              \
	}

static const struct row perf_rows[] = {
	PERF("type", type),
	PERF("size", size),
	PERF("config", config),
	PERF("hardware.config", config),
	PERF("software.config", config),
	PERF("tracepoint.config", config),
	PERF("pmu.config", config),
	PERF("sample_freq", sample_freq),
	PERF("sample_period", sample_period),
	PERF("sample_type", sample_type),
	PERF("read_format", read_format),
	PERF("wakeup_watermark", wakeup_watermark),
	PERF("wakeup_events", wakeup_events),
	PERF("bp_type", bp_type),
	PERF("bp_addr", bp_addr),
	PERF("config1", config1),
	PERF("bp_len", bp_len),
	PERF("config2", config2),
	PERF("branch_sample_type", branch_sample_type),
	PERF("sample_regs_user", sample_regs_user),
	PERF("sample_stack_user", sample_stack_user),
	PERF("clockid", clockid),
	PERF("sample_regs_intr", sample_regs_intr),
	PERF("aux_watermark", aux_watermark),
	PERF("sample_max_stack", sample_max_stack),
	PERF("aux_sample_size", aux_sample_size),
	PERF("sig_data", sig_data),
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 3, 0)
	PERF("config3", config3),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 13, 0)
	PERF("aux_action", aux_action),
#endif
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 19, 0)
	PERF("config4", config4),
#endif
};

#define N(array) (sizeof(array) / sizeof(*(array)))

static void fields_lie_where_the_header_has_them(const struct row *row, size_t n, const char *name)
{
	bool all = true;

	for (; n--; row++) {
		const struct abi_field *f = abi_field(row->cmd, row->name);

		if (f && f->off == row->off && f->size == row->size)
			continue;
		all = false;
		printf("# command %u, %s: %d+%d, the header has %zu+%zu\n", row->cmd, row->name,
		       f ? f->off : -1, f ? f->size : -1, row->off, row->size);
	}
	ok(all, name);
}

/* Every field of the table that is as old as the headers was compared above. */
static void every_field_was_compared(void)
{
	bool all = true;

	for (uint32_t i = 0; abi_row(i); i++)
		for (const struct abi_field *f = abi_row(i)->fields; f->name; f++) {
			bool found = f->since > LINUX_VERSION_CODE;

			for (size_t r = 0; r < N(rows) && !found; r++) {
				const struct abi_cmd *cmd = abi_cmd(rows[r].cmd);

				found = cmd->fields == abi_row(i)->fields &&
					abi_field(rows[r].cmd, rows[r].name) == f;
			}
			if (!found)
				printf("# not compared: %s %s\n", abi_row(i)->name, f->name);
			all &= found;
		}
	ok(all, "every_field_that_the_header_knows_was_compared");
}

static void commands_have_the_header_s_numbers(void)
{
	static const struct {
		uint32_t cmd;
		const char *name;
	} cmds[] = {
#define C(name) {name, #name}
		C(BPF_MAP_CREATE),	  C(BPF_MAP_LOOKUP_ELEM),
		C(BPF_MAP_UPDATE_ELEM),	  C(BPF_MAP_DELETE_ELEM),
		C(BPF_MAP_GET_NEXT_KEY),  C(BPF_PROG_LOAD),
		C(BPF_OBJ_PIN),		  C(BPF_OBJ_GET),
		C(BPF_PROG_ATTACH),	  C(BPF_PROG_DETACH),
		C(BPF_PROG_TEST_RUN),	  C(BPF_PROG_GET_NEXT_ID),
		C(BPF_MAP_GET_NEXT_ID),	  C(BPF_PROG_GET_FD_BY_ID),
		C(BPF_MAP_GET_FD_BY_ID),  C(BPF_OBJ_GET_INFO_BY_FD),
		C(BPF_PROG_QUERY),	  C(BPF_RAW_TRACEPOINT_OPEN),
		C(BPF_BTF_LOAD),	  C(BPF_BTF_GET_FD_BY_ID),
		C(BPF_TASK_FD_QUERY),	  C(BPF_MAP_LOOKUP_AND_DELETE_ELEM),
		C(BPF_MAP_FREEZE),	  C(BPF_BTF_GET_NEXT_ID),
		C(BPF_MAP_LOOKUP_BATCH),  C(BPF_MAP_LOOKUP_AND_DELETE_BATCH),
		C(BPF_MAP_UPDATE_BATCH),  C(BPF_MAP_DELETE_BATCH),
		C(BPF_LINK_CREATE),	  C(BPF_LINK_UPDATE),
		C(BPF_LINK_GET_FD_BY_ID), C(BPF_LINK_GET_NEXT_ID),
		C(BPF_ENABLE_STATS),	  C(BPF_ITER_CREATE),
		C(BPF_LINK_DETACH),	  C(BPF_PROG_BIND_MAP),
	};
	bool all = true;
	uint32_t n = 0;

	for (size_t i = 0; i < N(cmds); i++)
		all &= abi_cmd(cmds[i].cmd) && !strcmp(abi_cmd(cmds[i].cmd)->name, cmds[i].name);
	ok(all, "commands_have_the_header_s_numbers");
	for (all = true; abi_row(n); n++)
		all &= abi_row(n)->cmd == n;
	ok(all, "row_i_is_command_i");
	eq_int(n, 39, "the_table_has_39_commands");
	ok(!abi_cmd(39) && abi_cmd(ABI_PERF_ATTR), "perf_event_attr_is_a_row_outside_the_commands");
}

/* Names through the header's constants: a few at each end, so that a gap in the middle shows. */
static void names_have_the_header_s_numbers(void)
{
	eq_str(abi_name(abi_map_types, BPF_MAP_TYPE_HASH), "HASH", "map_types_begin_right");
	eq_str(abi_name(abi_map_types, BPF_MAP_TYPE_LPM_TRIE), "LPM_TRIE", "map_types_go_on_right");
	eq_str(abi_name(abi_map_types, BPF_MAP_TYPE_USER_RINGBUF), "USER_RINGBUF",
	       "map_types_end_right");
	eq_str(abi_name(abi_map_types, 35), "RHASH", "map_types_newer_than_the_header_are_there");
	eq_str(abi_name(abi_prog_types, BPF_PROG_TYPE_KPROBE), "KPROBE", "prog_types_begin_right");
	eq_str(abi_name(abi_prog_types, BPF_PROG_TYPE_TRACING), "TRACING",
	       "prog_types_go_on_right");
	eq_str(abi_name(abi_prog_types, BPF_PROG_TYPE_SYSCALL), "SYSCALL", "prog_types_end_right");
	eq_str(abi_name(abi_attach_types, BPF_CGROUP_INET_EGRESS), "CGROUP_INET_EGRESS",
	       "attach_types_begin_right");
	eq_str(abi_name(abi_attach_types, BPF_PERF_EVENT), "PERF_EVENT",
	       "attach_types_go_on_right");
	eq_str(abi_name(abi_attach_types, BPF_LSM_CGROUP), "LSM_CGROUP", "attach_types_end_right");
	eq_str(abi_name(abi_link_types, BPF_LINK_TYPE_STRUCT_OPS), "STRUCT_OPS",
	       "link_types_end_right");
	eq_str(abi_name(abi_map_flags, BPF_F_MMAPABLE), "MMAPABLE", "map_flags_are_right");
	eq_str(abi_name(abi_map_flags, BPF_F_INNER_MAP), "INNER_MAP", "map_flags_end_right");
	eq_str(abi_name(abi_prog_flags, BPF_F_XDP_HAS_FRAGS), "XDP_HAS_FRAGS",
	       "prog_flags_end_right");
	eq_str(abi_name(abi_elem_flags, BPF_F_LOCK), "F_LOCK", "element_flags_are_right");
	eq_str(abi_name(abi_perf_software, PERF_COUNT_SW_BPF_OUTPUT), "BPF_OUTPUT",
	       "software_events_are_right");
	eq_str(abi_name(abi_perf_sample, PERF_SAMPLE_WEIGHT_STRUCT), "WEIGHT_STRUCT",
	       "sample_types_end_right");
	eq_str(abi_name(abi_perf_ioctls, PERF_EVENT_IOC_SET_BPF), "SET_BPF",
	       "perf_ioctls_are_right");
	ok(!abi_name(abi_map_types, 9999), "an_unknown_number_has_no_name");
	eq_str(abi_prefix(abi_map_types), "BPF_MAP_TYPE_", "a_table_knows_its_prefix");
	eq_str(abi_prefix(abi_map_flags), "BPF_F_", "flags_share_a_prefix");
}

static bool bit_is(const struct perf_event_attr *attr, const char *name)
{
	const struct abi_field *bits = abi_field(ABI_PERF_ATTR, "bits");
	const char *got = abi_name(abi_perf_bits, abi_get(bits, attr, sizeof(*attr)));

	if (!got || strcmp(got, name))
		printf("# got %s, want %s\n", got ? got : "(none)", name);
	return got && !strcmp(got, name);
}

static void bits_are_where_the_compiler_puts_them(void)
{
	bool all = true;
#define BIT(member) all &= bit_is(&(struct perf_event_attr){.member = 1}, #member)
	BIT(disabled);
	BIT(inherit);
	BIT(pinned);
	BIT(exclude_kernel);
	BIT(freq);
	BIT(enable_on_exec);
	BIT(watermark);
	BIT(mmap_data);
	BIT(sample_id_all);
	BIT(exclude_guest);
	BIT(mmap2);
	BIT(use_clockid);
	BIT(write_backward);
	BIT(bpf_event);
	BIT(text_poke);
	BIT(sigtrap);
	for (unsigned int i = 1; i < 4; i++) {
		char name[16];

		snprintf(name, sizeof(name), "precise_ip=%u", i);
		all &= bit_is(&(struct perf_event_attr){.precise_ip = i & 3u}, name);
	}
	ok(all, "bits_are_where_the_compiler_puts_them");
}

static void a_name_is_one_field(void)
{
	const struct abi_field *f = abi_field(BPF_LINK_CREATE, "flags");
	bool found = true;

	eq_int(f ? f->off : -1, 12, "a_bare_name_is_the_member_of_no_case");
	f = abi_field(BPF_LINK_CREATE, "uprobe_multi.flags");
	eq_int(f ? f->off : -1, 52, "the_case_goes_in_front");
	ok(!abi_field(BPF_LINK_CREATE, "cookies"), "a_name_of_two_cases_is_none");
	f = abi_field(BPF_LINK_CREATE, "bpf_cookie");
	eq_int(f ? f->off : -1, 16, "a_name_of_one_case_needs_no_case");
	ok(!abi_field(BPF_MAP_CREATE, "insns"), "a_field_of_another_command_is_none");
	ok(!abi_field(999, "insns"), "an_unknown_command_has_no_fields");
	for (uint32_t i = 0; abi_row(i); i++)
		for (f = abi_row(i)->fields; f->name; f++) {
			char name[64];

			snprintf(name, sizeof(name), "%s%s%s", f->only ? f->only : "",
				 f->only ? "." : "", f->name);
			found &= abi_field(i, name) == f;
		}
	ok(found, "every_field_is_found_by_its_name");
}

static void the_attr_says_which_member_is_meant(void)
{
	union bpf_attr attr = {.link_create.attach_type = BPF_PERF_EVENT};
	struct perf_event_attr perf = {.type = PERF_TYPE_SOFTWARE,
				       .config = PERF_COUNT_SW_BPF_OUTPUT};
#define MEANT(name)                                                                                \
	abi_meant(BPF_LINK_CREATE, abi_field(BPF_LINK_CREATE, name), &attr, sizeof(attr))
	ok(MEANT("bpf_cookie") && !MEANT("kprobe_multi.cnt") && !MEANT("iter_info"),
	   "a_perf_link_has_a_cookie");
	ok(MEANT("prog_fd") && !MEANT("map_fd") && MEANT("target_fd"), "a_perf_link_has_two_fds");
	attr.link_create.attach_type = 44; /* BPF_STRUCT_OPS */
	ok(!MEANT("prog_fd") && MEANT("map_fd"), "a_link_of_struct_ops_has_a_map");
	attr.link_create.attach_type = BPF_XDP;
	ok(MEANT("target_ifindex") && !MEANT("target_fd"), "an_xdp_link_has_a_device");
	attr.link_create.attach_type = 46; /* BPF_TCX_INGRESS */
	ok(MEANT("tcx.relative_fd") && !MEANT("tcx.relative_id"), "a_neighbour_is_an_fd");
	attr.link_create.flags = 1 << 5; /* BPF_F_ID */
	ok(!MEANT("tcx.relative_fd") && MEANT("tcx.relative_id"),
	   "a_neighbour_is_an_id_with_that_flag");
#define PMEANT(name) abi_meant(ABI_PERF_ATTR, abi_field(ABI_PERF_ATTR, name), &perf, sizeof(perf))
	ok(PMEANT("software.config") && !PMEANT("config") && !PMEANT("hardware.config"),
	   "a_software_event_has_names");
	ok(PMEANT("sample_period") && !PMEANT("sample_freq"), "without_freq_it_is_a_period");
	perf.freq = 1;
	ok(!PMEANT("sample_period") && PMEANT("sample_freq"), "with_freq_it_is_a_frequency");
}

static void an_attr_is_read_and_written(void)
{
	union {
		union bpf_attr attr;
		char room[256]; /* the table knows more than the header does */
	} u = {0};
	char text[64];

	ok(abi_put(abi_field(BPF_MAP_CREATE, "max_entries"), &u.attr, 10240), "a_value_is_put");
	eq_int(u.attr.max_entries, 10240, "it_is_there");
	eq_int(abi_get(abi_field(BPF_MAP_CREATE, "max_entries"), &u.attr, sizeof(u)), 10240,
	       "and_is_got");
	eq_int(abi_get(abi_field(BPF_MAP_CREATE, "max_entries"), &u.attr, 12), 0,
	       "beyond_the_size_is_zero");
	eq_int(abi_get(abi_field(BPF_MAP_CREATE, "max_entries"), NULL, 64), 0, "no_attr_is_zeros");
	ok(!abi_put(abi_field(BPF_MAP_CREATE, "max_entries"), &u.attr, 1ull << 32),
	   "too_large_a_value_is_refused");
	ok(abi_put(abi_field(BPF_PROG_LOAD, "keyring_id"), &u.attr, (uint64_t)-3),
	   "a_negative_value_fits");
	memset(&u.attr, 0, sizeof(u));
	u.attr.map_type = BPF_MAP_TYPE_HASH;
	u.attr.btf_fd = 0x100;
	eq_int(abi_size(BPF_MAP_CREATE, &u.attr, sizeof(u)), 52,
	       "the_size_covers_the_last_field_that_is_set");
	abi_flags(abi_map_flags, BPF_F_NO_PREALLOC | BPF_F_MMAPABLE, false, text, sizeof(text));
	eq_str(text, "NO_PREALLOC|MMAPABLE", "flags_are_named");
	abi_flags(abi_map_flags, BPF_F_NO_PREALLOC | 1u << 30, false, text, sizeof(text));
	eq_str(text, "NO_PREALLOC|0x40000000", "a_flag_without_a_name_is_a_number");
	eq_int(abi_flags(abi_map_flags, 3, false, NULL, 0), 25, "the_length_is_told_without_room");
	abi_flags(abi_map_flags, 3, false, text, 5);
	eq_str(text, "NO_P", "what_does_not_fit_is_cut");
	abi_flags(abi_map_flags, 3, true, text, sizeof(text));
	eq_str(text, "BPF_F_NO_PREALLOC|BPF_F_NO_COMMON_LRU", "full_names_have_the_prefix");
}

int main(void)
{
	fields_lie_where_the_header_has_them(rows, N(rows),
					     "fields_of_bpf_attr_lie_where_the_header_has_them");
	fields_lie_where_the_header_has_them(
		perf_rows, N(perf_rows), "fields_of_perf_event_attr_lie_where_the_header_has_them");
	every_field_was_compared();
	commands_have_the_header_s_numbers();
	names_have_the_header_s_numbers();
	bits_are_where_the_compiler_puts_them();
	a_name_is_one_field();
	the_attr_says_which_member_is_meant();
	an_attr_is_read_and_written();
	return tap_done();
}
