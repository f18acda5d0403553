// SPDX-License-Identifier: MIT
/*
 * What compilers leave open in the BTF and only the ELF file tells: the sizes of sections, the
 * places of variables, and which functions are hidden. And .hewn.event, where an object says what
 * its rings carry. Knows DATASECs and VARs; knows nothing of maps but their names.
 */
#include <errno.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/reader.h"

#define LINKAGE_STATIC 0 /* BTF_VAR_STATIC */

#define EVENT_SECTION ".hewn.event"
#define EVENT_PREFIX  "hewn_event_"

static int fill_datasec(struct reader *r, uint32_t id)
{
	struct btf *btf = &r->object->btf;
	const struct btf_head *head = btf_type(btf, id);
	const char *name = btf_name(btf, id);
	uint32_t section = elf_find(&r->elf, name);
	const struct elf_section *s;
	const struct btf_secvar *vars = btf_body(head);
	int rc = 0;

	/* .kconfig and .ksyms: what only a kernel can give has no section. And linkers leave nothing open. */
	if (section == ELF_BAD || head->size_or_type)
		return 0;
	s = &r->elf.sections[section];
	if (s->size > INT32_MAX)
		return err_set(r->err, -EFBIG, "section %s has %llu bytes", name,
			       (unsigned long long)s->size);
	rc = btf_set_datasec_size(btf, id, (uint32_t)s->size);
	for (uint32_t i = 0; !rc && i < btf_vlen(head); i++) {
		const struct btf_head *var = btf_type(btf, vars[i].type);
		const struct elf_symbol *symbol =
			reader_symbol(r, btf_name(btf, vars[i].type), section);

		/* Of a static variable the assembler wrote the place already. */
		if (btf_kind(var) == BTF_VAR && *(const uint32_t *)btf_body(var) == LINKAGE_STATIC)
			continue;
		if (symbol && symbol->value <= s->size)
			rc = btf_set_secvar_offset(btf, id, i, (uint32_t)symbol->value);
	}
	return rc ? err_set(r->err, rc, "section %s of the BTF cannot be completed", name) : 0;
}

/* `__hidden`: global for the compiler, but static for the verifier, which then follows calls into it. */
static int hide_funcs(struct reader *r)
{
	struct btf *btf = &r->object->btf;
	int rc = 0;

	for (uint32_t i = 0; !rc && i < r->object->n_funcs; i++) {
		const struct obj_func *func = &r->object->funcs[i];

		if (!func->is_global && btf_kind(btf_type(btf, func->type_id)) == BTF_FUNC)
			rc = btf_set_func_linkage(btf, func->type_id, 0);
	}
	return rc;
}

int datasec_fill(struct reader *r)
{
	int rc = 0;

	if (!r->object->has_btf)
		return 0;
	for (uint32_t id = 1; !rc && id < r->object->btf.n_types; id++)
		if (btf_kind(btf_type(&r->object->btf, id)) == BTF_DATASEC)
			rc = fill_datasec(r, id);
	return rc ? rc : hide_funcs(r);
}

/* One variable of the section: `const struct event *const hewn_event_MAP`. */
static int read_event(struct reader *r, const struct btf_head *var)
{
	const struct btf *btf = &r->object->btf;
	const char *name = btf_str(btf, var->name_off);
	const struct btf_head *pointer = btf_type(btf, btf_skip(btf, var->size_or_type));
	size_t n = strlen(EVENT_PREFIX);
	uint32_t map = strncmp(name, EVENT_PREFIX, n) != 0 ? NONE : object_map(r->object, name + n);

	if (map == NONE)
		err_hint(r->err, "HEWN_EVENT(map, type) names a map of this object");
	if (map == NONE || btf_kind(pointer) != BTF_PTR ||
	    btf_size(btf, pointer->size_or_type) < 0) {
		err_section(r->err, EVENT_SECTION);
		err_symbol(r->err, name);
		return err_set(r->err, -EINVAL, "it says what a ring carries, but %s",
			       map == NONE ? "there is no such map"
					   : "is no pointer to a type with a size");
	}
	r->object->maps[map].event_type = pointer->size_or_type;
	return 0;
}

int datasec_read_events(struct reader *r)
{
	const struct btf *btf = &r->object->btf;
	uint32_t id = r->object->has_btf ? btf_find(btf, BTF_DATASEC, EVENT_SECTION) : 0;
	const struct btf_head *head = btf_type(btf, id);
	const struct btf_secvar *vars = head ? btf_body(head) : NULL;
	int rc = 0;

	for (uint32_t i = 0; !rc && head && i < btf_vlen(head); i++) {
		const struct btf_head *var = btf_type(btf, vars[i].type);

		if (btf_kind(var) == BTF_VAR)
			rc = read_event(r, var);
	}
	return rc;
}
