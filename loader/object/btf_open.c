// SPDX-License-Identifier: MIT
/*
 * Opening BTF: the blob is copied and checked once, so that nothing later must. Knows the format
 * (Documentation/bpf/btf.rst); knows nothing of ELF, and nothing of what kernels refuse
 * (btf_encode.c).
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/btf.h"

/* ── The checks. ── */

static int bad(const struct btf *btf, uint32_t id, struct hewn_err *err, const char *what,
	       uint64_t found, uint64_t limit)
{
	const struct btf_head *type = btf_type(btf, id);

	return err_set(err, -EINVAL, "BTF type %u, %s '%.64s': %s %llu, want at most %llu", id,
		       btf_kind_name(btf_kind(type)), btf_str(btf, type->name_off), what,
		       (unsigned long long)found, (unsigned long long)limit);
}

/* Ids and names in the body. All kinds of elements begin with name or type, so a table tells them
 * apart. */
static int check_body(const struct btf *btf, uint32_t id, struct hewn_err *err)
{
	const struct btf_head *type = btf_type(btf, id);
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

		if (named && words[0] >= btf->strings_size)
			return bad(btf, id, err, "name of an element at", words[0],
				   btf->strings_size - 1);
		if (typed && words[1] > last)
			return bad(btf, id, err, "type of an element", words[1], last);
		if (!named && words[0] > last)
			return bad(btf, id, err, "variable", words[0], last);
	}
	return 0;
}

/* Bit positions and sizes: what would make later arithmetic on them wrong. */
static int check_numbers(const struct btf *btf, uint32_t id, struct hewn_err *err)
{
	const struct btf_head *type = btf_type(btf, id);
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
static int check_place(const struct btf *btf, uint32_t id, struct hewn_err *err)
{
	const struct btf_head *type = btf_type(btf, id);
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

static int check_types(const struct btf *btf, struct hewn_err *err)
{
	uint8_t *heights = calloc(btf->n_types, 1);
	int ret = heights ? 0 : err_nomem(err);

	for (uint32_t id = 1; !ret && id < btf->n_types; id++) {
		const struct btf_head *type = btf_type(btf, id);

		if (type->name_off >= btf->strings_size)
			ret = bad(btf, id, err, "name at", type->name_off, btf->strings_size - 1);
		else if (btf_layout(btf_kind(type))->has_type && type->size_or_type >= btf->n_types)
			ret = bad(btf, id, err, "type", type->size_or_type, btf->n_types - 1);
		if (!ret)
			ret = check_body(btf, id, err);
		if (!ret)
			ret = check_numbers(btf, id, err);
		if (!ret)
			ret = check_place(btf, id, err);
	}
	for (uint32_t id = 1; !ret && id < btf->n_types; id++) {
		ret = height(btf, heights, id, 0, err);
		ret = ret < 0 ? ret : 0;
	}
	free(heights);
	return ret;
}

/* ── Opening. ── */

static void swap_words(void *at, uint32_t n)
{
	uint32_t *words = at;

	for (uint32_t i = 0; i < n; i++)
		words[i] = __builtin_bswap32(words[i]);
}

/* Finds where each type begins, and turns the words of each around on the way. */
static int index_types(struct btf *btf, uint32_t off, uint32_t end, struct hewn_err *err)
{
	uint32_t room = 64;

	btf->types = malloc(room * sizeof(*btf->types));
	if (!btf->types)
		return err_nomem(err);
	btf->types[0] = 0;
	for (btf->n_types = 1; off < end; btf->n_types++) {
		struct btf_head *type = (struct btf_head *)(void *)(btf->bytes + off);

		if (btf->n_types == room) {
			uint32_t *more = realloc(btf->types, 2 * room * sizeof(*more));

			if (!more)
				return err_nomem(err);
			btf->types = more;
			room *= 2;
		}
		if (end - off < sizeof(*type))
			return err_set(err, -EINVAL, "BTF type %u is cut off: %u bytes, want %zu",
				       btf->n_types, end - off, sizeof(*type));
		if (btf->swapped)
			swap_words(type, sizeof(*type) / 4);
		if (btf_kind(type) == BTF_UNKN || btf_kind(type) >= BTF_N_KINDS)
			return err_set(err, -EINVAL, "BTF type %u has kind %u, known are 1 to %u",
				       btf->n_types, btf_kind(type), BTF_N_KINDS - 1);
		if (end - off - sizeof(*type) < btf_body_size(type))
			return err_set(err, -EINVAL,
				       "BTF type %u, %s, is cut off: %zu bytes, want %zu",
				       btf->n_types, btf_kind_name(btf_kind(type)),
				       (size_t)(end - off), sizeof(*type) + btf_body_size(type));
		if (btf->swapped)
			swap_words(type + 1, btf_body_size(type) / 4);
		btf->types[btf->n_types] = off;
		off += (uint32_t)sizeof(*type) + btf_body_size(type);
	}
	return 0;
}

/* Reads the header into host order, and checks that the two sections lie in the blob, apart from
 * each other. */
static int read_header(struct btf_header *header, bool *swapped, const void *bytes, size_t size,
		       struct hewn_err *err)
{
	uint64_t room;

	if (size < BTF_HEADER_SIZE)
		return err_set(err, -EINVAL, "BTF of %zu bytes, its header alone has %u", size,
			       BTF_HEADER_SIZE);
	if (size > INT32_MAX)
		return err_set(err, -EINVAL, "BTF of %zu bytes, want at most %d", size, INT32_MAX);
	memcpy(header, bytes, sizeof(*header));
	*swapped = header->magic == __builtin_bswap16(BTF_MAGIC);
	if (!*swapped && header->magic != BTF_MAGIC)
		return err_set(err, -EINVAL, "BTF begins with 0x%04x, want 0x%04x", header->magic,
			       BTF_MAGIC);
	if (*swapped)
		swap_words(&header->header_size, 5);
	if (header->version != 1)
		return err_set(err, -EINVAL, "BTF version %u, want 1", header->version);
	if (header->header_size < BTF_HEADER_SIZE || header->header_size > size)
		return err_set(err, -EINVAL, "BTF header of %u bytes in %zu, want at least %u",
			       header->header_size, size, BTF_HEADER_SIZE);
	room = size - header->header_size;
	if ((uint64_t)header->types_off + header->types_size > room)
		return err_set(err, -EINVAL, "BTF types end at %llu of %llu bytes",
			       (unsigned long long)header->types_off + header->types_size,
			       (unsigned long long)room);
	if ((uint64_t)header->strings_off + header->strings_size > room)
		return err_set(err, -EINVAL, "BTF strings end at %llu of %llu bytes",
			       (unsigned long long)header->strings_off + header->strings_size,
			       (unsigned long long)room);
	if (header->types_off % 4 || header->types_size % 4)
		return err_set(err, -EINVAL, "BTF types at %u, %u bytes: want multiples of 4",
			       header->types_off, header->types_size);
	if (header->types_size && header->strings_off < header->types_off + header->types_size &&
	    header->types_off < header->strings_off + header->strings_size)
		return err_set(err, -EINVAL, "BTF types at %u and strings at %u overlap",
			       header->types_off, header->strings_off);
	return 0;
}

/* The copy has the usual header, then types, then strings, whatever the order of the input. */
static int copy_blob(struct btf *btf, const struct btf_header *in, const uint8_t *bytes,
		     struct hewn_err *err)
{
	struct btf_header header = {
		BTF_MAGIC,	 1, 0, BTF_HEADER_SIZE, 0, in->types_size, in->types_size,
		in->strings_size};
	const char *strings = (const char *)bytes + in->header_size + in->strings_off;

	if (!in->strings_size || strings[0] || strings[in->strings_size - 1])
		return err_set(err, -EINVAL,
			       "BTF strings, %u bytes: want a zero byte first and last",
			       in->strings_size);
	btf->size = BTF_HEADER_SIZE + in->types_size + in->strings_size;
	btf->bytes = malloc(btf->size);
	if (!btf->bytes)
		return err_nomem(err);
	memcpy(btf->bytes, &header, sizeof(header));
	memcpy(btf->bytes + BTF_HEADER_SIZE, bytes + in->header_size + in->types_off,
	       in->types_size);
	memcpy(btf->bytes + BTF_HEADER_SIZE + in->types_size, strings, in->strings_size);
	btf->strings = (const char *)btf->bytes + BTF_HEADER_SIZE + in->types_size;
	btf->strings_size = in->strings_size;
	return 0;
}

int btf_open(struct btf *btf, const void *bytes, size_t size, struct hewn_err *err)
{
	struct btf_header header = {0};
	int ret;

	memset(btf, 0, sizeof(*btf));
	btf->ptr_size = 8;
	ret = read_header(&header, &btf->swapped, bytes, size, err);
	if (!ret)
		ret = copy_blob(btf, &header, bytes, err);
	if (!ret)
		ret = index_types(btf, BTF_HEADER_SIZE, BTF_HEADER_SIZE + header.types_size, err);
	if (!ret)
		ret = check_types(btf, err);
	if (ret)
		btf_close(btf);
	return ret;
}

void btf_close(struct btf *btf)
{
	free(btf->bytes);
	free(btf->types);
	memset(btf, 0, sizeof(*btf));
}
