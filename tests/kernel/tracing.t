#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs tied to a type of the kernel's BTF: they run where the type says, and a name that is not there is explained.
. tests/tap.sh
need_root
need_bpffs
need_kernel 5.8 "iterators"
need_path /sys/kernel/btf/vmlinux "BTF of the kernel" 5.10
calls=$B/tests/kernel/calls

maps() {
	object=$1
	shift
	run "$hewn" run --maps --interval 100 "$B/tests/bpf/$object.bpf.o" -- "$@"
}

value() { printf '%s\n' "$out" | sed -n "s/^$1 = //p"; }

# refused PROGRAM OBJECT PATTERN NAME
refused() {
	run "$hewn" load --only "$1" "$B/tests/bpf/$2.bpf.o"
	is "$status" 1 "$4" || note "$out"
	like "$err" "$3" "and it is said why"
}

maps tp_btf "$calls" getppid 100
is "$status" 0 tracepoints_by_btf_attach || note "$err"
[ "$(value entered)" -ge 100 ]
ok $? they_run_at_each_call || note "$out"
[ "$(value left)" -ge 99 ]
ok $? and_at_each_return
run "$hewn" plan "$B/tests/bpf/tp_btf.bpf.o"
like "$out" 'attach_btf_id=[1-9]' the_plan_has_the_id

# The machine's own kernel may be built without trampolines.
maps fentry "$calls" open 40
if [ "$status" -ne 0 ] && [ -z "${HEWN_GUEST:-}" ] && printf '%s' "$err" | grep -q EPERM; then
	skip fentry_attaches "this kernel refuses programs at its functions"
	skip lsm_attaches "this kernel refuses LSM programs"
else
	is "$status" 0 fentry_fexit_and_fmod_ret_attach || note "$err"
	[ "$(value entered)" -ge 40 ]
	ok $? fentry_runs_at_each_call || note "$out"
	[ "$(value returned)" -ge 40 ]
	ok $? fexit_at_each_return
	[ "$(value modified)" -ge 20 ]
	ok $? fmod_ret_where_a_result_can_be_changed
	since 5.11 || lsm_sleeps='--only open'
	# shellcheck disable=SC2086 # options are words
	run "$hewn" run --maps --interval 100 ${lsm_sleeps:-} "$B/tests/bpf/lsm.bpf.o" -- "$calls" open 40
	is "$status" 0 lsm_attaches || note "$err"
	[ -e /sys/kernel/security/lsm ] || mount -t securityfs none /sys/kernel/security 2>/dev/null || :
	if grep -q bpf /sys/kernel/security/lsm 2>/dev/null; then
		[ "$(value opened)" -ge 20 ]
		ok $? the_hook_runs || note "$out"
	else
		skip the_hook_runs "lsm=…,bpf is not on the kernel's command line"
	fi
	# Ten arguments.
	printf '.section fentry/ip_make_skb\n.func many\n\tr0 = 0\n\texit\n' >"$tmp/many.basm"
	run "$hewn" run --for 0.1 "$tmp/many.basm"
	if [ "$(uname -m)" != x86_64 ]; then
		skip a_function_of_many_arguments "how many a trampoline takes differs by processor"
	elif since 6.6; then
		is "$status" 0 a_function_of_many_arguments || note "$err"
	else
		like "$err" 'of as many arguments as ip_make_skb has' a_function_of_many_arguments
	fi
fi

if since 7.0 && [ -n "${HEWN_GUEST:-}" ]; then
	run "$hewn" run --maps --interval 100 --only session "$B/tests/bpf/fentry_multi.bpf.o" -- "$calls" open 40
	is "$status" 0 a_session_attaches || note "$err"
	[ "$(value both)" -ge 80 ]
	ok $? it_runs_twice_a_call || note "$out"
else
	skip a_session_attaches "sessions of functions came with 7.0"
fi
if since 7.2 && [ -n "${HEWN_GUEST:-}" ]; then
	run "$hewn" run --maps --interval 100 --only enter --only leave "$B/tests/bpf/fentry_multi.bpf.o" -- "$calls" open 40
	is "$status" 0 many_functions_attach || note "$err"
	[ "$(value entered)" -ge 40 ] && [ "$(value returned)" -ge 40 ]
	ok $? the_programs_run_at_each || note "$out"
else
	skip many_functions_attach "many functions by one link came with 7.2"
fi

run "$hewn" run "$B/tests/bpf/iter.bpf.o"
is "$status" 0 an_iterator_runs_and_ends || note "$err"
is "$(printf '%s\n' "$out" | head -n 1)" 'a list of tasks' its_heading_comes_first
is "$(printf '%s\n' "$out" | tail -n 1)" 'that is all' its_end_last
[ "$(printf '%s\n' "$out" | wc -l)" -gt 4 ]
ok $? and_a_line_a_task
run "$hewn" run "$B/tests/bpf/iter.bpf.o" -- echo first
is "$(printf '%s\n' "$out" | head -n 1)" first with_a_command_it_runs_after_it
# More than one read(2) gives: the end of the command must not end the list.
tasks=
while [ "$(echo $tasks | wc -w)" -lt 400 ]; do sleep 60 & tasks="$tasks $!"; done
run "$hewn" run "$B/tests/bpf/iter.bpf.o" -- true
is "$(printf '%s\n' "$out" | tail -n 1)" 'that is all' a_long_list_is_whole
[ "$(printf '%s\n' "$out" | wc -c)" -gt 4096 ]
ok $? and_longer_than_a_read
kill $tasks
wait $tasks 2>/dev/null

refused mistaken tp_btf 'SEC\("tp_btf/sched_switch"\)' a_category_is_too_much
refused misspelled tp_btf '"sys_enter"\?' a_tracepoint_that_is_not_there
refused misspelled fentry 'no function "do_sys_openat22"' a_function_that_is_not_there
like "$err" '"do_sys_openat2"\?' the_nearest_is_named
refused elsewhere fentry 'module no_such_module' a_module_that_is_not_there
refused nowhere fentry 'SEC\("fentry/FUNCTION"\)' a_section_without_a_function
refused replaces fentry 'of another program' freplace_without_a_program
# A program's function is replaced by another program's.
pins=/sys/fs/bpf/hewn_replaced_$$
run "$hewn" load --pin $pins "$B/tests/bpf/replaced.bpf.o"
is "$status" 0 a_program_with_a_function_is_loaded || note "$err"
run "$hewn" load "$B/tests/bpf/freplace.bpf.o"
is "$status" 1 freplace_without_a_program_is_refused
like "$err" 'target-prog' and_what_is_missing_is_said
run "$hewn" run --for 0.1 --target-prog $pins/asks "$B/tests/bpf/freplace.bpf.o"
if [ "$status" -ne 0 ] && [ -z "${HEWN_GUEST:-}" ] && printf '%s' "$err" | grep -q EPERM; then
	skip freplace_attaches_to_a_program "this kernel refuses programs at functions of others"
else
	is "$status" 0 freplace_attaches_to_a_program || note "$err"
fi
run "$hewn" plan --target-prog $pins/asks "$B/tests/bpf/freplace.bpf.o"
like "$out" 'attach_prog_fd=program\(' the_plan_has_its_fd
like "$out" 'program [0-9]* function verdict +[1-9]' its_function_is_a_fact
run "$hewn" freeze --target-prog $pins/asks -o "$tmp/freplace.c" "$B/tests/bpf/freplace.bpf.o"
is "$status" 0 it_can_be_frozen || note "$err"
run "$hewn" profile --target-prog $pins/asks "$B/tests/bpf/freplace.bpf.o"
like "$out" 'program [0-9]* function verdict' and_its_facts_written_down || note "$err"
run "$hewn" load --target-prog $pins/asks "$B/tests/bpf/fentry.bpf.o" --only misspelled
like "$err" 'do_sys_openat2' other_names_are_the_kernels
run "$hewn" load --target-prog 4000000000 "$B/tests/bpf/freplace.bpf.o"
is "$status" 1 a_number_of_no_program_is_refused
rm -r $pins
done_testing
