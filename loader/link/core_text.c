// SPDX-License-Identifier: MIT
/* CO-RE relocations in words: what they came to, and what the kernel has where it has not what the
 * object wants. Knows BTF; resolves nothing. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/link/core.h"
#include "loader/link/core_match.h"
#include "loader/object/near.h"
#include "loader/object/object.h"

#define FEW 6 /* members that are all listed */

/* ── what it came to ── */

static const char *const aspects[CORE_N_KINDS] = {
	[CORE_FIELD_OFFSET] = "byte",	      [CORE_FIELD_SIZE] = "size",
	[CORE_FIELD_EXISTS] = "exists",	      [CORE_FIELD_SIGNED] = "is signed",
	[CORE_FIELD_LSHIFT] = "shift left",   [CORE_FIELD_RSHIFT] = "shift right",
	[CORE_TYPE_ID_LOCAL] = "object's id", [CORE_TYPE_ID_TARGET] = "kernel's id",
	[CORE_TYPE_EXISTS] = "exists",	      [CORE_TYPE_SIZE] = "size",
	[CORE_ENUM_EXISTS] = "exists",	      [CORE_ENUM_VALUE] = "value",
	[CORE_TYPE_MATCHES] = "matches",
};

static bool is_yes_or_no(uint32_t kind)
{
	return kind == CORE_FIELD_EXISTS || kind == CORE_FIELD_SIGNED || kind == CORE_TYPE_EXISTS ||
	       kind == CORE_ENUM_EXISTS || kind == CORE_TYPE_MATCHES;
}

static void ask(const struct core_spec *spec, char *text, size_t size)
{
	static const char *const before[CORE_N_KINDS] = {
		[CORE_FIELD_OFFSET] = "offset of",
		[CORE_FIELD_SIZE] = "size of",
		[CORE_FIELD_LSHIFT] = "left shift of",
		[CORE_FIELD_RSHIFT] = "right shift of",
		[CORE_TYPE_ID_LOCAL] = "the object's id of",
		[CORE_TYPE_ID_TARGET] = "the kernel's id of",
		[CORE_TYPE_SIZE] = "size of",
		[CORE_ENUM_VALUE] = "value of",
	};
	char what[256];

	core_spec_text(spec, what, sizeof(what));
	if (is_yes_or_no(spec->kind))
		snprintf(text, size, "whether %s %s", what, aspects[spec->kind]);
	else
		snprintf(text, size, "%s %s", before[spec->kind], what);
}

void core_describe(const struct hewn_object *object, uint32_t reloc, const struct core_value *value,
		   char *text, size_t size)
{
	const struct obj_core *core = &object->cores[reloc];
	const char *access = btf_str(&object->btf, core->access_off), *aspect;
	struct core_spec spec;
	size_t used;

	if (core->kind >= CORE_N_KINDS ||
	    core_spec_read(&spec, &object->btf, core->type_id, core->kind, access, NULL)) {
		snprintf(text, size, "CO-RE relocation of kind %u", core->kind);
		return;
	}
	if (!value) {
		ask(&spec, text, size);
		return;
	}
	core_spec_text(&spec, text, size);
	used = strlen(text);
	aspect = aspects[core->kind];
	if (value->poison)
		snprintf(text + used, size - used, ": not in the kernel");
	else if (value->misfit)
		snprintf(text + used, size - used, ": %u bytes, in the kernel %u: no load fits",
			 value->local_size, value->target_size);
	else if (is_yes_or_no(core->kind))
		snprintf(text + used, size - used, " %s: %s", aspect, value->target ? "yes" : "no");
	else if (value->local != value->target)
		snprintf(text + used, size - used, ": %s %lld, was %lld", aspect,
			 (long long)value->target, (long long)value->local);
	else
		snprintf(text + used, size - used, ": %s %lld", aspect, (long long)value->target);
}

/* ── what there is instead ── */

/* Names, the last NULL. */
struct names {
	const char *v[4096];
	uint32_t n;
};

static void add_members(struct names *names, const struct btf *btf, uint32_t id, int depth)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
	const struct btf_member *members = btf_body(type);

	if (btf_kind(type) != BTF_STRUCT && btf_kind(type) != BTF_UNION)
		return;
	for (uint32_t i = 0; i < btf_vlen(type); i++) {
		const char *name = btf_str(btf, members[i].name_off);

		if (!*name && depth < 8)
			add_members(names, btf, members[i].type, depth + 1);
		else if (*name && names->n + 1 < sizeof(names->v) / sizeof(*names->v))
			names->v[names->n++] = name;
	}
}

static void add_enumerators(struct names *names, const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
	uint32_t words = btf_kind(type) == BTF_ENUM64 ? 3 : 2;
	const uint32_t *at = btf_body(type);

	for (uint32_t i = 0; core_is_enum(type) && i < btf_vlen(type); i++)
		if (names->n + 1 < sizeof(names->v) / sizeof(*names->v))
			names->v[names->n++] = btf_str(btf, at[(size_t)i * words]);
}

/* "; it has a, b", or the one that is nearest. */
static void add_guess(char *text, size_t size, const char *wanted, const struct names *names)
{
	const char *near = near_name(wanted, names->v);
	size_t used = strlen(text);

	if (near) {
		snprintf(text + used, size - used, "; it has %s", near);
		return;
	}
	for (uint32_t i = 0; i < names->n && names->n <= FEW; i++) {
		used = strlen(text);
		snprintf(text + used, size - used, "%s%s", i ? ", " : "; it has ", names->v[i]);
	}
}

static void write_type(char *text, size_t size, const struct btf *btf, uint32_t id)
{
	struct core_spec spec = {.btf = btf, .root = id};

	core_spec_text(&spec, text, size);
}

/* A field: follows the way to it as far as the kernel's type has it. */
static void why_no_field(const struct core_spec *local, const struct core_candidate *candidate,
			 bool guess, char *text, size_t size)
{
	struct core_spec part = *local, found = {.btf = candidate->btf, .root = candidate->id},
			 next;
	uint32_t at = candidate->id;
	const struct core_step *step;
	struct names *names;
	char type[160];

	found.n_steps = 0;
	for (part.n_steps = 1; part.n_steps <= local->n_steps; part.n_steps++) {
		if (core_spec_find(&part, candidate->btf, candidate->id, &next) != 1)
			break;
		found = next;
		step = &found.steps[found.n_steps - 1];
		at = step->type;
		if (step->name) {
			const struct btf_head *head = btf_type(found.btf, step->type);

			at = ((const struct btf_member *)btf_body(head))[step->index].type;
			at = btf_skip(found.btf, at);
		}
	}
	step = &local->steps[part.n_steps <= local->n_steps ? part.n_steps - 1
							    : local->n_steps - 1];
	write_type(type, sizeof(type), found.btf, at);
	if (!step->name) {
		snprintf(text, size, "its %s has no element %u",
			 found.n_steps && found.steps[found.n_steps - 1].name
				 ? found.steps[found.n_steps - 1].name
				 : "type",
			 step->index);
		return;
	}
	names = calloc(1, sizeof(*names));
	if (names)
		add_members(names, found.btf, at, 0);
	snprintf(text, size, "%s has no member %s", type, step->name);
	for (uint32_t i = 0; names && i < names->n; i++)
		if (!strcmp(names->v[i], step->name)) {
			snprintf(text, size, "member %s of %s is of another kind", step->name,
				 type);
			guess = false;
		}
	if (names && guess)
		add_guess(text, size, step->name, names);
	free(names);
}

static void why_no_enumerator(const struct core_spec *local, const struct core_candidate *candidate,
			      bool guess, char *text, size_t size)
{
	struct names *names = calloc(1, sizeof(*names));
	char type[160];

	write_type(type, sizeof(type), candidate->btf, candidate->id);
	snprintf(text, size, "%s has no enumerator %s", type, local->steps[0].name);
	if (names)
		add_enumerators(names, candidate->btf, candidate->id);
	if (names && guess)
		add_guess(text, size, local->steps[0].name, names);
	free(names);
}

char *core_why(const struct core_spec *local, const struct core_candidate *candidates, uint32_t n,
	       bool guess)
{
	char text[512], type[160];

	if (!n) {
		write_type(type, sizeof(type), local->btf, local->root);
		snprintf(text, sizeof(text), "the kernel has no %.*s", (int)btf_essential_size(type),
			 type);
	} else if (core_about(local->kind) == CORE_ABOUT_ENUM) {
		why_no_enumerator(local, &candidates[0], guess, text, sizeof(text));
	} else {
		why_no_field(local, &candidates[0], guess, text, sizeof(text));
	}
	return strdup(text);
}
