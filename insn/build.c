// SPDX-License-Identifier: MIT
/*
 * The builder's list: what is added, in order, and the names. The first error sticks.
 *
 * Knows nothing of offsets: build_out.c counts them.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/build_int.h"

/* Adds the position that is in force, and the function, to the error just recorded. */
static void add_place(struct build *b, uint32_t pos)
{
	if (pos < b->n_at && b->at[pos].line)
		insn_err_at(&b->err, (int)b->at[pos].line, (int)b->at[pos].col,
			    b->at[pos].text ? b->at[pos].text : "", b->at[pos].size);
}

/* The slot of an item in its function, before any jump has grown. */
static int slot_of(const struct build *b, uint32_t first, uint32_t item)
{
	uint32_t slot = 0;

	for (uint32_t i = first; i < item; i++)
		slot += build_slots(&b->items[i]);
	return (int)slot;
}

static void fail(struct build *b, int code, uint32_t func, uint32_t item, uint32_t pos,
		 const char *format, va_list args)
{
	char text[200];

	if (b->code)
		return;
	vsnprintf(text, sizeof(text), format, args);
	b->code = code;
	if (func == BUILD_NONE)
		insn_err_set(&b->err, code, -1, "%s", text);
	else
		insn_err_set(&b->err, code, slot_of(b, b->funcs[func].first, item), "%.40s: %s",
			     b->names[b->funcs[func].name].text, text);
	add_place(b, pos);
}

void build_fail(struct build *b, int code, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(b, code, b->func, b->n_items, b->n_at - 1, format, args);
	va_end(args);
}

void build_fail_at(struct build *b, uint32_t pos, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(b, -EINVAL, BUILD_NONE, 0, pos, format, args);
	va_end(args);
}

void build_fail_hint(struct build *b, const char *format, ...)
{
	char text[sizeof(b->err.hint)];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	insn_err_hint(&b->err, "%s", text);
}

void build_fail_item(struct build *b, const struct func *f, uint32_t item, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	fail(b, -EINVAL, (uint32_t)(f - b->funcs), item,
	     item < f->end ? b->items[item].pos : f->pos, format, args);
	va_end(args);
}

struct build *build_open(void)
{
	struct build *b = calloc(1, sizeof(*b));
	struct unit host;

	if (!b)
		return NULL;
	unit_open(&host);
	insn_err_clear(&b->err);
	b->big_endian = host.big_endian;
	b->func = BUILD_NONE;
	build_at(b, 0, 0, NULL, 0);
	b->section = build_name(b, ".text", 5);
	if (b->code) {
		build_close(b);
		return NULL;
	}
	return b;
}

void build_close(struct build *b)
{
	if (!b)
		return;
	for (uint32_t i = 0; i < b->n_names; i++)
		free(b->names[i].text);
	for (uint32_t i = 0; i < b->n_funcs; i++)
		for (unsigned int r = 0; r < 11; r++)
			free(b->funcs[i].regs[r].what);
	for (uint32_t i = 0; i < b->n_vars; i++)
		free(b->vars[i].bytes);
	for (uint32_t i = 0; i < b->n_maps; i++)
		unit_free_map(&b->maps[i]);
	for (uint32_t i = 0; i < b->n_events; i++)
		unit_free_fields(b->events[i].fields, b->events[i].n_fields);
	for (uint32_t i = 0; i < b->n_texts; i++)
		free(b->texts[i]);
	free(b->names);
	free(b->hash);
	free(b->items);
	free(b->at);
	free(b->funcs);
	free(b->vars);
	free(b->maps);
	free(b->events);
	free(b->values);
	free(b->externs);
	free(b->texts);
	free(b->source);
	free(b->license);
	free(b);
}

void build_at(struct build *b, uint32_t line, uint32_t col, const char *text, size_t size)
{
	bool used = (b->n_items && b->items[b->n_items - 1].pos == b->n_at - 1) ||
		    (b->n_funcs && b->funcs[b->n_funcs - 1].pos == b->n_at - 1) ||
		    (b->n_values && b->values[b->n_values - 1].pos == b->n_at - 1);

	/* A position that nothing used gives way. */
	if (b->n_at > 1 && !used)
		b->n_at--;
	if (!ROOM(b, at))
		return;
	b->at[b->n_at++] =
		(struct pos){.text = text, .size = (uint32_t)size, .line = line, .col = col};
}

const struct insn_err *build_error(const struct build *b)
{
	return b->code ? &b->err : NULL;
}

static void set_text(struct build *b, char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy) {
		build_no_memory(b);
		return;
	}
	free(*to);
	*to = copy;
}

void build_source(struct build *b, const char *file)
{
	set_text(b, &b->source, file);
}

void build_license(struct build *b, const char *license)
{
	set_text(b, &b->license, license);
}

void build_order(struct build *b, bool big_endian)
{
	b->big_endian = big_endian;
}

void build_section(struct build *b, const char *name)
{
	uint32_t id = build_name(b, name, strlen(name));

	if (id == BUILD_NONE)
		return;
	if (!name[0] || unit_kind_of(name) != UNIT_CODE) {
		build_fail(b, -EINVAL, "section \"%s\" holds data, want one for code", name);
		return;
	}
	b->section = id;
	b->func = BUILD_NONE;
}

uint32_t build_new_func(struct build *b, const char *name, uint32_t section, bool global, bool sub)
{
	uint32_t id = build_new_name(b, name);

	if (id == BUILD_NONE || !ROOM(b, funcs))
		return BUILD_NONE;
	memset(&b->funcs[b->n_funcs], 0, sizeof(b->funcs[0]));
	b->funcs[b->n_funcs].name = id;
	b->funcs[b->n_funcs].section = section;
	b->funcs[b->n_funcs].first = b->funcs[b->n_funcs].end = b->n_items;
	b->funcs[b->n_funcs].pos = b->n_at - 1;
	b->funcs[b->n_funcs].global = global;
	b->funcs[b->n_funcs].sub = sub;
	b->names[id].func = b->n_funcs;
	return b->n_funcs++;
}

void build_func(struct build *b, const char *name)
{
	b->func = build_new_func(b, name, b->section, true, false);
}

void build_sub(struct build *b, const char *name, bool global)
{
	uint32_t text = build_name(b, ".text", 5);

	if (text != BUILD_NONE)
		b->func = build_new_func(b, name, text, global, true);
}

/* "kprobe/vfs_read" gives "kprobe_vfs_read": a function for code that was given none. */
static void implied_func(struct build *b)
{
	char name[64] = "prog";
	const char *section = b->names[b->section].text;

	if (strcmp(section, ".text"))
		snprintf(name, sizeof(name), "%s", section);
	for (char *c = name; *c; c++)
		if (!strchr("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_", *c))
			*c = '_';
	build_func(b, name);
}

static struct item *new_item(struct build *b, enum item_kind kind)
{
	if (b->code)
		return NULL;
	if (b->want_hi) {
		build_fail(b, -EINVAL, "half an ldimm64, want bpf_ld_imm64_hi() next");
		return NULL;
	}
	if (b->func == BUILD_NONE)
		implied_func(b);
	if (b->func == BUILD_NONE || !ROOM(b, items))
		return NULL;
	b->funcs[b->func].end = b->n_items + 1;
	b->items[b->n_items] =
		(struct item){.kind = (uint8_t)kind, .name = BUILD_NONE, .target = BUILD_NONE};
	b->items[b->n_items].pos = b->n_at - 1;
	return &b->items[b->n_items++];
}

void build_ref(struct build *b, struct bpf_insn insn, uint32_t hi, enum insn_ref kind,
	       const char *name, size_t size, int64_t addend)
{
	uint32_t id = kind == INSN_REF_NONE ? BUILD_NONE : build_name(b, name, size);
	struct item *item = new_item(b, ITEM_INSN);

	if (!item)
		return;
	if (kind != INSN_REF_NONE && (addend > INT32_MAX || addend < INT32_MIN)) {
		build_fail(b, -ERANGE, "addend %lld, want 32 bits", (long long)addend);
		return;
	}
	item->insn = insn;
	item->hi = hi;
	item->ref = (uint8_t)kind;
	item->name = id;
	if (kind == INSN_REF_MAP_VALUE || kind == INSN_REF_SYMBOL)
		item->hi = (uint32_t)(int32_t)addend;
}

void build_insn(struct build *b, struct bpf_insn insn)
{
	struct item *item;

	if (b->want_hi && b->n_items && !insn.code && !insn.dst_reg && !insn.src_reg && !insn.off) {
		b->items[b->n_items - 1].hi = (uint32_t)insn.imm;
		b->want_hi = false;
		return;
	}
	item = new_item(b, ITEM_INSN);
	if (!item)
		return;
	item->insn = insn;
	b->want_hi = insn.code == (BPF_LD | BPF_IMM | BPF_DW);
}

void build_insns(struct build *b, const struct bpf_insn *insns, size_t n)
{
	for (size_t i = 0; i < n; i++)
		build_insn(b, insns[i]);
}

void build_ld_imm64(struct build *b, unsigned int dst, uint64_t imm)
{
	build_insn(b, bpf_ld_imm64(dst, imm));
	build_insn(b, bpf_ld_imm64_hi(imm >> 32));
}

void build_jump(struct build *b, struct bpf_insn insn, const char *label)
{
	if (!build_is_jump(insn)) {
		build_fail(b, -EINVAL, "code %#x does not jump, want a jump to \"%s\"", insn.code,
			   label);
		return;
	}
	build_ref(b, insn, 0, build_is_gotol(insn) ? INSN_REF_JUMP32 : INSN_REF_JUMP, label,
		  strlen(label), 0);
}

void build_call(struct build *b, const char *name)
{
	build_ref(b, bpf_call_rel(-1), 0, INSN_REF_CALL, name, strlen(name), 0);
}

void build_ld_map(struct build *b, unsigned int dst, const char *map)
{
	build_ref(b, bpf_ld_imm64(dst, 0), 0, INSN_REF_MAP, map, strlen(map), 0);
}

void build_ld_var(struct build *b, unsigned int dst, const char *name, int32_t addend)
{
	build_ref(b, bpf_ld_imm64(dst, 0), 0, INSN_REF_SYMBOL, name, strlen(name), addend);
}

void build_ld_func(struct build *b, unsigned int dst, const char *name)
{
	build_ref(b, bpf_ld_imm64(dst, 0), 0, INSN_REF_FUNC, name, strlen(name), 0);
}

void build_label(struct build *b, const char *name)
{
	build_label_n(b, name, strlen(name));
}

void build_label_n(struct build *b, const char *name, size_t size)
{
	uint32_t id = build_name(b, name, size);
	struct item *item = new_item(b, ITEM_LABEL);

	if (!item || id == BUILD_NONE)
		return;
	item->name = id;
	if (b->names[id].label_func == b->func) {
		uint32_t line = b->at[b->items[b->names[id].label_item].pos].line;

		build_fail(b, -EEXIST, "label \"%s\" is there already", b->names[id].text);
		if (line)
			build_fail_hint(b, "the first one is in line %u", line);
		return;
	}
	b->names[id].label_func = b->func;
	b->names[id].label_item = b->n_items - 1;
}

void build_comment(struct build *b, const char *format, ...)
{
	struct item *item;
	va_list args;
	char *text;
	int n;

	va_start(args, format);
	n = vsnprintf(NULL, 0, format, args);
	va_end(args);
	text = n < 0 || !ROOM(b, texts) ? NULL : malloc((size_t)n + 1);
	if (!text) {
		build_no_memory(b);
		return;
	}
	va_start(args, format);
	vsnprintf(text, (size_t)n + 1, format, args);
	va_end(args);
	b->texts[b->n_texts++] = text;
	item = new_item(b, ITEM_COMMENT);
	if (item)
		item->name = b->n_texts - 1;
}

void build_allow_gotol(struct build *b, bool allow)
{
	b->gotol = allow;
}
