// SPDX-License-Identifier: MIT
/* loader/link: a program and what it calls become one array of instructions; what cannot is named. */
#include <errno.h>

#include "loader/link/image.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;

/* One program, linked for no kernel in particular. */
static int link_one(struct image *image, const struct hewn_object *object, uint32_t func, struct hewn_err *err)
{
	struct link link;
	int ret = link_open(&link, object, NULL, err);

	if (!ret)
		ret = image_open(image, &link, func, err);
	link_close(&link);
	return ret;
}

#define CALL(imm) bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, imm)
#define LOAD(reg) bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, reg, 0, 0, 0)
#define HALF	  bpf_raw_insn(0, 0, 0, 0, 0)

/*
 * .text, with calls in it that need no relocation:
 *	a (0): calls b      b (2): calls b, itself      c (4): nothing
 * xdp: calls a, c, a; takes the address of b; loads a map and byte 2 of .data.
 */
static struct hewn_object *family(bool big)
{
	struct bpf_insn text[] = { CALL(1), bpf_exit_insn(), CALL(-1), bpf_exit_insn(), bpf_exit_insn() };
	struct bpf_insn xdp[] = { CALL(-1), CALL(-1), CALL(-1), LOAD(BPF_REG_2), HALF, LOAD(BPF_REG_1), HALF,
				  LOAD(BPF_REG_3), HALF, bpf_exit_insn() };
	uint8_t map[20] = { 0 };
	uint32_t t, x, s, data, a, b, c, m;
	struct hewn_object *o;

	ew_open(&w, 64, big, ET_REL, EM_BPF);
	t = ew_code(&w, ".text", text, 5);
	x = ew_code(&w, "xdp", xdp, 10);
	ew_put(&w, map, 4, 2);
	s = ew_section(&w, "maps", SHT_PROGBITS, SHF_ALLOC, map, 20);
	data = ew_section(&w, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "1234", 4);
	a = ew_func(&w, "a", t, 0, 2);
	b = ew_func(&w, "b", t, 2, 2);
	c = ew_func(&w, "c", t, 4, 1);
	ew_func(&w, "prog", x, 0, 10);
	m = ew_symbol(&w, "map", STB_GLOBAL, STT_OBJECT, s, 0, 20);
	ew_rel(&w, x, 0, a, 10);
	ew_rel(&w, x, 8, c, 10);
	ew_rel(&w, x, 16, a, 10);
	ew_rel(&w, x, 24, b, 1);
	ew_rel(&w, x, 40, m, 1);
	ew_rel(&w, x, 56, ew_symbol(&w, "var", STB_GLOBAL, STT_OBJECT, data, 2, 2), 1);
	if (ew_object(&w, &o, NULL))
		exit(1);
	return o;
}

static void program_takes_along_what_it_calls(bool big)
{
	struct hewn_object *o = family(big);
	struct image image;

	eq_int(link_one(&image, o, object_func(o, "prog"), NULL), 0, "program_links");
	eq_int(image.n_insns, 15, "each_subprogram_is_appended_once");
	eq_int(image.n_parts, 4, "parts_are_counted");
	eq_str(o->funcs[image.parts[1].func].name, "a", "first_called_comes_first");
	eq_str(o->funcs[image.parts[2].func].name, "b", "then_what_that_calls");
	eq_str(o->funcs[image.parts[3].func].name, "c", "then_what_is_called_next");
	eq_int(image.insns[0].imm, 10 - 1, "call_counts_from_the_next_instruction");
	eq_int(image.insns[1].imm, 14 - 2, "call_of_another");
	eq_int(image.insns[2].imm, 10 - 3, "second_call_goes_to_the_same_place");
	eq_int(image.insns[10].imm, 12 - 11, "call_between_subprograms_is_moved");
	eq_int(image.insns[12].imm, -1, "recursion_is_left_to_the_verifier");
	ok(image.insns[3].src_reg == BPF_PSEUDO_FUNC && image.insns[3].imm == 12 - 4 && !image.insns[4].imm,
	   "address_of_a_function_is_marked");
	ok(image.insns[5].src_reg == BPF_PSEUDO_MAP_FD && !image.insns[5].imm, "map_is_marked");
	ok(image.insns[7].src_reg == BPF_PSEUDO_MAP_VALUE && image.insns[8].imm == 2, "variable_is_marked");
	ok(image.n_fixes == 2 && image.fixes[0].insn == 5 && image.fixes[1].insn == 7, "fds_have_places");
	eq_str(o->maps[image.fixes[0].index].name, "map", "map_is_named");
	eq_str(o->maps[image.fixes[1].index].name, ".data", "data_is_named");
	ok(!image.n_func_infos && !image.n_lines, "without_btf_no_infos");
	eq_int(o->codes[1].insns[5].src_reg, 0, "the_object_is_not_touched");
	image_close(&image);
	image_close(&image);
	hewn_object_close(o);
}

static void errors_say_where_an_instruction_came_from(void)
{
	struct hewn_object *o = family(false);
	struct hewn_err err = { 0 };
	struct image image;

	eq_int(link_one(&image, o, object_func(o, "prog"), NULL), 0, "program_links");
	image_err_at(&image, o, 14, &err);
	eq_str(err.section, ".text", "section_of_the_subprogram");
	eq_int(err.insn, 14, "instruction_as_the_verifier_counts");
	hewn_err_close(&err);
	image_err_at(&image, o, 99, &err);
	eq_int(err.insn, 99, "instruction_that_is_not_there_is_kept");
	hewn_err_close(&err);
	image_close(&image);
	hewn_object_close(o);
}

static void what_nobody_defines_is_named(unsigned int bind)
{
	struct bpf_insn insns[] = { bpf_mov64_imm(BPF_REG_0, 0), LOAD(BPF_REG_1), HALF, bpf_exit_insn() };
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	struct image image;
	uint32_t code;

	ew_open(&w, 64, false, ET_REL, EM_BPF);
	code = ew_code(&w, "kprobe/x", insns, 4);
	ew_func(&w, "prog", code, 0, 4);
	ew_rel(&w, code, 8, ew_symbol(&w, "jiffies", bind, STT_NOTYPE, SHN_UNDEF, 0, 0), 1);
	if (ew_object(&w, &o, NULL))
		exit(1);
	ok(link_one(&image, o, 0, &err) < 0, "undefined_symbol_is_refused");
	eq_str(err.symbol, "jiffies", "and_named");
	eq_str(err.section, "kprobe/x", "with_its_section");
	eq_str(err.program, "prog", "with_its_program");
	ok(err.has_insn && err.insn == 1, "with_its_instruction");
	ok(!image.insns && !image.n_parts, "nothing_is_given_back");
	hewn_err_close(&err);
	hewn_object_close(o);
}

/* Objects that were not read from a file may say anything of an instruction. */
static void relocation_and_instruction_must_agree(void)
{
	struct bpf_insn insns[] = { bpf_mov64_imm(BPF_REG_0, 0), LOAD(BPF_REG_1) };
	struct obj_code code = { "xdp", insns, 2 };
	struct obj_func func = { .name = "prog", .n_insns = 2, .is_prog = true, .target = "" };
	struct obj_reloc reloc = { .kind = RELOC_CALL };
	struct hewn_object o = { .name = "made", .codes = &code, .n_codes = 1, .funcs = &func, .n_funcs = 1,
				 .relocs = &reloc, .n_relocs = 1 };
	struct image image;

	ok(link_one(&image, &o, 0, NULL) < 0, "call_where_there_is_none");
	reloc.kind = RELOC_MAP;
	ok(link_one(&image, &o, 0, NULL) < 0, "load_where_there_is_none");
	reloc.insn = 1;
	ok(link_one(&image, &o, 0, NULL) < 0, "load_at_the_end_of_the_function");
	insns[0] = LOAD(BPF_REG_1);
	insns[1] = CALL(0);
	reloc.kind = RELOC_CALL;
	ok(link_one(&image, &o, 0, NULL) < 0, "call_in_the_second_half_of_a_load");
}

/* Two functions, the second called by the first, with what a compiler says of them. */
static void infos_move_with_their_functions(void)
{
	struct bpf_insn insns[] = { bpf_exit_insn(), CALL(-3), bpf_exit_insn() };
	struct obj_code code = { "xdp", insns, 3 };
	struct obj_func funcs[] = {
		{ .name = "sub", .n_insns = 1, .target = "" },
		{ .name = "prog", .insn = 1, .n_insns = 2, .is_prog = true, .target = "" },
	};
	struct obj_reloc reloc = { .kind = RELOC_CALL, .insn = 1, .index = 0 };
	struct obj_func_info infos[] = { { 0, 0, 7 }, { 0, 1, 8 } };
	struct obj_line lines[] = { { 0, 0, 1, 2, 10 }, { 0, 1, 1, 3, 20 }, { 0, 2, 1, 4, 30 } };
	struct hewn_object o = { .name = "made", .codes = &code, .n_codes = 1, .funcs = funcs, .n_funcs = 2,
				 .relocs = &reloc, .n_relocs = 1, .has_btf = true, .func_infos = infos,
				 .n_func_infos = 2, .lines = lines, .n_lines = 3 };
	struct image image;

	eq_int(link_one(&image, &o, 1, NULL), 0, "program_with_infos_links");
	ok(image.n_func_infos == 2 && image.func_infos[0].insn_off == 0 && image.func_infos[0].type_id == 8 &&
	   image.func_infos[1].insn_off == 2 && image.func_infos[1].type_id == 7, "func_infos_have_new_places");
	ok(image.n_lines == 3 && image.lines[0].insn_off == 0 && image.lines[1].insn_off == 1 &&
	   image.lines[2].insn_off == 2 && image.lines[2].line_col == 10, "lines_have_new_places");
	image_close(&image);
	lines[0].insn = 1;
	eq_int(link_one(&image, &o, 1, NULL), 0, "program_with_fewer_lines_links");
	ok(image.n_func_infos == 2 && !image.n_lines, "lines_for_some_functions_are_dropped");
	image_close(&image);
	infos[0].insn = 1;
	eq_int(link_one(&image, &o, 1, NULL), 0, "program_with_fewer_func_infos_links");
	ok(!image.n_func_infos && !image.n_lines, "func_infos_for_some_functions_are_dropped");
	image_close(&image);
}

static void core_relocations_that_nothing_explains(void)
{
	struct bpf_insn insns[] = { bpf_mov64_imm(BPF_REG_0, 0), bpf_exit_insn() };
	struct obj_code code = { "xdp", insns, 2 };
	struct obj_func func = { .name = "prog", .n_insns = 2, .is_prog = true, .target = "" };
	struct obj_core core = { .insn = 1, .kind = 2 };
	struct hewn_object o = { .name = "made", .codes = &code, .n_codes = 1, .funcs = &func, .n_funcs = 1,
				 .cores = &core, .n_cores = 1 };
	struct hewn_err err = { 0 };
	struct image image;

	eq_int(link_one(&image, &o, 0, &err), -EINVAL, "core_relocation_of_a_type_that_is_not_there");
	has(err.what, "no such type", "is_refused");
	eq_int(err.insn, 1, "with_its_instruction");
	hewn_err_close(&err);
	core.kind = 99;
	eq_int(link_one(&image, &o, 0, &err), -EOPNOTSUPP, "core_relocation_of_a_later_kind");
	has(err.what, "kind 99", "has_its_number");
	hewn_err_close(&err);
}

int main(void)
{
	infos_move_with_their_functions();
	core_relocations_that_nothing_explains();
	program_takes_along_what_it_calls(false);
	program_takes_along_what_it_calls(true);
	errors_say_where_an_instruction_came_from();
	what_nobody_defines_is_named(STB_GLOBAL);
	what_nobody_defines_is_named(STB_WEAK);
	relocation_and_instruction_must_agree();
	return tap_done();
}
