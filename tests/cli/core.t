#!/bin/sh
# SPDX-License-Identifier: MIT
# CO-RE in what is printed. An object has BTF, so that it can stand for a kernel that has just its own types.
. tests/tap.sh
object=$B/tests/bpf/core.bpf.o
[ -e "$object" ] || skip_all "no $object; make test-bpf"
hewn=$B/hewn

run "$hewn" disasm "$object"
is "$status" 0 disasm_of_an_object_with_core
like "$out" '; CO-RE: offset of struct task_struct.tgid' an_offset_is_asked_for
like "$out" '; CO-RE: whether struct task_struct___none.nothing exists' an_existence_is_asked_for
like "$out" '; CO-RE: value of enum bpf_map_type___mine BPF_MAP_TYPE_HASH___mine' an_enumerator_is_asked_for
run "$hewn" disasm --lines "$object"
like "$out" '; CO-RE: size of struct task_struct.in_execve; .*core.bpf.c:[0-9]+: ' with_the_source_line
"$hewn" disasm "$object" >"$tmp/core.basm"
run "$hewn" asm -o "$tmp/core.o" "$tmp/core.basm"
is "$status" 0 what_is_noted_can_be_assembled || note "$err"

run "$hewn" disasm --btf "$object" "$object"
is "$status" 0 the_object_itself_for_a_kernel || note "$err"
like "$out" '; CO-RE: struct task_struct.tgid: byte 4$' its_own_offsets_are_the_same
like "$out" '; CO-RE: struct hewn_none: kernel.s id [1-9]' what_no_kernel_has_is_there
run "$hewn" disasm --btf "$B/bpf/execs.bpf.o" "$object"
is "$status" 0 a_kernel_without_these_types || note "$err"
like "$out" '; CO-RE: struct task_struct.tgid: not in the kernel \(the kernel has no struct task_struct\)' is_said_to_have_none
like "$out" 'call .*195896080' and_the_instruction_is_poisoned
like "$out" '; CO-RE: struct task_struct: size 0, was [0-9]+' what_is_not_there_has_no_size
run "$hewn" disasm --btf /nonexistent "$object"
is "$status" 1 a_btf_that_is_not_there
like "$err" '/nonexistent' is_an_error
run "$hewn" plan --load --btf /nonexistent "$object"
is "$status" 1 for_a_plan_too

run "$hewn" plan --load --btf "$object" "$object"
is "$status" 0 a_plan_for_that_kernel || note "$err"
like "$out" 'struct task_struct.tgid: byte 4$' a_plan_says_what_was_found
is "$(printf '%s\n' "$out" | grep -c 'in_execve: shift right')" 1 each_once
run "$hewn" plan --load --json --btf "$object" "$object"
like "$out" '"text":"r1 = 4","bytes":"[0-9a-f]*","core":"struct task_struct.tgid: byte 4"' json_has_it_at_the_instruction
done_testing
