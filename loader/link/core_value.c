// SPDX-License-Identifier: MIT
/*
 * The number that a CO-RE relocation stands for, in the object and in the kernel. Knows BTF; knows
 * nothing of instructions. The rules are libbpf's (relo_core.c of its version 1.7).
 */
#include <errno.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/core_match.h"
#include "loader/link/core_value.h"

#define INT_SIGNED (1u << 24) /* in the word of an INT */

/* One side's number. */
struct number {
	uint64_t value;
	uint32_t size, type; /* of the field, where a load or a store of it may have to change */
	bool unsure;	     /* compilers need not agree with it */
};

static bool is_signed(const struct btf_head *type)
{
	uint32_t word = 0;

	if (btf_kind(type) == BTF_INT)
		memcpy(&word, btf_body(type), sizeof(word));
	return word & INT_SIGNED || (core_is_enum(type) && btf_kind_flag(type));
}

/* ── fields ── */

/* Bytes that are loaded at once to get at a field, and where in them the field is. */
struct place {
	uint32_t off, size; /* in bytes */
	uint32_t bit, bits; /* from the root's beginning */
	uint32_t type;
	bool is_bitfield;
};

/*
 * A bitfield is loaded by the smallest aligned number that covers it, its own type's size or
 * larger: bits 30 to 33 of an unsigned int field need eight bytes.
 */
static int bitfield_place(const struct btf *btf, struct place *place)
{
	int64_t size = btf_size(btf, place->type);

	if (size <= 0)
		return -EINVAL;
	for (place->size = (uint32_t)size;; place->size *= 2) {
		place->off = place->bit / 8 / place->size * place->size;
		if ((uint64_t)place->bit + place->bits - 8 * (uint64_t)place->off <=
		    8 * (uint64_t)place->size)
			return 0;
		if (place->size >= 8)
			return -E2BIG;
	}
}

static int field_place(const struct core_spec *spec, struct place *place)
{
	const struct core_step *step = &spec->steps[spec->n_steps - 1];
	const struct btf_head *head = btf_type(spec->btf, step->type);
	const struct btf_member *member = (const struct btf_member *)btf_body(head) + step->index;
	int64_t size;

	if (spec->bit > UINT32_MAX)
		return -EINVAL;
	*place = (struct place){.bit = (uint32_t)spec->bit};
	place->type = btf_skip(spec->btf, step->name ? member->type : step->type);
	place->bits = step->name ? btf_member_bits(head, member) : 0;
	place->is_bitfield = place->bits != 0;
	if (place->is_bitfield)
		return bitfield_place(spec->btf, place);
	size = btf_size(spec->btf, place->type);
	if (size < 0)
		return -EINVAL;
	place->size = (uint32_t)size;
	place->bits = 8 * place->size;
	place->off = place->bit / 8;
	return 0;
}

/* How many bytes a load of it has: of an array one element is loaded (so libbpf since 1.6). */
static int64_t load_size(const struct btf *btf, uint32_t type)
{
	while (btf_kind(btf_type(btf, type)) == BTF_ARRAY)
		type = btf_skip(btf, ((const struct btf_array *)btf_body(btf_type(btf, type)))->type);
	return btf_size(btf, type);
}

static int field_number(const struct core_spec *spec, bool big_endian, struct number *number)
{
	struct place place;
	int64_t size;
	int ret;

	if (spec->kind == CORE_FIELD_EXISTS) {
		number->value = 1;
		return 0;
	}
	/* An element of an array has a place and a size, and is no bitfield. */
	if (!spec->steps[spec->n_steps - 1].name && spec->kind >= CORE_FIELD_SIGNED)
		return -EINVAL;
	ret = field_place(spec, &place);
	if (ret)
		return ret;
	number->unsure = place.is_bitfield;
	switch (spec->kind) {
	case CORE_FIELD_OFFSET:
		number->value = place.off;
		if (place.is_bitfield)
			return 0;
		size = load_size(spec->btf, place.type);
		if (size < 0)
			return -EINVAL;
		number->size = (uint32_t)size;
		number->type = place.type;
		return 0;
	case CORE_FIELD_SIZE:
		number->value = place.size;
		return 0;
	case CORE_FIELD_SIGNED:
		number->value = is_signed(btf_type(spec->btf, place.type));
		number->unsure = false;
		return 0;
	/*
	 * The bytes are loaded into 64 bits, shifted left until the field's first bit is the
	 * highest, and right until its last is the lowest. Shifts of what has more than
	 * eight bytes mean nothing; they have 32 bits all the same, as libbpf's.
	 */
	case CORE_FIELD_LSHIFT:
		if (big_endian)
			number->value = (8 - place.size) * 8 + (place.bit - 8 * place.off);
		else
			number->value = 64 - (place.bit + place.bits - 8 * place.off);
		return 0;
	default:
		number->value = 64 - place.bits;
		number->unsure = false;
		return 0;
	}
}

/* ── types and enumerators ── */

static int type_number(const struct core_spec *spec, struct number *number)
{
	int64_t size = 1;

	switch (spec->kind) {
	case CORE_TYPE_ID_LOCAL:
	case CORE_TYPE_ID_TARGET:
		number->value = spec->root;
		number->unsure = true; /* linkers of objects leave the old one in the instruction */
		return 0;
	case CORE_TYPE_SIZE:
		size = btf_size(spec->btf, spec->root);
		break;
	default:
		break;
	}
	number->value = (uint64_t)size;
	return size < 0 ? -EINVAL : 0;
}

static int enum_number(const struct core_spec *spec, struct number *number)
{
	const struct btf_head *type = btf_type(spec->btf, spec->steps[0].type);
	const struct btf_enumerator *small = btf_body(type);
	const struct btf_enumerator64 *large = btf_body(type);
	uint32_t i = spec->steps[0].index;

	if (spec->kind == CORE_ENUM_EXISTS)
		number->value = 1;
	else if (btf_kind(type) == BTF_ENUM)
		number->value = (uint64_t)(int64_t)small[i].value;
	else
		number->value = (uint64_t)large[i].hi << 32 | large[i].lo;
	return 0;
}

static int number_of(const struct core_spec *spec, bool big_endian, struct number *number)
{
	*number = (struct number){0};
	switch (core_about(spec->kind)) {
	case CORE_ABOUT_FIELD:
		return field_number(spec, big_endian, number);
	case CORE_ABOUT_ENUM:
		return enum_number(spec, number);
	default:
		return type_number(spec, number);
	}
}

/* ── both sides ── */

/*
 * Whether a load of the one size may become a load of the other: what is loaded is filled up with
 * zeros, which is right for pointers and for numbers without a sign only.
 */
static bool may_resize(const struct btf_head *a, const struct btf_head *b)
{
	if (btf_kind(a) == BTF_PTR && btf_kind(b) == BTF_PTR)
		return true;
	return btf_kind(a) == BTF_INT && btf_kind(b) == BTF_INT && !is_signed(a) && !is_signed(b);
}

static int refuse(const struct core_spec *spec, int code, struct hewn_err *err, const char *what)
{
	char text[256];

	core_spec_text(spec, text, sizeof(text));
	return err_set(err, code, "%s %s", text, what);
}

static void join(const struct core_spec *local, const struct number *ours,
		 const struct core_spec *target, const struct number *theirs,
		 const struct core_candidate *candidate, struct core_value *value)
{
	*value = (struct core_value){
		.local = ours->value,
		.target = theirs->value,
		.local_size = ours->size,
		.target_size = theirs->size,
		.found = true,
		.checked = !ours->unsure,
		.target_id = candidate->id,
		.module = candidate->module,
	};
	if (ours->size != theirs->size)
		value->misfit = !may_resize(btf_type(local->btf, ours->type),
					    btf_type(target->btf, theirs->type));
}

/* What is not there has a value for most kinds: no, or 0. */
static void absent(const struct core_spec *local, const struct number *ours,
		   struct core_value *value)
{
	bool is_field = core_about(local->kind) == CORE_ABOUT_FIELD;

	*value = (struct core_value){.local = ours->value, .checked = !ours->unsure};
	value->poison =
		local->kind == CORE_ENUM_VALUE || (is_field && local->kind != CORE_FIELD_EXISTS);
}

static const char *owner(const char *module)
{
	return module ? module : "vmlinux";
}

static int ambiguous(const struct core_spec *local, const struct core_candidate *one,
		     uint64_t its_value, const struct core_candidate *other, uint64_t value,
		     struct hewn_err *err)
{
	char text[256];

	core_spec_text(local, text, sizeof(text));
	err_hint(err, "the kernel has several types of this name: make a flavour that has only "
		      "what the right one has, and no other");
	return err_set(err, -EINVAL,
		       "%s is ambiguous: %llu in type %u of %s, and %llu in type %u of %s", text,
		       (unsigned long long)its_value, one->id, owner(one->module),
		       (unsigned long long)value, other->id, owner(other->module));
}

int core_value(const struct core_spec *local, struct core_candidate *candidates, uint32_t *n,
	       bool big_endian, struct core_value *value, struct hewn_err *err)
{
	struct number ours, theirs;
	struct core_value other;
	struct core_spec found;
	uint64_t first_bit = 0;
	uint32_t kept = 0;
	int ret = number_of(local, big_endian, &ours);

	if (ret)
		return refuse(local, ret, err, "has no such property");
	if (local->kind == CORE_TYPE_ID_LOCAL) {
		absent(local, &ours, value);
		value->target = value->local;
		value->found = true;
		return 0;
	}
	for (uint32_t i = 0; i < *n; i++) {
		struct core_candidate *candidate = &candidates[i];

		ret = core_spec_find(local, candidate->btf, candidate->id, &found);
		if (ret < 0)
			return refuse(local, ret, err, "cannot be judged: it nests too deep");
		if (!ret)
			continue;
		ret = number_of(&found, big_endian, &theirs);
		if (ret)
			return refuse(local, ret, err, "has no such property in the kernel");
		join(local, &ours, &found, &theirs, candidate, &other);
		if (!kept) {
			*value = other;
			first_bit = found.bit;
		} else if (first_bit != found.bit) {
			return ambiguous(local, &candidates[0], first_bit / 8, candidate,
					 found.bit / 8, err);
		} else if (value->target != other.target) {
			return ambiguous(local, &candidates[0], value->target, candidate,
					 other.target, err);
		}
		candidates[kept++] = *candidate;
	}
	if (kept)
		*n = kept;
	else
		absent(local, &ours, value);
	return 0;
}
