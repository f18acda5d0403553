// SPDX-License-Identifier: MIT
/*
 * Building and closing a plan. Knows slots, blobs, attrs and steps; knows nothing of what is loaded.
 *
 * Out of memory is remembered in plan->failed and asked for once, at the end: until then every builder
 * goes on, on a spare element that nobody reads.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/abi/abi.h"
#include "loader/mem.h"
#include "loader/plan/plan.h"

#define ATTR_ROOM 168u /* no attr is longer: so long is the newest union bpf_attr */

static const char *const call_names[CALL_N] = {
	[CALL_BPF] = "bpf",
	[CALL_PERF_EVENT_OPEN] = "perf_event_open",
	[CALL_IOCTL] = "ioctl",
	[CALL_MMAP] = "mmap",
	[CALL_OPENAT] = "openat",
	[CALL_READ] = "read",
	[CALL_WRITE] = "write",
	[CALL_CLOSE] = "close",
	[CALL_EPOLL_CREATE1] = "epoll_create1",
	[CALL_EPOLL_CTL] = "epoll_ctl",
	[CALL_UNLINKAT] = "unlinkat",
	[CALL_MKDIRAT] = "mkdirat",
	[CALL_MUNMAP] = "munmap",
};

const char *plan_call_name(enum plan_call call)
{
	return call_names[call];
}

/* ── texts ── */

static const char *keep_text(struct hewn_plan *plan, const char *fmt, va_list args)
{
	const char *text = mem_text(&plan->pool, fmt, args);

	plan->failed |= !text;
	return text ? text : "";
}

const char *plan_text(struct hewn_plan *plan, const char *fmt, ...)
{
	va_list args;
	const char *text;

	va_start(args, fmt);
	text = keep_text(plan, fmt, args);
	va_end(args);
	return text;
}

/* ── slots and blobs ── */

uint32_t plan_slot(struct hewn_plan *plan, enum plan_slot_kind kind, enum plan_slot_of of, uint32_t index,
		   int cpu, const char *name, ...)
{
	struct plan_slot *slot = mem_append(&plan->slots, &plan->n_slots, sizeof(*slot));
	va_list args;

	if (!slot) {
		plan->failed = true;
		return NONE;
	}
	slot->kind = kind;
	slot->of = of;
	slot->index = index;
	slot->cpu = cpu;
	va_start(args, name);
	slot->name = keep_text(plan, name, args);
	va_end(args);
	return plan->n_slots - 1;
}

uint32_t plan_find(const struct hewn_plan *plan, enum plan_slot_kind kind, enum plan_slot_of of,
		   uint32_t index, int cpu)
{
	for (uint32_t i = 0; i < plan->n_slots; i++) {
		const struct plan_slot *slot = &plan->slots[i];

		if (slot->kind == kind && slot->of == of && slot->index == index && slot->cpu == cpu)
			return i;
	}
	return NONE;
}

uint32_t plan_blob(struct hewn_plan *plan, enum plan_blob_kind kind, const void *bytes, uint32_t size)
{
	struct plan_blob *blob = mem_append(&plan->blobs, &plan->n_blobs, sizeof(*blob));

	if (!blob) {
		plan->failed = true;
		return NONE;
	}
	blob->kind = kind;
	blob->size = size;
	if (!bytes)
		return plan->n_blobs - 1;
	blob->bytes = mem_take(&plan->pool, size);
	if (blob->bytes)
		memcpy(blob->bytes, bytes, size);
	else
		plan->failed = true;
	return plan->n_blobs - 1;
}

void plan_set_blob(struct hewn_plan *plan, uint32_t blob, const void *bytes, size_t size)
{
	struct plan_blob *b = blob != NONE && blob < plan->n_blobs ? &plan->blobs[blob] : NULL;

	if (!b || size > b->size)
		return;
	if (!b->bytes) {
		b->bytes = mem_take(&plan->pool, b->size);
		if (b->bytes)
			memset(b->bytes, 0, b->size);
	}
	if (b->bytes)
		memcpy(b->bytes, bytes, size);
	else
		plan->failed = true;
}

uint32_t plan_string(struct hewn_plan *plan, const char *text)
{
	return plan_blob(plan, BLOB_STRING, text, (uint32_t)strlen(text) + 1);
}

void plan_name_blob(struct hewn_plan *plan, uint32_t blob, const char *name)
{
	if (blob != NONE)
		plan->blobs[blob].name = name;
}

void plan_fix(struct hewn_plan *plan, uint32_t blob, uint32_t off, uint32_t size, enum plan_fix_kind kind,
	      uint32_t index)
{
	struct plan_blob *of = blob != NONE ? &plan->blobs[blob] : NULL;
	struct plan_fix *fix = of ? mem_add(&plan->pool, &of->fixes, &of->n_fixes, sizeof(*fix)) : NULL;

	if (!fix || index == NONE) {
		plan->failed = true;
		return;
	}
	*fix = (struct plan_fix){ .kind = kind, .off = off, .size = size, .index = index };
}

/* ── attrs of bpf(2) ── */

uint32_t plan_attr(struct hewn_plan *plan, uint32_t cmd)
{
	static const uint8_t zeros[ATTR_ROOM];
	uint32_t attr = plan_blob(plan, BLOB_BPF_ATTR, zeros, ATTR_ROOM);

	if (attr != NONE) {
		plan->blobs[attr].cmd = cmd;
		plan->blobs[attr].size = 0;
	}
	return attr;
}

uint32_t attr_copy(struct hewn_plan *plan, uint32_t attr)
{
	struct plan_blob *from, *to;
	uint32_t copy;

	if (attr == NONE || plan->failed)
		return NONE;
	copy = plan_blob(plan, BLOB_BPF_ATTR, plan->blobs[attr].bytes, ATTR_ROOM);
	if (plan->failed)
		return NONE;
	from = &plan->blobs[attr];
	to = &plan->blobs[copy];
	to->cmd = from->cmd;
	to->size = from->size;
	to->fixes = mem_copy(&plan->pool, from->fixes, from->n_fixes, sizeof(*from->fixes));
	to->n_fixes = to->fixes ? from->n_fixes : 0;
	plan->failed |= !to->fixes;
	return copy;
}

/*
 * abi_field(), which compares with many names. What is of one case of a union goes by more than its own name, and is not
 * kept: kprobe_multi.flags is no answer to "flags".
 */
static const struct abi_field *find_field(struct hewn_plan *plan, uint32_t cmd, const char *name)
{
	struct plan_field *known = &plan->fields[((uintptr_t)name ^ cmd) % (sizeof(plan->fields) / sizeof(plan->fields[0]))];

	if (!known->field || known->field->only || known->cmd != cmd || strcmp(known->field->name, name) != 0)
		*known = (struct plan_field){ .cmd = cmd, .field = abi_field(cmd, name) };
	return known->field;
}

/*
 * The place of a field, with the attr grown to cover it. A name that the table lacks is a mistake of
 * the planner's, which any test of that call shows.
 */
static const struct abi_field *attr_field(struct hewn_plan *plan, uint32_t attr, const char *name)
{
	const struct abi_field *field;

	if (plan->failed || attr == NONE)
		return NULL;
	field = find_field(plan, plan->blobs[attr].cmd, name);
	if (!field || (uint32_t)field->off + field->size > ATTR_ROOM) {
		plan->failed = true;
		return NULL;
	}
	if (plan->blobs[attr].size < (uint32_t)field->off + field->size)
		plan->blobs[attr].size = (uint32_t)field->off + field->size;
	return field;
}

void attr_int(struct hewn_plan *plan, uint32_t attr, const char *name, uint64_t value)
{
	const struct abi_field *field = attr_field(plan, attr, name);

	if (field && !abi_put(field, plan->blobs[attr].bytes, value))
		plan->failed = true;
}

void attr_text(struct hewn_plan *plan, uint32_t attr, const char *name, const char *text)
{
	const struct abi_field *field = attr_field(plan, attr, name);

	if (field) /* the last byte stays zero: the kernel wants it */
		memcpy(plan->blobs[attr].bytes + field->off, text, strnlen(text, field->size - 1u));
}

void attr_slot(struct hewn_plan *plan, uint32_t attr, const char *name, uint32_t slot)
{
	const struct abi_field *field = attr_field(plan, attr, name);

	if (field)
		plan_fix(plan, attr, field->off, field->size, FIX_SLOT, slot);
}

void attr_blob(struct hewn_plan *plan, uint32_t attr, const char *name, uint32_t blob)
{
	const struct abi_field *field = attr_field(plan, attr, name);

	if (field)
		plan_fix(plan, attr, field->off, field->size, FIX_BLOB, blob);
}

void attr_clear(struct hewn_plan *plan, uint32_t attr, const char *name)
{
	const struct abi_field *field = attr_field(plan, attr, name);
	struct plan_blob *blob;
	uint32_t kept = 0, end;

	if (!field)
		return;
	blob = &plan->blobs[attr];
	memset(blob->bytes + field->off, 0, field->size);
	blob->size = abi_size(blob->cmd, blob->bytes, blob->size);
	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		if (blob->fixes[i].off == field->off)
			continue;
		end = blob->fixes[i].off + blob->fixes[i].size;
		if (blob->size < end)
			blob->size = end;
		blob->fixes[kept++] = blob->fixes[i];
	}
	blob->n_fixes = kept;
}

/* ── steps ── */

struct plan_step *plan_step(struct hewn_plan *plan, struct plan_steps *to, enum plan_call call,
			    const char *why, uint32_t since, uint32_t slot)
{
	struct plan_step *step = NULL;

	if (to == &plan->steps)
		step = mem_append(&to->v, &to->n, sizeof(*step));
	else if (to)
		step = mem_add(&plan->pool, &to->v, &to->n, sizeof(*step));
	if (!step) {
		plan->failed = true;
		step = &plan->spare_step;
		memset(step, 0, sizeof(*step));
	}
	step->call = call;
	step->why = why;
	step->since = since;
	step->slot = slot;
	step->fill = NONE;
	step->fill_at = 0;
	step->log = NONE;
	step->image = NONE;
	return step;
}

static void step_arg(struct plan_step *step, enum plan_arg_kind kind, int64_t value)
{
	if (step->n_args < 6)
		step->args[step->n_args++] = (struct plan_arg){ .kind = kind, .value = value };
}

void step_int(struct plan_step *step, int64_t value)
{
	step_arg(step, ARG_INT, value);
}

void step_slot(struct plan_step *step, uint32_t slot)
{
	step_arg(step, ARG_SLOT, slot);
}

void step_blob(struct plan_step *step, uint32_t blob)
{
	step_arg(step, ARG_BLOB, blob);
}

struct plan_step *plan_bpf(struct hewn_plan *plan, struct plan_steps *to, uint32_t cmd, uint32_t attr,
			   const char *why, uint32_t since, uint32_t slot)
{
	struct plan_step *step = plan_step(plan, to, CALL_BPF, why, since, slot);

	step_int(step, cmd);
	step_blob(step, attr);
	step_int(step, attr != NONE ? plan->blobs[attr].size : 0);
	return step;
}

struct plan_alt *step_alt(struct hewn_plan *plan, struct plan_step *step, enum plan_alt_kind kind,
			  const char *why, ...)
{
	struct plan_alt *alt = mem_add(&plan->pool, &step->alts, &step->n_alts, sizeof(*alt));
	va_list args;
	size_t i = 0;
	int on;

	if (!alt) {
		plan->failed = true;
		alt = &plan->spare_alt;
		memset(alt, 0, sizeof(*alt));
	}
	alt->kind = kind;
	alt->why = why;
	va_start(args, why);
	while ((on = va_arg(args, int)) != 0 && i < sizeof(alt->on) / sizeof(alt->on[0]))
		alt->on[i++] = on;
	va_end(args);
	return alt;
}

void step_cause(struct hewn_plan *plan, struct plan_step *step, int on, const char *what, const char *hint)
{
	struct plan_cause *cause = mem_add(&plan->pool, &step->causes, &step->n_causes, sizeof(*cause));

	if (cause)
		*cause = (struct plan_cause){ .on = on, .what = what, .hint = hint };
	else
		plan->failed = true;
}

void step_expect(struct hewn_plan *plan, struct plan_step *step, uint32_t blob, uint32_t off, uint32_t value,
		 const char *name)
{
	struct plan_expect *expect = mem_add(&plan->pool, &step->expects, &step->n_expects, sizeof(*expect));

	if (expect)
		*expect = (struct plan_expect){ .blob = blob, .off = off, .value = value, .name = name };
	else
		plan->failed = true;
}

void step_expect_text(struct hewn_plan *plan, struct plan_step *step, uint32_t blob, const char *text, const char *name)
{
	step_expect(plan, step, blob, 0, 0, name);
	if (!plan->failed)
		step->expects[step->n_expects - 1].text = text;
}

struct plan_loop *step_loop(struct hewn_plan *plan, struct plan_step *step, uint32_t limit)
{
	step->loop = mem_take(&plan->pool, sizeof(*step->loop));
	if (step->loop)
		*step->loop = (struct plan_loop){ .limit = limit };
	else
		plan->failed = true;
	return step->loop;
}

/* ── closing ── */

void hewn_plan_close(struct hewn_plan *plan)
{
	if (!plan)
		return;
	for (uint32_t i = 0; i < plan->n_images; i++)
		image_close(&plan->images[i]);
	for (uint32_t i = 0; i < plan->n_facts; i++) {
		free(plan->facts[i].path);
		free(plan->facts[i].text);
	}
	free(plan->slots);
	free(plan->blobs);
	free(plan->images);
	free(plan->facts);
	free(plan->steps.v);
	mem_close(&plan->pool);
	free(plan);
}
