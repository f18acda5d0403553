// SPDX-License-Identifier: MIT
/*
 * The builder's names and data: each name once, what it stands for, and maps and variables.
 *
 * Knows nothing of instructions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/build_int.h"

void build_no_memory(struct build *b)
{
	if (!b->code)
		b->code = insn_err_set(&b->err, -ENOMEM, -1, "out of memory");
}

void *build_room(struct build *b, void *array, uint32_t n, uint32_t *capacity, size_t size)
{
	uint32_t more = *capacity ? 2 * *capacity : 16;
	void *grown;

	if (n < *capacity)
		return array;
	grown = more > *capacity ? realloc(array, more * size) : NULL;
	if (!grown) {
		build_no_memory(b);
		return NULL;
	}
	*capacity = more;
	return grown;
}

/* FNV-1a. */
static uint32_t hash_of(const char *text, size_t size)
{
	uint32_t hash = 2166136261u;

	for (size_t i = 0; i < size; i++)
		hash = (hash ^ (uint8_t)text[i]) * 16777619u;
	return hash;
}

static bool rehash(struct build *b)
{
	uint32_t n = b->n_hash ? 2 * b->n_hash : 64;
	uint32_t *hash = calloc(n, sizeof(*hash));

	if (!hash) {
		build_no_memory(b);
		return false;
	}
	for (uint32_t i = 0; i < b->n_names; i++) {
		uint32_t at = b->names[i].hash & (n - 1);

		while (hash[at])
			at = (at + 1) & (n - 1);
		hash[at] = i + 1;
	}
	free(b->hash);
	b->hash = hash;
	b->n_hash = n;
	return true;
}

uint32_t build_name(struct build *b, const char *text, size_t length)
{
	size_t size = strnlen(text, length); /* a pasted heading may hold a zero */
	uint32_t hash = hash_of(text, size), at;
	struct name *name;

	if (2 * b->n_names >= b->n_hash && !rehash(b))
		return BUILD_NONE;
	for (at = hash & (b->n_hash - 1); b->hash[at]; at = (at + 1) & (b->n_hash - 1)) {
		name = &b->names[b->hash[at] - 1];
		if (name->hash == hash && !strncmp(name->text, text, size) && !name->text[size])
			return b->hash[at] - 1;
	}
	if (!ROOM(b, names))
		return BUILD_NONE;
	name = &b->names[b->n_names];
	*name = (struct name){.hash = hash,
			      .func = BUILD_NONE,
			      .map = BUILD_NONE,
			      .var = BUILD_NONE,
			      .ext = BUILD_NONE,
			      .label_func = BUILD_NONE};
	name->text = strndup(text, size);
	if (!name->text) {
		build_no_memory(b);
		return BUILD_NONE;
	}
	b->hash[at] = ++b->n_names;
	return b->n_names - 1;
}

/* Whether the syntax can name it: letters, digits, _ and . inside. */
static bool is_name(const char *text)
{
	static const char more[] = "0123456789.";
	static const char first[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";

	if (!text[0] || !strchr(first, text[0]))
		return false;
	for (; *text; text++)
		if (!strchr(first, *text) && !strchr(more, *text))
			return false;
	return true;
}

/* What a name is already; NULL: nothing that a new map, function or variable would clash with. */
static const char *taken(const struct name *name)
{
	if (name->map != BUILD_NONE)
		return "a map";
	if (name->func != BUILD_NONE)
		return "a function";
	if (name->ext != BUILD_NONE)
		return "an extern";
	return name->var != BUILD_NONE ? "a variable" : NULL;
}

/* A name for something new, or BUILD_NONE: an error is recorded. */
uint32_t build_new_name(struct build *b, const char *text)
{
	uint32_t name;

	if (!is_name(text)) {
		build_fail(b, -EINVAL,
			   "the name \"%s\", want letters, digits, _ and ., no digit first", text);
		return BUILD_NONE;
	}
	name = build_name(b, text, strlen(text));
	if (name != BUILD_NONE && taken(&b->names[name])) {
		build_fail(b, -EEXIST, "\"%s\" is %s already, want a new name", text,
			   taken(&b->names[name]));
		return BUILD_NONE;
	}
	return name;
}

void build_map(struct build *b, const struct unit_map *map)
{
	uint32_t name = build_new_name(b, map->name);

	if (name == BUILD_NONE || !ROOM(b, maps))
		return;
	if (unit_copy_map(&b->maps[b->n_maps], map))
		build_no_memory(b);
	else
		b->names[name].map = b->n_maps++;
}

void build_extern(struct build *b, const char *name)
{
	uint32_t id = build_new_name(b, name);

	if (id == BUILD_NONE || !ROOM(b, externs))
		return;
	b->externs[b->n_externs] = id;
	b->names[id].ext = b->n_externs++;
}

void build_event(struct build *b, const char *map, const struct unit_field *fields, uint32_t n)
{
	uint32_t id = build_name(b, map, strlen(map));
	struct unit_field *copy;

	if (id == BUILD_NONE)
		return;
	if (b->names[id].map == BUILD_NONE) {
		build_fail(b, -ENOENT, "\"%s\" is no map, want one that came before", map);
		return;
	}
	for (uint32_t i = 0; i < b->n_events; i++)
		if (b->events[i].map == b->names[id].map)
			build_fail(b, -EEXIST, "the records of \"%s\" are described already", map);
	if (!n || n > UNIT_MAX_FIELDS) {
		build_fail(b, -EINVAL, "%u fields, want 1 to 64", n);
		return;
	}
	for (uint32_t i = 0; i < n; i++)
		if (!fields[i].size || fields[i].size > 8 ||
		    fields[i].size & (fields[i].size - 1) || fields[i].count > 65536)
			build_fail(b, -EINVAL,
				   "field %s: size %u and count %u, want 1, 2, 4 or 8, and at most "
				   "65536",
				   fields[i].name, fields[i].size, fields[i].count);
	copy = ROOM(b, events) ? unit_copy_fields(fields, n) : NULL;
	if (!copy) {
		build_no_memory(b);
		return;
	}
	b->events[b->n_events++] =
		(struct unit_event){.map = b->names[id].map, .fields = copy, .n_fields = n};
}

/* The bytes of a variable are those of its section's kind. */
void build_var(struct build *b, const char *section, const char *name, uint32_t align)
{
	uint32_t id = build_new_name(b, name), in = build_name(b, section, strlen(section));

	if (id == BUILD_NONE || in == BUILD_NONE)
		return;
	if (unit_kind_of(section) == UNIT_CODE) {
		build_fail(b, -EINVAL,
			   "section \"%s\" holds code, want .data, .rodata, .bss or one below",
			   section);
		return;
	}
	if (!align || align & (align - 1) || align > 4096) {
		build_fail(b, -EINVAL, "alignment %u, want a power of two up to 4096", align);
		return;
	}
	if (!ROOM(b, vars))
		return;
	b->vars[b->n_vars] = (struct var){.name = id, .section = in, .align = align};
	b->names[id].var = b->n_vars++;
}

void build_bytes(struct build *b, const void *bytes, uint32_t size)
{
	struct var *var = b->n_vars ? &b->vars[b->n_vars - 1] : NULL;
	bool bss;
	uint8_t *more;

	if (!var) {
		build_fail(b, -EINVAL, "bytes of no variable, want build_var() first");
		return;
	}
	bss = unit_kind_of(b->names[var->section].text) == UNIT_BSS;
	if (size > INT32_MAX || var->size > INT32_MAX - size) {
		build_fail(b, -E2BIG, "a variable of more than 2 GB");
		return;
	}
	for (uint32_t i = 0; bss && bytes && i < size; i++)
		if (((const uint8_t *)bytes)[i]) {
			build_fail(b, -EINVAL, "a byte that is not zero in %s, want .data",
				   b->names[var->section].text);
			return;
		}
	if (!bss && size) {
		more = realloc(var->bytes, var->size + size);
		if (!more) {
			build_no_memory(b);
			return;
		}
		var->bytes = more;
		if (bytes)
			memcpy(more + var->size, bytes, size);
		else
			memset(more + var->size, 0, size);
	}
	var->size += size;
}
