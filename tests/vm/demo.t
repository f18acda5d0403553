#!/bin/sh
# SPDX-License-Identifier: MIT
# The demo shows what it promises: live events of a kprobe with path and result, then the counts.
. tests/tap.sh
[ -x "$hewn" ] || skip_all "no $hewn yet"
said=$(tests/vm/kernel 6.1 2>&1) || skip_all "$(echo "$said" | tail -n 1)"

run sh examples/demo.sh
times >"$tmp/times" # of the processor, which others may have too
is "$status" 0 it_succeeds
is "$err" '' it_has_no_complaints
like "$out" '^demo: .*kernel' it_says_where_it_runs
events=$(echo "$out" | sed '/run .*counts/,$d')
n=$(echo "$events" | grep -cE ' (-E[A-Z]+|[0-9]+) +[^ ]*/')
[ "$n" -ge 20 ] || note "$n events"
[ "$n" -ge 20 ]; ok $? twenty_events_have_path_and_result
like "$events" ' [0-9]+ +/proc/version' a_file_that_was_opened_has_its_fd
like "$events" ' -ENOENT +/no/such/file' a_file_that_is_not_there_says_so
like "$events" ', 0 lost' nothing_was_lost
counts=$(echo "$out" | sed '1,/run .*counts/d')
like "$counts" '\b65534\b' the_counts_have_both_users
like "$(tail -n 1 "$tmp/times")" '^0m.* 0m' it_takes_less_than_a_minute

done_testing
