// SPDX-License-Identifier: MIT
/*
 * Maps in the plan: create or take over from a pin, fill, freeze. Knows struct obj_map; knows nothing of
 * programs but the slots of their fds.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/mman.h>

#include "loader/plan/bytes.h"
#include "loader/plan/planner.h"

#define BPFFS		"/sys/fs/bpf"
#define ARENA		33	 /* BPF_MAP_TYPE_ARENA, 6.9 */
#define USER_RINGBUF	31	 /* BPF_MAP_TYPE_USER_RINGBUF, 6.1 */
#define FIXED_NOREPLACE 0x100000 /* MAP_FIXED_NOREPLACE, 4.17 */
#define ALL_CPUS	16	 /* BPF_F_ALL_CPUS, 7.0 */

/* Types whose MAP_CREATE refuses BTF ids: the kernel has no use for their key and value types. */
static const uint32_t no_btf[] = {
	BPF_MAP_TYPE_PERF_EVENT_ARRAY, BPF_MAP_TYPE_CGROUP_ARRAY, BPF_MAP_TYPE_STACK_TRACE,
	BPF_MAP_TYPE_ARRAY_OF_MAPS, BPF_MAP_TYPE_HASH_OF_MAPS, BPF_MAP_TYPE_DEVMAP, BPF_MAP_TYPE_DEVMAP_HASH,
	BPF_MAP_TYPE_CPUMAP, BPF_MAP_TYPE_XSKMAP, BPF_MAP_TYPE_SOCKMAP, BPF_MAP_TYPE_SOCKHASH,
	BPF_MAP_TYPE_QUEUE, BPF_MAP_TYPE_STACK, BPF_MAP_TYPE_RINGBUF, USER_RINGBUF,
	ARENA, BPF_MAP_TYPE_STRUCT_OPS,
};

static bool takes_btf(uint32_t type)
{
	for (size_t i = 0; i < sizeof(no_btf) / sizeof(no_btf[0]); i++)
		if (no_btf[i] == type)
			return false;
	return true;
}

/* A ring buffer's size must be a power of two and whole pages (5.8). */
static uint32_t ringbuf_size(uint32_t wanted, uint32_t page)
{
	uint64_t size = page;

	while (size < wanted)
		size *= 2;
	return size > UINT32_MAX ? wanted : (uint32_t)size;
}

uint32_t plan_map_entries(const struct obj_map *map, struct hewn_target *target)
{
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries)
		return target_possible_cpus(target);
	if (map->type == BPF_MAP_TYPE_RINGBUF || map->type == USER_RINGBUF)
		return ringbuf_size(map->max_entries, target_page_size(target));
	return map->max_entries;
}

/* Keys and values that are fds or CPU numbers have four bytes, whether the object says so or not. */
static uint32_t size_or_4(const struct obj_map *map, uint32_t size)
{
	switch (map->type) {
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY:
	case BPF_MAP_TYPE_PROG_ARRAY:
	case BPF_MAP_TYPE_CGROUP_ARRAY:
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		return size ? size : 4;
	default:
		return size;
	}
}

static uint32_t create_attr(struct planner *p, const struct obj_map *map, uint32_t inner)
{
	struct hewn_plan *plan = p->plan;
	uint32_t attr = plan_attr(plan, BPF_MAP_CREATE);

	attr_int(plan, attr, "map_type", map->type);
	attr_int(plan, attr, "key_size", size_or_4(map, map->key_size));
	attr_int(plan, attr, "value_size", size_or_4(map, map->value_size));
	attr_int(plan, attr, "max_entries", plan_map_entries(map, p->target));
	if (map->flags)
		attr_int(plan, attr, "map_flags", map->flags);
	if (inner != NONE)
		attr_slot(plan, attr, "inner_map_fd", inner);
	if (map->has_numa_node) {
		attr_int(plan, attr, "map_flags", map->flags | BPF_F_NUMA_NODE);
		attr_int(plan, attr, "numa_node", map->numa_node);
	}
	attr_text(plan, attr, "map_name", map->kernel_name);
	if (p->btf != NONE && takes_btf(map->type) && (map->key_type || map->value_type)) {
		attr_slot(plan, attr, "btf_fd", p->btf);
		attr_int(plan, attr, "btf_key_type_id", map->key_type);
		attr_int(plan, attr, "btf_value_type_id", map->value_type);
	}
	if (map->extra)
		attr_int(plan, attr, "map_extra", map->extra);
	if (map->origin == MAP_STRUCT_OPS)
		plan_ops_map(p, (uint32_t)(map - p->object->maps), attr);
	return attr;
}

/* Storage grows with what it is attached to: its max_entries must be 0. */
static bool wants_entries(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case 32: /* BPF_MAP_TYPE_CGRP_STORAGE, 6.2 */
	case BPF_MAP_TYPE_PERF_EVENT_ARRAY: /* filled in by us */
		return false;
	default:
		return true;
	}
}

static void causes(struct planner *p, struct plan_step *step, const struct obj_map *map)
{
	if (!map->max_entries && wants_entries(map->type))
		step_cause(p->plan, step, EINVAL,
			   plan_text(p->plan, "the map \"%s\" has no entries (max_entries is 0)", map->name),
			   "__uint(max_entries, 1024) in its definition");
	else
		step_cause(p->plan, step, EINVAL,
			   plan_text(p->plan, "the kernel refused the map \"%s\": type, sizes, entries or flags do not go together",
				     map->name),
			   "bpf(2) and Documentation/bpf say what each map type wants; or this kernel does not have the type");
	step_cause(p->plan, step, E2BIG, plan_text(p->plan, "the map \"%s\" is too large, or of a type that is newer than the kernel", map->name), NULL);
	step_cause(p->plan, step, ENOMEM, plan_text(p->plan, "no memory for the map \"%s\"", map->name),
		   "fewer max_entries; or BPF_F_NO_PREALLOC for a hash");
}

/* What a MAP_CREATE may have that not every kernel takes. */
#define TYPES	 1u /* the ids of its key and value types: 4.18 */
#define MAPPABLE 2u /* BPF_F_MMAPABLE: 5.5 */

/* One try, and behind it those without a thing that the kernel may not have; they fail as the first one does. */
static void try_create(struct planner *p, struct plan_steps *to, const struct obj_map *map, uint32_t attr,
		       unsigned int has, uint32_t slot, const char *why, const struct plan_step *first)
{
	struct plan_step *step = plan_bpf(p->plan, to, BPF_MAP_CREATE, attr, why,
					  has & MAPPABLE ? KERNEL(5, 5) : KERNEL(4, 15), slot);
	struct plan_alt *alt;
	uint32_t plain;

	if (first) {
		step->causes = first->causes;
		step->n_causes = first->n_causes;
	} else {
		causes(p, step, map);
	}
	if (has & MAPPABLE) {
		plain = attr_copy(p->plan, attr);
		attr_int(p->plan, plain, "map_flags", map->flags & ~(uint32_t)BPF_F_MMAPABLE);
		alt = step_alt(p->plan, step, ALT_STEPS, "no process can map the variables (before 5.5)", EINVAL, 0);
		try_create(p, &alt->steps, map, plain, has & ~MAPPABLE, slot, why, step);
	}
	if (has & TYPES) {
		plain = attr_copy(p->plan, attr);
		attr_clear(p->plan, plain, "btf_fd");
		attr_clear(p->plan, plain, "btf_key_type_id");
		attr_clear(p->plan, plain, "btf_value_type_id");
		alt = step_alt(p->plan, step, ALT_STEPS, "without BTF: it was not loaded, or the type does not take it", EINVAL, 524, 0);
		alt->absent = true;
		try_create(p, &alt->steps, map, plain, has & ~TYPES, slot, why, step);
	}
}

static void create(struct planner *p, struct plan_steps *to, const struct obj_map *map, uint32_t inner,
		   uint32_t slot, const char *why)
{
	unsigned int has = 0;

	if (p->btf != NONE && takes_btf(map->type) && (map->key_type || map->value_type))
		has |= TYPES;
	if ((map->origin == MAP_DATA || map->origin == MAP_KCONFIG) && map->flags & BPF_F_MMAPABLE)
		has |= MAPPABLE;
	try_create(p, to, map, create_attr(p, map, inner), has, slot, why, NULL);
}

/* struct bpf_map_info */
struct map_info {
	uint32_t type, id, key_size, value_size, max_entries, map_flags;
	uint8_t name[16];
	uint32_t ifindex, vmlinux_value_type;
	uint64_t netns_dev, netns_ino;
	uint32_t btf_id, key_type, value_type, btf_vmlinux_id;
	uint32_t map_extra[2]; /* of 64 bits; 5.16: kernels before that leave it as it is, 0 */
};

/* The flags that the kernel says a map has: it adds to those of a map of devices that no program may write (5.3). */
static uint32_t pinned_flags(const struct planner *p, const struct obj_map *map)
{
	const bool devices = map->type == BPF_MAP_TYPE_DEVMAP || map->type == BPF_MAP_TYPE_DEVMAP_HASH;
	const bool old = p->plan->version && p->plan->version < KERNEL(5, 3);

	return map->flags | (map->has_numa_node ? BPF_F_NUMA_NODE : 0) | (devices && !old ? BPF_F_RDONLY_PROG : 0);
}

/* A map pinned by name: the pinned one if there is one, and it must be the same kind of map. */
static void take_pinned(struct planner *p, const struct obj_map *map, uint32_t inner, uint32_t slot)
{
	const uint32_t extra = offsetof(struct map_info, map_extra), low = bytes_big_endian(p->plan) ? 4 : 0;
	const struct {
		uint32_t off, wanted;
		const char *name;
	} info[] = {
		{ offsetof(struct map_info, type), map->type, "type" },
		{ offsetof(struct map_info, key_size), size_or_4(map, map->key_size), "key size" },
		{ offsetof(struct map_info, value_size), size_or_4(map, map->value_size), "value size" },
		{ offsetof(struct map_info, max_entries), plan_map_entries(map, p->target), "entries" },
		{ offsetof(struct map_info, map_flags), pinned_flags(p, map), "flags" },
		{ extra + low, (uint32_t)map->extra, "map_extra" },
		{ extra + 4 - low, (uint32_t)(map->extra >> 32), "upper half of map_extra" },
	};
	const char *path = plan_pin_path(p, BPFFS, map->name);
	uint32_t attr = plan_attr(p->plan, BPF_OBJ_GET), out;
	struct plan_step *step;
	struct plan_alt *alt;

	attr_blob(p->plan, attr, "pathname", plan_string(p->plan, path));
	step = plan_bpf(p->plan, &p->plan->steps, BPF_OBJ_GET, attr,
			plan_text(p->plan, "the map of an earlier run, pinned at %s", path), KERNEL(4, 4), slot);
	alt = step_alt(p->plan, step, ALT_STEPS, "not pinned yet", ENOENT, 0);
	create(p, &alt->steps, map, inner, slot, plan_text(p->plan, "map \"%s\", to be pinned by its name", map->name));
	plan_pin(p, &alt->steps, slot, BPFFS, map->name);

	out = plan_blob(p->plan, BLOB_OUT, NULL, sizeof(struct map_info));
	plan_name_blob(p->plan, out, "struct bpf_map_info");
	attr = plan_attr(p->plan, BPF_OBJ_GET_INFO_BY_FD);
	attr_slot(p->plan, attr, "bpf_fd", slot);
	attr_int(p->plan, attr, "info_len", sizeof(struct map_info));
	attr_blob(p->plan, attr, "info", out);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_OBJ_GET_INFO_BY_FD, attr,
			"a pinned map must be the one that the object describes", KERNEL(4, 13), NONE);
	for (size_t i = 0; i < sizeof(info) / sizeof(info[0]); i++)
		step_expect(p->plan, step, out, info[i].off, info[i].wanted, info[i].name);
}

static const char *why_filled(struct planner *p, const struct obj_map *map)
{
	const struct obj_extern *cut = map->origin == MAP_KCONFIG ? p->link.cut : NULL;

	if (map->origin != MAP_KCONFIG)
		return plan_text(p->plan, "the variables of %s get their initial values", map->section);
	if (cut)
		return plan_text(p->plan, "options of the kernel's configuration (%s is cut to %u characters)", cut->name, cut->size - 1);
	return "options of the kernel's configuration";
}

/* .data, .rodata, .bss, .percpu, .kconfig: the value of element 0. */
static void fill_data(struct planner *p, const struct obj_map *map, uint32_t slot)
{
	const uint8_t *bytes = map->origin == MAP_KCONFIG ? p->link.kconfig : map->data;
	uint32_t attr = plan_attr(p->plan, BPF_MAP_UPDATE_ELEM), value;
	const bool percpu = map->type == BPF_MAP_TYPE_PERCPU_ARRAY;
	struct plan_step *step;

	if (bytes) {
		value = plan_blob(p->plan, BLOB_VALUE, bytes, map->value_size);
		plan_name_blob(p->plan, value, plan_text(p->plan, "initial value of %s", map->section));
		attr_slot(p->plan, attr, "map_fd", slot);
		attr_blob(p->plan, attr, "key", plan_blob(p->plan, BLOB_KEY, "\0\0\0", 4));
		attr_blob(p->plan, attr, "value", value);
		if (percpu)
			attr_int(p->plan, attr, "flags", ALL_CPUS);
		step = plan_bpf(p->plan, &p->plan->steps, BPF_MAP_UPDATE_ELEM, attr, why_filled(p, map), percpu ? KERNEL(7, 0) : 0, NONE);
		if (percpu)
			step_alt(p->plan, step, ALT_SKIP, "no program can have variables of each CPU (before 7.3)", EINVAL, EFAULT, 0);
	}
	if (!map->readonly)
		return;
	attr = plan_attr(p->plan, BPF_MAP_FREEZE);
	attr_slot(p->plan, attr, "map_fd", slot);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_MAP_FREEZE, attr,
			"nobody can change the constants any more, so the verifier may rely on them", KERNEL(5, 2), NONE);
	step_alt(p->plan, step, ALT_SKIP, "the kernel cannot freeze (before 5.2)", EINVAL, 0);
}

static uint64_t arena_size(struct planner *p, const struct obj_map *map)
{
	return (uint64_t)map->max_entries * target_page_size(p->target);
}

/* Its variables are copied into it at the run, so there must be room. */
static int check_arena(struct planner *p, const struct obj_map *map)
{
	if (!map->data || map->data_size <= arena_size(p, map))
		return 0;
	err_symbol(p->err, map->name);
	err_hint(p->err, "max_entries of an arena is its pages");
	return err_set(p->err, -E2BIG, "%u bytes of variables in an arena of %llu", map->data_size,
		       (unsigned long long)arena_size(p, map));
}

/*
 * An arena has a place in the process before a program can use it: at the address that the object wants
 * (map_extra), or anywhere. Its variables get their values there (6.9).
 */
static void map_arena(struct planner *p, const struct obj_map *map, uint32_t i)
{
	const uint64_t size = arena_size(p, map);
	uint32_t memory = plan_slot(p->plan, SLOT_MAPPING, OF_MAP, i, -1, "arena(%s)", map->name);
	struct plan_step *step = plan_step(p->plan, &p->plan->steps, CALL_MMAP,
					   "programs may use an arena once it has its place in the process", KERNEL(6, 9), memory);

	if (memory != NONE)
		p->plan->slots[memory].size = size;
	step_int(step, (int64_t)map->extra);
	step_int(step, (int64_t)size);
	step_int(step, PROT_READ | PROT_WRITE);
	step_int(step, MAP_SHARED | (map->extra ? FIXED_NOREPLACE : 0));
	step_slot(step, p->map_slots[i]);
	step_int(step, 0);
	step_cause(p->plan, step, EEXIST, plan_text(p->plan, "something else is at the place of the arena \"%s\"", map->name), NULL);
	if (!map->data)
		return;
	step->fill = plan_blob(p->plan, BLOB_VALUE, map->data, map->data_size);
	step->fill_at = link_arena_off(&p->link, map);
	plan_name_blob(p->plan, step->fill, "initial values of the variables in the arena");
}

static void plan_map(struct planner *p, uint32_t i)
{
	const struct obj_map *map = &p->object->maps[i];
	uint32_t inner = NONE;
	const struct obj_map *template;
	struct plan_step *step;

	if (map->inner != NONE) { /* the kernel copies the inner map's kind from an example */
		template = &p->object->maps[map->inner];
		inner = p->map_slots[map->inner];
		if (inner == NONE) {
			inner = plan_slot(p->plan, SLOT_FD, OF_MAP, map->inner, -1, "map(%s)", template->name);
			p->map_slots[map->inner] = inner;
			create(p, &p->plan->steps, template, NONE, inner,
			       plan_text(p->plan, "an example of the maps that go into \"%s\"", map->name));
		}
	}
	p->map_slots[i] = plan_slot(p->plan, SLOT_FD, OF_MAP, i, -1, "map(%s)", map->name);
	if (map->pin_by_name)
		take_pinned(p, map, inner, p->map_slots[i]);
	else
		create(p, &p->plan->steps, map, inner, p->map_slots[i],
		       map->origin == MAP_DATA || map->origin == MAP_KCONFIG ? plan_text(p->plan, "the variables of %s", map->section) :
						 plan_text(p->plan, "map \"%s\"", map->name));
	if (inner != NONE && p->object->maps[map->inner].is_template) {
		step = plan_step(p->plan, &p->plan->steps, CALL_CLOSE, "the example is not needed any more", 0, NONE);
		step_slot(step, inner);
	}
	if (map->origin == MAP_DATA || map->origin == MAP_KCONFIG)
		fill_data(p, map, p->map_slots[i]);
	if (map->type == ARENA)
		map_arena(p, map, i);
}

/* Maps of maps come last: what goes into them must be there. */
int plan_maps(struct planner *p)
{
	int ret = 0;

	for (uint32_t i = 0; !ret && i < p->object->n_maps; i++)
		if (p->object->maps[i].type == ARENA)
			ret = check_arena(p, &p->object->maps[i]);
	for (int outer = 0; !ret && outer < 2; outer++)
		for (uint32_t i = 0; i < p->object->n_maps; i++) {
			const struct obj_map *map = &p->object->maps[i];

			if (map->origin == MAP_STRUCT_OPS && !plan_has_ops(p, i)) /* optional */
				continue;
			if (!map->is_template && (map->inner != NONE) == outer && p->map_slots[i] == NONE)
				plan_map(p, i);
		}
	return ret;
}

/* ── maps of fds ── */

static void put_fd(struct planner *p, const struct obj_map *map, uint32_t slot, uint32_t key, uint32_t fd,
		   const char *what)
{
	uint32_t attr = plan_attr(p->plan, BPF_MAP_UPDATE_ELEM);
	uint32_t value = plan_blob(p->plan, BLOB_VALUE, "\0\0\0", 4);

	plan_fix(p->plan, value, 0, 4, FIX_SLOT, fd);
	attr_slot(p->plan, attr, "map_fd", slot);
	attr_blob(p->plan, attr, "key", plan_blob(p->plan, BLOB_KEY, &key, 4));
	attr_blob(p->plan, attr, "value", value);
	plan_bpf(p->plan, &p->plan->steps, BPF_MAP_UPDATE_ELEM, attr,
		 plan_text(p->plan, "%s[%u] is %s", map->name, key, what), KERNEL(4, 12), NONE);
}

static int put_values(struct planner *p, bool progs)
{
	for (uint32_t i = 0; i < p->object->n_maps; i++) {
		const struct obj_map *map = &p->object->maps[i];

		for (uint32_t k = 0; k < map->n_values; k++) {
			const struct obj_map_value *value = &map->values[k];
			uint32_t fd;

			if (value->is_prog != progs || map->origin == MAP_STRUCT_OPS)
				continue;
			fd = progs ? p->prog_slots[value->index] : p->map_slots[value->index];
			if (fd == NONE) /* a program that was not chosen leaves its place empty */
				continue;
			put_fd(p, map, p->map_slots[i], value->key, fd,
			       progs ? p->object->funcs[value->index].name : p->object->maps[value->index].name);
		}
	}
	return 0;
}

int plan_inner_maps(struct planner *p)
{
	return put_values(p, false);
}

int plan_prog_arrays(struct planner *p)
{
	return put_values(p, true);
}
