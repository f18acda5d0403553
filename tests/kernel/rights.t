#!/bin/sh
# SPDX-License-Identifier: MIT
# A process without rights is told which it lacks. Not as root; with a small limit of locked memory; in a user
# namespace; and a pin outside of a bpffs.
# shellcheck disable=SC3045 # dash and busybox have ulimit -l
. tests/tap.sh
need_root
object=$B/bpf/counts.bpf.o

# as_nobody COMMAND…: as a user without rights. busybox has no setpriv for that, but su, which wants a name.
as_nobody() {
	if [ -z "${HEWN_GUEST:-}" ]; then
		setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
	else
		grep -q '^nobody:' /etc/passwd 2>/dev/null || echo 'nobody:x:65534:65534::/:/bin/sh' >>/etc/passwd
		su -s /bin/sh nobody -c "$*"
	fi
}

run as_nobody "$hewn" plan "$object"
is "$status" 0 a_plan_needs_no_rights
run as_nobody "$hewn" load "$object"
isnt "$status" 0 a_load_does
disabled=$(cat /proc/sys/kernel/unprivileged_bpf_disabled)
if [ "$disabled" = 0 ]; then
	skip the_capability_is_named "kernel.unprivileged_bpf_disabled is 0: anyone may make maps"
	skip and_how_to_get_it "kernel.unprivileged_bpf_disabled is 0: anyone may make maps"
else
	like "$err" 'needs CAP_BPF.*and the process does not have it .*unprivileged_bpf_disabled is on' the_capability_is_named
	like "$err" 'hint .*setcap cap_bpf' and_how_to_get_it
fi

run sh -c "ulimit -l 16; $hewn load $object"
if since 5.11; then
	is "$status" 0 from_5_11_locked_memory_is_not_counted
else
	like "$err" 'RLIMIT_MEMLOCK allows 16 KiB' the_memory_limit_is_named
fi

if unshare -Ur true 2>/dev/null; then
	run unshare -Ur "$hewn" load "$object"
	like "$err" 'only in its own user namespace' root_of_a_user_namespace_is_told_so
else
	skip root_of_a_user_namespace_is_told_so "user namespaces cannot be made here"
fi

ulimit -l unlimited 2>/dev/null || true # before 5.11, for all that follows
run "$hewn" load --pin "$tmp" "$object"
like "$err" "not in a (BPF|bpf) file system" a_pin_outside_of_a_bpffs_is_told_so
done_testing
