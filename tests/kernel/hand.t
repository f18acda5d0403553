#!/bin/sh
# SPDX-License-Identifier: MIT
# Programs without a compiler run in this kernel: those of the builder, and texts.
. tests/tap.sh

need_root

for text in examples/*.basm; do
	if [ "$text" = examples/opens.basm ] && [ "$(uname -m)" != x86_64 ]; then
		skip opens.basm_loads "it reads the registers of x86_64"
		continue
	fi
	run $hewn load "$text"
	is "$status" 0 "$(basename "$text")_loads" || note "$err"
	column=1
	since 6.18 && column=2
	tags=$(echo "$out" | awk '$1 == "prog" { print $5 }')
	is "$($hewn asm --tag "$text" | awk -v c=$column 'NR > 1 { print $c }')" "$tags" and_has_the_tag_that_asm_tells
done

# What no compiler would write: the kernel refuses the name, and takes the program without; JSON escapes it.
printf '.license "GPL"\n.section socket\n.func x_y\nr0 = 0\nexit\n' >"$tmp/quote.basm"
$hewn asm -o "$tmp/plain.o" "$tmp/quote.basm"
sed 's/x_y/x"y/g' "$tmp/plain.o" >"$tmp/quote.o"
run $hewn load --json "$tmp/quote.o"
like "$out" '^\{"prog":"x\\"y","type":"SOCKET_FILTER",' a_name_with_a_quote_is_json_too || note "$err"

# Another loader takes the objects too: libbpf, in bpftool.
if [ "$(uname -m)" = x86_64 ] && command -v bpftool >/dev/null 2>&1 && grep -q ' /sys/fs/bpf bpf ' /proc/mounts; then
	for text in examples/*.basm; do
		name=$(basename "$text" .basm)
		$hewn asm -o "$tmp/$name.o" "$text"
		run bpftool prog loadall "$tmp/$name.o" "/sys/fs/bpf/hand-$$"
		is "$status" 0 "libbpf_loads_${name}_too" || note "$err"
		rm -rf "/sys/fs/bpf/hand-$$"
	done
	mkdir "/sys/fs/bpf/hand-$$"
	$hewn load --pin "/sys/fs/bpf/hand-$$" examples/opens.basm >"$tmp/list"
	id=$(bpftool prog show pinned "/sys/fs/bpf/hand-$$/opens_enter" | sed -n '1s/:.*//p')
	run bpftool prog dump xlated id "$id"
	bpftool=$(echo "$out" | grep '^ *[0-9]*: ' || echo 'nothing by bpftool')
	run $hewn disasm --exact --numbers --codes --id "$id"
	is "$(echo "$out" | grep '^ *[0-9]*: ')" "$bpftool" a_loaded_program_is_printed_as_bpftool_does
	run $hewn disasm --id "$id"
	like "$out" 'r2 = map\[opens\]' by_default_with_the_names_of_maps
	rm -rf "/sys/fs/bpf/hand-$$"
else
	skip libbpf_loads_them_too "no bpftool or no bpffs here, or not x86_64"
fi

run $B/examples/arp
is "$status" 0 the_socket_filters_keep_arp_alone || note "$err"
like "$out" '^through eBPF:        5 ARP, 0 others$' in_ebpf
like "$out" '^through classic BPF: 5 ARP, 0 others$' and_in_classic_bpf

if grep -q ' cgroup2 ' /proc/mounts; then
	run $B/examples/devices
	is "$status" 0 the_device_filter_does_what_its_table_says || note "$out$err"
	like "$out" '^/dev/null      to read and write  opened$' it_opens
	like "$out" '^/dev/random    to read and write  refused$' and_refuses
else
	skip the_device_filter_does_what_its_table_says "no cgroup2 is mounted"
fi

if [ ! -e /sys/bus/event_source/devices/kprobe/type ]; then
	skip probes_by_hand "no kprobes on this kernel"
	done_testing
fi

[ -e /sys/kernel/tracing/trace_pipe ] || mount -t tracefs tracefs /sys/kernel/tracing
# Another reader may take lines of trace_pipe, and from 6.12 on the first ones can be missed.
(while :; do /bin/true; sleep 0.1; done) &
busy=$!
for seconds in 1 2 4 8 16; do
	run $B/examples/hand-hello $seconds
	! printf '%s\n' "$out" | grep -q 'hello from process [0-9]' || break
done
kill $busy
like "$out" 'hello from process [0-9]+' hello_from_the_builder || note "$err"

case $(uname -m) in
x86_64 | aarch64 | s390x | riscv64 | arm*)
	(while :; do cat /etc/passwd /proc/version; sleep 0.1; done) >"$tmp/cat" 2>&1 &
	run $B/examples/hand-opens 20
	kill $!
	is "$(echo "$out" | wc -l)" 20 a_perf_ring_by_the_builder || note "$err"
	like "$out" ' cat +/proc/version$' its_records_have_command_and_path
	;;
*) skip a_perf_ring_by_the_builder "the example does not know pt_regs of $(uname -m)" ;;
esac

if [ "$(uname -m)" = x86_64 ]; then
	run $hewn run --count 20 examples/opens.basm -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do cat /proc/version; done >/dev/null'
	is "$status" 0 a_text_runs_like_an_object || note "$err"
	like "$out" 'PID +UID +COMM +PATH' its_event_directive_gives_the_columns
	like "$out" 'cat +/proc/version' and_its_records_are_printed
else
	skip a_text_runs_like_an_object "opens.basm is for x86_64"
fi

done_testing
