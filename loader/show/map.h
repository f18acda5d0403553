// SPDX-License-Identifier: MIT
/*
 * What is in a map now, by the BTF types of its key and value: an entry a row, sorted by key. Makes
 * the lookups through hewn.h; knows nothing of where the map came from.
 */
#ifndef LOADER_SHOW_MAP_H
#define LOADER_SHOW_MAP_H

#include "loader/object/object.h"

struct show_map {
	const char *name;
	uint32_t type; /* BPF_MAP_TYPE_… */
	uint32_t key_size, value_size, max_entries;
	const struct btf *btf;	       /* NULL: none */
	uint32_t key_type, value_type; /* 0, or not of these sizes: hexadecimal */
	uint32_t n_cpus;	       /* possible ones: per-CPU maps only */
};

/* Whether a map of this type has entries that can be listed and looked up as bytes. */
bool show_map_can(uint32_t type);

/*
 * Prints the entries as they are while it goes through them; programs may change the map meanwhile,
 * and what is deleted under the hand is left out. Text: a heading with the count, then rows;
 * entries of an array (and those of one CPU) that are all zero are only counted. JSON: a line an
 * entry,
 * {"map":"counts","key":…,"value":…}, per-CPU {"map":…,"key":…,"values":[…]}, data
 * {"map":".bss","value":{…}}. A value of type hewn_hist is drawn as a histogram. Returns the number
 * of entries, or -errno: -EOPNOTSUPP where show_map_can() is false, else of the lookups.
 */
int show_map_fd(const struct show_map *map, int fd, FILE *to, bool json, struct hewn_err *err);

/* The same for a map of an object. What cannot be listed prints nothing. */
int show_map(const struct hewn_object *object, uint32_t i, int fd, FILE *to, bool json);

#endif
