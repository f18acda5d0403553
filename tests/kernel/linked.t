#!/bin/sh
# SPDX-License-Identifier: MIT
# Objects that a linker made of several files (`bpftool gen object`): functions and variables of one name, weak
# and hidden ones, and sections that both have.
. tests/tap.sh
need_root
need_command bpftool
need_bpffs
folder=/sys/fs/bpf/hewn-linked-$$
trap 'rm -rf "$tmp" "$folder"' EXIT

for dir in bpf bpf-19; do
	[ -e "$B/tests/$dir/link_a.bpf.o" ] || continue
	linked=$tmp/linked-$dir.o
	run bpftool gen object "$linked" "$B/tests/$dir/link_a.bpf.o" "$B/tests/$dir/link_b.bpf.o"
	if [ "$status" != 0 ]; then
		skip "${dir}_links" "this bpftool does not link them: $err"
		continue
	fi
	run "$hewn" load "$linked"
	is "$status" 0 "${dir}_loads_what_was_linked" || note "$err"
	ours=$(printf '%s\n' "$out" | awk '$1 == "prog" { print $4, $5 }' | sort)
	maps=$(printf '%s\n' "$out" | awk '$1 == "map" { print $4 }' | sort | tr '\n' ' ')
	is "$maps" ".data .data.own .rodata counts " "${dir}_has_each_section_once"
	run "$hewn" load --log "$linked"
	is "$(printf '%s\n' "$err" | grep -c 'bpf(BPF_MAP_CREATE')" 4 "${dir}_has_types_that_the_kernel_takes"
	run bpftool prog loadall "$linked" "$folder"
	theirs=$(for program in "$folder"/*; do
		bpftool prog show pinned "$program" | sed -n 's/.* name \([^ ]*\) .*tag \([0-9a-f]*\).*/\1 \2/p'
	done | sort)
	rm -rf "$folder"
	is "$ours" "$theirs" "${dir}_has_the_tags_of_libbpf"
done
done_testing
