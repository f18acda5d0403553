// SPDX-License-Identifier: MIT
/* loader/object/sections: what the names of sections mean, and which name was meant. */
#include <dlfcn.h>
#include <linux/bpf.h>

#include "loader/abi/abi.h"
#include "loader/object/sections.h"
#include "tests/tap.h"

static void names_find_their_rows(void)
{
	const struct section_def *def;
	const char *target;

	def = section_find("kprobe/do_sys_openat2", &target);
	ok(def && def->how == ATTACH_KPROBE && def->prog_type == BPF_PROG_TYPE_KPROBE, "kprobe_is_a_kprobe");
	eq_str(target, "do_sys_openat2", "target_follows_the_slash");
	def = section_find("tracepoint/sched/sched_switch", &target);
	ok(def && def->how == ATTACH_TRACEPOINT, "tracepoint_is_a_tracepoint");
	eq_str(target, "sched/sched_switch", "target_may_have_slashes");
	def = section_find("kprobe", &target);
	ok(def && !target[0], "bare_kprobe_has_no_target");
	def = section_find("kprobe/", &target);
	ok(def && !target[0], "nothing_after_the_slash_is_no_target");
	def = section_find("kprobe.multi/x*", &target);
	ok(def && def->how == ATTACH_KPROBE_MULTI && def->attach_type == BPF_TRACE_KPROBE_MULTI,
	   "kprobe_multi_is_not_kprobe");
	def = section_find("uprobe.s//bin/bash:readline", &target);
	ok(def && def->flags & SEC_SLEEPABLE, "dot_s_sleeps");
	eq_str(target, "/bin/bash:readline", "target_may_begin_with_a_slash");
	def = section_find("cgroup_skb/ingress", &target);
	ok(def && def->attach_type == BPF_CGROUP_INET_INGRESS && def->flags & SEC_ATTACH_OPT,
	   "exact_name_with_a_slash_is_found");
	def = section_find("xdp.frags", &target);
	ok(def && def->flags & SEC_XDP_FRAGS, "xdp_frags_has_its_flag");
	def = section_find("lsm/file_open", &target);
	ok(def && def->flags & SEC_NEEDS_BTF_ID, "lsm_needs_a_btf_id");
	def = section_find("tc/mine", &target);
	ok(def && def->prog_type == BPF_PROG_TYPE_SCHED_CLS, "what_is_behind_the_slash_of_tc_says_nothing");
	def = section_find("xdp/devmap/mine", &target);
	ok(def && def->attach_type == BPF_XDP_DEVMAP, "the_longest_row_wins");
	ok(!section_find("perf_event/mine", &target), "where_it_would_say_something_it_must_be_known");
	ok(!section_find("kprobes/x", &target), "longer_name_is_another_name");
	ok(!section_find("", &target), "empty_name_is_nothing");
	ok(!section_find("Xdp", &target), "case_matters");
}

static void mistakes_find_the_nearest(void)
{
	eq_str(section_nearest("kprobes/do_exit"), "kprobe/", "a_letter_too_many");
	eq_str(section_nearest("kprbe/do_exit"), "kprobe/", "a_letter_too_few");
	eq_str(section_nearest("krpobe/do_exit"), "kprobe/", "two_letters_swapped");
	eq_str(section_nearest("tracepiont/sched/sched_switch"), "tracepoint/", "two_swapped_in_tracepoint");
	eq_str(section_nearest("xdp_prog"), "xdp", "something_stuck_on");
	eq_str(section_nearest("tracepoint:sched:sched_switch"), "tracepoint/", "colons_for_slashes");
	eq_str(section_nearest("socket_filter"), "socket", "the_type_for_the_name");
	eq_str(section_nearest("my_program"), NULL, "too_far_from_all");
	eq_str(section_nearest("cgroup/conect4"), "cgroup/connect4", "exact_names_are_compared_whole");
	eq_str(section_nearest(""), NULL, "nothing_is_near_to_nothing");
	eq_str(section_nearest("a very long name of a section that is longer than any in the table is"), NULL,
	       "too_long_is_near_to_nothing");
}

static void table_is_sound(void)
{
	uint32_t n = 0, twice = 0, lost = 0;
	const struct section_def *row;
	const char *target;

	for (; (row = section_row(n)); n++) {
		for (uint32_t i = 0; i < n; i++)
			twice += !strcmp(section_row(i)->pattern, row->pattern);
		lost += section_find(row->pattern, &target) != row;
	}
	ok(n > 110, "table_has_all_rows");
	eq_int(twice, 0, "no_row_is_there_twice");
	eq_int(lost, 0, "every_row_finds_itself");
}

/* clang-format off */
/*
 * The sections that objects use, as libbpf's documentation of program types has them: type of program, expected
 * type of attachment, and what is asked of PROG_LOAD: b an id in BTF, s it sleeps, x fragments, o the type of attachment
 * may be left out.
 */
static const struct {
	const char *pattern, *type, *attach, *flags;
} want[] = {
	{ "socket", "SOCKET_FILTER", "", "" },
	{ "sk_reuseport/migrate", "SK_REUSEPORT", "SK_REUSEPORT_SELECT_OR_MIGRATE", "" },
	{ "sk_reuseport", "SK_REUSEPORT", "SK_REUSEPORT_SELECT", "" },
	{ "kprobe/", "KPROBE", "", "" },
	{ "uprobe/", "KPROBE", "", "" },
	{ "uprobe.s/", "KPROBE", "", "s" },
	{ "kretprobe/", "KPROBE", "", "" },
	{ "uretprobe/", "KPROBE", "", "" },
	{ "uretprobe.s/", "KPROBE", "", "s" },
	{ "kprobe.multi/", "KPROBE", "TRACE_KPROBE_MULTI", "" },
	{ "kretprobe.multi/", "KPROBE", "TRACE_KPROBE_MULTI", "" },
	{ "kprobe.session/", "KPROBE", "TRACE_KPROBE_SESSION", "" },
	{ "uprobe.multi/", "KPROBE", "TRACE_UPROBE_MULTI", "" },
	{ "uretprobe.multi/", "KPROBE", "TRACE_UPROBE_MULTI", "" },
	{ "uprobe.session/", "KPROBE", "TRACE_UPROBE_SESSION", "" },
	{ "uprobe.multi.s/", "KPROBE", "TRACE_UPROBE_MULTI", "s" },
	{ "uretprobe.multi.s/", "KPROBE", "TRACE_UPROBE_MULTI", "s" },
	{ "uprobe.session.s/", "KPROBE", "TRACE_UPROBE_SESSION", "s" },
	{ "ksyscall/", "KPROBE", "", "" },
	{ "kretsyscall/", "KPROBE", "", "" },
	{ "usdt/", "KPROBE", "", "" },
	{ "usdt.s/", "KPROBE", "", "s" },
	{ "tc/ingress", "SCHED_CLS", "TCX_INGRESS", "" },
	{ "tc/egress", "SCHED_CLS", "TCX_EGRESS", "" },
	{ "tcx/ingress", "SCHED_CLS", "TCX_INGRESS", "" },
	{ "tcx/egress", "SCHED_CLS", "TCX_EGRESS", "" },
	{ "tc", "SCHED_CLS", "", "" },
	{ "classifier", "SCHED_CLS", "", "" },
	{ "action", "SCHED_ACT", "", "" },
	{ "netkit/primary", "SCHED_CLS", "NETKIT_PRIMARY", "" },
	{ "netkit/peer", "SCHED_CLS", "NETKIT_PEER", "" },
	{ "tracepoint/", "TRACEPOINT", "", "" },
	{ "tp/", "TRACEPOINT", "", "" },
	{ "tracepoint.s/", "TRACEPOINT", "", "s" },
	{ "tp.s/", "TRACEPOINT", "", "s" },
	{ "raw_tracepoint/", "RAW_TRACEPOINT", "", "" },
	{ "raw_tp/", "RAW_TRACEPOINT", "", "" },
	{ "raw_tracepoint.s/", "RAW_TRACEPOINT", "", "s" },
	{ "raw_tp.s/", "RAW_TRACEPOINT", "", "s" },
	{ "raw_tracepoint.w/", "RAW_TRACEPOINT_WRITABLE", "", "" },
	{ "raw_tp.w/", "RAW_TRACEPOINT_WRITABLE", "", "" },
	{ "tp_btf/", "TRACING", "TRACE_RAW_TP", "b" },
	{ "tp_btf.s/", "TRACING", "TRACE_RAW_TP", "bs" },
	{ "fentry/", "TRACING", "TRACE_FENTRY", "b" },
	{ "fmod_ret/", "TRACING", "MODIFY_RETURN", "b" },
	{ "fexit/", "TRACING", "TRACE_FEXIT", "b" },
	{ "fentry.s/", "TRACING", "TRACE_FENTRY", "bs" },
	{ "fmod_ret.s/", "TRACING", "MODIFY_RETURN", "bs" },
	{ "fexit.s/", "TRACING", "TRACE_FEXIT", "bs" },
	{ "fsession/", "TRACING", "TRACE_FSESSION", "b" },
	{ "fsession.s/", "TRACING", "TRACE_FSESSION", "bs" },
	{ "fsession.multi/", "TRACING", "TRACE_FSESSION_MULTI", "" },
	{ "fsession.multi.s/", "TRACING", "TRACE_FSESSION_MULTI", "s" },
	{ "fentry.multi/", "TRACING", "TRACE_FENTRY_MULTI", "" },
	{ "fexit.multi/", "TRACING", "TRACE_FEXIT_MULTI", "" },
	{ "fentry.multi.s/", "TRACING", "TRACE_FENTRY_MULTI", "s" },
	{ "fexit.multi.s/", "TRACING", "TRACE_FEXIT_MULTI", "s" },
	{ "freplace/", "EXT", "", "b" },
	{ "lsm/", "LSM", "LSM_MAC", "b" },
	{ "lsm.s/", "LSM", "LSM_MAC", "bs" },
	{ "lsm_cgroup/", "LSM", "LSM_CGROUP", "b" },
	{ "iter/", "TRACING", "TRACE_ITER", "b" },
	{ "iter.s/", "TRACING", "TRACE_ITER", "bs" },
	{ "syscall", "SYSCALL", "", "s" },
	{ "xdp.frags/devmap", "XDP", "XDP_DEVMAP", "x" },
	{ "xdp/devmap", "XDP", "XDP_DEVMAP", "" },
	{ "xdp.frags/cpumap", "XDP", "XDP_CPUMAP", "x" },
	{ "xdp/cpumap", "XDP", "XDP_CPUMAP", "" },
	{ "xdp.frags", "XDP", "XDP", "x" },
	{ "xdp", "XDP", "XDP", "o" },
	{ "perf_event", "PERF_EVENT", "", "" },
	{ "lwt_in", "LWT_IN", "", "" },
	{ "lwt_out", "LWT_OUT", "", "" },
	{ "lwt_xmit", "LWT_XMIT", "", "" },
	{ "lwt_seg6local", "LWT_SEG6LOCAL", "", "" },
	{ "sockops", "SOCK_OPS", "CGROUP_SOCK_OPS", "o" },
	{ "sk_skb/stream_parser", "SK_SKB", "SK_SKB_STREAM_PARSER", "o" },
	{ "sk_skb/stream_verdict", "SK_SKB", "SK_SKB_STREAM_VERDICT", "o" },
	{ "sk_skb/verdict", "SK_SKB", "SK_SKB_VERDICT", "o" },
	{ "sk_skb", "SK_SKB", "", "" },
	{ "sk_msg", "SK_MSG", "SK_MSG_VERDICT", "o" },
	{ "lirc_mode2", "LIRC_MODE2", "LIRC_MODE2", "o" },
	{ "flow_dissector", "FLOW_DISSECTOR", "FLOW_DISSECTOR", "o" },
	{ "cgroup_skb/ingress", "CGROUP_SKB", "CGROUP_INET_INGRESS", "o" },
	{ "cgroup_skb/egress", "CGROUP_SKB", "CGROUP_INET_EGRESS", "o" },
	{ "cgroup/skb", "CGROUP_SKB", "", "" },
	{ "cgroup/sock_create", "CGROUP_SOCK", "CGROUP_INET_SOCK_CREATE", "" },
	{ "cgroup/sock_release", "CGROUP_SOCK", "CGROUP_INET_SOCK_RELEASE", "" },
	{ "cgroup/sock", "CGROUP_SOCK", "CGROUP_INET_SOCK_CREATE", "o" },
	{ "cgroup/post_bind4", "CGROUP_SOCK", "CGROUP_INET4_POST_BIND", "" },
	{ "cgroup/post_bind6", "CGROUP_SOCK", "CGROUP_INET6_POST_BIND", "" },
	{ "cgroup/bind4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_BIND", "" },
	{ "cgroup/bind6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_BIND", "" },
	{ "cgroup/connect4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_CONNECT", "" },
	{ "cgroup/connect6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_CONNECT", "" },
	{ "cgroup/connect_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_CONNECT", "" },
	{ "cgroup/sendmsg4", "CGROUP_SOCK_ADDR", "CGROUP_UDP4_SENDMSG", "" },
	{ "cgroup/sendmsg6", "CGROUP_SOCK_ADDR", "CGROUP_UDP6_SENDMSG", "" },
	{ "cgroup/sendmsg_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_SENDMSG", "" },
	{ "cgroup/recvmsg4", "CGROUP_SOCK_ADDR", "CGROUP_UDP4_RECVMSG", "" },
	{ "cgroup/recvmsg6", "CGROUP_SOCK_ADDR", "CGROUP_UDP6_RECVMSG", "" },
	{ "cgroup/recvmsg_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_RECVMSG", "" },
	{ "cgroup/getpeername4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_GETPEERNAME", "" },
	{ "cgroup/getpeername6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_GETPEERNAME", "" },
	{ "cgroup/getpeername_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_GETPEERNAME", "" },
	{ "cgroup/getsockname4", "CGROUP_SOCK_ADDR", "CGROUP_INET4_GETSOCKNAME", "" },
	{ "cgroup/getsockname6", "CGROUP_SOCK_ADDR", "CGROUP_INET6_GETSOCKNAME", "" },
	{ "cgroup/getsockname_unix", "CGROUP_SOCK_ADDR", "CGROUP_UNIX_GETSOCKNAME", "" },
	{ "cgroup/sysctl", "CGROUP_SYSCTL", "CGROUP_SYSCTL", "" },
	{ "cgroup/getsockopt", "CGROUP_SOCKOPT", "CGROUP_GETSOCKOPT", "" },
	{ "cgroup/setsockopt", "CGROUP_SOCKOPT", "CGROUP_SETSOCKOPT", "" },
	{ "cgroup/dev", "CGROUP_DEVICE", "CGROUP_DEVICE", "o" },
	{ "struct_ops/", "STRUCT_OPS", "", "" },
	{ "struct_ops.s/", "STRUCT_OPS", "", "s" },
	{ "sk_lookup", "SK_LOOKUP", "SK_LOOKUP", "" },
	{ "netfilter", "NETFILTER", "NETFILTER", "" },
};
/* clang-format on */

static bool agrees(uint32_t i)
{
	const struct section_def *row;
	const char *type, *attach, *target;
	char flags[8];

	row = section_find(want[i].pattern, &target);
	if (!row || strcmp(row->pattern, want[i].pattern) != 0)
		return false;
	type = abi_name(abi_prog_types, row->prog_type);
	attach = row->attach_type ? abi_name(abi_attach_types, row->attach_type) : "";
	snprintf(flags, sizeof(flags), "%s%s%s%s", row->flags & SEC_NEEDS_BTF_ID ? "b" : "", row->flags & SEC_SLEEPABLE ? "s" : "",
		 row->flags & SEC_XDP_FRAGS ? "x" : "", row->flags & SEC_ATTACH_OPT ? "o" : "");
	if (type && attach && !strcmp(type, want[i].type) && !strcmp(flags, want[i].flags) &&
	    (!strcmp(attach, want[i].attach) || (!row->attach_type && !strcmp(want[i].attach, "CGROUP_INET_INGRESS"))))
		return true;
	printf("# %s: found %s %s %s, want %s %s %s\n", want[i].pattern, type ? type : "?", attach ? attach : "?", flags,
	       want[i].type, want[i].attach, want[i].flags);
	return false;
}

static void table_is_the_common_one(void)
{
	const uint32_t n = sizeof(want) / sizeof(want[0]);
	uint32_t n_rows = 0, wrong = 0;

	while (section_row(n_rows))
		n_rows++;
	for (uint32_t i = 0; i < n; i++)
		wrong += !agrees(i);
	eq_int(n_rows, n, "table_has_the_rows_that_are_common");
	eq_int(wrong, 0, "each_row_says_what_is_common");
}

/* What libbpf itself says, where it is installed: of the rows that its version knows. */
static void libbpf_says_the_same(void)
{
	void *lib = dlopen("libbpf.so.1", RTLD_NOW);
	void *symbol = lib ? dlsym(lib, "libbpf_prog_type_by_name") : NULL;
	int (*by_name)(const char *name, int *type, int *attach) = NULL;
	int (*set_print)(void *fn) = NULL;
	uint32_t known = 0, wrong = 0;
	const struct section_def *row;
	int type, attach;
	char name[64];

	if (!symbol) {
		tap_skip("libbpf_says_the_same", "libbpf is not installed");
		return;
	}
	memcpy(&by_name, &symbol, sizeof(symbol));
	symbol = dlsym(lib, "libbpf_set_print");
	memcpy(&set_print, &symbol, sizeof(symbol));
	if (set_print)
		set_print(NULL);
	for (uint32_t i = 0; (row = section_row(i)); i++) {
		const size_t len = strlen(row->pattern);

		snprintf(name, sizeof(name), "%s%s", row->pattern, row->pattern[len - 1] == '/' ? "x" : "");
		if (by_name(name, &type, &attach))
			continue;
		known++;
		wrong += (uint32_t)type != row->prog_type || (uint32_t)attach != row->attach_type;
		if ((uint32_t)type != row->prog_type || (uint32_t)attach != row->attach_type)
			printf("# %s: libbpf has %d %d\n", name, type, attach);
	}
	ok(known > 80, "libbpf_knows_most_rows");
	eq_int(wrong, 0, "libbpf_says_the_same");
	dlclose(lib);
}

int main(void)
{
	table_is_the_common_one();
	libbpf_says_the_same();
	names_find_their_rows();
	mistakes_find_the_nearest();
	table_is_sound();
	return tap_done();
}
