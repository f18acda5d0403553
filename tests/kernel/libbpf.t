#!/bin/sh
# SPDX-License-Identifier: MIT
# Objects made with hewn.bpf.h are for everyone: libbpf loads them too, and steps over what only hewn reads.
. tests/tap.sh
need_root
need_command bpftool
need_bpffs
since 5.8 || skip_all "ring buffers came with 5.8"

pins=/sys/fs/bpf/hewn_libbpf_$$
for object in "$B"/bpf/*.bpf.o "$B"/tests/bpf/minimal.bpf.o "$B"/tests/bpf/show.bpf.o "$B"/tests/bpf/hist.bpf.o \
	"$B"/tests/bpf/data.bpf.o "$B"/tests/bpf/subprogs.bpf.o "$B"/tests/bpf/inner.bpf.o "$B"/tests/bpf/tailcalls.bpf.o; do
	run bpftool prog loadall "$object" "$pins"
	is "$status" 0 "libbpf_loads_$(basename "$object" .bpf.o)" || note "$err"
	rm -rf "$pins"
done
done_testing
