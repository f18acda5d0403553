#!/bin/sh
# SPDX-License-Identifier: MIT
# Every object that the compilers here make is planned, or says what it needs that is not done yet; stripped,
# truncated and foreign files say what is wrong with them.
. tests/tap.sh

[ -e "$B/tests/bpf/minimal.bpf.o" ] || { echo "1..0 # SKIP the objects of tests/bpf are not built (make test-bpf)"; exit 0; }

for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/*.bpf.o "$B"/tests/bpf-19/*.bpf.o; do
	[ -e "$object" ] || continue
	name=$(echo "${object#"$B"/}" | tr /.- _)
	run $hewn plan "$object"
	if [ "$status" = 0 ]; then
		pass "${name}_is_planned"
	elif printf '%s' "$err" | grep -qE 'nothing says of which|which cannot be read|there is no file'; then
		pass "${name}_says_what_this_machine_has_not_or_was_not_told"
	else
		fail "${name}_is_planned" "$out$err"
	fi
	# The order of records must not depend on the compiler's: twice the same bytes.
	$hewn plan "$object" >"$tmp/a" 2>&1
	$hewn plan "$object" >"$tmp/b" 2>&1
	cmp -s "$tmp/a" "$tmp/b"
	ok $? "${name}_is_planned_the_same_twice"
done

object=$B/tests/bpf/inner.bpf.o
strip=$(command -v llvm-strip || command -v llvm-strip-19)
if [ -n "$strip" ]; then
	"$strip" -g -o "$tmp/debug.o" "$object" && run $hewn plan "$tmp/debug.o"
	is "$status" 0 an_object_without_debug_information_is_planned
	"$strip" -s --keep-section=.BTF -o "$tmp/stripped.o" "$object" && run $hewn plan "$tmp/stripped.o"
	like "$out$err" 'no table of symbols' a_stripped_object_is_refused
	like "$out$err" 'was it stripped' and_the_hint_guesses_why
else
	skip a_stripped_object_is_refused "there is no llvm-strip"
fi

size=$(wc -c <"$object")
for part in 0 3 40 63 64 200 $((size / 2)) $((size - 1)); do
	head -c "$part" "$object" >"$tmp/short.o"
	run $hewn plan "$tmp/short.o"
	is "$status" 1 "an_object_cut_after_${part}_bytes_is_refused"
done
cp "$hewn" "$tmp/program"
run $hewn plan "$tmp/program"
like "$out$err" 'ELF machine .*, want 247 \(eBPF\)' a_program_for_a_processor_is_refused
run $hewn plan "$tmp"
like "$out$err" 'a folder' a_folder_is_refused
run $hewn plan tests/bpf/inner.bpf.c
like "$out$err" 'C source' source_is_refused
run $hewn plan "$tmp/nothing.o"
like "$out$err" 'No such file' a_missing_file_is_refused

done_testing
