#!/bin/sh
# SPDX-License-Identifier: MIT
# With just the capabilities that `hewn plan --caps` names an object runs; with one less it does not.
# Brings setpriv
own_network=yes # others may have an XDP program on lo
. tests/tap.sh
need_tracefs
need_bpffs

# with_caps CAPS COMMAND…: as nobody, with these capabilities and no others; CAPS as setpriv wants them.
with_caps() {
	these=$1
	shift
	"$setpriv" --reuid 65534 --regid 65534 --clear-groups --bounding-set "-all$these" --inh-caps "-all$these" --ambient-caps "-all$these" "$@"
}

# setpriv_names CAP…: ",+bpf,+perfmon", newer ones by number.
setpriv_names() {
	for cap; do
		case $cap in
		CAP_PERFMON) printf ',+cap_38' ;;
		CAP_BPF) printf ',+cap_39' ;;
		*) printf ',+%s' "$(echo "${cap#CAP_}" | tr '[:upper:]' '[:lower:]')" ;;
		esac
	done
}

# exactly OBJECT OPTION…: it runs, with the capabilities that its plan names, and with none of them less.
exactly() {
	object=$1
	name=$(basename "$object" .bpf.o)$paranoid
	shift
	if [ ! -e "$object" ]; then
		skip "$name runs with the capabilities that it needs" "it was not compiled: no clang 19"
		return
	fi
	run "$hewn" run --for 0.1 "$@" "$object"
	unpin
	if [ "$status" -ne 0 ]; then
		skip "$name runs with the capabilities that it needs" "it does not run here at all: $(printf '%s' "$err" | head -n 1)"
		return
	fi
	caps=$("$hewn" plan --caps "$@" "$object")
	# shellcheck disable=SC2046,SC2086 # words
	run with_caps "$(setpriv_names $caps)" "$hewn" run --for 0.1 "$@" "$object"
	is "$status" 0 "$name runs with $(echo $caps)" || note "$err"
	unpin
	for less in $caps; do
		# shellcheck disable=SC2046 # words
		run with_caps "$(setpriv_names $(echo "$caps" | grep -vx "$less"))" "$hewn" run --for 0.1 "$@" "$object"
		is "$status" 1 "and not without $less"
		unpin
	done
}

unpin() { rm -f /sys/fs/bpf/hewn_kept; }

setpriv=$(command -v setpriv)
[ -x /usr/bin/setpriv ] && setpriv=/usr/bin/setpriv # busybox has another
"$setpriv" --help 2>/dev/null | grep -q ambient || skip_all "no setpriv(1) of util-linux here"
with_caps '' "$hewn" plan "$B/tests/bpf/minimal.bpf.o" >/dev/null 2>&1 || skip_all "nobody cannot run $hewn here, or setpriv is too old"

bpf=$B/tests/bpf
was=$(cat /proc/sys/kernel/perf_event_paranoid)

# As Linux has it; and above, where this kernel is one that knows that. Only a guest is changed: others use this machine.
levels='2 3'
if [ -n "${HEWN_GUEST:-}" ]; then
	# what --caps takes for granted
	[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" != 0 ] || echo 2 >/proc/sys/kernel/unprivileged_bpf_disabled
else
	[ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" != 0 ] || skip_all "kernel.unprivileged_bpf_disabled is 0: anyone may load programs"
	[ "$was" -ge 2 ] || skip_all "kernel.perf_event_paranoid is $was: anyone may have perf events"
	levels=$was
fi
for level in $levels; do
	[ "$level" = "$was" ] || echo "$level" >/proc/sys/kernel/perf_event_paranoid 2>/dev/null || continue
	paranoid=" (paranoid $level)"
	for object in "$B/bpf/counts.bpf.o" "$B/bpf/hello.bpf.o" "$B/bpf/opens.bpf.o" "$B/bpf/execs.bpf.o" "$B/bpf/openclose.ringbuf.bpf.o" \
		"$bpf/perf_event.bpf.o" "$bpf/uprobe.bpf.o"; do
		exactly "$object"
	done
done
[ -z "${HEWN_GUEST:-}" ] || echo "$was" >/proc/sys/kernel/perf_event_paranoid
paranoid=''

for name in minimal raw_tp socket data ringbuf pinned parents core tp_btf fentry lsm iter kconfig kfunc ksym ksym_typed struct_ops subprogs \
	maptypes inner tailcalls uprobe_multi kprobe_multi; do
	exactly "$bpf/$name.bpf.o"
done
exactly "$B/tests/bpf-19/arena.bpf.o"
exactly "$bpf/xdp.bpf.o" --dev lo
exactly "$bpf/tcx.bpf.o" --dev lo
exactly "$bpf/cgroup.bpf.o" --cgroup /sys/fs/cgroup
exactly "$bpf/lsm_cgroup.bpf.o" --cgroup /sys/fs/cgroup
exactly "$bpf/netns.bpf.o" --netns /proc/self/ns/net
done_testing
