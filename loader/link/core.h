// SPDX-License-Identifier: MIT
/*
 * The CO-RE relocations of an object, resolved for one kernel: each distinct one once, in the order
 * in which they stand in the object. Knows where the kernel's types are found; what a relocation
 * comes to is core_value.h's.
 */
#ifndef LOADER_LINK_CORE_H
#define LOADER_LINK_CORE_H

#include "loader/link/core_value.h"

struct link;

/* What one (type, access, kind) of the object comes to. */
struct core_result {
	uint32_t type, access, kind; /* as in struct obj_core */
	int ret;		     /* not 0: it has no value, and `why` says so */
	struct core_value value;
	char *why;  /* also where the value is poison: what the kernel has instead */
	char *hint; /* NULL: none */
};

struct core_root;

struct core {
	bool is_ready;
	struct core_result *results;
	uint32_t n_results;
	struct core_root *roots; /* types of the object that results begin with */
	uint32_t n_roots;
	uint32_t *of;	 /* by obj_core: its result; NONE: of a program that is not wanted */
	uint32_t *table; /* open addressing: results by what they are of, then roots by type */
	uint32_t table_size;
};

/*
 * The result of a relocation of the object (obj_core), valid until the link is closed. The first
 * call resolves all of the object's, but those of programs that link_skip() named: the kernel's BTF
 * is passed over once. -ENOMEM; other failures are the result's own, in result->ret.
 */
int core_result(struct link *link, uint32_t reloc, const struct core_result **result,
		struct hewn_err *err);
void core_close(struct core *core);

struct hewn_object;

/*
 * What a relocation is and what it came to, for people: "struct sock.__sk_common.skc_num: byte 14,
 * was 16". Without a value what is asked: "offset of struct sock.__sk_common.skc_num". Cut to fit.
 */
void core_describe(const struct hewn_object *object, uint32_t reloc, const struct core_value *value,
		   char *text, size_t size);

/* Why none of the candidates has it, and what they have instead; the caller frees it. NULL: no
 * memory. */
char *core_why(const struct core_spec *local, const struct core_candidate *candidates, uint32_t n,
	       bool guess);

#endif
