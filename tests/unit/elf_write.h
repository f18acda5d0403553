// SPDX-License-Identifier: MIT
/*
 * Writes small ELF files into memory for tests: 32 or 64 bits, either byte order, as wrong as the test
 * wants them. Knows ELF; knows nothing of eBPF.
 */
#ifndef TESTS_UNIT_ELF_WRITE_H
#define TESTS_UNIT_ELF_WRITE_H

#include <elf.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define EW_SECTIONS 40
#define EW_SYMBOLS  80
#define EW_NAMES    16384

struct ew_section {
	uint32_t name, type, link, info;
	uint64_t flags, size, entsize;
	uint8_t *data;
};

struct ew_symbol {
	uint32_t name;
	uint8_t info, other;
	uint16_t section;
	uint64_t value, size;
};

struct ew {
	unsigned int bits;
	bool big;
	uint16_t type, machine;
	struct ew_section sections[EW_SECTIONS];
	uint32_t n_sections;
	struct ew_symbol symbols[EW_SYMBOLS];
	uint32_t n_symbols;
	char names[EW_NAMES]; /* of sections and of symbols */
	uint32_t n_names;
	uint8_t *bytes;       /* after ew_finish(); freed by ew_free() */
	size_t size, shoff;
};

static inline void ew_open(struct ew *w, unsigned int bits, bool big, uint16_t type, uint16_t machine)
{
	memset(w, 0, sizeof(*w));
	w->bits = bits;
	w->big = big;
	w->type = type;
	w->machine = machine;
	w->n_sections = w->n_symbols = w->n_names = 1;
}

static inline uint32_t ew_name(struct ew *w, const char *name)
{
	uint32_t at = w->n_names;
	size_t n = strlen(name) + 1;

	if (at + n > EW_NAMES)
		abort();
	memcpy(w->names + at, name, n);
	w->n_names += (uint32_t)n;
	return at;
}

static inline void ew_put(const struct ew *w, void *to, unsigned int size, uint64_t value)
{
	for (unsigned int i = 0; i < size; i++)
		((uint8_t *)to)[w->big ? size - 1 - i : i] = (uint8_t)(value >> 8 * i);
}

/* Adds a section with a copy of the data (NULL: zeros); returns its index. */
static inline uint32_t ew_section(struct ew *w, const char *name, uint32_t type, uint64_t flags,
				  const void *data, uint64_t size)
{
	struct ew_section *s = &w->sections[w->n_sections];

	if (w->n_sections + 4 > EW_SECTIONS)
		abort();
	*s = (struct ew_section){ .name = ew_name(w, name), .type = type, .flags = flags, .size = size };
	if (type != SHT_NOBITS) {
		s->data = calloc(1, size + 1);
		if (!s->data)
			abort();
		if (data)
			memcpy(s->data, data, size);
	}
	return w->n_sections++;
}

/* Adds a symbol; locals must come first in a well-formed file, but nobody checks. Returns its index. */
static inline uint32_t ew_symbol(struct ew *w, const char *name, unsigned int bind, unsigned int type,
				 uint32_t section, uint64_t value, uint64_t size)
{
	if (w->n_symbols + 1 > EW_SYMBOLS)
		abort();
	w->symbols[w->n_symbols] = (struct ew_symbol){
		.name = name ? ew_name(w, name) : 0,
		.info = (uint8_t)(bind << 4 | type),
		.section = (uint16_t)section,
		.value = value,
		.size = size,
	};
	return w->n_symbols++;
}

/* Adds one relocation to the SHT_REL section of `target`, which is made when there is none. */
static inline void ew_rel(struct ew *w, uint32_t target, uint64_t offset, uint32_t symbol, uint32_t type)
{
	unsigned int word = w->bits / 8;
	struct ew_section *s = NULL;

	for (uint32_t i = 1; i < w->n_sections; i++)
		if (w->sections[i].type == SHT_REL && w->sections[i].info == target)
			s = &w->sections[i];
	if (!s) {
		s = &w->sections[ew_section(w, ".rel", SHT_REL, 0, NULL, 0)];
		s->info = target;
		s->link = UINT32_MAX; /* ew_finish() puts the table of symbols */
		s->entsize = 2 * word;
	}
	s->data = realloc(s->data, s->size + 2 * word);
	if (!s->data)
		abort();
	ew_put(w, s->data + s->size, word, offset);
	ew_put(w, s->data + s->size + word, word,
	       word == 8 ? (uint64_t)symbol << 32 | type : (uint64_t)symbol << 8 | type);
	s->size += 2 * word;
}

static inline void ew_put_symbols(struct ew *w, uint8_t *to)
{
	unsigned int each = w->bits == 64 ? 24 : 16;

	for (uint32_t i = 0; i < w->n_symbols; i++, to += each) {
		const struct ew_symbol *s = &w->symbols[i];
		bool wide = w->bits == 64;

		ew_put(w, to, 4, s->name);
		ew_put(w, to + (wide ? 8 : 4), wide ? 8 : 4, s->value);
		ew_put(w, to + (wide ? 16 : 8), wide ? 8 : 4, s->size);
		to[wide ? 4 : 12] = s->info;
		to[wide ? 5 : 13] = s->other;
		ew_put(w, to + (wide ? 6 : 14), 2, s->section);
	}
}

static inline void ew_put_header(struct ew *w, uint32_t shstrndx)
{
	uint8_t *h = w->bytes;
	bool wide = w->bits == 64;

	memcpy(h, ELFMAG, SELFMAG);
	h[EI_CLASS] = wide ? ELFCLASS64 : ELFCLASS32;
	h[EI_DATA] = w->big ? ELFDATA2MSB : ELFDATA2LSB;
	h[EI_VERSION] = EV_CURRENT;
	ew_put(w, h + 16, 2, w->type);
	ew_put(w, h + 18, 2, w->machine);
	ew_put(w, h + 20, 4, EV_CURRENT);
	ew_put(w, h + (wide ? 40 : 32), wide ? 8 : 4, w->shoff);
	ew_put(w, h + (wide ? 52 : 40), 2, wide ? 64 : 52);
	ew_put(w, h + (wide ? 54 : 42), 2, wide ? 56 : 32);
	ew_put(w, h + (wide ? 58 : 46), 2, wide ? 64 : 40);
	ew_put(w, h + (wide ? 60 : 48), 2, w->n_sections);
	ew_put(w, h + (wide ? 62 : 50), 2, shstrndx);
}

/* Where the header of a section is in the finished bytes, to spoil it; and its fields' places. */
static inline uint8_t *ew_header(struct ew *w, uint32_t section)
{
	return w->bytes + w->shoff + section * (w->bits == 64 ? 64 : 40);
}

/* Lays the file out: w->bytes, w->size. Adds .symtab, .strtab (which holds all names). */
static inline void ew_finish(struct ew *w)
{
	bool wide = w->bits == 64;
	uint32_t symtab = ew_section(w, ".symtab", SHT_SYMTAB, 0, NULL,
				     w->n_symbols * (wide ? 24u : 16u));
	uint32_t strtab = ew_section(w, ".strtab", SHT_STRTAB, 0, NULL, EW_NAMES);
	size_t at = wide ? 64 : 52;

	w->sections[symtab].link = strtab;
	w->sections[symtab].entsize = wide ? 24 : 16;
	w->sections[symtab].info = 1;
	ew_put_symbols(w, w->sections[symtab].data);
	memcpy(w->sections[strtab].data, w->names, EW_NAMES);
	w->size = at;
	for (uint32_t i = 1; i < w->n_sections; i++)
		w->size += w->sections[i].type == SHT_NOBITS ? 0 : (w->sections[i].size + 7) & ~7ull;
	w->shoff = w->size = (w->size + 7) & ~(size_t)7;
	w->size += w->n_sections * (wide ? 64u : 40u);
	w->bytes = calloc(1, w->size);
	if (!w->bytes)
		abort();
	ew_put_header(w, strtab);
	at = (at + 7) & ~(size_t)7;
	for (uint32_t i = 1; i < w->n_sections; i++) {
		struct ew_section *s = &w->sections[i];
		uint8_t *h = ew_header(w, i);
		unsigned int word = wide ? 8 : 4;

		ew_put(w, h, 4, s->name);
		ew_put(w, h + 4, 4, s->type);
		ew_put(w, h + 8, word, s->flags);
		ew_put(w, h + 8 + 2 * word, word, at);
		ew_put(w, h + 8 + 3 * word, word, s->size);
		ew_put(w, h + 8 + 4 * word, 4, s->link == UINT32_MAX ? symtab : s->link);
		ew_put(w, h + 12 + 4 * word, 4, s->info);
		ew_put(w, h + 16 + 4 * word, word, 8);
		ew_put(w, h + 16 + 5 * word, word, s->entsize);
		if (s->type == SHT_NOBITS)
			continue;
		if (s->size)
			memcpy(w->bytes + at, s->data, s->size);
		at += (size_t)((s->size + 7) & ~7ull);
	}
}

static inline void ew_free(struct ew *w)
{
	for (uint32_t i = 1; i < w->n_sections; i++)
		free(w->sections[i].data);
	free(w->bytes);
	memset(w, 0, sizeof(*w));
}

#endif
