#!/bin/sh
# SPDX-License-Identifier: MIT
# What an object may hold does what it should: variables, maps in maps, tail calls, callbacks, pins, rings.
# Others on this machine may make the same system calls meanwhile: counts are "at least", and what must add up may
# be looked at five times, for a call of theirs between the reading of two numbers.
. tests/tap.sh
need_root
need_tracefs
need_bpffs
calls=$B/tests/kernel/calls

# watch OBJECT [OPTION...]: seven calls of getpid(2) with the object attached, and its maps at the end, as JSON.
watch() {
	object=$dir/$1.bpf.o
	shift
	run "$hewn" run --maps --interval 60 --json "$@" "$object" -- "$calls" getpid 7
	[ "$status" -eq 0 ] || note "$err"
}

# value MAP [KEY] FIELD: a number out of the maps that were printed.
value() {
	if [ $# -eq 3 ]; then prefix="\"map\":\"$1\",\"key\":$2,"; else prefix="\"map\":\"$1\","; fi
	printf '%s\n' "$out" | grep -F "$prefix" | sed -n "s/.*\"$(eval "echo \$$#")\":\\([0-9]*\\).*/\\1/p" | tail -n 1
}

# A command whose parent, the reader, is stopped while more is produced than a ring of 8 pages can hold.
# shellcheck disable=SC2016 # the command's
unread='kill -STOP $PPID
	until grep -q "^State:.*T" /proc/$PPID/status; do :; done
	"$0" getpid 7
	kill -CONT $PPID'

for dir in "$B/tests/bpf" "$B/tests/bpf-19"; do
	[ -d "$dir" ] || continue
	by=${dir##*/}

	for _ in 1 2 3 4 5; do
		watch data
		n=$(($(value .data.extra extra) - 1))
		[ "$(value .bss hidden_zero)" != $((n * 5)) ] || break
	done
	[ "$n" -ge 7 ]
	ok $? "${by}_a_variable_counts"
	is "$(value .bss hidden_zero)" $((n * 5)) "${by}_static_variables_are_found_by_their_section"
	like "$out" '"answer":42' "${by}_variables_begin_with_their_value"
	like "$out" '"text":"text in .data"' "${by}_text_in_data_arrives"

	watch bss
	[ "$(value .bss here)" -ge 7 ]
	ok $? "${by}_a_bss_of_another_name_is_a_map_too"

	for _ in 1 2 3 4 5; do
		watch inner
		[ $(($(value right 0 value) % 101)) -ne 0 ] || break
	done
	case $(uname -m) in
	arm* | i?86)
		[ "$(value right 0 value)" -ge 700 ]
		ok $? "${by}_a_map_is_reached_through_an_outer_hash"
		skip "${by}_one_map_is_reached_through_two_outer_maps" \
			"32-bit kernels store the slots of an array of maps 4 bytes apart, and look 8 apart"
		;;
	*)
		is $(($(value right 0 value) % 101)) 0 "${by}_one_map_is_reached_through_two_outer_maps"
		[ "$(value right 0 value)" -ge 707 ]
		ok $? "${by}_each_time"
		;;
	esac
	is "$(value left 0 value)" 0 "${by}_the_map_in_another_slot_is_left_alone"

	watch tailcalls
	[ "$(value passed 2 value)" -ge 7 ]
	ok $? "${by}_a_tail_call_goes_to_the_program_in_its_slot"
	[ "$(value passed 1 value)" -ge 7 ]
	ok $? "${by}_a_tail_call_to_an_empty_slot_falls_through"

	if since 5.17 && case $(cat /proc/sys/net/core/bpf_jit_enable 2>/dev/null) in 1 | 2) ;; *) false ;; esac; then
		watch callbacks
		is "$(value .bss result)" 45 "${by}_a_callback_is_called_for_each_step"
	else
		skip "${by}_a_callback_is_called_for_each_step" "no bpf_loop() before 5.17, nor without a JIT"
	fi

	watch ringbuf
	typed=$(printf '%s\n' "$out" | grep -c '"number":[0-9]*,"when"')
	bare=$(printf '%s\n' "$out" | grep -c '"bytes":"')
	[ "$bare" -ge 7 ]
	ok $? "${by}_a_ring_without_a_type_is_shown_as_bytes"
	[ "$typed" -ge 6 ] && [ "$typed" -lt "$bare" ]
	ok $? "${by}_a_ring_with_a_type_by_its_fields"
	unlike "$out" '"number":(3|7),"when"' "${by}_discarded_records_are_stepped_over"

	watch perf
	[ "$(printf '%s\n' "$out" | grep -c '"cpu":')" -ge 7 ]
	ok $? "${by}_each_record_comes_through_the_perf_ring"

	for _ in 1 2 3 4 5; do
		run "$hewn" run --maps --interval 60 --json --pages 8 "$dir/flood.bpf.o" -- sh -c "$unread" "$calls"
		received=$(printf '%s\n' "$err" | sed -n 's/.*events: \([0-9]*\) records received.*/\1/p')
		lost=$(printf '%s\n' "$err" | sed -n 's/.*received, \([0-9]*\) lost.*/\1/p')
		[ $((received + lost)) -ne "$(value produced 0 value)" ] || break
	done
	is $((received + lost)) "$(value produced 0 value)" "${by}_received_and_lost_add_up_to_what_was_produced"
	[ "$lost" -gt 0 ]
	ok $? "${by}_a_small_ring_loses_some"

	rm -f /sys/fs/bpf/hewn_kept
	watch pinned
	before=$(value hewn_kept 0 value)
	watch pinned
	[ "$(value hewn_kept 0 value)" -ge $((before + 7)) ]
	ok $? "${by}_a_pinned_map_goes_on_where_it_was"
	[ "$(value hewn_dropped 0 value)" -lt $((before + 7)) ]
	ok $? "${by}_another_begins_anew"
	rm -f /sys/fs/bpf/hewn_kept

	run "$hewn" load "$dir/several.bpf.o"
	is "$(printf '%s\n' "$out" | grep -c '^prog ')" 4 "${by}_programs_of_one_section_are_told_apart"
	run "$hewn" load --all "$dir/several.bpf.o"
	is "$(printf '%s\n' "$out" | grep -c '^prog ')" 6 "${by}_optional_sections_are_loaded_when_asked_for"

	run "$hewn" run --maps --interval 60 "$dir/hist.bpf.o" -- "$calls" getppid 100
	like "$out" '[0-9] +\|\*+ *\|$' "${by}_a_histogram_is_drawn"

	run "$hewn" run "$dir/show.bpf.o" -- "$calls" getpid 1
	like "$out" '192\.0\.2\.1 .*2001:db8::1 .* -ENOENT .* ls -l "a b"$' "${by}_fields_are_printed_by_the_names_of_their_types"
done
done_testing
