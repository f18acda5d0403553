#!/bin/sh
# SPDX-License-Identifier: MIT
# hewn asm and hewn disasm: text to objects and back, without a kernel.
. tests/tap.sh

cat >"$tmp/p.basm" <<'END'
.license "GPL"
.map m type=hash key_size=4 value_size=8 max_entries=2
.section .rodata
fmt: .asciz "hi\n"
.section socket
.func main
	r1 = map[m]
	r2 = fmt ll
	call sub
	if r0 == 0 goto out
	r0 = 1
out:	exit
.sub sub
	r0 = r1
	exit
END
run $hewn asm "$tmp/p.basm"
is "$status" 0 a_text_assembles
[ -s "$tmp/p.o" ]; ok $? to_the_file_beside_it
run $hewn disasm "$tmp/p.o"
is "$status" 0 the_object_disassembles
like "$out" '^.map m type=hash key_size=4 value_size=8 max_entries=2$' with_maps
like "$out" 'r1 = map\[m\]' with_their_names
like "$out" 'r2 = map\[\.rodata\]\[0\]\+0' with_data
like "$out" 'call sub' with_functions
like "$out" 'if r0 == 0x0 goto L' with_labels
printf '%s\n' "$out" >"$tmp/again.basm"
run $hewn asm "$tmp/again.basm"
is "$status" 0 the_text_assembles_again
run $hewn disasm "$tmp/again.o"
is "$out" "$(cat "$tmp/again.basm")" and_gives_the_same_text
run $hewn disasm "$tmp/p.basm"
is "$out" "$(cat "$tmp/again.basm")" a_basm_is_as_good_as_its_object
run $hewn plan "$tmp/p.basm"
is "$status" 0 and_can_be_planned
run $hewn disasm --dot --func main "$tmp/p.o"
like "$out" '^digraph' a_graph
run $hewn disasm --dialect llvm --func main "$tmp/p.o"
like "$out" 'r1 = m ll' the_other_dialect
run $hewn disasm --lines --func sub "$tmp/p.o"
like "$out" '; .*p.basm:14: r0 = r1' source_lines

for object in $B/bpf/*.bpf.o; do
	[ -e "$object" ] || continue # bpf/ was not built here
	name=$(basename "$object" .bpf.o)
	$hewn disasm "$object" >"$tmp/$name.basm"
	run $hewn asm "$tmp/$name.basm"
	is "$status" 0 "what_clang_made_of_${name}_assembles" || note "$err"
	run $hewn disasm "$tmp/$name.o"
	is "$out" "$(grep -v '^; the records\|^; CO-RE: ' "$tmp/$name.basm")" "and_gives_the_same_text"
done

echo 'b7 00 00 00 07 00 00 00 0x95, 00 00 00 00 00 00 00' >"$tmp/hex"
if [ "$(printf '\1\0' | od -An -tu2 | tr -d ' ')" = 1 ]; then
	run $hewn disasm --hex "$tmp/hex"
	is "$out" "	r0 = 7
	exit" hexadecimal
else
	skip hexadecimal "the bytes are of a little-endian machine"
fi
printf 'r0 = 7\nexit\n' >"$tmp/seven.basm"
run $hewn asm --hex "$tmp/seven.basm"
like "$out" '^95 00 00 00 00 00 00 00$' instructions_as_hexadecimal
printf '%s\n' "$out" >"$tmp/seven.hex"
run $hewn disasm --hex "$tmp/seven.hex"
like "$out" 'r0 = 7' and_back

printf 'r0 = 7\n\tr1 = r11\nexit\n' >"$tmp/bad.basm"
run $hewn asm "$tmp/bad.basm"
is "$status" 1 a_mistake_is_status_1
like "$err" 'bad.basm:2:7: ' it_has_line_and_column
is "$(echo "$err" | sed -n 3p)" "  	     ^" and_a_caret
run $hewn load "$tmp/bad.basm"
is "$status" 1 load_says_it_too
like "$err" 'bad.basm:2:7:' with_the_place
run $hewn asm "$tmp/none.basm"
is "$status" 1 a_missing_file
like "$err" 'ENOENT' is_named
run $hewn asm
is "$status" 2 without_a_file_it_is_used_wrongly

printf 'nothing\n' >"$tmp/suite"
run $hewn exec --suite "$tmp/suite"
is "$status" 1 a_suite_without_a_test_is_none
printf -- '-- test a\n-- asm\nexit\n' >"$tmp/suite"
run $hewn exec --suite "$tmp/suite"
like "$err" 'test a has no asm, or no result' nor_is_one_without_results
printf -- '-- test a\n-- frob\n' >"$tmp/suite"
run $hewn exec --suite "$tmp/suite"
like "$err" '"-- frob" is no section of a test' nor_with_unknown_sections

cat >"$tmp/arp" <<'END'
	ldh [12]
	jeq #0x806, arp, drop
arp:	ret #262144
drop:	ret #0
END
run $hewn asm --classic "$tmp/arp"
like "$out" '^\{ 0x15,  0,  1, 0x00000806 \}, /\* \(001\) jeq      #0x806           jt 2	jf 3 \*/$' classic_bpf_as_c

done_testing
