// SPDX-License-Identifier: MIT
/*
 * BTF written by hand, for tests: each function appends a type and returns its id. Elements of a
 * STRUCT, ENUM and so on are appended as words after it. No checks: tests also want what is wrong.
 */
#ifndef TESTS_BTFMAKE_H
#define TESTS_BTFMAKE_H

#include <stdint.h>
#include <string.h>

#include "loader/object/btf.h"

struct btfmake {
	uint32_t types[4096];
	char strings[8192];
	uint32_t n_words, n_ids, strings_size;
	uint8_t blob[sizeof(struct btf_header) + 4 * 4096 + 8192];
};

static inline uint32_t mk_str(struct btfmake *mk, const char *s)
{
	uint32_t off;

	if (!mk->strings_size)
		mk->strings_size = 1;
	if (!s || !s[0])
		return 0;
	off = mk->strings_size;
	memcpy(mk->strings + off, s, strlen(s) + 1);
	mk->strings_size += (uint32_t)strlen(s) + 1;
	return off;
}

static inline void mk_word(struct btfmake *mk, uint32_t word)
{
	mk->types[mk->n_words++] = word;
}

static inline uint32_t mk_type(struct btfmake *mk, enum btf_kind kind, const char *name,
			       uint32_t vlen, uint32_t size_or_type)
{
	mk_word(mk, mk_str(mk, name));
	mk_word(mk, (uint32_t)kind << 24 | vlen);
	mk_word(mk, size_or_type);
	return ++mk->n_ids;
}

#define MK_SIGNED 1u
#define MK_CHAR	  2u
#define MK_BOOL	  4u
#define MK_KFLAG  (1u << 31) /* or it to vlen: the kind flag */

static inline uint32_t mk_int(struct btfmake *mk, const char *name, uint32_t size,
			      uint32_t encoding)
{
	uint32_t id = mk_type(mk, BTF_INT, name, 0, size);

	mk_word(mk, encoding << 24 | size * 8);
	return id;
}

static inline uint32_t mk_array(struct btfmake *mk, uint32_t type, uint32_t n)
{
	uint32_t id = mk_type(mk, BTF_ARRAY, NULL, 0, 0);

	mk_word(mk, type);
	mk_word(mk, type);
	mk_word(mk, n);
	return id;
}

/* An element of three words that begins with a name: a member, or an enumerator of ENUM64. */
static inline void mk_named(struct btfmake *mk, const char *name, uint32_t a, uint32_t b)
{
	mk_word(mk, mk_str(mk, name));
	mk_word(mk, a);
	mk_word(mk, b);
}

/* One of two words: a parameter, or an enumerator. */
static inline void mk_pair(struct btfmake *mk, const char *name, uint32_t a)
{
	mk_word(mk, mk_str(mk, name));
	mk_word(mk, a);
}

static inline uint32_t mk_var(struct btfmake *mk, const char *name, uint32_t type, uint32_t linkage)
{
	uint32_t id = mk_type(mk, BTF_VAR, name, 0, type);

	mk_word(mk, linkage);
	return id;
}

static inline void mk_secvar(struct btfmake *mk, uint32_t type, uint32_t offset, uint32_t size)
{
	mk_word(mk, type);
	mk_word(mk, offset);
	mk_word(mk, size);
}

/* The blob, inside mk; its size is returned. */
static inline uint32_t mk_blob(struct btfmake *mk)
{
	const uint32_t size = 4 * mk->n_words;
	struct btf_header header = {.magic = BTF_MAGIC,
				    .version = 1,
				    .header_size = BTF_HEADER_SIZE,
				    .types_size = size,
				    .strings_off = size};

	mk_str(mk, NULL);
	header.strings_size = mk->strings_size;
	memcpy(mk->blob, &header, BTF_HEADER_SIZE);
	memcpy(mk->blob + BTF_HEADER_SIZE, mk->types, header.types_size);
	memcpy(mk->blob + BTF_HEADER_SIZE + header.types_size, mk->strings, mk->strings_size);
	return BTF_HEADER_SIZE + header.types_size + mk->strings_size;
}

static inline int mk_open(struct btfmake *mk, struct btf *btf, struct hewn_err *err)
{
	uint32_t size = mk_blob(mk);

	return btf_open(btf, mk->blob, size, err);
}

#endif
