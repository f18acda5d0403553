#!/bin/sh
# SPDX-License-Identifier: MIT
# Each way to attach: the program runs as often as what it is attached to happens, and is gone afterwards.
. tests/tap.sh
need_tracefs
calls=$B/tests/kernel/calls

# maps OBJECT COMMAND...: runs it, and leaves its maps as text in $out.
maps() {
	object=$1
	shift
	run "$hewn" run --maps --interval 100 "$object" -- "$@"
}

# value NAME: of a variable that --maps printed.
value() { printf '%s\n' "$out" | sed -n "s/^$1 = //p"; }

# Probes in a file of tracefs whose hewn has ended. Others may have theirs there, and be about to take them away.
left() {
	sed -n 's,^[^ ]*hewn/[^ ]*_0*\([0-9]*\) .*,\1,p' "$1" | while read -r number; do
		[ -e "/proc/$number" ] || echo "$number"
	done
}
gone() { [ -z "$(left "$1")" ]; }

kprobes() { # kprobes NAME [OPTION...]
	name=$1
	shift
	run "$hewn" run --maps --interval 100 "$@" "$B/tests/bpf/kprobe.bpf.o" -- "$calls" open 40
	is "$status" 0 "$name" || note "$err"
	[ "$(value entered)" -ge 40 ]
	ok $? "${name}: the kprobe ran at each open" || note "$out"
	[ "$(value returned)" -ge 40 ]
	ok $? "${name}: the kretprobe at each return"
	[ "$(value called)" -ge 20 ]
	ok $? "${name}: ksyscall found the system call by its name"
	[ "$(value came_back)" -ge 20 ]
	ok $? "${name}: kretsyscall too"
}

if [ -e /sys/bus/event_source/devices/kprobe/type ]; then
	kprobes the_pmu_attaches_kprobes

	# A kernel without the PMU has the probes through tracefs. Told so by a profile, this one must do it too.
	"$hewn" profile "$B/tests/bpf/kprobe.bpf.o" | sed 's,^\(/sys/bus/event_source/devices/[ku]probe/[^ ]*\).*,no \1,' >"$tmp/profile"
	kprobes tracefs_attaches_kprobes --target "$tmp/profile"
	wait_for 5 gone /sys/kernel/tracing/kprobe_events
	is "$(left /sys/kernel/tracing/kprobe_events)" '' tracefs_probes_are_gone_afterwards
	run "$hewn" plan --brief --target "$tmp/profile" "$B/tests/bpf/kprobe.bpf.o"
	like "$out" 'write.*p:hewn/enter_<pid>' the_plan_says_so
else
	skip the_pmu_attaches_kprobes "this kernel has no kprobes"
fi

if [ -e /sys/bus/event_source/devices/uprobe/type ]; then
	grep -q /ld-linux "$calls" || libc=static
	if [ -z "${libc:-}" ] && [ -n "$(ls /lib/*/libc.so.6 /lib64/libc.so.6 2>/dev/null)" ]; then
		maps "$B/tests/bpf/uprobe.bpf.o" "$calls" getppid 30
		is "$status" 0 uprobes_attach || note "$err"
		[ "$(value entered)" -ge 30 ]
		ok $? the_uprobe_ran_at_each_call || note "$out"
		[ "$(value returned)" -ge 30 ]
		ok $? the_uretprobe_at_each_return
		if [ -e /sys/kernel/tracing/uprobe_events ]; then
			"$hewn" profile "$B/tests/bpf/uprobe.bpf.o" | sed 's,^\(/sys/bus/event_source/devices/[ku]probe/[^ ]*\).*,no \1,' >"$tmp/profile"
			run "$hewn" run --maps --interval 100 --target "$tmp/profile" "$B/tests/bpf/uprobe.bpf.o" -- "$calls" getppid 30
			is "$status" 0 tracefs_attaches_uprobes || note "$err"
			[ "$(value entered)" -ge 30 ]
			ok $? tracefs_uprobe_ran_at_each_call || note "$out"
			wait_for 5 gone /sys/kernel/tracing/uprobe_events
			is "$(left /sys/kernel/tracing/uprobe_events)" '' tracefs_uprobes_are_gone_afterwards
		fi
	else
		skip uprobes_attach "the programs here are static"
	fi
fi

maps "$B/tests/bpf/raw_tp.bpf.o" "$calls" getppid 100
is "$status" 0 raw_tracepoints_attach || note "$err"
[ "$(value entered)" -ge 100 ]
ok $? raw_tracepoint_ran_at_each_call

maps "$B/tests/bpf/minimal.bpf.o" "$calls" getppid 1
is "$status" 0 tracepoints_attach || note "$err"

maps "$B/tests/bpf/perf_event.bpf.o" sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done'
is "$status" 0 sampling_attaches || note "$err"
[ "$(value n_samples)" -ge 1 ]
ok $? the_sampled_program_ran || note "$out"

# a bare section, and one whose attachment is the business of whoever has the device
run "$hewn" run --for 0.1 "$B/tests/bpf/xdp.bpf.o"
is "$status" 0 what_nothing_says_how_to_attach_is_loaded
like "$err" 'nothing says where to attach' and_that_is_said
done_testing
