// SPDX-License-Identifier: MIT
/* Inside show/: the entries of a map, gathered and sorted. Knows nothing of how they look. */
#ifndef LOADER_SHOW_ENTRIES_H
#define LOADER_SHOW_ENTRIES_H

#include "loader/show/map.h"

/* Entries one after the other, each the key and then the value of each CPU, both rounded up to 8
 * bytes. */
struct entries {
	const struct show_map *map;
	bool per_cpu, is_array;
	bool has_key_type, has_value_type;
	uint32_t key_room, value_room, n_values; /* bytes, bytes, and how many of them */
	size_t stride;
	uint8_t *bytes; /* owned */
	size_t n, room; /* entries */
};

/* Reads them all; the caller gives them back, after a failure too. */
int entries_open(struct entries *entries, const struct show_map *map, int fd, struct hewn_err *err);
void entries_close(struct entries *entries);

bool entries_per_cpu(uint32_t map_type);

static inline uint8_t *entry_at(const struct entries *entries, size_t i)
{
	return entries->bytes + i * entries->stride;
}

static inline const uint8_t *value_at(const struct entries *entries, size_t i, uint32_t cpu)
{
	return entry_at(entries, i) + entries->key_room + (size_t)cpu * entries->value_room;
}

#endif
