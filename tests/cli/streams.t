#!/bin/sh
# SPDX-License-Identifier: MIT
# Standard streams and files that are no good: a full disk is an error, a reader who has enough is none.
. tests/tap.sh
object=$B/bpf/opens.bpf.o

# each COMMAND...: what it prints goes to a full disk, and to a pipe that nobody reads: fd 3, opened while fd 4 read it.
mkfifo "$tmp/pipe"
exec 4<>"$tmp/pipe"
exec 3>"$tmp/pipe"
exec 4>&-
each() {
	status=0
	"$hewn" "$@" >/dev/full 2>"$tmp/err" || status=$?
	is "$status $(cat "$tmp/err")" '1 hewn: cannot write the output: No space left on device' "a_full_disk_fails_$1_once"
	status=0
	"$hewn" "$@" >&3 2>"$tmp/err" || status=$?
	is "$status$(cat "$tmp/err")" 0 "a_closed_pipe_is_no_failure_of_$1"
}
each --version
each run --help
each plan "$object"
each explain --no-load "$object"
each profile
each disasm "$object"
each asm --hex examples/arp.basm

mkdir "$tmp/folder.basm"
for command in plan explain disasm asm "plan --diff $object"; do
	# shellcheck disable=SC2086
	run "$hewn" $command "$tmp/folder.basm"
	like "$err" 'EISDIR' "a_folder_is_called_one_by_$command"
done

run "$hewn" plan "$object"
want=$out
status=0
out=$("$hewn" plan - <"$object") || status=$?
is "$status $out" "0 $want" an_object_may_come_from_standard_input

# a limit of a file's size stands for a disk that fills up
status=0
err=$(
	trap '' XFSZ
	ulimit -f 0
	exec "$hewn" asm -o "$tmp/arp.o" examples/arp.basm 2>&1
) || status=$?
is "$status" 1 an_object_that_cannot_be_written_is_a_failure
like "$err" 'arp.o cannot be written: File too large' and_says_why
[ ! -e "$tmp/arp.o" ]
ok $? and_half_of_it_is_not_left

# no nanosecond at all would be for ever, and maps would be printed without a pause
for time in 0 1e-12 1e12 -1 1s ''; do
	run timeout 5 "$hewn" run --for "$time" "$tmp/none.o"
	is "$status" 2 "a run is not for '$time' seconds"
done
done_testing
