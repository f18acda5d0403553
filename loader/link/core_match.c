// SPDX-License-Identifier: MIT
/*
 * Whether one type may stand for another. Knows BTF only. The rules are libbpf's (relo_core.c of
 * 1.7); each walk is bounded, as a kernel's BTF is not checked beforehand.
 */
#include <errno.h>
#include <string.h>

#include "loader/link/core_match.h"

#define MOST_DEEP  32	   /* types behind one another */
#define MOST_LEVEL 32	   /* members and parameters within one another */
#define MOST_STEPS 1000000 /* in all */

#define INT_SIGNED 1u /* of an INT's encoding */

bool core_same_name(const char *a, const char *b)
{
	size_t n = btf_essential_size(a);

	return n == btf_essential_size(b) && !strncmp(a, b, n);
}

/* A pair of types, one of each BTF, while they are compared. */
struct pair {
	const struct btf *a_btf, *b_btf;
	uint32_t a_id, b_id;
	const struct btf_head *a, *b; /* past modifiers; never NULL */
};

static const struct btf_head *head_of(const struct btf *btf, uint32_t id)
{
	static const struct btf_head nothing; /* void: of no kind, without a name */
	const struct btf_head *head = btf_type(btf, id);

	return head ? head : &nothing;
}

static struct pair pair_of(const struct pair *from, uint32_t a_id, uint32_t b_id)
{
	struct pair p = {.a_btf = from->a_btf, .b_btf = from->b_btf};

	p.a_id = btf_skip(p.a_btf, a_id);
	p.b_id = btf_skip(p.b_btf, b_id);
	p.a = head_of(p.a_btf, p.a_id);
	p.b = head_of(p.b_btf, p.b_id);
	return p;
}

static struct pair first_pair(const struct btf *a, uint32_t a_id, const struct btf *b,
			      uint32_t b_id)
{
	struct pair p = {.a_btf = a, .b_btf = b};

	return pair_of(&p, a_id, b_id);
}

static bool same_names(const struct pair *p, uint32_t a_off, uint32_t b_off)
{
	return core_same_name(btf_str(p->a_btf, a_off), btf_str(p->b_btf, b_off));
}

static uint32_t int_word(const struct btf_head *type)
{
	uint32_t word;

	memcpy(&word, btf_body(type), sizeof(word));
	return word;
}

/* Numbers that were bitfields, as the oldest compilers wrote them, are not compared. */
static bool plain_ints(const struct pair *p)
{
	return !(int_word(p->a) >> 16 & 0xff) && !(int_word(p->b) >> 16 & 0xff);
}

static struct pair elements(const struct pair *p)
{
	const struct btf_array *a = btf_body(p->a), *b = btf_body(p->b);

	return pair_of(p, a->type, b->type);
}

/* ── for a field ── */

static bool same_name_or_none(const struct pair *p)
{
	const char *a = btf_str(p->a_btf, p->a->name_off), *b = btf_str(p->b_btf, p->b->name_off);

	return !*a || !*b || core_same_name(a, b);
}

int core_fields_compatible(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id)
{
	struct pair p = first_pair(a, a_id, b, b_id);

	for (int depth = 0; depth < BTF_MAX_DEPTH; depth++) {
		if (core_is_composite(p.a) && core_is_composite(p.b))
			return 1;
		if (!core_same_kind(p.a, p.b))
			return 0;
		switch (btf_kind(p.a)) {
		case BTF_PTR:
		case BTF_FLOAT:
			return 1;
		case BTF_FWD:
		case BTF_ENUM:
		case BTF_ENUM64:
			return same_name_or_none(&p);
		case BTF_INT:
			return plain_ints(&p);
		case BTF_ARRAY:
			p = elements(&p);
			continue;
		default:
			return 0;
		}
	}
	return -EINVAL;
}

/* ── for a type ── */

static int compatible(struct pair p, int level, uint32_t *steps)
{
	const struct btf_param *a, *b;

	for (int depth = 0; depth < MOST_DEEP && (*steps)++ < MOST_STEPS; depth++) {
		if (!core_same_kind(p.a, p.b))
			return 0;
		switch (btf_kind(p.a)) {
		case BTF_UNKN:
		case BTF_STRUCT:
		case BTF_UNION:
		case BTF_ENUM:
		case BTF_ENUM64:
		case BTF_FWD:
			return 1;
		case BTF_INT:
			return plain_ints(&p);
		case BTF_PTR:
			p = pair_of(&p, p.a->size_or_type, p.b->size_or_type);
			continue;
		case BTF_ARRAY:
			p = elements(&p);
			continue;
		case BTF_FUNC_PROTO:
			break;
		default:
			return 0;
		}
		if (btf_vlen(p.a) != btf_vlen(p.b))
			return 0;
		a = btf_body(p.a);
		b = btf_body(p.b);
		for (uint32_t i = 0; i < btf_vlen(p.a); i++) {
			int ret = -EINVAL;

			if (level > 0)
				ret = compatible(pair_of(&p, a[i].type, b[i].type), level - 1,
						 steps);
			if (ret <= 0)
				return ret;
		}
		p = pair_of(&p, p.a->size_or_type, p.b->size_or_type); /* what they return */
	}
	return -EINVAL;
}

int core_types_compatible(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id)
{
	uint32_t steps = 0;

	/* The types themselves must be of one kind too: a typedef is none for what it stands for.
	 */
	if (!core_same_kind(btf_type(a, a_id), btf_type(b, b_id)))
		return 0;
	return compatible(first_pair(a, a_id, b, b_id), MOST_LEVEL, &steps);
}

/* ── in all its parts ── */

static int matches(struct pair p, bool behind_pointer, int level, uint32_t *steps);

static int enums_match(const struct pair *p, uint32_t *steps)
{
	if (!core_is_enum(p->b) || p->a->size_or_type != p->b->size_or_type ||
	    btf_vlen(p->a) > btf_vlen(p->b))
		return 0;
	for (uint32_t i = 0; i < btf_vlen(p->a); i++) {
		uint32_t k = 0;

		while (k < btf_vlen(p->b) &&
		       !same_names(p, core_enumerator_name(p->a, i), core_enumerator_name(p->b, k)))
			k++;
		*steps += k;
		if (*steps > MOST_STEPS)
			return -E2BIG;
		if (k == btf_vlen(p->b))
			return 0;
	}
	return 1;
}

/* Whether b has this member of a. Of several that have its name (none, in the main) any will do. */
static int member_matches(const struct pair *p, const struct btf_member *member, int level,
			  uint32_t *steps)
{
	const struct btf_member *others = btf_body(p->b);
	int ret = 0;

	for (uint32_t i = 0; i < btf_vlen(p->b) && !ret; i++) {
		if (++*steps > MOST_STEPS)
			return -E2BIG;
		if (same_names(p, member->name_off, others[i].name_off))
			ret = matches(pair_of(p, member->type, others[i].type), false, level - 1,
				      steps);
	}
	return ret;
}

static int composites_match(const struct pair *p, bool behind_pointer, int level, uint32_t *steps)
{
	const struct btf_member *members = btf_body(p->a);
	int ret = 1;

	if (behind_pointer && btf_kind(p->b) == BTF_FWD)
		return btf_kind_flag(p->b) == (btf_kind(p->a) == BTF_UNION);
	if (btf_kind(p->a) != btf_kind(p->b))
		return 0;
	if (behind_pointer)
		return 1;
	if (btf_vlen(p->a) > btf_vlen(p->b))
		return 0;
	for (uint32_t i = 0; i < btf_vlen(p->a) && ret > 0; i++)
		ret = member_matches(p, &members[i], level, steps);
	return ret;
}

static int forwards_match(const struct pair *p, bool behind_pointer)
{
	bool is_union = btf_kind_flag(p->a);

	if (btf_kind(p->b) == BTF_FWD)
		return btf_kind_flag(p->b) == is_union;
	return behind_pointer && btf_kind(p->b) == (is_union ? BTF_UNION : BTF_STRUCT);
}

static int params_match(const struct pair *p, bool behind_pointer, int level, uint32_t *steps)
{
	const struct btf_param *a = btf_body(p->a), *b = btf_body(p->b);
	int ret = btf_vlen(p->a) == btf_vlen(p->b);

	for (uint32_t i = 0; i < btf_vlen(p->a) && ret > 0; i++)
		ret = matches(pair_of(p, a[i].type, b[i].type), behind_pointer, level - 1, steps);
	return ret;
}

static bool ints_match(const struct pair *p)
{
	uint32_t a = int_word(p->a) >> 24, b = int_word(p->b) >> 24;

	return p->a->size_or_type == p->b->size_or_type && ((a ^ b) & INT_SIGNED) == 0;
}

static int matches(struct pair p, bool behind_pointer, int level, uint32_t *steps)
{
	int ret;

	for (int depth = 0; level > 0 && depth < MOST_DEEP && (*steps)++ < MOST_STEPS; depth++) {
		if (!same_names(&p, p.a->name_off, p.b->name_off))
			return 0;
		switch (btf_kind(p.a)) {
		case BTF_FWD:
			return forwards_match(&p, behind_pointer);
		case BTF_ENUM:
		case BTF_ENUM64:
			return enums_match(&p, steps);
		case BTF_STRUCT:
		case BTF_UNION:
			return composites_match(&p, behind_pointer, level, steps);
		default:
			break;
		}
		if (btf_kind(p.a) != btf_kind(p.b))
			return 0;
		switch (btf_kind(p.a)) {
		case BTF_UNKN:
			return 1;
		case BTF_INT:
			return ints_match(&p);
		case BTF_PTR:
			behind_pointer = true;
			p = pair_of(&p, p.a->size_or_type, p.b->size_or_type);
			continue;
		case BTF_ARRAY:
			if (((const struct btf_array *)btf_body(p.a))->n !=
			    ((const struct btf_array *)btf_body(p.b))->n)
				return 0;
			p = elements(&p);
			continue;
		case BTF_FUNC_PROTO:
			ret = params_match(&p, behind_pointer, level, steps);
			if (ret <= 0)
				return ret;
			p = pair_of(&p, p.a->size_or_type, p.b->size_or_type);
			continue;
		default:
			return 0;
		}
	}
	return -EINVAL;
}

int core_types_match(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id)
{
	uint32_t steps = 0;

	return matches(first_pair(a, a_id, b, b_id), false, MOST_LEVEL, &steps);
}
