#!/bin/sh
# SPDX-License-Identifier: MIT
# Probes that a program declares of itself: each place runs the program, which finds its arguments.
. tests/tap.sh
need_root
need_path /sys/bus/event_source/devices/uprobe/type uprobes
case $(uname -m) in x86_64 | aarch64 | s390x) ;; *) skip_all "the test program has no probes for this processor" ;; esac
value() { printf '%s\n' "$out" | sed -n "s/^$1 = //p"; }
PATH=$B/tests/kernel:$PATH

attached() { # attached NAME [OPTION...]
	name=$1
	shift
	run "$hewn" run --maps --interval 100 "$@" "$B/tests/bpf/usdt.bpf.o" -- "$B/tests/kernel/usdt" 10
	is "$status" 0 "$name" || note "$err"
	is "$(value passed)" 15 "${name}: both places of a probe run the program" || note "$out"
	is "$(value sum)" 80 "${name}: an argument in a register" # 1 to 10, and the odd ones again
	is "$(value last_constant)" -7 "${name}: a negative constant"
	is "$(value last_byte)" 200 "${name}: a byte in memory"
	is "$(value guarded)" 10 "${name}: the semaphore is counted up while the program is attached"
}

attached usdt_probes_attach
if since 6.6; then
	run "$hewn" run --for 0.1 --log "$B/tests/bpf/usdt.bpf.o"
	like "$err" 'ref_ctr_offsets=\[0x' one_link_has_all_places || note "$err"
fi
run "$hewn" run --for 0.1 "$B/tests/bpf/usdt.bpf.o"
is "$status" 0 they_attach_to_all_processes || note "$err"
run "$hewn" plan "$B/tests/bpf/usdt.bpf.o"
like "$out" 'tells the program by the address' a_program_without_cookies_goes_by_addresses

# A machine that has no links on many uprobes has one each.
run "$hewn" plan "$B/tests/bpf/usdt.bpf.o"
like "$out" 'before 6.6' the_plan_has_single_probes_too

PATH=/bin:/usr/bin
run "$hewn" plan "$B/tests/bpf/usdt.bpf.o"
is "$status" 1 a_program_that_is_not_there_is_refused
like "$err" 'no file "usdt"' and_that_is_said
done_testing
