// SPDX-License-Identifier: MIT
/*
 * Writes .BTF and .BTF.ext of a unit.
 *
 * A map is a variable in the DATASEC .maps, of a struct type whose members are pointers to arrays:
 * the field's value is the number of elements. That is libbpf's convention (__uint() of
 * bpf_helpers.h), and the types alone carry it; the section's bytes are zero.
 *
 * Knows the format (Documentation/bpf/btf.rst); knows nothing of ELF.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/btf.h>

#include "insn/btfout.h"

#define KIND_ENUM64 19 /* since 6.0 */

struct writer {
	const struct unit *unit;
	struct bytes types, strings;
	uint32_t n_types;
	uint32_t int_id, u8_id;
	uint32_t *ids; /* of the symbols: a FUNC or a VAR */
	bool too_many; /* members of a type */
};

/* The fields of a map, in the order in which they are written. */
struct field {
	const char *name;
	uint64_t value;
};

#define N_FIELDS 8

static unsigned int fields_of(const struct unit_map *map, struct field fields[N_FIELDS])
{
	const struct field all[N_FIELDS] = {
		{"type", map->type},
		{"key_size", map->key_size},
		{"value_size", map->value_size},
		{"max_entries", map->max_entries},
		{"map_flags", map->map_flags},
		{"numa_node", map->numa_node},
		{"map_extra", map->map_extra},
		{"pinning", map->pinning},
	};
	unsigned int n = 0;

	for (unsigned int i = 0; i < N_FIELDS; i++)
		if (all[i].value || !i)
			fields[n++] = all[i];
	return n;
}

/* Elements of the member `values`, one more than the highest key; *has: whether there is that
 * member. */
static uint32_t n_values(const struct unit *unit, uint32_t map, bool *has)
{
	uint32_t n = 0;

	*has = unit->maps[map].inner != NULL;
	for (uint32_t i = 0; i < unit->n_values; i++)
		if (unit->values[i].map == map) {
			*has = true;
			n = unit->values[i].key >= n ? unit->values[i].key + 1 : n;
		}
	return n;
}

uint32_t btfout_values_at(const struct unit_map *map)
{
	struct field fields[N_FIELDS];

	return 8 * fields_of(map, fields);
}

uint32_t btfout_map_size(const struct unit *unit, uint32_t map)
{
	bool has;

	if (unit->maps[map].is_template)
		return 0;
	return btfout_values_at(&unit->maps[map]) + 8 * n_values(unit, map, &has);
}

static uint32_t string(struct writer *w, const char *s)
{
	return s[0] ? (uint32_t)bytes_string(&w->strings, s) : 0;
}

/* The three words that each type begins with. Returns its id. */
static uint32_t type(struct writer *w, const char *name, uint32_t kind, uint32_t vlen,
		     uint32_t size_or_type)
{
	w->too_many |= vlen > BTF_MAX_VLEN;
	bytes_u32(&w->types, string(w, name));
	bytes_u32(&w->types, kind << 24 | vlen);
	bytes_u32(&w->types, size_or_type);
	return ++w->n_types;
}

static uint32_t int_type(struct writer *w, const char *name, uint32_t size, uint32_t encoding)
{
	uint32_t id = type(w, name, BTF_KIND_INT, 0, size);

	bytes_u32(&w->types, encoding << 24 | size * 8);
	return id;
}

static uint32_t array_type(struct writer *w, uint32_t of, uint32_t n)
{
	uint32_t id = type(w, "", BTF_KIND_ARRAY, 0, 0);

	bytes_u32(&w->types, of);
	bytes_u32(&w->types, w->int_id); /* of the index */
	bytes_u32(&w->types, n);
	return id;
}

/* A number of 32 bits as int (*)[number]; a longer one as an enum with one value (libbpf's
 * __ulong()). */
static uint32_t number_type(struct writer *w, const struct field *field)
{
	uint32_t id;

	if (field->value <= UINT32_MAX)
		return type(w, "", BTF_KIND_PTR, 0,
			    array_type(w, w->int_id, (uint32_t)field->value));
	id = type(w, "", KIND_ENUM64, 1, 8);
	bytes_u32(&w->types, string(w, field->name));
	bytes_u32(&w->types, (uint32_t)field->value);
	bytes_u32(&w->types, (uint32_t)(field->value >> 32));
	return id;
}

static uint32_t var_type(struct writer *w, const char *name, uint32_t of)
{
	uint32_t id = type(w, name, BTF_KIND_VAR, 0, of);

	bytes_u32(&w->types, BTF_VAR_GLOBAL_ALLOCATED);
	return id;
}

/* What `values` points to: the inner map's definition, or a function as programs are. */
static uint32_t value_type(struct writer *w, const struct unit_map *map, const uint32_t *structs)
{
	uint32_t inner = map->inner ? unit_find_map(w->unit, map->inner) : UNIT_NONE, id;

	if (inner != UNIT_NONE)
		return type(w, "", BTF_KIND_PTR, 0, structs[inner]);
	id = type(w, "", BTF_KIND_FUNC_PROTO, 0, w->int_id);
	return type(w, "", BTF_KIND_PTR, 0, id);
}

static void member(struct writer *w, const char *name, uint32_t of, uint32_t byte)
{
	bytes_u32(&w->types, string(w, name));
	bytes_u32(&w->types, of);
	bytes_u32(&w->types, 8 * byte);
}

/* The struct type of a map; structs: of those that came before it. `values` is an array of no size,
 * whose elements only the variable has. */
static uint32_t map_struct(struct writer *w, uint32_t map, const uint32_t *structs)
{
	const struct unit_map *m = &w->unit->maps[map];
	struct field fields[N_FIELDS];
	uint32_t ids[N_FIELDS], n = fields_of(m, fields), values = 0, id;
	bool has;

	n_values(w->unit, map, &has);
	for (uint32_t i = 0; i < n; i++)
		ids[i] = number_type(w, &fields[i]);
	if (has)
		values = array_type(w, value_type(w, m, structs), 0);
	id = type(w, "", BTF_KIND_STRUCT, n + has, 8 * n);
	for (uint32_t i = 0; i < n; i++)
		member(w, fields[i].name, ids[i], 8 * i);
	if (has)
		member(w, "values", values, 8 * n);
	return id;
}

/* A member of a DATASEC. */
static void place(struct writer *w, uint32_t var, uint32_t off, uint32_t size)
{
	bytes_u32(&w->types, var);
	bytes_u32(&w->types, off);
	bytes_u32(&w->types, size);
}

static void put_maps(struct writer *w)
{
	const struct unit *unit = w->unit;
	uint32_t n = 0, size = 0, off = 0;
	uint32_t *ids = calloc(2 * (size_t)unit->n_maps + 1, sizeof(*ids)), *structs;

	if (!ids) {
		w->types.failed = true;
		return;
	}
	structs = ids + unit->n_maps;
	/* Inner maps first, since the others point to them. */
	for (uint32_t i = 0; i < unit->n_maps; i++)
		if (!unit->maps[i].inner)
			structs[i] = map_struct(w, i, structs);
	for (uint32_t i = 0; i < unit->n_maps; i++) {
		if (unit->maps[i].inner)
			structs[i] = map_struct(w, i, structs);
		if (unit->maps[i].is_template)
			continue;
		ids[i] = var_type(w, unit->maps[i].name, structs[i]);
		size += btfout_map_size(unit, i);
		n++;
	}
	if (n)
		type(w, ".maps", BTF_KIND_DATASEC, n, size);
	for (uint32_t i = 0; i < unit->n_maps; i++) {
		if (unit->maps[i].is_template)
			continue;
		place(w, ids[i], off, btfout_map_size(unit, i));
		off += btfout_map_size(unit, i);
	}
	free(ids);
}

/* Whether the symbol is a variable of this section. The name of a whole section is none. */
static bool is_var(const struct writer *w, const struct unit_symbol *symbol, uint32_t section)
{
	return symbol->section == section && symbol->size &&
	       strcmp(symbol->name, w->unit->sections[section].name) != 0;
}

static uint32_t data_type(struct writer *w, uint32_t size)
{
	static const struct {
		uint32_t size;
		const char *name;
	} ints[] = {{2, "unsigned short"}, {4, "unsigned int"}, {8, "unsigned long long"}};

	if (size == 1)
		return w->u8_id;
	for (size_t i = 0; i < sizeof(ints) / sizeof(ints[0]); i++)
		if (size == ints[i].size)
			return int_type(w, ints[i].name, size, 0);
	return array_type(w, w->u8_id, size);
}

static void put_data(struct writer *w, uint32_t section)
{
	const struct unit *unit = w->unit;
	uint32_t n = 0;

	for (uint32_t i = 0; i < unit->n_symbols; i++)
		if (is_var(w, &unit->symbols[i], section)) {
			w->ids[i] = var_type(w, unit->symbols[i].name,
					     data_type(w, unit->symbols[i].size));
			n++;
		}
	if (!n)
		return;
	type(w, unit->sections[section].name, BTF_KIND_DATASEC, n, unit->sections[section].size);
	for (uint32_t i = 0; i < unit->n_symbols; i++)
		if (is_var(w, &unit->symbols[i], section))
			place(w, w->ids[i], unit->symbols[i].off, unit->symbols[i].size);
}

static void put_funcs(struct writer *w)
{
	const struct unit *unit = w->unit;
	uint32_t ctx = 0, u64 = 0, proto;

	for (uint32_t i = 0; i < unit->n_symbols; i++) {
		const struct unit_symbol *s = &unit->symbols[i];
		bool is_main = s->global && strcmp(unit->sections[s->section].name, ".text") != 0;
		uint32_t n = is_main ? 1 : s->n_args;

		if (unit->sections[s->section].kind != UNIT_CODE)
			continue;
		if (is_main && !ctx)
			ctx = type(w, "", BTF_KIND_PTR, 0, 0);
		if (!is_main && n && !u64)
			u64 = int_type(w, "unsigned long", 8, 0);
		proto = type(w, "", BTF_KIND_FUNC_PROTO, n, w->int_id);
		for (uint32_t a = 0; a < n; a++) {
			bytes_u32(&w->types, string(w, is_main ? "ctx" : "arg"));
			bytes_u32(&w->types, is_main ? ctx : u64);
		}
		w->ids[i] = type(w, s->name, BTF_KIND_FUNC,
				 s->global ? BTF_FUNC_GLOBAL : BTF_FUNC_STATIC, proto);
	}
}

static uint32_t field_type(struct writer *w, const struct unit_field *f)
{
	char name[8];
	uint32_t id;

	snprintf(name, sizeof(name), f->is_char ? "char" : "%c%u", f->is_signed ? 's' : 'u',
		 8 * f->size);
	id = int_type(w, name, f->size, f->is_signed ? BTF_INT_SIGNED : 0);
	if (f->count)
		id = array_type(w, id, f->count);
	return f->meaning ? type(w, f->meaning, BTF_KIND_TYPEDEF, 0, id) : id;
}

/* `const struct MAP_record *const hewn_event_MAP`, as HEWN_EVENT() of hewn.bpf.h makes it. */
static uint32_t event_var(struct writer *w, const struct unit_event *event)
{
	const char *map = w->unit->maps[event->map].name;
	uint32_t ids[UNIT_MAX_FIELDS], id;
	char name[128];

	for (uint32_t i = 0; i < event->n_fields; i++)
		ids[i] = field_type(w, &event->fields[i]);
	snprintf(name, sizeof(name), "%.100s_record", map);
	id = type(w, name, BTF_KIND_STRUCT, event->n_fields, event->size);
	for (uint32_t i = 0; i < event->n_fields; i++) {
		bytes_u32(&w->types, string(w, event->fields[i].name));
		bytes_u32(&w->types, ids[i]);
		bytes_u32(&w->types, 8 * event->fields[i].off);
	}
	id = type(w, "", BTF_KIND_PTR, 0, type(w, "", BTF_KIND_CONST, 0, id));
	snprintf(name, sizeof(name), BTFOUT_EVENT_PREFIX "%.100s", map);
	return var_type(w, name, type(w, "", BTF_KIND_CONST, 0, id));
}

static void put_events(struct writer *w)
{
	uint32_t n = w->unit->n_events;
	uint32_t *ids = malloc((n + 1) * sizeof(*ids));

	if (!ids) {
		w->types.failed = true;
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		ids[i] = event_var(w, &w->unit->events[i]);
	if (n)
		type(w, BTFOUT_EVENT_SECTION, BTF_KIND_DATASEC, n, 8 * n);
	for (uint32_t i = 0; i < n; i++)
		place(w, ids[i], 8 * i, 8);
	free(ids);
}

static bool is_func_of(const struct unit *unit, uint32_t symbol, uint32_t section)
{
	return unit->symbols[symbol].section == section &&
	       unit->sections[section].kind == UNIT_CODE;
}

static void put_func_info(struct writer *w, struct bytes *ext, uint32_t section)
{
	const struct unit *unit = w->unit;
	uint32_t n = 0;
	size_t count;

	bytes_u32(ext, string(w, unit->sections[section].name));
	count = bytes_u32(ext, 0);
	for (uint32_t i = 0; i < unit->n_symbols; i++)
		if (is_func_of(unit, i, section)) {
			bytes_u32(ext, 8 * unit->symbols[i].off);
			bytes_u32(ext, w->ids[i]);
			n++;
		}
	bytes_put_u32(ext, count, n);
}

/* The kernel wants a line at the start of each function, if there are lines at all. */
static bool has_all_lines(const struct unit *unit)
{
	uint32_t line = 0;

	for (uint32_t i = 0; i < unit->n_symbols; i++) {
		const struct unit_symbol *s = &unit->symbols[i];
		uint32_t left = unit->n_lines;

		if (unit->sections[s->section].kind != UNIT_CODE)
			continue;
		/* They mostly come in this order: go on where the last one was. */
		while (left && (unit->lines[line].section != s->section ||
				unit->lines[line].insn != s->off)) {
			line = line + 1 == unit->n_lines ? 0 : line + 1;
			left--;
		}
		if (!left)
			return false;
	}
	return unit->n_lines;
}

static void put_line_info(struct writer *w, struct bytes *ext, uint32_t section, uint32_t file)
{
	const struct unit *unit = w->unit;
	uint32_t n = 0;
	size_t count;

	bytes_u32(ext, string(w, unit->sections[section].name));
	count = bytes_u32(ext, 0);
	for (uint32_t i = 0; i < unit->n_lines; i++) {
		const struct unit_line *line = &unit->lines[i];

		if (line->section != section)
			continue;
		bytes_u32(ext, 8 * line->insn);
		bytes_u32(ext, file);
		bytes_u32(ext, string(w, line->text));
		bytes_u32(ext, line->line << 10 | (line->col & 0x3ff));
		n++;
	}
	bytes_put_u32(ext, count, n);
}

static void put_header(struct bytes *b, uint32_t size)
{
	bytes_u16(b, BTF_MAGIC);
	bytes_add(b, "\1", 2); /* version 1, no flags */
	bytes_u32(b, size);
}

#define EXT_HEADER                                                                                 \
	32 /* as clang writes it: with the place of CO-RE records, of which there are none */

static void put_ext(struct writer *w, struct bytes *ext)
{
	const struct unit *unit = w->unit;
	uint32_t file = string(w, unit->source ? unit->source : "(no file)");
	bool lines = has_all_lines(unit);
	size_t func, line;

	put_header(ext, EXT_HEADER);
	bytes_add(ext, NULL, EXT_HEADER - 8);
	func = bytes_u32(ext, 8); /* the size of a record */
	for (uint32_t i = 0; i < unit->n_sections; i++)
		if (unit->sections[i].kind == UNIT_CODE && unit->sections[i].n_insns)
			put_func_info(w, ext, i);
	line = bytes_u32(ext, 16);
	for (uint32_t i = 0; lines && i < unit->n_sections; i++)
		if (unit->sections[i].kind == UNIT_CODE && unit->sections[i].n_insns)
			put_line_info(w, ext, i, file);
	bytes_put_u32(ext, 8, 0);
	bytes_put_u32(ext, 12, (uint32_t)(line - func));
	bytes_put_u32(ext, 16, (uint32_t)(line - func));
	bytes_put_u32(ext, 20, (uint32_t)(ext->size - line));
}

static void put_btf(struct writer *w, struct bytes *btf)
{
	put_header(btf, 24);
	bytes_u32(btf, 0);
	bytes_u32(btf, (uint32_t)w->types.size);
	bytes_u32(btf, (uint32_t)w->types.size);
	bytes_u32(btf, (uint32_t)w->strings.size);
	bytes_add(btf, w->types.data, w->types.size);
	bytes_add(btf, w->strings.data, w->strings.size);
}

int btfout_write(const struct unit *unit, struct bytes *btf, struct bytes *ext)
{
	struct writer w = {.unit = unit};
	bool funcs = false, failed;

	w.ids = calloc(unit->n_symbols + 1, sizeof(*w.ids));
	if (!w.ids)
		return -ENOMEM;
	w.types.big_endian = btf->big_endian = ext->big_endian = unit->big_endian;
	bytes_string(&w.strings, "");
	w.int_id = int_type(&w, "int", 4, BTF_INT_SIGNED);
	w.u8_id = int_type(&w, "unsigned char", 1, 0);
	put_maps(&w);
	for (uint32_t i = 0; i < unit->n_sections; i++) {
		if (unit->sections[i].kind != UNIT_CODE)
			put_data(&w, i);
		else
			funcs |= unit->sections[i].n_insns != 0;
	}
	put_events(&w);
	put_funcs(&w);
	if (funcs)
		put_ext(&w, ext);
	put_btf(&w, btf);
	failed = w.types.failed || w.strings.failed || btf->failed || ext->failed;
	bytes_close(&w.types);
	bytes_close(&w.strings);
	free(w.ids);
	return failed ? -ENOMEM : w.too_many ? -E2BIG : 0;
}
