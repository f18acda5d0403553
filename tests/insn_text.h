// SPDX-License-Identifier: MIT
/*
 * For the tests of the assembler: text to a flat array of instructions, labels resolved, and back.
 *
 * Knows nothing of maps or functions by name: a program that has them needs insn/build.h.
 */
#ifndef TESTS_INSN_TEXT_H
#define TESTS_INSN_TEXT_H

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/listing.h"
#include "insn/parse.h"

/* What a text becomes. */
struct flat {
	struct bpf_insn *insns;
	uint32_t n, room;
	struct flat_name {
		const char *name;
		size_t size;
		uint32_t at;
		enum insn_ref ref; /* INSN_REF_NONE: a label */
	} * names;
	uint32_t n_names, room_names;
};

static inline void flat_push(struct flat *f, struct bpf_insn insn)
{
	if (f->n == f->room) {
		f->room = f->room ? 2 * f->room : 256;
		f->insns = realloc(f->insns, f->room * sizeof(*f->insns));
	}
	f->insns[f->n++] = insn;
}

static inline void flat_name(struct flat *f, const char *name, size_t size, enum insn_ref ref)
{
	if (f->n_names == f->room_names) {
		f->room_names = f->room_names ? 2 * f->room_names : 64;
		f->names = realloc(f->names, f->room_names * sizeof(*f->names));
	}
	f->names[f->n_names++] = (struct flat_name){name, size, f->n, ref};
}

static inline int flat_insn(void *ctx, const struct statement *s, const struct parse_pos *pos,
			    struct insn_err *err)
{
	struct flat *f = ctx;

	(void)pos;
	(void)err;
	if (s->ref != INSN_REF_NONE)
		flat_name(f, s->name, s->name_size, s->ref);
	for (unsigned int i = 0; i < s->n_slots; i++)
		flat_push(f, s->insn[i]);
	return 0;
}

static inline int flat_label(void *ctx, const char *name, size_t size, const struct parse_pos *pos,
			     struct insn_err *err)
{
	(void)pos;
	(void)err;
	flat_name(ctx, name, size, INSN_REF_NONE);
	return 0;
}

static inline void flat_free(struct flat *f)
{
	free(f->insns);
	free(f->names);
	memset(f, 0, sizeof(*f));
}

/* Puts the place of each label where its name stands; -ENOENT if a name is none. */
static inline int flat_resolve(struct flat *f)
{
	for (uint32_t i = 0; i < f->n_names; i++) {
		const struct flat_name *use = &f->names[i];
		const struct flat_name *label = NULL;

		if (use->ref == INSN_REF_NONE)
			continue;
		for (uint32_t j = 0; j < f->n_names && !label; j++) {
			const struct flat_name *l = &f->names[j];

			if (l->ref == INSN_REF_NONE && l->size == use->size &&
			    !memcmp(l->name, use->name, use->size))
				label = l;
		}
		if (!label)
			return -ENOENT;
		if (use->ref == INSN_REF_JUMP)
			f->insns[use->at].off = (int16_t)((int)label->at - (int)use->at - 1);
		else
			f->insns[use->at].imm = (int32_t)label->at - (int32_t)use->at - 1;
	}
	return 0;
}

/* Assembles; the caller frees *f. */
static inline int flat_assemble(struct parser *parser, const char *text, size_t size,
				struct flat *f, struct insn_err *err)
{
	static const struct parse_ops ops = {.insn = flat_insn, .label = flat_label};
	int code;

	memset(f, 0, sizeof(*f));
	code = parse_text(parser, text, size, &ops, f, err);
	return code ? code : flat_resolve(f);
}

/* A text that grows. */
struct grown {
	char *text;
	size_t size, room;
};

static inline int grow_text(void *ctx, const char *text, size_t size)
{
	struct grown *g = ctx;

	if (g->size + size + 1 > g->room) {
		g->room = 2 * (g->size + size) + 4096;
		g->text = realloc(g->text, g->room);
	}
	memcpy(g->text + g->size, text, size);
	g->size += size;
	g->text[g->size] = 0;
	return 0;
}

/* An arbitrary instruction of a form: fields that may hold anything are random, registers valid. */
static inline void random_insn(const struct insn_form *form, struct bpf_insn insn[2])
{
	static const int32_t edge[] = {0, 1, -1, 8, -8, INT16_MAX, INT16_MIN, INT32_MAX, INT32_MIN};
	int32_t imm = rand() % 2 ? edge[rand() % 9] : (int32_t)((uint32_t)rand() * 2654435761u);
	int32_t hi = rand() % 2 ? edge[rand() % 9] : (int32_t)((uint32_t)rand() * 2654435761u);
	int off = rand() % 2 ? (int16_t)edge[rand() % 7] : (int16_t)rand();

	insn[0] = bpf_raw_insn(
		form->code, (unsigned int)(form->dst == INSN_ANY ? rand() % 11 : form->dst),
		(unsigned int)(form->src == INSN_ANY ? rand() % 11 : form->src),
		form->off == INSN_ANY ? off : form->off, form->imm == INSN_ANY ? imm : form->imm);
	insn[1] = bpf_ld_imm64_hi(form->hi == INSN_ANY ? (uint32_t)hi : (uint32_t)form->hi);
}

#endif
