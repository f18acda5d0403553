// SPDX-License-Identifier: MIT
/*
 * Attrs of bpf(2) and of perf_event_open(2) as C: a struct a command, with those members that the plan sets,
 * and an initialiser a call. Knows the tables of the ABI; knows nothing of steps.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/freeze/marks.h"
#include "loader/mem.h"
#include "loader/plan/blob.h"

uint32_t attr_blob_of(const struct freeze *f, const struct plan_step *step)
{
	for (uint32_t i = 0; i < step->n_args; i++) {
		const struct plan_arg *arg = &step->args[i];

		if (arg->kind == ARG_BLOB && (f->plan->blobs[arg->value].kind == BLOB_BPF_ATTR ||
					      f->plan->blobs[arg->value].kind == BLOB_PERF_ATTR))
			return (uint32_t)arg->value;
	}
	return NONE;
}

static const struct abi_field *fields_of(const struct plan_blob *blob)
{
	static const struct abi_field none[] = { { 0 } };
	const struct abi_cmd *row = abi_cmd(blob_cmd(blob));

	if (blob->kind == BLOB_PERF_ATTR)
		return abi_perf_attr;
	return row ? row->fields : none;
}

/* The case of the union that an attr means; NULL: none. A perf attr's fields are its kinds', not cases. */
static const char *case_of(const struct plan_blob *blob)
{
	for (const struct abi_field *f = fields_of(blob); f->name; f++)
		if (blob->kind == BLOB_BPF_ATTR && f->only && blob_shows(f, blob))
			return f->only;
	return NULL;
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && !strcmp(a, b));
}

bool attr_alike(const struct freeze *f, uint32_t a, uint32_t b)
{
	const struct plan_blob *x, *y;

	if (a == NONE || b == NONE)
		return false;
	x = &f->plan->blobs[a];
	y = &f->plan->blobs[b];
	return blob_cmd(x) == blob_cmd(y) && same(case_of(x), case_of(y));
}

/* ── types ── */

static void type_name(char *to, size_t size, uint32_t cmd, const char *only)
{
	const struct abi_cmd *row = cmd == ABI_PERF_ATTR ? NULL : abi_cmd(cmd);
	size_t n;

	n = (size_t)snprintf(to, size, "%s%s%s_attr", row ? row->name + strlen("BPF_") : "perf_event", only ? "_" : "", only ? only : "");
	for (size_t i = 0; i < n && i < size; i++)
		if (to[i] >= 'A' && to[i] <= 'Z')
			to[i] = (char)(to[i] - 'A' + 'a');
}

static struct freeze_attr *type_of(struct freeze *f, const struct plan_blob *blob)
{
	const uint32_t cmd = blob_cmd(blob);
	const char *only = case_of(blob);
	struct freeze_attr *type;

	for (uint32_t i = 0; i < f->n_attrs; i++)
		if (f->attrs[i].cmd == cmd && same(f->attrs[i].only, only))
			return &f->attrs[i];
	type = mem_append(&f->attrs, &f->n_attrs, sizeof(*type));
	if (!type) {
		freeze_nomem(f);
		return NULL;
	}
	type->cmd = cmd;
	type->only = only;
	type_name(type->name, sizeof(type->name), cmd, only);
	return type;
}

/* Adds a member, in the order of offsets. */
static void add_field(struct freeze *f, struct freeze_attr *type, const struct abi_field *field)
{
	uint32_t at = 0;

	while (at < type->n_fields && type->fields[at]->off < field->off)
		at++;
	if (at < type->n_fields && type->fields[at]->off == field->off && type->fields[at]->size == field->size)
		return; /* the same, or one that shares its place: which name it has is the first one's */
	if ((at < type->n_fields && field->off + field->size > type->fields[at]->off) ||
	    (at && type->fields[at - 1]->off + type->fields[at - 1]->size > field->off) ||
	    type->n_fields == sizeof(type->fields) / sizeof(type->fields[0])) {
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze an attr with \"%s\" in it yet", field->name);
		return;
	}
	for (uint32_t i = type->n_fields++; i > at; i--)
		type->fields[i] = type->fields[i - 1];
	type->fields[at] = field;
}

static const char *field_name(const struct freeze_attr *type, const struct abi_field *field)
{
	for (uint32_t i = 0; i < type->n_fields; i++)
		if (type->fields[i]->off == field->off)
			return type->fields[i]->name;
	return field->name;
}

void attr_types(struct freeze *f, FILE *to)
{
	for (uint32_t i = 0; i < f->n_attrs; i++) {
		const struct freeze_attr *type = &f->attrs[i];
		const uint32_t size = (type->size + 7) & ~7u;
		uint32_t at = 0;

		if (type->cmd == ABI_PERF_ATTR)
			fputs("/* The beginning of struct perf_event_attr, see perf_event_open(2). */\n", to);
		else
			fprintf(to, "/* The part of union bpf_attr that is used of %s. */\n", abi_cmd(type->cmd)->name);
		fprintf(to, "struct %s {\n", type->name);
		for (uint32_t k = 0; k <= type->n_fields; k++) {
			const struct abi_field *field = k < type->n_fields ? type->fields[k] : NULL;
			const uint32_t next = field ? field->off : size;

			if (next > at)
				fprintf(to, "\tuint8_t unused_%u[%u];\n", at, next - at);
			if (!field)
				break;
			at = (uint32_t)field->off + field->size;
			if (field->kind == ABI_STRING)
				fprintf(to, "\tchar %s[%u];\n", field->name, field->size);
			else
				fprintf(to, "\tuint%u_t %s;\n", field->size * 8u, field->name);
		}
		fprintf(to, "};\n_Static_assert(sizeof(struct %s) == %u, \"it is laid out as the kernel wants it\");\n\n", type->name, size);
	}
}

/* ── values ── */

/* Whose PMU a perf event is of: 0 a kprobe's, 1 a uprobe's; -1: of none. */
static int pmu_of(const struct plan_blob *blob)
{
	uint32_t type;

	if (blob->kind != BLOB_PERF_ATTR || blob->size < sizeof(type))
		return -1;
	memcpy(&type, blob->bytes, sizeof(type));
	return type == MARK_KPROBE ? 0 : type == MARK_UPROBE ? 1 : -1;
}

static void perf_value(struct freeze *f, const struct abi_field *field, const struct plan_blob *blob, int pmu, uint64_t value, FILE *to)
{
	const char *of = pmu ? "uprobe" : "kprobe";

	if (field->off == offsetof(struct mark_perf, type)) {
		fprintf(to, "(uint32_t)o->%s_type", of);
		f->uses[USE_PMU] = f->has_pmu[pmu] = true;
		return;
	}
	if (value & (1ull << MARK_RETURN_BIT)) {
		fprintf(to, "1ull << o->%s_return", of);
		value &= ~(1ull << MARK_RETURN_BIT);
		if (value)
			fprintf(to, " | %#" PRIx64 "ull", value);
		f->uses[USE_RETBIT] = true;
		return;
	}
	words_number(to, abi_get(field, blob->bytes, blob->size));
}

/* The one-bit members, whose place differs by byte order. */
static void bits_value(struct freeze *f, const struct abi_field *field, uint64_t value, FILE *to)
{
	const char *sep = "";
	const uint16_t one = 1;
	const bool big = !*(const uint8_t *)&one;

	for (unsigned int i = 0; i < 64; i++) {
		const uint64_t bit = 1ull << (big ? 63 - i : i);

		if (!(value & bit))
			continue;
		fprintf(to, "%sPERF_BIT(%u) /* ", sep, i);
		words_comment(to, abi_name(field->names, bit) ? abi_name(field->names, bit) : "?");
		fputs(" */", to);
		sep = " | ";
	}
	f->uses[USE_PERF_BIT] = true;
}

/* max_entries of a map that has one for each CPU, or whole pages. */
static bool entries_value(struct freeze *f, const struct plan_step *step, const struct abi_field *field, FILE *to)
{
	const struct plan_slot *slot = step->slot != NONE ? &f->plan->slots[step->slot] : NULL;
	const struct obj_map *map = slot && slot->of == OF_MAP && slot->index < f->object->n_maps ? &f->object->maps[slot->index] : NULL;

	if (!map || strcmp(field->name, "max_entries") != 0)
		return false;
	if (map->type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !map->max_entries) {
		fputs("(uint32_t)o->n_cpus", to);
		f->uses[USE_CPUS] = true;
		return true;
	}
	if (map->type == BPF_MAP_TYPE_RINGBUF) {
		fputs("whole_pages(", to);
		words_number(to, map->max_entries);
		fputs(")", to);
		f->uses[USE_WHOLE] = true;
		return true;
	}
	return false;
}

static void plain_value(const struct abi_field *field, uint64_t value, FILE *to)
{
	char text[256];

	switch (field->kind) {
	case ABI_HEX:
		fprintf(to, value > UINT32_MAX ? "%#" PRIx64 "ull" : "%#" PRIx64, value);
		return;
	case ABI_ENUM:
		words_number(to, value);
		if (abi_name(field->names, value))
			fprintf(to, " /* %s%s */", abi_prefix(field->names), abi_name(field->names, value));
		return;
	case ABI_FLAGS:
		fprintf(to, value > UINT32_MAX ? "%#" PRIx64 "ull" : "%#" PRIx64, value);
		abi_flags(field->names, value, true, text, sizeof(text));
		fprintf(to, " /* %s */", text);
		return;
	default:
		words_number(to, value);
		return;
	}
}

static void value_write(struct freeze *f, const struct plan_step *step, const struct abi_field *field, const struct plan_blob *blob,
			FILE *to)
{
	const struct plan_fix *fix = blob_fix(blob, field->off);
	const uint64_t value = abi_get(field, blob->bytes, blob->size);
	const int pmu = pmu_of(blob);

	if (fix && fix->kind == FIX_SLOT) {
		fprintf(to, "(uint%u_t)%s", field->size * 8u, member_expr(f, fix->index));
	} else if (fix) {
		fputs("ptr(", to);
		data_pointer(f, fix->index, to);
		putc(')', to);
		f->uses[USE_PTR] = true;
	} else if (field->kind == ABI_STRING) {
		words_string(to, (const char *)blob->bytes + field->off,
			     strnlen((const char *)blob->bytes + field->off, field->size));
	} else if (pmu >= 0 && (field->off == offsetof(struct mark_perf, type) || field->off == offsetof(struct mark_perf, config))) {
		perf_value(f, field, blob, pmu, value, to);
	} else if (blob->kind == BLOB_PERF_ATTR && field->names == abi_perf_bits) {
		bits_value(f, field, value, to);
	} else if (blob->kind == BLOB_BPF_ATTR && blob->cmd == BPF_PROG_LOAD && field->kind == ABI_VERSION) {
		fputs("kernel_version() /* looked up here: kernels before 5.0 want their own */", to);
		f->uses[USE_VERSION] = true;
	} else if (blob->kind != BLOB_BPF_ATTR || blob->cmd != BPF_MAP_CREATE || !entries_value(f, step, field, to)) {
		plain_value(field, value, to);
	}
}

static bool same_value(const struct abi_field *field, const struct plan_blob *a, const struct plan_blob *b)
{
	const struct plan_fix *x = blob_fix(a, field->off), *y = blob_fix(b, field->off);

	if (x && y)
		return x->kind == y->kind && x->index == y->index;
	if (x || y)
		return false;
	for (uint32_t i = field->off; i < (uint32_t)field->off + field->size; i++)
		if ((i < a->size ? a->bytes[i] : 0) != (i < b->size ? b->bytes[i] : 0))
			return false;
	return true;
}

void attr_declare(struct freeze *f, const struct plan_step *step, uint32_t index, unsigned int depth, const char *var, FILE *to)
{
	const struct plan_blob *blob = &f->plan->blobs[index];
	struct freeze_attr *type = type_of(f, blob);
	bool any = false;

	if (!type)
		return;
	if (type->size < blob->size)
		type->size = blob->size;
	words_tabs(to, depth);
	fprintf(to, "struct %s %s = {\n", type->name, var);
	for (const struct abi_field *field = fields_of(blob); field->name; field++) {
		if (!blob_shows(field, blob))
			continue;
		add_field(f, type, field);
		any = true;
		words_tabs(to, depth + 1);
		fprintf(to, ".%s = ", field_name(type, field));
		value_write(f, step, field, blob, to);
		fputs(",\n", to);
	}
	if (!any) {
		words_tabs(to, depth + 1);
		fputs("0\n", to);
	}
	words_tabs(to, depth);
	fputs("};\n", to);
}

void attr_add(struct freeze *f, uint32_t index, const char *name)
{
	const struct abi_field *field = abi_field(blob_cmd(&f->plan->blobs[index]), name);
	struct freeze_attr *type = type_of(f, &f->plan->blobs[index]);

	if (type && field)
		add_field(f, type, field);
}

void attr_change(struct freeze *f, const struct plan_step *step, uint32_t from, uint32_t index, unsigned int depth, const char *var,
		 FILE *to)
{
	const struct plan_blob *blob = &f->plan->blobs[index], *before = &f->plan->blobs[from];
	struct freeze_attr *type = type_of(f, blob);

	if (!type)
		return;
	if (type->size < blob->size)
		type->size = blob->size;
	for (const struct abi_field *field = fields_of(blob); field->name; field++) {
		const bool now = blob_shows(field, blob);

		if ((!now && !blob_shows(field, before)) || (now && same_value(field, blob, before)))
			continue;
		add_field(f, type, field);
		words_tabs(to, depth);
		if (field->kind == ABI_STRING) { /* a name that an older kernel does not take, or another one */
			fprintf(to, "memset(%s.%s, 0, sizeof(%s.%s));\n", var, field->name, var, field->name);
			if (!now)
				continue;
			words_tabs(to, depth);
			fprintf(to, "memcpy(%s.%s, ", var, field->name);
			value_write(f, step, field, blob, to);
			fprintf(to, ", %zu);\n", strnlen((const char *)blob->bytes + field->off, field->size));
			continue;
		}
		fprintf(to, "%s.%s = ", var, field_name(type, field));
		if (now)
			value_write(f, step, field, blob, to);
		else
			putc('0', to);
		fputs(";\n", to);
	}
}
