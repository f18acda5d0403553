// SPDX-License-Identifier: MIT
/*
 * The copy of an object's BTF that BPF_BTF_LOAD gets: the same types with the same ids, but for
 * those that a kernel refuses. Knows what kernels take (kernel/bpf/btf.c); asks none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/btf.h"

#define LINKAGE_GLOBAL 1u
#define LINKAGE_EXTERN 2u

static uint32_t info(enum btf_kind kind, uint32_t vlen)
{
	return (uint32_t)kind << 24 | vlen;
}

/* The description of an INT: so many bits, from bit 0. */
static uint32_t int_bits(uint32_t size, bool is_signed)
{
	return (uint32_t)is_signed << 24 | size * 8;
}

/* What later kernels brought, with the versions, oldest first. A type may fall under several. */
enum rule {
	RULE_FUNC,
	RULE_DATASEC,
	RULE_GLOBAL_FUNC,
	RULE_NO_VARIABLES,
	RULE_FLOAT,
	RULE_DECL_TAG,
	RULE_TYPE_TAG,
	RULE_ENUM64,
	RULE_QUESTION_MARK,
	RULE_UNKNOWN,
	N_RULES
};
#define BIT(rule) (1u << (rule))

static const struct {
	uint32_t since;
	const char *what;
} rules[] = {
	[RULE_FUNC] = {0x050000, "FUNC, or a struct with bitfields"},
	[RULE_DATASEC] = {0x050200, "DATASEC, VAR, or an INT of 128 bits"},
	[RULE_GLOBAL_FUNC] = {0x050600, "a FUNC that is global"},
	[RULE_NO_VARIABLES] = {0x050c00, "a section without variables"},
	[RULE_FLOAT] = {0x050d00, "FLOAT"},
	[RULE_DECL_TAG] = {0x051000, "DECL_TAG"},
	[RULE_TYPE_TAG] = {0x051100, "TYPE_TAG"},
	[RULE_ENUM64] = {0x060000, "ENUM64, or a signed ENUM"},
	[RULE_QUESTION_MARK] = {0x060900, "a section whose name begins with ?"},
	[RULE_UNKNOWN] = {0xffff00, "a kind that was not known when this was written"},
};

/* The rules that a type falls under, as bits. */
static uint32_t rules_of(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, id);

	switch (btf_kind(type)) {
	case BTF_INT: /* 128 bits came with 5.1, which lacks DATASEC too */
		return type->size_or_type > 8 ? BIT(RULE_DATASEC) : 0;
	case BTF_STRUCT:
	case BTF_UNION:
	case BTF_FWD:
		return btf_kind_flag(type) ? BIT(RULE_FUNC) : 0;
	case BTF_FUNC_PROTO:
		return BIT(RULE_FUNC);
	case BTF_FUNC:
		return BIT(RULE_FUNC) |
		       (btf_vlen(type) == LINKAGE_GLOBAL ? BIT(RULE_GLOBAL_FUNC) : 0);
	case BTF_VAR:
		return BIT(RULE_DATASEC);
	case BTF_DATASEC:
		return BIT(RULE_DATASEC) | (btf_vlen(type) ? 0 : BIT(RULE_NO_VARIABLES)) |
		       (btf_name(btf, id)[0] == '?' ? BIT(RULE_QUESTION_MARK) : 0);
	case BTF_FLOAT:
		return BIT(RULE_FLOAT);
	case BTF_DECL_TAG:
		return BIT(RULE_DECL_TAG);
	case BTF_TYPE_TAG:
		return BIT(RULE_TYPE_TAG);
	case BTF_ENUM64:
		return BIT(RULE_ENUM64);
	case BTF_ENUM:
		return btf_kind_flag(type) ? BIT(RULE_ENUM64) : 0;
	default:
		return btf_kind(type) < BTF_N_KINDS ? 0 : BIT(RULE_UNKNOWN);
	}
}

/* The rules that a kernel has, as bits. */
static uint32_t rules_in(uint32_t kernel)
{
	uint32_t known = 0;

	for (uint32_t i = 0; i < N_RULES; i++)
		known |= rules[i].since <= kernel ? BIT(i) : 0;
	return known;
}

/* Whether each copy looks at the type: most of them every kernel takes as they are. */
static bool is_marked(const struct btf *btf, uint32_t id)
{
	const enum btf_kind kind = btf_kind(btf_type(btf, id));

	return kind == BTF_DATASEC || kind == BTF_DECL_TAG || kind == BTF_FUNC || kind == BTF_VAR || rules_of(btf, id);
}

int btf_mark(struct btf *btf, struct hewn_err *err)
{
	for (uint32_t id = btf->first_id; id < btf->n_types; id++) {
		uint32_t *mark = is_marked(btf, id) ? mem_append(&btf->marks, &btf->n_marks, sizeof(*mark)) : &id;

		if (!mark)
			return err_nomem(err);
		*mark = id;
	}
	return 0;
}

uint32_t btf_rules(const struct btf *btf)
{
	uint32_t met = 0;

	for (uint32_t i = 0; i < btf->n_marks; i++)
		met |= rules_of(btf, btf->marks[i]);
	return met;
}

uint32_t btf_newest_rule(uint32_t met, uint32_t kernel, const char **what)
{
	uint32_t newest = N_RULES;

	met &= rules_in(kernel);
	while (newest && !(met & BIT(newest - 1)))
		newest--;
	*what = newest ? rules[newest - 1].what : "";
	return newest ? rules[newest - 1].since : 0;
}

static int by_offset(const void *a, const void *b)
{
	const struct btf_secvar *x = a, *y = b;

	return x->offset < y->offset ? -1 : x->offset > y->offset;
}

/*
 * Whether the variables, sorted, lie in the section one after the other, as the kernel wants it.
 * They do not where nobody filled in what the compiler left open: .ksyms, .kconfig, and sections
 * that are no map.
 */
static bool datasec_is_laid_out(const struct btf *btf, const struct btf_head *type,
				const struct btf_secvar *vars)
{
	uint64_t end = 0;

	if (!type->size_or_type)
		return false;
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		int64_t size = btf_size(btf, vars[i].type);

		if (btf_kind(btf_type(btf, vars[i].type)) != BTF_VAR || !vars[i].size || size < 0 ||
		    size > vars[i].size || vars[i].offset < end)
			return false;
		end = (uint64_t)vars[i].offset + vars[i].size;
	}
	return end <= type->size_or_type;
}

/* Overwrites a head, and the one word after it, with an INT; what else followed is given back. */
static uint32_t put_int(struct btf_head *type, uint32_t name_off, uint32_t size, bool is_signed)
{
	uint32_t word = int_bits(size, is_signed);

	type->name_off = name_off;
	type->info = info(BTF_INT, 0);
	type->size_or_type = size;
	memcpy(type + 1, &word, sizeof(word));
	return sizeof(word);
}

static bool is_extern_func(const struct btf_head *type)
{
	return btf_kind(type) == BTF_FUNC && btf_vlen(type) == LINKAGE_EXTERN;
}

struct encoder {
	const struct btf *btf;
	uint32_t int_id; /* the INT after the last type, for variables whose type has no size */
	bool needs_int;
	bool has_marks;	 /* names of sections that begin with ? */
};

/* Rewrites what no kernel takes. type is in the copy, with room for one word more than it has. */
static uint32_t encode_always(struct encoder *enc, struct btf_head *type)
{
	struct btf_secvar *vars = (struct btf_secvar *)(void *)(type + 1);
	uint32_t size = btf_body_size_in(enc->btf, type), linkage;

	switch (btf_kind(type)) {
	case BTF_DATASEC:
		qsort(vars, btf_vlen(type), sizeof(*vars), by_offset);
		if (!datasec_is_laid_out(enc->btf, type, vars))
			return put_int(type, 0, 1, false);
		return size;
	case BTF_DECL_TAG: /* of a parameter of what becomes a TYPEDEF, which has none */
		if (is_extern_func(btf_type(enc->btf, type->size_or_type)))
			return put_int(type, 0, 1, false);
		return size;
	case BTF_FUNC: /* no kernel takes extern functions; nothing but .ksyms refers to them */
		if (is_extern_func(type))
			type->info = info(BTF_TYPEDEF, 0);
		return size;
	case BTF_VAR:
		memcpy(&linkage, type + 1, sizeof(linkage));
		if (linkage > LINKAGE_GLOBAL) {
			linkage = LINKAGE_GLOBAL;
			memcpy(type + 1, &linkage, sizeof(linkage));
		}
		if (btf_size(enc->btf, type->size_or_type) < 0) {
			type->size_or_type = enc->int_id;
			enc->needs_int = true;
		}
		return size;
	default:
		return size;
	}
}

/* A STRUCT, or UNION, as before 5.0: only members that are no bitfields, and no flag that tells
 * them. */
static uint32_t drop_bitfields(struct btf_head *type)
{
	struct btf_member *members = (struct btf_member *)(void *)(type + 1);
	uint32_t n = 0;

	for (uint32_t i = 0; i < btf_vlen(type); i++)
		if (!btf_member_bits(type, &members[i]))
			members[n++] = members[i];
	type->info = info(btf_kind(type), n);
	return n * (uint32_t)sizeof(*members);
}

/* A DATASEC as before 5.2: a STRUCT with its variables as members. Names with a dot are of
 * variables only. */
static uint32_t put_struct_of(const struct encoder *enc, struct btf_head *type)
{
	struct btf_secvar *vars = (struct btf_secvar *)(void *)(type + 1);
	const uint32_t n = btf_vlen(type);

	if (type->size_or_type > UINT32_MAX / 8)
		return put_int(type, 0, 1, false);
	for (uint32_t i = 0; i < n; i++) {
		const struct btf_head *var = btf_type(enc->btf, vars[i].type);
		struct btf_member member = {.name_off = var->name_off,
					    .type = var->size_or_type,
					    .offset = vars[i].offset * 8};

		if (strchr(btf_str(enc->btf, var->name_off), '.'))
			member.name_off = 0;
		memcpy(&vars[i], &member, sizeof(member));
	}
	type->name_off = 0;
	type->info = info(BTF_STRUCT, n);
	return n * (uint32_t)sizeof(*vars);
}

/* An empty STRUCT in the place of a number: of its size, and nothing more. */
static uint32_t put_room(struct btf_head *type)
{
	type->name_off = 0;
	type->info = info(BTF_STRUCT, 0);
	return 0;
}

/* Rewrites what came with a later kernel: `newer` are the rules that the kernel does not have. */
static uint32_t encode_old(struct encoder *enc, struct btf_head *type, uint32_t newer)
{
	uint32_t size = btf_body_size_in(enc->btf, type);

	switch (btf_kind(type)) {
	case BTF_INT:
	case BTF_FLOAT:
		return put_room(type);
	case BTF_STRUCT:
	case BTF_UNION:
		return drop_bitfields(type);
	case BTF_FWD:
		type->info = info(BTF_FWD, 0);
		return size;
	case BTF_TYPE_TAG:
		type->name_off = 0;
		type->info = info(BTF_CONST, 0);
		return 0;
	case BTF_ENUM64:
		return put_int(type, type->name_off, type->size_or_type, btf_kind_flag(type));
	case BTF_ENUM:
		type->info &= ~(1u << 31);
		return size;
	case BTF_DATASEC:
		if (newer & BIT(RULE_DATASEC))
			return put_struct_of(enc, type);
		if (newer & BIT(RULE_NO_VARIABLES))
			return put_int(type, 0, 1, false);
		enc->has_marks = true;
		return size;
	case BTF_FUNC:
		type->info = info(newer & BIT(RULE_FUNC) ? BTF_TYPEDEF : BTF_FUNC, 0);
		return size;
	default: /* a VAR, a FUNC_PROTO, a tag, or a kind that is not known here: nothing needs its
		    size */
		return put_int(type, 0, 1, false);
	}
}

/* Copies what is between two places. Returns its size. */
static uint32_t put(uint8_t *to, const uint8_t *from, const uint8_t *end)
{
	memcpy(to, from, (size_t)(end - from));
	return (uint32_t)(end - from);
}

static void replace_marks(const struct btf *btf, char *strings)
{
	for (uint32_t i = 0; i < btf->n_marks; i++)
		if (rules_of(btf, btf->marks[i]) & BIT(RULE_QUESTION_MARK))
			strings[btf_type(btf, btf->marks[i])->name_off] = '_';
}

int btf_encode(const struct btf *btf, uint32_t kernel, uint8_t **bytes, uint32_t *size,
	       struct hewn_err *err)
{
	struct encoder enc = {.btf = btf, .int_id = btf->n_types};
	struct btf_header header = {
		.magic = BTF_MAGIC, .version = 1, .header_size = BTF_HEADER_SIZE};
	const uint32_t known = rules_in(kernel);
	const uint8_t *pending; /* not copied yet */
	struct btf_head *last;
	uint8_t *to;

	*bytes = NULL;
	*size = 0;
	if (!btf->bytes)
		return err_set(err, -ENOENT, "no BTF to encode");
	if (btf->base)
		return err_set(err, -EINVAL, "split BTF, want BTF that stands alone");
	/* What is empty grows by a word as an INT, and there may be one type more: room for both.
	 */
	to = malloc((size_t)btf->size + 4 * (size_t)btf->n_types + 64);
	if (!to)
		return err_nomem(err);
	*size = BTF_HEADER_SIZE;
	pending = btf->bytes + btf->types_off;
	for (uint32_t i = 0; i < btf->n_marks; i++) {
		const struct btf_head *from = btf_type(btf, btf->marks[i]);
		const uint32_t newer = rules_of(btf, btf->marks[i]) & ~known;
		const enum btf_kind kind = btf_kind(from);
		struct btf_head *type;
		const uint8_t *end;
		uint32_t body;

		end = (const uint8_t *)from + sizeof(*from) + btf_body_size_in(btf, from);
		*size += put(to + *size, pending, (const uint8_t *)from);
		type = (struct btf_head *)(void *)(to + *size);
		put(to + *size, (const uint8_t *)from, end);
		pending = end;
		body = encode_always(&enc, type);
		if (newer && btf_kind(type) == kind)
			body = encode_old(&enc, type, newer);
		*size += (uint32_t)sizeof(*type) + body;
	}
	*size += put(to + *size, pending, btf->bytes + btf->types_end);
	if (enc.needs_int) {
		last = (struct btf_head *)(void *)(to + *size);
		*size += (uint32_t)sizeof(*last) + put_int(last, 0, 4, true);
	}
	header.types_size = header.strings_off = *size - BTF_HEADER_SIZE;
	header.strings_size = btf->strings_size;
	memcpy(to, &header, BTF_HEADER_SIZE);
	memcpy(to + *size, btf->strings, btf->strings_size);
	if (enc.has_marks)
		replace_marks(btf, (char *)to + *size);
	*size += btf->strings_size;
	*bytes = to;
	return 0;
}
