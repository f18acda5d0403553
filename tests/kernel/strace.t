#!/bin/sh
# SPDX-License-Identifier: MIT
# What a plan says, what the run logs and what strace sees are the same calls with the same arguments, one to one; and a
# call or a byte that was planted is found. tests/vm/threeway.t does the same in guests.
. tests/tap.sh
need_root
need_command strace
! grep -q __asan_init "$hewn" || skip_all "this build has sanitizers, which make system calls of their own"
need_command perl
perl -MJSON::PP -e 1 2>/dev/null || skip_all "no perl with JSON::PP"

# trace HEWN load|run OBJECT OPTION…: sets $difference.
trace() {
	by=$1 what=$2 object=$3
	shift 3
	rm -f "$tmp/log" "$tmp/trace"
	difference='there is no trace'
	"$B/tests/kernel/pointed" "$tmp/pointed" strace -v -X raw -xx -s 256 -o "$tmp/trace" "$by" "$what" --json --log="$tmp/log" "$@" "$object" \
		>"$tmp/out" 2>"$tmp/err" </dev/null
	[ "$what" != load ] || set -- --load "$@"
	[ "$1" != --for ] || shift 2
	"$hewn" plan --json "$@" "$object" >"$tmp/plan" || return
	difference=$(tests/threeway "$tmp/plan" "$tmp/log" "$tmp/trace" "$tmp/pointed" 2>"$tmp/count")
}

three() {
	trace "$hewn" "$@"
	ok $? "$1 $(basename "$2"): $(cat "$tmp/count"), in the plan, the log and strace" || note "$difference"
}

for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/*.bpf.o examples/*.basm; do
	"$hewn" plan "$object" >/dev/null 2>&1 || continue # for another kernel
	three load "$object"
	three run "$object" --for 0.1
done

# A hidden call, a hidden command of bpf(2), a changed byte of an attr or of what it points to: each is found.
planted=$B/tests/kernel/planted
if [ -x "$planted" ]; then
	for plant in call cmd attr value btf insns func_info line_info; do
		PLANT=$plant
		export PLANT
		object=$B/tests/bpf/data.bpf.o
		[ $plant != attr ] || object=$B/tests/bpf/minimal.bpf.o
		trace "$planted" load "$object"
		isnt $? 0 "a planted $plant is found"
		case $plant in
		call) like "$difference" 'getppid' and_named ;;
		cmd) like "$difference" 'call that is in no plan|before the first step: bpf' and_shown ;;
		attr) like "$difference" 'max_entries=1, strace 2' and_told ;;
		*) like "$difference" "^step [0-9]+, byte [0-9]+, $plant .*: byte [0-9]+ of " "and the byte of $plant is named" ;;
		esac
		unset PLANT
	done
fi

# So is another call in the loop.
trace "$hewn" run "$B"/bpf/execs.bpf.o --for 0.1
is "$difference" '' what_the_loop_does_is_known
sed -i '0,/^epoll_wait/s/^epoll_wait.*/&\nppoll(NULL, 0, NULL, NULL, 0) = 0\n&/' "$tmp/trace"
like "$(tests/threeway "$tmp/plan" "$tmp/log" "$tmp/trace" "$tmp/pointed" 2>/dev/null)" '^in the loop: ppoll' another_wait_is_found

# The smallest object with a map and a tracepoint takes four calls of bpf(2) to load and attach.
if [ -d /sys/kernel/tracing/events ] || [ -d /sys/kernel/debug/tracing/events ]; then
	trace "$hewn" run "$B"/tests/bpf/minimal.bpf.o --for 0.1
	is "$(grep -c '^bpf(' "$tmp/trace")" 4 four_calls_of_bpf_load_and_attach_one_map_and_one_program
else
	skip four_calls_of_bpf_load_and_attach_one_map_and_one_program "tracefs is not mounted"
fi
done_testing
