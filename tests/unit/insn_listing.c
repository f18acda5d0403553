// SPDX-License-Identifier: MIT
/* insn/listing.c: labels, names, notes, columns, and the graph. */
#include "tests/tap.h"
#include "tests/insn_text.h"

static struct parser *parser;

static const char program[] = "r1 = 1\n"
			      "call f\n"
			      "if r0 > 5 goto a\n"
			      "r0 |= 1\n"
			      "a: r2 = 5 ll\n"
			      "l: r0 += 1\n"
			      "if r0 < 9 goto l\n"
			      "exit\n"
			      "f: r0 = 3\n"
			      "exit\n";

static char *list(const struct disasm_opts *opts, const char *text, bool dot)
{
	struct grown g = {0};
	struct insn_err err;
	struct flat flat;

	if (flat_assemble(parser, text, strlen(text), &flat, &err))
		return NULL;
	grow_text(&g, "", 0);
	if (dot)
		listing_dot(opts, flat.insns, flat.n, grow_text, &g);
	else
		listing_print(opts, flat.insns, flat.n, grow_text, &g);
	flat_free(&flat);
	return g.text;
}

static void check(const struct disasm_opts *opts, const char *text, bool dot, const char *want,
		  const char *fact)
{
	char *got = list(opts, text, dot);

	eq_str(got, want, fact);
	free(got);
}

static const char *func(void *ctx, uint32_t at)
{
	(void)ctx;
	return at == 0 ? "main" : at == 9 ? "three" : NULL;
}

static const char *note(void *ctx, uint32_t at)
{
	(void)ctx;
	return at == 3 ? "x |= 1;" : NULL;
}

static bool ref(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *r)
{
	(void)ctx;
	if (!table_is_wide(insn->code))
		return false;
	*r = (struct disasm_ref){at ? INSN_REF_MAP_VALUE : INSN_REF_MAP, "counts", 8 * at};
	return true;
}

static void test_labels(void)
{
	static const struct disasm_opts labels = {.labels = true},
					names = {.labels = true, .func = func, .note = note},
					numbers = {.numbers = true, .codes = true},
					bytes = {.numbers = true, .bytes = true};

	check(&labels, program, false,
	      "\tr1 = 1\n\tcall func9\n\tif r0 > 0x5 goto L4\n\tr0 |= 1\n"
	      "L4:\n\tr2 = 0x5 ll\n"
	      "L6:\n\tr0 += 1\n\tif r0 < 0x9 goto L6\n\texit\n"
	      "\nfunc9:\n\tr0 = 3\n\texit\n",
	      "targets_get_labels");
	check(&names, program, false,
	      "main:\n\tr1 = 1\n\tcall three\n\tif r0 > 0x5 goto L4\n; x |= 1;\n\tr0 |= 1\n"
	      "L4:\n\tr2 = 0x5 ll\n"
	      "L6:\n\tr0 += 1\n\tif r0 < 0x9 goto L6\n\texit\n"
	      "\nthree:\n\tr0 = 3\n\texit\n",
	      "functions_and_lines_are_the_caller_s");
	check(&numbers, "r0 = 5 ll\nexit\n", false, "   0: (18) r0 = 0x5 ll\n   2: (95) exit\n",
	      "ldimm64_counts_two");
	check(&bytes, "exit\n", false, "   0: 95 00 00 00 00 00 00 00  exit\n",
	      "bytes_stand_before");
}

/* The kernel's own register: no form has it but those of loaded programs. */
static void test_r11(void)
{
	static const struct disasm_opts loaded = {.loaded = true};
	struct bpf_insn insns[] = {bpf_ld_imm64(11, 5), bpf_ld_imm64_hi(0)};
	struct grown g = {0}, h = {0};

	listing_print(NULL, insns, 2, grow_text, &g);
	eq_str(g.text, "raw 0x18, 11, 0, 0, 5\nraw 0x0, 0, 0, 0, 0\n", "r11_is_no_register");
	listing_print(&loaded, insns, 2, grow_text, &h);
	eq_str(h.text, "r11 = 0x5 ll\n", "but_of_a_loaded_program");
	free(g.text);
	free(h.text);
}

static void test_strange(void)
{
	static const struct disasm_opts labels = {.labels = true};
	struct bpf_insn half = bpf_ld_imm64(1, 5);
	struct grown g = {0};

	check(&labels, "goto pc+1\nr0 = 5 ll\nexit\n", false,
	      "\tgoto pc+1\n\tr0 = 0x5 ll\n\texit\n", "no_label_within_ldimm64");
	check(&labels, "goto pc+7\ngoto pc-3\n", false, "\tgoto pc+7\n\tgoto pc-3\n",
	      "no_label_outside");
	listing_print(&labels, &half, 1, grow_text, &g);
	eq_str(g.text, "\traw 0x18, 1, 0, 0, 5\n", "half_ldimm64_is_raw");
	free(g.text);
	check(NULL, "", false, "", "nothing_is_printed_of_nothing");
	test_r11();
}

static void test_names(void)
{
	static const struct disasm_opts verifier = {.ref = ref},
					llvm = {.ref = ref, .dialect = DISASM_LLVM};

	check(&verifier, "r1 = 0 ll\nr2 = 0 ll\nexit\n", false,
	      "r1 = map[counts]\nr2 = map[counts][0]+16\nexit\n", "maps_have_names");
	check(&llvm, "r1 = 0 ll\nr2 = 0 ll\nexit\n", false,
	      "r1 = counts ll\nr2 = counts+0x10 ll\nexit\n", "in_llvm_s_syntax_too");
}

static void test_dot(void)
{
	static const struct disasm_opts opts = {.func = func};

	check(&opts, program, true,
	      "digraph program {\n"
	      "\tnode [shape=box, fontname=monospace];\n"
	      "\tb0 [label=\"main:\\l0: r1 = 1\\l1: call pc+7\\l2: if r0 > 0x5 goto pc+1\\l\"];\n"
	      "\tb0 -> b9 [style=dashed, constraint=false];\n"
	      "\tb0 -> b4 [label=yes];\n"
	      "\tb0 -> b3 [label=no];\n"
	      "\tb3 [label=\"3: r0 |= 1\\l\"];\n"
	      "\tb3 -> b4;\n"
	      "\tb4 [label=\"4: r2 = 0x5 ll\\l\"];\n"
	      "\tb4 -> b6;\n"
	      "\tb6 [label=\"6: r0 += 1\\l7: if r0 < 0x9 goto pc-2\\l\"];\n"
	      "\tb6 -> b6 [label=yes];\n"
	      "\tb6 -> b8 [label=no];\n"
	      "\tb8 [label=\"8: exit\\l\"];\n"
	      "\tb9 [label=\"three:\\l9: r0 = 3\\l10: exit\\l\"];\n"
	      "}\n",
	      "graph_has_blocks_and_ways");
}

static int refuse(void *ctx, const char *text, size_t size)
{
	(void)ctx;
	(void)text;
	(void)size;
	return -EPIPE;
}

static void test_emit(void)
{
	struct bpf_insn insn = bpf_exit_insn();
	char small[4];

	eq_int(listing_print(NULL, &insn, 1, refuse, NULL), -EPIPE, "result_of_emit_ends_it");
	eq_int(listing_dot(NULL, &insn, 1, refuse, NULL), -EPIPE, "in_a_graph_too");
	eq_int(disasm_insn(NULL, &insn, 1, 0, small, sizeof(small)), 4, "length_without_room");
	eq_str(small, "exi", "text_is_cut");
}

int main(void)
{
	parser = parse_open();
	test_labels();
	test_strange();
	test_names();
	test_dot();
	test_emit();
	parse_close(parser);
	return tap_done();
}
