// SPDX-License-Identifier: MIT
/*
 * What a CO-RE relocation comes to: a number, from the object's BTF and what the kernel's BTF has
 * of that name; and an instruction with that number in it. Knows where no BTF comes from.
 */
#ifndef LOADER_LINK_CORE_VALUE_H
#define LOADER_LINK_CORE_VALUE_H

#include "loader/link/core_spec.h"

struct bpf_insn;

/* A type of the kernel that has the name, kind and so on that is looked for. */
struct core_candidate {
	const struct btf *btf;
	uint32_t id;
	const char *module; /* NULL: the kernel's own */
};

struct core_value {
	uint64_t local, target;		  /* in the object, and in the kernel */
	uint32_t local_size, target_size; /* of a field that is loaded or stored; 0: is none */
	bool found;			  /* the kernel has it */
	bool poison;			  /* it has not, and there is no number for that */
	bool checked;			  /* the instruction must have `local` in it */
	bool misfit;			  /* the sizes differ, and a load would be wrong */
	uint32_t target_id;		  /* the kernel's type, where it was found */
	const char *module;		  /* whose BTF that is in */
};

/*
 * The value of what `local` is about. Those of the n candidates that have no such thing are dropped
 * (if any has it), so that what was once found in one type is not looked for in another of the same
 * name. -EINVAL: the candidates that are left disagree, or a type cannot be judged.
 */
int core_value(const struct core_spec *local, struct core_candidate *candidates, uint32_t *n,
	       bool big_endian, struct core_value *value, struct hewn_err *err);

/*
 * Puts the value into an instruction, the first of `left`. Returns 1 where that became a call of a
 * helper that does not exist, which the verifier refuses unless it is dead code: of CORE_POISON, as
 * libbpf does. -EINVAL, -ERANGE: the instruction is not one that can take the value.
 */
#define CORE_POISON 195896080 /* 0xbad2310, read as "bad relo" */
int core_patch(struct bpf_insn *insn, uint32_t left, const struct core_value *value,
	       struct hewn_err *err);

#endif
