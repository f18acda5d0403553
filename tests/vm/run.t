#!/bin/sh
# SPDX-License-Identifier: MIT
# The runner of guests tells the truth: status, output, death, time limit, warnings. Runs on this machine.
. tests/tap.sh

kernel=${1:-6.1}
said=$(tests/vm/kernel "$kernel" 2>&1) || skip_all "$(echo "$said" | tail -n 1)"
guest() { run tests/vm/run "$@"; }
mkdir "$tmp/left"
export TMPDIR="$tmp/left"

start=$(date +%s)
guest "$kernel" sh -c 'printf "a\tb\r\nc\001\377\n"; echo "it'"'"'s \$1: $1" >&2; exit 42' - 'x  y'
limit=$((($(date +%s) - start) * 3 + 10)) # seconds, of which it takes less to boot here now
is "$status" 42 status_comes_back
is "$(printf %s "$out" | od -An -c | tr -d '\n')" "$(printf 'a\tb\r\nc\001\377\nit'"'"'s $1: x  y' | od -An -c | tr -d '\n')" \
	output_comes_back_byte_for_byte
is "$err" '' success_is_silent

guest "$kernel" sh -c '[ -t 1 ] || echo no'
is "$out" no no_terminal_outside_is_none_inside

guest "$kernel" sh -c 'sleep 600 & echo on'
is "$status$out" 0on what_the_command_left_running_ends_with_it

echo 'echo brought "$0"' >"$tmp/script"
guest -f "$tmp/script" -f Makefile "$kernel" sh -c 'sh '"$tmp/script"' && head -n 1 Makefile'
is "$out" "brought $tmp/script
$(head -n 1 Makefile)" files_come_along_to_their_own_places

guest -t $limit "$kernel" sh -c 'echo early; sleep 600'
is "$status" 124 time_limit_is_124
is "$out" early output_before_the_limit_is_kept
like "$err" "the time limit of $limit seconds passed" time_limit_is_named

guest "$kernel" sh -c 'echo c >/proc/sysrq-trigger'
is "$status" 125 panic_is_125
like "$err" 'Kernel panic - not syncing: sysrq' panic_is_named
like "$err" '\| .*Call Trace' end_of_the_kernel_log_is_shown

guest "$kernel" sh -c 'echo "<4>------------[ cut here ]------------" >/dev/kmsg'
is "$status" 125 kernel_warning_fails_the_run
like "$err" 'warned of a fault; the status of the command was 0' kernel_warning_is_named

guest -x 'hewn.test=1' "$kernel" cat /proc/cmdline
like "$out" 'hewn\.test=1' kernel_arguments_are_passed

guest 1.0 true
is "$status" 125 unknown_kernel_is_125
run env HEWN_CACHE="$tmp" PATH="$tmp/none" /bin/sh tests/vm/kernel "$kernel"
isnt "$status" 0 a_kernel_that_cannot_be_had_is_no_success

tests/vm/run "$kernel" sleep 600 >/dev/null 2>&1 &
job=$!
started() { grep -ls "[/]${TMPDIR#/}" /proc/[0-9]*/cmdline | grep -q .; }
ended() { ! started; }
wait_for 20 started
ok $? a_guest_is_a_process_that_is_found
kill -TERM $job
wait $job
is $? 143 a_signal_ends_the_run
is "$(ls "$TMPDIR")" '' no_file_is_left_behind
wait_for 5 ended
is "$(grep -ls "[/]${TMPDIR#/}" /proc/[0-9]*/cmdline)" '' no_process_is_left_behind

done_testing
