// SPDX-License-Identifier: MIT
/*
 * What lives in the program's struct: a member a slot of the plan, in groups (maps, progs, links). Knows
 * slots; knows nothing of calls.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/mem.h"

#define OF_ARENA (OF_TABLE + 1) /* the memory of a map, where its fd is OF_MAP */

static const struct {
	const char *group, *says;
} groups[] = {
	[OF_FILE] = { "files", "files that stay open" },
	[OF_SYMBOL] = { "symbols", "addresses of the kernel's symbols" },
	[OF_PID] = { "", NULL },
	[OF_BTF] = { "", NULL },
	[OF_MODULE] = { "modules", "BTF of kernel modules" },
	[OF_MAP] = { "maps", "fds of maps" },
	[OF_PROG] = { "progs", "fds of programs" },
	[OF_PROBE] = { "probes", "perf events that programs are attached to" },
	[OF_LINK] = { "links", "what keeps programs attached" },
	[OF_ITER] = { "iters", "files that iterators are read from" },
	[OF_PLACE] = { "places", "cgroups and namespaces that programs are attached to" },
	[OF_EVENT] = { "rings", NULL },
	[OF_RING] = { "rings", NULL },
	[OF_EPOLL] = { "rings", NULL },
	[OF_TABLE] = { "tables", "fds of jump tables" },
	[OF_ARENA] = { "arenas", "memory of arenas, which the programs' pointers are of" },
};

#define N_GROUPS (sizeof(groups) / sizeof(groups[0]))

static size_t group_of(enum plan_slot_kind kind, enum plan_slot_of of)
{
	return kind == SLOT_MAPPING && of == OF_MAP ? OF_ARENA : of;
}

static const struct obj_map *ring_of(const struct freeze *f, const struct plan_slot *slot)
{
	const bool is_ring = slot->of == OF_EVENT || slot->of == OF_RING || slot->of == OF_EPOLL;

	return is_ring && slot->index < f->object->n_maps ? &f->object->maps[slot->index] : NULL;
}

static bool is_per_cpu(const struct freeze *f, const struct plan_slot *slot)
{
	const struct obj_map *map = ring_of(f, slot);

	return slot->cpu >= 0 && !(map && map->type == BPF_MAP_TYPE_RINGBUF);
}

bool member_per_cpu(const struct freeze *f, uint32_t slot)
{
	return is_per_cpu(f, &f->plan->slots[slot]);
}

/* What a slot is called in the object; else its own name. */
static const char *called(const struct freeze *f, const struct plan_slot *slot)
{
	switch (slot->of) {
	case OF_MAP:
	case OF_EVENT:
	case OF_RING:
	case OF_EPOLL:
		return slot->index < f->object->n_maps ? f->object->maps[slot->index].name : slot->name;
	case OF_SYMBOL:
		return slot->index < f->object->n_externs ? f->object->externs[slot->index].name : slot->name;
	case OF_PROG:
	case OF_PROBE:
	case OF_LINK:
	case OF_ITER:
		return slot->index < f->object->n_funcs ? f->object->funcs[slot->index].name : slot->name;
	default:
		return slot->name;
	}
}

static bool is_declared(const struct freeze_member *m)
{
	return (m->kind == SLOT_FD && m->of != OF_FILE) || m->of == OF_SYMBOL || group_of(m->kind, m->of) == OF_ARENA;
}

static bool is_taken(const struct freeze *f, const struct freeze_member *m)
{
	for (uint32_t i = 0; i < f->n_members; i++)
		if (&f->members[i] != m && is_declared(&f->members[i]) && f->members[i].name && !strcmp(f->members[i].group, m->group) &&
		    !strcmp(f->members[i].name, m->name))
			return true;
	return false;
}

static char *print(struct freeze *f, const char *fmt, const char *a, const char *b, const char *c)
{
	struct freeze_text text;

	if (!words_open(&text)) {
		freeze_nomem(f);
		return NULL;
	}
	for (; *fmt; fmt++)
		if (*fmt == 'A')
			fputs(a, text.to);
		else if (*fmt == 'B')
			fputs(b, text.to);
		else if (*fmt == 'C')
			fputs(c, text.to);
		else
			putc(*fmt, text.to);
	return words_close(&text);
}

/* The part of a ring that a slot is. */
static const char *ring_part(const struct plan_slot *slot, const struct obj_map *map)
{
	if (slot->of == OF_EPOLL)
		return "epoll";
	if (slot->of == OF_EVENT)
		return "cpus[cpu].event";
	if (map->type == BPF_MAP_TYPE_RINGBUF)
		return slot->cpu ? "producer" : "consumer";
	return "cpus[cpu].page";
}

static void name_member(struct freeze *f, struct freeze_member *m, const struct plan_slot *slot)
{
	const struct obj_map *map = ring_of(f, slot);
	char id[120], full[144];

	words_id(id, sizeof(id), called(f, slot));
	if (m->nth && !map)
		snprintf(full, sizeof(full), "%s_%u", id, m->nth + 1);
	else
		snprintf(full, sizeof(full), "%s", id);
	m->name = strdup(full);
	m->group = strdup(groups[group_of(slot->kind, slot->of)].group);
	if (!m->name || !m->group) {
		freeze_nomem(f);
		return;
	}
	if (slot->of == OF_SYMBOL)
		m->expr = print(f, "o->symbols.A", m->name, "", "");
	else if (slot->kind == SLOT_NUMBER || slot->kind == SLOT_ID)
		m->expr = strdup(slot->of == OF_PID ? "getpid()" : "id"); /* of the function that reads it */
	else if (map)
		m->expr = print(f, "o->rings.A.B", m->name, ring_part(slot, map), "");
	else if (!m->group[0])
		m->expr = print(f, "o->A", m->name, "", "");
	else
		m->expr = print(f, "o->A.BC", m->group, m->name, m->per_cpu ? "[cpu]" : "");
}

static uint32_t member_of(struct freeze *f, const struct plan_slot *slot, uint32_t nth)
{
	struct freeze_member *m;
	const bool per_cpu = is_per_cpu(f, slot);

	for (uint32_t i = 0; i < f->n_members; i++) {
		m = &f->members[i];
		if (m->kind == slot->kind && m->of == slot->of && m->index == slot->index && m->nth == nth && m->per_cpu == per_cpu)
			return i;
	}
	m = mem_append(&f->members, &f->n_members, sizeof(*m));
	if (!m) {
		freeze_nomem(f);
		return NONE;
	}
	m->kind = slot->kind;
	m->of = slot->of;
	m->index = slot->index;
	m->nth = nth;
	m->per_cpu = per_cpu;
	name_member(f, m, slot);
	if (!f->ret && is_declared(m) && !ring_of(f, slot) && is_taken(f, m))
		freeze_refuse(f, -EOPNOTSUPP, "two things of the object would be called \"%s\" in C", m->name);
	return f->n_members - 1;
}

int members_begin(struct freeze *f)
{
	const struct hewn_plan *plan = f->plan;

	f->slots = malloc(((size_t)plan->n_slots + 1) * sizeof(*f->slots));
	f->blobs = calloc((size_t)plan->n_blobs + 1, sizeof(*f->blobs));
	if (!f->slots || !f->blobs)
		return freeze_nomem(f);
	for (uint32_t i = 0; i < plan->n_slots; i++) {
		uint32_t nth = 0;

		for (uint32_t k = 0; k < i; k++)
			nth += plan->slots[k].kind == plan->slots[i].kind && plan->slots[k].of == plan->slots[i].of &&
			       plan->slots[k].index == plan->slots[i].index && plan->slots[k].cpu == plan->slots[i].cpu;
		if ((size_t)plan->slots[i].of >= N_GROUPS || !groups[plan->slots[i].of].group)
			return freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze %s yet", plan->slots[i].name);
		f->slots[i] = member_of(f, &plan->slots[i], plan->slots[i].of == OF_RING ? (uint32_t)plan->slots[i].cpu : nth);
	}
	return f->ret;
}

void members_end(struct freeze *f)
{
	for (uint32_t i = 0; f->blobs && i < f->plan->n_blobs; i++)
		free(f->blobs[i]);
	free(f->blobs);
	free(f->slots);
	f->blobs = NULL;
	f->slots = NULL;
}

const char *member_expr(struct freeze *f, uint32_t slot)
{
	const uint32_t i = slot < f->plan->n_slots ? f->slots[slot] : NONE;

	return i != NONE && f->members[i].expr ? f->members[i].expr : "-1";
}

void member_is_there(struct freeze *f, uint32_t slot, FILE *to)
{
	fprintf(to, f->plan->slots[slot].kind == SLOT_MAPPING ? "%s != MAP_FAILED" : "%s >= 0", member_expr(f, slot));
}

/* ── declaring ── */

static const char *type_of(size_t of)
{
	return of == OF_SYMBOL ? "uint64_t " : of == OF_ARENA ? "void *" : "int ";
}

static void declare_group(struct freeze *f, size_t of, FILE *to)
{
	bool any = false;

	for (uint32_t i = 0; i < f->n_members; i++) {
		const struct freeze_member *m = &f->members[i];

		if (group_of(m->kind, m->of) != of || !is_declared(m))
			continue;
		if (!any && groups[of].group[0])
			fprintf(to, "\tstruct {\n");
		any = true;
		fprintf(to, "%s%s%s", groups[of].group[0] ? "\t\t" : "\t", type_of(of), m->name);
		if (m->per_cpu)
			fprintf(to, "[%s_MAX_CPUS]", f->upper);
		fputs(groups[of].group[0] ? ";\n" : "; /* fd of the object's BTF */\n", to);
	}
	if (any && groups[of].group[0])
		fprintf(to, "\t} %s; /* %s */\n", groups[of].group, groups[of].says);
}

static void declare_rings(struct freeze *f, FILE *to)
{
	bool any = false;

	for (uint32_t i = 0; i < f->n_members; i++) {
		const struct freeze_member *m = &f->members[i];

		if (m->of != OF_EPOLL)
			continue;
		if (!any)
			fputs("\tstruct {\n", to);
		any = true;
		if (f->object->maps[m->index].type == BPF_MAP_TYPE_RINGBUF)
			fprintf(to, "\t\tstruct {\n\t\t\tint epoll;\n\t\t\tvoid *consumer, *producer;\n\t\t} %s;\n", m->name);
		else
			fprintf(to,
				"\t\tstruct {\n\t\t\tint epoll;\n\t\t\tstruct {\n\t\t\t\tint event;\n\t\t\t\tvoid *page;\n"
				"\t\t\t} cpus[%s_MAX_CPUS];\n\t\t} %s;\n",
				f->upper, m->name);
	}
	if (any)
		fputs("\t} rings; /* an fd to wait for each, and its memory */\n", to);
}

void members_declare(struct freeze *f, FILE *to)
{
	for (size_t of = 0; of < N_GROUPS; of++)
		if (of == OF_EPOLL)
			declare_rings(f, to);
		else if (of != OF_EVENT && of != OF_RING && of != OF_PID)
			declare_group(f, of, to);
	if (f->uses[USE_CPUS])
		fputs("\tint n_cpus; /* the highest number of a CPU that there may be, and 1 */\n", to);
	for (int i = 0; i < 2; i++)
		if (f->has_pmu[i])
			fprintf(to, "\tint %s_type, %s_return; /* what the kernel numbers these probes by; -1: it has none */\n",
				i ? "uprobe" : "kprobe", i ? "uprobe" : "kprobe");
	for (uint32_t i = 0; i < f->n_marks; i++)
		fprintf(to, "\tint made_%u; /* 1: what close() must take away by more than closing an fd */\n", i + 1);
}
