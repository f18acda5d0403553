// SPDX-License-Identifier: MIT
/*
 * What one CO-RE relocation is about, in terms of one BTF: a type, a field of it, or an enumerator.
 * The compiler writes it for the object's BTF; the same is looked for in a type of the kernel's.
 * Knows BTF; knows nothing of instructions, nor where a kernel's BTF comes from.
 *
 * Both BTFs are read through accessors that are safe on anything; walks are bounded.
 */
#ifndef LOADER_LINK_CORE_SPEC_H
#define LOADER_LINK_CORE_SPEC_H

#include "loader/object/btf.h"

/* enum bpf_core_relo_kind of <linux/bpf.h> 5.17, which the compilers had before: clang 10 the first
 * six, clang 12 all but the last, clang 15 that one. */
enum core_kind {
	CORE_FIELD_OFFSET,
	CORE_FIELD_SIZE,
	CORE_FIELD_EXISTS,
	CORE_FIELD_SIGNED,
	CORE_FIELD_LSHIFT,
	CORE_FIELD_RSHIFT,
	CORE_TYPE_ID_LOCAL,
	CORE_TYPE_ID_TARGET,
	CORE_TYPE_EXISTS,
	CORE_TYPE_SIZE,
	CORE_ENUM_EXISTS,
	CORE_ENUM_VALUE,
	CORE_TYPE_MATCHES,
	CORE_N_KINDS
};

enum core_about { CORE_ABOUT_FIELD, CORE_ABOUT_TYPE, CORE_ABOUT_ENUM };
enum core_about core_about(enum core_kind kind);

/* One step of the way to a field: a member that has a name, or an element of an array. Members
 * without a name are stepped through without a trace, so the kernel may have others. */
struct core_step {
	uint32_t type;	  /* the struct, union or enum; of an element: its own type */
	uint32_t index;	  /* of the member, enumerator or element */
	const char *name; /* NULL: an element. The first step is the pointer: element 0 of it */
};

#define CORE_MAX_STEPS 64 /* as libbpf */

struct core_spec {
	const struct btf *btf;
	uint32_t root;
	enum core_kind kind;
	struct core_step steps[CORE_MAX_STEPS + 1];
	uint32_t n_steps; /* 0: about a type */
	uint32_t depth;	  /* steps, those through members without a name too */
	uint64_t bit;	  /* where the field begins, in bits from the beginning of the root */
};

/*
 * Reads the access that the compiler wrote: "0:1:2" is member 2 of member 1 of what the pointer
 * points to; for an enumerator its index; "0" for a type. -EINVAL where the BTF has no such thing,
 * and what is wrong in err.
 */
int core_spec_read(struct core_spec *spec, const struct btf *btf, uint32_t root,
		   enum core_kind kind, const char *access, struct hewn_err *err);

/*
 * The same in type `id` of another BTF, whose name fits. 1: found. 0: it has no such thing, or one
 * of another kind. -E2BIG, -EINVAL: that type cannot be judged.
 */
int core_spec_find(const struct core_spec *local, const struct btf *btf, uint32_t id,
		   struct core_spec *found);

/* name.of[3].the.field, after the name of the root type; about a type only that. Cut to fit. */
void core_spec_text(const struct core_spec *spec, char *text, size_t size);

#endif
