#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn explain without a kernel: the story of an object on its own bytes, and of a verifier's log.
. tests/tap.sh
object=$B/bpf/opens.bpf.o

run $hewn explain --no-load "$object"
is "$status" 0 an_object_is_explained
printf '%s\n' "$out" >"$tmp/story"
is "$(sed -n 's/^[0-9]*\. The //p' "$tmp/story" | tr '\n' ',')" \
	'file,sections,symbols,programs,relocations,maps,system calls,events,' chapters_follow_the_data
like "$out" '^ +0  7f 45 4c 46 .* magic' the_header_begins_with_the_bytes_of_the_file
like "$out" '^      before  18 0[0-9] 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ' a_relocation_before
like "$out" '^      after   18 1[0-9] 00 00 00 00 00 00 00 00 00 00 00 00 00 00 ' a_relocation_after
like "$out" 'its number is map\(calls\)' what_the_hole_is_filled_with
like "$out" '^ +0  01 00 00 00 +map_type: HASH$' an_attr_field_by_field
like "$out" '\?\? \?\? \?\? \?\? .*prog_fd = prog\(' what_only_the_run_knows_is_not_made_up
is "$(printf '%s\n' "$out" | grep -c '^  Call ')" "$($hewn plan --brief "$object" | grep -c '^ *[0-9]*  [a-z_]*[0-9]*(')" \
	each_call_of_the_plan_is_there

# "Here: FILE: FUNCTION(), …": what it says must be so.
like "$(cat "$tmp/story")" '^Here: loader/[a-z/.]*: [a-z_0-9]*\(\)' it_says_where_in_the_source
wrong=$(sed -n 's/^Here: //p' "$tmp/story" | tr ',' '\n' | sed 's/^ //' | while IFS=': ' read -r file function; do
	grep -q "[ *]${function%()}(" "$file" || echo "$file has no $function"
done)
is "$wrong" '' each_file_and_function_that_is_named_exists

for file in "$B"/bpf/*.bpf.o examples/*.basm; do
	run $hewn explain --no-load "$file"
	[ "$status" = 0 ] || fail "$file" "$out$err"
done
is "$(printf 'xxq' | $hewn explain --step --no-load "$object" | grep -c '^[0-9]*\. ')" 3 a_key_goes_on_and_q_ends
is "$($hewn explain --step --no-load "$object" </dev/null | grep -c '^[0-9]*\. ')" 1 without_keys_it_ends

printf 'no object' >"$tmp/none.o"
run $hewn explain "$tmp/none.o"
is "$status" 1 what_is_no_object_is_an_error
head -c 700 "$object" >"$tmp/cut.o"
run $hewn explain --no-load "$tmp/cut.o"
is "$status" 1 a_truncated_object_is_an_error
run $hewn explain --no-load "$B/tests/bpf/mistakes/static_map.bpf.o"
like "$out" '^3\. The symbols' what_can_be_told_of_a_mistake_is_told
is "$status" 1 and_then_the_error

refused=$(for log in tests/logs/*.txt; do
	$hewn explain --log "$log" >"$tmp/log" && grep -q '^  The cause: ' "$tmp/log" || echo "$log"
done)
is "$refused" '' each_kernels_log_has_a_cause
run $hewn explain --log tests/logs/null_map_value-5.10.txt
like "$out" '^  The instruction: 7$' a_log_names_the_instruction
like "$out" '^  The source: +v->a\+\+;$' and_the_line_of_source
run $hewn explain --log tests/logs/null_map_value-6.12.txt
like "$out" '^ +R0(_w)?=map_value_or_null' and_the_registers
like "$out" 'NULL, or an address inside a value of a map' in_plain_words
run $hewn explain --log LICENSE
is "$status" 1 what_is_no_log_is_an_error
run $hewn explain
is "$status" 2 an_object_is_wanted
done_testing
