// SPDX-License-Identifier: MIT
/*
 * The pass over all types. Most types are dismissed by the first four bytes of their names; the
 * rest are looked up. Knows BTF; knows nothing of kernels.
 *
 * Where a type begins is known when the one before it has been read, so a walk waits for each.
 * Large BTF is therefore cut in parts, and four of them are walked in turns, so that the processor
 * works on all four at once: more than twice as fast. Parts that lie side by side have much the same
 * types, so the four end at much the same time. Where a part begins is a guess, but the part before
 * ends there or the guess was wrong; then, and for whatever is out of the ordinary, one walk from
 * the beginning does.
 */
#include "loader/object/btf_scan.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"

/* ── The filter. ── */

/* Four bytes of which those after the first zero count as zeros, without a branch: half of all
 * types have no name. */
static inline uint32_t until_zero(uint32_t four)
{
	uint32_t zeros;

#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	four = __builtin_bswap32(four);
#endif
	zeros = (four - 0x01010101u) & ~four & 0x80808080u; /* the lowest one is right */
	return four & (zeros ^ (zeros - 1));
}

/* The first four bytes of a name; there need not be more than the name. */
static uint32_t first_four(const char *name)
{
	uint32_t four = 0;

	for (uint32_t i = 0; i < sizeof(four) && name[i]; i++)
		((char *)&four)[i] = name[i];
	return until_zero(four);
}

static inline uint32_t bit_of(uint32_t four)
{
	return four * 2654435761u >> 16;
}

static void look_for_four(struct btf_names *names, const char *four)
{
	uint32_t bit = bit_of(first_four(four));

	names->filter[bit / 32] |= 1u << bit % 32;
}

void btf_names_look_for(struct btf_names *names, const char *name)
{
	size_t size = strlen(name);
	char flavoured[8];

	look_for_four(names, name);
	if (size < 4) { /* a flavour begins in the first four bytes */
		snprintf(flavoured, sizeof(flavoured), "%s___", name);
		look_for_four(names, flavoured);
	}
}

void btf_names_look_for_none(struct btf_names *names)
{
	memset(names->filter, 0, sizeof(names->filter));
}

/* ── One walk, with every check. ── */

static int look_up(const struct btf *btf, const struct btf_names *names, uint32_t name_off,
		   uint32_t id, btf_found_fn *found, void *ctx)
{
	const char *name = btf_str(btf, name_off);
	int64_t i = btf_names_find(names, name, btf_essential_size(name));

	return i >= 0 ? found(ctx, (uint32_t)i, id) : 0;
}

static bool may_be(const struct btf *btf, const struct btf_names *names, uint32_t name_off)
{
	uint32_t bit = bit_of(first_four(btf_str(btf, name_off)));

	return names->filter[bit / 32] >> bit % 32 & 1;
}

static int walk_all(struct btf *btf, const struct btf_names *names, btf_found_fn *found, void *ctx,
		    uint32_t *index, struct hewn_err *err)
{
	const uint32_t end = btf->types_end;
	uint32_t off = btf->types_off, id = btf->first_id;
	int ret;

	for (; off < end; id++) {
		const struct btf_head *type = (const void *)(btf->bytes + off);
		enum btf_kind kind;

		if (end - off < sizeof(*type))
			return btf_bad_type(btf, off, id, err);
		kind = btf_kind(type);
		if (kind == BTF_UNKN || (kind >= BTF_N_KINDS && (uint32_t)kind >= btf->n_kinds) ||
		    end - off - sizeof(*type) < btf_body_size_in(btf, type))
			return btf_bad_type(btf, off, id, err);
		if (index && !((id - btf->first_id) & ((1u << BTF_SPARSE) - 1)))
			index[(id - btf->first_id) >> BTF_SPARSE] = off;
		if (names && type->name_off && may_be(btf, names, type->name_off)) {
			ret = look_up(btf, names, type->name_off, id, found, ctx);
			if (ret)
				return ret;
		}
		off += (uint32_t)sizeof(*type) + btf_body_size_in(btf, type);
	}
	if (index) {
		btf->n_types = id;
		btf->n_parts = 1;
		btf->parts[0] = (struct btf_part){btf->first_id, 0};
	}
	return 0;
}

/* ── Four parts at once. ── */

struct hit {
	uint32_t part, n, name; /* n: which type of the part */
};

struct walk {
	const struct btf *btf;
	const struct btf_names *names; /* never NULL here */
	/* By the byte that has kind_flag and kind: bytes of a head and what follows once, and of an
	 * element. A kind that is unknown is too large for any part. */
	uint32_t once[256], each[256];
	uint32_t first[BTF_PARTS + 1]; /* offsets where parts begin, and the end of the last */
	uint32_t n[BTF_PARTS];	       /* types of each */
	uint32_t *index[BTF_PARTS];    /* of each; NULL: not wanted */
	struct hit *hits;
	uint32_t n_hits;
	bool failed;
};

static void fill_sizes(struct walk *w)
{
	for (uint32_t i = 0; i < 256; i++) {
		const struct btf_layout *layout = btf_layout((enum btf_kind)(i & 0x7f));
		bool known = (i & 0x7f) && (i & 0x7f) < BTF_N_KINDS;

		w->once[i] =
			known ? 4u * layout->words + (uint32_t)sizeof(struct btf_head) : INT32_MAX;
		w->each[i] = known ? 4u * layout->words_each : 0;
	}
}

/* Whether some types may begin here: their kinds are known, and their names begin where one ends.
 */
static bool may_begin(const struct walk *w, uint32_t off)
{
	const struct btf *btf = w->btf;

	for (int i = 0; i < 8; i++) {
		const struct btf_head *type = (const void *)(btf->bytes + off);
		uint32_t size;

		if (off > btf->types_end - sizeof(*type))
			return off == btf->types_end;
		size = w->once[type->info >> 24] + w->each[type->info >> 24] * btf_vlen(type);
		if (type->name_off >= btf->strings_size || size > btf->types_end - off ||
		    (type->name_off && btf->strings[type->name_off - 1]))
			return false;
		off += size;
	}
	return true;
}

static bool guess_parts(struct walk *w)
{
	const uint32_t size = (w->btf->types_end - w->btf->types_off) / BTF_PARTS & ~3u;

	w->first[0] = w->btf->types_off;
	w->first[BTF_PARTS] = w->btf->types_end;
	for (uint32_t p = 1; p < BTF_PARTS; p++) {
		uint32_t off = w->btf->types_off + p * size, last = off + size / 2;

		while (off < last && !may_begin(w, off))
			off += 4;
		if (off >= last)
			return false;
		w->first[p] = off;
	}
	return true;
}

/* Out of line: it is rarely called. */
static __attribute__((noinline)) void look_closer(struct walk *w, uint32_t name_off, uint32_t part,
						  uint32_t n)
{
	const char *name = btf_str(w->btf, name_off);
	int64_t i = btf_names_find(w->names, name, btf_essential_size(name));
	struct hit *hit =
		i >= 0 && name_off ? mem_append(&w->hits, &w->n_hits, sizeof(*hit)) : NULL;

	if (hit)
		*hit = (struct hit){part, n, (uint32_t)i};
	else if (i >= 0 && name_off)
		w->failed = true;
}

/* What a step needs, in registers. */
struct view {
	const uint8_t *bytes;
	const char *strings;
	uint32_t last_four; /* the last name_off with four bytes behind it; 0: none */
	const uint32_t *filter, *once, *each;
};

static struct view view_of(const struct walk *w)
{
	const uint32_t size = w->btf->strings_size;

	return (struct view){w->btf->bytes,    w->btf->strings, size > 4 ? size - 4 : 0,
			     w->names->filter, w->once,		w->each};
}

/* So far ahead a walk asks for its bytes, which a processor does not by itself past the end of a page. */
#define AHEAD 3072u

/* Takes the type at off, and returns where the next one is. Its head is inside. */
static inline __attribute__((always_inline)) uint32_t step(struct walk *w, const struct view *v,
							   uint32_t off, uint32_t part, uint32_t n)
{
	const struct btf_head *type = (const void *)(v->bytes + off);
	uint32_t kind = type->info >> 24, name_off = type->name_off, four, bit;

	__builtin_prefetch((const void *)((uintptr_t)type + AHEAD)); /* never faults */
	if (name_off <= v->last_four) {
		memcpy(&four, v->strings + name_off, sizeof(four));
		bit = bit_of(until_zero(four));
		if (v->filter[bit / 32] >> bit % 32 & 1)
			look_closer(w, name_off, part, n);
	} else {
		look_closer(w, name_off, part, n);
	}
	return off + v->once[kind] + v->each[kind] * (type->info & 0xffffff);
}

/* The rest of one part. */
static bool finish_part(struct walk *w, uint32_t part, uint32_t off, uint32_t n)
{
	const uint32_t last = w->first[part + 1] - (uint32_t)sizeof(struct btf_head);

	const struct view v = view_of(w);

	for (; off <= last; n++) {
		if (w->index[part] && !(n & ((1u << BTF_SPARSE) - 1)))
			w->index[part][n >> BTF_SPARSE] = off;
		off = step(w, &v, off, part, n);
	}
	w->n[part] = n;
	return off == w->first[part + 1];
}

/* Four parts side by side. False: one does not end where the next begins. */
static bool walk_four(struct walk *w, const uint32_t part)
{
	const uint32_t head = (uint32_t)sizeof(struct btf_head), *first = w->first + part;
	uint32_t a = first[0], b = first[1], c = first[2], d = first[3], n;
	const uint32_t last_a = b - head, last_b = c - head, last_c = d - head, last_d = first[4] - head;
	const struct view v = view_of(w);

	for (n = 0; a <= last_a && b <= last_b && c <= last_c && d <= last_d; n++) {
		if (w->index[part] && !(n & ((1u << BTF_SPARSE) - 1))) {
			w->index[part][n >> BTF_SPARSE] = a;
			w->index[part + 1][n >> BTF_SPARSE] = b;
			w->index[part + 2][n >> BTF_SPARSE] = c;
			w->index[part + 3][n >> BTF_SPARSE] = d;
		}
		a = step(w, &v, a, part, n);
		b = step(w, &v, b, part + 1, n);
		c = step(w, &v, c, part + 2, n);
		d = step(w, &v, d, part + 3, n);
	}
	return finish_part(w, part, a, n) && finish_part(w, part + 1, b, n) && finish_part(w, part + 2, c, n) &&
	       finish_part(w, part + 3, d, n);
}

static bool walk_parts(struct walk *w)
{
	bool fits = true;

	_Static_assert(BTF_PARTS % 4 == 0, "walk_four()");
	for (uint32_t part = 0; fits && part < BTF_PARTS; part += 4)
		fits = walk_four(w, part);
	return fits && !w->failed;
}

/* As many index entries as there can be: no type is smaller than a head. */
static uint32_t most_entries(uint32_t size)
{
	return (size / (uint32_t)sizeof(struct btf_head) >> BTF_SPARSE) + 1;
}

static void keep_index(struct btf *btf, const struct walk *w, uint32_t *index)
{
	uint32_t entry = 0, id = btf->first_id;

	for (uint32_t p = 0; p < BTF_PARTS; p++) {
		uint32_t n = (w->n[p] + (1u << BTF_SPARSE) - 1) >> BTF_SPARSE;

		btf->parts[p] = (struct btf_part){id, entry};
		memmove(index + entry, w->index[p], n * sizeof(*index));
		entry += n;
		id += w->n[p];
	}
	btf->n_parts = BTF_PARTS;
	btf->n_types = id;
}

/* 1: this is not the way for this BTF. Else what btf_scan() returns. */
static int try_parts(struct btf *btf, const struct btf_names *names, btf_found_fn *found, void *ctx,
		     uint32_t *index)
{
	struct walk w = {.btf = btf, .names = names};
	uint32_t entry = 0, id = btf->first_id;
	struct btf_names none;
	int ret = 0;

	if (!names) {
		memset(&none, 0, sizeof(none));
		w.names = &none;
	}
	fill_sizes(&w);
	if (btf->base || btf->n_kinds || btf->types_end - btf->types_off < BTF_LARGE ||
	    !guess_parts(&w))
		return 1;
	for (uint32_t p = 0; index && p < BTF_PARTS; p++) {
		w.index[p] = index + entry;
		entry += most_entries(w.first[p + 1] - w.first[p]);
	}
	if (!walk_parts(&w)) {
		free(w.hits);
		return 1;
	}
	if (index)
		keep_index(btf, &w, index);
	for (uint32_t p = 0; p < BTF_PARTS && !ret; id += w.n[p++])
		for (uint32_t i = 0; i < w.n_hits && !ret; i++)
			if (w.hits[i].part == p)
				ret = found(ctx, w.hits[i].name, id + w.hits[i].n);
	free(w.hits);
	return ret;
}

int btf_scan(struct btf *btf, const struct btf_names *names, btf_found_fn *found, void *ctx,
	     struct hewn_err *err)
{
	uint32_t *index = NULL, n_types = btf->n_types;
	int ret;

	if (!btf->types) {
		index = malloc((most_entries(btf->types_end - btf->types_off) + BTF_PARTS) *
			       sizeof(*index));
		if (!index)
			return err_nomem(err);
	}
	ret = try_parts(btf, names, found, ctx, index);
	if (ret > 0)
		ret = walk_all(btf, names, found, ctx, index, err);
	if (!index)
		return ret;
	if (ret) {
		free(index);
		btf->n_types = n_types;
		return ret;
	}
	btf->types = index;
	btf->sparse = BTF_SPARSE;
	return 0;
}
