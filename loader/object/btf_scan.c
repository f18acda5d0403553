// SPDX-License-Identifier: MIT
/*
 * The pass over all types. Most types are dismissed by their first four bytes; the rest are looked
 * up in a table of hashes. Knows BTF; knows nothing of kernels.
 */
#include "loader/object/btf_scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"

/* ── The names. ── */

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

/* ── The filter. ── */

/* Four bytes, those after the name's end as zeros. They need not be all inside the strings. */
static inline uint32_t first_four(const char *name, bool inside)
{
	uint32_t v = 0;

	if (inside) {
		memcpy(&v, name, sizeof(v));
		if (!((v - 0x01010101u) & ~v & 0x80808080u)) /* none of the four is zero */
			return v;
	}
	v = 0;
	for (uint32_t i = 0; i < sizeof(v) && name[i]; i++)
		((char *)&v)[i] = name[i];
	return v;
}

static inline uint32_t bit_of(uint32_t four)
{
	return four * 2654435761u >> 16;
}

static void look_for_four(struct btf_names *names, const char *four)
{
	uint32_t bit = bit_of(first_four(four, false));

	names->filter[bit / 32] |= 1u << bit % 32;
}

void btf_names_look_for(struct btf_names *names, const char *name)
{
	size_t size = strlen(name);
	char flavoured[8];

	look_for_four(names, name);
	if (size < 4) { /* a flavour begins in the first four bytes */
		memcpy(flavoured, name, size);
		memcpy(flavoured + size, "___", 4);
		look_for_four(names, flavoured);
	}
}

void btf_names_look_for_none(struct btf_names *names)
{
	memset(names->filter, 0, sizeof(names->filter));
}

/* ── The pass. ── */

/* Of each kind, the bytes after the head and those of an element; `each` 0xff: unknown. */
#define UNKNOWN 0xff
static void fill_sizes(const struct btf *btf, struct btf_kind_size sizes[128])
{
	for (uint32_t kind = 0; kind < 128; kind++) {
		const struct btf_layout *layout = btf_layout((enum btf_kind)kind);

		if (kind && kind < BTF_N_KINDS)
			sizes[kind] = (struct btf_kind_size){(uint8_t)(4 * layout->words),
							     (uint8_t)(4 * layout->words_each)};
		else if (kind >= BTF_N_KINDS && kind < btf->n_kinds)
			sizes[kind] = btf->kinds[kind];
		else
			sizes[kind] = (struct btf_kind_size){0, UNKNOWN};
	}
}

static int look_up(const struct btf *btf, const struct btf_names *names, uint32_t name_off,
		   uint32_t id, btf_found_fn *found, void *ctx)
{
	const char *name = btf_str(btf, name_off);
	int64_t i = btf_names_find(names, name, btf_essential_size(name));

	return i >= 0 ? found(ctx, (uint32_t)i, id) : 0;
}

/* Whether the name may be one of those; without looking at more than its first bytes. */
static inline bool may_be(const struct btf *btf, const struct btf_names *names, uint32_t name_off)
{
	uint32_t off = name_off - btf->first_str, bit; /* wraps where it is the base's */

	if (off < btf->strings_size && btf->strings_size - off >= 4)
		bit = bit_of(first_four(btf->strings + off, true));
	else
		bit = bit_of(first_four(btf_str(btf, name_off), false));
	return names->filter[bit / 32] >> bit % 32 & 1;
}

int btf_scan(struct btf *btf, const struct btf_names *names, btf_found_fn *found, void *ctx,
	     struct hewn_err *err)
{
	struct btf_kind_size sizes[128];
	const uint32_t end = btf->types_end;
	uint32_t *index = NULL, off = btf->types_off, id = btf->first_id;
	int ret = 0;

	fill_sizes(btf, sizes);
	if (!btf->types) { /* as many as there can be: no type is smaller than a head */
		index = malloc((((end - off) / sizeof(struct btf_head) >> BTF_SPARSE) + 1) *
			       sizeof(*index));
		if (!index)
			return err_nomem(err);
	}
	for (; off < end; id++) {
		const struct btf_head *type = (const void *)(btf->bytes + off);
		struct btf_kind_size size;
		uint32_t body;

		if (index && !((id - btf->first_id) & ((1u << BTF_SPARSE) - 1)))
			index[(id - btf->first_id) >> BTF_SPARSE] = off;
		if (end - off < sizeof(*type)) {
			ret = btf_bad_type(btf, off, id, err);
			break;
		}
		size = sizes[btf_kind(type)];
		body = size.once + size.each * btf_vlen(type);
		if (size.each == UNKNOWN || end - off - sizeof(*type) < body) {
			ret = btf_bad_type(btf, off, id, err);
			break;
		}
		if (type->name_off && may_be(btf, names, type->name_off)) {
			ret = look_up(btf, names, type->name_off, id, found, ctx);
			if (ret)
				break;
		}
		off += (uint32_t)sizeof(*type) + body;
	}
	if (ret || !index) {
		free(index);
		return ret;
	}
	btf->types = index;
	btf->sparse = BTF_SPARSE;
	btf->n_types = id;
	return 0;
}
