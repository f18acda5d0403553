// SPDX-License-Identifier: MIT
/*
 * Maps in maps, and programs in maps: what a map holds from the start.
 *
 * Knows names, which may come later than they are used; knows nothing of instructions.
 */
#include <errno.h>
#include <string.h>

#include "insn/build_int.h"

void build_value(struct build *b, const char *map, uint32_t key, const char *target)
{
	uint32_t id = build_name(b, map, strlen(map)), to = build_name(b, target, strlen(target));

	if (id == BUILD_NONE || to == BUILD_NONE || !ROOM(b, values))
		return;
	if (key > 65535) {
		build_fail(b, -EINVAL, "key %u, want at most 65535", key);
		return;
	}
	b->values[b->n_values++] =
		(struct value){.map = id, .key = key, .target = to, .pos = b->n_at - 1};
}

static bool holds_maps(uint32_t type)
{
	return type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static void check_inner(struct build *b, const struct unit_map *map)
{
	uint32_t id = map->inner ? build_name(b, map->inner, strlen(map->inner)) : BUILD_NONE;

	if (id == BUILD_NONE)
		return;
	if (!holds_maps(map->type))
		build_fail(b, -EINVAL, "map %s has inner=, want type array_of_maps or hash_of_maps",
			   map->name);
	else if (b->names[id].map == BUILD_NONE)
		build_fail(b, -ENOENT, "the inner map \"%s\" of %s is no map", map->inner,
			   map->name);
	else if (b->maps[b->names[id].map].inner)
		build_fail(b, -EINVAL, "the inner map %s has inner= itself: maps nest only once",
			   map->inner);
}

/* What is wrong with a value, or NULL; *about: of what. */
static const char *fault(const struct build *b, const struct value *v, const char **about)
{
	const struct name *map = &b->names[v->map], *target = &b->names[v->target];

	*about = map->text;
	if (map->map == BUILD_NONE)
		return "is no map";
	if (b->maps[map->map].is_template)
		return "is a template, which has no values";
	if (b->maps[map->map].type != BPF_MAP_TYPE_PROG_ARRAY && !b->maps[map->map].inner)
		return "holds no maps and no programs, want a prog_array, or inner=";
	*about = target->text;
	if (b->maps[map->map].type == BPF_MAP_TYPE_PROG_ARRAY)
		return target->func == BUILD_NONE || b->funcs[target->func].sub ? "is no program"
										: NULL;
	return target->map == BUILD_NONE || b->maps[target->map].is_template ? "is no map" : NULL;
}

int build_put_values(struct build *b, struct unit *unit)
{
	for (uint32_t i = 0; i < b->n_maps; i++)
		check_inner(b, &b->maps[i]);
	for (uint32_t i = 0; i < b->n_values && !b->code; i++) {
		const struct value *v = &b->values[i];
		const char *about, *why = fault(b, v, &about);
		struct unit_value value = {.key = v->key};

		if (why) {
			build_fail_at(b, v->pos, "\"%s\" %s", about, why);
			return 0;
		}
		value.map = b->names[v->map].map;
		value.is_func = b->maps[value.map].type == BPF_MAP_TYPE_PROG_ARRAY;
		value.target = value.is_func ? b->n_vars + b->names[v->target].func
					     : b->names[v->target].map;
		if (unit_add_value(unit, &value) < 0)
			return -ENOMEM;
	}
	return 0;
}
