// SPDX-License-Identifier: MIT
/* The names that a pass looks for, in a table of hashes. Knows nothing of types. */
#include "loader/object/btf_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/mem.h"

/* FNV-1a. */
static uint32_t hash(const char *name, uint32_t size)
{
	uint32_t h = 2166136261u;

	for (uint32_t i = 0; i < size; i++)
		h = (h ^ (uint8_t)name[i]) * 16777619u;
	return h;
}

/* The slot of the name, or the free one where it would be. */
static uint32_t slot_of(const struct btf_names *names, const char *name, uint32_t size)
{
	uint32_t mask = names->n_slots - 1, slot = hash(name, size) & mask;

	for (; names->slots[slot]; slot = (slot + 1) & mask) {
		const char *there = names->names[names->slots[slot] - 1];

		if (!strncmp(there, name, size) && !there[size])
			break;
	}
	return slot;
}

int64_t btf_names_find(const struct btf_names *names, const char *name, uint32_t size)
{
	uint32_t slot = names->n_slots ? slot_of(names, name, size) : 0;

	return names->n_slots && names->slots[slot] ? (int64_t)names->slots[slot] - 1 : -ENOENT;
}

static bool grow(struct btf_names *names)
{
	uint32_t n_slots = names->n_slots ? 2 * names->n_slots : 64;
	uint32_t *slots = calloc(n_slots, sizeof(*slots));

	if (!slots)
		return false;
	free(names->slots);
	names->slots = slots;
	names->n_slots = n_slots;
	for (uint32_t i = 0; i < names->n; i++)
		slots[slot_of(names, names->names[i], (uint32_t)strlen(names->names[i]))] = i + 1;
	return true;
}

int64_t btf_names_add(struct btf_names *names, const char *name)
{
	int64_t there = btf_names_find(names, name, (uint32_t)strlen(name));
	const char **at;

	if (there >= 0)
		return there;
	if (names->n >= names->n_slots / 2 && !grow(names))
		return -ENOMEM;
	at = mem_append(&names->names, &names->n, sizeof(*at));
	if (!at)
		return -ENOMEM;
	*at = name;
	names->slots[slot_of(names, name, (uint32_t)strlen(name))] = names->n;
	return names->n - 1;
}

void btf_names_close(struct btf_names *names)
{
	free(names->names);
	free(names->slots);
	memset(names, 0, sizeof(*names));
}
