#!/bin/sh
# SPDX-License-Identifier: MIT
# CO-RE against the kernel that runs: what tests/bpf/core.bpf.c finds, and the same instructions as libbpf makes.
. tests/tap.sh
need_root
[ -e /sys/kernel/btf/vmlinux ] || skip_all "the kernel has no BTF"
since 5.8 || skip_all "raw tracepoints that read with these helpers came with 5.5"

field() { # NAME: of the one entry of the map
	printf '%s\n' "$out" | awk -v name="$1" '/KEY/ { for (i = 1; i <= NF; i++) if ($i == name) at = i; next }
		at { print $at; exit }'
}

for object in "$B/tests/bpf/core.bpf.o" "$B/tests/bpf-19/core.bpf.o"; do
	[ -e "$object" ] || continue
	short=${object#"$B"/tests/}
	run "$hewn" run --maps "$object" -- sh -c 'true; true; true'
	is "$status" 0 "${short}_runs" || note "$err"
	[ "$(field TGID)" -gt 0 ]
	ok $? "${short}_reads_a_number"
	[ "$(field COMM)" -gt 1 ]
	ok $? "${short}_reads_a_string"
	is "$(field IN_EXECVE)" 0 "${short}_reads_a_bitfield"
	is "$(field COMM_SIZE)" 16 "${short}_asks_for_the_size_of_a_field"
	is "$(field EXISTS) $(field NOT_THERE)" "1 0" "${short}_asks_whether_a_field_exists"
	is "$(field TYPE) $(field NO_TYPE)" "1 0" "${short}_asks_whether_a_type_exists"
	is "$(field HASH) $(field NO_ENUM)" "1 0" "${short}_asks_for_an_enumerator"
	if command -v bpftool >/dev/null; then
		is "$(field SIZE)" "$(bpftool btf dump file /sys/kernel/btf/vmlinux |
			sed -n "s/.*STRUCT 'task_struct' size=\([0-9]*\).*/\1/p" | head -n 1)" "${short}_asks_for_the_size_of_a_type"
	else
		skip "${short}_asks_for_the_size_of_a_type" "no bpftool here"
	fi
done

# listens: members of members, a bitfield, one that is there only with CONFIG_IPV6
run "$hewn" run --json "$B/bpf/listens.bpf.o" -- "$B/tests/kernel/calls" listen 2
is "$status" 0 listens_runs || note "$err"
ours=$(printf '%s\n' "$out" | grep '"comm":"calls"')
is "$(printf '%s\n' "$ours" | grep -c '"backlog":77.*"ipv4":"127.0.0.1"')" 2 members_are_found_by_their_names || note "$out"
like "$ours" '"port":[1-9]' the_port_is_a_number
like "$ours" '"reuseport":1,"ipv6only":0' bitfields_are_found
like "$ours" "\"netns\":$(readlink /proc/self/ns/net | tr -dc 0-9)," the_namespace_is_ours

# The same instructions as libbpf's, as the kernel has them after the load.
xlated() { # FOLDER: of each program pinned there; the ids of maps are of each load
	for prog in "$1"/*; do
		bpftool prog dump xlated pinned "$prog" opcodes 2>/dev/null | sed 's/id:[0-9]*/id:N/; /^ *[0-9a-f][0-9a-f] .*id/d
			/map\[/{n; s/.*/(of a map)/;}'
	done
}
pins=/sys/fs/bpf/hewn_core_$$
for object in "$B"/tests/bpf/core.bpf.o "$B"/tests/bpf-19/core.bpf.o "$B"/bpf/listens.bpf.o; do
	[ -e "$object" ] || continue
	short=${object#"$B"/}
	if ! command -v bpftool >/dev/null; then
		skip "${short}_has_the_instructions_of_libbpf" "no bpftool here"
		continue
	fi
	need_bpffs
	run bpftool prog loadall "$object" "$pins"
	is "$status" 0 "${short}_is_loaded_by_libbpf" || note "$err"
	theirs=$(xlated "$pins")
	rm -rf "$pins"
	run "$hewn" load --pin "${pins}_ours" "$object"
	is "$status" 0 "${short}_is_loaded" || note "$err"
	for map in "${pins}_ours"/*; do # not the maps
		bpftool prog show pinned "$map" >/dev/null 2>&1 || rm -f "$map"
	done
	ours=$(xlated "${pins}_ours")
	rm -rf "${pins}_ours"
	is "${ours:-none}" "$theirs" "${short}_has_the_instructions_of_libbpf"
done
done_testing
