#!/bin/sh
# SPDX-License-Identifier: MIT
# demo.sh: who opens which file, as events of a kprobe; then how often each user ran a program, from a map.
# Runs here where this kernel has kprobes and the user is root; otherwise in a guest, which needs no privilege.
set -eu
cd "$(dirname "$0")/.."
B=${B:-build} kernel=${KERNEL:-6.1}

show() {
	echo
	echo "\$ $*"
	"$@"
}

why=''
if [ "$(id -u)" -ne 0 ]; then
	why="probes need root, and this user is $(id -un)"
elif [ ! -e /sys/bus/event_source/devices/kprobe/type ]; then
	why="this kernel, $(uname -r), has no kprobes"
fi
if [ -n "$why" ] && [ -z "${HEWN_GUEST:-}" ]; then
	echo "demo: in QEMU, on Debian's kernel $kernel: $why."
	exec tests/vm/run "$kernel" sh examples/demo.sh
fi

echo "demo: on kernel $(uname -r)${HEWN_GUEST:+, in QEMU}. A kprobe and a kretprobe on do_sys_openat2:"
show "$B/hewn" run "$B/bpf/opens.bpf.o" -- sh examples/workload.sh
echo
echo "demo: programs started by each user, counted in the kernel in a hash map:"
show "$B/hewn" run --maps "$B/bpf/counts.bpf.o" -- sh examples/workload.sh
