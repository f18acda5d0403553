// SPDX-License-Identifier: MIT
/*
 * One pass over all types of a BTF, looking for many names at once. A kernel has 130,000 types: so
 * each costs a few instructions, and the index that the pass leaves behind is small. Knows BTF;
 * knows nothing of kernels.
 */
#ifndef LOADER_OBJECT_BTF_SCAN_H
#define LOADER_OBJECT_BTF_SCAN_H

#include "loader/object/btf.h"

/* A type in every so many is in the index that a pass makes: 1 << this. */
#define BTF_SPARSE 4u

/* From this size on, the types are walked over in parts. */
#ifndef BTF_LARGE /* the fuzzer has none that large */
#define BTF_LARGE 65536u
#endif

/* The names that are looked for, each once. */
struct btf_names {
	const char **names; /* borrowed */
	uint32_t n;
	uint32_t *slots; /* hash table: index + 1, 0: free */
	uint32_t n_slots;
	uint32_t filter[2048]; /* a bit for each value of a hash of a name's first four bytes */
};

/* The number of a name, which is added where it is new, and must outlive this; -ENOMEM. */
int64_t btf_names_add(struct btf_names *names, const char *name);

/* The same without adding; -ENOENT. `size`: the name may go on behind it. */
int64_t btf_names_find(const struct btf_names *names, const char *name, uint32_t size);

/* The next pass finds this name; false: none of the names is looked for any more. */
void btf_names_look_for(struct btf_names *names, const char *name);
void btf_names_look_for_none(struct btf_names *names);

void btf_names_close(struct btf_names *names);

/*
 * Walks over the types, not those of the base. `found` gets each type whose name, without its
 * flavour ("___x"), is one that is looked for, in the order of ids; what it returns, if not 0, ends
 * the walk and is returned: 0 or less. `names` NULL: only the index is made. The first walk over
 * BTF from btf_open_lazy() makes its index. -EINVAL: a type is not inside, or of an unknown kind.
 */
typedef int btf_found_fn(void *ctx, uint32_t name, uint32_t id);
int btf_scan(struct btf *btf, const struct btf_names *names, btf_found_fn *found, void *ctx,
	     struct hewn_err *err);

#endif
