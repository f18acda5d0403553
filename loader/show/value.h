// SPDX-License-Identifier: MIT
/*
 * Inside show/: one value by its BTF type, into a text. Bytes that are not there (a record shorter
 * than its type) are shown as "-", in JSON null; an array or text that is cut short ends with "…".
 */
#ifndef LOADER_SHOW_VALUE_H
#define LOADER_SHOW_VALUE_H

#include "loader/object/btf.h"
#include "loader/show/text.h"

struct show {
	const struct btf *btf;
	struct text *to;
	bool json;
	bool bare;	 /* text without quotes: it stands alone in its column */
	uint32_t budget; /* values that may still be shown: unions in unions multiply */
};

#define SHOW_BUDGET (1u << 20)

/* The value of a type in the first bytes of so many. */
void value_put(struct show *show, uint32_t type, const uint8_t *bytes, uint32_t size);

/* The same for a member; bytes are those of its struct, bit counts from their begin (the member's
 * own offset). */
void value_put_member(struct show *show, uint32_t type, uint32_t bit, uint32_t bits,
		      const uint8_t *bytes, uint32_t size);

/* Bytes without a type: 1, 2, 4 or 8 as one number in hexadecimal, others as digits; JSON: a
 * string. */
void value_put_raw(struct show *show, const uint8_t *bytes, uint32_t size);

/* What has no value to show. */
void value_put_absent(struct show *show);

/* Members that are there for the layout only: _pad, __pad1, … */
bool value_is_padding(const char *name);

/* How a column of this type looks. */
bool value_is_number(const struct btf *btf, uint32_t type); /* right-aligned */
uint32_t value_width(const struct btf *btf, uint32_t type); /* columns that usually suffice */

/* ── The typedefs of hewn.bpf.h ── */

struct meaning {
	const char *name;
	uint32_t sizes; /* that the type may have, a bit each: 1 << size; 0: any array of char */
	bool is_number;
	uint32_t width;
	void (*put)(struct show *show, const uint8_t *bytes, uint32_t size);
};

/* What a type means by its own name or that of a typedef on its way; NULL: nothing but what C says.
 */
const struct meaning *meaning_of(const struct btf *btf, uint32_t type);

/* Whether a type, or a typedef on its way, has this name. */
bool value_is_called(const struct btf *btf, uint32_t type, const char *name);

/* An unsigned or, sign-extended, a signed number of 1, 2, 4 or 8 bytes in host order. */
uint64_t value_load(const uint8_t *bytes, uint32_t size, bool is_signed);

#endif
