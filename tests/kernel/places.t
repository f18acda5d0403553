#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs that go where a person says: a network device, a cgroup, a network namespace.
own_network=yes # others may have an XDP program on lo, and look sockets up
. tests/tap.sh
need_root
need_kernel 5.9 "links of network devices"
calls=$B/tests/kernel/calls

# value NAME: of a variable that --maps printed.
value() { printf '%s\n' "$out" | sed -n "s/^$1 = //p"; }

run "$hewn" run --for 0.1 --dev lo "$B/tests/bpf/xdp.bpf.o"
is "$status" 0 xdp_attaches_to_the_device || note "$err"
unlike "$err" 'nothing says where' and_nothing_is_said
run "$hewn" plan --brief --dev lo "$B/tests/bpf/xdp.bpf.o"
like "$out" 'BPF_LINK_CREATE.*target_ifindex=1' the_plan_has_the_number_of_the_device
run "$hewn" run --for 0.1 --dev no-such-dev0 "$B/tests/bpf/xdp.bpf.o"
is "$status" 1 another_name_is_refused
like "$err" 'no network device "no-such-dev0"' and_it_is_said

if since 6.6; then
	run "$hewn" run --maps --interval 100 --dev lo "$B/tests/bpf/tcx.bpf.o" -- "$calls" send 5
	is "$status" 0 tcx_attaches_to_the_device || note "$err"
	[ "$(value came)" -ge 5 ] && [ "$(value went)" -ge 5 ]
	ok $? it_sees_packets_both_ways || note "$out"
	[ "$(value old)" -ge 5 ]
	ok $? the_old_name_sees_what_comes_in
else
	skip tcx_attaches_to_the_device "tcx came with 6.6"
fi

mkdir "$tmp/mount"
cgroup=$tmp/mount/hewn-$$
if mount -t cgroup2 none "$tmp/mount" 2>/dev/null && mkdir "$cgroup" 2>/dev/null; then
	run "$hewn" run --for 0.1 --cgroup "$cgroup" "$B/tests/bpf/cgroup.bpf.o"
	is "$status" 0 cgroup_programs_attach || note "$err"
	unlike "$err" 'nothing says where' and_all_of_them_do
	if ! since 6.0 || [ ! -e /sys/kernel/btf/vmlinux ]; then
		skip lsm_cgroup_attaches "LSM programs of a cgroup came with 6.0"
	else
		run "$hewn" run --for 0.1 --cgroup "$cgroup" "$B/tests/bpf/lsm_cgroup.bpf.o"
		if [ "$status" -ne 0 ] && [ -z "${HEWN_GUEST:-}" ] && printf '%s' "$err" | grep -q EPERM; then
			skip lsm_cgroup_attaches "this kernel refuses LSM programs"
		else
			is "$status" 0 lsm_cgroup_attaches || note "$err"
		fi
	fi
	run "$hewn" run --for 0.1 --cgroup "$tmp" "$B/tests/bpf/cgroup.bpf.o"
	is "$status" 1 a_folder_that_is_no_cgroup_is_refused
	like "$err" 'no cgroup of version 2' and_that_is_said
	rmdir "$cgroup"
else
	skip cgroup_programs_attach "cgroup2 cannot be mounted, or no cgroup made"
fi
umount "$tmp/mount" 2>/dev/null

run "$hewn" run --maps --for 0.1 --netns /proc/self/ns/net "$B/tests/bpf/netns.bpf.o"
is "$status" 0 sk_lookup_attaches || note "$err"
is "$(value asked)" 0 nobody_asked
done_testing
