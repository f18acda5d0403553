// SPDX-License-Identifier: MIT
/*
 * The builder's list becomes a unit: offsets are filled in, names become relocations.
 *
 * Knows where everything is; build_resolve.c found that out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/build_int.h"
#include "insn/helpers.h"

struct out {
	struct build *b;
	struct unit *unit;
	const struct func *f;
	uint32_t section;   /* index in the unit */
	uint32_t base;	    /* slot where the function begins in it */
	const uint32_t *at; /* slot of each item in its function */
	struct bpf_insn *insns;
	uint32_t n;
	uint32_t line; /* the last one noted */
};

/* The section's index, made if new; a negative errno. */
static int section_of(struct build *b, struct unit *unit, uint32_t name)
{
	uint32_t i = unit_find_section(unit, b->names[name].text);

	if (i != UNIT_NONE)
		return (int)i;
	return unit_add_section(unit, b->names[name].text, unit_kind_of(b->names[name].text));
}

static int put_vars(struct build *b, struct unit *unit)
{
	for (uint32_t i = 0; i < b->n_vars; i++) {
		const struct var *v = &b->vars[i];
		int section = section_of(b, unit, v->section), off, err;

		off = section < 0 ? section
				  : unit_add_bytes(unit, (uint32_t)section, v->bytes, v->size,
						   v->align);
		if (off < 0)
			return off;
		err = unit_add_symbol(unit, &(struct unit_symbol){.name = b->names[v->name].text,
								  .section = (uint32_t)section,
								  .off = (uint32_t)off,
								  .size = v->size,
								  .global = true});
		if (err < 0)
			return err;
	}
	return 0;
}

/* Arguments that the convention of a function states: r1 to the first that it does not name. */
static uint8_t n_args(const struct func *f)
{
	uint8_t n = 0;

	while (n < 5 && f->regs[n + 1].flags & BUILD_REG_IN)
		n++;
	return n;
}

/* Functions get their symbols first, in order, so that calls can name those to come. */
static int put_funcs(struct build *b, struct unit *unit)
{
	for (uint32_t i = 0; i < b->n_funcs; i++) {
		int section = section_of(b, unit, b->funcs[i].section), err;

		if (section < 0)
			return section;
		err = unit_add_symbol(unit,
				      &(struct unit_symbol){.name = b->names[b->funcs[i].name].text,
							    .section = (uint32_t)section,
							    .global = b->funcs[i].global,
							    .n_args = n_args(&b->funcs[i])});
		if (err < 0)
			return err;
	}
	return 0;
}

/* The index of a symbol for a data section as a whole, as `map[.rodata][0]` names it; negative
 * errno. */
static int whole_section(struct unit *unit, uint32_t section)
{
	uint32_t i = unit_find_symbol(unit, unit->sections[section].name);

	if (i != UNIT_NONE)
		return (int)i;
	return unit_add_symbol(unit, &(struct unit_symbol){.name = unit->sections[section].name,
							   .section = section,
							   .size = unit->sections[section].size});
}

static void relocate(struct out *o, enum unit_reloc_kind kind, int target)
{
	struct unit_reloc reloc = {.section = o->section,
				   .insn = o->base + o->n,
				   .kind = kind,
				   .target = (uint32_t)target};

	if (target < 0 || unit_add_reloc(o->unit, &reloc) < 0)
		build_no_memory(o->b);
}

/* call NAME: a function of this unit, or a helper. */
static void put_call(struct out *o, uint32_t i, struct bpf_insn *insn)
{
	struct build *b = o->b;
	const struct name *name = &b->names[b->items[i].name];
	int id;
	const char *like;

	if (name->func != BUILD_NONE) {
		insn->src_reg = BPF_PSEUDO_CALL;
		insn->imm = -1;
		relocate(o, UNIT_RELOC_CALL, (int)(b->n_vars + name->func));
		return;
	}
	if (name->ext != BUILD_NONE) {
		insn->src_reg = BPF_PSEUDO_CALL;
		insn->imm = -1;
		relocate(o, UNIT_RELOC_EXTERN, (int)name->ext);
		return;
	}
	id = helpers_id(name->text, strlen(name->text));
	if (id >= 0) {
		insn->src_reg = 0;
		insn->imm = id;
		return;
	}
	build_fail_item(b, o->f, i, "call of \"%s\", which is no function here and no helper",
			name->text);
	like = helpers_like(name->text, strlen(name->text));
	if (like)
		build_fail_hint(b, "did you mean bpf_%s?", like);
}

/* ldimm64 of a map, a variable, a function. */
static void put_address(struct out *o, uint32_t i, struct bpf_insn insn[2])
{
	struct build *b = o->b;
	const struct item *item = &b->items[i];
	const struct name *name = &b->names[item->name];
	uint32_t section = unit_find_section(o->unit, name->text);
	bool any = item->ref == INSN_REF_SYMBOL, value = any || item->ref == INSN_REF_MAP_VALUE;

	insn[0].src_reg = 0;
	insn[0].imm = insn[1].imm = 0;
	if (name->map != BUILD_NONE && b->maps[name->map].is_template) {
		build_fail_item(b, o->f, i, "%s is a template of inner maps, no map", name->text);
	} else if (name->map != BUILD_NONE && (any || item->ref == INSN_REF_MAP)) {
		relocate(o, UNIT_RELOC_MAP, (int)name->map);
	} else if (name->func != BUILD_NONE && (any || item->ref == INSN_REF_FUNC)) {
		relocate(o, UNIT_RELOC_FUNC, (int)(b->n_vars + name->func));
	} else if (name->ext != BUILD_NONE && any) {
		relocate(o, UNIT_RELOC_EXTERN, (int)name->ext);
	} else if (name->var != BUILD_NONE && value) {
		insn[0].imm = (int32_t)item->hi;
		relocate(o, UNIT_RELOC_DATA, (int)name->var);
	} else if (section != UNIT_NONE && o->unit->sections[section].kind != UNIT_CODE && value) {
		insn[0].imm = (int32_t)item->hi;
		relocate(o, UNIT_RELOC_DATA, whole_section(o->unit, section));
	} else {
		build_fail_item(b, o->f, i, "\"%s\" is no %s here", name->text,
				item->ref == INSN_REF_MAP	  ? "map"
				: item->ref == INSN_REF_MAP_VALUE ? "variable or data section"
				: item->ref == INSN_REF_FUNC	  ? "function"
								  : "map, variable or function");
		if (name->map != BUILD_NONE)
			build_fail_hint(b, "it is a map: objects can name it as a whole, not the "
					   "inside of a value");
	}
}

/* A jump in the form that was chosen. */
static void put_jump(struct out *o, uint32_t i)
{
	const struct item *item = &o->b->items[i];
	uint32_t first = o->f->first;
	const uint32_t *at = o->at + first;
	int32_t off = (int32_t)((int64_t)at[item->target - first] - at[i - first] - 1);
	struct bpf_insn insn = item->insn;

	if (item->form == FORM_INVERT) {
		insn.code = build_invert(insn.code);
		insn.off = 1;
		o->insns[o->n++] = insn;
		insn = bpf_jmp32_a(off - 1);
	} else if (item->form == FORM_ROUND) {
		insn.off = 1;
		o->insns[o->n++] = insn;
		o->insns[o->n++] = bpf_jmp_a(1);
		insn = bpf_jmp32_a(off - 2);
	} else if (item->form == FORM_GOTOL) {
		insn = bpf_jmp32_a(off);
	} else if (build_is_gotol(insn)) {
		insn.imm = off;
	} else {
		insn.off = (int16_t)off;
	}
	o->insns[o->n++] = insn;
}

static void put_line(struct out *o, uint32_t i)
{
	const struct pos *pos = &o->b->at[o->b->items[i].pos];
	struct unit_line line = {
		.section = o->section, .insn = o->base + o->n, .line = pos->line, .col = pos->col};

	if (!pos->line || pos->line == o->line)
		return;
	o->line = pos->line;
	line.text = (char *)(uintptr_t)pos->text;
	if (unit_add_line(o->unit, &line, pos->size) < 0)
		build_no_memory(o->b);
}

static void put_item(struct out *o, uint32_t i)
{
	const struct item *item = &o->b->items[i];
	struct bpf_insn insn[2];

	if (item->kind != ITEM_INSN)
		return;
	put_line(o, i);
	if (item->target != BUILD_NONE) {
		put_jump(o, i);
		return;
	}
	insn[0] = item->insn;
	insn[1] = bpf_ld_imm64_hi(item->hi);
	if (item->ref == INSN_REF_CALL)
		put_call(o, i, &insn[0]);
	else if (item->ref != INSN_REF_NONE)
		put_address(o, i, insn);
	for (uint32_t n = 0; n < build_slots(item); n++)
		o->insns[o->n++] = insn[n];
}

static int put_code(struct build *b, struct unit *unit, const uint32_t *at)
{
	struct out o = {.b = b, .unit = unit, .at = at};

	/* The longest form of a jump takes three slots. */
	o.insns = malloc((3 * (size_t)b->n_items + 1) * sizeof(*o.insns));
	if (!o.insns)
		return -ENOMEM;
	for (uint32_t f = 0; f < b->n_funcs && !b->code; f++) {
		struct unit_symbol *symbol = &unit->symbols[b->n_vars + f];

		o.f = &b->funcs[f];
		o.section = symbol->section;
		o.base = unit->sections[o.section].n_insns;
		o.n = o.line = 0;
		for (uint32_t i = o.f->first; i < o.f->end && !b->code; i++)
			put_item(&o, i);
		if (!b->code && !o.n)
			build_fail_item(b, o.f, o.f->first, "no instructions in this function");
		/* Relocations of whole sections may have moved the symbols. */
		symbol = &unit->symbols[b->n_vars + f];
		symbol->off = o.base;
		symbol->size = o.n;
		if (unit_add_code(unit, o.section, o.insns, o.n) < 0)
			build_no_memory(b);
	}
	free(o.insns);
	return b->code;
}

static int put_rest(struct build *b, struct unit *unit)
{
	int err = 0;

	unit->big_endian = b->big_endian;
	if (b->license)
		err = unit_set_license(unit, b->license);
	if (!err && b->source)
		err = unit_set_source(unit, b->source);
	for (uint32_t i = 0; !err && i < b->n_maps; i++)
		err = unit_add_map(unit, &b->maps[i]) < 0 ? -ENOMEM : 0;
	for (uint32_t i = 0; !err && i < b->n_events; i++)
		err = unit_add_event(unit, b->events[i].map, b->events[i].fields,
				     b->events[i].n_fields) < 0
			      ? -ENOMEM
			      : 0;
	for (uint32_t i = 0; !err && i < b->n_externs; i++)
		err = unit_add_extern(unit, b->names[b->externs[i]].text) < 0 ? -ENOMEM : 0;
	if (!err)
		err = put_vars(b, unit);
	if (!err)
		err = put_funcs(b, unit);
	return err ? err : build_put_values(b, unit);
}

static void finish(struct build *b, struct unit *unit)
{
	uint32_t *at;

	if (b->want_hi)
		build_fail(b, -EINVAL, "half an ldimm64 at the end, want bpf_ld_imm64_hi()");
	build_split(b);
	at = malloc((b->n_items + 1) * sizeof(*at));
	if (!at)
		build_no_memory(b);
	if (!b->code)
		build_resolve(b, at);
	for (uint32_t f = 0; f < b->n_funcs && !b->code; f++)
		build_judge_regs(b, &b->funcs[f]);
	if (!b->code && put_rest(b, unit))
		build_no_memory(b);
	if (!b->code && put_code(b, unit, at))
		build_no_memory(b);
	free(at);
}

int build_finish(struct build *b, struct unit *unit, struct insn_err *err)
{
	unit_open(unit);
	finish(b, unit);
	if (b->code) {
		unit_close(unit);
		if (err && !err->msg[0])
			*err = b->err;
	}
	return b->code;
}
