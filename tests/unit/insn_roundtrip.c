// SPDX-License-Identifier: MIT
/* Text to instructions and back: every form of the table, in both dialects, and random programs. */
#include "tests/tap.h"
#include "tests/insn_text.h"

static struct parser *parser;
static int failures;

static void complain(const char *what, const struct bpf_insn *want, const struct flat *got,
		     const char *text, const struct insn_err *err)
{
	const uint8_t *w = (const uint8_t *)want, *g = (const uint8_t *)got->insns;

	if (failures++ > 5)
		return;
	printf("# %s: %.300s", what, text);
	for (int i = 0; i < 16; i++)
		printf("%s%02x", i ? " " : "# want ", w[i]);
	for (uint32_t i = 0; i < got->n * 8 && i < 16; i++)
		printf("%s%02x", i ? " " : "\n# got  ", g[i]);
	printf("\n# %d: %s\n", err->col, err->msg);
}

/* asm(disasm(x)) == x, and the text is stable. */
static bool returns(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n)
{
	struct grown text = {0}, again = {0};
	struct insn_err err;
	struct flat flat;
	bool same;

	listing_print(opts, insns, n, grow_text, &text);
	same = !flat_assemble(parser, text.text, text.size, &flat, &err) && flat.n == n &&
	       !memcmp(flat.insns, insns, n * sizeof(*insns));
	if (!same) {
		complain("bytes", insns, &flat, text.text, &err);
	} else {
		listing_print(opts, flat.insns, n, grow_text, &again);
		same = !strcmp(text.text, again.text);
	}
	flat_free(&flat);
	free(text.text);
	free(again.text);
	return same;
}

static void forms_return(const struct disasm_opts *opts, const char *fact)
{
	size_t n_forms;
	const struct insn_form *forms = table_forms(&n_forms);
	bool all = true;

	for (size_t i = 0; i < n_forms; i++) {
		struct bpf_insn insn[2];

		for (int j = 0; j < 20; j++) {
			random_insn(&forms[i], insn);
			all &= returns(opts, insn, table_slots(&forms[i]));
		}
	}
	ok(all, fact);
}

/* A program whose jumps stay inside. */
static uint32_t random_program(struct bpf_insn *insns, uint32_t room)
{
	uint32_t n = 0, want = 1 + (uint32_t)rand() % (room - 2);
	size_t n_forms;
	const struct insn_form *forms = table_forms(&n_forms);

	while (n < want) {
		const struct insn_form *form = &forms[(size_t)rand() % n_forms];

		random_insn(form, insns + n);
		n += table_slots(form);
	}
	for (uint32_t i = 0; i < n; i += disasm_slots(&insns[i], n - i, false)) {
		int to = (int)((uint32_t)rand() % n) - (int)i - 1;

		if (disasm_target(insns, n, i, false) < 0)
			continue;
		if (BPF_OP(insns[i].code) == BPF_CALL || table_is_wide(insns[i].code) ||
		    insns[i].code == (BPF_JMP32 | BPF_JA))
			insns[i].imm = to;
		else
			insns[i].off = (int16_t)to;
	}
	return n;
}

static void programs_return(const struct disasm_opts *opts, const char *fact)
{
	struct bpf_insn insns[200];
	bool all = true;

	for (int i = 0; i < 300; i++) {
		uint32_t n = random_program(insns, 200);

		all &= returns(opts, insns, n);
	}
	ok(all, fact);
}

/* Arbitrary bytes, most of them no instructions. */
static void bytes_return(const char *fact)
{
	static const struct disasm_opts plain;
	bool all = true;

	for (int i = 0; i < 20000; i++) {
		struct bpf_insn insns[3];
		uint8_t *byte = (uint8_t *)insns;

		for (size_t j = 0; j < sizeof(insns); j++)
			byte[j] = (uint8_t)(rand() % 3 ? rand() >> 8 : 0);
		all &= returns(&plain, insns, 3);
	}
	ok(all, fact);
}

int main(void)
{
	static const struct disasm_opts verifier,
		llvm = {.dialect = DISASM_LLVM}, bpftool = {.numbers = true, .codes = true},
		labels = {.labels = true}, llvm_labels = {.labels = true, .dialect = DISASM_LLVM},
		objdump = {.dialect = DISASM_LLVM, .numbers = true, .bytes = true};

	srand(1);
	parser = parse_open();
	ok(parser, "parser_opens");
	forms_return(&verifier, "each_form_returns_from_verifier_text");
	forms_return(&llvm, "each_form_returns_from_llvm_text");
	programs_return(&verifier, "programs_return_from_verifier_text");
	programs_return(&labels, "programs_return_from_text_with_labels");
	programs_return(&llvm, "programs_return_from_llvm_text");
	programs_return(&llvm_labels, "programs_return_from_llvm_text_with_labels");
	programs_return(&objdump, "programs_return_from_llvm_text_with_bytes");
	programs_return(&bpftool, "programs_return_from_text_with_numbers_and_codes");
	bytes_return("arbitrary_bytes_return");
	parse_close(parser);
	return tap_done();
}
