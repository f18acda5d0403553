// SPDX-License-Identifier: MIT
/*
 * Whether a type of one BTF may stand for a type of another, by the three rules that CO-RE has: for
 * a field, for a type, and for a type that must match in all its parts. Knows BTF only.
 */
#ifndef LOADER_LINK_CORE_MATCH_H
#define LOADER_LINK_CORE_MATCH_H

#include "loader/object/btf.h"

/* Equal but for their flavours. */
bool core_same_name(const char *a, const char *b);

static inline bool core_is_enum(const struct btf_head *type)
{
	return btf_kind(type) == BTF_ENUM || btf_kind(type) == BTF_ENUM64;
}

static inline bool core_is_composite(const struct btf_head *type)
{
	return btf_kind(type) == BTF_STRUCT || btf_kind(type) == BTF_UNION;
}

/* Where the name of an enumerator of one of these stands. */
static inline uint32_t core_enumerator_name(const struct btf_head *type, uint32_t i)
{
	if (btf_kind(type) == BTF_ENUM)
		return ((const struct btf_enumerator *)btf_body(type))[i].name_off;
	return ((const struct btf_enumerator64 *)btf_body(type))[i].name_off;
}

/* The same kind, where ENUM and ENUM64 are one. */
static inline bool core_same_kind(const struct btf_head *a, const struct btf_head *b)
{
	return btf_kind(a) == btf_kind(b) || (core_is_enum(a) && core_is_enum(b));
}

/*
 * All three: 1 yes, 0 no, -EINVAL or -E2BIG: too deep or too large to tell. Modifiers and typedefs
 * never count.
 *
 * Fields: any two structs or unions; any two pointers; any two numbers, whatever their size and
 * sign; floats; enums and forward declarations of one name, or without; arrays by their elements.
 */
int core_fields_compatible(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id);

/* Types whose names fit: of one kind; pointers, arrays and functions by what they are made of. */
int core_types_compatible(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id);

/*
 * All that `a` has, `b` has too: members by name and type, enumerators by name, numbers by size and
 * sign, functions by all parameters. Behind a pointer names and kinds are enough, and a forward
 * declaration stands for its struct or union.
 */
int core_types_match(const struct btf *a, uint32_t a_id, const struct btf *b, uint32_t b_id);

#endif
