#!/bin/sh
# SPDX-License-Identifier: MIT
# Frozen programs: each object becomes a C file that every compiler here takes without a word, the same each time,
# small; and what goes wrong leaves no file behind.
. tests/tap.sh

warn='-std=gnu11 -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Werror'
m32='-m32 -idirafter /usr/include/x86_64-linux-gnu'
has_musl=$(command -v musl-gcc) has_clang=$(command -v clang)
echo 'int main(void) { return 0; }' >"$tmp/empty.c"
# shellcheck disable=SC2086 # lists of options, here and below
gcc $m32 -c -o "$tmp/empty.o" "$tmp/empty.c" 2>/dev/null && echo '#include <errno.h>' | gcc $m32 -E - >/dev/null 2>&1 || m32=''

# quiet NAME COMPILER...: compiles the frozen program without output.
quiet() {
	what=$1
	shift
	run "$@" -o "$tmp/$name.out" "$tmp/$name.c"
	is "$status$out$err" 0 "$what"
}

for object in "$B"/bpf/*.bpf.o; do
	name=$(basename "$object" .bpf.o | sed 's/\..*//')
	run "$hewn" freeze "$object" -o "$tmp/$name.c"
	is "$status$err" 0 "$name is frozen" || continue
	mkdir -p "$tmp/again"
	"$hewn" freeze -o "$tmp/again/$name.c" "$object"
	cmp -s "$tmp/$name.c" "$tmp/again/$name.c" && cmp -s "$tmp/$name.h" "$tmp/again/$name.h"
	ok $? "$name is the same twice"
	# shellcheck disable=SC2086
	{
		quiet "gcc compiles $name" gcc -O2 $warn
		upper=$(echo "$name" | tr a-z A-Z)
		quiet "$name compiles without its main()" gcc -O2 $warn "-D${upper}_NO_MAIN" -c
		if [ -n "$has_clang" ]; then quiet "clang compiles $name" clang -O2 $warn; else skip "clang compiles $name" "no clang here"; fi
		if [ -n "$m32" ]; then quiet "gcc compiles $name for 32 bits" gcc -O2 $warn $m32 -c; else skip "gcc compiles $name for 32 bits" "no headers"; fi
		if [ -n "$has_musl" ]; then quiet "musl-gcc compiles $name" musl-gcc -Os -static -s $warn; else skip "musl-gcc compiles $name" "no musl-gcc"; fi
	}
done

# What others have in their objects: all that can be planned here can be frozen.
mkdir "$tmp/more"
for object in "$B"/tests/bpf/*.bpf.o "$B"/tests/bpf-19/*.bpf.o; do
	name=$(basename "$object" .bpf.o)
	[ -e "$object" ] && "$hewn" plan "$object" >/dev/null 2>&1 || continue
	run "$hewn" freeze "$object" -o "$tmp/more/$name.c"
	is "$status$err" 0 "${object#"$B"/} is frozen" || continue
	# shellcheck disable=SC2086
	run gcc -O1 $warn -c -o "$tmp/more/$name.o" "$tmp/more/$name.c"
	is "$status$err" 0 "and compiles" || note "$err"
done

# A name of an object may be any text: none becomes code.
cat >"$tmp/names.basm" <<'EOF'
.license GPL
.section ".data.*/int evil(void);/*"
x: .u32 7
.section socket
.func f
r1 = x ll
r0 = 0
exit
EOF
run "$hewn" freeze --load -o "$tmp/names.c" "$tmp/names.basm"
is "$status$err" 0 an_object_with_a_strange_name_is_frozen
gcc -fpreprocessed -dD -E -P "$tmp/names.h" >"$tmp/names.i" 2>/dev/null
is "$(grep -c 'evil(' "$tmp/names.i")" 0 and_the_name_stays_a_comment

# A number of the object is the same number on a machine of the other byte order.
for order in big little; do
	cat >"$tmp/$order.basm" <<-EOF
		.order $order
		.license GPL
		.map m type=BLOOM_FILTER value_size=4 max_entries=4 map_extra=5 pinning=by_name
		.section .data
		x: .u32 7
		.section .data.long
		y: .u64 9
		.section socket
		.func f
		r1 = x ll
		r2 = y ll
		r0 = 0
		exit
	EOF
	"$hewn" freeze --load -o "$tmp/$order.c" "$tmp/$order.basm"
	like "$(cat "$tmp/$order.c")" 'uint32_t\){ 7 }' "a number of a $order-endian object is frozen"
	like "$(cat "$tmp/$order.c")" 'uint64_t\){ 9 }' "and a long one"
	low=$([ $order = big ] && echo 21 || echo 20)
	like "$(grep -B1 'another map_extra' "$tmp/$order.c")" "out\[$low\] != 5" "the low half of 64 bits is where it lies in $order endian"
done

if [ -e "$tmp/more/struct_ops.c" ]; then
	like "$(sed -n '/^int struct_ops_attach/,/^}/p' "$tmp/more/struct_ops.c")" attach_more what_the_kernel_calls_is_registered_when_it_is_attached
else
	skip what_the_kernel_calls_is_registered_when_it_is_attached "no types of a kernel here, which has such a struct"
fi

# For a target that is told: only the way that this one has.
for name in opens hello; do
	for profile in tests/profiles/*; do
		run "$hewn" freeze --target "$profile" "$B/bpf/$name.bpf.o" -o "$tmp/more/$name.c"
		is "$status$err" 0 "$name is frozen for ${profile##*/}" || continue
		# shellcheck disable=SC2086
		run gcc -O1 $warn -c -o "$tmp/more/$name.o" "$tmp/more/$name.c"
		is "$status$err" 0 "and compiles" || note "$err"
	done
done

if [ -n "$has_musl" ]; then
	name=opens
	musl-gcc -Os -static -s -o "$tmp/opens.out" "$tmp/opens.c"
	size=$(wc -c <"$tmp/opens.out")
	note "$size bytes"
	[ "$size" -lt 32768 ]
	ok $? a_static_opens_is_below_32_kb
else
	skip a_static_opens_is_below_32_kb "no musl-gcc"
fi

run grep -n '^#include' "$tmp/opens.c" "$tmp/opens.h"
unlike "$out" 'linux/|elf|bpf' only_headers_of_libc_are_included
like "$(cat "$tmp/opens.c")" 'r1 = map\[calls\]' instructions_are_read_as_text
like "$(cat "$tmp/opens.c")" 'Looked up here' what_the_target_knows_is_marked
like "$(cat "$tmp/opens.h")" 'char path\[256\];' types_of_events_are_in_the_header

# ── what goes wrong ──
run "$hewn" freeze "$B/bpf/opens.bpf.o"
is "$status" 2 a_file_to_write_must_be_named
run "$hewn" freeze "$B/bpf/opens.bpf.o" -o "$tmp/nowhere/opens.c"
is "$status" 1 a_folder_that_is_not_there_is_said
like "$err" 'cannot write .*/nowhere/opens.c: No such file' and_by_its_name
mkdir "$tmp/full"
cat >"$tmp/limited" <<EOT
trap '' XFSZ
ulimit -f 8
exec $hewn freeze $B/bpf/opens.bpf.o -o $tmp/full/opens.c
EOT
run sh "$tmp/limited"
is "$status" 1 a_file_that_cannot_be_finished_is_said
is "$(ls -A "$tmp/full")" '' and_nothing_of_it_is_left
echo old >"$tmp/full/opens.c"
run sh "$tmp/limited"
is "$(cat "$tmp/full/opens.c")" old an_older_file_stays_as_it_was
run "$hewn" freeze /dev/null -o "$tmp/full/null.c"
is "$status" 1 what_is_no_object_is_refused
is "$(ls -A "$tmp/full")" opens.c and_leaves_no_file

done_testing
