// SPDX-License-Identifier: MIT
/*
 * Split BTF from one base to another: see btf_relocate(). A module that is built outside of the
 * kernel's tree brings an excerpt of the vmlinux that it was built for (6.11, .BTF.base): numbers,
 * and structs by name and size. Knows which types of the two are the same; knows nothing of files.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/btf.h"

/* A type of the excerpt, and the one of the new base that it stands for: 0: none yet. */
struct named {
	const char *name;
	uint32_t id, to;
	bool ambiguous;
};

struct mover {
	const struct btf *split, *from, *to; /* from: the excerpt */
	struct named *named;		     /* by name */
	uint32_t *ids;			     /* of `to`, by ids of the excerpt */
	uint32_t n;			     /* of both; ids from 1 on */
	uint32_t first_str;		     /* where the copy's own strings begin to count */
	FILE *strings;			     /* names of the excerpt, behind the split BTF's own */
};

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct named *)a)->name, ((const struct named *)b)->name);
}

static int by_wanted(const void *name, const void *b)
{
	return strcmp(name, ((const struct named *)b)->name);
}

/* Whether a type may be the one that the excerpt means: a FWD is a struct of any size. */
static bool is_same(const struct btf_head *want, const struct btf_head *type)
{
	const enum btf_kind kind = btf_kind(want), other = btf_kind(type);

	switch (kind) {
	case BTF_FWD:
		return other == (btf_kind_flag(want) ? BTF_UNION : BTF_STRUCT) ||
		       (other == BTF_FWD && btf_kind_flag(want) == btf_kind_flag(type));
	case BTF_INT:
		return other == kind && want->size_or_type == type->size_or_type &&
		       !memcmp(btf_body(want), btf_body(type), 4);
	case BTF_ENUM:
	case BTF_ENUM64:
		return (other == BTF_ENUM || other == BTF_ENUM64) &&
		       want->size_or_type == type->size_or_type;
	default:
		return other == kind && want->size_or_type == type->size_or_type;
	}
}

/* Structs whose size counts must be one; of others the first will do, and the whole before a FWD. */
static void take(const struct mover *m, struct named *named, uint32_t id)
{
	const struct btf_head *want = btf_type(m->from, named->id), *type = btf_type(m->to, id);

	if (!is_same(want, type))
		return;
	if (!named->to || (btf_kind(btf_type(m->to, named->to)) == BTF_FWD && btf_kind(type) != BTF_FWD))
		named->to = id;
	else if (btf_kind(want) == BTF_STRUCT || btf_kind(want) == BTF_UNION)
		named->ambiguous = true;
}

static int find_types(struct mover *m, struct hewn_err *err)
{
	for (uint32_t i = 0; i < m->n; i++)
		m->named[i] = (struct named){.name = btf_name(m->from, i + 1), .id = i + 1};
	qsort(m->named, m->n, sizeof(*m->named), by_name);
	for (uint32_t id = 1; m->n && id < m->to->n_types; id++) {
		const char *name = btf_name(m->to, id);
		struct named *named =
			*name ? bsearch(name, m->named, m->n, sizeof(*named), by_wanted) : NULL;

		while (named && named > m->named && !strcmp(named[-1].name, name))
			named--;
		for (; named && named < m->named + m->n && !strcmp(named->name, name); named++)
			take(m, named, id);
	}
	for (uint32_t i = 0; i < m->n; i++) {
		const struct named *named = &m->named[i];

		if (!named->to || named->ambiguous)
			return err_set(err, named->to ? -ENOTUNIQ : -ESRCH,
				       "the module needs %s '%.64s' of vmlinux, which has %s of it",
				       btf_kind_name(btf_kind(btf_type(m->from, named->id))),
				       named->name, named->to ? "several" : "none");
		m->ids[named->id] = named->to;
	}
	return 0;
}

static void move_id(const struct mover *m, uint32_t *id)
{
	*id = *id < m->from->n_types ? m->ids[*id] : *id - m->from->n_types + m->to->n_types;
}

/* A name of the excerpt is put behind the strings, which costs less than to look for it in vmlinux. */
static void move_name(const struct mover *m, uint32_t *off)
{
	const char *name = btf_str(m->split, *off);

	if (!*off)
		return;
	if (*off >= m->split->first_str) {
		*off = *off - m->split->first_str + m->first_str;
		return;
	}
	*off = m->first_str + m->split->strings_size + (uint32_t)ftell(m->strings);
	fwrite(name, strlen(name) + 1, 1, m->strings);
}

/* All names and ids of a type, as check_body() of btf_check.c walks over them. */
static void move_type(const struct mover *m, struct btf_head *type)
{
	const enum btf_kind kind = btf_kind(type);
	uint32_t *words = (uint32_t *)(void *)(type + 1);
	const uint32_t n = btf_layout(kind)->words_each;

	move_name(m, &type->name_off);
	if (btf_layout(kind)->has_type)
		move_id(m, &type->size_or_type);
	if (kind == BTF_ARRAY) {
		move_id(m, &words[0]);
		move_id(m, &words[1]);
	}
	for (uint32_t i = 0; n && i < btf_vlen(type); i++, words += n) {
		if (kind == BTF_DATASEC)
			move_id(m, &words[0]);
		else
			move_name(m, &words[0]);
		if (kind == BTF_STRUCT || kind == BTF_UNION || kind == BTF_FUNC_PROTO)
			move_id(m, &words[1]);
	}
}

/* The types, moved, between a header and the strings. */
static int write_copy(struct mover *m, uint8_t **bytes, uint32_t *size, struct hewn_err *err)
{
	const struct btf *split = m->split;
	const uint32_t types = split->types_end - split->types_off;
	struct btf_header header = {.magic = BTF_MAGIC,
				    .version = 1,
				    .header_size = BTF_HEADER_SIZE,
				    .types_size = types,
				    .strings_off = types};
	uint8_t *copy = malloc((size_t)types + 1), *to = NULL;
	char *names = NULL;
	size_t names_size = 0;

	m->strings = open_memstream(&names, &names_size);
	if (copy && m->strings) {
		memcpy(copy, split->bytes + split->types_off, types);
		for (uint32_t id = split->first_id; id < split->n_types; id++) {
			const uint8_t *type = (const uint8_t *)btf_type(split, id);

			move_type(m, (struct btf_head *)(void *)(copy + (type - split->bytes) - split->types_off));
		}
	}
	if (mem_written(m->strings, &names) && copy) {
		header.strings_size = split->strings_size + (uint32_t)names_size;
		*size = BTF_HEADER_SIZE + types + header.strings_size;
		*bytes = to = malloc(*size);
	}
	if (to) {
		to = (uint8_t *)memcpy(to, &header, BTF_HEADER_SIZE) + BTF_HEADER_SIZE;
		to = (uint8_t *)memcpy(to, copy, types) + types;
		to = (uint8_t *)memcpy(to, split->strings, split->strings_size) + split->strings_size;
		memcpy(to, names, names_size);
	}
	free(names);
	free(copy);
	return to ? 0 : err_nomem(err);
}

int btf_relocate(const struct btf *split, const struct btf *base, uint8_t **bytes, uint32_t *size,
		 struct hewn_err *err)
{
	struct mover m = {.split = split, .from = split->base, .to = base};
	int ret;

	*bytes = NULL;
	*size = 0;
	if (!split->base || split->n_kinds)
		return err_set(err, -EINVAL, "want split BTF, of kinds that are known");
	m.n = m.from->n_types - 1;
	m.first_str = base->first_str + base->strings_size;
	m.named = calloc((size_t)m.n + 1, sizeof(*m.named));
	m.ids = calloc((size_t)m.n + 1, sizeof(*m.ids));
	if (m.named && m.ids) {
		ret = find_types(&m, err);
		if (!ret)
			ret = write_copy(&m, bytes, size, err);
	} else {
		ret = err_nomem(err);
	}
	free(m.named);
	free(m.ids);
	return ret;
}
