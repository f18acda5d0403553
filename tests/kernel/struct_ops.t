#!/bin/sh
# SPDX-License-Identifier: MIT
# Structs of the kernel whose function pointers are programs: congestion controls of TCP, registered by a map alone
# or by a link, and gone again at the end.
. tests/tap.sh
need_root
need_kernel 6.4 "links of struct_ops"
need_path /sys/kernel/btf/vmlinux "BTF of the kernel"
known=/proc/sys/net/ipv4/tcp_available_congestion_control
case $(cat /proc/sys/net/core/bpf_jit_enable 2>/dev/null) in 1 | 2) ;; *) skip_all "struct_ops wants a JIT" ;; esac

for object in "$B/tests/bpf/struct_ops.bpf.o" "$B/tests/bpf-19/struct_ops.bpf.o"; do
	[ -e "$object" ] || continue
	name=$(echo "${object#"$B"/}" | tr /.- _)
	mine=hewn_
	if [ -z "${HEWN_GUEST:-}" ]; then # the names are this machine's: another run of this test may have them
		mine=$(printf 'h%04d' $(($$ % 10000)))
		sed "s/hewn_\(plain\|linked\|optional\)/$mine\1/g" "$object" >"$tmp/object.bpf.o"
		object=$tmp/object.bpf.o
	fi
	run "$hewn" load "$object"
	is "$status" 0 "${name}_loads" || note "$err"
	is "$(printf '%s\n' "$out" | awk '{ print $1, $4 }' | tr '\n' ' ')" \
		"WHAT NAME map plain map linked prog ssthresh prog undo_cwnd prog cong_avoid " "${name}_without_what_is_optional"
	unlike "$(cat $known)" "$mine" "${name}_is_not_registered_by_loading"
	run "$hewn" run "$object" -- cat $known
	is "$status" 0 "${name}_runs" || note "$err"
	like "$out" "${mine}plain.* ${mine}linked" "${name}_is_registered"
	unlike "$out" "${mine}optional" "${name}_but_not_what_is_optional"
	unlike "$(cat $known)" "$mine" "${name}_is_gone_at_the_end"
	run "$hewn" run --all "$object" -- cat $known
	like "$out" "${mine}optional" "${name}_what_is_optional_on_request"
	run "$hewn" load --only on_request --only undo_cwnd --only cong_avoid "$object"
	is "$status" 0 "${name}_a_program_by_its_name_brings_its_map" || note "$err"
	like "$out" ' optional' "${name}_which_is_loaded"
	run "$hewn" run --for 0.1 --only beside "$object"
	is "$status" 0 "${name}_is_not_registered_without_its_programs" || note "$err"
done
done_testing
