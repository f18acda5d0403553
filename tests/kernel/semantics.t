#!/bin/sh
# SPDX-License-Identifier: MIT
# Small programs of all instructions return what they must, in this kernel.
. tests/tap.sh

need_root
ulimit -l unlimited 2>/dev/null || : # before 5.11 maps and programs count as locked memory
since 5.2 || skip_all "the address of a map's value in an instruction needs Linux 5.2"

for file in tests/insn/*.txt; do
	name=$(basename "$file" .txt)
	run $hewn exec --suite "$file"
	n=$(echo "$out" | grep -c '^ok')
	note "$name: $n programs, $(echo "$out" | grep -c '# SKIP') of them skipped"
	is "$status" 0 "every_program_of_$name" || note "$(echo "$out" | grep -v '^ok' | head -n 40)"
done

# The form in which other suites plug in.
hex='b7 00 00 00 07 00 00 00 95 00 00 00 00 00 00 00'
[ "$(printf '\1\0' | od -An -tu2 | tr -d ' ')" = 1 ] || hex='b7 00 00 00 00 00 00 07 95 00 00 00 00 00 00 00'
is "$(echo "$hex" | $hewn exec)" 0x7 bytes_in_hexadecimal_run
is "$(printf 'r0 = *(u8 *)(r1 +1)\nr0 += r2\nexit\n' | $hewn exec --asm --mem '01 02 03')" 0x5 memory_and_size_are_in_r1_and_r2
printf 'r2 = 7\n*(u8 *)(r1 +1) = r2\nr0 = 0\nexit\n' >"$tmp/write"
is "$($hewn exec --asm --mem 010203 --print-mem <"$tmp/write" | tail -n 1)" "01 07 03" memory_can_be_written
printf 'r0 = *(u8 *)(r1 +3)\nexit\n' >"$tmp/over"
run sh -c "$hewn exec --asm --mem 010203 <$tmp/over"
is "$status" 1 a_refusal_is_status_1
like "$err" 'error +EACCES' and_the_error_is_named

done_testing
