#!/bin/sh
# SPDX-License-Identifier: MIT
# Each way in which a kernel says no is told apart: rights, limits, what the kernel lacks, what does not exist.
# Locked memory before 5.11 and user namespaces are in rights.t.
# Brings setpriv
. tests/tap.sh
need_root

# with CAPS COMMAND…: as a user who has these capabilities and no others.
with() {
	caps=$1
	shift
	/usr/bin/setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps "-all,$caps" --ambient-caps "-all,$caps" "$@"
}

# a program of one section that does nothing
program() {
	printf '.license "GPL"\n.section %s\n.func nothing\n\tr0 = 0\n\texit\n' "$1" >"$tmp/program.basm"
}

chmod 755 "$tmp"
printf '.map many type=hash key_size=4 value_size=8 max_entries=8\n' >"$tmp/map.basm"
printf '.map ring type=perf_event_array key_size=4 value_size=4\n' >"$tmp/ring.basm"

# ── rights ──

if ! /usr/bin/setpriv --help 2>/dev/null | grep -q ambient; then
	for name in without_cap_bpf without_cap_perfmon perf_events_are_restricted; do
		skip "$name" 'no setpriv(1) of util-linux here'
	done
elif ! since 5.8; then
	for name in without_cap_bpf without_cap_perfmon perf_events_are_restricted; do
		skip "$name" 'CAP_BPF and CAP_PERFMON came with 5.8'
	done
else
	# Only a guest is changed: others use this machine.
	disabled=/proc/sys/kernel/unprivileged_bpf_disabled paranoid=/proc/sys/kernel/perf_event_paranoid
	[ "$(cat $disabled)" != 0 ] || [ -z "${HEWN_GUEST:-}" ] || echo 1 >$disabled
	if [ "$(cat $disabled)" != 0 ]; then
		run with +perfmon "$hewn" load "$tmp/map.basm"
		like "$err" 'needs CAP_BPF.*unprivileged_bpf_disabled is on' without_cap_bpf
	else
		skip without_cap_bpf 'kernel.unprivileged_bpf_disabled is 0: anyone may make maps'
	fi
	program tracepoint/sched/sched_process_exec
	run with +bpf "$hewn" load "$tmp/program.basm"
	like "$err" 'needs .*CAP_PERFMON' without_cap_perfmon
	was=$(cat $paranoid)
	[ -z "${HEWN_GUEST:-}" ] || echo 2 >$paranoid
	if [ "$(cat $paranoid)" = 2 ]; then
		run with +bpf "$hewn" run --for 1 "$tmp/ring.basm"
		like "$err" 'needs CAP_PERFMON while kernel.perf_event_paranoid' perf_events_are_restricted
	else
		skip perf_events_are_restricted "kernel.perf_event_paranoid is $was here"
	fi
	[ -z "${HEWN_GUEST:-}" ] || echo "$was" >$paranoid
fi

run "$B/tests/kernel/refuse" bpf "$hewn" load "$tmp/map.basm"
like "$err" 'filter of system calls.*seccomp|seccomp' a_seccomp_filter
run "$B/tests/kernel/refuse" perf_event_open "$hewn" run --for 1 "$tmp/ring.basm"
like "$err" 'seccomp' a_seccomp_filter_on_perf_events

# ── what the kernel lacks ──

# The newest there is that this kernel is too old for.
too_old() {
	for type in 'insn_array 6.19' 'arena 6.9' 'bloom_filter 5.16' 'ringbuf 5.8'; do
		since "${type#* }" || { echo "${type% *}" && return; }
	done
}
type=$(too_old | head -n 1)
if [ -n "$type" ]; then
	printf '.map new type=%s key_size=4 value_size=8 max_entries=8\n' "$type" >"$tmp/new.basm"
	[ "$type" = insn_array ] || printf '.map new type=%s key_size=0 value_size=0 max_entries=4096 map_flags=0x400\n' "$type" >"$tmp/new.basm"
	run "$hewn" load "$tmp/new.basm"
	like "$err" "BPF_MAP_TYPE_[A-Z_]* is of Linux [0-9.]+, and this kernel is $(uname -r | cut -d. -f1,2)" the_kernel_is_too_old
else
	skip the_kernel_is_too_old "hewn knows of no type of map that $(uname -r) lacks"
fi

program lirc_mode2
run "$hewn" load "$tmp/program.basm"
if [ "$status" = 0 ]; then
	skip an_option_is_missing 'this kernel has every option that a program of hewn asks for'
else
	like "$err" 'CONFIG_BPF_LIRC_MODE2' an_option_is_missing
fi

# ── names ──

if [ -e /sys/bus/event_source/devices/kprobe/type ]; then
	program kprobe/do_sys_openatt2
	run "$hewn" run --for 1 "$tmp/program.basm"
	like "$err" 'no function "do_sys_openatt2"' a_function_is_not_there
	like "$err" 'kallsyms has: do_sys_openat2' the_nearest_is_named

	# One of which only what the compiler made of it is left.
	made=$(awk '{ print $3 }' /proc/kallsyms | awk -F. '
		NF == 1 { there[$1] = 1 }
		NF == 3 && ($2 == "isra" || $2 == "constprop") { made[$1] = $0 }
		END { for (f in made) if (!there[f]) print made[f] }' | head -n 1)
	program "kprobe/${made%%.*}"
	run "$hewn" run --for 1 "$tmp/program.basm"
	like "$err" "the compiler made of it: .*${made%%.*}\\." "what_the_compiler_made_of_a_function_is_named"

	refused=$(awk 'NR == 1 { print $NF }' /sys/kernel/debug/kprobes/blacklist)
	program "kprobe/$refused"
	run "$hewn" run --for 1 "$tmp/program.basm"
	like "$err" 'list of what may not be probed|may not be probed' one_that_may_not_be_probed
else
	for name in a_function_is_not_there the_nearest_is_named what_the_compiler_made_of_a_function_is_named \
		one_that_may_not_be_probed; do
		skip "$name" 'this kernel has no kprobes'
	done
fi

# ── a guest may be changed for good ──

if [ -z "${HEWN_GUEST:-}" ]; then
	skip the_kernels_btf_is_missing 'only in a guest: its BTF is hidden for good'
	skip the_kernel_is_locked_down 'only in a guest: it is locked down for good'
	done_testing
	exit
fi
if [ -d /sys/kernel/btf ] && mount -t tmpfs none /sys/kernel/btf; then
	program fentry/do_sys_openat2
	run "$hewn" load "$tmp/program.basm"
	like "$err" 'CONFIG_DEBUG_INFO_BTF' the_kernels_btf_is_missing
	umount /sys/kernel/btf
else
	skip the_kernels_btf_is_missing 'this kernel has no BTF to hide'
fi
mount -t securityfs securityfs /sys/kernel/security 2>/dev/null || true
program kprobe/do_sys_openat2
if echo confidentiality >/sys/kernel/security/lockdown 2>/dev/null; then
	run "$hewn" run --for 1 "$tmp/program.basm"
	like "$err" 'locked down' the_kernel_is_locked_down
else
	skip the_kernel_is_locked_down 'this kernel has no lockdown'
fi
done_testing
