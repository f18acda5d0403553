// SPDX-License-Identifier: MIT
/*
 * Checks BTF once, so that nothing later must: names and ids exist, numbers make sense, and no type
 * holds itself. Knows the format (Documentation/bpf/btf.rst); knows nothing of ELF, and nothing of
 * what kernels refuse (btf_encode.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/btf.h"

static int bad(const struct btf *btf, uint32_t id, struct hewn_err *err, const char *what,
	       uint64_t found, uint64_t limit)
{
	const struct btf_head *type = btf_type(btf, id);

	return err_set(err, -EINVAL, "BTF type %u, %s '%.64s': %s %llu, want at most %llu", id,
		       btf_kind_name(btf_kind(type)), btf_str(btf, type->name_off), what,
		       (unsigned long long)found, (unsigned long long)limit);
}

/* The last offset that is inside the strings, the base's or these. */
static uint32_t last_string(const struct btf *btf)
{
	return btf->first_str + btf->strings_size - 1;
}

/* Ids and names in the body. All kinds of elements begin with name or type, so a table tells them
 * apart. */
static int check_body(const struct btf *btf, uint32_t id, const struct btf_head *type, struct hewn_err *err)
{
	enum btf_kind kind = btf_kind(type);
	const uint32_t *words = btf_body(type);
	uint32_t n = btf_layout(kind)->words_each;
	uint32_t last = btf->n_types - 1;

	if (kind == BTF_ARRAY && words[0] > last)
		return bad(btf, id, err, "element type", words[0], last);
	if (kind == BTF_ARRAY && words[1] > last)
		return bad(btf, id, err, "index type", words[1], last);
	for (uint32_t i = 0; n && i < btf_vlen(type); i++, words += n) {
		bool named = kind != BTF_DATASEC;
		bool typed = kind == BTF_STRUCT || kind == BTF_UNION || kind == BTF_FUNC_PROTO;

		if (named && words[0] > last_string(btf))
			return bad(btf, id, err, "name of an element at", words[0],
				   last_string(btf));
		if (typed && words[1] > last)
			return bad(btf, id, err, "type of an element", words[1], last);
		if (!named && words[0] > last)
			return bad(btf, id, err, "variable", words[0], last);
	}
	return 0;
}

/* Bit positions and sizes: what would make later arithmetic on them wrong. */
static int check_numbers(const struct btf *btf, uint32_t id, const struct btf_head *type, struct hewn_err *err)
{
	const struct btf_member *members = btf_body(type);
	uint64_t bits = 8 * (uint64_t)type->size_or_type;
	uint32_t word;

	switch (btf_kind(type)) {
	case BTF_INT:
		memcpy(&word, members, sizeof(word));
		if (bits > 128)
			return bad(btf, id, err, "size in bits", bits, 128);
		if ((word & 0xff) + (word >> 16 & 0xff) > bits)
			return bad(btf, id, err, "last bit", (word & 0xff) + (word >> 16 & 0xff),
				   bits);
		return 0;
	case BTF_FLOAT:
		return bits > 128 ? bad(btf, id, err, "size in bits", bits, 128) : 0;
	case BTF_ENUM:
	case BTF_ENUM64:
		return bits > 64 ? bad(btf, id, err, "size in bits", bits, 64) : 0;
	case BTF_STRUCT:
	case BTF_UNION:
		for (uint32_t i = 0; i < btf_vlen(type); i++)
			if (btf_member_bit(type, &members[i]) + btf_member_bits(type, &members[i]) >
			    bits)
				return bad(btf, id, err, "a member ends or begins at bit",
					   btf_member_bit(type, &members[i]) +
						   btf_member_bits(type, &members[i]),
					   bits);
		return 0;
	default:
		return 0;
	}
}

/* Kinds that only stand in certain places. */
static int check_place(const struct btf *btf, uint32_t id, const struct btf_head *type, struct hewn_err *err)
{
	const struct btf_secvar *vars = btf_body(type);
	enum btf_kind kind = btf_kind(type), other;

	if (kind == BTF_FUNC) {
		other = btf_kind(btf_type(btf, type->size_or_type));
		if (other != BTF_FUNC_PROTO)
			return err_set(
				err, -EINVAL,
				"BTF type %u, FUNC '%.64s': is of type %u, %s, want FUNC_PROTO", id,
				btf_name(btf, id), type->size_or_type, btf_kind_name(other));
	}
	for (uint32_t i = 0; kind == BTF_DATASEC && i < btf_vlen(type); i++) {
		other = btf_kind(btf_type(btf, vars[i].type));
		if (other != BTF_VAR && other != BTF_FUNC) /* FUNC: clang, in .ksyms */
			return err_set(
				err, -EINVAL,
				"BTF type %u, DATASEC '%.64s': holds type %u, %s, want VAR or FUNC",
				id, btf_name(btf, id), vars[i].type, btf_kind_name(other));
	}
	return 0;
}

/* In heights[]: not seen yet, and: seen, but what it holds is not measured yet. */
#define UNSEEN	 0
#define UNDERWAY 255

static int height(const struct btf *btf, uint8_t *heights, uint32_t id, uint32_t depth,
		  struct hewn_err *err);

static int height_below(const struct btf *btf, uint8_t *heights, uint32_t id, uint32_t depth,
			int *most, struct hewn_err *err)
{
	int below = height(btf, heights, id, depth + 1, err);

	if (below > *most)
		*most = below;
	return below < 0 ? below : 0;
}

/* How many types deep a value of this type nests, itself included. The recursion ends at
 * BTF_MAX_DEPTH. */
static int height(const struct btf *btf, uint8_t *heights, uint32_t id, uint32_t depth,
		  struct hewn_err *err)
{
	const struct btf_head *type = btf_type(btf, id);
	enum btf_kind kind = btf_kind(type);
	const struct btf_array *array;
	const struct btf_member *members;
	int most = 0, ret = 0;

	if (!type)
		return 0;
	if (heights[id] == UNDERWAY)
		return err_set(err, -EINVAL, "BTF type %u, %s '%.64s': holds itself", id,
			       btf_kind_name(kind), btf_name(btf, id));
	if (heights[id] != UNSEEN)
		return heights[id];
	if (depth < BTF_MAX_DEPTH) {
		heights[id] = UNDERWAY;
		array = btf_body(type);
		members = btf_body(type);
		if (btf_layout(kind)->holds)
			ret = height_below(btf, heights, type->size_or_type, depth, &most, err);
		else if (kind == BTF_ARRAY)
			ret = height_below(btf, heights, array->type, depth, &most, err);
		else if (kind == BTF_STRUCT || kind == BTF_UNION)
			for (uint32_t i = 0; !ret && i < btf_vlen(type); i++)
				ret = height_below(btf, heights, members[i].type, depth, &most,
						   err);
		if (ret)
			return ret;
	}
	if (depth >= BTF_MAX_DEPTH || most >= BTF_MAX_DEPTH)
		return err_set(err, -EINVAL, "BTF type %u, %s '%.64s': nests deeper than %d types",
			       id, btf_kind_name(kind), btf_name(btf, id), BTF_MAX_DEPTH);
	heights[id] = (uint8_t)(most + 1);
	return heights[id];
}

int btf_check(const struct btf *btf, struct hewn_err *err)
{
	uint8_t *heights = calloc(btf->n_types, 1);
	int ret = 0;

	if (!heights)
		return err_nomem(err);
	for (uint32_t id = btf->first_id; !ret && id < btf->n_types; id++) {
		const struct btf_head *type = btf_type(btf, id);
		const enum btf_kind kind = btf_kind(type);
		const struct btf_layout *layout = btf_layout(kind);

		if (type->name_off > last_string(btf))
			ret = bad(btf, id, err, "name at", type->name_off, last_string(btf));
		else if (layout->has_type && type->size_or_type >= btf->n_types)
			ret = bad(btf, id, err, "type", type->size_or_type, btf->n_types - 1);
		if (!ret && (layout->words_each || kind == BTF_ARRAY))
			ret = check_body(btf, id, type, err);
		if (!ret && !layout->has_type)
			ret = check_numbers(btf, id, type, err);
		if (!ret && (kind == BTF_FUNC || kind == BTF_DATASEC))
			ret = check_place(btf, id, type, err);
	}
	for (uint32_t id = btf->first_id; ret >= 0 && id < btf->n_types; id++)
		if (heights[id] == UNSEEN)
			ret = height(btf, heights, id, 0, err);
	ret = ret < 0 ? ret : 0;
	free(heights);
	return ret;
}
