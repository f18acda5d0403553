// SPDX-License-Identifier: MIT
/*
 * Rows of one struct, a column a field. Knows how wide and where a field stands; what it looks like
 * is value.c's. Columns grow with what they must hold, so that the first rows need not wait for the
 * others.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/show/show.h"
#include "loader/show/value.h"

#define MAX_COLUMNS 64 /* a struct with more fields shows the first; JSON shows all */
#define MAX_NESTED  8  /* members of a struct in a struct that become columns of their own */
#define MAX_GROWTH  40 /* a column grows no further; a longer cell pushes the rest of its row */
#define MIN_CUT	    12 /* the last column is not cut below this */

struct show_column {
	char *heading; /* owned */
	uint32_t type;
	uint32_t bit,
		bits; /* where the member begins in the record; size in bits if it is a bitfield */
	uint32_t width;
	uint32_t raw; /* not 0: so many bytes without a type */
	bool right;
};

struct path {
	const char *prefix; /* "saddr." */
	uint32_t bit, depth;
};

static int add_column(struct show_table *table, const struct path *path, const char *name,
		      uint32_t type, uint32_t bits, struct hewn_err *err)
{
	struct show_column *column = &table->columns[table->n_columns];
	struct text heading = {0};

	text_puts(&heading, path->prefix);
	text_escape(&heading, (const uint8_t *)name, strlen(name), 0);
	for (size_t i = 0; i < heading.n; i++)
		heading.bytes[i] = (char)toupper((unsigned char)heading.bytes[i]);
	text_put(&heading, "", 1);
	if (heading.failed) {
		text_close(&heading);
		return err_nomem(err);
	}
	column->heading = heading.bytes;
	column->type = type;
	column->bit = path->bit;
	column->bits = bits;
	column->right = bits || value_is_number(table->btf, type);
	column->width = bits ? 1 : value_width(table->btf, type);
	if (column->width < text_width(heading.bytes, heading.n - 1))
		column->width = (uint32_t)text_width(heading.bytes, heading.n - 1);
	table->n_columns++;
	return 0;
}

/* Small structs become columns of their own; so do the members of members that have no name,
 * always. */
static bool is_flat(const struct btf *btf, uint32_t id, const char *name, uint32_t depth)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));

	if (depth > 3 || meaning_of(btf, id))
		return false;
	if (!name[0])
		return btf_kind(type) == BTF_STRUCT || btf_kind(type) == BTF_UNION;
	return btf_kind(type) == BTF_STRUCT && btf_vlen(type) && btf_vlen(type) <= MAX_NESTED;
}

static int add_struct(struct show_table *table, const struct btf_head *type,
		      const struct path *path, struct hewn_err *err);

static int add_member(struct show_table *table, const struct btf_head *type,
		      const struct btf_member *member, const struct path *path,
		      struct hewn_err *err)
{
	const char *name = btf_str(table->btf, member->name_off);
	const struct btf_head *of = btf_type(table->btf, btf_skip(table->btf, member->type));
	struct path at = {path->prefix, path->bit + btf_member_bit(type, member), path->depth + 1};
	struct text prefix = {0};
	int ret;

	if (value_is_padding(name))
		return 0;
	if (!is_flat(table->btf, member->type, name, path->depth))
		return name[0] ? add_column(table, &at, name, member->type,
					    btf_member_bits(type, member), err)
			       : 0;
	if (!name[0])
		return add_struct(table, of, &at, err);
	text_puts(&prefix, path->prefix);
	text_escape(&prefix, (const uint8_t *)name, strlen(name), 0);
	text_puts(&prefix, ".");
	text_put(&prefix, "", 1);
	at.prefix = prefix.bytes;
	ret = prefix.failed ? err_nomem(err) : add_struct(table, of, &at, err);
	text_close(&prefix);
	return ret;
}

static int add_struct(struct show_table *table, const struct btf_head *type,
		      const struct path *path, struct hewn_err *err)
{
	const struct btf_member *members = btf_body(type);
	int ret = 0;

	for (uint32_t i = 0; !ret && i < btf_vlen(type) && table->n_columns < MAX_COLUMNS; i++)
		ret = add_member(table, type, &members[i], path, err);
	return ret;
}

/* A struct's members as columns, or any other type as one with this name; from so many bytes on. */
static int add_type(struct show_table *table, uint32_t id, uint32_t off, const char *name,
		    struct hewn_err *err)
{
	const struct btf_head *type = btf_type(table->btf, btf_skip(table->btf, id));
	struct path path = {"", 8 * off, 0};

	if (btf_kind(type) == BTF_STRUCT && btf_vlen(type))
		return add_struct(table, type, &path, err);
	return table->n_columns < MAX_COLUMNS ? add_column(table, &path, name, id, 0, err) : 0;
}

int show_table_open(struct show_table *table, const struct btf *btf, uint32_t type,
		    struct hewn_err *err)
{
	int ret;

	memset(table, 0, sizeof(*table));
	table->btf = btf;
	table->type = type;
	if (!type)
		return 0;
	if (btf_size(btf, type) < 0)
		return err_set(err, -ENOENT, "BTF type %u has no values to show", type);
	table->columns = calloc(MAX_COLUMNS, sizeof(*table->columns));
	if (!table->columns)
		return err_nomem(err);
	ret = add_type(table, type, 0, "value", err);
	if (ret)
		show_table_close(table);
	return ret;
}

static int add_raw(struct show_table *table, uint32_t off, uint32_t size, const char *name,
		   struct hewn_err *err)
{
	struct path path = {"", 8 * off, 0};
	uint32_t i = table->n_columns;
	int ret = i < MAX_COLUMNS ? add_column(table, &path, name, 0, 0, err) : 0;

	if (!ret && i < MAX_COLUMNS) {
		table->columns[i].raw = size;
		table->columns[i].right = size <= sizeof(uint64_t);
		table->columns[i].width = (uint32_t)strlen(name);
	}
	return ret;
}

int show_table_open_entry(struct show_table *table, const struct btf *btf,
			  const struct show_entry *entry, struct hewn_err *err)
{
	uint32_t off = entry->key_size;
	int ret;

	memset(table, 0, sizeof(*table));
	table->btf = btf;
	table->columns = calloc(MAX_COLUMNS, sizeof(*table->columns));
	if (!table->columns)
		return err_nomem(err);
	if (entry->key && btf_size(btf, entry->key) == entry->key_size)
		ret = add_type(table, entry->key, 0, "key", err);
	else
		ret = add_raw(table, 0, entry->key_size, "key", err);
	if (!ret && entry->per_cpu) {
		ret = add_raw(table, off, sizeof(uint32_t), "cpu", err);
		off += (uint32_t)sizeof(uint32_t);
	}
	if (!ret && entry->value && btf_size(btf, entry->value) == entry->value_size)
		ret = add_type(table, entry->value, off, "value", err);
	else if (!ret)
		ret = add_raw(table, off, entry->value_size, "value", err);
	if (ret)
		show_table_close(table);
	return ret;
}

void show_table_close(struct show_table *table)
{
	for (uint32_t i = 0; i < table->n_columns; i++)
		free(table->columns[i].heading);
	free(table->columns);
	memset(table, 0, sizeof(*table));
}

/* ── Rows ── */

/* A cell in its column, with two spaces in front of all but the first. The last is cut at the
 * terminal's edge. */
static void put_cell(const struct show_table *table, uint32_t i, struct text *line, size_t *used,
		     const char *cell, size_t n)
{
	const struct show_column *column = &table->columns[i];
	bool is_last = i + 1 == table->n_columns;
	size_t width = text_width(cell, n),
	       fill = width < column->width ? column->width - width : 0;
	size_t room;

	if (i) {
		text_spaces(line, 2);
		*used += 2;
	}
	if (column->right)
		text_spaces(line, fill);
	room = table->width > *used + MIN_CUT ? table->width - *used : MIN_CUT;
	if (is_last && table->width && !column->right && width > room) {
		text_put(line, cell, text_fit(cell, n, room - 1));
		text_puts(line, "…");
	} else {
		text_put(line, cell, n);
	}
	if (!column->right && !is_last)
		text_spaces(line, fill);
	*used += width + fill;
}

static void put_heading(const struct show_table *table, struct text *line)
{
	size_t used = 0;

	text_puts(line, table->color ? "\033[1m" : "");
	for (uint32_t i = 0; i < table->n_columns; i++)
		put_cell(table, i, line, &used, table->columns[i].heading,
			 strlen(table->columns[i].heading));
	text_puts(line, table->color ? "\033[0m\n" : "\n");
}

static void put_column(struct show *show, const struct show_column *column, const uint8_t *bytes,
		       uint32_t size)
{
	uint32_t off = column->bit / 8;

	if (!column->raw)
		value_put_member(show, column->type, column->bit, column->bits, bytes, size);
	else if (off > size || size - off < column->raw)
		value_put_absent(show);
	else if (!strcmp(column->heading, "CPU"))
		text_fmt(show->to, "%llu",
			 (unsigned long long)value_load(bytes + off, column->raw, false));
	else
		value_put_raw(show, bytes + off, column->raw);
}

/* Renders the cells, notes where each ends, and widens their columns. */
static void put_cells(struct show_table *table, const uint8_t *bytes, uint32_t size,
		      struct text *cells, size_t ends[MAX_COLUMNS])
{
	struct show show = {table->btf, cells, false, true, SHOW_BUDGET};
	size_t at = 0, width;

	for (uint32_t i = 0; i < table->n_columns; i++) {
		struct show_column *column = &table->columns[i];

		put_column(&show, column, bytes, size);
		width = cells->n > at ? text_width(cells->bytes + at, cells->n - at) : 0;
		if (width > MAX_GROWTH)
			width = MAX_GROWTH;
		if (width > column->width)
			column->width = (uint32_t)width;
		ends[i] = at = cells->n;
	}
}

static void put_row(struct show_table *table, const uint8_t *bytes, uint32_t size,
		    struct text *line)
{
	struct text cells = {0};
	size_t ends[MAX_COLUMNS] = {0}, used = 0, at = 0;

	put_cells(table, bytes, size, &cells, ends);
	if (!table->headed)
		put_heading(table, line);
	table->headed = true;
	for (uint32_t i = 0; i < table->n_columns; i++) {
		put_cell(table, i, line, &used, cells.n ? cells.bytes + at : "", ends[i] - at);
		at = ends[i];
	}
	text_puts(line, "\n");
	text_close(&cells);
}

void show_measure(struct show_table *table, const void *bytes, uint32_t size)
{
	struct text cells = {0};
	size_t ends[MAX_COLUMNS];

	if (table->columns && !table->json)
		put_cells(table, bytes, size, &cells, ends);
	text_close(&cells);
}

static void put_json(const struct show_table *table, const uint8_t *bytes, uint32_t size,
		     struct text *line)
{
	struct show show = {table->btf, line, true, false, SHOW_BUDGET};
	enum btf_kind kind = btf_kind(btf_type(table->btf, btf_skip(table->btf, table->type)));

	text_puts(line, kind == BTF_STRUCT ? "" : "{\"value\":");
	value_put(&show, table->type, bytes, size);
	text_puts(line, kind == BTF_STRUCT ? "\n" : "}\n");
}

void show_row(struct show_table *table, const void *bytes, uint32_t size, FILE *to)
{
	struct text line = {0};

	if (!table->columns) {
		fputs(table->json ? "{\"bytes\":" : "", to);
		show_hex(bytes, size, to, table->json);
		fputs(table->json ? "}\n" : "", to);
		return;
	}
	if (table->json)
		put_json(table, bytes, size, &line);
	else
		put_row(table, bytes, size, &line);
	if (!line.failed && line.n)
		fwrite(line.bytes, 1, line.n, to);
	text_close(&line);
}
