// SPDX-License-Identifier: MIT
/* loader/object/sections: what the names of sections mean, and which name was meant. */
#include <linux/bpf.h>

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
	ok(def && def->how == ATTACH_LATER && def->attach_type == BPF_TRACE_KPROBE_MULTI,
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

int main(void)
{
	names_find_their_rows();
	mistakes_find_the_nearest();
	table_is_sound();
	return tap_done();
}
