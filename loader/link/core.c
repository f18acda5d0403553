// SPDX-License-Identifier: MIT
/*
 * All CO-RE relocations of an object: which are the same, which of the kernel's types have the
 * names, and what each comes to. Knows the order that libbpf has, as a type that lacked one field
 * is not asked for the next; knows nothing of instructions.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/core_match.h"
#include "loader/link/link.h"
#include "loader/mem.h"
#include "loader/target/kbtf.h"

/* A type of the object, and the types of the kernel that may be meant. */
struct core_root {
	uint32_t type;
	bool is_searched;
	int ret; /* of the search */
	struct core_candidate *candidates;
	uint32_t n_candidates;
	char *why, *hint;
};

#define ROOT CORE_N_KINDS /* as kind of a key: a root */

/* ── tables ── */

static uint32_t hash(uint32_t type, uint32_t access, uint32_t kind)
{
	uint32_t h = type * 0x9e3779b1u ^ access * 0x85ebca77u ^ kind * 0xc2b2ae3du;

	return h ^ h >> 15;
}

/* The slot of the key: the index + 1 of a result or root, or 0 where it goes. */
static uint32_t *slot_of(struct core *core, uint32_t type, uint32_t access, uint32_t kind)
{
	uint32_t mask = core->table_size - 1;

	for (uint32_t i = hash(type, access, kind) & mask;; i = (i + 1) & mask) {
		uint32_t *slot = &core->table[i], index = *slot / 2 - 1;

		if (!*slot)
			return slot;
		if (kind == ROOT && *slot & 1 && core->roots[index].type == type)
			return slot;
		if (kind != ROOT && !(*slot & 1) && core->results[index].type == type &&
		    core->results[index].access == access && core->results[index].kind == kind)
			return slot;
	}
}

/* Room for twice what n relocations may need, so that a search ends soon. */
static int open_table(struct core *core, uint32_t n)
{
	core->table_size = 16;
	while (core->table_size / 4 < n && core->table_size < 1u << 30)
		core->table_size *= 2;
	core->table = calloc(core->table_size, sizeof(*core->table));
	core->of = malloc(n * sizeof(*core->of));
	return core->table && core->of ? 0 : -ENOMEM;
}

/* ── what there is ── */

static bool needs_kernel(uint32_t kind)
{
	return kind != CORE_TYPE_ID_LOCAL && kind < CORE_N_KINDS;
}

static int add_root(struct link *link, uint32_t type)
{
	struct core *core = &link->core;
	uint32_t *slot = slot_of(core, type, 0, ROOT);
	const char *name = btf_name(&link->object->btf, type);
	struct core_root *root;
	size_t n = btf_essential_size(name);
	char *wanted;
	int ret;

	if (*slot)
		return 0;
	root = mem_append(&core->roots, &core->n_roots, sizeof(*root));
	if (!root)
		return -ENOMEM;
	root->type = type;
	*slot = core->n_roots * 2 + 1;
	if (!n || !link->target)
		return 0;
	wanted = strndup(name, n);
	ret = wanted ? target_btf_want(link->target, wanted) : -ENOMEM;
	free(wanted);
	return ret;
}

/* Gives each relocation its result, equal ones the same. */
static int collect(struct link *link)
{
	const struct hewn_object *object = link->object;
	struct core *core = &link->core;
	int ret = open_table(core, object->n_cores);

	for (uint32_t i = 0; i < object->n_cores && !ret; i++) {
		const struct obj_core *reloc = &object->cores[i];
		uint32_t func = object_func_at(object, reloc->code, reloc->insn), *slot;
		struct core_result *result;

		core->of[i] = NONE;
		if (func == NONE || link_skips(link, func))
			continue;
		slot = slot_of(core, reloc->type_id, reloc->access_off, reloc->kind);
		if (!*slot) {
			result = mem_append(&core->results, &core->n_results, sizeof(*result));
			if (!result)
				return -ENOMEM;
			result->type = reloc->type_id;
			result->access = reloc->access_off;
			result->kind = reloc->kind;
			*slot = core->n_results * 2;
		}
		core->of[i] = *slot / 2 - 1;
		if (needs_kernel(reloc->kind))
			ret = add_root(link, reloc->type_id);
	}
	return ret;
}

/* ── candidates ── */

/* Moves what an error says to where it is kept. */
static void keep_error(struct hewn_err *err, char **why, char **hint)
{
	*why = strdup(err->what);
	*hint = err->hint[0] ? strdup(err->hint) : NULL;
	hewn_err_close(err);
}

static int add_candidates(struct core_root *root, const struct btf_head *type,
			  const struct kbtf_hit *hits, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct core_candidate *candidate;

		if (!core_same_kind(type, btf_type(hits[i].btf, hits[i].id)))
			continue;
		candidate = mem_append(&root->candidates, &root->n_candidates, sizeof(*candidate));
		if (!candidate)
			return -ENOMEM;
		*candidate = (struct core_candidate){hits[i].btf, hits[i].id, hits[i].module};
	}
	return 0;
}

/* Of one name and kind: in vmlinux, and only where that has none in modules. */
static int search(struct link *link, struct core_root *root, struct hewn_err *err)
{
	const struct btf_head *type = btf_type(&link->object->btf, root->type);
	const char *full = btf_name(&link->object->btf, root->type);
	const struct kbtf_hit *hits;
	char *name;
	uint32_t n;
	int ret;

	if (!*full)
		return err_set(err, -EOPNOTSUPP,
			       "type %u, %s, has no name, so that the kernel's "
			       "cannot be found",
			       root->type, btf_kind_name(btf_kind(type)));
	if (!link->target)
		return err_set(err, -EOPNOTSUPP, "needs the types (BTF) of a kernel");
	name = strndup(full, btf_essential_size(full));
	if (!name)
		return err_nomem(err);
	ret = target_btf_find(link->target, name, &hits, &n, err);
	if (!ret)
		ret = add_candidates(root, type, hits, n);
	if (!ret && !root->n_candidates) {
		ret = target_btf_find_in_modules(link->target, name, &hits, &n, err);
		if (!ret)
			ret = add_candidates(root, type, hits, n);
	}
	free(name);
	return ret == -ENOMEM ? err_nomem(err) : ret;
}

static struct core_root *root_of(struct link *link, uint32_t type)
{
	struct core_root *root = &link->core.roots[*slot_of(&link->core, type, 0, ROOT) / 2 - 1];
	struct hewn_err err = {0};

	if (root->is_searched)
		return root;
	root->is_searched = true;
	root->ret = search(link, root, &err);
	if (root->ret)
		keep_error(&err, &root->why, &root->hint);
	return root;
}

/* ── results ── */

/* Whether the program asks first: then that the kernel has it not is no mistake. */
static bool is_guarded(struct link *link, const struct core_result *result)
{
	struct core *core = &link->core;
	const char *name = btf_name(&link->object->btf, result->type);

	return name[btf_essential_size(name)] || /* a flavour is written for some kernels only */
	       *slot_of(core, result->type, result->access, CORE_FIELD_EXISTS) ||
	       *slot_of(core, result->type, result->access, CORE_ENUM_EXISTS);
}

static int resolve(struct link *link, struct core_result *result, struct hewn_err *err)
{
	const struct btf *btf = &link->object->btf;
	const char *access = btf_str(btf, result->access);
	struct core_root *root = NULL;
	struct core_spec local;
	uint32_t none = 0;
	int ret;

	if (result->kind >= CORE_N_KINDS)
		return err_set(err, -EOPNOTSUPP, "a CO-RE relocation of kind %u, known are 0 to %u",
			       result->kind, CORE_N_KINDS - 1);
	ret = core_spec_read(&local, btf, result->type, result->kind, access, err);
	if (ret)
		return ret;
	if (needs_kernel(result->kind)) {
		root = root_of(link, result->type);
		if (root->ret) {
			if (root->hint)
				err_hint(err, "%s", root->hint);
			return err_set(err, root->ret, "%s", root->why ? root->why : "");
		}
	}
	ret = core_value(&local, root ? root->candidates : NULL, root ? &root->n_candidates : &none,
			 link->object->big_endian, &result->value, err);
	if (ret || !root || !result->value.poison)
		return ret;
	result->why =
		core_why(&local, root->candidates, root->n_candidates, !is_guarded(link, result));
	return result->why ? 0 : err_nomem(err);
}

static int resolve_all(struct link *link)
{
	struct core *core = &link->core;
	int ret = collect(link);

	core->is_ready = true;
	for (uint32_t i = 0; i < core->n_results && !ret; i++) {
		struct core_result *result = &core->results[i];
		struct hewn_err err = {0};

		result->ret = resolve(link, result, &err);
		if (result->ret == -ENOMEM)
			ret = -ENOMEM;
		if (result->ret)
			keep_error(&err, &result->why, &result->hint);
	}
	return ret;
}

int core_result(struct link *link, uint32_t reloc, const struct core_result **result,
		struct hewn_err *err)
{
	int ret = link->core.is_ready ? 0 : resolve_all(link);

	if (ret) {
		core_close(&link->core);
		return err_nomem(err);
	}
	/* A program that link_skip() named after the first call, or code that is no function's. */
	if (link->core.of[reloc] == NONE)
		return err_set(err, -EINVAL, "a CO-RE relocation of a program that is not loaded");
	*result = &link->core.results[link->core.of[reloc]];
	return 0;
}

void core_close(struct core *core)
{
	for (uint32_t i = 0; i < core->n_results; i++) {
		free(core->results[i].why);
		free(core->results[i].hint);
	}
	for (uint32_t i = 0; i < core->n_roots; i++) {
		free(core->roots[i].candidates);
		free(core->roots[i].why);
		free(core->roots[i].hint);
	}
	free(core->results);
	free(core->roots);
	free(core->of);
	free(core->table);
	memset(core, 0, sizeof(*core));
}
