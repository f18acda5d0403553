// SPDX-License-Identifier: MIT
/* loader/object/object, funcs, relocs, lines: an ELF file as programs and typed records; what is refused, and how. */
#include <errno.h>

#include "tests/btfmake.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

static void start(bool big)
{
	ew_open(&w, 64, big, ET_REL, EM_BPF);
}

static void programs_are_functions_of_sections(bool big)
{
	struct bpf_insn insns[] = {
		bpf_mov64_imm(BPF_REG_0, 0x12345678), bpf_stx_mem(BPF_DW, BPF_REG_10, BPF_REG_1, -8),
		bpf_exit_insn(), bpf_mov64_imm(BPF_REG_0, -2), bpf_exit_insn(),
	};
	struct hewn_object *o;
	uint32_t code, text, maybe;

	start(big);
	ew_section(&w, "license", SHT_PROGBITS, SHF_ALLOC, "GPL", 4);
	code = ew_code(&w, "kprobe/do_exit", insns, 5);
	maybe = ew_code(&w, "?xdp", nothing, 2);
	text = ew_code(&w, ".text", nothing, 2);
	ew_symbol(&w, "LBB0_1", STB_LOCAL, STT_NOTYPE, code, 8, 0);
	ew_func(&w, "second", code, 3, 2);
	ew_func(&w, "first", code, 0, 3);
	ew_func(&w, "later", maybe, 0, 2);
	ew_func(&w, "helper", text, 0, 2);
	eq_int(ew_object(&w, &o, NULL), 0, "object_opens");
	eq_int(o->big_endian, big, "byte_order_is_kept");
	eq_str(o->license, "GPL", "license_is_read");
	eq_int(o->version, 0, "no_version_is_0");
	eq_int(o->n_funcs, 4, "functions_are_counted");
	eq_str(o->funcs[0].name, "first", "functions_are_sorted_by_place");
	eq_int(o->funcs[1].insn, 3, "second_function_begins_where_its_symbol_says");
	eq_int(o->funcs[1].n_insns, 2, "and_has_its_size");
	ok(o->funcs[0].is_prog && o->funcs[0].def && o->funcs[0].def->how == ATTACH_KPROBE,
	   "section_says_how_it_is_attached");
	eq_str(o->funcs[0].target, "do_exit", "section_says_where");
	ok(o->funcs[2].optional && o->funcs[2].def && o->funcs[2].def->prog_type == BPF_PROG_TYPE_XDP,
	   "question_mark_is_optional");
	ok(!o->funcs[3].is_prog, "functions_of_text_are_subprograms");
	ok(!memcmp(o->codes[0].insns, insns, sizeof(insns)), "instructions_are_in_host_order");
	eq_int(object_func(o, "later"), 2, "functions_are_found_by_name");
	eq_int(object_func(o, "none"), NONE, "no_function_is_none");
	eq_int(object_func_at(o, 0, 4), 1, "functions_are_found_by_place");
	eq_int(object_func_at(o, 0, 5), NONE, "nothing_after_the_last_instruction");
	hewn_object_close(o);
	hewn_object_close(NULL);
}

static void version_is_a_number(void)
{
	struct hewn_object *o;
	uint8_t version[4];

	start(true);
	ew_put(&w, version, 4, 0x060102);
	ew_section(&w, "version", SHT_PROGBITS, SHF_ALLOC, version, 4);
	eq_int(ew_object(&w, &o, NULL), 0, "object_with_version_opens");
	eq_int(o->version, 0x060102, "version_is_in_host_order");
	hewn_object_close(o);
	start(false);
	ew_section(&w, "version", SHT_PROGBITS, SHF_ALLOC, version, 2);
	ew_refused(&w, -ENOEXEC, "2 bytes, want 4", "short_version_is_refused");
}

static void license_need_not_end(void)
{
	struct hewn_object *o;
	char many[100];

	memset(many, 'x', sizeof(many));
	start(false);
	ew_section(&w, "license", SHT_PROGBITS, SHF_ALLOC, many, sizeof(many));
	eq_int(ew_object(&w, &o, NULL), 0, "long_license_opens");
	eq_int(strlen(o->license), 63, "long_license_is_cut");
	hewn_object_close(o);
}

static void old_compilers_gave_functions_no_type(void)
{
	struct hewn_object *o;
	uint32_t code;

	start(false);
	w.machine = EM_NONE;
	code = ew_code(&w, "socket", (struct bpf_insn[]){ nothing[0], nothing[1], nothing[0], nothing[1] }, 4);
	ew_symbol(&w, "LBB0_1", STB_LOCAL, STT_NOTYPE, code, 8, 0);
	ew_symbol(&w, "one", STB_GLOBAL, STT_NOTYPE, code, 0, 0);
	ew_symbol(&w, "two", STB_GLOBAL, STT_NOTYPE, code, 16, 0);
	eq_int(ew_object(&w, &o, NULL), 0, "old_object_opens");
	ok(o->n_funcs == 2 && o->funcs[0].n_insns == 2 && o->funcs[1].n_insns == 2,
	   "global_symbols_without_a_type_are_functions");
	hewn_object_close(o);
}

static void the_wrong_file_is_named(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	ew_open(&w, 64, false, ET_REL, EM_X86_64);
	ew_refused(&w, -ENOEXEC, "ELF machine 62 (x86-64), want 247 (eBPF)", "x86_object");
	ew_open(&w, 64, false, ET_DYN, EM_BPF);
	ew_refused(&w, -ENOEXEC, "ELF type 3 (shared object), want 1", "linked_object");
	ew_open(&w, 32, false, ET_REL, EM_BPF);
	ew_refused(&w, -ENOEXEC, "ELF class 1 (32 bits), want 2", "object_of_32_bits");
	start(false);
	ew_finish(&w);
	ew_put(&w, ew_header(&w, 1) + 4, 4, SHT_PROGBITS); /* .symtab is the first section here */
	eq_int(hewn_object_open_mem(&o, w.bytes, w.size, "x.o", &err), -ENOEXEC, "stripped_object_is_refused");
	has(err.hint, "stripped", "and_the_hint_guesses_why");
	hewn_err_close(&err);
	ew_free(&w);
	eq_int(hewn_object_open(&o, "/nonexistent.o", &err), -ENOENT, "missing_object");
	ok(!o, "nothing_is_given_back_on_failure");
	hewn_err_close(&err);
	eq_int(hewn_object_open(&o, "/proc/self/exe", &err), -ENOEXEC, "this_program_is_no_object");
	has(err.what, "want 247 (eBPF)", "and_the_error_says_what_is_wanted");
	hewn_err_close(&err);
}

static void bad_functions_are_refused(void)
{
	uint32_t code;

	start(false);
	ew_section(&w, "xdp", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, NULL, 13);
	ew_refused(&w, -ENOEXEC, "13 bytes of instructions", "half_an_instruction");
	start(false);
	code = ew_code(&w, "xdp", nothing, 2);
	ew_func(&w, "x", code, 1, 2);
	ew_refused(&w, -ENOEXEC, "in a section of 16", "function_behind_the_section");
	start(false);
	code = ew_code(&w, "xdp", nothing, 2);
	ew_symbol(&w, "x", STB_GLOBAL, STT_FUNC, code, 4, 8);
	ew_refused(&w, -ENOEXEC, "function at byte 4", "function_in_the_middle_of_an_instruction");
	start(false);
	code = ew_code(&w, "xdp", nothing, 2);
	ew_func(&w, "x", code, 0, 2);
	ew_func(&w, "y", code, 1, 1);
	ew_refused(&w, -ENOEXEC, "the next one begins after 1", "overlapping_functions");
	start(false);
	code = ew_code(&w, "xdp", nothing, 2);
	ew_symbol(&w, "x", STB_GLOBAL, STT_FUNC, code, ~7ull, 8);
	ew_refused(&w, -ENOEXEC, "function at byte 18446744073709551608", "function_at_the_end_of_the_world");
}

static void static_programs_are_refused(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	start(false);
	ew_symbol(&w, "mine", STB_LOCAL, STT_FUNC, ew_code(&w, "xdp", nothing, 2), 0, 16);
	eq_int(ew_object(&w, &o, &err), -EINVAL, "static_program_is_refused");
	eq_str(err.program, "mine", "and_named");
	has(err.hint, "make it global", "and_the_hint_says_what_to_do");
	hewn_err_close(&err);
	start(false);
	ew_symbol(&w, "mine", STB_LOCAL, STT_FUNC, ew_code(&w, ".text", nothing, 2), 0, 16);
	eq_int(ew_object(&w, &o, NULL), 0, "static_subprogram_that_nothing_calls_is_not");
	hewn_object_close(o);
}

static void two_names_of_a_function_are_one(void)
{
	struct hewn_object *o;
	uint32_t code;

	start(false);
	code = ew_code(&w, "xdp", nothing, 2);
	ew_symbol(&w, "hidden", STB_LOCAL, STT_FUNC, code, 0, 16);
	ew_func(&w, "shown", code, 0, 2);
	eq_int(ew_object(&w, &o, NULL), 0, "alias_opens");
	eq_int(o->n_funcs, 1, "alias_is_no_second_function");
	eq_str(o->funcs[0].name, "shown", "the_global_name_is_kept");
	hewn_object_close(o);
}

static void empty_object_opens(void)
{
	struct hewn_object *o;

	start(false);
	ew_code(&w, ".text", NULL, 0);
	eq_int(ew_object(&w, &o, NULL), 0, "object_without_anything_opens");
	ok(!o->n_funcs && !o->n_maps && !o->n_codes && !o->n_relocs, "and_has_nothing");
	hewn_object_close(o);
}

/* ── Relocations ── */

/* call, ld_imm64, exit: the places for relocations at bytes 0 and 8. */
static uint32_t three(int32_t call_imm, uint32_t load_imm)
{
	struct bpf_insn insns[] = {
		bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, call_imm),
		bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, load_imm),
		bpf_raw_insn(0, 0, 0, 0, 0),
		bpf_exit_insn(),
	};
	uint32_t code = ew_code(&w, "xdp", insns, 4);

	ew_func(&w, "prog", code, 0, 4);
	return code;
}

static void relocations_are_typed(bool big)
{
	struct hewn_object *o;
	uint32_t code, text, data, sub, section, var;

	start(big);
	code = three(-1, 4);
	text = ew_code(&w, ".text", (struct bpf_insn[]){ nothing[0], nothing[1], nothing[0], nothing[1] }, 4);
	data = ew_section(&w, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "12345678", 8);
	ew_func(&w, "unused", text, 0, 2);
	sub = ew_func(&w, "sub", text, 2, 2);
	section = ew_symbol(&w, NULL, STB_LOCAL, STT_SECTION, data, 0, 0);
	var = ew_symbol(&w, "var", STB_GLOBAL, STT_OBJECT, data, 2, 4);
	ew_rel(&w, code, 8, section, 1);
	ew_rel(&w, code, 0, sub, 10);
	eq_int(ew_object(&w, &o, NULL), 0, "object_with_relocations_opens");
	eq_int(o->n_relocs, 2, "relocations_are_counted");
	ok(o->relocs[0].kind == RELOC_CALL && o->relocs[0].insn == 0, "call_comes_first_by_place");
	eq_str(o->funcs[o->relocs[0].index].name, "sub", "call_goes_to_its_function");
	eq_str(o->relocs[0].symbol, "sub", "call_keeps_its_symbol");
	ok(o->relocs[1].kind == RELOC_DATA && o->relocs[1].addend == 4, "section_symbol_takes_its_addend_from_imm");
	eq_str(o->maps[o->relocs[1].index].name, ".data", "data_goes_to_the_map_of_its_section");
	eq_str(o->relocs[1].symbol, ".data", "section_symbol_is_named_by_the_section");
	hewn_object_close(o);

	start(big);
	code = three(1, 4);
	text = ew_code(&w, ".text", (struct bpf_insn[]){ nothing[0], nothing[1], nothing[0], nothing[1] }, 4);
	data = ew_section(&w, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "12345678", 8);
	section = ew_symbol(&w, NULL, STB_LOCAL, STT_SECTION, text, 0, 0);
	ew_func(&w, "unused", text, 0, 2);
	ew_symbol(&w, "sub", STB_LOCAL, STT_FUNC, text, 16, 16);
	var = ew_symbol(&w, "var", STB_GLOBAL, STT_OBJECT, data, 2, 4);
	ew_rel(&w, code, 0, section, 10);
	ew_rel(&w, code, 8, var, 1);
	eq_int(ew_object(&w, &o, NULL), 0, "static_call_opens");
	eq_str(o->funcs[o->relocs[0].index].name, "sub", "static_call_counts_instructions_of_the_section_less_one");
	eq_int(o->relocs[1].addend, 6, "named_variable_is_value_and_addend");
	hewn_object_close(o);
}

static void calls_inside_of_a_section_need_no_relocation(void)
{
	struct bpf_insn insns[] = {
		bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, 1), bpf_exit_insn(),
		nothing[0], bpf_exit_insn(),
	};
	struct hewn_object *o;
	uint32_t code, callee;

	start(false);
	code = ew_code(&w, "xdp", insns, 4);
	ew_func(&w, "prog", code, 0, 2);
	ew_symbol(&w, "sub", STB_LOCAL, STT_FUNC, code, 16, 16);
	eq_int(ew_object(&w, &o, NULL), 0, "call_without_relocation_opens");
	ok(o->n_relocs == 1 && o->relocs[0].kind == RELOC_CALL && o->relocs[0].index == 1, "it_becomes_a_record");
	ok(!o->funcs[1].is_prog, "static_function_of_a_program_section_is_a_subprogram");
	hewn_object_close(o);
	/* The first section's calls must not hide the second's relocations. */
	start(false);
	code = ew_code(&w, ".text", insns, 4);
	ew_func(&w, "caller", code, 0, 2);
	callee = ew_func(&w, "callee", code, 2, 2);
	for (uint32_t i = 0; i < 4; i++) {
		code = three(-1, 0);
		ew_rel(&w, code, 0, callee, 10);
		ew_rel(&w, code, 8, callee, 1);
	}
	eq_int(ew_object(&w, &o, NULL), 0, "both_kinds_of_calls_open");
	eq_int(o->n_relocs, 9, "each_call_is_recorded_once");
	hewn_object_close(o);
	insns[0].imm = 2;
	start(false);
	code = ew_code(&w, "xdp", insns, 4);
	ew_func(&w, "prog", code, 0, 2);
	ew_symbol(&w, "sub", STB_LOCAL, STT_FUNC, code, 16, 16);
	ew_refused(&w, -ENOEXEC, "byte 24 of section xdp, where no function begins", "call_into_the_middle");
	insns[0].imm = INT32_MIN;
	start(false);
	ew_func(&w, "prog", ew_code(&w, "xdp", insns, 4), 0, 4);
	ew_refused(&w, -ENOEXEC, "where no function begins", "call_before_the_section");
}

static void called_functions_of_unknown_sections_are_subprograms(void)
{
	struct hewn_object *o;
	uint32_t code, other;

	start(false);
	code = three(-1, 0);
	other = ew_code(&w, "other", nothing, 2);
	ew_rel(&w, code, 0, ew_func(&w, "sub", other, 0, 2), 10);
	ew_rel(&w, code, 8, ew_symbol(&w, "weak", STB_WEAK, STT_NOTYPE, SHN_UNDEF, 0, 0), 1);
	ew_func(&w, "mine", ew_code(&w, "kprobes/mine", nothing, 2), 0, 2);
	eq_int(ew_object(&w, &o, NULL), 0, "unknown_sections_open");
	ok(!o->funcs[object_func(o, "sub")].is_prog, "what_is_called_is_a_subprogram");
	ok(o->funcs[object_func(o, "mine")].is_prog && !o->funcs[object_func(o, "mine")].def,
	   "what_is_not_called_is_a_program_of_no_kind");
	ok(o->n_externs == 1 && o->externs[0].is_weak && o->externs[0].kind == EXTERN_UNDEFINED,
	   "undefined_symbol_is_an_extern");
	eq_int(o->relocs[1].kind, RELOC_EXTERN, "and_its_relocation_says_so");
	hewn_object_close(o);
}

static void bad_relocation(uint64_t offset, uint32_t symbol, int code, const char *piece, const char *name)
{
	uint32_t section, common, absolute, data, debug;

	start(false);
	section = three(-1, 4);
	common = ew_symbol(&w, "common", STB_GLOBAL, STT_OBJECT, SHN_COMMON, 0, 4);
	absolute = ew_symbol(&w, "absolute", STB_GLOBAL, STT_OBJECT, SHN_ABS, 0, 4);
	data = ew_section(&w, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 4);
	ew_symbol(&w, "var", STB_GLOBAL, STT_OBJECT, data, 0, 4);
	debug = ew_section(&w, ".debug_info", SHT_PROGBITS, 0, "1234", 4);
	ew_symbol(&w, "debug", STB_GLOBAL, STT_OBJECT, debug, 0, 4);
	ok(common == 2 && absolute == 3, "symbols_are_where_the_table_says");
	ew_rel(&w, section, offset, symbol, 1);
	ew_refused(&w, code, piece, name);
}

static void bad_relocations_are_refused(void)
{
	bad_relocation(8, 2, -EINVAL, "left for a linker (COMMON)", "uninitialised_global");
	bad_relocation(8, 3, -ENOEXEC, "in no section", "absolute_symbol");
	bad_relocation(8, 4, -EINVAL, "byte 4 of section .bss, which has 4", "address_behind_the_variable");
	bad_relocation(8, 5, -EOPNOTSUPP, "section .debug_info, which holds neither", "address_of_something_else");
	bad_relocation(8, 99, -ENOEXEC, "symbol 99, but there are 1 to 5", "symbol_that_is_not_there");
	bad_relocation(8, 0, -ENOEXEC, "symbol 0", "the_empty_symbol");
	bad_relocation(8, 1, -ENOEXEC, "byte 4 of section xdp, where no function begins", "address_inside_of_a_function");
	bad_relocation(0, 4, -ENOEXEC, "a call into section .bss", "call_into_data");
	bad_relocation(24, 4, -ENOEXEC, "code 95", "relocation_of_an_exit");
	bad_relocation(16, 4, -ENOEXEC, "code 00", "relocation_of_half_a_load");
	bad_relocation(12, 4, -ENOEXEC, "byte 12", "relocation_between_instructions");
	bad_relocation(32, 4, -ENOEXEC, "byte 32, but the section has 4", "relocation_behind_the_section");
	bad_relocation(~7ull, 4, -ENOEXEC, "but the section has 4", "relocation_at_the_end_of_the_world");
}

static void a_load_at_the_end_of_a_section_is_no_load(void)
{
	struct bpf_insn load = bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, 0);
	uint32_t code, data;

	start(false);
	code = ew_code(&w, "xdp", &load, 1);
	data = ew_section(&w, ".bss", SHT_NOBITS, SHF_ALLOC, NULL, 4);
	ew_rel(&w, code, 0, ew_symbol(&w, "x", STB_GLOBAL, STT_OBJECT, data, 0, 4), 1);
	ew_refused(&w, -ENOEXEC, "code 18", "load_at_the_end");
}

static void other_kinds_of_relocations_are_refused(void)
{
	uint8_t rela[24] = { 0 };
	struct hewn_object *o;
	uint32_t code, section;

	start(false);
	code = three(-1, 0);
	section = ew_section(&w, ".relaxdp", SHT_RELA, 0, rela, sizeof(rela));
	w.sections[section].info = code;
	w.sections[section].link = UINT32_MAX;
	w.sections[section].entsize = 24;
	ew_refused(&w, -EOPNOTSUPP, "SHT_RELA", "relocations_with_addends");
	start(false);
	code = three(0, 0);
	ew_func(&w, "cold", ew_code(&w, ".text.unlikely.", nothing, 2), 0, 2);
	ew_rel(&w, code, 16, 99, 0);
	w.sections[code].data[0] = BPF_JMP | BPF_JA; /* no call, and so no target */
	eq_int(ew_object(&w, &o, NULL), 0, "relocation_of_type_none_asks_for_nothing");
	eq_int(o->n_relocs, 0, "and_is_no_record");
	ok(!o->funcs[object_func(o, "cold")].is_prog, "variants_of_text_hold_subprograms");
	hewn_object_close(o);
	start(false);
	code = three(-1, 0);
	section = ew_func(&w, "sub", ew_code(&w, ".text", nothing, 2), 0, 2);
	ew_rel(&w, code, 0, section, 10);
	ew_rel(&w, code, 0, section, 10);
	ew_refused(&w, -ENOEXEC, "two relocations for one instruction", "two_for_one");
	start(false);
	code = ew_section(&w, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL, 8);
	ew_rel(&w, code, 0, ew_symbol(&w, "x", STB_GLOBAL, STT_OBJECT, code, 0, 4), 2);
	eq_int(ew_object(&w, &o, NULL), 0, "addresses_in_data_are_left_as_they_are");
	hewn_object_close(o);
}

static void names_are_short_and_plain(void)
{
	static const char *const bad[] = { "x\033[2J", "x\001", "x\x7f", "x\xc2\x9b" };
	char name[4098], long_name[4097];
	struct hewn_object *o;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		start(false);
		ew_func(&w, bad[i], ew_code(&w, "xdp", nothing, 2), 0, 2);
		ew_refused(&w, -ENOEXEC, "the name of symbol 1 has a control character", "a_name_that_steers_a_terminal");
	}
	start(false);
	ew_func(&w, "x", ew_code(&w, "xdp\r", nothing, 2), 0, 2);
	ew_refused(&w, -ENOEXEC, "the name of section 1 has a control character (0d) at byte 3", "of_a_section_too");
	memset(name, 'a', sizeof(name));
	name[4097] = 0;
	start(false);
	ew_func(&w, name, ew_code(&w, "xdp", nothing, 2), 0, 2);
	ew_refused(&w, -ENOEXEC, "longer than 4096", "a_name_that_is_too_long");
	memcpy(long_name, name + 1, sizeof(long_name));
	start(false);
	ew_func(&w, long_name, ew_code(&w, "xdp", nothing, 2), 0, 2);
	eq_int(ew_object(&w, &o, NULL), 0, "and_one_that_is_just_not");
	hewn_object_close(o);
	start(false);
	ew_func(&w, "gr\xc3\xbc\xc3\x9f", ew_code(&w, "xdp", nothing, 2), 0, 2);
	eq_int(ew_object(&w, &o, NULL), 0, "letters_of_any_language");
	hewn_object_close(o);
}

static void relocations_share_a_name(void)
{
	struct hewn_object *o;
	uint32_t code, symbol;

	start(false);
	code = ew_code(&w, "xdp", (struct bpf_insn[]){ { .code = BPF_JMP | BPF_CALL }, { .code = BPF_JMP | BPF_CALL }, nothing[1] }, 3);
	symbol = ew_symbol(&w, "far", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0);
	ew_func(&w, "prog", code, 0, 3);
	ew_rel(&w, code, 0, symbol, 10);
	ew_rel(&w, code, 8, symbol, 10);
	eq_int(ew_object(&w, &o, NULL), 0, "two_relocations_to_one_symbol");
	ok(o->n_relocs == 2 && o->relocs[0].symbol == o->relocs[1].symbol, "have_one_copy_of_its_name");
	hewn_object_close(o);
}

/* ── .BTF.ext ── */

/* A table of one section with one record each. */
static size_t table(uint8_t *to, uint32_t each, uint32_t section, const uint32_t *record)
{
	uint32_t head[] = { each, section, 1 };

	for (uint32_t i = 0; i < 3; i++)
		ew_put(&w, to + 4 * i, 4, head[i]);
	for (uint32_t i = 0; i < each / 4; i++)
		ew_put(&w, to + 12 + 4 * i, 4, record[i]);
	return 12 + each;
}

static const char *tag; /* of the function, NULL: none */
static int32_t tag_of = -1;

/* Adds .BTF and .BTF.ext for section xdp: one func_info, one line_info, one CO-RE relocation. */
static uint32_t add_ext(uint32_t insn_off, uint8_t *ext, size_t *size)
{
	static struct btfmake mk;
	uint32_t proto, func, section, line, file, n, sizes[3];
	size_t at = 32;

	memset(&mk, 0, sizeof(mk));
	proto = mk_type(&mk, BTF_FUNC_PROTO, NULL, 0, 0);
	func = mk_type(&mk, BTF_FUNC, "prog", 1, proto);
	if (tag) {
		mk_type(&mk, BTF_DECL_TAG, tag, 0, func);
		mk_word(&mk, (uint32_t)tag_of);
	}
	section = mk_str(&mk, "xdp");
	line = mk_str(&mk, "\treturn 0;");
	file = mk_str(&mk, "x.c");
	n = mk_blob(&mk);
	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, n);
	sizes[0] = (uint32_t)table(ext + at, 8, section, (uint32_t[]){ insn_off, func });
	at += sizes[0];
	sizes[1] = (uint32_t)table(ext + at, 16, section, (uint32_t[]){ insn_off, file, line, 7 << 10 | 3 });
	at += sizes[1];
	sizes[2] = (uint32_t)table(ext + at, 16, section, (uint32_t[]){ insn_off, func, 0, 2 });
	at += sizes[2];
	ew_put(&w, ext, 2, 0xeb9f);
	ext[2] = 1;
	ext[3] = 0;
	ew_put(&w, ext + 4, 4, 32);
	for (uint32_t i = 0, off = 0; i < 3; off += sizes[i++]) {
		ew_put(&w, ext + 8 + 8 * i, 4, off);
		ew_put(&w, ext + 12 + 8 * i, 4, sizes[i]);
	}
	*size = at;
	return func;
}

static void lines_are_read(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	uint8_t ext[512];
	uint32_t func;
	size_t size;

	start(false);
	ew_func(&w, "prog", ew_code(&w, "xdp", nothing, 2), 0, 2);
	func = add_ext(0, ext, &size);
	ew_section(&w, ".BTF.ext", SHT_PROGBITS, 0, ext, size);
	eq_int(ew_object(&w, &o, &err), 0, "object_with_lines_opens");
	ok(o->n_func_infos == 1 && o->n_lines == 1 && o->n_cores == 1, "all_three_tables_are_read");
	eq_int(o->funcs[0].type_id, func, "func_info_gives_the_function_its_type");
	eq_int(o->cores[0].kind, 2, "core_relocation_has_its_kind");
	ok(object_line_at(o, 0, 1) == &o->lines[0], "a_line_covers_what_follows_it");
	object_err_at(o, 0, 1, &err);
	eq_str(err.source, "x.c:7: return 0;", "error_shows_the_source");
	eq_str(err.section, "xdp", "error_shows_the_section");
	eq_str(err.program, "prog", "error_shows_the_function");
	ok(err.has_insn && err.insn == 1, "error_shows_the_instruction");
	hewn_err_close(&err);
	hewn_object_close(o);
}

/* of -1: of the function; else of a parameter. */
static int with_tag(const char *text, int32_t of, struct hewn_object **o)
{
	uint8_t ext[512];
	size_t size;

	tag = text;
	tag_of = of;
	start(false);
	ew_func(&w, "prog", ew_code(&w, "xdp", nothing, 2), 0, 2);
	ew_func(&w, "caught", ew_code(&w, ".text", nothing, 2), 0, 2);
	add_ext(0, ext, &size);
	ew_section(&w, ".BTF.ext", SHT_PROGBITS, 0, ext, size);
	tag = NULL;
	return ew_object(&w, o, NULL);
}

static void tags_say_who_handles_exceptions(void)
{
	struct hewn_object *o;

	eq_int(with_tag("exception_callback:caught", -1, &o), 0, "object_with_a_handler_opens");
	eq_int(o->funcs[object_func(o, "prog")].exception, object_func(o, "caught"), "and_the_program_names_it");
	eq_int(o->funcs[object_func(o, "caught")].exception, NONE, "others_have_none");
	hewn_object_close(o);
	for (int of = -1; of < 1; of++) {
		eq_int(with_tag(of ? "else" : "exception_callback:caught", of, &o), 0, "object_with_a_tag_opens");
		eq_int(o->funcs[object_func(o, "prog")].exception, NONE, "other_tags_say_nothing");
		hewn_object_close(o);
	}
	for (int i = 0; i < 2; i++) {
		eq_int(with_tag(i ? "exception_callback:prog" : "exception_callback:nobody", -1, &o), 0,
		       "a_bad_handler_is_left_to_the_verifier");
		eq_int(o->funcs[object_func(o, "prog")].exception, NONE, "and_is_none");
		hewn_object_close(o);
	}
}

static void bad_lines_are_refused(void)
{
	uint8_t ext[512];
	size_t size;

	start(false);
	ew_func(&w, "prog", ew_code(&w, "xdp", nothing, 2), 0, 2);
	add_ext(16, ext, &size);
	ew_section(&w, ".BTF.ext", SHT_PROGBITS, 0, ext, size);
	ew_refused(&w, -EINVAL, "func_info for byte 16 of section xdp, which has 2", "func_info_behind_the_section");
	/* Every shorter length, and each byte of the header and the first table spoiled: never a crash. */
	for (size_t cut = 0; cut < 120; cut++) {
		struct hewn_object *o;

		start(false);
		ew_func(&w, "prog", ew_code(&w, "xdp", nothing, 2), 0, 2);
		add_ext(0, ext, &size);
		if (cut >= 60)
			ext[cut - 60] ^= 0xff;
		ew_section(&w, ".BTF.ext", SHT_PROGBITS, 0, ext, cut < 60 ? cut : size);
		if (!ew_object(&w, &o, NULL))
			hewn_object_close(o);
	}
	ok(true, "spoiled_lines_do_not_crash");
}

int main(void)
{
	for (int big = 0; big < 2; big++) {
		programs_are_functions_of_sections(big);
		relocations_are_typed(big);
	}
	version_is_a_number();
	license_need_not_end();
	old_compilers_gave_functions_no_type();
	the_wrong_file_is_named();
	bad_functions_are_refused();
	static_programs_are_refused();
	two_names_of_a_function_are_one();
	empty_object_opens();
	calls_inside_of_a_section_need_no_relocation();
	called_functions_of_unknown_sections_are_subprograms();
	bad_relocations_are_refused();
	a_load_at_the_end_of_a_section_is_no_load();
	other_kinds_of_relocations_are_refused();
	names_are_short_and_plain();
	relocations_share_a_name();
	lines_are_read();
	tags_say_who_handles_exceptions();
	bad_lines_are_refused();
	return tap_done();
}
