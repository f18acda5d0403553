#!/bin/sh
# SPDX-License-Identifier: MIT
# However a run ends, nothing is left: no program, no probe, no pin, no child; and a full disk is an error.
. tests/tap.sh
need_tracefs
need_bpffs

# What the runs of this test left: processes that have its mark in their environment and fds of BPF, probes in tracefs,
# whose names end with the number of the process that made them, and pins. Others have runs of their own meanwhile.
export HEWN_UNDO="$tmp"
held() {
	for environ in $(grep -ls "HEWN_UNDO=$tmp" /proc/[0-9]*/environ); do ls -l "${environ%environ}fd" 2>/dev/null; done |
		grep -c 'bpf-prog\|bpf-map\|bpf_link\|perf_event'
}
probes() {
	cat /sys/kernel/tracing/kprobe_events /sys/kernel/tracing/uprobe_events 2>/dev/null | grep "hewn/[^ ]*_0*$(cat "$tmp/pid") "
}
pins() { find /sys/fs/bpf ! -path /sys/fs/bpf/hewn_undo; }
before_pins=$(pins)
unchanged() {
	is "$(probes)" '' "${1}: no probe is left"
	is "$(held)" 0 "${1}: no fd is left"
	is "$(pins)" "$before_pins" "${1}: no pin is left"
}

# marked COMMAND…: its number is in $tmp/pid.
# shellcheck disable=SC2016 # the inner shell's $$
marked() { sh -c 'echo $$ >"$0" && exec "$@"' "$tmp/pid" "$@"; }

# Whether it waits for records: then signals come through a file, and are blocked.
waits() { grep -q '^SigBlk:.*[1-9a-f]' "/proc/$(cat "$tmp/pid")/status"; }

object=$B/bpf/execs.bpf.o option=
if [ -e /sys/bus/event_source/devices/kprobe/type ]; then
	# through tracefs, where something could be left
	object=$B/bpf/opens.bpf.o option="--target $tmp/profile"
	"$hewn" profile "$object" | sed 's,^\(/sys/bus/event_source/devices/[ku]probe/[^ ]*\).*,no \1,' >"$tmp/profile"
fi

for signal in INT TERM HUP; do
	: >"$tmp/pid"
	# in a session of its own, as from a terminal: a shell's background job ignores SIGINT
	perl=$(command -v perl || :)
	if [ -n "$perl" ]; then set -- perl -e '$SIG{INT} = "DEFAULT"; exec @ARGV'; else set -- setsid; fi
	# shellcheck disable=SC2086
	marked "$@" "$hewn" run $option "$object" >"$tmp/out" 2>"$tmp/err" &
	pid=$!
	wait_for 20 waits
	[ "$(held)" -gt 0 ] && { [ -z "$option" ] || probes >/dev/null; }
	ok $? "what is there before SIG$signal is seen" || note "$(cat "$tmp/err")"
	kill -"$signal" "$(cat "$tmp/pid")"
	status=0
	wait "$pid" || status=$?
	is "$status" 0 "a_run_ends_in_order_on_SIG$signal" || note "$(cat "$tmp/err")"
	like "$(cat "$tmp/err")" 'records received' "and says what came before SIG$signal"
	unchanged "SIG$signal"
done

# who reads has enough
# shellcheck disable=SC2086
marked "$hewn" run $option "$object" -- sh -c 'for i in 1 2 3 4 5 6; do cat /etc/passwd >/dev/null; sleep 0.1; done' 2>"$tmp/err" | head -n 1 >"$tmp/out"
unchanged a_closed_pipe

# shellcheck disable=SC2086
status=0
marked "$hewn" run $option "$object" -- sh -c 'for i in 1 2 3; do cat /etc/passwd >/dev/null; done' >/dev/full 2>"$tmp/err" || status=$?
is "$status" 1 a_full_disk_is_an_error
like "$(cat "$tmp/err")" 'No space left' and_is_named
unchanged a_full_disk

# a log that cannot be written is an error too, and one that cannot be opened is one before anything is loaded
run "$hewn" load --log=/dev/full "$B/tests/bpf/minimal.bpf.o"
is "$status" 1 a_full_disk_fails_the_log
like "$err" 'cannot write the log' and_that_is_said
run "$hewn" load --log=/nonexistent/log "$B/tests/bpf/minimal.bpf.o"
is "$status$out" 1 no_place_for_a_log_is_said_first

run "$hewn" load --pin /sys/fs/bpf/hewn.dot "$B/tests/bpf/minimal.bpf.o"
is "$status" 1 a_folder_with_a_dot_is_refused
like "$err" 'no dot' and_a_hint_says_why

# what is opened must not get the number of a stream that came closed
status=0
"$hewn" load --log="$tmp/log" "$B/tests/bpf/minimal.bpf.o" >&- 2>"$tmp/err" || status=$?
is "$status" 1 a_closed_output_is_an_error
like "$(cat "$tmp/err")" 'Bad file descriptor' and_says_what_it_is
unlike "$(cat "$tmp/log")" '^WHAT' and_what_would_be_printed_is_in_no_file

# without /proc, only what it says is missing
if grep -q __asan_init "$hewn"; then
	skip what_is_loaded_is_listed_without_proc "sanitizers do not work without /proc"
	skip but_not_its_memory "sanitizers do not work without /proc"
else
	run unshare -m sh -c 'umount -l /proc && exec "$@"' sh "$hewn" load "$B/tests/bpf/hist.bpf.o"
	is "$status" 0 what_is_loaded_is_listed_without_proc || note "$err"
	unlike "$out" 'bytes' but_not_its_memory
fi

# a refused program after maps were made and pinned
mkdir -p /sys/fs/bpf/hewn_undo
run marked "$hewn" load --pin /sys/fs/bpf/hewn_undo/x "$B/tests/bpf/mistakes/unchecked_pointer.bpf.o"
is "$status" 1 a_refused_program_fails_the_load
[ ! -e /sys/fs/bpf/hewn_undo/x ]
ok $? and_the_folder_of_its_pins_is_gone
unchanged a_refused_program

# a pin that cannot be made after others were
run "$hewn" load --pin /sys/fs/bpf/hewn_undo "$B/tests/bpf/several.bpf.o"
is "$status" 0 pins_are_made || note "$err"
first=$(ls /sys/fs/bpf/hewn_undo)
[ -n "$first" ]
ok $? each_program_has_one || note "$out$err"
rm -f /sys/fs/bpf/hewn_undo/first
run "$hewn" load --pin /sys/fs/bpf/hewn_undo "$B/tests/bpf/several.bpf.o"
is "$status" 1 a_name_that_is_taken_fails_the_load
like "$err" 'exists already' and_says_which
[ ! -e /sys/fs/bpf/hewn_undo/first ]
ok $? and_the_pins_before_it_are_gone
rm -rf /sys/fs/bpf/hewn_undo

run "$hewn" load --pin "$tmp/not/there" "$B/tests/bpf/several.bpf.o"
like "$err" "there is no folder for $tmp/not/there" a_folder_below_none_is_named
run "$hewn" load --pin "$tmp/not-bpffs" "$B/tests/bpf/several.bpf.o"
is "$status" 1 a_folder_elsewhere_is_refused
like "$err" 'mount -t bpf' with_what_to_do

# an fd limit in the middle of it
run marked sh -c 'ulimit -n 6 && exec "$@"' sh "$hewn" run --for 0.1 "$B/bpf/execs.bpf.o"
is "$status" 1 no_more_fds_is_an_error
like "$err" 'hint .*ulimit -n' and_the_limit_is_named
unchanged no_more_fds
done_testing
