// SPDX-License-Identifier: MIT
/*
 * Global variables: each of the sections .data, .rodata, .bss, .percpu and their variants (.rodata.str1.1,
 * .data.mine) becomes an array map with one value, or one for each CPU: the section's bytes, whether or not
 * anything refers to it: the maps are those that libbpf makes. Those of .addr_space.1 lie in the object's
 * arena. Knows which sections; knows nothing of the variables in them but who may see them.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

#define NAME_SIZE      16 /* BPF_OBJ_NAME_LEN */
#define LINKAGE_STATIC 0  /* BTF_VAR_STATIC */
#define MAP_TYPE_ARENA 33 /* BPF_MAP_TYPE_ARENA, 6.9 */

static bool is_percpu(const char *section)
{
	return reader_is_variant(section, ".percpu");
}

/*
 * What libbpf made the custom: before .data, .rodata, .bss the first characters of the file's name (up to
 * its first dot), in the 15 that a kernel has for both; ".data.mine" and ".percpu" stay as they are.
 */
const char *data_kernel_name(struct hewn_object *o, const char *section)
{
	const char *base = strrchr(o->name, '/') ? strrchr(o->name, '/') + 1 : o->name;
	size_t base_size = strcspn(base, "."), size = strlen(section), room = NAME_SIZE - 1 - (size < 7 ? 7 : size);
	char name[NAME_SIZE];

	if (size >= NAME_SIZE || strchr(section + 1, '.') || is_percpu(section))
		return object_string(o, section);
	if (base_size > room)
		base_size = room;
	memcpy(name, base, base_size);
	memcpy(name + base_size, section, size + 1);
	for (char *c = name; *c; c++)
		if (!isalnum((unsigned char)*c) && *c != '.')
			*c = '_';
	return object_string(o, name);
}

/* Whether any variable is meant for others than this file: then a process may want to map them (5.5). */
static bool is_shared(const struct reader *r, uint32_t datasec, uint32_t section)
{
	const struct btf *btf = &r->object->btf;
	const struct btf_head *head = btf_type(btf, datasec);
	const struct btf_secvar *vars = head ? btf_body(head) : NULL;

	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		const struct btf_head *var = btf_type(btf, vars[i].type);
		const struct elf_symbol *symbol = reader_symbol(r, btf_name(btf, vars[i].type), section);

		if (btf_kind(var) == BTF_VAR && *(const uint32_t *)btf_body(var) != LINKAGE_STATIC &&
		    (!symbol || (symbol->visibility != STV_HIDDEN && symbol->visibility != STV_INTERNAL)))
			return true;
	}
	return false;
}

/* The section's bytes, NULL where it has none; and whether a map can hold them. */
static int section_data(struct reader *r, uint32_t section, const uint8_t **data, size_t *size)
{
	const struct elf_section *s = &r->elf.sections[section];
	int rc = elf_data(&r->elf, section, data, size, r->err);

	if (!rc && s->size > INT32_MAX)
		rc = err_set(r->err, -EFBIG, "%llu bytes of variables", (unsigned long long)s->size);
	return rc;
}

static int add_data(struct reader *r, uint32_t section)
{
	const struct elf_section *s = &r->elf.sections[section];
	struct hewn_object *o = r->object;
	bool readonly = reader_is_variant(s->name, ".rodata");
	const uint8_t *data;
	struct obj_map *map;
	size_t size;
	int rc;

	rc = section_data(r, section, &data, &size);
	if (rc)
		return rc;
	r->data_of[section] = o->n_maps;
	map = mem_append(&o->maps, &o->n_maps, sizeof(*map));
	if (!map)
		return reader_nomem(r);
	*map = (struct obj_map){.origin = MAP_DATA,
				.type = is_percpu(s->name) ? BPF_MAP_TYPE_PERCPU_ARRAY : BPF_MAP_TYPE_ARRAY,
				.key_size = 4,
				.value_size = (uint32_t)s->size,
				.data_size = (uint32_t)s->size,
				.max_entries = 1,
				.flags = readonly ? BPF_F_RDONLY_PROG : 0,
				.inner = NONE,
				.readonly = readonly};
	map->name = map->section = object_string(o, s->name);
	map->kernel_name = map->name ? data_kernel_name(o, map->name) : NULL;
	if (data)
		map->data = malloc(size);
	if (!map->kernel_name || (data && !map->data))
		return reader_nomem(r);
	if (data)
		memcpy(map->data, data, size);
	/* A map of one value without a key type, whose value type is the DATASEC: the kernel's rule
	 * for these. */
	map->datasec = o->has_btf ? btf_find(&o->btf, BTF_DATASEC, s->name) : 0;
	map->value_type = map->datasec;
	if (map->type == BPF_MAP_TYPE_ARRAY && is_shared(r, map->datasec, section))
		map->flags |= BPF_F_MMAPABLE;
	return 0;
}

/* The arena; NONE where there is none. An object has one, for libbpf too: nothing would say in which its variables lie. */
static int find_arena(struct reader *r, uint32_t *arena)
{
	const struct hewn_object *o = r->object;

	*arena = NONE;
	for (uint32_t i = 0; i < o->n_maps; i++) {
		if (o->maps[i].type != MAP_TYPE_ARENA || o->maps[i].is_template)
			continue;
		if (*arena != NONE) {
			err_hint(r->err, "a program can have one arena; a second object can have another");
			return err_set(r->err, -EINVAL, "two arenas, \"%s\" and \"%s\", and an object can have one",
				       o->maps[*arena].name, o->maps[i].name);
		}
		*arena = i;
	}
	return 0;
}

/* Variables of the arena (address space 1 of the compiler). */
static int add_arena(struct reader *r, uint32_t section, uint32_t arena)
{
	struct hewn_object *o = r->object;
	struct obj_map *map;
	const uint8_t *data;
	size_t size;
	int rc;

	if (arena == NONE) {
		err_hint(r->err, "an arena is a map of type BPF_MAP_TYPE_ARENA in section .maps");
		return err_set(r->err, -ENOENT, "variables in an arena, but the object has none");
	}
	rc = section_data(r, section, &data, &size);
	if (rc)
		return rc;
	map = &o->maps[arena];
	if (map->data)
		return err_set(r->err, -EEXIST, "a second section of variables in an arena");
	map->data = malloc(size);
	if (!map->data)
		return reader_nomem(r);
	memcpy(map->data, data, size);
	map->data_size = (uint32_t)size;
	r->data_of[section] = arena;
	return 0;
}

static bool is_data(const char *name)
{
	return reader_is_variant(name, ".data") || reader_is_variant(name, ".rodata") ||
	       reader_is_variant(name, ".bss") || is_percpu(name);
}

/*
 * Addresses inside of data are left as they are, 0 or an offset: what they point to has none before it is
 * in a kernel, and then not a lasting one. A program may print them; if it follows one, the verifier
 * refuses it.
 */
int data_read(struct reader *r)
{
	uint32_t arena;
	int rc = find_arena(r, &arena);

	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];

		if ((s->type != SHT_PROGBITS && s->type != SHT_NOBITS) || !s->size ||
		    s->flags & SHF_EXECINSTR)
			continue;
		if (is_data(s->name))
			rc = add_data(r, i);
		else if (s->type == SHT_PROGBITS && !strcmp(s->name, ".addr_space.1")) /* its zeros are in the file */
			rc = add_arena(r, i, arena);
		if (rc)
			err_section(r->err, s->name);
	}
	return rc;
}
