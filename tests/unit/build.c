// SPDX-License-Identifier: MIT
/* The builder: labels, subprograms, names, long jumps, conventions, and its errors. */
#include <errno.h>

#include "insn/build.h"
#include "tests/tap.h"

static struct insn_err err;
static struct unit unit;

/* Ends building; the error's text, or "". */
static const char *finish(struct build *b)
{
	insn_err_clear(&err);
	build_finish(b, &unit, &err);
	build_close(b);
	return err.msg;
}

/* A builder at the start of a socket program. */
static struct build *start(void)
{
	struct build *b = build_open();

	build_license(b, "GPL");
	build_section(b, "socket");
	build_func(b, "prog");
	return b;
}

static void end(struct build *b)
{
	build_insn(b, bpf_mov64_imm(0, 0));
	build_insn(b, bpf_exit_insn());
}

static void labels_go_both_ways(void)
{
	struct build *b = start();

	build_insn(b, bpf_mov64_imm(0, 0));
	build_label(b, "again");
	build_insn(b, bpf_alu64_imm(BPF_ADD, 0, 1));
	build_jump(b, bpf_jmp_imm(BPF_JEQ, 0, 9, 0), "out");
	build_ld_imm64(b, 2, 0x1122334455667788ULL);
	build_jump(b, bpf_jmp_a(0), "again");
	build_label(b, "out");
	build_insn(b, bpf_exit_insn());
	eq_str(finish(b), "", "a_loop_builds");
	eq_int(unit.sections[0].n_insns, 7, "ldimm64_counts_two");
	eq_int(unit.sections[0].insns[2].off, 3, "forward_jump");
	eq_int(unit.sections[0].insns[5].off, -5, "backward_jump");
	eq_int(unit.sections[0].insns[4].imm, 0x11223344, "the_upper_half_is_in_the_second_slot");
	unit_close(&unit);
}

static void label_errors(void)
{
	struct build *b = start();

	build_jump(b, bpf_jmp_a(0), "nowhere");
	end(b);
	has(finish(b), "no label \"nowhere\"", "unbound_label_names_the_jump");
	eq_int(err.insn, 0, "and_its_slot");
	eq_int(unit.n_sections, 0, "and_the_unit_is_empty");

	b = start();
	build_at(b, 7, 1, "x:", 2);
	build_label(b, "x");
	end(b);
	build_at(b, 9, 1, "x:", 2);
	build_label(b, "x");
	build_label(b, "y");
	build_label(b, "y");
	has(finish(b), "\"x\" is there already",
	    "a_second_label_is_refused_and_the_first_error_sticks");
	eq_int(err.line, 9, "the_error_has_the_line");
	has(err.hint, "line 7", "and_the_line_of_the_first");

	b = start();
	build_jump(b, bpf_jmp_a(0), "end");
	end(b);
	build_label(b, "end");
	has(finish(b), "\"end\", the end", "a_jump_to_the_end_is_refused");

	b = start();
	build_label(b, "there");
	end(b);
	build_func(b, "other");
	build_jump(b, bpf_jmp_a(0), "there");
	has(finish(b), "no label \"there\"", "a_label_of_another_function_is_none");

	b = start();
	build_jump(b, bpf_mov64_imm(0, 0), "x");
	has(finish(b), "does not jump", "only_jumps_jump");
}

static void numbers_are_checked(void)
{
	struct build *b = start();

	build_insn(b, bpf_jmp_a(2));
	end(b);
	has(finish(b), "slot 3 of a function of 3", "a_jump_out_of_the_function");

	b = start();
	build_insn(b, bpf_jmp_a(-2));
	end(b);
	has(finish(b), "slot -1", "a_jump_before_it");

	b = start();
	build_insn(b, bpf_jmp_a(1));
	build_ld_imm64(b, 1, 0);
	end(b);
	has(finish(b), "second slot", "a_jump_into_ldimm64");

	b = start();
	build_insn(b, bpf_ld_imm64(1, 0));
	build_insn(b, bpf_exit_insn());
	has(finish(b), "half an ldimm64", "half_an_ldimm64");
}

/* A program with a jump over n instructions. */
static struct build *far(struct bpf_insn jump, int n, bool gotol)
{
	struct build *b = start();

	build_allow_gotol(b, gotol);
	build_insn(b, bpf_mov64_imm(0, 0));
	build_jump(b, jump, "far");
	for (int i = 0; i < n; i++)
		build_insn(b, bpf_alu64_imm(BPF_ADD, 0, 1));
	build_label(b, "far");
	build_insn(b, bpf_exit_insn());
	return b;
}

static void far_jumps(void)
{
	eq_str(finish(far(bpf_jmp_a(0), 32767, false)), "", "32767_slots_fit");
	eq_int(unit.sections[0].insns[1].off, 32767, "in_16_bits");
	unit_close(&unit);

	has(finish(far(bpf_jmp_a(0), 32768, false)), "over 32768 slots",
	    "32768_slots_are_an_error");
	eq_int(err.insn, 1, "which_names_the_jump");

	eq_str(finish(far(bpf_jmp_a(0), 32768, true)), "", "unless_gotol_is_allowed");
	eq_int(unit.sections[0].insns[1].code, BPF_JMP32 | BPF_JA, "goto_becomes_gotol");
	eq_int(unit.sections[0].insns[1].imm, 32768, "with_32_bits");
	unit_close(&unit);

	eq_str(finish(far(bpf_jmp_imm(BPF_JGT, 1, 5, 0), 40000, true)), "", "a_condition_too");
	eq_int(unit.sections[0].insns[1].code, BPF_JMP | BPF_JLE | BPF_K, "is_turned_round");
	eq_int(unit.sections[0].insns[1].off, 1, "to_skip");
	eq_int(unit.sections[0].insns[2].imm, 40000, "a_gotol");
	unit_close(&unit);

	eq_str(finish(far(bpf_jmp_imm(BPF_JSET, 1, 5, 0), 40000, true)), "",
	       "jset_has_no_opposite");
	eq_int(unit.sections[0].insns[1].code, BPF_JMP | BPF_JSET | BPF_K, "so_it_stays");
	eq_int(unit.sections[0].insns[2].off, 1, "a_goto_skips");
	eq_int(unit.sections[0].insns[3].imm, 40000, "the_gotol");
	unit_close(&unit);
}

/* Growth moves numeric jumps as well as labels. */
static void numbers_follow_growth(void)
{
	struct build *b = start();

	build_allow_gotol(b, true);
	build_insn(b, bpf_jmp_imm(BPF_JEQ, 1, 0, 2));
	build_jump(b, bpf_jmp_imm(BPF_JGT, 1, 5, 0), "far");
	build_insn(b, bpf_mov64_imm(0, 0));
	for (int i = 0; i < 33000; i++)
		build_insn(b, bpf_alu64_imm(BPF_ADD, 0, 1));
	build_label(b, "far");
	end(b);
	eq_str(finish(b), "", "a_number_over_a_jump_that_grows");
	eq_int(unit.sections[0].insns[0].off, 3, "still_finds_its_instruction");
	unit_close(&unit);
}

static void names_become_relocations(void)
{
	static const struct unit_map map = {
		.name = (char *)"events", .type = 4, .key_size = 4, .value_size = 4};
	struct build *b = start();

	build_map(b, &map);
	build_var(b, ".rodata", "fmt", 1);
	build_bytes(b, "hello\n", 7);
	build_var(b, ".bss", "count", 8);
	build_bytes(b, NULL, 8);
	build_ld_map(b, 1, "events");
	build_ld_var(b, 2, "fmt", 2);
	build_call(b, "twice");
	build_call(b, "bpf_ktime_get_ns");
	build_insn(b, bpf_exit_insn());
	build_sub(b, "twice", false);
	end(b);
	eq_str(finish(b), "", "maps_variables_subprograms_and_helpers_by_name");
	eq_int(unit.n_relocs, 3, "become_relocations");
	eq_int(unit.relocs[0].kind, UNIT_RELOC_MAP, "of_a_map");
	eq_int(unit.relocs[1].kind, UNIT_RELOC_DATA, "of_data");
	eq_str(unit.symbols[unit.relocs[1].target].name, "fmt", "by_symbol");
	eq_int(unit.relocs[1].insn, 2, "at_the_slot");
	eq_int(unit.relocs[2].kind, UNIT_RELOC_CALL, "and_of_a_function");
	eq_str(unit.symbols[unit.relocs[2].target].name, "twice", "by_name");
	eq_int(unit.sections[unit_find_section(&unit, "socket")].insns[2].imm, 2,
	       "the_addend_is_in_imm");
	eq_int(unit.sections[unit_find_section(&unit, "socket")].insns[5].imm, 5,
	       "a_helper_is_a_number");
	eq_int(unit.sections[unit_find_section(&unit, ".bss")].size, 8, "bss_has_a_size");
	unit_close(&unit);

	b = start();
	build_call(b, "bpf_ktime_get_nanoseconds");
	end(b);
	has(finish(b), "no function here and no helper", "an_unknown_helper");
	b = start();
	build_ld_map(b, 1, "none");
	end(b);
	has(finish(b), "\"none\" is no map", "an_unknown_map");
	b = start();
	build_map(b, &map);
	build_map(b, &map);
	has(finish(b), "\"events\" is a map already", "a_map_twice");
}

static void subprograms_leave_the_section(void)
{
	struct build *b = start();

	end(b);
	build_sub(b, "sub", false);
	end(b);
	build_func(b, "second");
	end(b);
	eq_str(finish(b), "", "a_program_behind_a_subprogram");
	eq_str(unit.sections[unit.symbols[2].section].name, "socket", "is_in_the_section_before");
	unit_close(&unit);
}

static void calls_by_number_become_subprograms(void)
{
	struct build *b = start();
	struct bpf_insn *insns;
	struct unit_reloc *relocs;
	uint32_t n, n_relocs;

	build_insn(b, bpf_call_rel(1));
	build_insn(b, bpf_exit_insn());
	end(b);
	eq_str(finish(b), "", "a_call_by_number_builds");
	eq_int(unit.n_symbols, 2, "what_it_calls_becomes_a_function");
	eq_str(unit.symbols[1].name, "prog_sub2", "with_a_name");
	eq_str(unit.sections[unit.symbols[1].section].name, ".text", "in_text");
	eq_int(unit_program(&unit, "prog", &insns, &n, &relocs, &n_relocs), 0,
	       "put_together_again");
	eq_int(n, 4, "it_is_as_long");
	eq_int(insns[0].imm, 1, "and_calls_the_same_slot");
	free(insns);
	free(relocs);
	unit_close(&unit);

	b = start();
	build_insn(b, bpf_call_rel(7));
	end(b);
	has(finish(b), "call of slot pc+7", "a_call_out_of_the_section");
}

static void conventions(void)
{
	struct build *b = start();

	build_reg(b, 6, "ctx", BUILD_REG_FIXED);
	build_insn(b, bpf_mov64_reg(6, 1));
	build_call(b, "get_smp_processor_id");
	build_insn(b, bpf_mov64_reg(2, 6));
	build_insn(b, bpf_exit_insn());
	eq_str(finish(b), "", "a_convention_that_holds");
	unit_close(&unit);

	b = start();
	build_reg(b, 6, "ctx", BUILD_REG_FIXED);
	build_insn(b, bpf_mov64_reg(6, 1));
	build_insn(b, bpf_mov64_imm(6, 1));
	end(b);
	has(finish(b), "writes r6, which holds ctx", "a_fixed_register_written_twice");
	eq_int(err.insn, 1, "names_the_second");

	b = start();
	build_check_regs(b);
	build_call(b, "get_smp_processor_id");
	build_insn(b, bpf_mov64_reg(0, 1));
	build_insn(b, bpf_exit_insn());
	has(finish(b), "reads r1", "a_call_destroys_r1");
	has(err.hint, "r6 to r9", "and_the_hint_says_so");

	b = start();
	build_check_regs(b);
	build_jump(b, bpf_jmp_imm(BPF_JEQ, 1, 0, 0), "out");
	build_insn(b, bpf_mov64_imm(0, 1));
	build_label(b, "out");
	build_insn(b, bpf_exit_insn());
	has(finish(b), "reads r0, which a path", "one_path_leaves_r0_unset");

	b = start();
	build_reg(b, 10, "fp", 0);
	has(finish(b), "want r0 to r9", "r10_has_no_convention");
}

static void text_at_any_time(void)
{
	struct build *b = start();
	char *text;

	build_map(b, &(struct unit_map){.name = (char *)"m",
					.type = 1,
					.key_size = 4,
					.value_size = 8,
					.max_entries = 9});
	build_comment(b, "the map\nof %d", 1);
	build_ld_map(b, 1, "m");
	build_jump(b, bpf_jmp_imm(BPF_JEQ, 1, 0, 0), "out");
	text = build_text(b);
	has(text, ".map m type=hash key_size=4 value_size=8 max_entries=9", "text_has_maps");
	has(text, "; the map\n\t; of 1\n", "comments");
	has(text, "r1 = map[m]", "names");
	has(text, "goto out", "and_labels_that_are_to_come");
	free(text);
	end(b);
	has(finish(b), "no label \"out\"", "while_finish_refuses_them");
}

int main(void)
{
	labels_go_both_ways();
	label_errors();
	numbers_are_checked();
	far_jumps();
	numbers_follow_growth();
	names_become_relocations();
	subprograms_leave_the_section();
	calls_by_number_become_subprograms();
	conventions();
	text_at_any_time();
	return tap_done();
}
