// SPDX-License-Identifier: MIT
/*
 * BTF: the types of an object, or of a kernel, as one blob of records. Parses, finds, sizes, and
 * makes the copy that BPF_BTF_LOAD gets. Knows the format (Documentation/bpf/btf.rst); knows
 * nothing of ELF, maps or programs.
 */
#ifndef LOADER_OBJECT_BTF_H
#define LOADER_OBJECT_BTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/hewn.h"

/* The kinds, up to ENUM64 of 6.0, with the kernel's numbers: distributions' headers lag. */
enum btf_kind {
	BTF_UNKN,
	BTF_INT,
	BTF_PTR,
	BTF_ARRAY,
	BTF_STRUCT,
	BTF_UNION,
	BTF_ENUM,
	BTF_FWD,
	BTF_TYPEDEF,
	BTF_VOLATILE,
	BTF_CONST,
	BTF_RESTRICT,
	BTF_FUNC,
	BTF_FUNC_PROTO,
	BTF_VAR,
	BTF_DATASEC,
	BTF_FLOAT,
	BTF_DECL_TAG,
	BTF_TYPE_TAG,
	BTF_ENUM64,
	BTF_N_KINDS
};

/* A type's fixed head, as in the blob (host byte order after btf_open). */
struct btf_head {
	uint32_t name_off;
	uint32_t info; /* vlen 0-23 (0-15 before 7.2), kind 24-30 (24-28), kind_flag 31 */
	uint32_t size_or_type;
};

struct btf_member {
	uint32_t name_off, type;
	uint32_t offset; /* in bits; with kind_flag, bitfield size in 24-31 */
};
struct btf_array {
	uint32_t type, index_type, n;
};
struct btf_enumerator {
	uint32_t name_off;
	int32_t value;
};
struct btf_enumerator64 {
	uint32_t name_off, lo, hi;
};
struct btf_param {
	uint32_t name_off, type;
};
struct btf_secvar {
	uint32_t type, offset, size;
};

#define BTF_MAGIC	0xeb9f
#define BTF_HEADER_SIZE 24u /* without the layout; the kernel takes this for ever */

struct btf_header {
	uint16_t magic;
	uint8_t version, flags;
	uint32_t header_size;
	uint32_t types_off, types_size; /* both offsets count from the end of the header */
	uint32_t strings_off, strings_size;
	uint32_t layout_off, layout_size; /* from 7.1, where header_size says so */
};

/* What follows the head, in 32-bit words: once, and for each of vlen. */
struct btf_layout {
	const char *name; /* of the kind */
	uint8_t words, words_each;
	bool has_type; /* size_or_type is a type */
	bool holds;    /* and a value of this type is, or has in it, one of that type */
};

extern const struct btf_layout btf_layouts[BTF_N_KINDS];

static inline const struct btf_layout *btf_layout(enum btf_kind kind)
{
	return &btf_layouts[kind < BTF_N_KINDS ? kind : BTF_UNKN];
}

/* See btf_scan.c: ids that lie together, and which entry of the index has the first. */
#define BTF_PARTS 64
struct btf_part {
	uint32_t first_id, entry;
};

struct btf {
	/*
	 * Split BTF, as modules have: ids below first_id, and string offsets below first_str, are
	 * the base's. The base must outlive this. NULL: it stands alone; first_id 1, first_str 0.
	 */
	const struct btf *base;
	uint32_t first_id, first_str;
	const uint8_t *bytes; /* the whole blob, host byte order */
	uint32_t size;
	uint32_t types_off, types_end; /* where in bytes */
	uint8_t *copy;	     /* bytes, if they are owned; else NULL, and what is lent must last */
	const char *strings; /* inside bytes */
	uint32_t strings_size;
	/*
	 * Offsets in bytes of types; owned. Of each, or with `sparse` of one in every 1 << sparse
	 * of each part, the first of a part among them.
	 */
	uint32_t *types;
	uint32_t sparse, n_parts;
	struct btf_part parts[BTF_PARTS];
	uint32_t n_types;  /* ids are 1 … n_types - 1, the base's among them */
	uint32_t *marks;   /* those that btf_encode() looks at; owned */
	uint32_t n_marks;
	uint32_t ptr_size; /* 8, as in all BPF objects; the owner may set it for a 32-bit kernel's
			      own BTF */
	bool swapped;	   /* the input was in the other byte order */
	/* Sizes of kinds that are newer than this file, from the blob itself (7.1); owned. */
	struct btf_kind_size *kinds;
	uint32_t n_kinds;
};

/* Bytes after the head: once, and for each of vlen. */
struct btf_kind_size {
	uint8_t once, each;
};

/*
 * Checks and copies the blob. Afterwards every type lies inside it; every name, and every id that a
 * type refers to, exists; and no type holds itself or nests deeper than BTF_MAX_DEPTH, so that
 * walks by value end; and no string has a character that steers a terminal. Not checked: that
 * members lie inside their struct (only that they begin in it). -EINVAL, -ENOMEM.
 */
#define BTF_MAX_DEPTH 128 /* the kernel's own limit is 32 */
int btf_open(struct btf *btf, const void *bytes, size_t size, struct hewn_err *err);
void btf_close(struct btf *btf);

/* The same for split BTF; `base` NULL: it stands alone. */
int btf_open_split(struct btf *btf, const struct btf *base, const void *bytes, size_t size,
		   struct hewn_err *err);

/*
 * A copy of split BTF for another base than its own, which is an excerpt of one like it (.BTF.base): types of the excerpt
 * are found in the new one by name, kind, and size where that counts. The caller frees *bytes. -ESRCH: it has no such
 * type; -ENOTUNIQ: it has several.
 */
int btf_relocate(const struct btf *split, const struct btf *base, uint8_t **bytes, uint32_t *size,
		 struct hewn_err *err);

/*
 * For BTF of a kernel, which is large, and made by a compiler: nothing is copied if the byte order
 * is the host's, so the bytes must outlive the btf; and until btf_scan() (btf_scan.h) has walked
 * over it, it has no types. That checks that each type lies inside; what a type refers to is not
 * checked. So walks over references must be bounded by BTF_MAX_DEPTH: those below are.
 */
int btf_open_lazy(struct btf *btf, const struct btf *base, const void *bytes, size_t size,
		  struct hewn_err *err);

/* What is checked once for all: what btf_open() says of names, ids and nesting. */
int btf_check(const struct btf *btf, struct hewn_err *err);

/* Finds the types that not every kernel takes: part of btf_open(). */
int btf_mark(struct btf *btf, struct hewn_err *err);

/* Says what is wrong with the type at this offset: cut off, or of a kind of unknown size. */
int btf_bad_type(const struct btf *btf, uint32_t off, uint32_t id, struct hewn_err *err);

/* A type that only the sparse table or the base leads to. */
const struct btf_head *btf_walk_to(const struct btf *btf, uint32_t id);

/* The head of a type; NULL for 0 (void) and ids that do not exist. What follows the head is
 * btf_body(). */
static inline const struct btf_head *btf_type(const struct btf *btf, uint32_t id)
{
	if (id == 0 || id >= btf->n_types)
		return NULL;
	if (btf->sparse || btf->base)
		return btf_walk_to(btf, id);
	return (const struct btf_head *)(const void *)(btf->bytes + btf->types[id - 1]);
}
static inline const void *btf_body(const struct btf_head *type)
{
	return type ? type + 1 : NULL;
}

static inline enum btf_kind btf_kind(const struct btf_head *type)
{
	return type ? (enum btf_kind)(type->info >> 24 & 0x7f) : BTF_UNKN;
}
static inline uint32_t btf_vlen(const struct btf_head *type)
{
	return type ? type->info & 0xffffff : 0;
}
/* How many bytes follow the head. A vlen has 24 bits at most, so this does not overflow. */
static inline uint32_t btf_body_size(const struct btf_head *type)
{
	const struct btf_layout *layout = btf_layout(btf_kind(type));

	return 4 * (layout->words + layout->words_each * btf_vlen(type));
}
/* The same, of kinds too whose size only the blob itself tells. */
static inline uint32_t btf_body_size_in(const struct btf *btf, const struct btf_head *type)
{
	enum btf_kind kind = btf_kind(type);

	if (kind >= BTF_N_KINDS && (uint32_t)kind < btf->n_kinds)
		return btf->kinds[kind].once + btf->kinds[kind].each * btf_vlen(type);
	return btf_body_size(type);
}

static inline bool btf_kind_flag(const struct btf_head *type)
{
	return type && type->info >> 31;
}

/* Of a struct's or union's member: the offset in bits, and the size in bits if it is a bitfield,
 * else 0. */
static inline uint32_t btf_member_bit(const struct btf_head *type, const struct btf_member *member)
{
	return btf_kind_flag(type) ? member->offset & 0xffffff : member->offset;
}
static inline uint32_t btf_member_bits(const struct btf_head *type, const struct btf_member *member)
{
	return btf_kind_flag(type) ? member->offset >> 24 : 0;
}

/* "STRUCT" and so on, "void" for 0. */
const char *btf_kind_name(enum btf_kind kind);

/* A string of the blob, or of its base; "" where the offset is 0 or outside. */
const char *btf_str(const struct btf *btf, uint32_t off);
const char *btf_name(const struct btf *btf, uint32_t id);

/* The first type of this kind and name, not of the base; 0: none. Looks at each type: for BTF of
 * objects. */
uint32_t btf_find(const struct btf *btf, enum btf_kind kind, const char *name);

/* How much of a name counts for CO-RE: what is before the last "___" that stands between other
 * characters. */
uint32_t btf_essential_size(const char *name);

/* Past typedef, const, volatile, restrict and type tags; 0 where they lead nowhere. */
uint32_t btf_skip(const struct btf *btf, uint32_t id);

/* Size in bytes; -EINVAL for what has none (void, functions, forward declarations), or 4 GB and
 * more. */
int64_t btf_size(const struct btf *btf, uint32_t id);

/*
 * Compilers leave the sizes of DATASECs and the offsets of their variables for the loader to fill
 * from the ELF section and symbols. Called before btf_encode().
 */
int btf_set_datasec_size(struct btf *btf, uint32_t datasec, uint32_t size);
int btf_set_secvar_offset(struct btf *btf, uint32_t datasec, uint32_t i, uint32_t offset);

/* Functions marked static by the compiler can be made global and back (FUNC linkage in vlen: 0, 1,
 * 2). */
int btf_set_func_linkage(struct btf *btf, uint32_t func, uint32_t linkage);

/*
 * A copy for BPF_BTF_LOAD, with the same ids; the caller frees *bytes. What no kernel takes is
 * rewritten: a DATASEC whose size was not set, or that holds externs, becomes an INT that nothing
 * refers to; an extern VAR an allocated one; an extern FUNC a TYPEDEF. Variables of a DATASEC are
 * sorted by offset. What is newer than `kernel`, a version as 0x060c00 (6.12), becomes what such a
 * kernel takes, of the same size: docs/objects.md has the table; a kind that is not known here
 * becomes an INT.
 */
#define BTF_NEWEST UINT32_MAX
int btf_encode(const struct btf *btf, uint32_t kernel, uint8_t **bytes, uint32_t *size,
	       struct hewn_err *err);

/*
 * What kernels brought one after the other that is in the types, as bits; and of these the version that brought the
 * newest which a copy for `kernel` still has. 0: any kernel with BTF takes it. A copy for the version below is the next
 * to try. *what, for people: "ENUM64, or a signed ENUM".
 */
uint32_t btf_rules(const struct btf *btf);
uint32_t btf_newest_rule(uint32_t rules, uint32_t kernel, const char **what);

#endif
