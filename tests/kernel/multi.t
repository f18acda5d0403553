#!/bin/sh
# SPDX-License-Identifier: MIT
# Many probes by one link: patterns are resolved when the plan is made, and the program runs at each place.
. tests/tap.sh
need_tracefs
calls=$B/tests/kernel/calls

# maps OBJECT COMMAND...: runs it, and leaves its maps as text in $out.
maps() {
	object=$1
	shift
	# shellcheck disable=SC2086 # options are words
	run "$hewn" run --maps --interval 100 ${options:-} "$object" -- "$@"
}

value() { printf '%s\n' "$out" | sed -n "s/^$1 = //p"; }

if ! since 6.6; then
	skip uprobe_multi_attaches "links on many uprobes came with 6.6"
elif grep -q /ld-linux "$calls" && [ -n "$(ls /lib/*/libc.so.6 /lib64/libc.so.6 2>/dev/null)" ]; then
	since 6.13 && options=--all
	maps "$B/tests/bpf/uprobe_multi.bpf.o" "$calls" getppid 30
	is "$status" 0 uprobe_multi_attaches || note "$err"
	[ "$(value entered)" -ge 30 ]
	ok $? the_pattern_found_the_function || note "$out"
	[ "$(value returned)" -ge 30 ]
	ok $? the_other_its_return
	[ "$(value one)" -ge 30 ]
	ok $? a_name_without_a_pattern_too
	if since 6.13; then
		[ "$(value both)" -ge 60 ]
		ok $? a_session_runs_twice_a_call || note "$out"
	fi
	run "$hewn" plan --brief "$B/tests/bpf/uprobe_multi.bpf.o"
	like "$out" 'offsets=\[0x.*cnt=' the_plan_has_the_offsets || note "$out"
	run "$hewn" plan --json "$B/tests/bpf/uprobe_multi.bpf.o"
	like "$out" '"uprobes libc.so.6:getppi\*":"/' and_they_are_facts
	"$hewn" profile "$B/tests/bpf/uprobe_multi.bpf.o" >"$tmp/profile"
	run "$hewn" plan --target "$tmp/profile" "$B/tests/bpf/uprobe_multi.bpf.o"
	is "$status" 0 a_recorded_target_answers_too || note "$err"
else
	skip uprobe_multi_attaches "the programs here are static"
fi

list=/sys/kernel/tracing/available_filter_functions
if [ ! -e /sys/bus/event_source/devices/kprobe/type ] || [ ! -e $list ]; then
	skip kprobe_multi_attaches "this kernel has no kprobes"
elif ! since 5.18; then
	skip kprobe_multi_attaches "links on many kprobes came with 5.18"
else
	options=
	since 6.10 && options=--all
	maps "$B/tests/bpf/kprobe_multi.bpf.o" "$calls" open 40
	if printf '%s' "$err" | grep -q CONFIG_FPROBE; then
		skip kprobe_multi_attaches "this kernel is built without CONFIG_FPROBE" 6.12
	else
		is "$status" 0 kprobe_multi_attaches || note "$err"
		[ "$(value entered)" -ge 40 ]
		ok $? the_pattern_found_functions || note "$out"
		[ "$(value returned)" -ge 40 ]
		ok $? and_their_returns
		[ "$(value one)" -ge 40 ]
		ok $? a_name_needs_no_list
		if since 6.10; then
			[ "$(value both)" -ge 80 ]
			ok $? a_kernel_session_runs_twice_a_call || note "$out"
		fi
	fi
	run "$hewn" plan "$B/tests/bpf/kprobe_multi.bpf.o"
	like "$out" 'syms=\["' the_plan_names_the_functions || note "$out"
fi
done_testing
