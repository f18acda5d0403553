// SPDX-License-Identifier: MIT
/*
 * Where the builder's jumps go: labels and numbers become items, subprograms called by number
 * become functions of their own, and a jump that does not fit takes a longer form.
 *
 * Knows one function at a time, except for calls by number; makes no unit.
 */
#include <stdio.h>
#include <stdlib.h>

#include "insn/build_int.h"

bool build_is_gotol(struct bpf_insn insn)
{
	return insn.code == (BPF_JMP32 | BPF_JA);
}

bool build_is_jump(struct bpf_insn insn)
{
	unsigned int class = BPF_CLASS(insn.code), op = BPF_OP(insn.code);

	if (class != BPF_JMP && class != BPF_JMP32)
		return false;
	if (op == BPF_CALL || op == BPF_EXIT)
		return false;
	return insn.code != (BPF_JMP | BPF_JA | BPF_X); /* gotox has its target in a register */
}

static bool is_wide(struct bpf_insn insn)
{
	return insn.code == (BPF_LD | BPF_IMM | BPF_DW);
}

/* Takes the place of a subprogram's offset in its imm. */
static bool is_call_by_number(const struct item *item)
{
	if (item->kind != ITEM_INSN || item->ref != INSN_REF_NONE)
		return false;
	return (item->insn.code == (BPF_JMP | BPF_CALL) && item->insn.src_reg == BPF_PSEUDO_CALL) ||
	       (is_wide(item->insn) && item->insn.src_reg == BPF_PSEUDO_FUNC);
}

uint32_t build_slots(const struct item *item)
{
	if (item->kind != ITEM_INSN)
		return 0;
	if (is_wide(item->insn))
		return 2;
	return item->form == FORM_ROUND ? 3 : item->form == FORM_INVERT ? 2 : 1;
}

/* Slots of all items as they were written, and back. */
struct slots {
	uint32_t *of_item;
	uint32_t *item; /* BUILD_NONE: second slot of an ldimm64 */
	uint32_t n;
};

static void slots_close(struct slots *s)
{
	free(s->of_item);
	free(s->item);
}

static bool slots_open(struct slots *s, struct build *b)
{
	s->n = 0;
	s->of_item = malloc((b->n_items + 1) * sizeof(*s->of_item));
	s->item = malloc(((size_t)b->n_items + 1) * 2 * sizeof(*s->item));
	if (!s->of_item || !s->item) {
		build_no_memory(b);
		slots_close(s);
		return false;
	}
	for (uint32_t i = 0; i < b->n_items; i++) {
		s->of_item[i] = s->n;
		for (uint32_t n = build_slots(&b->items[i]); n; n--)
			s->item[s->n++] = BUILD_NONE;
		if (b->items[i].kind == ITEM_INSN)
			s->item[s->of_item[i]] = i;
	}
	s->of_item[b->n_items] = s->n;
	return true;
}

static uint32_t func_of(const struct build *b, uint32_t item)
{
	for (uint32_t i = 0; i < b->n_funcs; i++)
		if (item >= b->funcs[i].first && item < b->funcs[i].end)
			return i;
	return BUILD_NONE;
}

/* What `call pc+N` in function f calls: an item in the same section, or BUILD_NONE. */
static uint32_t callee(struct build *b, const struct slots *s, uint32_t f, uint32_t item)
{
	int64_t slot = (int64_t)s->of_item[item] + 1 + b->items[item].insn.imm;
	uint32_t target = slot < 0 || slot >= s->n ? BUILD_NONE : s->item[slot];
	uint32_t g = target == BUILD_NONE ? BUILD_NONE : func_of(b, target);

	if (g == BUILD_NONE || b->funcs[g].section != b->funcs[f].section) {
		build_fail_item(b, &b->funcs[f], item,
				"call of slot pc%+d, where no instruction of this section is",
				b->items[item].insn.imm);
		return BUILD_NONE;
	}
	return target;
}

/* From this item on, f is a function of its own. */
static void split(struct build *b, uint32_t f, uint32_t item, uint32_t slot)
{
	char name[96];
	uint32_t text = build_name(b, ".text", 5), g;

	snprintf(name, sizeof(name), "%.60s_sub%u", b->names[b->funcs[f].name].text, slot);
	g = build_new_func(b, name, text, false, true);
	if (g == BUILD_NONE)
		return;
	b->funcs[g].first = item;
	b->funcs[g].end = b->funcs[f].end;
	b->funcs[g].pos = b->items[item].pos;
	b->funcs[f].end = item;
}

/*
 * Text from a log or a dump calls by number, and knows no functions. What is called becomes one,
 * since a loader moves functions.
 */
void build_split(struct build *b)
{
	struct slots s;
	uint32_t n = b->n_funcs, n_items = b->n_items;
	bool any = false;
	uint32_t *target;

	for (uint32_t i = 0; !any && i < n_items; i++)
		any = is_call_by_number(&b->items[i]);
	if (!any || b->code || !slots_open(&s, b))
		return;
	target = malloc(n_items * sizeof(*target));
	if (!target) {
		build_no_memory(b);
		slots_close(&s);
		return;
	}
	for (uint32_t i = 0; i < n_items; i++)
		target[i] = BUILD_NONE;
	for (uint32_t f = 0; f < n && !b->code; f++)
		for (uint32_t i = b->funcs[f].first; i < b->funcs[f].end && !b->code; i++) {
			target[i] =
				is_call_by_number(&b->items[i]) ? callee(b, &s, f, i) : BUILD_NONE;
			if (target[i] != BUILD_NONE)
				b->items[target[i]].form = FORM_GOTOL; /* a mark, taken off below */
		}
	/* Backwards, so that what is behind a mark is whole when it is cut off. */
	for (uint32_t i = n_items; i-- && !b->code;) {
		uint32_t f = b->items[i].form == FORM_SHORT ? BUILD_NONE : func_of(b, i);

		if (f == BUILD_NONE)
			continue;
		b->items[i].form = FORM_SHORT;
		if (s.of_item[i] > s.of_item[b->funcs[f].first])
			split(b, f, i, s.of_item[i] - s.of_item[b->funcs[f].first]);
	}
	for (uint32_t i = 0; i < n_items && !b->code; i++) {
		if (target[i] == BUILD_NONE)
			continue;
		b->items[i].name = b->funcs[func_of(b, target[i])].name;
		b->items[i].ref = is_wide(b->items[i].insn) ? INSN_REF_FUNC : INSN_REF_CALL;
	}
	free(target);
	slots_close(&s);
}

/* A jump to a label. */
static void find_label(struct build *b, struct func *f, uint32_t i)
{
	const struct name *name = &b->names[b->items[i].name];

	if (name->label_func != (uint32_t)(f - b->funcs)) {
		build_fail_item(b, f, i, "no label \"%s\" in this function", name->text);
		if (name->func != BUILD_NONE)
			build_fail_hint(b, "\"%s\" is a function: call it", name->text);
		return;
	}
	b->items[i].target = name->label_item;
}

/* A jump by number. */
static void find_slot(struct build *b, struct func *f, const struct slots *s, uint32_t i)
{
	struct bpf_insn insn = b->items[i].insn;
	int32_t off = build_is_gotol(insn) ? insn.imm : insn.off;
	int64_t slot = (int64_t)s->of_item[i] + 1 + off;
	int64_t first = s->of_item[f->first], end = s->of_item[f->end];

	if (slot < first || slot >= end)
		build_fail_item(b, f, i, "jump to pc%+d, slot %lld of a function of %lld", off,
				(long long)(slot - first), (long long)(end - first));
	else if (s->item[slot] == BUILD_NONE)
		build_fail_item(b, f, i, "jump to pc%+d, into the second slot of ldimm64", off);
	else
		b->items[i].target = s->item[slot];
}

/* The opposite condition, or 0. */
static unsigned int opposite(uint8_t code)
{
	static const uint8_t pairs[][2] = {
		{BPF_JEQ, BPF_JNE},   {BPF_JGT, BPF_JLE},   {BPF_JGE, BPF_JLT},
		{BPF_JSGT, BPF_JSLE}, {BPF_JSGE, BPF_JSLT},
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
		if (BPF_OP(code) == pairs[i][0])
			return pairs[i][1];
		if (BPF_OP(code) == pairs[i][1])
			return pairs[i][0];
	}
	return 0;
}

uint8_t build_invert(uint8_t code)
{
	return (uint8_t)((code & 0x0fu) | opposite(code));
}

/* A jump of `off` slots does not fit: the next longer form, or an error. */
static void lengthen(struct build *b, const struct func *f, uint32_t i, int64_t off)
{
	struct item *item = &b->items[i];

	if (!b->gotol) {
		build_fail_item(b, f, i, "jump over %lld slots, want -32768 to 32767",
				(long long)off);
		build_fail_hint(b, "gotol reaches further (kernel 6.6 and later), if you allow it");
		return;
	}
	if (BPF_OP(item->insn.code) == BPF_JA)
		item->form = FORM_GOTOL;
	else
		item->form = opposite(item->insn.code) ? FORM_INVERT : FORM_ROUND;
}

/* Slots count on; jumps that do not fit grow, which moves others, until all fit. */
static void relax(struct build *b, const struct func *f, uint32_t *at)
{
	bool again = true;

	while (again && !b->code) {
		uint32_t slot = 0;

		again = false;
		for (uint32_t i = f->first; i < f->end; i++) {
			at[i - f->first] = slot;
			slot += build_slots(&b->items[i]);
		}
		for (uint32_t i = f->first; i < f->end && !b->code; i++) {
			struct item *item = &b->items[i];
			int64_t off;

			if (item->target == BUILD_NONE)
				continue;
			if (at[item->target - f->first] == slot)
				build_fail_item(b, f, i,
						"jump to \"%s\", the end, where no instruction is",
						b->names[item->name].text);
			off = (int64_t)at[item->target - f->first] - at[i - f->first] - 1;
			if (item->form != FORM_SHORT || build_is_gotol(item->insn))
				continue;
			if (off < INT16_MIN || off > INT16_MAX) {
				lengthen(b, f, i, off);
				again = true;
			}
		}
	}
}

void build_resolve(struct build *b, uint32_t *at)
{
	struct slots s;

	if (!slots_open(&s, b))
		return;
	for (uint32_t n = 0; n < b->n_funcs && !b->code; n++) {
		struct func *f = &b->funcs[n];

		for (uint32_t i = f->first; i < f->end; i++) {
			struct item *item = &b->items[i];

			if (item->kind != ITEM_LABEL)
				continue;
			b->names[item->name].label_func = n;
			b->names[item->name].label_item = i;
		}
		for (uint32_t i = f->first; i < f->end && !b->code; i++) {
			struct item *item = &b->items[i];

			if (item->kind != ITEM_INSN || !build_is_jump(item->insn))
				continue;
			if (item->ref == INSN_REF_NONE)
				find_slot(b, f, &s, i);
			else
				find_label(b, f, i);
		}
		relax(b, f, at + f->first);
	}
	slots_close(&s);
}
