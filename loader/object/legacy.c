// SPDX-License-Identifier: MIT
/*
 * Maps defined by bytes: section `maps`, a struct of numbers a map, as before BTF. There were
 * several such structs, and their size tells which it is. Knows their layouts; knows nothing of
 * BTF.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

/*
 * By 32-bit word:
 *
 *	         0     1         2           3            4      5          6          7         8
 *	all      type, key_size, value_size, max_entries, flags
 *	samples                                                  inner_idx, numa_node (28 bytes)
 *	iproute2                                                 id,        pinning,   inner_id,  inner_idx (36 bytes)
 *
 * An older one ends before the flags. The kernel's samples count inner_idx from 0 and use it in
 * maps of maps only.
 */
#define N_PLAIN	   5
#define SAMPLES	   28
#define IPROUTE2   36
#define LEAST	   16
#define MOST_WORDS 64

struct legacy {
	const char *name;
	uint64_t off;
	uint32_t words[MOST_WORDS];
	uint32_t map;
};

static int by_off(const void *a, const void *b)
{
	const struct legacy *x = a, *y = b;

	return (x->off > y->off) - (x->off < y->off);
}

static bool is_outer(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

/* The symbols of the section, one a map, sorted by place. */
static int collect(struct reader *r, uint32_t section, struct legacy **legacies, uint32_t *n)
{
	for (uint32_t i = 1; i < r->n_symbols; i++) {
		const struct elf_symbol *symbol = &r->symbols[i];
		struct legacy *legacy;

		if (symbol->section != section || symbol->type == STT_SECTION || !symbol->name[0])
			continue;
		if (symbol->bind == STB_LOCAL) {
			err_symbol(r->err, symbol->name);
			err_hint(r->err, "a `static` map? make it global");
			return err_set(r->err, -EINVAL,
				       "the map is static, so nothing can refer to it by name");
		}
		legacy = mem_append(legacies, n, sizeof(*legacy));
		if (!legacy)
			return reader_nomem(r);
		legacy->name = symbol->name;
		legacy->off = symbol->value;
	}
	if (*n)
		qsort(*legacies, *n, sizeof(**legacies), by_off);
	return 0;
}

/* Sets the words of each; all must be of one size, without gaps. */
static int read_words(struct reader *r, const uint8_t *data, size_t size, struct legacy *legacies,
		      uint32_t n, uint32_t *each)
{
	if (!n || size % n || size / n % 4 || size / n < LEAST || size / n > 4 * MOST_WORDS)
		return err_set(r->err, -EINVAL,
			       "%zu bytes for %u maps: want %d to %d each, the same for all", size,
			       n, LEAST, 4 * MOST_WORDS);
	*each = (uint32_t)(size / n);
	for (uint32_t i = 0; i < n; i++) {
		if (legacies[i].off != (uint64_t)i * *each) {
			err_symbol(r->err, legacies[i].name);
			return err_set(r->err, -EINVAL,
				       "map at byte %llu, want %u: all have the same size",
				       (unsigned long long)legacies[i].off, i * *each);
		}
		for (uint32_t word = 0; word < *each / 4; word++)
			legacies[i].words[word] =
				elf_u32(&r->elf, data + (size_t)i * *each + 4 * (size_t)word);
	}
	return 0;
}

static int add_legacy(struct reader *r, uint32_t section, struct legacy *legacy, uint32_t each)
{
	uint32_t known = each == IPROUTE2 ? 9 : each == SAMPLES ? 7 : N_PLAIN;
	const uint32_t *w = legacy->words;
	struct map_place *place;
	struct obj_map *map;

	for (uint32_t i = known; i < each / 4; i++)
		if (w[i]) {
			err_symbol(r->err, legacy->name);
			return err_set(r->err, -EOPNOTSUPP,
				       "the map's definition has %u bytes, and byte %u is not "
				       "zero: an unknown field",
				       each, 4 * i);
		}
	legacy->map = r->object->n_maps;
	place = mem_append(&r->places, &r->n_places, sizeof(*place));
	map = mem_append(&r->object->maps, &r->object->n_maps, sizeof(*map));
	if (!place || !map)
		return reader_nomem(r);
	*place = (struct map_place){section, legacy->off, each, 0, legacy->map};
	*map = (struct obj_map){.section = "maps",
				.origin = MAP_LEGACY,
				.type = w[0],
				.key_size = w[1],
				.value_size = w[2],
				.max_entries = w[3],
				.flags = w[4],
				.inner = NONE,
				.pin_by_name = each == IPROUTE2 && w[6]};
	if (each == SAMPLES && map->flags & BPF_F_NUMA_NODE) {
		map->has_numa_node = true;
		map->numa_node = w[6];
	}
	map->name = map->kernel_name = object_string(r->object, legacy->name);
	return map->name ? 0 : reader_nomem(r);
}

/* iproute2: the inner map is the one with this id; and it may ask for a place in the outer one. */
static int tie_by_id(struct reader *r, struct legacy *legacies, uint32_t n, uint32_t outer)
{
	struct obj_map *map = &r->object->maps[legacies[outer].map];

	for (uint32_t i = 0; i < n; i++) {
		const uint32_t *w = legacies[i].words;
		struct obj_map_value *value;

		if (i == outer || !w[5] || w[5] != legacies[outer].words[7])
			continue;
		if (map->inner == NONE)
			map->inner = legacies[i].map;
		if (w[8] >= map->max_entries)
			continue; /* as -1: no place */
		value = mem_append(&map->values, &map->n_values, sizeof(*value));
		if (!value)
			return reader_nomem(r);
		value->key = w[8];
		value->index = legacies[i].map;
	}
	return 0;
}

static int tie(struct reader *r, struct legacy *legacies, uint32_t n, uint32_t each)
{
	int rc = 0;

	for (uint32_t i = 0; !rc && i < n; i++) {
		struct obj_map *map = &r->object->maps[legacies[i].map];

		if (!is_outer(map->type))
			continue;
		if (each == IPROUTE2)
			rc = tie_by_id(r, legacies, n, i);
		else if (each == SAMPLES && legacies[i].words[5] < n && legacies[i].words[5] != i)
			map->inner = legacies[legacies[i].words[5]].map;
		if (!rc && map->inner != NONE && is_outer(r->object->maps[map->inner].type))
			rc = err_set(r->err, -EINVAL,
				     "the inner map is a map of maps: maps nest only once");
		if (!rc && map->inner == NONE)
			rc = err_set(r->err, -EINVAL,
				     "a map of maps that does not say which map is its inner one");
		if (rc)
			err_symbol(r->err, map->name);
	}
	return rc;
}

int legacy_read(struct reader *r)
{
	uint32_t n = 0, each = 0, section = elf_find(&r->elf, "maps");
	struct legacy *legacies = NULL;
	const uint8_t *data;
	size_t size;
	int rc = reader_section(r, "maps", &data, &size);

	if (rc || !data)
		return rc;
	rc = collect(r, section, &legacies, &n);
	if (!rc)
		rc = read_words(r, data, size, legacies, n, &each);
	for (uint32_t i = 0; !rc && i < n; i++)
		rc = add_legacy(r, section, &legacies[i], each);
	if (!rc)
		rc = tie(r, legacies, n, each);
	if (rc)
		err_section(r->err, "maps");
	free(legacies);
	return rc;
}
