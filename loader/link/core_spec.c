// SPDX-License-Identifier: MIT
/*
 * The way to a field: read as the compiler wrote it, and found again, by its names, in another
 * struct. Knows BTF; knows nothing of instructions. The rules are libbpf's (relo_core.c of its
 * version 1.7).
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/core_match.h"
#include "loader/link/core_spec.h"

/* Members looked at for one field: against BTF that was made to keep us busy. */
#define MOST_MEMBERS 1000000u

enum core_about core_about(enum core_kind kind)
{
	if (kind <= CORE_FIELD_RSHIFT)
		return CORE_ABOUT_FIELD;
	return kind == CORE_ENUM_EXISTS || kind == CORE_ENUM_VALUE ? CORE_ABOUT_ENUM
								   : CORE_ABOUT_TYPE;
}

static struct core_step *add_step(struct core_spec *spec, uint32_t type, uint32_t index,
				  const char *name)
{
	struct core_step *step = &spec->steps[spec->n_steps++];

	*step = (struct core_step){.type = type, .index = index, .name = name};
	return step;
}

/* Beyond the elements of an array that ends its struct without a length, there may be more. */
static bool is_flexible(const struct core_spec *spec, const struct btf_array *array)
{
	const struct core_step *step = &spec->steps[spec->n_steps - 1];

	return step->name && !array->n &&
	       step->index + 1 == btf_vlen(btf_type(spec->btf, step->type));
}

/* Moves on by `index` values of the type. */
static int add_elements(struct core_spec *spec, uint32_t type, uint32_t index)
{
	int64_t size = btf_size(spec->btf, type);

	if (size < 0)
		return -EINVAL;
	spec->bit += 8 * (uint64_t)size * index;
	return spec->bit > UINT32_MAX ? -ERANGE : 0;
}

/* ── as the compiler wrote it ── */

static int refuse(const struct core_spec *spec, const char *access, struct hewn_err *err,
		  const char *what)
{
	return err_set(err, -EINVAL, "the access \"%.80s\" to type %u, %s '%.80s': %s", access,
		       spec->root, btf_kind_name(btf_kind(btf_type(spec->btf, spec->root))),
		       btf_name(spec->btf, spec->root), what);
}

/* The next number of an access; NULL: there is none, or it is too large. */
static const char *next_index(const char *at, uint32_t *index)
{
	uint64_t number = 0;
	const char *digit = at;

	for (; *digit >= '0' && *digit <= '9' && number <= INT32_MAX; digit++)
		number = 10 * number + (uint64_t)(*digit - '0');
	*index = (uint32_t)number;
	if (digit == at || number > INT32_MAX || (*digit && (*digit != ':' || !digit[1])))
		return NULL;
	return *digit ? digit + 1 : digit;
}

/* One number of the access, in the type that the numbers before it lead to. */
static const char *step_into(struct core_spec *spec, uint32_t *id, uint32_t index)
{
	uint32_t type = btf_skip(spec->btf, *id);
	const struct btf_head *head = btf_type(spec->btf, type);
	const struct btf_member *member;
	const struct btf_array *array;

	if (btf_kind(head) == BTF_ARRAY) {
		array = btf_body(head);
		if (index >= array->n && !is_flexible(spec, array))
			return "the array has no such element";
		*id = btf_skip(spec->btf, array->type);
		add_step(spec, *id, index, NULL);
		return add_elements(spec, *id, index) ? "the element has no size, or is too far"
						      : NULL;
	}
	if (!core_is_composite(head))
		return "it leads into what is neither a struct, nor a union, nor an array";
	if (index >= btf_vlen(head))
		return "there is no such member";
	member = (const struct btf_member *)btf_body(head) + index;
	spec->bit += btf_member_bit(head, member);
	if (member->name_off)
		add_step(spec, type, index, btf_str(spec->btf, member->name_off));
	*id = member->type;
	return NULL;
}

static int read_enumerator(struct core_spec *spec, uint32_t type, uint32_t index,
			   const char *access, struct hewn_err *err)
{
	const struct btf_head *head = btf_type(spec->btf, type);

	if (!core_is_enum(head))
		return refuse(spec, access, err, "it is no enum");
	if (index >= btf_vlen(head) || strchr(access, ':'))
		return refuse(spec, access, err, "there is no such enumerator");
	add_step(spec, type, index, btf_str(spec->btf, core_enumerator_name(head, index)));
	return 0;
}

int core_spec_read(struct core_spec *spec, const struct btf *btf, uint32_t root,
		   enum core_kind kind, const char *access, struct hewn_err *err)
{
	const char *at, *wrong = NULL;
	uint32_t index, id;

	memset(spec, 0, offsetof(struct core_spec, steps));
	spec->btf = btf;
	spec->root = root;
	spec->kind = kind;
	spec->n_steps = spec->depth = 0;
	spec->bit = 0;
	if (!btf_type(btf, root))
		return refuse(spec, access, err, "there is no such type");
	if (core_about(kind) == CORE_ABOUT_TYPE)
		return strcmp(access, "0") != 0 ? refuse(spec, access, err, "want \"0\"") : 0;
	at = next_index(access, &index);
	if (!at)
		return refuse(spec, access, err, "want numbers with colons between them");
	id = btf_skip(btf, root);
	if (core_about(kind) == CORE_ABOUT_ENUM)
		return read_enumerator(spec, id, index, access, err);
	add_step(spec, id, index, NULL);
	spec->depth = 1;
	if (add_elements(spec, id, index))
		return refuse(spec, access, err, "the type has no size, or it is too far");
	while (*at && !wrong) {
		at = next_index(at, &index);
		if (!at)
			wrong = "want numbers with colons between them";
		else if (spec->depth++ == CORE_MAX_STEPS)
			wrong = "too deep";
		else
			wrong = step_into(spec, &id, index);
		if (wrong)
			break;
	}
	return wrong ? refuse(spec, access, err, wrong) : 0;
}

/* ── the same in another type ── */

/* One member that is looked for. */
struct wanted {
	const struct btf *btf; /* the object's */
	const char *name;
	uint32_t type;
	uint32_t left; /* members that may still be looked at */
};

/*
 * The member of that name, in the struct or in the members without a name, whose own members count
 * as the struct's. Where there is one, of a type that will not do, there is no use in looking on.
 * *id becomes the type of the member.
 */
static int find_member(struct core_spec *found, struct wanted *wanted, uint32_t *id)
{
	uint32_t type = btf_skip(found->btf, *id);
	const struct btf_head *head = btf_type(found->btf, type);
	const struct btf_member *member = btf_body(head);
	int ret;

	if (!core_is_composite(head))
		return 0;
	for (uint32_t i = 0; i < btf_vlen(head); i++, member++) {
		const char *name = btf_str(found->btf, member->name_off);

		if (found->depth == CORE_MAX_STEPS || !wanted->left--)
			return -E2BIG;
		if (*name && strcmp(name, wanted->name) != 0)
			continue;
		found->bit += btf_member_bit(head, member);
		found->depth++;
		*id = member->type;
		if (*name) {
			add_step(found, type, i, name);
			return core_fields_compatible(wanted->btf, wanted->type, found->btf, *id);
		}
		ret = find_member(found, wanted, id);
		if (ret)
			return ret;
		found->bit -= btf_member_bit(head, member);
		found->depth--;
	}
	return 0;
}

static int find_named(const struct core_spec *local, const struct core_step *step,
		      struct core_spec *found, uint32_t *id)
{
	const struct btf_head *head = btf_type(local->btf, step->type);
	const struct btf_member *member = (const struct btf_member *)btf_body(head) + step->index;
	struct wanted wanted = {local->btf, step->name, member->type, MOST_MEMBERS};

	return find_member(found, &wanted, id);
}

static int find_element(const struct core_step *step, struct core_spec *found, uint32_t *id)
{
	const struct btf_head *head = btf_type(found->btf, btf_skip(found->btf, *id));
	const struct btf_array *array = btf_body(head);

	if (found->n_steps) { /* what the pointer points to is there; here an array must be */
		if (btf_kind(head) != BTF_ARRAY)
			return 0;
		if (step->index >= array->n && !is_flexible(found, array))
			return 0;
		*id = array->type;
	}
	*id = btf_skip(found->btf, *id);
	if (found->depth++ == CORE_MAX_STEPS)
		return -E2BIG;
	add_step(found, *id, step->index, NULL);
	return add_elements(found, *id, step->index) ? -EINVAL : 1;
}

/* Enumerators may have flavours too. */
static int find_enumerator(const struct core_spec *local, struct core_spec *found)
{
	uint32_t type = btf_skip(found->btf, found->root);
	const struct btf_head *head = btf_type(found->btf, type);

	if (!core_is_enum(head))
		return 0;
	for (uint32_t i = 0; i < btf_vlen(head); i++) {
		const char *name = btf_str(found->btf, core_enumerator_name(head, i));

		if (core_same_name(local->steps[0].name, name)) {
			add_step(found, type, i, name);
			return 1;
		}
	}
	return 0;
}

int core_spec_find(const struct core_spec *local, const struct btf *btf, uint32_t id,
		   struct core_spec *found)
{
	int ret = 1;

	found->btf = btf;
	found->root = id;
	found->kind = local->kind;
	found->n_steps = found->depth = 0;
	found->bit = 0;
	if (local->kind == CORE_TYPE_MATCHES)
		return core_types_match(local->btf, local->root, btf, id);
	if (core_about(local->kind) == CORE_ABOUT_TYPE)
		return core_types_compatible(local->btf, local->root, btf, id);
	if (core_about(local->kind) == CORE_ABOUT_ENUM)
		return find_enumerator(local, found);
	for (uint32_t i = 0; i < local->n_steps && ret > 0; i++)
		ret = local->steps[i].name ? find_named(local, &local->steps[i], found, &id)
					   : find_element(&local->steps[i], found, &id);
	return ret;
}

/* ── as text ── */

void core_spec_text(const struct core_spec *spec, char *text, size_t size)
{
	static const char *const words[BTF_N_KINDS] = {
		[BTF_STRUCT] = "struct ", [BTF_UNION] = "union ", [BTF_ENUM] = "enum ",
		[BTF_ENUM64] = "enum ",	  [BTF_FWD] = "struct ",
	};
	enum btf_kind kind = btf_kind(btf_type(spec->btf, spec->root));
	const char *word = kind < BTF_N_KINDS ? words[kind] : NULL, *name;
	size_t used;

	name = btf_name(spec->btf, spec->root);
	snprintf(text, size, "%s%s", word ? word : "", *name ? name : "(no name)");
	for (uint32_t i = 0; i < spec->n_steps; i++) {
		const struct core_step *step = &spec->steps[i];

		used = strlen(text);
		if (core_about(spec->kind) == CORE_ABOUT_ENUM)
			snprintf(text + used, size - used, " %s", step->name);
		else if (step->name)
			snprintf(text + used, size - used, ".%s", step->name);
		else if (i || step->index)
			snprintf(text + used, size - used, "[%u]", step->index);
	}
}
