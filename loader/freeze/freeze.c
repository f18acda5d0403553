// SPDX-License-Identifier: MIT
/*
 * Freezing: makes the plan with marks where only the target knows, takes it apart into functions, and has the
 * two files written. Knows the order of a plan; how each thing looks in C is the other files'.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/freeze/marks.h"
#include "loader/mem.h"

#define PMUS "/sys/bus/event_source/devices/"

int freeze_refuse(struct freeze *f, int code, const char *fmt, ...)
{
	char text[512];
	va_list args;

	if (f->ret)
		return f->ret;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	f->ret = err_set(f->err, code, "%s", text);
	return f->ret;
}

int freeze_nomem(struct freeze *f)
{
	if (!f->ret)
		f->ret = err_nomem(f->err);
	return f->ret;
}

/* ── marks ── */

/* A fact that is not the target's. text NULL: there is none. */
static int mask(struct freeze *f, struct hewn_target *target, const char *path, const char *text)
{
	char *copy = text ? strdup(text) : NULL;

	if (text && !copy)
		return freeze_nomem(f);
	for (uint32_t i = 0; i < target->n_facts; i++) {
		if (strcmp(target->facts[i].path, path) != 0)
			continue;
		free(target->facts[i].text);
		target->facts[i].text = copy;
		return 0;
	}
	free(copy);
	return target_remember(target, path, text) ? 0 : freeze_nomem(f);
}

static int mask_pmu(struct freeze *f, struct hewn_target *target, const char *pmu, uint32_t number)
{
	char path[80], text[16];
	int ret;

	snprintf(path, sizeof(path), PMUS "%s/type", pmu);
	if (number && target->recorded && !target_known(target, path))
		return 0; /* the profile says that this kernel has none */
	snprintf(text, sizeof(text), "%u", number);
	ret = mask(f, target, path, number ? text : NULL);
	snprintf(path, sizeof(path), PMUS "%s/format/retprobe", pmu);
	snprintf(text, sizeof(text), "config:%d", MARK_RETURN_BIT);
	return ret ? ret : mask(f, target, path, number ? text : NULL);
}

/* One CPU stands for all, a page has 4096 bytes, the PMUs have numbers that no kernel gives. */
static int mask_target(struct freeze *f, struct hewn_target *target, bool with_pmus)
{
	int ret = mask(f, target, "/sys/devices/system/cpu/possible", "0");
	char page[16];

	snprintf(page, sizeof(page), "%u", MARK_PAGE);
	if (!ret)
		ret = mask(f, target, "getconf PAGESIZE", page);
	if (!ret)
		ret = mask_pmu(f, target, "kprobe", with_pmus ? MARK_KPROBE : 0);
	return ret ? ret : mask_pmu(f, target, "uprobe", with_pmus ? MARK_UPROBE : 0);
}

/* The addresses of symbols are hidden, as they are from a user without rights; what is not there is not there. */
static int mask_symbols(struct freeze *f, struct hewn_target *target)
{
	int ret = 0;

	for (uint32_t i = 0; i < f->object->n_externs && !ret; i++) {
		char path[600];

		snprintf(path, sizeof(path), "kallsyms %s", f->object->externs[i].name);
		if (f->object->externs[i].kind == EXTERN_KSYM && (!target->recorded || target_known(target, path)))
			ret = mask(f, target, path, "0");
	}
	return ret;
}

/* ── parts of a plan ── */

enum phase { PHASE_BTF, PHASE_MAP, PHASE_LOAD, PHASE_RING, PHASE_ATTACH };

static const char *const phases[] = { "load", "make", "load", "open_ring", "attach" };

struct part {
	enum phase phase;
	enum plan_slot_of of;
	uint32_t index;
};

struct owner {
	const struct freeze *f;
	struct part part;
	bool any, is_update;
};

static enum phase phase_of(enum plan_slot_of of)
{
	switch (of) {
	case OF_BTF:
		return PHASE_BTF;
	case OF_MAP:
		return PHASE_MAP;
	case OF_MODULE:
	case OF_PROG:
	case OF_TABLE:
	case OF_PID:
	case OF_SYMBOL:
		return PHASE_LOAD;
	case OF_EVENT:
	case OF_RING:
	case OF_EPOLL:
		return PHASE_RING;
	default:
		return PHASE_ATTACH;
	}
}

/* What a step is for: the latest thing that it has to do with. A map's values are for the map, but a struct_ops attaches. */
static void take_owner(void *ctx, uint32_t slot)
{
	struct owner *owner = ctx;
	const struct plan_slot *of = &owner->f->plan->slots[slot];
	enum phase phase = phase_of(of->of);

	if (owner->is_update && of->of == OF_MAP && owner->f->object->maps[of->index].type == BPF_MAP_TYPE_STRUCT_OPS) {
		owner->part = (struct part){ PHASE_ATTACH, OF_LINK, NONE };
		owner->any = true;
		return;
	}
	if (of->of == OF_PID || of->of == OF_SYMBOL || (owner->any && phase < owner->part.phase) || (owner->any && owner->is_update && phase == PHASE_LOAD))
		return;
	owner->part = (struct part){ phase, phase == PHASE_RING ? OF_RING : phase == PHASE_ATTACH ? OF_LINK : of->of == OF_TABLE ? OF_PROG : of->of,
				     of->index };
	owner->any = true;
}

static struct part part_of(const struct freeze *f, const struct plan_step *step)
{
	struct owner owner = { .f = f };

	owner.is_update = step->call == CALL_BPF && step->args[0].value == BPF_MAP_UPDATE_ELEM;
	if (step->slot != NONE)
		take_owner(&owner, step->slot);
	else
		walk_needs(f->plan, step, take_owner, &owner);
	if (!owner.any)
		owner.part = (struct part){ PHASE_LOAD, OF_PLACE, NONE };
	return owner.part;
}

static bool same_part(const struct part *a, const struct part *b)
{
	return a->phase == b->phase && a->of == b->of && a->index == b->index;
}

static void name_part(const struct freeze *f, const struct part *part, char *to, size_t size)
{
	const char *what = part->of == OF_BTF ? "btf" : "more";

	if (part->index < f->object->n_maps && (part->phase == PHASE_MAP || part->phase == PHASE_RING))
		what = f->object->maps[part->index].name;
	else if (part->index < f->object->n_funcs && (part->of == OF_PROG || part->phase == PHASE_ATTACH))
		what = f->object->funcs[part->index].name;
	snprintf(to, size, "%s_%s", phases[part->phase], what);
}

/* Whose PMU a program is attached by, 0 kprobe, 1 uprobe; -1: it is not attached by one. */
static int pmu_of(const struct freeze *f, const struct part *part)
{
	const struct section_def *def;

	if (part->phase != PHASE_ATTACH || part->index == NONE || part->index >= f->object->n_funcs)
		return -1;
	def = f->object->funcs[part->index].def;
	switch (def ? def->how : ATTACH_NONE) {
	case ATTACH_KPROBE:
	case ATTACH_KRETPROBE:
	case ATTACH_KSYSCALL:
	case ATTACH_KRETSYSCALL:
		return 0;
	case ATTACH_UPROBE:
	case ATTACH_URETPROBE:
		return 1;
	default:
		return -1;
	}
}

/* The steps of one CPU, for each. */
static void write_loop(struct freeze *f, uint32_t first, uint32_t n, const struct part *part, FILE *to)
{
	const struct plan_step *steps = &f->plan->steps.v[first];
	const struct step_place at = { .depth = 2 };
	const struct obj_map *map = part->phase == PHASE_RING && part->index < f->object->n_maps ? &f->object->maps[part->index] : NULL;

	f->uses[USE_CPUS] = true;
	f->loop = ++f->n_loops;
	fputs("\tfor (int cpu = 0; cpu < o->n_cpus", to);
	if (map && map->max_entries)
		fprintf(to, " && cpu < %u", map->max_entries);
	fputs("; cpu++) { /* on each CPU; the numbers are those of the first */\n", to);
	if (map)
		fputs("\t\tif (!is_possible(cpu, NULL))\n\t\t\tcontinue;\n\n", to);
	steps_write(f, steps, n, first, &at, to);
	fputs("\t}\n", to);
	f->loop = 0;
}

static void write_steps(struct freeze *f, uint32_t first, uint32_t n, const struct part *part, FILE *to)
{
	const struct step_place at = { .depth = 1 };

	for (uint32_t i = 0; i < n && !f->ret;) {
		const struct plan_step *steps = &f->plan->steps.v[first + i];
		const bool per_cpu = step_per_cpu(f, steps);
		uint32_t same = 1;

		while (i + same < n && step_per_cpu(f, &steps[same]) == per_cpu)
			same++;
		if (i)
			putc('\n', to);
		if (per_cpu)
			write_loop(f, first + i, same, part, to);
		else
			steps_write(f, steps, same, first + i, &at, to);
		i += same;
	}
}

/* The steps first … first + n - 1 as one function; and its call, if it is not a second way. */
static void write_part(struct freeze *f, uint32_t first, uint32_t n, const struct part *part, const char *second, bool late)
{
	struct freeze_text body;
	char name[160], full[180], *text, *ids;
	const char *id;
	const int pmu = pmu_of(f, part);

	name_part(f, part, name, sizeof(name));
	snprintf(full, sizeof(full), "%s%s", name, second ? second : "");
	id = words_new(f, full);
	if (!words_open(&body) || !words_open(&f->ids)) {
		free(words_close(&body));
		freeze_nomem(f);
		return;
	}
	write_steps(f, first, n, part, body.to);
	text = words_close(&body);
	ids = words_close(&f->ids);
	if (!text || !ids) {
		freeze_nomem(f);
	} else {
		fprintf(f->code.to, "static int %s(struct %s *o)\n{\n\tint ret;\n%.*s\n%s\treturn 0;\n}\n\n", id, f->name,
			ids[0] ? (int)(strchr(ids, '\n') - ids + 1) : 0, ids, text);
	}
	free(text);
	free(ids);
	if (second)
		return;
	fprintf(late ? f->attaches.to : f->opens.to, "\tif (!ret)\n\t\tret = ");
	if (pmu >= 0 && f->has_pmu[pmu] && f->by_tracefs)
		fprintf(late ? f->attaches.to : f->opens.to, "o->%s_type < 0 ? %s_by_tracefs(o) : ", pmu ? "uprobe" : "kprobe", id);
	fprintf(late ? f->attaches.to : f->opens.to, "%s(o);\n", id);
}

/* All of f->plan; of a second plan only what is attached by the PMUs that the first has found. */
static int write_plan(struct freeze *f, bool second)
{
	const struct plan_steps *steps = &f->plan->steps;
	bool late = false;

	if (members_begin(f))
		return f->ret;
	for (uint32_t i = 0; i < steps->n && !f->ret;) {
		const struct part part = part_of(f, &steps->v[i]);
		const int pmu = pmu_of(f, &part);
		uint32_t n = 1;

		while (i + n < steps->n) {
			const struct part next = part_of(f, &steps->v[i + n]);

			if (!same_part(&part, &next))
				break;
			n++;
		}
		late |= part.phase >= PHASE_RING;
		if (!second)
			write_part(f, i, n, &part, NULL, late);
		else if (pmu >= 0 && f->has_pmu[pmu])
			write_part(f, i, n, &part, "_by_tracefs", late);
		i += n;
	}
	members_end(f);
	return f->ret;
}

/* ── what the files ask ── */

bool freeze_has_ring(const struct freeze *f, uint32_t map)
{
	for (uint32_t i = 0; i < f->n_members; i++)
		if (f->members[i].of == OF_EPOLL && f->members[i].index == map)
			return true;
	return false;
}

uint32_t freeze_event_type(const struct freeze *f, uint32_t map)
{
	return f->object->maps[map].event_type;
}

bool freeze_typed(const struct freeze *f, uint32_t type, uint32_t size)
{
	return type && f->object->has_btf && btf_size(&f->object->btf, type) == (int64_t)size;
}

static void freeze_close(struct freeze *f)
{
	struct freeze_text *const texts[] = { &f->data, &f->code, &f->opens, &f->attaches, &f->ids };

	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		free(words_close(texts[i]));
	for (uint32_t i = 0; i < f->n_members; i++) {
		free(f->members[i].group);
		free(f->members[i].name);
		free(f->members[i].expr);
	}
	for (uint32_t i = 0; i < f->n_names; i++)
		free(f->names[i]);
	for (uint32_t i = 0; i < f->n_undos; i++)
		free(f->undos[i].text);
	free(f->members);
	free(f->names);
	free(f->undos);
	free(f->attrs);
}

/* "opens" out of "build/bpf/opens.bpf.o" */
static void default_name(char *to, size_t size, const char *path)
{
	const char *slash = strrchr(path, '/');
	char text[120];

	snprintf(text, sizeof(text), "%s", slash ? slash + 1 : path);
	text[strcspn(text, ".")] = 0;
	words_id(to, size, text);
}

int hewn_freeze(const struct hewn_object *object, struct hewn_target *target, const struct hewn_plan_opts *plan_opts,
		const struct hewn_freeze_opts *opts, FILE *source, FILE *header, struct hewn_err *err)
{
	char name[64], upper[64];
	struct freeze f = { .object = object, .target = target, .err = err, .name = name, .upper = upper, .header = opts->header };
	struct hewn_plan *plan = NULL, *second = NULL;
	const char *slash = strrchr(object->name, '/');

	f.source = slash ? slash + 1 : object->name;
	if (opts->name)
		words_id(name, sizeof(name) - 2, opts->name);
	else
		default_name(name, sizeof(name) - 2, object->name);
	for (size_t i = 0; i < sizeof(upper); i++)
		upper[i] = name[i] >= 'a' && name[i] <= 'z' ? (char)(name[i] - 'a' + 'A') : name[i];
	if (!words_open(&f.data) || !words_open(&f.code) || !words_open(&f.opens) || !words_open(&f.attaches))
		freeze_nomem(&f);
	if (!f.ret)
		mask_target(&f, target, true);
	if (!f.ret)
		mask_symbols(&f, target);
	if (!f.ret)
		f.ret = hewn_plan_open(&plan, object, target, plan_opts, err);
	f.plan = plan;
	f.by_tracefs = !target->recorded;
	if (!f.ret)
		write_plan(&f, false);
	if (!f.ret && (f.has_pmu[0] || f.has_pmu[1]) && f.by_tracefs) {
		mask_target(&f, target, false);
		if (!f.ret)
			f.ret = hewn_plan_open(&second, object, target, plan_opts, err);
		f.plan = second;
		if (!f.ret)
			write_plan(&f, true);
		f.plan = plan;
	}
	if (!f.ret)
		source_write(&f, source);
	if (!f.ret)
		header_write(&f, header);
	if (f.ret)
		err_object(err, object->name);
	members_end(&f);
	hewn_plan_close(plan);
	hewn_plan_close(second);
	freeze_close(&f);
	return f.ret;
}
