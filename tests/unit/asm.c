// SPDX-License-Identifier: MIT
/* The assembler of whole programs: directives, and errors with line and column. */
#include <errno.h>

#include "insn/asm.h"
#include "tests/tap.h"

static struct insn_err err;
static struct unit unit;

static int assemble(const char *text)
{
	return asm_unit(text, strlen(text), "t.basm", &unit, &err);
}

static void a_whole_program(void)
{
	static const char text[] =
		"; a comment\n"
		".license \"Dual MIT/GPL\"\n"
		".map m type=BPF_MAP_TYPE_HASH, key_size=4 value_size=0x8 max_entries=9 "
		"map_flags=NO_PREALLOC|BPF_F_NUMA_NODE numa_node=1 map_extra=5 pinning=by_name\n"
		".map n type=27 max_entries=4096\n"
		".section .rodata.str\n"
		"text: .ascii \"a\\n\\x41\\\"\" ; remark\n"
		"      .asciz \"b\", \"c\"\n"
		".align 4\n"
		"nums: .u8 1 -1, 'a'\n"
		"      .zero 1\n"
		"      .u32 0x11223344\n"
		".section .bss\n"
		"room: .zero 100\n"
		".section socket\n"
		".func main\n"
		".reg r6 ctx fixed\n"
		"	r6 = r1\n"
		"	r1 = map[m]\n"
		"	r2 = nums ll\n"
		"	if r6 == 0 goto out\n"
		"	r6 = r6\n"
		"	call sub\n"
		"out:	r0 = 0\n"
		"	exit\n"
		".sub sub\n"
		"	r0 = r1\n"
		"	exit\n";
	const struct unit_section *s;
	char broken[sizeof(text)];
	char *twice;

	eq_int(assemble(text), -EINVAL, "a_convention_is_checked");
	has(err.msg, "writes r6, which holds ctx", "and_what_breaks_it_told");
	eq_int(err.line, 21, "with_its_line");
	eq_str(err.source, "	r6 = r6", "and_the_line_itself");

	strcpy(broken, text);
	twice = strstr(broken, "	r6 = r6\n");
	memmove(twice, twice + 9, strlen(twice + 9) + 1);
	eq_int(assemble(broken), 0, "a_whole_program_assembles");
	eq_str(unit.license, "Dual MIT/GPL", "license");
	eq_int(unit.maps[0].type, 1, "map_type_by_the_kernels_name");
	eq_int(unit.maps[0].value_size, 8, "value_size");
	eq_int(unit.maps[0].map_flags, 5, "map_flags_by_name");
	eq_int(unit.maps[0].numa_node, 1, "numa_node");
	eq_int(unit.maps[0].map_extra, 5, "map_extra");
	eq_int(unit.maps[0].pinning, 1, "pinning");
	eq_int(unit.maps[1].type, 27, "map_type_by_number");
	s = &unit.sections[unit_find_section(&unit, ".rodata.str")];
	eq_int(s->size, 16, "strings_and_numbers_with_alignment");
	ok(!memcmp(s->bytes, "a\nA\"b\0c\0\1\377a\0", 12), "their bytes");
	eq_int(unit.sections[unit_find_section(&unit, ".bss")].size, 100, "bss");
	s = &unit.sections[unit_find_section(&unit, "socket")];
	eq_int(s->n_insns, 9, "code");
	eq_int(s->insns[5].off, 1, "a_jump");
	eq_int(unit.n_relocs, 3, "relocations");
	ok(unit.symbols[unit_find_symbol(&unit, "main")].global, "a program is global");
	ok(!unit.symbols[unit_find_symbol(&unit, "sub")].global, "a subprogram is local");
	eq_int(unit.lines[0].line, 17, "lines_are_kept");
	unit_close(&unit);
}

static void bare_instructions(void)
{
	eq_int(assemble("r0 = 1\nexit\n"), 0, "instructions_alone_are_a_program");
	eq_str(unit.symbols[0].name, "prog", "named_prog");
	unit_close(&unit);
	eq_int(assemble(".section kprobe/do_sys-x\nr0 = 1\nexit\n"), 0, "a_section_without_func");
	eq_str(unit.symbols[0].name, "kprobe_do_sys_x", "names_its_function");
	unit_close(&unit);
	eq_int(assemble(""), 0, "an_empty_text_is_an_empty_unit");
	unit_close(&unit);
	eq_int(assemble("0: (b7) r0 = 2\n1: (85) call pc+1\n2: (95) exit\n3: (b7) r0 = 3\n4: (95) "
			"exit"),
	       0, "a_pasted_dump_with_a_subprogram");
	eq_int(unit.n_symbols, 2, "becomes_two_functions");
	unit_close(&unit);
	eq_int(assemble(".order big\n.section .data\nx: .u16 1\n"), 0, "big_endian_data");
	eq_int(unit.sections[0].bytes[1], 1, "has_its_bytes_in_that_order");
	ok(unit.big_endian, "and the unit says so");
	unit_close(&unit);
}

/* What the builder prints, the assembler reads, to the same program. */
static void text_round_trip(void)
{
	static const char text[] =
		".license \"GPL\"\n.map m type=hash key_size=4 value_size=8 max_entries=2 "
		"map_flags=0x1 pinning=by_name\n"
		".map t type=array key_size=4 value_size=8 max_entries=1 template=1\n"
		".map o type=hash_of_maps key_size=4 value_size=4 max_entries=1 inner=t\n"
		".map a type=prog_array key_size=4 value_size=4 max_entries=1\n"
		".extern jiffies\n"
		".event m pid:u32 comm:char[16] x:s64 f:u32:hewn_open_flags\n"
		".value o 0 m\n.value a 0 f\n"
		"\n.section .data\n.align 8\nd:\n\t.ascii \"a\\x00\"\n"
		"\n.section socket\n.func f\n.checkregs\n.reg r6 ctx fixed\n"
		"\tr6 = r1\n\tr1 = map[m]\n\tr2 = d ll\n\tcall s\n\tif r0 == 0x0 goto out\n"
		"\tr0 = 1\nout:\n\texit\n"
		"\n.sub s\n\tr0 = r1\n\texit\n";
	struct build *b = build_open();
	char *printed;

	insn_err_clear(&err);
	eq_int(asm_build(b, text, strlen(text), &err), 0, "text_into_a_builder");
	printed = build_text(b);
	eq_str(printed, text, "comes_out_as_it_went_in");
	free(printed);
	build_close(b);
}

/* Text, the line and column of its error, and what it says. */
static const struct {
	const char *text;
	int line, col;
	const char *piece;
} bad[] = {
	{".licence GPL", 1, 1, "no directive \".licence\""},
	{".license", 1, 9, "want the license"},
	{".license \"GPL", 1, 10, "does not end"},
	{".license \"\"", 1, 10, "empty string"},
	{".license GPL MIT", 1, 14, "want the end of the line"},
	{".license \"\\q\"", 1, 11, "unknown escape"},
	{".license \"\\x4\"", 1, 11, "unknown escape"},
	{".map", 1, 5, "want the map's name"},
	{".map m", 1, 6, "has no type"},
	{".map m key_size=4", 1, 6, "has no type"},
	{".map m type", 1, 12, "want = and the value of type"},
	{".map m type=", 1, 13, "want a map type"},
	{".map m type=hsah", 1, 13, "no map type \"hsah\""},
	{".map m type=99999999999", 1, 13, "out of range"},
	{".map m type=1x", 1, 13, "want a number"},
	{".map m type=1 keysize=4", 1, 15, "no field \"keysize\""},
	{".map m type=1 key_size=x", 1, 24, "want a number"},
	{".map m type=1 key_size=-1", 1, 24, "out of range"},
	{".map m type=1 key_size=4294967296", 1, 24, "out of range"},
	{".map m type=1 map_flags=FOO", 1, 25, "no map flag \"FOO\""},
	{".map m type=1 map_flags=MMAPABLE|FOO", 1, 34, "no map flag \"FOO\""},
	{".map m type=1 pinning=maybe", 1, 23, "want none or by_name"},
	{".map m type=1 map_extra=0x10000000000000000", 1, 25, "out of range"},
	{".map m type=1\n.map m type=1", 2, 1, "is a map already"},
	{".map \"a b\" type=1", 1, 1, "want letters, digits, _ and ."},
	{".func 1f", 1, 1, "no digit first"},
	{".map m type=1\n.func m", 2, 1, "is a map already"},
	{".func f\n r0 = 0\n exit\n.func f", 4, 1, "is a function already"},
	{".section .data\nd: .u8 1\nd: .u8 2", 3, 1, "is a variable already"},
	{".value", 1, 7, "want a map"},
	{".value m", 1, 9, "want a number"},
	{".value m 1", 1, 11, "want a map or a program"},
	{".value m 65536 x", 1, 1, "key 65536"},
	{"r0 = 0\nexit\n.value m 1 x", 3, 1, "\"m\" is no map"},
	{".map m type=hash\n.map n type=hash\n.value m 1 n", 3, 1, "\"m\" holds no maps"},
	{".map m type=prog_array\n.value m 1 x", 2, 1, "\"x\" is no program"},
	{".map m type=prog_array\n.value m 1 s\n.sub s\nr0 = 0\nexit", 2, 1, "\"s\" is no program"},
	{".map t type=hash template=1\n.map m type=array_of_maps inner=t\n.value m 1 t", 3, 1,
	 "\"t\" is no map"},
	{".map m type=hash inner=", 1, 24, "want a map"},
	{".map m type=hash template=2", 1, 27, "out of range"},
	{".map t type=hash template=1\nr1 = map[t]\nexit", 2, 10, "t is a template"},
	{".extern", 1, 8, "want a name"},
	{".extern x\n.map x type=1", 2, 1, "\"x\" is an extern already"},
	{".extern x\nr1 = map[x]\nexit", 2, 10, "\"x\" is no map"},
	{".event", 1, 7, "want a map"},
	{".event m a:u32", 1, 1, "\"m\" is no map"},
	{".map m type=4\n.event m", 2, 1, "0 fields"},
	{".map m type=4\n.event m pid", 2, 10, "want NAME:TYPE"},
	{".map m type=4\n.event m pid:u33", 2, 14, "type \"u33\""},
	{".map m type=4\n.event m pid:u32[]", 2, 14, "type \"u32[]\""},
	{".map m type=4\n.event m pid:u32[0]", 2, 14, "type \"u32[0]\""},
	{".map m type=4\n.event m pid:u32[4", 2, 14, "type \"u32[4\""},
	{".map m type=4\n.event m pid:u32:", 2, 14, "type \"u32:\""},
	{".map m type=4\n.event m pid:", 2, 14, "want u8 to u64"},
	{".map m type=4\n.event m a:u8[99999]", 2, 1, "count 99999"},
	{".map m type=4\n.event m a:u8\n.event m a:u8", 3, 1, "described already"},
	{".section", 1, 9, "want the section's name"},
	{".section \"a\\0b\"", 1, 10, "one with a zero"},
	{".section .data\n.u8 1", 2, 1, "data without a name"},
	{".section .data\nr0 = 0", 2, 1, "an instruction in .data"},
	{".section .data\nx: .u8 256", 2, 8, "out of range, want -128 to 0xff"},
	{".section .data\nx: .u8 -129", 2, 8, "out of range"},
	{".section .data\nx: .u8", 2, 7, "want a number"},
	{".section .data\nx: .u8 1,", 2, 0, NULL},
	{".section .data\nx: .u16 0x1g", 2, 9, "want a number"},
	{".section .data\nx: .u64 18446744073709551616", 2, 9, "out of range"},
	{".section .data\nx: .u32 0b12", 2, 9, "want a number"},
	{".section .data\nx: .asciz hello", 2, 11, "want a string in quotes"},
	{".section .data\nx: .asciz", 2, 10, "want a string in quotes"},
	{".section .data\nx: .zero -1", 2, 10, "out of range"},
	{".section .data\nx: .zero 99999999999", 2, 10, "out of range"},
	{".section .data\n.align 3\nx: .u8 1", 2, 8, "want a power of two"},
	{".section .data\n.align 0", 2, 8, "out of range"},
	{".section .data\n.align 8192", 2, 8, "out of range"},
	{".section .bss\nx: .u8 1", 2, 4, "not zero in .bss"},
	{".u8 1", 1, 1, "among code"},
	{"x: .zero 1", 1, 4, "among code"},
	{".func", 1, 6, "want the function's name"},
	{".func a b", 1, 9, "want the end of the line"},
	{".sub", 1, 5, "want the subprogram's name"},
	{".sub a local", 1, 8, "want global, or nothing"},
	{".reg", 1, 5, "want a register"},
	{".func f\n.reg r10 fp", 2, 6, "want a register, r0 to r9"},
	{".func f\n.reg x6 ctx", 2, 6, "want a register"},
	{".func f\n.reg r6", 2, 8, "want what the register holds"},
	{".func f\n.reg r6 ctx out", 2, 13, "want in or fixed"},
	{".reg r6 ctx", 1, 1, "outside of a function"},
	{".checkregs", 1, 1, "outside of a function"},
	{".gotol on", 1, 8, "want the end of the line"},
	{".order middle", 1, 8, "want big or little"},
	{".func f\n.func g\nr0 = 0\nexit", 1, 1, "no instructions in this function"},
	{"r0 = 0\nif r0 == 0 goto out\nexit", 2, 17, "no label \"out\""},
	{".func f\ngoto g\n.func g\nr0 = 0\nexit", 2, 6, "no label \"g\""},
	{"x:\nr0 = 0\nx:\nexit", 3, 1, "is there already"},
	{"goto pc+5\nexit", 1, 1, "jump to pc+5"},
	{"goto pc-2\nexit", 1, 1, "jump to pc-2"},
	{"goto pc+1\nr1 = 0x1122334455667788 ll\nexit", 1, 1, "second slot"},
	{"r0 = 0\ngoto end\nend:", 2, 6, "the end, where no instruction is"},
	{"call pc+5\nexit", 1, 1, "call of slot pc+5"},
	{"call bpf_map_lookup_elm\nexit", 1, 6, "no function here and no helper"},
	{"r1 = map[m]\nexit", 1, 10, "\"m\" is no map"},
	{"r1 = nothing ll\nexit", 1, 6, "is no map, variable or function"},
	{".map m type=1\nr1 = map[m][0]+4\nexit", 2, 10, "is no variable or data section"},
	{".section .data\nx: .u8 1\n.section socket\nr1 = map[x]\nexit", 4, 10, "\"x\" is no map"},
	{"r1 = subprog[s]\nexit", 1, 14, "is no function"},
	{".func f\n.checkregs\nr0 = r2\nexit", 3, 1, "reads r2"},
	{".func f\n.checkregs\ncall 7\nr0 += r1\nexit", 4, 1, "reads r1"},
	{".func f\n.checkregs\nexit", 3, 1, "reads r0"},
	{".sub f\n.reg r1 n in\nr0 = r2\nexit", 3, 1, "reads r2"},
	{".func f\n.reg r7 n fixed\nif r1 == 0 goto a\nr7 = 1\na: r0 = r7\nexit", 5, 4,
	 "reads r7 (n)"},
	{"r1 = r11\nexit", 1, 6, "r11"},
	{"r0 = 0 0\nexit", 1, 8, ""},
	{"exit exit", 1, 6, ""},
	{"frobnicate", 1, 1, ""},
	{"raw 0x18, 1, 0, 0, 5\nraw 0, 3, 0, 7, 9\nexit", 2, 1, "half an ldimm64"},
	{".section .data\nx: .u64 0b-1", 2, 9, "want a number"},
	{".section .data\nx: .u64 0b", 2, 9, "want a number"},
	{".section .data\nx: .u64 'a5", 2, 9, "want a number"},
	{".section .data\nx: .u8 00000000000000000000000000000000000000000000000000000000000000000000000009", 2, 8,
	 "want a number"},
	{".order \33[2J", 1, 8, "byte order \"?[2J\""},
};

static void errors_have_their_place(void)
{
	char name[200];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int code = assemble(bad[i].text);
		bool good;

		if (!bad[i].piece) {
			eq_int(code, 0, "a comma at the end of numbers is no error");
			unit_close(&unit);
			continue;
		}
		snprintf(name, sizeof(name), "%zu: %.150s", i, bad[i].text);
		for (char *c = name; *c; c++)
			*c = *c == '\n' ? '|' : *c == '#' ? '.' : *c;
		good = code < 0 && err.line == bad[i].line && err.col == bad[i].col &&
		       strstr(err.msg, bad[i].piece);
		ok(good, name);
		if (!good)
			printf("# %d:%d: %s\n# want %d:%d: %s\n", err.line, err.col, err.msg,
			       bad[i].line, bad[i].col, bad[i].piece);
		ok(!unit.n_sections && !unit.sections, "  and leaves nothing");
	}
}

/* What a verifier's log has, is a label elsewhere. */
static void labels_like_words_of_a_log(void)
{
	eq_int(assemble("callee: r0 = 1\nframe_size:\nexit\n"), 0, "labels_that_begin_as_lines_of_a_log_do");
	eq_int(unit.sections[0].n_insns, 2, "hide_no_instruction");
	unit_close(&unit);
	eq_int(assemble("0: (b7) r0 = 1\ncallee:\n frame1: R1=ctx()\n1: (95) exit\n"), 0, "in_a_log_they_are_none");
	unit_close(&unit);
	eq_int(assemble("frame1: R1=ctx() R10=fp0\n0: (b7) r0 = 1\n1: (95) exit\n"), 0, "nor_where_registers_follow");
	unit_close(&unit);
}

static void a_name_with_a_zero(void)
{
	static const char text[] = "00000000 <a\0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb>:\nr0 = 0\nexit\n"
				   "00000010 <a\0bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb>:\n";

	eq_int(asm_unit(text, sizeof(text) - 1, "t.basm", &unit, &err), -EINVAL, "a_name_ends_at_a_zero");
	has(err.msg, "label \"a\" is there already", "and_is_no_longer_than_that");
}

#define N_LATE 200000

/* A log may begin anywhere: many wait for the first, in no more time than their number asks for. */
static void many_that_wait(void)
{
	char *text = malloc(N_LATE * 32), *p = text;

	for (int i = 1; i < N_LATE; i++)
		p += sprintf(p, "%d: (b7) r0 = %d\n", i, i);
	strcpy(p, "0: (b7) r0 = 0\n");
	eq_int(assemble(text), 0, "instructions_that_come_before_the_first_wait");
	eq_int(unit.sections[0].n_insns, N_LATE, "and_none_is_lost");
	eq_int(unit.sections[0].insns[N_LATE - 1].imm, N_LATE - 1, "nor_out_of_order");
	unit_close(&unit);
	p = text;
	for (int i = N_LATE - 1; i >= 0; i--)
		p += sprintf(p, "%d: (b7) r0 = %d\n", i, i);
	eq_int(assemble(text), 0, "backwards_as_well");
	eq_int(unit.sections[0].insns[N_LATE - 1].imm, N_LATE - 1, "to_the_same");
	unit_close(&unit);
	free(text);
}

static void the_other_order(void)
{
	struct build *b = build_open();
	struct unit host;
	char *text;

	unit_open(&host);
	build_order(b, !host.big_endian);
	text = build_text(b);
	eq_int(assemble(text), 0, "what_the_builder_prints");
	eq_int(unit.big_endian, !host.big_endian, "keeps_the_byte_order");
	unit_close(&unit);
	free(text);
	build_close(b);
}

int main(void)
{
	a_whole_program();
	bare_instructions();
	labels_like_words_of_a_log();
	a_name_with_a_zero();
	many_that_wait();
	the_other_order();
	text_round_trip();
	errors_have_their_place();
	return tap_done();
}
