// SPDX-License-Identifier: MIT
/*
 * docs/insn.md: its table is the table of insn/table.c, and its examples are true.
 *
 *	build/tests/unit/insn_doc --write    brings the page up to date
 */
#include "tests/tap.h"
#include "tests/insn_text.h"

static const char page[] = "docs/insn.md";
static const char mark[] = "<!-- The rest is written by build/tests/unit/insn_doc --write. -->\n";

static const char *const classes[] = {
	"BPF_LD: constants, old packet loads",
	"BPF_LDX: memory to a register",
	"BPF_ST: constants to memory",
	"BPF_STX: registers to memory, atomics",
	"BPF_ALU: 32-bit arithmetic",
	"BPF_JMP: jumps, calls, exit",
	"BPF_JMP32: jumps that compare 32 bits",
	"BPF_ALU64: 64-bit arithmetic",
};

static void add(struct grown *g, const char *text)
{
	grow_text(g, text, strlen(text));
}

/* In a table, | must be escaped even in code. */
static void add_code(struct grown *g, const char *text)
{
	add(g, "`");
	for (; *text; text++) {
		if (*text == '|')
			add(g, "\\");
		grow_text(g, *text == '\t' ? " " : text, 1);
	}
	add(g, "`");
}

static void add_field(struct grown *g, const char *name, int32_t want)
{
	char text[32];

	snprintf(text, sizeof(text), " | %d", want);
	if (want == INSN_ANY) {
		add(g, " | ");
		add(g, name);
	} else {
		add(g, text);
	}
}

static void add_row(struct grown *g, const struct insn_form *form)
{
	static const struct disasm_opts verifier, llvm = {.dialect = DISASM_LLVM};
	struct bpf_insn insn[2] = {
		bpf_raw_insn(form->code, form->dst == INSN_ANY ? 1 : (unsigned int)form->dst,
			     form->src == INSN_ANY ? 2 : (unsigned int)form->src,
			     form->off == INSN_ANY ? 8 : form->off,
			     form->imm == INSN_ANY ? 5 : form->imm),
		bpf_ld_imm64_hi(form->hi == INSN_ANY ? 7 : (uint32_t)form->hi),
	};
	char text[128];

	snprintf(text, sizeof(text), "| 0x%02x", form->code);
	add(g, text);
	add_field(g, "dst", form->dst);
	add_field(g, "src", form->src);
	add_field(g, "off", form->off);
	add_field(g, "imm", form->imm);
	add(g, " | ");
	disasm_insn(&verifier, insn, 2, 0, text, sizeof(text));
	add_code(g, text);
	add(g, " | ");
	if (form->cpu) {
		disasm_insn(&llvm, insn, 2, 0, text, sizeof(text));
		add_code(g, text);
	}
	add(g, " | ");
	if (form->call[0])
		add_code(g, form->call);
	else
		add(g, "(only in loaded programs)");
	snprintf(text, sizeof(text), " | %s | ", form->since[0] ? form->since : "–");
	add(g, text);
	snprintf(text, sizeof(text), form->cpu ? "v%u |\n" : "– |\n", form->cpu);
	add(g, text);
}

static void generate(struct grown *g)
{
	size_t n;
	const struct insn_form *forms = table_forms(&n);

	for (size_t i = 0; i < n; i++) {
		if (!i || BPF_CLASS(forms[i].code) != BPF_CLASS(forms[i - 1].code)) {
			add(g, "\n### ");
			add(g, classes[BPF_CLASS(forms[i].code)]);
			add(g, "\n\n| code | dst | src | off | imm | kernel | LLVM | insn.h | "
			       "since | cpu |\n"
			       "|---|---|---|---|---|---|---|---|---|---|\n");
		}
		add_row(g, &forms[i]);
	}
}

static char *read_page(void)
{
	struct grown g = {0};
	char buf[4096];
	size_t size;
	FILE *f = fopen(page, "r");

	if (!f)
		return NULL;
	while ((size = fread(buf, 1, sizeof(buf), f)) > 0)
		grow_text(&g, buf, size);
	fclose(f);
	return g.text;
}

static int write_page(const char *text, const struct grown *table)
{
	const char *end = strstr(text, mark);
	FILE *f = end ? fopen(page, "w") : NULL;

	if (!f)
		return 1;
	fwrite(text, 1, (size_t)(end - text) + strlen(mark), f);
	fwrite(table->text, 1, table->size, f);
	return fclose(f) ? 1 : 0;
}

/* The bytes of the page's examples. */
static void test_examples(const char *text)
{
	static const struct {
		const char *insn, *bytes;
	} examples[] = {
		{"if r1 s> 5 goto pc+2", "65 01 02 00 05 00 00 00"},
		{"r0 = *(u64 *)(r10 -8)", "79 a0 f8 ff 00 00 00 00"},
		{"r1 = 0x1122334455667788 ll", "18 01 00 00 88 77 66 55   00 00 00 00 44 33 22 11"},
	};
	struct parser *parser = parse_open();

	for (size_t i = 0; i < sizeof(examples) / sizeof(*examples); i++) {
		const char *bytes = examples[i].bytes;
		struct insn_err err;
		struct flat flat;
		bool same = strstr(text, examples[i].insn) && strstr(text, bytes) &&
			    !flat_assemble(parser, examples[i].insn, strlen(examples[i].insn),
					   &flat, &err);

		for (uint32_t j = 0; same && j < flat.n * 8; j++) {
			struct bpf_insn insn = flat.insns[j / 8];
			const uint8_t little[8] = {
				insn.code,
				(uint8_t)(insn.src_reg << 4 | insn.dst_reg),
				(uint8_t)(insn.off & 0xff),
				(uint8_t)(insn.off >> 8 & 0xff),
				(uint8_t)(insn.imm & 0xff),
				(uint8_t)(insn.imm >> 8 & 0xff),
				(uint8_t)(insn.imm >> 16 & 0xff),
				(uint8_t)((uint32_t)insn.imm >> 24),
			};

			same = strtoul(bytes, (char **)&bytes, 16) == little[j % 8];
		}
		ok(same, examples[i].insn);
		flat_free(&flat);
	}
	parse_close(parser);
}

int main(int argc, char **argv)
{
	struct grown table = {0};
	char *text = read_page();
	const char *end;

	if (!text) {
		tap_skip("page_is_up_to_date", "docs/insn.md is not here: run from the top folder");
		return tap_done();
	}
	generate(&table);
	if (argc > 1 && !strcmp(argv[1], "--write"))
		return write_page(text, &table);
	end = strstr(text, mark);
	if (!ok(end && !strcmp(end + strlen(mark), table.text), "table_is_that_of_the_code"))
		printf("# run build/tests/unit/insn_doc --write\n");
	test_examples(text);
	free(text);
	free(table.text);
	return tap_done();
}
