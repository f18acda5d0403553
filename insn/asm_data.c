// SPDX-License-Identifier: MIT
/*
 * Directives for maps and data.
 *
 * Knows their fields; knows nothing of what the kernel makes of them.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm_int.h"
#include "insn/maptype.h"

static int map_type(struct asm_state *a, uint32_t *type)
{
	const char *start = (asm_at_end(a), a->p);
	struct word word = {NULL, 0};
	uint64_t number = 0;
	int err, known;

	if (start < a->end && *start >= '0' && *start <= '9') {
		err = asm_number(a, 0, UINT32_MAX, &number);
		*type = (uint32_t)number;
		return err;
	}
	err = asm_word(a, &word, "a map type");
	if (err)
		return err;
	known = maptype_number(word.text, word.size);
	if (known < 0)
		return asm_fail(
			a, start,
			"no map type \"%.*s\", want hash, array, perf_event_array, ringbuf, …",
			(int)(word.size > 40 ? 40 : word.size), word.text);
	*type = (uint32_t)known;
	return 0;
}

/* A number, or names with | between. */
static int map_flags(struct asm_state *a, uint32_t *flags)
{
	const char *start = (asm_at_end(a), a->p);
	struct word word = {NULL, 0};
	uint64_t number = 0;
	int err;

	if (start < a->end && *start >= '0' && *start <= '9') {
		err = asm_number(a, 0, UINT32_MAX, &number);
		*flags = (uint32_t)number;
		return err;
	}
	err = asm_word(a, &word, "map flags");
	for (const char *p = word.text; !err && p < word.text + word.size;) {
		const char *bar = memchr(p, '|', (size_t)(word.text + word.size - p));
		size_t size = (size_t)((bar ? bar : word.text + word.size) - p);
		uint32_t flag = maptype_flag(p, size);

		if (!flag)
			return asm_fail(
				a, p, "no map flag \"%.*s\", want BPF_F_… as the kernel names them",
				(int)(size > 40 ? 40 : size), p);
		*flags |= flag;
		p += size + 1;
	}
	return err;
}

static int map_pinning(struct asm_state *a, uint32_t *pinning)
{
	const char *start = (asm_at_end(a), a->p);
	struct word word = {NULL, 0};
	int err = asm_word(a, &word, "none or by_name");

	if (err)
		return err;
	if (asm_is(&word, "none") || asm_is(&word, "0"))
		*pinning = 0;
	else if (asm_is(&word, "by_name") || asm_is(&word, "1"))
		*pinning = 1;
	else
		return asm_fail(a, start, "pinning \"%.*s\", want none or by_name",
				(int)(word.size > 40 ? 40 : word.size), word.text);
	return 0;
}

static int map_field(struct asm_state *a, const struct word *field, struct unit_map *map)
{
	const struct {
		const char *name;
		uint32_t *to;
	} fields[] = {{"key_size", &map->key_size},
		      {"value_size", &map->value_size},
		      {"max_entries", &map->max_entries},
		      {"numa_node", &map->numa_node}};
	uint64_t number = 0;
	int err;

	if (asm_is(field, "type"))
		return map_type(a, &map->type);
	if (asm_is(field, "map_flags"))
		return map_flags(a, &map->map_flags);
	if (asm_is(field, "pinning"))
		return map_pinning(a, &map->pinning);
	if (asm_is(field, "map_extra"))
		return asm_number(a, 0, UINT64_MAX, &map->map_extra);
	if (asm_is(field, "inner"))
		return map->inner ? asm_fail(a, field->text, "inner= twice")
				  : asm_name(a, &map->inner, "a map");
	if (asm_is(field, "template")) {
		err = asm_number(a, 0, 1, &number);
		map->is_template = number != 0;
		return err;
	}
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (asm_is(field, fields[i].name)) {
			err = asm_number(a, 0, UINT32_MAX, &number);
			if (!err)
				*fields[i].to = (uint32_t)number;
			return err;
		}
	return asm_fail(a, field->text,
			"no field \"%.*s\", want type, key_size, value_size, max_entries, "
			"map_flags, numa_node, "
			"map_extra, pinning, inner or template",
			(int)(field->size > 40 ? 40 : field->size), field->text);
}

/* .map NAME type=hash key_size=4 … */
int asm_map(struct asm_state *a)
{
	const char *start = (asm_at_end(a), a->p);
	struct unit_map map = {0};
	struct word field = {NULL, 0};
	int err = asm_name(a, &map.name, "the map's name");

	while (!err && !asm_at_end(a)) {
		asm_skip(a, ',');
		err = asm_word(a, &field, "field=value");
		if (!err && !asm_skip(a, '='))
			err = asm_fail(a, a->p, "want = and the value of %.*s",
				       (int)(field.size > 40 ? 40 : field.size), field.text);
		if (!err)
			err = map_field(a, &field, &map);
	}
	if (!err && !map.type)
		err = asm_fail(a, start, "map %.40s has no type, want type=hash or another",
			       map.name);
	if (!err)
		build_map(a->b, &map);
	unit_free_map(&map);
	return err;
}

/* .value MAP KEY NAME */
int asm_value(struct asm_state *a)
{
	char *map = NULL, *target = NULL;
	uint64_t key = 0;
	int err = asm_name(a, &map, "a map");

	if (!err)
		err = asm_number(a, 0, UINT32_MAX, &key);
	if (!err)
		err = asm_name(a, &target, "a map or a program");
	if (!err)
		build_value(a->b, map, (uint32_t)key, target);
	free(map);
	free(target);
	return err;
}

/* u32, s64, char[16], and behind another colon a typedef: flags:u32:hewn_open_flags. */
static int event_field(struct asm_state *a, const struct word *word, struct unit_field *f)
{
	char type[8], count[8], meaning[64];
	const char *colon = memchr(word->text, ':', word->size), *at;
	size_t left;
	int n = 0, m = 0;
	char text[160];

	if (!colon || colon == word->text || word->size >= sizeof(text))
		return asm_fail(a, word->text, "\"%.*s\", want NAME:TYPE",
				(int)(word->size > 40 ? 40 : word->size), word->text);
	at = colon + 1;
	left = (size_t)(word->text + word->size - at);
	snprintf(text, sizeof(text), "%.*s", (int)left, at);
	*f = (struct unit_field){.name = strndup(word->text, (size_t)(colon - word->text))};
	if (!f->name)
		return -ENOMEM;
	if (sscanf(text, "%7[a-z0-9]%n", type, &n) == 1 && text[n] == '[') {
		m = 0;
		if (sscanf(text + n, "[%5[0-9]]%n", count, &m) == 1 && m)
			f->count = (uint32_t)strtoul(count, NULL, 10);
		n += m ? m : 1;
	}
	m = 0;
	if (n && text[n] == ':' && sscanf(text + n, ":%63[a-zA-Z0-9_]%n", meaning, &m) == 1) {
		f->meaning = strdup(meaning);
		if (!f->meaning)
			return -ENOMEM;
	}
	f->is_char = n && !strcmp(type, "char");
	f->is_signed = n && (type[0] == 's' || f->is_char);
	for (unsigned int size = 1; n && size <= 8; size *= 2) {
		char name[8];

		snprintf(name, sizeof(name), "%c%u", f->is_signed ? 's' : 'u', 8 * size);
		f->size = f->is_char ? 1 : !strcmp(type, name) ? size : f->size;
	}
	if (!n || !f->size || text[n + m] || (memchr(at, '[', left) && !f->count))
		return asm_fail(a, at,
				"type \"%s\", want u8 to u64, s8 to s64 or char, perhaps [N], "
				"perhaps :TYPEDEF",
				text);
	return 0;
}

/* .event MAP pid:u32 comm:char[16] … */
int asm_event(struct asm_state *a)
{
	struct unit_field *fields = calloc(UNIT_MAX_FIELDS, sizeof(*fields));
	char *map = NULL;
	struct word word = {NULL, 0};
	uint32_t n = 0;
	int err = fields ? asm_name(a, &map, "a map") : -ENOMEM;

	while (!err && !asm_at_end(a)) {
		err = asm_word(a, &word, "NAME:TYPE");
		if (!err && n == UNIT_MAX_FIELDS)
			err = asm_fail(a, word.text, "more than 64 fields");
		if (!err)
			err = event_field(a, &word, &fields[n++]);
	}
	if (!err)
		build_event(a->b, map, fields, n);
	unit_free_fields(fields, fields ? n : 0);
	free(map);
	return err;
}

/* Numbers of `size` bytes, with commas or blanks between. */
static int numbers(struct asm_state *a, unsigned int size)
{
	uint64_t max = size == 8 ? UINT64_MAX : ((uint64_t)1 << 8 * size) - 1, number = 0;
	int64_t min = size == 8 ? INT64_MIN : -((int64_t)1 << (8 * size - 1));
	uint8_t bytes[8];
	int err;

	do {
		err = asm_number(a, min, max, &number);
		for (unsigned int i = 0; i < size; i++)
			bytes[i] = (uint8_t)(number >> 8 * (a->big_endian ? size - 1 - i : i));
		if (!err)
			build_bytes(a->b, bytes, size);
		asm_skip(a, ',');
	} while (!err && !asm_at_end(a));
	return err;
}

static int strings(struct asm_state *a, bool with_end)
{
	uint8_t *bytes;
	size_t size;
	int err;

	do {
		err = asm_string(a, &bytes, &size);
		if (err)
			return err;
		build_bytes(a->b, bytes, (uint32_t)(size + with_end));
		free(bytes);
		asm_skip(a, ',');
	} while (!asm_at_end(a));
	return 0;
}

static int zeros(struct asm_state *a)
{
	uint64_t n = 0;
	int err = asm_number(a, 0, 1 << 30, &n);

	if (!err)
		build_bytes(a->b, NULL, (uint32_t)n);
	return err;
}

static int align(struct asm_state *a)
{
	const char *start = (asm_at_end(a), a->p);
	uint64_t n = 0;
	int err = asm_number(a, 1, 4096, &n);

	if (!err && n & (n - 1))
		return asm_fail(a, start, "alignment %u, want a power of two", (unsigned int)n);
	if (!err)
		a->align = (uint32_t)n;
	return err;
}

enum data { NUMBERS, ASCII, ASCIZ, ZEROS, ALIGN };

/* Our names and those of the GNU assembler. */
static const struct {
	const char *name;
	enum data data;
	unsigned int size;
} table[] = {
	{".u8", NUMBERS, 1},   {".u16", NUMBERS, 2},   {".u32", NUMBERS, 4},  {".u64", NUMBERS, 8},
	{".byte", NUMBERS, 1}, {".short", NUMBERS, 2}, {".long", NUMBERS, 4}, {".quad", NUMBERS, 8},
	{".ascii", ASCII, 0},  {".asciz", ASCIZ, 0},   {".string", ASCIZ, 0}, {".zero", ZEROS, 0},
	{".skip", ZEROS, 0},   {".align", ALIGN, 0},   {".balign", ALIGN, 0},
};

int asm_data(struct asm_state *a, const struct word *directive)
{
	size_t i = 0;

	while (i < sizeof(table) / sizeof(table[0]) && !asm_is(directive, table[i].name))
		i++;
	if (i == sizeof(table) / sizeof(table[0]))
		return 1;
	if (!a->section)
		return asm_fail(a, directive->text,
				"%s among code, want it in .section .data, .rodata or .bss",
				table[i].name);
	if (table[i].data == ALIGN)
		return align(a);
	if (!a->has_var)
		return asm_fail(a, directive->text,
				"data without a name, want a label before them");
	switch (table[i].data) {
	case NUMBERS:
		return numbers(a, table[i].size);
	case ZEROS:
		return zeros(a);
	default:
		return strings(a, table[i].data == ASCIZ);
	}
}
