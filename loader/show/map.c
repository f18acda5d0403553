// SPDX-License-Identifier: MIT
/*
 * What is in a map now, printed by the types of its key and value: rows, variables, histograms.
 * Knows nothing of how the entries were read, nor of how a field looks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/show/entries.h"
#include "loader/show/hist.h"
#include "loader/show/show.h"
#include "loader/show/value.h"
#include "loader/target/target.h"

static bool is_zero(const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

static bool entry_is_zero(const struct entries *entries, size_t i)
{
	for (uint32_t cpu = 0; cpu < entries->n_values; cpu++)
		if (!is_zero(value_at(entries, i, cpu), entries->map->value_size))
			return false;
	return true;
}

static void write_out(struct text *text, FILE *to)
{
	if (!text->failed && text->n)
		fwrite(text->bytes, 1, text->n, to);
	text_close(text);
}

static void put_typed(struct show *show, bool has_type, uint32_t type, const uint8_t *bytes,
		      uint32_t size)
{
	if (has_type)
		value_put(show, type, bytes, size);
	else
		value_put_raw(show, bytes, size);
}

static void put_json(const struct entries *entries, size_t i, FILE *to)
{
	const struct show_map *map = entries->map;
	struct text line = {0};
	struct show show = {map->btf, &line, true, false, SHOW_BUDGET};
	bool is_data = entries->has_value_type &&
		       btf_kind(btf_type(map->btf, map->value_type)) == BTF_DATASEC;

	text_puts(&line, "{\"map\":");
	text_json(&line, (const uint8_t *)map->name, strlen(map->name));
	if (!is_data) {
		text_puts(&line, ",\"key\":");
		put_typed(&show, entries->has_key_type, map->key_type, entry_at(entries, i),
			  map->key_size);
	}
	text_puts(&line, entries->per_cpu ? ",\"values\":[" : ",\"value\":");
	for (uint32_t cpu = 0; cpu < entries->n_values; cpu++) {
		text_puts(&line, cpu ? "," : "");
		put_typed(&show, entries->has_value_type, map->value_type,
			  value_at(entries, i, cpu), map->value_size);
	}
	text_puts(&line, entries->per_cpu ? "]}\n" : "}\n");
	write_out(&line, to);
}

/* Names come from the object, so they may be anything. */
static void put_heading(struct text *text, const char *name)
{
	text_puts(text, "map ");
	text_escape(text, (const uint8_t *)name, strlen(name), 0);
	text_puts(text, " ");
}

/* The variables of .data, .bss and .rodata, a line each. */
static void put_variables(const struct show_map *map, const uint8_t *bytes, FILE *to)
{
	const struct btf_head *type = btf_type(map->btf, map->value_type);
	const struct btf_secvar *vars = btf_body(type);
	struct text text = {0};
	struct show show = {map->btf, &text, false, false, SHOW_BUDGET};

	put_heading(&text, map->name);
	text_fmt(&text, "(%u variable%s)\n", btf_vlen(type), btf_vlen(type) == 1 ? "" : "s");
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const struct btf_head *var = btf_type(map->btf, vars[i].type);
		const char *name;
		uint32_t off = vars[i].offset < map->value_size ? vars[i].offset : map->value_size;

		if (btf_kind(var) != BTF_VAR)
			continue;
		name = btf_str(map->btf, var->name_off);
		text_escape(&text, (const uint8_t *)name, strlen(name), 0);
		text_puts(&text, " = ");
		value_put(&show, var->size_or_type, bytes + off, map->value_size - off);
		text_puts(&text, "\n");
	}
	write_out(&text, to);
}

/* A row as show_table_open_entry() wants it: shown, or only measured. */
static void put_entry(const struct entries *entries, size_t i, uint32_t cpu,
		      struct show_table *table, uint8_t *row, FILE *to)
{
	const struct show_map *map = entries->map;
	uint32_t size = map->key_size;

	memcpy(row, entry_at(entries, i), size);
	if (entries->per_cpu) {
		memcpy(row + size, &cpu, sizeof(cpu));
		size += (uint32_t)sizeof(cpu);
	}
	memcpy(row + size, value_at(entries, i, cpu), map->value_size);
	size += map->value_size;
	if (to)
		show_row(table, row, size, to);
	else
		show_measure(table, row, size);
}

/* Every entry, without what is zero of arrays and of CPUs; a hash's entry that is zero on all CPUs
 * is one row. */
static void walk_rows(const struct entries *entries, struct show_table *table, uint8_t *row,
		      FILE *to)
{
	for (size_t i = 0; i < entries->n; i++) {
		bool all_zero = entry_is_zero(entries, i);

		if (all_zero && !entries->is_array)
			put_entry(entries, i, 0, table, row, to);
		for (uint32_t cpu = 0; !all_zero && cpu < entries->n_values; cpu++)
			if (!is_zero(value_at(entries, i, cpu), entries->map->value_size))
				put_entry(entries, i, cpu, table, row, to);
	}
}

static int put_rows(const struct entries *entries, FILE *to, struct hewn_err *err)
{
	const struct show_map *map = entries->map;
	struct show_entry entry = {map->key_type, map->key_size, map->value_type, map->value_size,
				   entries->per_cpu};
	struct show_table table;
	uint8_t *row;
	int ret;

	ret = show_table_open_entry(&table, map->btf, &entry, err);
	if (ret)
		return ret;
	row = malloc((size_t)map->key_size + sizeof(uint32_t) + map->value_size);
	if (row) {
		walk_rows(entries, &table, row, NULL);
		walk_rows(entries, &table, row, to);
	} else {
		ret = err_nomem(err);
	}
	free(row);
	show_table_close(&table);
	return ret;
}

/* ── Histograms ── */

/* The size of a count, where the value is an array of them; 0: it is none. */
static uint32_t hist_array(const struct entries *entries, uint32_t *n)
{
	const struct btf *btf = entries->map->btf;
	const struct btf_array *array;
	const struct btf_head *type;
	int64_t each;

	if (!entries->has_value_type ||
	    !value_is_called(btf, entries->map->value_type, "hewn_hist"))
		return 0;
	type = btf_type(btf, btf_skip(btf, entries->map->value_type));
	if (btf_kind(type) != BTF_ARRAY)
		return 0;
	array = btf_body(type);
	each = btf_size(btf, array->type);
	*n = array->n;
	return (each == 4 || each == 8) && array->n <= HIST_SLOTS ? (uint32_t)each : 0;
}

/* The value is the count of the slot that is the key. */
static bool hist_by_key(const struct entries *entries)
{
	const struct show_map *map = entries->map;

	return entries->has_value_type && (map->value_size == 4 || map->value_size == 8) &&
	       map->key_size == 4 &&
	       (value_is_called(map->btf, map->value_type, "hewn_hist") ||
		value_is_called(map->btf, map->value_type, "hewn_hist_slot")) &&
	       btf_kind(btf_type(map->btf, btf_skip(map->btf, map->value_type))) == BTF_INT;
}

static void put_histograms(const struct entries *entries, uint32_t each, uint32_t n, FILE *to)
{
	const struct show_map *map = entries->map;

	for (size_t i = 0; i < entries->n; i++) {
		uint64_t slots[HIST_SLOTS] = {0};
		struct text text = {0};
		struct show show = {map->btf, &text, false, false, SHOW_BUDGET};

		if (entries->is_array && entry_is_zero(entries, i))
			continue;
		for (uint32_t cpu = 0; cpu < entries->n_values; cpu++)
			for (uint32_t slot = 0; slot < n; slot++)
				slots[slot] += value_load(value_at(entries, i, cpu) + slot * each,
							  each, false);
		text_puts(&text, "key ");
		put_typed(&show, entries->has_key_type, map->key_type, entry_at(entries, i),
			  map->key_size);
		text_puts(&text, "\n");
		hist_put(&text, slots);
		write_out(&text, to);
	}
}

static void put_histogram(const struct entries *entries, FILE *to)
{
	uint64_t slots[HIST_SLOTS] = {0};
	struct text text = {0};

	for (size_t i = 0; i < entries->n; i++) {
		uint64_t slot = value_load(entry_at(entries, i), 4, false);

		for (uint32_t cpu = 0; slot < HIST_SLOTS && cpu < entries->n_values; cpu++)
			slots[slot] += value_load(value_at(entries, i, cpu),
						  entries->map->value_size, false);
	}
	hist_put(&text, slots);
	write_out(&text, to);
}

/* ── The whole ── */

static int put_text(const struct entries *entries, FILE *to, struct hewn_err *err)
{
	const struct show_map *map = entries->map;
	uint32_t n = 0, each = hist_array(entries, &n);
	struct text heading = {0};
	size_t not_zero = 0;

	if (entries->n && entries->has_value_type &&
	    btf_kind(btf_type(map->btf, map->value_type)) == BTF_DATASEC) {
		put_variables(map, value_at(entries, 0, 0), to);
		return 0;
	}
	for (size_t i = 0; i < entries->n; i++)
		not_zero += !entry_is_zero(entries, i);
	put_heading(&heading, map->name);
	if (entries->is_array)
		text_fmt(&heading, "(%zu of %zu entries are not zero)\n", not_zero, entries->n);
	else
		text_fmt(&heading, "(%zu %s)\n", entries->n, entries->n == 1 ? "entry" : "entries");
	write_out(&heading, to);
	if (each)
		put_histograms(entries, each, n, to);
	else if (hist_by_key(entries))
		put_histogram(entries, to);
	else
		return put_rows(entries, to, err);
	return 0;
}

int show_map_fd(const struct show_map *map, int fd, FILE *to, bool json, struct hewn_err *err)
{
	struct entries entries;
	int ret = entries_open(&entries, map, fd, err);

	for (size_t i = 0; !ret && json && i < entries.n; i++)
		put_json(&entries, i, to);
	if (!ret && !json)
		ret = put_text(&entries, to, err);
	if (!ret)
		ret = entries.n > INT32_MAX ? INT32_MAX : (int)entries.n;
	entries_close(&entries);
	return ret;
}

int show_map(const struct hewn_object *object, uint32_t i, int fd, FILE *to, bool json)
{
	const struct obj_map *map = &object->maps[i];
	struct show_map show = {.name = map->name,
				.type = map->type,
				.key_size = map->key_size,
				.value_size = map->value_size,
				.max_entries = map->max_entries};
	struct hewn_target *target;

	if (!show_map_can(map->type))
		return 0;
	if (object->has_btf) {
		show.btf = &object->btf;
		show.key_type = map->key_type;
		show.value_type = map->value_type ? map->value_type : map->datasec;
	}
	if (entries_per_cpu(map->type) && !hewn_target_open(&target, NULL, NULL)) {
		show.n_cpus = target_possible_cpus(target);
		hewn_target_close(target);
	}
	return show_map_fd(&show, fd, to, json, NULL);
}
