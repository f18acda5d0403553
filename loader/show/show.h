// SPDX-License-Identifier: MIT
/*
 * Values by their BTF type, for people and as JSON, without any user code: a column a field, char
 * arrays as text, enums by name, and the typedefs of hewn.bpf.h (hewn_ipv4, hewn_result, …) as what
 * they mean. Bytes in, text out; knows nothing of rings and maps, and nothing of the kernel.
 */
#ifndef LOADER_SHOW_SHOW_H
#define LOADER_SHOW_SHOW_H

#include "loader/object/btf.h"

/* A table of rows of one type. type 0: rows are hexdumps. All members but width are the table's
 * own. */
struct show_table {
	const struct btf *btf; /* borrowed, must live as long as the table */
	uint32_t type;
	bool json, color;
	uint32_t width;		     /* of the terminal; 0: not a terminal, nothing is cut */
	struct show_column *columns; /* owned */
	uint32_t n_columns;
	bool headed; /* the heading was written */
};

/*
 * type: a struct gives a column a field, any other type one column. The caller sets json, color and
 * width after opening. -ENOENT: no such type.
 */
int show_table_open(struct show_table *table, const struct btf *btf, uint32_t type,
		    struct hewn_err *err);
void show_table_close(struct show_table *table);

/*
 * Writes a row (and before the first the heading) with one fwrite. size may be larger than the
 * type: the tail is ignored; or smaller: fields that are not there are "-", in JSON null. JSON: one
 * object a line; a type that is no struct is {"value":…}, no type {"bytes":"…"}.
 */
void show_row(struct show_table *table, const void *bytes, uint32_t size, FILE *to);

/* Widens the columns to what a row will need, before the heading is written. Columns of streams
 * just grow. */
void show_measure(struct show_table *table, const void *bytes, uint32_t size);

/*
 * Of a map's entries: a row is the key, then for a per-CPU map the CPU (4 bytes, host order), then
 * the value. A type that is 0, or whose size is not the given one, is shown in hexadecimal.
 */
struct show_entry {
	uint32_t key, key_size;
	uint32_t value, value_size;
	bool per_cpu;
};
int show_table_open_entry(struct show_table *table, const struct btf *btf,
			  const struct show_entry *entry, struct hewn_err *err);

/* Bytes whose type is not known: lines of offset, hexadecimal, ASCII; JSON: a string
 * of hex digits. */
void show_hex(const void *bytes, uint32_t size, FILE *to, bool json);

#endif
