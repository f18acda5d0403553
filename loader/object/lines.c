// SPDX-License-Identifier: MIT
/*
 * .BTF.ext: which function, source line and CO-RE access each instruction belongs to. Knows its
 * format (Documentation/bpf/btf.rst); knows nothing of what CO-RE does with it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

/* One of the three tables, and how a record of it is kept. */
struct table {
	const char *name;
	uint32_t size_of_record; /* at the least: later compilers may append */
	int (*add)(struct reader *r, uint32_t code, uint32_t insn, const uint8_t *record);
};

static int add_func_info(struct reader *r, uint32_t code, uint32_t insn, const uint8_t *record)
{
	struct hewn_object *o = r->object;
	uint32_t type = elf_u32(&r->elf, record + 4), func = object_func_at(o, code, insn);
	struct obj_func_info *info = mem_append(&o->func_infos, &o->n_func_infos, sizeof(*info));

	if (!info)
		return reader_nomem(r);
	*info = (struct obj_func_info){code, insn, type};
	if (btf_kind(btf_type(&o->btf, type)) != BTF_FUNC)
		return err_set(r->err, -EINVAL, "type %u for instruction %u of %s is no function",
			       type, insn, o->codes[code].name);
	if (func != NONE && o->funcs[func].insn == insn)
		o->funcs[func].type_id = type;
	return 0;
}

static int add_line(struct reader *r, uint32_t code, uint32_t insn, const uint8_t *record)
{
	struct obj_line *line = mem_append(&r->object->lines, &r->object->n_lines, sizeof(*line));

	if (!line)
		return reader_nomem(r);
	line->code = code;
	line->insn = insn;
	line->file_off = elf_u32(&r->elf, record + 4);
	line->line_off = elf_u32(&r->elf, record + 8);
	line->line_col = elf_u32(&r->elf, record + 12);
	return 0;
}

static int add_core(struct reader *r, uint32_t code, uint32_t insn, const uint8_t *record)
{
	struct obj_core *core = mem_append(&r->object->cores, &r->object->n_cores, sizeof(*core));

	if (!core)
		return reader_nomem(r);
	core->code = code;
	core->insn = insn;
	core->type_id = elf_u32(&r->elf, record + 4);
	core->access_off = elf_u32(&r->elf, record + 8);
	core->kind = elf_u32(&r->elf, record + 12);
	return 0;
}

static const struct table tables[] = {
	{"func_info", 8, add_func_info},
	{"line_info", 16, add_line},
	{"core_relo", 16, add_core},
};

static uint32_t code_named(const struct hewn_object *o, const char *name)
{
	for (uint32_t i = 0; i < o->n_codes; i++)
		if (!strcmp(o->codes[i].name, name))
			return i;
	return NONE;
}

static int truncated(struct reader *r, const struct table *table)
{
	return err_set(r->err, -EINVAL, "%s does not fit into the section", table->name);
}

/* The records of one section: `n` of them, `each` bytes. */
static int read_records(struct reader *r, const struct table *table, const char *section,
			const uint8_t *at, uint32_t n, uint32_t each)
{
	uint32_t code = code_named(r->object, section);
	int rc = 0;

	/* Sections without instructions that were kept: nothing to tell. */
	for (uint32_t i = 0; !rc && code != NONE && i < n; i++, at += each) {
		uint32_t off = elf_u32(&r->elf, at);

		if (off % 8 || off / 8 >= r->object->codes[code].n_insns)
			return err_set(r->err, -EINVAL,
				       "%s for byte %u of section %s, which has %u instructions",
				       table->name, off, section, r->object->codes[code].n_insns);
		rc = table->add(r, code, off / 8, at);
	}
	return rc;
}

/*
 * A table: the size of a record, then for each section a head of two words (name, number of
 * records) and the records.
 */
static int read_table(struct reader *r, const struct table *table, const uint8_t *at, uint32_t size)
{
	const uint8_t *end = at + size;
	uint32_t each;
	int rc = 0;

	if (size < 4)
		return size ? truncated(r, table) : 0;
	each = elf_u32(&r->elf, at);
	at += 4;
	if (each < table->size_of_record || each % 4)
		return err_set(r->err, -EINVAL, "%s records of %u bytes, want at least %u",
			       table->name, each, table->size_of_record);
	while (!rc && at < end) {
		const char *section;
		uint32_t n;

		if (end - at < 8)
			return truncated(r, table);
		section = btf_str(&r->object->btf, elf_u32(&r->elf, at));
		n = elf_u32(&r->elf, at + 4);
		at += 8;
		if (n > (size_t)(end - at) / each)
			return truncated(r, table);
		rc = read_records(r, table, section, at, n, each);
		at += (size_t)n * each;
	}
	return rc;
}

/* The three kinds of records begin alike, with where they belong. */
static int by_insn(const void *a, const void *b)
{
	uint32_t x[2], y[2];

	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	if (x[0] != y[0])
		return x[0] < y[0] ? -1 : 1;
	return (x[1] > y[1]) - (x[1] < y[1]);
}

/* Sorts, and keeps one record an instruction: the verifier wants them to ascend. Mostly they do. */
static void sort(void *records, uint32_t *n, size_t size)
{
	uint8_t *at = records;
	uint32_t kept = *n ? 1 : 0;

	while (kept < *n && by_insn(at + (kept - 1) * size, at + kept * size) < 0)
		kept++;
	if (kept == *n)
		return;
	qsort(records, *n, size, by_insn);
	kept = 0;
	for (uint32_t i = 0; i < *n; i++)
		if (!kept || by_insn(at + (kept - 1) * size, at + i * size) != 0) {
			if (kept != i)
				memcpy(at + kept * size, at + i * size, size);
			kept++;
		}
	*n = kept;
}

/* The header: magic, version, flags, its own size, then offset and size of each table, counted from
 * its end. */
static int read_ext(struct reader *r, const uint8_t *data, size_t size)
{
	uint32_t header = size >= 8 ? elf_u32(&r->elf, data + 4) : 0;
	int rc = 0;

	if (size < 24 || header < 24 || header > size)
		return err_set(r->err, -EINVAL, "header of %u bytes in %zu bytes, want at least 24",
			       header, size);
	if (elf_u16(&r->elf, data) != 0xeb9f || data[2] != 1)
		return err_set(r->err, -EINVAL, "magic %04x version %u, want eb9f version 1",
			       elf_u16(&r->elf, data), data[2]);
	for (uint32_t i = 0; !rc && i < 3 && 8 + 8 * (i + 1) <= header; i++) {
		uint32_t off = elf_u32(&r->elf, data + 8 + 8 * (size_t)i);
		uint32_t length = elf_u32(&r->elf, data + 12 + 8 * (size_t)i);

		if (off > size - header || length > size - header - off)
			return truncated(r, &tables[i]);
		rc = read_table(r, &tables[i], data + header + off, length);
	}
	return rc;
}

int lines_read(struct reader *r)
{
	struct hewn_object *o = r->object;
	const uint8_t *data;
	size_t size;
	int rc = reader_section(r, ".BTF.ext", &data, &size);

	if (rc || !data || !o->has_btf)
		return rc;
	rc = read_ext(r, data, size);
	if (rc) {
		err_section(r->err, ".BTF.ext");
		return rc;
	}
	sort(o->func_infos, &o->n_func_infos, sizeof(*o->func_infos));
	sort(o->lines, &o->n_lines, sizeof(*o->lines));
	sort(o->cores, &o->n_cores, sizeof(*o->cores));
	return 0;
}
