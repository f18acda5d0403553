// SPDX-License-Identifier: MIT
/*
 * A whole program as text, and as a graph.
 *
 * Knows nothing of how an instruction is written: disasm.c does.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/listing.h"
#include "insn/table.h"

/* What is known of a slot. */
enum mark {
	MARK_TARGET = 0x01,   /* something jumps here */
	MARK_FUNCTION = 0x02, /* something calls this, or takes its address */
	MARK_SECOND = 0x04,   /* second half of ldimm64: no instruction begins here */
	MARK_LEADER = 0x08,   /* a basic block begins here */
};

struct listing {
	struct disasm_opts opts; /* with our ref in front of the caller's */
	const struct disasm_opts *asked;
	const struct bpf_insn *insns;
	uint32_t n;
	uint8_t *marks; /* of each slot */
	char name[24];	/* of the label last asked for */
	listing_emit *emit;
	void *ctx;
};

/* A line as it grows. Names longer than it are cut. */
struct line {
	char text[768];
	size_t size;
};

static void put(struct line *line, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct line *line, const char *format, ...)
{
	size_t left = sizeof(line->text) - 1 - line->size; /* one for the newline */
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->size, left, format, args);
	va_end(args);
	if (n > 0)
		line->size += (size_t)n < left ? (size_t)n : left - 1;
}

static int flush(struct listing *l, struct line *line)
{
	line->text[line->size++] = '\n';
	return l->emit(l->ctx, line->text, line->size);
}

static unsigned int slots_at(const struct listing *l, uint32_t at)
{
	return disasm_slots(&l->insns[at], l->n - at, l->opts.loaded);
}

/* The label of a slot: the function's name, or one made of the slot's number. */
static const char *label(struct listing *l, uint32_t at)
{
	const char *name = l->asked->func ? l->asked->func(l->asked->ctx, at) : NULL;

	if (name)
		return name;
	snprintf(l->name, sizeof(l->name), "%s%u", l->marks[at] & MARK_FUNCTION ? "func" : "L", at);
	return l->name;
}

static bool is_place(const struct listing *l, int64_t at)
{
	return at >= 0 && at < l->n && !(l->marks[at] & MARK_SECOND);
}

static bool ref(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	struct listing *l = ctx;
	int64_t target;

	if (l->asked->ref && l->asked->ref(l->asked->ctx, at, insn, ref))
		return true;
	if (!l->opts.labels)
		return false;
	target = disasm_target(l->insns, l->n, at, l->opts.loaded);
	if (!is_place(l, target))
		return false;
	ref->kind = table_is_wide(insn->code) ? INSN_REF_FUNC : INSN_REF_JUMP;
	ref->name = label(l, (uint32_t)target);
	return true;
}

static bool is_exit(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_EXIT);
}

/* A jump that is always taken. */
static bool is_goto(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_JA) || insn->code == (BPF_JMP32 | BPF_JA) ||
	       insn->code == (BPF_JMP | BPF_JA | BPF_X);
}

/* A call of a subprogram, or its address: a target, but not the next instruction. */
static bool is_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) || table_is_wide(insn->code);
}

static void mark(struct listing *l)
{
	uint32_t i, slots;

	for (i = 0; i < l->n; i += slots_at(l, i)) {
		if (slots_at(l, i) == 2)
			l->marks[i + 1] |= MARK_SECOND;
	}
	for (i = 0; i < l->n; i += slots) {
		int64_t target = disasm_target(l->insns, l->n, i, l->opts.loaded);
		const struct bpf_insn *insn = &l->insns[i];

		slots = slots_at(l, i);
		if (is_place(l, target))
			l->marks[target] |=
				MARK_LEADER | (is_call(insn) ? MARK_FUNCTION : MARK_TARGET);
		if (i + slots < l->n &&
		    (is_exit(insn) || is_goto(insn) || (target >= 0 && !is_call(insn))))
			l->marks[i + slots] |= MARK_LEADER;
		if (l->asked->func && l->asked->func(l->asked->ctx, i))
			l->marks[i] |= MARK_FUNCTION | MARK_LEADER;
	}
	if (l->n)
		l->marks[0] |= MARK_LEADER;
}

static int open_listing(struct listing *l, const struct disasm_opts *opts,
			const struct bpf_insn *insns, uint32_t n, listing_emit *emit, void *ctx)
{
	static const struct disasm_opts plain;

	memset(l, 0, sizeof(*l));
	l->asked = opts ? opts : &plain;
	l->opts = *l->asked;
	l->opts.ref = ref;
	l->opts.ctx = l;
	l->insns = insns;
	l->n = n;
	l->emit = emit;
	l->ctx = ctx;
	l->marks = calloc(n ? n : 1, 1);
	if (!l->marks)
		return -ENOMEM;
	mark(l);
	return 0;
}

static void put_bytes(struct line *line, const struct bpf_insn *insn, unsigned int slots)
{
	const unsigned char *byte = (const unsigned char *)insn;

	for (unsigned int i = 0; i < slots * sizeof(*insn); i++)
		put(line, "%s%02x", i ? " " : "", byte[i]);
}

/* Number, bytes and code, in the columns of bpftool or of llvm-objdump. */
static void put_head(const struct listing *l, struct line *line, uint32_t at)
{
	bool llvm = l->opts.dialect == DISASM_LLVM;
	const struct bpf_insn *insn = &l->insns[at];

	if (l->opts.numbers)
		put(line, llvm ? "%8u:\t" : "%4u: ", at);
	if (l->opts.bytes) {
		put_bytes(line, insn, slots_at(l, at));
		put(line, llvm ? "\t" : "  ");
	}
	if (l->opts.codes && !llvm)
		put(line, "(%02x) ", insn->code);
}

static void put_statement(struct listing *l, struct line *line, uint32_t at)
{
	size_t left = sizeof(line->text) - 1 - line->size;
	int n = disasm_insn(&l->opts, l->insns, l->n, at, line->text + line->size, left);

	line->size += (size_t)n < left ? (size_t)n : left - 1;
}

static int print_labels(struct listing *l, uint32_t at)
{
	bool function = l->marks[at] & MARK_FUNCTION;
	struct line line = {.size = 0};

	if (!l->opts.labels || !(l->marks[at] & (MARK_TARGET | MARK_FUNCTION)))
		return 0;
	put(&line, "%s%s:", at && function ? "\n" : "", label(l, at));
	return flush(l, &line);
}

static int print_note(struct listing *l, uint32_t at)
{
	const char *note = l->asked->note ? l->asked->note(l->asked->ctx, at) : NULL;
	struct line line = {.size = 0};

	if (!note)
		return 0;
	put(&line, "; %s", note);
	return flush(l, &line);
}

static int print_insn(struct listing *l, uint32_t at)
{
	struct line line = {.size = 0};

	if (l->opts.labels && !l->opts.numbers)
		put(&line, "\t");
	put_head(l, &line, at);
	put_statement(l, &line, at);
	return flush(l, &line);
}

int listing_print(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		  listing_emit *emit, void *ctx)
{
	struct listing l;
	int err = open_listing(&l, opts, insns, n, emit, ctx);

	for (uint32_t i = 0; !err && i < n; i += slots_at(&l, i)) {
		err = print_labels(&l, i);
		if (!err)
			err = print_note(&l, i);
		if (!err)
			err = print_insn(&l, i);
	}
	free(l.marks);
	return err;
}

/* What a dot string must not hold bare. */
static void put_quoted(struct line *line, const char *text)
{
	for (; *text; text++)
		put(line, *text == '"' || *text == '\\' ? "\\%c" : "%c", *text);
}

static int dot_edge(struct listing *l, uint32_t from, int64_t to, const char *attributes)
{
	struct line line = {.size = 0};

	if (!is_place(l, to))
		return 0;
	put(&line, "\tb%u -> b%u%s;", from, (uint32_t)to, attributes);
	return flush(l, &line);
}

/* The edges out of the instruction at `at`, of the block that began at `from`. */
static int dot_edges(struct listing *l, uint32_t from, uint32_t at, bool last)
{
	const struct bpf_insn *insn = &l->insns[at];
	int64_t target = disasm_target(l->insns, l->n, at, l->opts.loaded);
	int err = 0;

	if (is_call(insn))
		err = dot_edge(l, from, target, " [style=dashed, constraint=false]");
	else if (target >= 0)
		err = dot_edge(l, from, target, is_goto(insn) ? "" : " [label=yes]");
	if (!err && last && !is_goto(insn) && !is_exit(insn))
		err = dot_edge(l, from, at + slots_at(l, at),
			       target >= 0 && !is_call(insn) ? " [label=no]" : "");
	return err;
}

/* One line of a block's text: \l ends it, aligned to the left. The string goes on. */
static int dot_line(struct listing *l, uint32_t at)
{
	struct line line = {.size = 0}, statement = {.size = 0};

	put_statement(l, &statement, at);
	statement.text[statement.size] = 0;
	put(&line, "%u: ", at);
	put_quoted(&line, statement.text);
	put(&line, "\\l");
	return l->emit(l->ctx, line.text, line.size);
}

static int dot_node(struct listing *l, uint32_t from, uint32_t end)
{
	struct line line = {.size = 0};
	int err;

	put(&line, "\tb%u [label=\"", from);
	if (l->marks[from] & MARK_FUNCTION) {
		put_quoted(&line, label(l, from));
		put(&line, ":\\l");
	}
	err = l->emit(l->ctx, line.text, line.size);
	for (; !err && from < end; from += slots_at(l, from))
		err = dot_line(l, from);
	return err ? err : l->emit(l->ctx, "\"];\n", 4);
}

/* The block at `from`; *next is the slot after it. */
static int dot_block(struct listing *l, uint32_t from, uint32_t *next)
{
	uint32_t end = from, slots;
	int err;

	do
		end += slots_at(l, end);
	while (end < l->n && !(l->marks[end] & MARK_LEADER));
	err = dot_node(l, from, end);
	for (uint32_t at = from; !err && at < end; at += slots) {
		slots = slots_at(l, at);
		err = dot_edges(l, from, at, at + slots == end);
	}
	*next = end;
	return err;
}

int listing_dot(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		listing_emit *emit, void *ctx)
{
	static const char head[] = "digraph program {\n"
				   "\tnode [shape=box, fontname=monospace];\n";
	struct listing l;
	uint32_t at = 0;
	int err = open_listing(&l, opts, insns, n, emit, ctx);

	if (!err)
		err = emit(ctx, head, sizeof(head) - 1);
	while (!err && at < n)
		err = dot_block(&l, at, &at);
	if (!err)
		err = emit(ctx, "}\n", 2);
	free(l.marks);
	return err;
}
