// SPDX-License-Identifier: MIT
/*
 * A unit: sections, functions, maps and data of one program file, and one program taken out of it.
 *
 * Knows nothing of text, ELF or the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/unit.h"

void unit_open(struct unit *unit)
{
	const uint16_t one = 1;

	memset(unit, 0, sizeof(*unit));
	unit->big_endian = *(const uint8_t *)&one == 0;
}

void unit_free_fields(struct unit_field *fields, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		free(fields[i].name);
		free(fields[i].meaning);
	}
	free(fields);
}

struct unit_field *unit_copy_fields(const struct unit_field *fields, uint32_t n)
{
	struct unit_field *copy = calloc(n + 1, sizeof(*copy));
	bool failed = !copy;

	for (uint32_t i = 0; copy && i < n; i++) {
		copy[i] = fields[i];
		copy[i].name = strdup(fields[i].name);
		copy[i].meaning = fields[i].meaning ? strdup(fields[i].meaning) : NULL;
		failed |= !copy[i].name || (fields[i].meaning && !copy[i].meaning);
	}
	if (failed) {
		unit_free_fields(copy, copy ? n : 0);
		return NULL;
	}
	return copy;
}

int unit_copy_map(struct unit_map *to, const struct unit_map *from)
{
	*to = *from;
	to->name = strdup(from->name);
	to->inner = from->inner ? strdup(from->inner) : NULL;
	if (to->name && (to->inner || !from->inner))
		return 0;
	unit_free_map(to);
	return -ENOMEM;
}

void unit_free_map(struct unit_map *map)
{
	free(map->name);
	free(map->inner);
}

void unit_close(struct unit *unit)
{
	for (uint32_t i = 0; i < unit->n_sections; i++) {
		free(unit->sections[i].name);
		free(unit->sections[i].insns);
		free(unit->sections[i].bytes);
	}
	for (uint32_t i = 0; i < unit->n_maps; i++)
		unit_free_map(&unit->maps[i]);
	for (uint32_t i = 0; i < unit->n_symbols; i++)
		free(unit->symbols[i].name);
	for (uint32_t i = 0; i < unit->n_lines; i++)
		free(unit->lines[i].text);
	for (uint32_t i = 0; i < unit->n_events; i++)
		unit_free_fields(unit->events[i].fields, unit->events[i].n_fields);
	free(unit->events);
	for (uint32_t i = 0; i < unit->n_externs; i++)
		free(unit->externs[i]);
	free(unit->externs);
	free(unit->values);
	free(unit->sections);
	free(unit->maps);
	free(unit->symbols);
	free(unit->relocs);
	free(unit->lines);
	free(unit->source);
	free(unit->license);
	unit_open(unit);
}

/*
 * Room for one more member behind n of `size` bytes: the array, moved if need be, or NULL. Arrays
 * grow when n is a power of two, so no capacity has to be kept.
 */
static void *room(void *array, uint32_t n, size_t size)
{
	if (n && (n & (n - 1)))
		return array;
	return realloc(array, (n ? 2 * (size_t)n : 1) * size);
}

int unit_add_map(struct unit *unit, const struct unit_map *map)
{
	struct unit_map *maps = room(unit->maps, unit->n_maps, sizeof(*maps));

	if (!maps)
		return -ENOMEM;
	unit->maps = maps;
	if (unit_copy_map(&maps[unit->n_maps], map))
		return -ENOMEM;
	return (int)unit->n_maps++;
}

int unit_add_section(struct unit *unit, const char *name, enum unit_kind kind)
{
	struct unit_section *sections = room(unit->sections, unit->n_sections, sizeof(*sections));
	char *copy = strdup(name);

	if (sections)
		unit->sections = sections;
	if (!sections || !copy) {
		free(copy);
		return -ENOMEM;
	}
	sections[unit->n_sections] = (struct unit_section){.name = copy, .kind = kind};
	return (int)unit->n_sections++;
}

int unit_add_symbol(struct unit *unit, const struct unit_symbol *symbol)
{
	struct unit_symbol *symbols = room(unit->symbols, unit->n_symbols, sizeof(*symbols));
	char *name = strdup(symbol->name);

	if (symbols)
		unit->symbols = symbols;
	if (!symbols || !name) {
		free(name);
		return -ENOMEM;
	}
	symbols[unit->n_symbols] = *symbol;
	symbols[unit->n_symbols].name = name;
	return (int)unit->n_symbols++;
}

int unit_add_value(struct unit *unit, const struct unit_value *value)
{
	struct unit_value *values = room(unit->values, unit->n_values, sizeof(*values));

	if (!values)
		return -ENOMEM;
	unit->values = values;
	values[unit->n_values] = *value;
	return (int)unit->n_values++;
}

int unit_add_extern(struct unit *unit, const char *name)
{
	char **externs = room(unit->externs, unit->n_externs, sizeof(*externs));

	if (!externs)
		return -ENOMEM;
	unit->externs = externs;
	externs[unit->n_externs] = strdup(name);
	return externs[unit->n_externs] ? (int)unit->n_externs++ : -ENOMEM;
}

int unit_add_reloc(struct unit *unit, const struct unit_reloc *reloc)
{
	struct unit_reloc *relocs = room(unit->relocs, unit->n_relocs, sizeof(*relocs));

	if (!relocs)
		return -ENOMEM;
	unit->relocs = relocs;
	relocs[unit->n_relocs] = *reloc;
	return (int)unit->n_relocs++;
}

int unit_add_line(struct unit *unit, const struct unit_line *line, size_t text_size)
{
	struct unit_line *lines = room(unit->lines, unit->n_lines, sizeof(*lines));
	char *text = strndup(line->text ? line->text : "", text_size);

	if (lines)
		unit->lines = lines;
	if (!lines || !text) {
		free(text);
		return -ENOMEM;
	}
	lines[unit->n_lines] = *line;
	lines[unit->n_lines].text = text;
	return (int)unit->n_lines++;
}

int unit_add_event(struct unit *unit, uint32_t map, const struct unit_field *fields, uint32_t n)
{
	struct unit_event *events = room(unit->events, unit->n_events, sizeof(*events));
	uint32_t off = 0, align = 1;
	struct unit_field *copy = n <= UNIT_MAX_FIELDS ? unit_copy_fields(fields, n) : NULL;

	if (events)
		unit->events = events;
	if (!events || !copy) {
		unit_free_fields(copy, copy ? n : 0);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < n; i++) {
		copy[i].off = (off + copy[i].size - 1) & ~(copy[i].size - 1);
		off = copy[i].off + copy[i].size * (copy[i].count ? copy[i].count : 1);
		align = copy[i].size > align ? copy[i].size : align;
	}
	events[unit->n_events] = (struct unit_event){.map = map,
						     .fields = copy,
						     .n_fields = n,
						     .size = (off + align - 1) & ~(align - 1)};
	return (int)unit->n_events++;
}

int unit_add_code(struct unit *unit, uint32_t section, const struct bpf_insn *insns, uint32_t n)
{
	struct unit_section *s = &unit->sections[section];
	struct bpf_insn *more;

	if (!n)
		return (int)s->n_insns;
	more = realloc(s->insns, ((size_t)s->n_insns + n) * sizeof(*more));
	if (!more)
		return -ENOMEM;
	s->insns = more;
	memcpy(more + s->n_insns, insns, n * sizeof(*insns));
	s->n_insns += n;
	return (int)(s->n_insns - n);
}

int unit_add_bytes(struct unit *unit, uint32_t section, const void *bytes, uint32_t size,
		   uint32_t align)
{
	struct unit_section *s = &unit->sections[section];
	uint32_t at = (s->size + align - 1) & ~(align - 1);
	uint8_t *more;

	if (at < s->size || at + size < at || at + size > INT32_MAX)
		return -ENOMEM;
	if (s->kind != UNIT_BSS && at + size) {
		more = realloc(s->bytes, at + size);
		if (!more)
			return -ENOMEM;
		s->bytes = more;
		memset(more + s->size, 0, at + size - s->size);
		if (bytes && size)
			memcpy(more + at, bytes, size);
	}
	s->size = at + size;
	return (int)at;
}

static int set_string(char **to, const char *value)
{
	char *copy = strdup(value);

	if (!copy)
		return -ENOMEM;
	free(*to);
	*to = copy;
	return 0;
}

int unit_set_license(struct unit *unit, const char *license)
{
	return set_string(&unit->license, license);
}

int unit_set_source(struct unit *unit, const char *source)
{
	return set_string(&unit->source, source);
}

uint32_t unit_find_map(const struct unit *unit, const char *name)
{
	for (uint32_t i = 0; i < unit->n_maps; i++)
		if (!strcmp(unit->maps[i].name, name))
			return i;
	return UNIT_NONE;
}

uint32_t unit_find_section(const struct unit *unit, const char *name)
{
	for (uint32_t i = 0; i < unit->n_sections; i++)
		if (!strcmp(unit->sections[i].name, name))
			return i;
	return UNIT_NONE;
}

uint32_t unit_find_symbol(const struct unit *unit, const char *name)
{
	for (uint32_t i = 0; i < unit->n_symbols; i++)
		if (!strcmp(unit->symbols[i].name, name))
			return i;
	return UNIT_NONE;
}

/* ".data" and ".data.x", not ".database". */
static bool is_or_below(const char *name, const char *stem)
{
	size_t n = strlen(stem);

	return !strncmp(name, stem, n) && (!name[n] || name[n] == '.');
}

enum unit_kind unit_kind_of(const char *section)
{
	if (is_or_below(section, ".data"))
		return UNIT_DATA;
	if (is_or_below(section, ".rodata"))
		return UNIT_RODATA;
	if (is_or_below(section, ".bss"))
		return UNIT_BSS;
	return UNIT_CODE;
}

void unit_encode(uint8_t to[8], struct bpf_insn insn, bool big_endian)
{
	unsigned int dst = insn.dst_reg, src = insn.src_reg;
	uint16_t off = (uint16_t)insn.off;
	uint32_t imm = (uint32_t)insn.imm;

	/* The two register fields share a byte; the first one is in its low half, or in its high
	 * half. */
	to[0] = insn.code;
	to[1] = (uint8_t)(big_endian ? dst << 4 | src : src << 4 | dst);
	for (unsigned int i = 0; i < 2; i++)
		to[2 + i] = (uint8_t)(off >> 8 * (big_endian ? 1 - i : i));
	for (unsigned int i = 0; i < 4; i++)
		to[4 + i] = (uint8_t)(imm >> 8 * (big_endian ? 3 - i : i));
}

struct bpf_insn unit_decode(const uint8_t from[8], bool big_endian)
{
	unsigned int low = from[1] & 0xf, high = from[1] >> 4;
	uint16_t off = 0;
	uint32_t imm = 0;

	for (unsigned int i = 0; i < 2; i++)
		off = (uint16_t)(off | from[2 + i] << 8 * (big_endian ? 1 - i : i));
	for (unsigned int i = 0; i < 4; i++)
		imm |= (uint32_t)from[4 + i] << 8 * (big_endian ? 3 - i : i);
	return bpf_raw_insn(from[0], big_endian ? high : low, big_endian ? low : high, (int16_t)off,
			    (int32_t)imm);
}
