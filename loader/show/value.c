// SPDX-License-Identifier: MIT
/*
 * One value by its BTF type, recursively, for people or as JSON. Relies on btf_open() for ids and
 * for the depth of types, and on nothing for the bytes: each access is within those that are there.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "loader/show/value.h"

void value_put_absent(struct show *show)
{
	text_puts(show->to, show->json ? "null" : "-");
}

bool value_is_padding(const char *name)
{
	return name[0] == '_' && !strncmp(name + strspn(name, "_"), "pad", 3);
}

/* ── Numbers ── */

static void put_enum(struct show *show, const struct btf_head *type, uint64_t value, uint32_t bits)
{
	const struct btf_enumerator *small = btf_body(type);
	const struct btf_enumerator64 *large = btf_body(type);
	uint64_t mask = bits >= 64 ? UINT64_MAX : (1ull << bits) - 1;
	bool is_large = btf_kind(type) == BTF_ENUM64;

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		uint64_t of = is_large ? (uint64_t)large[i].hi << 32 | large[i].lo
				       : (uint64_t)(int64_t)small[i].value;
		const char *name =
			btf_str(show->btf, is_large ? large[i].name_off : small[i].name_off);

		if ((of & mask) != (value & mask))
			continue;
		if (show->json)
			text_json(show->to, (const uint8_t *)name, strlen(name));
		else
			text_escape(show->to, (const uint8_t *)name, strlen(name), 0);
		return;
	}
	if (btf_kind_flag(type))
		text_fmt(show->to, "%lld", (long long)value);
	else
		text_fmt(show->to, "%llu", (unsigned long long)(value & mask));
}

#define INT_SIGNED 1u
#define INT_BOOL   4u

static uint32_t int_encoding(const struct btf_head *type)
{
	const uint32_t *word = btf_body(type);

	return *word >> 24 & 0xf;
}

static bool is_signed(const struct btf_head *type)
{
	return btf_kind(type) == BTF_INT ? int_encoding(type) & INT_SIGNED : btf_kind_flag(type);
}

/* A number of so many bits, sign-extended if its type has a sign. */
static void put_number(struct show *show, const struct btf_head *type, uint64_t value,
		       uint32_t bits)
{
	if (btf_kind(type) != BTF_INT)
		put_enum(show, type, value, bits);
	else if (int_encoding(type) & INT_BOOL && value <= 1)
		text_puts(show->to, value ? "true" : "false");
	else if (is_signed(type))
		text_fmt(show->to, "%lld", (long long)value);
	else
		text_fmt(show->to, "%llu", (unsigned long long)value);
}

/* Bits are counted from the least significant one of each byte on little-endian machines, else from
 * the most. */
static uint64_t load_bits(const uint8_t *bytes, uint64_t bit, uint32_t bits, bool extend)
{
	uint64_t value = 0;

	for (uint32_t i = 0; i < bits; i++) {
		uint64_t at = bit + i;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		value |= (uint64_t)(bytes[at / 8] >> at % 8 & 1) << i;
#else
		value = value << 1 | (bytes[at / 8] >> (7 - at % 8) & 1);
#endif
	}
	if (extend && bits && bits < 64 && value >> (bits - 1) & 1)
		value |= UINT64_MAX << bits;
	return value;
}

static void put_bits(struct show *show, const struct btf_head *type, const uint8_t *bytes,
		     uint32_t size, uint64_t bit, uint32_t bits)
{
	enum btf_kind kind = btf_kind(type);

	if ((kind != BTF_INT && kind != BTF_ENUM && kind != BTF_ENUM64) || bits == 0 || bits > 64 ||
	    bit + bits > 8 * (uint64_t)size) {
		value_put_absent(show);
		return;
	}
	put_number(show, type, load_bits(bytes, bit, bits, is_signed(type)), bits);
}

static void put_hex_digits(struct show *show, const uint8_t *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		text_fmt(show->to, "%02x", bytes[i]);
}

void value_put_raw(struct show *show, const uint8_t *bytes, uint32_t size)
{
	text_puts(show->to, show->json ? "\"" : "");
	if (size == 1 || size == 2 || size == 4 || size == 8)
		text_fmt(show->to, "0x%llx", (unsigned long long)value_load(bytes, size, false));
	else
		put_hex_digits(show, bytes, size);
	text_puts(show->to, show->json ? "\"" : "");
}

static void put_int(struct show *show, const struct btf_head *type, const uint8_t *bytes)
{
	const uint32_t *word = btf_body(type);
	uint32_t size = type->size_or_type, bits = *word & 0xff;

	if (bits && bits < 8 * size && size <= 8) {
		put_bits(show, type, bytes, size, *word >> 16 & 0xff, bits);
	} else if (size == 1 || size == 2 || size == 4 || size == 8) {
		put_number(show, type, value_load(bytes, size, is_signed(type)), 8 * size);
	} else { /* __int128: no printf knows it */
		text_puts(show->to, show->json ? "\"0x" : "0x");
		for (uint32_t i = 0; i < size; i++)
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
			text_fmt(show->to, "%02x", bytes[size - 1 - i]);
#else
			text_fmt(show->to, "%02x", bytes[i]);
#endif
		text_puts(show->to, show->json ? "\"" : "");
	}
}

/* With the fewest digits that give the same number back. */
static void put_float(struct show *show, const uint8_t *bytes, uint32_t size)
{
	char text[40];
	double value = 0;
	float single;

	if (size == 4) {
		memcpy(&single, bytes, 4);
		value = (double)single;
	} else if (size == 8) {
		memcpy(&value, bytes, 8);
	} else {
		value_put_absent(show);
		return;
	}
	if (isnan(value) || isinf(value)) {
		text_puts(show->to, show->json	   ? "null"
				    : isnan(value) ? "nan"
				    : value < 0	   ? "-inf"
						   : "inf");
		return;
	}
	for (int digits = 6; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, value);
		if (size == 4 ? strtof(text, NULL) == (float)value : strtod(text, NULL) == value)
			break;
	}
	text_puts(show->to, text);
}

/* ── Arrays ── */

static bool is_char(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));

	return btf_kind(type) == BTF_INT && type->size_or_type == 1 &&
	       (int_encoding(type) & 2 || !strcmp(btf_str(btf, type->name_off), "char"));
}

static bool is_byte(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));

	return btf_kind(type) == BTF_INT && type->size_or_type == 1 && int_encoding(type) == 0;
}

/* Up to the first zero. Text without one is whole if it fills its array, else it was cut. */
static void put_text(struct show *show, const uint8_t *bytes, uint32_t size, uint64_t room)
{
	const uint8_t *end = size ? memchr(bytes, 0, size) : NULL;
	uint32_t n = end ? (uint32_t)(end - bytes) : size;

	show->budget -= n / 16 < show->budget ? n / 16 : show->budget;
	if (show->json) {
		text_json(show->to, bytes, n);
		return;
	}
	text_puts(show->to, show->bare ? "" : "\"");
	text_escape(show->to, bytes, n, show->bare ? 0 : '"');
	text_puts(show->to, show->bare ? "" : "\"");
	if (!end && room > size)
		text_puts(show->to, "…");
}

static void put_array(struct show *show, const struct btf_head *type, const uint8_t *bytes,
		      uint32_t size)
{
	const struct btf_array *array = btf_body(type);
	int64_t each = btf_size(show->btf, array->type);
	uint64_t there = each > 0 ? size / (uint64_t)each : 0;
	uint32_t n = array->n;
	bool bare = show->bare;

	if (each < 0) {
		value_put_absent(show);
		return;
	}
	if (n == 0) /* a flexible array: what the record still has */
		n = (uint32_t)there;
	if (is_char(show->btf, array->type)) {
		put_text(show, bytes, there < n ? (uint32_t)there : n, n);
		return;
	}
	if (is_byte(show->btf, array->type)) {
		text_puts(show->to, show->json ? "\"" : "");
		put_hex_digits(show, bytes, there < n ? (uint32_t)there : n);
		text_puts(show->to, show->json ? "\"" : there < n ? "…" : "");
		return;
	}
	show->bare = false;
	text_puts(show->to, "[");
	for (uint32_t i = 0; i < n && i < there && show->budget; i++) {
		if (i)
			text_puts(show->to, show->json ? "," : ", ");
		value_put(show, array->type, bytes + i * (uint64_t)each, (uint32_t)each);
	}
	if (!show->json && each > 0 && there < n)
		text_puts(show->to, there ? ", …" : "…");
	text_puts(show->to, "]");
	show->bare = bare;
}

/* ── Structs and unions ── */

static void put_name(struct show *show, const char *name, bool *first)
{
	text_puts(show->to, *first ? "" : show->json ? "," : ", ");
	*first = false;
	if (show->json) {
		text_json(show->to, (const uint8_t *)name, strlen(name));
	} else {
		text_puts(show->to, ".");
		text_escape(show->to, (const uint8_t *)name, strlen(name), 0);
	}
	text_puts(show->to, show->json ? ":" : " = ");
}

/* Members of members without a name are members of the struct around them, as in C. */
static void put_members(struct show *show, const struct btf_head *type, const uint8_t *bytes,
			uint32_t size, bool *first)
{
	const struct btf_member *members = btf_body(type);

	for (uint32_t i = 0; i < btf_vlen(type) && show->budget; i++) {
		const struct btf_member *member = &members[i];
		const char *name = btf_str(show->btf, member->name_off);
		const struct btf_head *of = btf_type(show->btf, btf_skip(show->btf, member->type));
		uint32_t bit = btf_member_bit(type, member), off = bit / 8 < size ? bit / 8 : size;

		if (value_is_padding(name))
			continue;
		if (!name[0]) {
			show->budget--;
			if (btf_kind(of) == BTF_STRUCT || btf_kind(of) == BTF_UNION)
				put_members(show, of, bytes + off, size - off, first);
			continue;
		}
		put_name(show, name, first);
		value_put_member(show, member->type, bit, btf_member_bits(type, member), bytes,
				 size);
	}
}

static void put_struct(struct show *show, const struct btf_head *type, const uint8_t *bytes,
		       uint32_t size)
{
	bool bare = show->bare, first = true;

	show->bare = false;
	text_puts(show->to, show->json ? "{" : "{ ");
	put_members(show, type, bytes, size, &first);
	text_puts(show->to, show->json || first ? "}" : " }");
	show->bare = bare;
}

/* The variables of a section, as if they were members. */
static void put_datasec(struct show *show, const struct btf_head *type, const uint8_t *bytes,
			uint32_t size)
{
	const struct btf_secvar *vars = btf_body(type);
	bool first = true;

	text_puts(show->to, show->json ? "{" : "{ ");
	for (uint32_t i = 0; i < btf_vlen(type) && show->budget; i++) {
		const struct btf_head *var = btf_type(show->btf, vars[i].type);
		uint32_t off = vars[i].offset < size ? vars[i].offset : size;

		if (btf_kind(var) != BTF_VAR)
			continue;
		put_name(show, btf_str(show->btf, var->name_off), &first);
		value_put(show, var->size_or_type, bytes + off, size - off);
	}
	text_puts(show->to, show->json || first ? "}" : " }");
}

/* ── Any type ── */

void value_put_member(struct show *show, uint32_t id, uint32_t bit, uint32_t bits,
		      const uint8_t *bytes, uint32_t size)
{
	const struct btf_head *type = btf_type(show->btf, btf_skip(show->btf, id));
	uint32_t off = bit / 8 < size ? bit / 8 : size;

	if (!bits && bit % 8 &&
	    btf_kind(type) == BTF_INT) { /* bitfields before kind_flag, clang 7 */
		const uint32_t *word = btf_body(type);

		bit += *word >> 16 & 0xff;
		bits = *word & 0xff;
	}
	if (bits) {
		show->budget -= show->budget > 0;
		put_bits(show, type, bytes, size, bit, bits);
	} else {
		value_put(show, id, bytes + off, size - off);
	}
}

void value_put(struct show *show, uint32_t id, const uint8_t *bytes, uint32_t size)
{
	const struct btf_head *type = btf_type(show->btf, btf_skip(show->btf, id));
	const struct meaning *meaning = meaning_of(show->btf, id);
	int64_t want = btf_size(show->btf, id);
	enum btf_kind kind = btf_kind(type);
	bool whole = want >= 0 && want <= size;
	bool aggregate =
		kind == BTF_ARRAY || kind == BTF_STRUCT || kind == BTF_UNION || kind == BTF_DATASEC;

	if (!show->budget || want < 0 || (!whole && (!aggregate || !size))) {
		value_put_absent(show);
		return;
	}
	show->budget--;
	if (meaning && (whole || !meaning->sizes)) {
		meaning->put(show, bytes, whole ? (uint32_t)want : size);
		return;
	}
	switch (kind) {
	case BTF_INT:
		put_int(show, type, bytes);
		return;
	case BTF_ENUM:
	case BTF_ENUM64:
		put_number(show, type, value_load(bytes, (uint32_t)want, is_signed(type)),
			   8 * (uint32_t)want);
		return;
	case BTF_FLOAT:
		put_float(show, bytes, (uint32_t)want);
		return;
	case BTF_PTR:
		text_fmt(show->to, show->json ? "\"0x%llx\"" : "0x%llx",
			 (unsigned long long)value_load(bytes, (uint32_t)want, false));
		return;
	case BTF_ARRAY:
		put_array(show, type, bytes, size);
		return;
	case BTF_STRUCT:
	case BTF_UNION:
		put_struct(show, type, bytes, size);
		return;
	case BTF_DATASEC:
		put_datasec(show, type, bytes, size);
		return;
	default:
		value_put_absent(show);
	}
}

/* ── Columns ── */

bool value_is_number(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
	const struct meaning *meaning = meaning_of(btf, id);

	if (meaning)
		return meaning->is_number;
	return btf_kind(type) == BTF_INT || btf_kind(type) == BTF_FLOAT ||
	       btf_kind(type) == BTF_PTR;
}

/* The longest name that is not very long. */
static uint32_t enum_width(const struct btf *btf, const struct btf_head *type)
{
	const uint32_t *words = btf_body(type); /* each enumerator begins with its name */
	uint32_t each = btf_layout(btf_kind(type))->words_each, most = 4;

	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		size_t n = strlen(btf_str(btf, words[(size_t)i * each]));

		if (n > most && n <= 24)
			most = (uint32_t)n;
	}
	return most;
}

uint32_t value_width(const struct btf *btf, uint32_t id)
{
	static const uint32_t widths[9] = {[1] = 3, [2] = 5, [4] = 7, [8] = 10};
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
	const struct meaning *meaning = meaning_of(btf, id);
	const struct btf_array *array;
	int64_t size = btf_size(btf, id);

	if (meaning)
		return meaning->width;
	switch (btf_kind(type)) {
	case BTF_INT:
		return size <= 8 ? widths[size] : 34;
	case BTF_ARRAY: /* text with its zero; TASK_COMM_LEN is 16 */
		array = btf_body(type);
		return is_char(btf, array->type) && size > 0 && size < 16 ? (uint32_t)size - 1 : 15;
	case BTF_ENUM:
	case BTF_ENUM64:
		return enum_width(btf, type);
	case BTF_PTR:
		return 18;
	default:
		return 10;
	}
}
