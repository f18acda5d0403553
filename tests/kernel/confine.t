#!/bin/sh
# SPDX-License-Identifier: MIT
# A confined process makes the plan's calls, and dies at any other; it keeps no capability that it does not need.
. tests/tap.sh
need_root

run "$hewn" load --confine "$B/bpf/hello.bpf.o"
case $err in *sanitizers*) skip_all "this build has sanitizers, which make system calls of their own" ;; esac

# Whatever runs, runs confined too: also what is for the network, but does with pointers what takes CAP_PERFMON.
printf '.section tc\n.func length\n\tr2 = *(u32 *)(r1 + 76)\n\tr3 = *(u32 *)(r1 + 80)\n\tr3 -= r2\n\tr0 = 0\n\texit\n' >"$tmp/pointers.basm"
for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/minimal.bpf.o "$B"/tests/bpf/ringbuf.bpf.o "$B"/tests/bpf/data.bpf.o \
	"$B"/tests/bpf/perf_event.bpf.o "$B"/tests/bpf/uprobe.bpf.o "$B"/tests/bpf/raw_tp.bpf.o examples/*.basm "$tmp/pointers.basm"; do
	[ -e "$object" ] || continue
	name=$(basename "$object")
	run "$hewn" run --for 0.1 --maps "$object"
	if [ "$status" -eq 0 ]; then
		run "$hewn" run --confine --for 0.1 --maps "$object"
		is "$status" 0 "run_${name}_runs_confined" || note "$err"
	else
		skip "run_${name}_runs_confined" "it does not run here at all: $(printf '%s' "$err" | head -n 1)"
	fi
	run "$hewn" load "$object"
	if [ "$status" -eq 0 ]; then
		run "$hewn" load --confine --log="$tmp/log" "$object"
		is "$status" 0 "load_${name}_loads_confined" || note "$err"
	else
		skip "load_${name}_loads_confined" "it is not loaded here at all: $(printf '%s' "$err" | head -n 1)"
	fi
done

# What a failed step leaves to say is said: the file that tells it can be read.
run "$hewn" run --confine --for 0.1 --log --json "$B/tests/bpf/mistakes/missing_tracepoint.bpf.o"
is "$status" 1 a_confined_run_can_fail
like "$err" 'tracepoint|tracefs' and_says_why

# What is planted is found at that call.
planted=$B/tests/kernel/planted
object=$B/tests/bpf/perf_event.bpf.o
if [ -x "$planted" ]; then
	run env PLANT=call "$planted" run --for 0.1 "$B/bpf/execs.bpf.o"
	unlike "$err" 'not in the plan' an_extra_call_is_not_seen_without_it
	run env PLANT=call "$planted" load --confine "$B/bpf/execs.bpf.o"
	is "$status" 159 an_extra_system_call_ends_the_process_by_SIGSYS
	like "$err" '^hewn: getppid\(\) is not in the plan' and_is_named
	run env PLANT=cmd "$planted" load --confine "$B/bpf/execs.bpf.o"
	is "$status" 159 another_command_of_bpf_ends_it
	like "$err" '^hewn: bpf\(BPF_MAP_GET_NEXT_ID\) is not in the plan' and_is_named_too
	run env PLANT=loop "$planted" run --confine --for 0.1 "$B/bpf/execs.bpf.o"
	if [ "$status" -ne 1 ]; then
		is "$status" 159 what_the_steps_may_do_the_loop_may_not
		like "$err" '^hewn: bpf\(BPF_MAP_CREATE\) is not in the plan' and_that_is_said
	else
		skip what_the_steps_may_do_the_loop_may_not "execs cannot be attached here"
	fi
else
	skip what_is_planted_is_found "there is no $planted"
fi

# In the loop nothing is left: no capability, no new privileges, two filters.
object=$B/tests/bpf/raw_tp.bpf.o
"$hewn" run --confine --for 3 "$object" >/dev/null 2>"$tmp/err" &
pid=$!
filters() { [ "$(sed -n 's/^Seccomp_filters:[[:space:]]*//p' "/proc/$pid/status")" = "$1" ]; }
if since 5.9 && wait_for 3 filters 2; then
	state=$(cat "/proc/$pid/status")
	like "$state" '^CapEff:[[:space:]]*0000000000000000$' in_the_loop_it_has_no_capability
	like "$state" '^CapPrm:[[:space:]]*0000000000000000$' and_can_get_none_back
	like "$state" '^NoNewPrivs:[[:space:]]*1$' nor_by_exec
else
	since 5.9 && fail in_the_loop_it_has_two_filters "$(cat "$tmp/err")" || skip in_the_loop_it_has_two_filters "the kernel does not tell (before 5.9)"
fi
kill "$pid" 2>/dev/null
wait "$pid" 2>/dev/null || :

done_testing
