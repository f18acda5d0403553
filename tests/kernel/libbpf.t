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

# An object that both load: the same tag of a program. both OBJECT PROGRAM
both() {
	rm -rf "$pins" "${pins}_maps" "${pins}_hewn"
	bpftool prog loadall "$1" "$pins" pinmaps "${pins}_maps" 2>"$tmp/err" || return 1
	"$hewn" load --pin "${pins}_hewn" "$1" >/dev/null 2>"$tmp/err" || return 1
	tag() { bpftool -j prog show pinned "$1/$2" | grep -o '"tag":"[^"]*"'; }
	is "$(tag "${pins}_hewn" "$2")" "$(tag "$pins" "$2")" "$2 has the same tag"
}

# Options of the kernel's configuration: the same bytes at the same places.
if [ -e /proc/config.gz ] || [ -e "/boot/config-$(uname -r)" ]; then
	both "$B/tests/bpf/options.bpf.o" read_options
	ok $? both_load_an_object_with_options || note "$(cat "$tmp/err")"
	# Bytes 20 to 23 are LINUX_KERNEL_VERSION, for which this libbpf takes uname -r: 6.1.0 on Debian's 6.1.192.
	value() { bpftool -j map dump pinned "$1" | sed 's/,"formatted".*//; s/"value":\[\(\("0x..",\)\{20\}\)\("0x..",\)\{4\}/"value":[\1/'; }
	ours=$(value "${pins}_hewn/_kconfig")
	is "${ours:-none}" "$(value "${pins}_maps/options_kconfig")" options_are_the_same_bytes
else
	skip options_are_the_same_bytes "the kernel does not tell how it was configured"
fi
rm -rf "$pins" "${pins}_maps" "${pins}_hewn"
done_testing
