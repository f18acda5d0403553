// SPDX-License-Identifier: MIT
/*
 * BTF: the types of an object, as one blob of records. Parses, finds, sizes, and makes the copy that
 * BPF_BTF_LOAD gets. Knows the format (Documentation/bpf/btf.rst); knows nothing of ELF, maps or programs.
 */
#ifndef LOADER_OBJECT_BTF_H
#define LOADER_OBJECT_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/hewn.h"

/* The kinds, up to ENUM64 of 6.0. The numbers are the kernel's, carried here because headers lag. */
enum btf_kind {
	BTF_UNKN, BTF_INT, BTF_PTR, BTF_ARRAY, BTF_STRUCT, BTF_UNION, BTF_ENUM, BTF_FWD, BTF_TYPEDEF,
	BTF_VOLATILE, BTF_CONST, BTF_RESTRICT, BTF_FUNC, BTF_FUNC_PROTO, BTF_VAR, BTF_DATASEC, BTF_FLOAT,
	BTF_DECL_TAG, BTF_TYPE_TAG, BTF_ENUM64, BTF_N_KINDS
};

/* A type's fixed head, as in the blob (host byte order after btf_open). */
struct btf_head {
	uint32_t name_off;
	uint32_t info;         /* vlen 0-15, kind 24-28, kind_flag 31 */
	uint32_t size_or_type;
};

struct btf_member { uint32_t name_off, type, offset; };     /* offset in bits; with kind_flag, bitfield size in 24-31 */
struct btf_array { uint32_t type, index_type, n; };
struct btf_enumerator { uint32_t name_off; int32_t value; };
struct btf_enumerator64 { uint32_t name_off, lo, hi; };
struct btf_param { uint32_t name_off, type; };
struct btf_secvar { uint32_t type, offset, size; };

struct btf {
	uint8_t *bytes;        /* the whole blob, host byte order; owned */
	uint32_t size;
	const char *strings;   /* inside bytes */
	uint32_t strings_size;
	uint32_t *types;       /* offset in bytes of each type by id; [0] is void; owned */
	uint32_t n_types;      /* ids are 1 … n_types - 1 */
	bool swapped;          /* the input was in the other byte order */
};

/* Checks and copies the blob; every offset, id and length in it is valid afterwards. */
int btf_open(struct btf *btf, const void *bytes, size_t size, struct hewn_err *err);
void btf_close(struct btf *btf);

/* The head of a type; NULL for 0 (void) and ids that do not exist. What follows the head is btf_body(). */
const struct btf_head *btf_type(const struct btf *btf, uint32_t id);
const void *btf_body(const struct btf_head *type);
static inline enum btf_kind btf_kind(const struct btf_head *type)
{
	return type ? (enum btf_kind)(type->info >> 24 & 0x1f) : BTF_UNKN;
}
static inline uint32_t btf_vlen(const struct btf_head *type)
{
	return type ? type->info & 0xffff : 0;
}
static inline bool btf_kind_flag(const struct btf_head *type)
{
	return type && type->info >> 31;
}

/* A string of the blob; "" where the offset is 0 or outside. */
const char *btf_str(const struct btf *btf, uint32_t off);
const char *btf_name(const struct btf *btf, uint32_t id);

/* The first type of this kind and name; 0: none. */
uint32_t btf_find(const struct btf *btf, enum btf_kind kind, const char *name);

/* Past typedef, const, volatile, restrict and type tags. */
uint32_t btf_skip(const struct btf *btf, uint32_t id);

/* Size in bytes; -EINVAL for what has none (void, functions, forward declarations, cycles). */
int64_t btf_size(const struct btf *btf, uint32_t id);

/*
 * Compilers leave the sizes of DATASECs and the offsets of their variables for the loader to fill from
 * the ELF section and symbols. Called before btf_encode().
 */
int btf_set_datasec_size(struct btf *btf, uint32_t datasec, uint32_t size);
int btf_set_secvar_offset(struct btf *btf, uint32_t datasec, uint32_t i, uint32_t offset);

/* Functions marked static by the compiler can be made global and back (FUNC linkage in vlen: 0, 1, 2). */
int btf_set_func_linkage(struct btf *btf, uint32_t func, uint32_t linkage);

/*
 * A copy for BPF_BTF_LOAD. With `old`, kinds newer than 5.8 are rewritten into what such a kernel takes
 * with the same ids and sizes (FLOAT 5.13, DECL_TAG 5.16, TYPE_TAG 5.17, ENUM64 6.0). The caller frees
 * *bytes. btf_has_new_kinds() tells whether `old` would change anything.
 */
int btf_encode(const struct btf *btf, bool old, uint8_t **bytes, uint32_t *size, struct hewn_err *err);
bool btf_has_new_kinds(const struct btf *btf);

#endif
