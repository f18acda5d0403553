#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn run on the programs of bpf/: the events of a known workload, by their types, as text and as JSON.
. tests/tap.sh
need_tracefs
calls=$B/tests/kernel/calls

# execs: tracepoint, perf ring, a whole argv
run "$hewn" run "$B/bpf/execs.bpf.o" -- sh -c '/bin/echo "two words" last >/dev/null'
is "$status" 0 execs_runs || note "$err"
like "$out" '^ *PID +UID +COMM +ARGC +ARGV' the_fields_are_the_headings
like "$out" ' /bin/echo "two words" last$' argv_is_printed_whole || note "$out"
like "$err" 'execs: [0-9]+ records received, 0 lost' the_end_says_received_and_lost
run "$hewn" run --json "$B/bpf/execs.bpf.o" -- sh -c '/bin/echo "two words" last >/dev/null'
like "$out" '"argv":\["/bin/echo","two words","last"\]\}$' json_has_argv_as_an_array
many=$(i=0; while [ $i -lt 100 ]; do printf 'argument%d ' $i; i=$((i + 1)); done)
run "$hewn" run "$B/bpf/execs.bpf.o" -- sh -c "/bin/echo $many>/dev/null"
like "$out" 'argument0 .*argument99$' a_hundred_arguments_arrive

# when the ring has gone round, old records lie behind the new ones
run "$hewn" run --pages 1 "$B/bpf/execs.bpf.o" -- sh -c 'i=0; while [ $i -lt 60 ]; do
	/bin/true one; /bin/true one two2; /bin/true one two three33; i=$((i + 1)); done'
[ "$(printf '%s\n' "$out" | grep -c '[0-9]  /bin/true one two three33$')" -gt 2 ]
ok $? many_commands_are_seen_in_a_small_ring || note "$out"
is "$(printf '%s\n' "$out" | grep '[0-9]  /bin/true ' | grep -cvE ' /bin/true one( two2| two three33)?$')" 0 \
	what_lay_in_the_ring_before_is_no_argument

# counts: a hash map, printed while it runs and at the end
# shellcheck disable=SC2016 # the command's $0: what has been printed
run "$hewn" run --maps --interval 0.2 "$B/bpf/counts.bpf.o" -- \
	sh -c '/bin/true; for i in $(seq 200); do grep -q "^map counts" "$0" && break; sleep 0.1; done; /bin/true' "$tmp/out"
is "$status" 0 counts_runs || note "$err"
[ "$(printf '%s\n' "$out" | grep -c '^map counts')" -ge 2 ]
ok $? maps_are_printed_while_it_runs_and_at_the_end
like "$out" '^ +0 +[1-9][0-9]*$' root_has_executed_something

# a count, a time
run "$hewn" run --count 3 "$B/bpf/execs.bpf.o" -- sh -c 'for i in 1 2 3 4 5 6 7 8; do /bin/true; done; sleep 5'
is "$(printf '%s\n' "$out" | grep -vc PID)" 3 count_ends_after_so_many
run "$hewn" run --for 0.3 "$B/bpf/execs.bpf.o"
is "$status" 0 for_ends_after_this_time

# options may stand behind the object, and those of the command behind -- are its own
run "$hewn" run "$B/bpf/execs.bpf.o" --json -- sh -c '/bin/echo --maps >/dev/null'
like "$out" '"argv":\["/bin/echo","--maps"\]' options_stand_anywhere_before_the_dashes

# the command's status is told; a command that is not there is an error, and nothing stays
run "$hewn" run "$B/bpf/execs.bpf.o" -- sh -c 'exit 7'
is "$status" 0 the_commands_failure_is_not_ours
like "$err" 'ended with status 7' but_it_is_told
run "$hewn" run "$B/bpf/execs.bpf.o" -- /nonexistent
is "$status" 1 no_such_command_is_a_failure
like "$err" 'cannot run' and_says_so

# two who want the trace pipe: newer kernels let in one
exec 5</sys/kernel/tracing/trace_pipe
if (exec 6</sys/kernel/tracing/trace_pipe) 2>/dev/null; then
	skip a_trace_pipe_that_another_reads_is_busy "this kernel lets in both"
else
	run "$hewn" run --trace-pipe --for 0.1 "$B/bpf/execs.bpf.o"
	like "$err" 'EBUSY' a_trace_pipe_that_another_reads_is_busy || note "$err"
fi
exec 5<&-

if [ ! -e /sys/bus/event_source/devices/kprobe/type ]; then
	skip opens_runs "this kernel has no kprobes"
	skip hello_runs "this kernel has no kprobes"
	skip openclose_runs "this kernel has no kprobes"
	done_testing
fi

# opens: a kprobe and a kretprobe paired through a hash
run "$hewn" run "$B/bpf/opens.bpf.o" -- "$calls" open 40
is "$status" 0 opens_runs || note "$err"
is "$(printf '%s\n' "$out" | grep -c ' calls .* /etc/passwd$')" 20 each_open_is_seen_once || note "$out"
is "$(printf '%s\n' "$out" | grep -c ' calls .*-ENOENT  */nonexistent$')" 20 and_each_failure_with_its_errno

# hello: bpf_trace_printk. From 6.12 on, the first lines can be missed, so it says hello until that is seen.
# shellcheck disable=SC2016
run "$hewn" run --trace-pipe "$B/bpf/hello.bpf.o" -- \
	sh -c 'for i in $(seq 200); do /bin/true; grep -q "hello from pid" "$0" && break; sleep 0.1; done' "$tmp/out"
is "$status" 0 hello_runs || note "$err"
like "$out" 'hello from pid [0-9]+' the_trace_pipe_is_printed || note "$out$err"

# openclose: the same through a ring buffer
run "$hewn" run --json "$B/bpf/openclose.ringbuf.bpf.o" -- "$calls" open 10
is "$status" 0 openclose_runs || note "$err"
[ "$(printf '%s\n' "$out" | grep -c '"what":"OPEN".*"comm":"calls".*"path":"/etc/passwd"')" -eq 5 ]
ok $? each_open_comes_through_the_ring_buffer || note "$out"
[ "$(printf '%s\n' "$out" | grep -c '"what":"CLOSE".*"comm":"calls"')" -ge 5 ]
ok $? and_each_close
done_testing
