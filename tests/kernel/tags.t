#!/bin/sh
# SPDX-License-Identifier: MIT
# A program is the same instructions whether hewn loads it or libbpf: the kernel gives both the same tag. It is a
# digest of all the instructions with the fds left out, so subprograms and their order, calls, and the addresses of
# variables and functions count.
. tests/tap.sh
need_bpffs
need_command bpftool
since 5.17 || skip_all "some of the objects need 5.17"
folder=/sys/fs/bpf/hewn-tags-$$
trap 'rm -rf "$tmp" "$folder"; rm -f /sys/fs/bpf/hewn_kept' EXIT

# by_bpftool OBJECT: a line a program, NAME TAG; nothing where bpftool's libbpf cannot load it.
by_bpftool() {
	bpftool prog loadall "$1" "$folder" >/dev/null 2>&1 || return 0
	for program in "$folder"/*; do
		[ ! -e "$program" ] || bpftool prog show pinned "$program" | sed -n 's/.* name \([^ ]*\) .*tag \([0-9a-f]*\).*/\1 \2/p'
	done | sort
	rm -rf "$folder"
}

for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/*.bpf.o "$B"/tests/bpf-19/*.bpf.o; do
	[ -e "$object" ] || continue
	name=$(echo "${object#"$B"/}" | tr /.- _)
	rm -f /sys/fs/bpf/hewn_kept
	want=$(by_bpftool "$object")
	rm -f /sys/fs/bpf/hewn_kept
	run $hewn load "$object"
	if [ -z "$want" ]; then
		skip "${name}_has_the_same_tags" "this bpftool does not load it"
	elif [ "${object##*/}" = exception.bpf.o ] && ! since 6.7; then
		skip "${name}_has_the_same_tags" "exceptions came with 6.7; this bpftool's libbpf does not know them"
	elif [ "${object##*/}" = kfunc.bpf.o ]; then
		# a weak function that is missing: hewn has a marker there, as libbpf from 1.2 on; this one has zeros
		skip "${name}_has_the_same_tags" "this bpftool's libbpf leaves no marker where a weak function is missing"
	else
		is "$(printf '%s\n' "$out" | awk '$1 == "prog" { print $4, $5 }' | sort)" "$want" "${name}_has_the_same_tags"
	fi
done

done_testing
