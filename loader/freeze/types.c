// SPDX-License-Identifier: MIT
/*
 * BTF as C: the definitions that a value needs, with the layout of the eBPF side on every machine. So places
 * that a compiler would leave free are members, pointers are 64-bit numbers, and bit-fields are the bytes that
 * they are in. Knows types; knows nothing of maps.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/freeze.h"

/* Members of structs that are written inside of others, having no name: against BTF in which each has the one before twice. */
#define MOST_INLINE 10000u

int types_open(struct types *types, const struct freeze *f, FILE *to)
{
	types->f = f;
	types->to = to;
	types->left = MOST_INLINE;
	types->done = calloc((size_t)f->object->btf.n_types + 1, 1);
	types->aligns = calloc((size_t)f->object->btf.n_types + 1, 1);
	if (types->done && types->aligns)
		return 0;
	types_close(types);
	return -ENOMEM;
}

void types_close(struct types *types)
{
	free(types->done);
	free(types->aligns);
}

static const struct btf *btf_of(const struct types *types)
{
	return &types->f->object->btf;
}

/* Past what changes neither size nor meaning, but not past a typedef's name if `name` is wanted. */
static uint32_t strip(const struct btf *btf, uint32_t type, const char **name)
{
	for (int i = 0; i < 64; i++) {
		const struct btf_head *head = btf_type(btf, type);

		switch (btf_kind(head)) {
		case BTF_TYPEDEF:
			if (name && !*name)
				*name = btf_name(btf, type);
			type = head->size_or_type;
			break;
		case BTF_VOLATILE:
		case BTF_CONST:
		case BTF_RESTRICT:
		case BTF_TYPE_TAG:
			type = head->size_or_type;
			break;
		default:
			return type;
		}
	}
	return 0;
}

static bool is_struct(const struct btf_head *head)
{
	return btf_kind(head) == BTF_STRUCT || btf_kind(head) == BTF_UNION;
}

/* "opens_call" for a struct; "" for one without a name of any kind. */
static void tag_of(const struct types *types, uint32_t type, const char *alias, char *to, size_t size)
{
	const char *name = btf_name(btf_of(types), type);
	char id[120];

	if (!name[0])
		name = alias ? alias : "";
	if (!name[0]) {
		to[0] = 0;
		return;
	}
	words_id(id, sizeof(id), name);
	for (uint32_t i = 1; i < type; i++) /* another one of that name */
		if (is_struct(btf_type(btf_of(types), i)) && !strcmp(btf_name(btf_of(types), i), name)) {
			snprintf(to, size, "%s_%s_%u", types->f->name, id, type);
			return;
		}
	snprintf(to, size, "%s_%s", types->f->name, id);
}

static void write_struct(struct types *types, uint32_t type, unsigned int depth);

/* A type without a name of its own that C could refer to: its members are written, or at last its bytes. */
static bool is_inline(const struct types *types, uint32_t type, const char *alias)
{
	const struct btf_head *head = btf_type(btf_of(types), type);

	return is_struct(head) && !btf_name(btf_of(types), type)[0] && !alias && btf_vlen(head) <= types->left;
}

static void declare(struct types *types, uint32_t type, const char *name, unsigned int depth, FILE *to)
{
	const struct btf *btf = btf_of(types);
	const char *alias = NULL;
	const uint32_t plain = strip(btf, type, &alias);
	const struct btf_head *head = btf_type(btf, plain);
	const int64_t size = btf_size(btf, plain);
	char text[300];
	uint32_t info;

	switch (btf_kind(head)) {
	case BTF_INT:
		memcpy(&info, btf_body(head), sizeof(info));
		if (size == 1 && (info >> 24 & 2 || !strcmp(btf_name(btf, plain), "char")))
			fprintf(to, "char %s", name);
		else if (size == 1 || size == 2 || size == 4 || size == 8)
			fprintf(to, "%sint%d_t %s", info >> 24 & 1 ? "" : "u", (int)size * 8, name);
		else
			fprintf(to, "uint8_t %s[%d]", name, (int)size);
		return;
	case BTF_ENUM:
	case BTF_ENUM64:
		fprintf(to, "%sint%d_t %s", btf_kind_flag(head) ? "" : "u", (int)size * 8, name);
		return;
	case BTF_PTR:
		fprintf(to, "uint64_t %s", name);
		return;
	case BTF_FLOAT:
		if (size == 4 || size == 8)
			fprintf(to, "%s %s", size == 4 ? "float" : "double", name);
		else
			fprintf(to, "uint8_t %s[%d]", name, (int)size);
		return;
	case BTF_ARRAY: {
		struct btf_array array;

		memcpy(&array, btf_body(head), sizeof(array));
		snprintf(text, sizeof(text), "%.200s[%u]", name, array.n);
		declare(types, array.type, text, depth, to);
		return;
	}
	case BTF_STRUCT:
	case BTF_UNION:
		if (is_inline(types, plain, alias)) {
			types->left -= btf_vlen(head);
			fprintf(to, "%s {\n", btf_kind(head) == BTF_UNION ? "union" : "struct");
			write_struct(types, plain, depth + 1);
			words_tabs(to, depth);
			fprintf(to, "}%s%s", name[0] ? " " : "", name);
			return;
		}
		tag_of(types, plain, alias, text, sizeof(text));
		if (text[0])
			fprintf(to, "%s %s %s", btf_kind(head) == BTF_UNION ? "union" : "struct", text, name);
		else
			fprintf(to, "uint8_t %s[%d]", name, (int)size);
		return;
	default:
		if (size > 0)
			fprintf(to, "uint8_t %s[%d]", name, (int)size);
		else
			fprintf(to, "uint8_t %s[1]", name[0] ? name : "unknown");
		return;
	}
}

void types_declare(struct types *types, uint32_t type, const char *name, FILE *to)
{
	declare(types, type, name, 0, to);
}

/* ── structs ── */

static uint32_t align_of(const struct types *types, const struct btf_head *head, int64_t size)
{
	struct btf_member member;
	struct btf_array array;
	uint32_t most = 1;

	switch (btf_kind(head)) {
	case BTF_ARRAY:
		memcpy(&array, btf_body(head), sizeof(array));
		return types_align(types, array.type);
	case BTF_STRUCT:
	case BTF_UNION:
		for (uint32_t i = 0; i < btf_vlen(head); i++) {
			uint32_t align;

			memcpy(&member, (const uint8_t *)btf_body(head) + i * sizeof(member), sizeof(member));
			align = types_align(types, member.type);
			if (align > most)
				most = align;
		}
		return most;
	default:
		return size > 8 ? 8 : size > 0 ? (uint32_t)size : 1;
	}
}

uint32_t types_align(const struct types *types, uint32_t type)
{
	const struct btf *btf = btf_of(types);
	const uint32_t plain = strip(btf, type, NULL);

	if (!types->aligns[plain])
		types->aligns[plain] = (uint8_t)align_of(types, btf_type(btf, plain), btf_size(btf, plain));
	return types->aligns[plain];
}

static bool is_char_comment(const char *alias)
{
	return alias && strncmp(alias, "__", 2) != 0 && strcmp(alias, "u8") != 0 && strcmp(alias, "u16") != 0 && strcmp(alias, "u32") != 0 &&
	       strcmp(alias, "u64") != 0 && strcmp(alias, "s8") != 0 && strcmp(alias, "s16") != 0 && strcmp(alias, "s32") != 0 &&
	       strcmp(alias, "s64") != 0 && strcmp(alias, "bool") != 0 && !strstr(alias, "int") && !strstr(alias, "size_t");
}

/* What the C type does not say: what a number means, where a pointer goes. */
static void remark(const struct types *types, uint32_t type, FILE *to)
{
	const struct btf *btf = btf_of(types);
	const char *alias = NULL;
	const uint32_t plain = strip(btf, type, &alias);
	const struct btf_head *head = btf_type(btf, plain);

	if (btf_kind(head) == BTF_PTR)
		fputs(" /* a pointer */", to);
	else if ((btf_kind(head) == BTF_ENUM || btf_kind(head) == BTF_ENUM64) && btf_name(btf, plain)[0])
		words_about(to, " /* enum ", btf_name(btf, plain), " */");
	else if (!is_struct(head) && is_char_comment(alias))
		words_about(to, " /* ", alias, " */");
}

static void gap(const struct types *types, uint32_t from, uint32_t until, unsigned int depth)
{
	if (until <= from)
		return;
	words_tabs(types->to, depth);
	fprintf(types->to, "uint8_t unused_%u[%u];\n", from, until - from);
}

/* The members, each at its offset. */
static void write_struct(struct types *types, uint32_t type, unsigned int depth)
{
	const struct btf *btf = btf_of(types);
	const struct btf_head *head = btf_type(btf, type);
	const bool is_union = btf_kind(head) == BTF_UNION;
	const uint32_t whole = (uint32_t)btf_size(btf, type);
	uint32_t at = 0, most = 0;

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		struct btf_member member;
		uint32_t bit, bits, size;
		char name[130] = "";

		memcpy(&member, (const uint8_t *)btf_body(head) + i * sizeof(member), sizeof(member));
		bit = btf_member_bit(head, &member);
		bits = btf_member_bits(head, &member);
		size = (uint32_t)(btf_size(btf, member.type) > 0 ? btf_size(btf, member.type) : 0);
		if (bits || bit % 8) { /* in the bytes that are left free */
			words_tabs(types->to, depth);
			fprintf(types->to, "/* bits %u to %u: ", bit, bit + (bits ? bits : size * 8) - 1);
			words_comment(types->to, btf_str(btf, member.name_off));
			fputs(" */\n", types->to);
			continue;
		}
		if (!size || bit / 8 < at || size > whole - bit / 8) {
			if (!size || !is_union) {
				words_tabs(types->to, depth);
				fputs("/* ", types->to);
				words_comment(types->to, btf_str(btf, member.name_off));
				fputs(": of no size, or over another */\n", types->to);
				continue;
			}
		}
		if (!is_union)
			gap(types, at, bit / 8, depth);
		if (btf_str(btf, member.name_off)[0])
			words_id(name, sizeof(name), btf_str(btf, member.name_off));
		else if (!is_inline(types, strip(btf, member.type, NULL), NULL))
			snprintf(name, sizeof(name), "member_%u", i);
		words_tabs(types->to, depth);
		declare(types, member.type, name, depth, types->to);
		fputs(";", types->to);
		remark(types, member.type, types->to);
		fputs("\n", types->to);
		at = is_union ? 0 : bit / 8 + size;
		if (size > most)
			most = size;
	}
	if (is_union && most < whole) {
		words_tabs(types->to, depth);
		fprintf(types->to, "uint8_t whole_%u[%u];\n", type, whole);
	} else if (!is_union) {
		gap(types, at, whole, depth);
	}
}

const char *types_packing(uint64_t size, uint32_t align, bool misplaced)
{
	if (misplaced)
		return " __attribute__((packed))";
	if (size % align == 0)
		return "";
	return size % 4 == 0 ? " __attribute__((packed, aligned(4)))" :
	       size % 2 == 0 ? " __attribute__((packed, aligned(2)))" :
			       " __attribute__((packed))";
}

/* Whether a compiler would put members elsewhere, even with all gaps filled. */
static bool is_misplaced(const struct types *types, uint32_t type)
{
	const struct btf_head *head = btf_type(btf_of(types), type);

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		struct btf_member member;

		memcpy(&member, (const uint8_t *)btf_body(head) + i * sizeof(member), sizeof(member));
		if (!btf_member_bits(head, &member) && btf_member_bit(head, &member) / 8 % types_align(types, member.type))
			return true;
	}
	return false;
}

static void define_members(struct types *types, uint32_t type)
{
	const struct btf_head *head = btf_type(btf_of(types), type);

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		struct btf_member member;

		memcpy(&member, (const uint8_t *)btf_body(head) + i * sizeof(member), sizeof(member));
		types_define(types, member.type);
	}
}

static void define_enum(struct types *types, uint32_t type)
{
	const struct btf *btf = btf_of(types);
	const struct btf_head *head = btf_type(btf, type);
	char id[120];

	if (btf_kind(head) != BTF_ENUM || !btf_name(btf, type)[0] || btf_vlen(head) > 64 || !btf_vlen(head))
		return;
	words_about(types->to, "/* enum ", btf_name(btf, type), " */\nenum {\n");
	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		struct btf_enumerator e;

		memcpy(&e, (const uint8_t *)btf_body(head) + i * sizeof(e), sizeof(e));
		words_id(id, sizeof(id), btf_str(btf, e.name_off));
		fprintf(types->to, "\t%s_%s = %d,\n", types->f->upper, id, e.value);
	}
	fputs("};\n\n", types->to);
}

void types_define(struct types *types, uint32_t type)
{
	const struct btf *btf = btf_of(types);
	const char *alias = NULL;
	const uint32_t plain = strip(btf, type, &alias);
	const struct btf_head *head = btf_type(btf, plain);
	char tag[300];

	if (!plain || types->done[plain])
		return;
	types->done[plain] = 1;
	if (btf_kind(head) == BTF_ARRAY) {
		struct btf_array array;

		memcpy(&array, btf_body(head), sizeof(array));
		types->done[plain] = 0;
		types_define(types, array.type);
		return;
	}
	if (btf_kind(head) == BTF_ENUM)
		define_enum(types, plain);
	if (!is_struct(head))
		return;
	define_members(types, plain);
	tag_of(types, plain, alias, tag, sizeof(tag));
	if (!tag[0])
		return;
	fprintf(types->to, "%s %s {\n", btf_kind(head) == BTF_UNION ? "union" : "struct", tag);
	write_struct(types, plain, 1);
	fprintf(types->to, "}%s;\n_Static_assert(sizeof(%s %s) == %d, \"it is laid out as the programs have it\");\n\n",
		types_packing((uint64_t)btf_size(btf, plain), types_align(types, plain), is_misplaced(types, plain)), btf_kind(head) == BTF_UNION ? "union" : "struct", tag,
		(int)btf_size(btf, plain));
}
