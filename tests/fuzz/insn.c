// SPDX-License-Identifier: MIT
/*
 * libFuzzer on the assembler and the disassembler. The first byte says what the others are:
 *
 *	even	text: what it assembles to is printed, and assembles to the same again
 *	odd	slots: what is printed of them, in each dialect, assembles to them again
 *
 * A difference aborts, as a finding.
 */
#include <stdint.h>

#include "insn/tag.h"
#include "tests/insn_text.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct parser *parser;

/* Each way of printing that loses nothing. */
static const struct disasm_opts ways[] = {
	{0},
	{.labels = true},
	{.numbers = true, .codes = true},
	{.dialect = DISASM_LLVM},
	{.dialect = DISASM_LLVM, .labels = true, .numbers = true, .bytes = true},
};

/* Ways that lose something, and must still not crash. */
static const struct disasm_opts lossy[] = {
	{.exact = true, .loaded = true, .numbers = true, .codes = true, .labels = true},
	{.exact = true, .dialect = DISASM_LLVM, .numbers = true, .bytes = true, .labels = true},
};

static void print_and_return(const struct bpf_insn *insns, uint32_t n)
{
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++) {
		struct grown text = {0};
		struct insn_err err;
		struct flat flat;

		grow_text(&text, "", 0);
		listing_print(&ways[i], insns, n, grow_text, &text);
		if (flat_assemble(parser, text.text, text.size, &flat, &err) || flat.n != n ||
		    (n && memcmp(flat.insns, insns, n * sizeof(*insns))))
			abort();
		flat_free(&flat);
		free(text.text);
	}
	for (size_t i = 0; i < sizeof(lossy) / sizeof(*lossy); i++) {
		struct grown text = {0};

		grow_text(&text, "", 0);
		listing_print(&lossy[i], insns, n, grow_text, &text);
		listing_dot(&lossy[i], insns, n, grow_text, &text);
		free(text.text);
	}
}

static int directive(void *ctx, const char *text, size_t size, const struct parse_pos *pos,
		     struct insn_err *err)
{
	(void)ctx;
	(void)pos;
	return size > 1 && text[1] == 'x' ? insn_err_set(err, -EINVAL, -1, "no") : 0;
}

static void fuzz_text(const char *text, size_t size)
{
	static const struct parse_ops ops = {
		.insn = flat_insn, .label = flat_label, .directive = directive};
	struct insn_err err;
	struct flat flat = {0};
	char message[600];

	if (!parse_text(parser, text, size, &ops, &flat, &err)) {
		/* Unresolved names hold zeros, which is as good as any offset. */
		print_and_return(flat.insns, flat.n);
	} else if (err.line < 1 || err.col < 1 || !err.msg[0]) {
		abort();
	}
	insn_err_text(&err, "fuzz", message, sizeof(message));
	flat_free(&flat);
}

static void fuzz_slots(const uint8_t *data, size_t size)
{
	uint32_t n = (uint32_t)(size / sizeof(struct bpf_insn));
	struct bpf_insn *insns = malloc(n * sizeof(*insns) + 1);
	uint8_t tag[TAG_SIZE];
	struct insn_err err;

	memcpy(insns, data, n * sizeof(*insns));
	for (uint32_t i = 0; i < n; i++) {
		insn_err_clear(&err);
		/* What is well formed has a form, and the other way round. */
		if (!table_check(&insns[i], n - i, (int)i, &err) !=
		    !!table_find(&insns[i], n - i, false))
			abort();
	}
	tag_compute(insns, n, size & 1, size & 2, tag);
	print_and_return(insns, n);
	free(insns);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (!parser)
		parser = parse_open();
	if (!parser || !size)
		return 0;
	if (data[0] & 1)
		fuzz_slots(data + 1, size - 1);
	else
		fuzz_text((const char *)data + 1, size - 1);
	return 0;
}
