// SPDX-License-Identifier: MIT
/*
 * The builder's list as text, at any time: what the assembler reads back.
 *
 * Changes nothing, and resolves nothing: labels stay names.
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/build_int.h"
#include "insn/maptype.h"

static void put_string(FILE *to, const uint8_t *bytes, size_t size)
{
	fputc('"', to);
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			fprintf(to, "\\%c", bytes[i]);
		else if (bytes[i] >= ' ' && bytes[i] < 0x7f)
			fputc(bytes[i], to);
		else
			fprintf(to, "\\x%02x", bytes[i]);
	}
	fputc('"', to);
}

/* A word as it is, or in quotes where it would end too early. */
static void put_word(FILE *to, const char *word)
{
	if (!word[0] || strpbrk(word, " \t\r\n,=;#\"\\") || strstr(word, "//") ||
	    strstr(word, "/*"))
		put_string(to, (const uint8_t *)word, strlen(word));
	else
		fputs(word, to);
}

static void put_section(FILE *to, const char *name)
{
	fputs("\n.section ", to);
	put_word(to, name);
	fputc('\n', to);
}

static void put_reg(FILE *to, unsigned int r, const struct reg *reg)
{
	fprintf(to, ".reg r%u ", r);
	put_word(to, reg->what);
	fprintf(to, "%s%s\n", reg->flags & BUILD_REG_IN ? " in" : "",
		reg->flags & BUILD_REG_FIXED ? " fixed" : "");
}

static void put_map(FILE *to, const struct unit_map *map)
{
	const char *type = maptype_name(map->type);

	fprintf(to, ".map %s", map->name);
	if (type)
		fprintf(to, " type=%s", type);
	else
		fprintf(to, " type=%u", map->type);
	fprintf(to, " key_size=%u value_size=%u max_entries=%u", map->key_size, map->value_size,
		map->max_entries);
	if (map->map_flags)
		fprintf(to, " map_flags=%#x", map->map_flags);
	if (map->numa_node)
		fprintf(to, " numa_node=%u", map->numa_node);
	if (map->map_extra)
		fprintf(to, " map_extra=%#llx", (unsigned long long)map->map_extra);
	if (map->pinning)
		fprintf(to, " pinning=by_name");
	if (map->inner)
		fprintf(to, " inner=%s", map->inner);
	if (map->is_template)
		fprintf(to, " template=1");
	fputc('\n', to);
}

static void put_event(FILE *to, const struct build *b, const struct unit_event *event)
{
	fprintf(to, ".event %s", b->maps[event->map].name);
	for (uint32_t i = 0; i < event->n_fields; i++) {
		const struct unit_field *f = &event->fields[i];

		fprintf(to, " %s:", f->name);
		if (f->is_char)
			fputs("char", to);
		else
			fprintf(to, "%c%u", f->is_signed ? 's' : 'u', 8 * f->size);
		if (f->count)
			fprintf(to, "[%u]", f->count);
		if (f->meaning)
			fprintf(to, ":%s", f->meaning);
	}
	fputc('\n', to);
}

/* The next bytes of a variable, as a line of text, or zeros as their number. Returns how many. */
static uint32_t put_bytes(FILE *to, const uint8_t *bytes, uint32_t size)
{
	uint32_t zeros = 0;

	while (zeros < size && !bytes[zeros])
		zeros++;
	if (zeros >= 32) {
		fprintf(to, "\t.zero %u\n", zeros);
		return zeros;
	}
	size = size < 32 ? size : 32;
	fputs("\t.ascii ", to);
	put_string(to, bytes, size);
	fputc('\n', to);
	return size;
}

static void put_vars(FILE *to, const struct build *b)
{
	uint32_t section = BUILD_NONE;

	for (uint32_t i = 0; i < b->n_vars; i++) {
		const struct var *v = &b->vars[i];

		if (v->section != section)
			put_section(to, b->names[v->section].text);
		section = v->section;
		if (v->align > 1)
			fprintf(to, ".align %u\n", v->align);
		fprintf(to, "%s:\n", b->names[v->name].text);
		if (!v->bytes && v->size)
			fprintf(to, "\t.zero %u\n", v->size);
		for (uint32_t off = 0; v->bytes && off < v->size;)
			off += put_bytes(to, v->bytes + off, v->size - off);
	}
}

/* disasm_insn() asks what an operand names. */
struct asked {
	const struct build *b;
	const struct item *item;
};

static bool name_of(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	const struct asked *asked = ctx;

	(void)at;
	(void)insn;
	if (asked->item->ref == INSN_REF_NONE)
		return false;
	ref->kind = asked->item->ref;
	ref->name = asked->b->names[asked->item->name].text;
	ref->addend = ref->kind == INSN_REF_SYMBOL || ref->kind == INSN_REF_MAP_VALUE
			      ? (int32_t)asked->item->hi
			      : 0;
	return true;
}

static void put_insn(FILE *to, const struct build *b, const struct item *item)
{
	struct asked asked = {.b = b, .item = item};
	struct disasm_opts opts = {.ctx = &asked, .ref = name_of};
	struct bpf_insn insns[2] = {item->insn, bpf_ld_imm64_hi(item->hi)};
	char text[256];

	disasm_insn(&opts, insns, 2, 0, text, sizeof(text));
	fprintf(to, "\t%s\n", text);
}

static void put_item(FILE *to, const struct build *b, const struct item *item)
{
	switch (item->kind) {
	case ITEM_LABEL:
		fprintf(to, "%s:\n", b->names[item->name].text);
		break;
	case ITEM_COMMENT:
		fputs("\t; ", to);
		for (const char *c = b->texts[item->name]; *c; c++)
			fputc(*c, to), *c == '\n' ? (void)fputs("\t; ", to) : (void)0;
		fputc('\n', to);
		break;
	default:
		put_insn(to, b, item);
	}
}

static void put_func(FILE *to, const struct build *b, const struct func *f, uint32_t section)
{
	const char *name = b->names[f->name].text;

	if (f->sub) {
		fprintf(to, "\n.sub %s%s\n", name, f->global ? " global" : "");
	} else {
		if (f->section != section)
			put_section(to, b->names[f->section].text);
		fprintf(to, ".func %s\n", name);
	}
	if (f->check_regs)
		fputs(".checkregs\n", to);
	for (unsigned int r = 0; r < 10; r++)
		if (f->regs[r].what)
			put_reg(to, r, &f->regs[r]);
	for (uint32_t i = f->first; i < f->end; i++)
		put_item(to, b, &b->items[i]);
}

char *build_text(const struct build *b)
{
	uint32_t section = BUILD_NONE;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	struct unit host;

	if (!to)
		return NULL;
	unit_open(&host);
	if (b->big_endian != host.big_endian)
		fprintf(to, ".order %s\n", b->big_endian ? "big" : "little");
	if (b->license) {
		fputs(".license ", to);
		put_string(to, (const uint8_t *)b->license, strlen(b->license));
		fputc('\n', to);
	}
	for (uint32_t i = 0; i < b->n_maps; i++)
		put_map(to, &b->maps[i]);
	for (uint32_t i = 0; i < b->n_externs; i++)
		fprintf(to, ".extern %s\n", b->names[b->externs[i]].text);
	for (uint32_t i = 0; i < b->n_events; i++)
		put_event(to, b, &b->events[i]);
	for (uint32_t i = 0; i < b->n_values; i++)
		fprintf(to, ".value %s %u %s\n", b->names[b->values[i].map].text, b->values[i].key,
			b->names[b->values[i].target].text);
	put_vars(to, b);
	if (b->gotol)
		fputs(".gotol\n", to);
	for (uint32_t i = 0; i < b->n_funcs; i++) {
		put_func(to, b, &b->funcs[i], section);
		if (!b->funcs[i].sub)
			section = b->funcs[i].section;
	}
	if (fclose(to)) {
		free(text);
		return NULL;
	}
	return text;
}
