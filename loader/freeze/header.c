// SPDX-License-Identifier: MIT
/*
 * The header of a frozen program: its types, its struct, and functions for its maps. Knows maps and their types;
 * knows nothing of steps.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/freeze/freeze.h"

/* Maps that are read and written by key, and whether each CPU has a value of its own. */
static bool has_elements(uint32_t type, bool *per_cpu)
{
	*per_cpu = type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY || type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
	return *per_cpu || type == BPF_MAP_TYPE_HASH || type == BPF_MAP_TYPE_ARRAY || type == BPF_MAP_TYPE_LRU_HASH ||
	       type == BPF_MAP_TYPE_LPM_TRIE;
}

/* Whether a pointer to the type can be written. */
static bool can_point(const struct freeze *f, uint32_t type, uint32_t size)
{
	const struct btf *btf = &f->object->btf;
	const uint32_t plain = freeze_typed(f, type, size) ? btf_skip(btf, type) : 0;
	const enum btf_kind kind = btf_kind(btf_type(btf, plain));

	if (!plain || kind == BTF_ARRAY)
		return false;
	if (kind != BTF_STRUCT && kind != BTF_UNION)
		return kind == BTF_INT || kind == BTF_ENUM || kind == BTF_PTR;
	return btf_name(btf, plain)[0] || btf_kind(btf_type(btf, type)) == BTF_TYPEDEF;
}

static void pointer(struct types *types, uint32_t type, uint32_t size, const char *name, FILE *to)
{
	char text[80];

	if (!can_point(types->f, type, size)) {
		fprintf(to, "void *%s", name);
		return;
	}
	snprintf(text, sizeof(text), "*%s", name);
	types_declare(types, type, text, to);
}

/* ── variables ── */

/* Another variable before it has that name: two files were linked, or two functions have it. */
static bool is_taken(const struct btf *btf, const struct btf_head *head, const struct btf_secvar *of, const char *name)
{
	struct btf_secvar var;
	char other[130];

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		memcpy(&var, (const uint8_t *)btf_body(head) + i * sizeof(var), sizeof(var));
		words_id(other, sizeof(other), btf_name(btf, var.type));
		if (var.offset < of->offset && !strcmp(other, name))
			return true;
	}
	return false;
}

static void data_struct(struct types *types, const struct obj_map *map, const char *id)
{
	const struct btf *btf = &types->f->object->btf;
	const struct btf_head *head = btf_type(btf, map->datasec);
	FILE *to = types->to;
	struct btf_secvar var;
	uint32_t at = 0, align = 1;

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		memcpy(&var, (const uint8_t *)btf_body(head) + i * sizeof(var), sizeof(var));
		types_define(types, btf_type(btf, var.type) ? btf_type(btf, var.type)->size_or_type : 0);
	}
	words_about(to, "/* The variables of ", map->section, ". */\n");
	fprintf(to, "struct %s_%s {\n", types->f->name, id);
	for (;;) { /* by offset: they need not be sorted */
		const struct btf_head *of = NULL;
		struct btf_secvar next = { 0, UINT32_MAX, 0 };
		char name[144];

		for (uint32_t i = 0; i < btf_vlen(head); i++) {
			memcpy(&var, (const uint8_t *)btf_body(head) + i * sizeof(var), sizeof(var));
			if (var.offset >= at && var.offset < next.offset && var.size)
				next = var;
		}
		of = btf_type(btf, next.type);
		if (!of || next.size > map->value_size || next.offset > map->value_size - next.size)
			break;
		if (next.offset > at)
			fprintf(to, "\tuint8_t unused_%u[%u];\n", at, next.offset - at);
		words_id(name, 130, btf_name(btf, next.type));
		if (is_taken(btf, head, &next, name))
			snprintf(name + strlen(name), 14, "_%u", next.offset);
		putc('\t', to);
		types_declare(types, of->size_or_type, name, to);
		fputs(";\n", to);
		if (types_align(types, of->size_or_type) > align)
			align = types_align(types, of->size_or_type);
		at = next.offset + next.size;
	}
	if (at < map->value_size)
		fprintf(to, "\tuint8_t unused_%u[%u];\n", at, map->value_size - at);
	fprintf(to, "}%s;\n_Static_assert(sizeof(struct %s_%s) == %u, \"it is laid out as the programs have it\");\n\n",
		types_packing(map->value_size, align, false), types->f->name, id, map->value_size);
}

static bool has_variables(const struct freeze *f, const struct obj_map *map)
{
	return map->origin == MAP_DATA && map->datasec && f->object->has_btf && btf_vlen(btf_type(&f->object->btf, map->datasec)) &&
	       map->value_size;
}

static void data_functions(const struct freeze *f, const struct obj_map *map, const char *id, FILE *to)
{
	words_about(to, "/* The variables of ", map->section, map->readonly ? ", as they are now. */\n" : ", as they are now; and all of them anew. */\n");
	fprintf(to,
		"static inline int %s_%s_get(const struct %s *o, struct %s_%s *values)\n{\n"
		"\tconst uint32_t key = 0;\n\n\treturn %s_lookup(o->maps.%s, &key, values);\n}\n\n",
		f->name, id, f->name, f->name, id, f->name, id);
	if (!map->readonly)
		fprintf(to,
			"static inline int %s_%s_set(const struct %s *o, const struct %s_%s *values)\n{\n\tconst uint32_t key = 0;\n\n"
			"\treturn %s_update(o->maps.%s, &key, values, 0);\n}\n\n",
			f->name, id, f->name, f->name, id, f->name, id);
}

/* ── maps ── */

static void map_functions(struct types *types, const struct obj_map *map, const char *id, FILE *to)
{
	const struct freeze *f = types->f;
	bool per_cpu;

	if (!has_elements(map->type, &per_cpu))
		return;
	words_about(to, "/* The map \"", map->name, "\": 0 or -errno (-ENOENT: no such key).");
	fputs(per_cpu ? " A value a CPU, each rounded up to 8 bytes. */\n" : " */\n", to);
	fprintf(to, "static inline int %s_%s_lookup(const struct %s *o, const ", f->name, id, f->name);
	pointer(types, map->key_type, map->key_size, "key", to);
	fputs(", ", to);
	pointer(types, per_cpu ? 0 : map->value_type, map->value_size, "value", to);
	fprintf(to, ")\n{\n\treturn %s_lookup(o->maps.%s, key, value);\n}\n", f->name, id);
	fprintf(to, "static inline int %s_%s_update(const struct %s *o, const ", f->name, id, f->name);
	pointer(types, map->key_type, map->key_size, "key", to);
	fputs(", const ", to);
	pointer(types, per_cpu ? 0 : map->value_type, map->value_size, "value", to);
	fprintf(to, ", uint64_t flags)\n{\n\treturn %s_update(o->maps.%s, key, value, flags);\n}\n", f->name, id);
	fprintf(to, "static inline int %s_%s_delete(const struct %s *o, const ", f->name, id, f->name);
	pointer(types, map->key_type, map->key_size, "key", to);
	fprintf(to, ")\n{\n\treturn %s_delete(o->maps.%s, key);\n}\n", f->name, id);
	fprintf(to, "/* The key after this one; key NULL: the first. */\nstatic inline int %s_%s_next(const struct %s *o, const ", f->name, id,
		f->name);
	pointer(types, map->key_type, map->key_size, "key", to);
	fputs(", ", to);
	pointer(types, map->key_type, map->key_size, "next", to);
	fprintf(to, ")\n{\n\treturn %s_next(o->maps.%s, key, next);\n}\n\n", f->name, id);
}

static bool is_made(const struct freeze *f, uint32_t map)
{
	for (uint32_t i = 0; i < f->n_members; i++)
		if (f->members[i].of == OF_MAP && f->members[i].index == map)
			return true;
	return false;
}

static void definitions(struct freeze *f, struct types *types)
{
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		const struct obj_map *map = &f->object->maps[i];
		char id[120];

		words_id(id, sizeof(id), map->name);
		if (!is_made(f, i))
			continue;
		if (has_variables(f, map)) {
			data_struct(types, map, id);
			continue;
		}
		if (freeze_typed(f, map->key_type, map->key_size))
			types_define(types, map->key_type);
		if (freeze_typed(f, map->value_type, map->value_size))
			types_define(types, map->value_type);
		if (freeze_event_type(f, i))
			types_define(types, freeze_event_type(f, i));
	}
}

static void callbacks(struct freeze *f, struct types *types, FILE *to)
{
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		const uint32_t type = freeze_event_type(f, i);
		const int64_t size = type ? btf_size(&f->object->btf, type) : 0;
		char id[120];

		if (!freeze_has_ring(f, i))
			continue;
		words_id(id, sizeof(id), f->object->maps[i].name);
		fprintf(to, "\tint (*on_%s)(struct %s *o, const ", id, f->name);
		pointer(types, type, (uint32_t)(size > 0 ? size : 0), "event", to);
		fputs(", uint32_t size, int cpu);\n", to);
	}
}

void header_write(struct freeze *f, FILE *to)
{
	struct types types;
	const char *const name = f->name, *const upper = f->upper;

	if (types_open(&types, f, to)) {
		freeze_nomem(f);
		return;
	}
	fprintf(to, "/*\n * The interface of what was frozen from ");
	words_comment(to, f->source);
	fprintf(to, " by hewn: types, maps, and the functions that load and attach.\n */\n#ifndef %s_FROZEN_H\n#define %s_FROZEN_H\n\n", upper, upper);
	fputs("#include <stddef.h>\n#include <stdint.h>\n\n", to);
	if (f->uses[USE_CPUS])
		fprintf(to, "#ifndef %s_MAX_CPUS\n#define %s_MAX_CPUS 512 /* room for so many; the number that there are is looked up */\n#endif\n\n",
			upper, upper);
	definitions(f, &types);
	fprintf(to, "struct %s {\n\tconst char *failed; /* the step that failed, NULL: none */\n\tint error;          /* its -errno */\n"
		    "\tuint64_t lost;      /* records that found no room in a perf ring */\n\tvoid *user;         /* yours */\n", name);
	if (f->uses[USE_PERF_RING] || f->uses[USE_RINGBUF])
		fputs("\t/* Gets an event. Not 0 ends the poll, which returns it. size: of the record, where it is shorter than its type the rest is 0. */\n", to);
	callbacks(f, &types, to);
	members_declare(f, to);
	if (f->uses[USE_SET])
		fputs("\tint all_rings; /* epoll: the sets of all rings */\n", to);
	fprintf(to, "};\n\n");
	fprintf(to, "/*\n * Makes the maps and loads the programs. 0 or -errno; then o->failed says which step failed, and nothing is\n"
		    " * left behind. Not for two threads at once.\n */\nint %s_open(struct %s *o);\n\n", name, name);
	fprintf(to, "/* Opens the rings and attaches the programs. On failure everything is closed, what open made too. */\nint %s_attach(struct %s *o);\n\n",
		name, name);
	fprintf(to, "/*\n * Waits at most so many milliseconds (-1: for ever) for events, and gives them to the callbacks, which are set\n"
		    " * after open. Returns how many there were, or -errno (-EINTR: a signal).\n */\nint %s_poll(struct %s *o, int timeout_ms);\n\n", name, name);
	fprintf(to, "/* Detaches and closes everything; may be called twice, and after a failure. */\nvoid %s_close(struct %s *o);\n\n", name, name);
	fprintf(to, "/* What the verifier said of a program that it refused; \"\": nothing. */\nconst char *%s_log(void);\n\n", name);
	fprintf(to, "/* A map by its fd. 0 or -errno. flags: 0 any, 1 BPF_NOEXIST, 2 BPF_EXIST. */\n"
		    "int %s_lookup(int map, const void *key, void *value);\nint %s_update(int map, const void *key, const void *value, uint64_t flags);\n"
		    "int %s_delete(int map, const void *key);\nint %s_next(int map, const void *key, void *next);\n\n", name, name, name, name);
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		char id[120];

		words_id(id, sizeof(id), f->object->maps[i].name);
		if (is_made(f, i) && has_variables(f, &f->object->maps[i]))
			data_functions(f, &f->object->maps[i], id, to);
		else if (is_made(f, i))
			map_functions(&types, &f->object->maps[i], id, to);
	}
	fputs("#endif\n", to);
	types_close(&types);
}
