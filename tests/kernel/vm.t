#!/bin/sh
# SPDX-License-Identifier: MIT
# The guest is what the other tests take it for.
. tests/tap.sh

need_root
if [ -z "${HEWN_GUEST:-}" ]; then
	skip_all "this is no guest of tests/vm"
fi

name=${HEWN_GUEST%:*} arch=${HEWN_GUEST##*:}
case $name in
[0-9]*) like "$(uname -r)" "^$name\." the_kernel_is_the_one_asked_for ;;
*) since 6.18; ok $? the_newest_kernel_is_new ;;
esac
is "$(id -u)" 0 the_user_is_root
is "$(pwd)" /hewn the_folder_is_the_top
is "$(nproc)" 1 there_is_one_cpu
mounts=$(cut -d' ' -f2,3 /proc/mounts)
for mount in '/proc proc' '/sys sysfs' '/sys/kernel/tracing tracefs' '/sys/kernel/debug debugfs' \
	'/sys/fs/bpf bpf' '/sys/fs/cgroup cgroup2'; do
	like "$mounts" "^$mount\$" "$(echo "$mount" | tr ' ' _)_is_mounted"
done
like "$(cat /sys/bus/event_source/devices/kprobe/type)" '^[0-9]+$' there_is_a_kprobe_pmu
like "$(cat /sys/kernel/tracing/events/syscalls/sys_enter_openat/id)" '^[0-9]+$' syscall_tracepoints_are_there
case $arch in
armhf | i386) skip the_kernel_has_btf "Debian's 32-bit kernels have no BTF" ;;
*) [ -s /sys/kernel/btf/vmlinux ]; ok $? the_kernel_has_btf ;;
esac
like "$(cat "/boot/config-$(uname -r)")" '^CONFIG_KPROBES=y$' its_configuration_is_in_boot
like "$(ifconfig lo)" '^ *UP LOOPBACK RUNNING' lo_is_up
is "$(sh -c 'exit 42'; echo $?)" 42 a_status_comes_back

done_testing
