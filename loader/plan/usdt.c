// SPDX-License-Identifier: MIT
/*
 * Probes that programs declare of themselves (USDT): uprobes whose cookie is the number of an entry
 * of a map in which the program finds where its arguments are. Knows that map's layout, which is
 * that of libbpf's <bpf/usdt.bpf.h>; the target found the places.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "loader/plan/planner.h"
#include "loader/target/usdt.h"

#define SPECS	     "__bpf_usdt_specs"
#define ADDRESSES    "__bpf_usdt_ip_to_spec_id" /* before 5.15: the entry by the address of the probe */
#define UPROBE_MULTI 48u /* BPF_TRACE_UPROBE_MULTI, 6.6 */

/* The bytes of an argument: as libbpf had them up to 1.6, and since then. */
enum { ARG_OLD = 16, ARG_NEW = 24 };

struct usdt_plan {
	struct planner *p;
	uint32_t func, prog, map, addresses;
	uint32_t arg_size;
	struct usdt usdt;
	const char *why;
};

/*
 * An argument: its number (8 bytes), its kind, the index register (12 bits) and the shift of it (4
 * bits), the register, whether it is signed, and by how much a word is shifted for its size. The
 * layout of bit-fields is that of the compiler.
 */
static void put_arg(const struct hewn_object *o, uint8_t *to, const struct usdt_arg *arg, uint32_t arg_size)
{
	const bool big = o->big_endian;
	const uint32_t off = arg_size == ARG_NEW ? 14 : 12;
	const uint32_t index = big ? (uint32_t)arg->index << 4 | arg->scale
				   : (uint32_t)arg->scale << 12 | arg->index;
	const int size = arg->size < 0 ? -arg->size : arg->size;

	object_put(o, to, (uint64_t)arg->value, 8);
	if (arg_size == ARG_NEW) {
		to[big ? 12 : 8] = (uint8_t)arg->kind;
		object_put(o, to + 10, index, 2);
	} else {
		object_put(o, to + 8, (uint64_t)arg->kind, 4);
	}
	object_put(o, to + off, arg->reg, 2);
	to[off + 2] = arg->size < 0;
	to[off + 3] = (uint8_t)(64 - size * 8);
}

/* The entry of the map for the arguments of one place: args[12], a cookie that is 0, how many they
 * are. */
static int spec_blob(struct usdt_plan *u, const struct usdt_place *place, uint32_t *blob)
{
	const uint32_t size = u->arg_size * USDT_MAX_ARGS + 16;
	uint8_t bytes[ARG_NEW * USDT_MAX_ARGS + 16] = {0};
	struct usdt_arg args[USDT_MAX_ARGS];
	int n = usdt_args(u->usdt.machine, place->args, args, u->p->err);

	if (n < 0)
		return n;
	for (int i = 0; i < n; i++) {
		if (args[i].kind == USDT_INDEX && u->arg_size != ARG_NEW) {
			err_hint(u->p->err,
				 "compile the object with <bpf/usdt.bpf.h> of libbpf 1.7 or newer");
			return err_set(u->p->err, -EOPNOTSUPP,
				       "argument %d of the probe is in an array, which the "
				       "object's map of probes has no room to say",
				       i + 1);
		}
		put_arg(u->p->object, bytes + (size_t)i * u->arg_size, &args[i], u->arg_size);
	}
	object_put(u->p->object, bytes + size - 8, (uint64_t)n, 2);
	*blob = plan_blob(u->p->plan, BLOB_VALUE, bytes, size);
	plan_name_blob(u->p->plan, *blob,
		       plan_text(u->p->plan, "where the arguments are: %s", place->args));
	return 0;
}

static int update_step(struct usdt_plan *u, const struct usdt_place *place, uint32_t id)
{
	struct hewn_plan *plan = u->p->plan;
	uint32_t attr = plan_attr(plan, BPF_MAP_UPDATE_ELEM), value = NONE, key;
	int ret = spec_blob(u, place, &value);

	if (ret)
		return ret;
	key = plan_blob(plan, BLOB_KEY, &id, sizeof(id));
	attr_slot(plan, attr, "map_fd", u->p->map_slots[u->map]);
	attr_blob(plan, attr, "key", key);
	attr_blob(plan, attr, "value", value);
	plan_bpf(plan, &plan->steps, BPF_MAP_UPDATE_ELEM, attr,
		 "tells the program where the arguments are", KERNEL(3, 18), NONE);
	return 0;
}

/* Places whose arguments are in the same registers share an entry: cookies[i] is the number of
 * place i's. */
static int specs(struct usdt_plan *u, uint64_t *cookies)
{
	const struct usdt_place *places = u->usdt.places;
	int ret = 0;

	for (uint32_t i = 0; i < u->usdt.n_places && !ret; i++) {
		uint32_t same = 0;

		while (same < i && strcmp(places[same].args, places[i].args) != 0)
			same++;
		if (same < i) {
			cookies[i] = cookies[same];
			continue;
		}
		cookies[i] = u->p->n_usdt_specs++;
		if (cookies[i] >= u->p->object->maps[u->map].max_entries)
			return plan_refuse(
				u->p, u->func, -E2BIG,
				"map \"" SPECS
				"\" has room for %u sets of arguments, and the probes have more",
				u->p->object->maps[u->map].max_entries);
		ret = update_step(u, &places[i], (uint32_t)cookies[i]);
	}
	return ret;
}

static void causes(struct planner *p, struct plan_step *step, const struct usdt *usdt)
{
	step_cause(p->plan, step, EINVAL,
		   plan_text(p->plan, "the kernel refuses a probe of %s", usdt->path), NULL);
	step_cause(p->plan, step, ESRCH, "there is no process of this number",
		   "--pid wants a process that runs");
}

/* The entry of a place by its address, and the program at the event without a link: before 5.15. */
static void without_cookie(struct usdt_plan *u, struct plan_steps *to, const struct usdt_place *place,
			   uint32_t id, uint32_t event)
{
	struct hewn_plan *plan = u->p->plan;
	uint32_t attr = plan_attr(plan, BPF_MAP_UPDATE_ELEM);
	uint8_t value[4];

	object_put(u->p->object, value, id, sizeof(value));
	attr_slot(plan, attr, "map_fd", u->p->map_slots[u->addresses]);
	attr_blob(plan, attr, "key", plan_blob(plan, BLOB_KEY, &place->address, sizeof(place->address)));
	attr_blob(plan, attr, "value", plan_blob(plan, BLOB_VALUE, value, 4));
	plan_bpf(plan, to, BPF_MAP_UPDATE_ELEM, attr,
		 "tells the program by the address which entry it is", KERNEL(3, 18), NONE);
	plan_perf_set(u->p, to, u->prog, event);
}

/* One probe by the perf PMU, and a link with a cookie: as it is without links on many probes (5.15
 * to 6.5). */
static void single(struct usdt_plan *u, struct plan_steps *to, const struct usdt_place *place,
		   uint32_t i, uint64_t cookie, uint32_t type)
{
	struct planner *p = u->p;
	const char *name = p->object->funcs[u->func].name;
	const struct perf_event_attr perf = {
		.type = type,
		.size = PERF_ATTR_SIZE_VER1,
		.config = place->semaphore << 32, /* ref_ctr_offset, 4.20 */
		.config2 = place->offset,
	};
	uint32_t attr = plan_blob(p->plan, BLOB_PERF_ATTR, &perf, PERF_ATTR_SIZE_VER1), event, link;
	struct plan_step *step;

	plan_fix(p->plan, attr, offsetof(struct perf_event_attr, config1), 8, FIX_BLOB,
		 plan_string(p->plan, u->usdt.path));
	event = plan_slot(p->plan, SLOT_FD, OF_PROBE, u->func, (int)i, "probe(%s, place %u)", name,
			  i);
	step = plan_perf_open(p, to, attr, p->opts->pid ? p->opts->pid : -1, p->opts->pid ? -1 : 0,
			      u->why, KERNEL(4, 17), event);
	causes(p, step, &u->usdt);
	attr = plan_attr(p->plan, BPF_LINK_CREATE);
	link = plan_slot(p->plan, SLOT_FD, OF_LINK, u->func, (int)i, "link(%s, place %u)", name, i);
	attr_slot(p->plan, attr, "prog_fd", u->prog);
	attr_slot(p->plan, attr, "target_fd", event);
	attr_int(p->plan, attr, "attach_type", 41 /* BPF_PERF_EVENT */);
	attr_int(p->plan, attr, "bpf_cookie", cookie);
	step = plan_bpf(p->plan, to, BPF_LINK_CREATE, attr,
			"the cookie is the number of the arguments' entry", KERNEL(5, 15), link);
	if (u->addresses != NONE && place->address)
		without_cookie(u,
			       &step_alt(p->plan, step, ALT_STEPS,
					 "the kernel has no cookies (before 5.15)", EINVAL, 0)
					->steps,
			       place, (uint32_t)cookie, event);
	step_cause(p->plan, step, EINVAL,
		   "this kernel has no cookies (before 5.15), by which a program knows at which "
		   "probe it is",
		   u->addresses != NONE
			   ? "it goes by addresses then, which a library, or a program that is "
			     "position-independent, has in a process only: --pid"
			   : NULL);
}

static void link_all(struct usdt_plan *u, const uint64_t *cookies, uint64_t *offsets,
		     uint64_t *semaphores)
{
	struct planner *p = u->p;
	const struct usdt_place *places = u->usdt.places;
	uint32_t n = u->usdt.n_places, attr = plan_attr(p->plan, BPF_LINK_CREATE), link, type, bit;
	bool has_semaphores = false;
	struct plan_step *step;
	struct plan_alt *alt;

	for (uint32_t i = 0; i < n; i++) {
		offsets[i] = places[i].offset;
		semaphores[i] = places[i].semaphore;
		has_semaphores |= places[i].semaphore != 0;
	}
	link = plan_slot(p->plan, SLOT_FD, OF_LINK, u->func, -1, "link(%s)",
			 p->object->funcs[u->func].name);
	attr_slot(p->plan, attr, "prog_fd", u->prog);
	attr_int(p->plan, attr, "attach_type", UPROBE_MULTI);
	attr_blob(p->plan, attr, "uprobe_multi.path", plan_string(p->plan, u->usdt.path));
	attr_blob(p->plan, attr, "uprobe_multi.offsets",
		  plan_blob(p->plan, BLOB_WORDS, offsets, n * 8));
	if (has_semaphores)
		attr_blob(p->plan, attr, "uprobe_multi.ref_ctr_offsets",
			  plan_blob(p->plan, BLOB_WORDS, semaphores, n * 8));
	attr_blob(p->plan, attr, "uprobe_multi.cookies",
		  plan_blob(p->plan, BLOB_WORDS, cookies, n * 8));
	attr_int(p->plan, attr, "uprobe_multi.cnt", n);
	if (p->opts->pid)
		attr_int(p->plan, attr, "uprobe_multi.pid", (uint64_t)p->opts->pid);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_LINK_CREATE, attr, u->why, KERNEL(6, 6),
			link);
	causes(p, step, &u->usdt);
	if (target_pmu(p->target, "uprobe", &type, &bit))
		return;
	alt = step_alt(p->plan, step, ALT_STEPS,
		       "the kernel has no links on many uprobes (before 6.6, or of 32 bits): one each",
		       EINVAL, E2BIG, EOPNOTSUPP, 0);
	for (uint32_t i = 0; i < n; i++)
		single(u, &alt->steps, &places[i], i, cookies[i], type);
}

static int attach(struct usdt_plan *u)
{
	const size_t n = u->usdt.n_places;
	uint64_t *words = calloc(n ? n * 3 : 1, sizeof(*words));
	int ret;

	if (!words)
		return err_nomem(u->p->err);
	ret = specs(u, words);
	if (ret)
		plan_refuse(u->p, u->func, ret, "cannot say where the arguments are");
	else
		link_all(u, words, words + n, words + 2 * n);
	free(words);
	return ret;
}

int plan_usdt(struct planner *p, uint32_t func, uint32_t prog)
{
	const struct obj_func *f = &p->object->funcs[func];
	struct usdt_plan u = {
		.p = p, .func = func, .prog = prog, .map = object_map(p->object, SPECS),
		.addresses = object_map(p->object, ADDRESSES)};
	int ret;

	if (!f->target[0])
		return 0; /* a bare section: whoever loaded the program attaches it */
	if (u.map == NONE) {
		err_hint(p->err, "the header usdt.bpf.h of libbpf makes it");
		return plan_refuse(p, func, -ESRCH,
				   "the object has no map \"" SPECS
				   "\", in which a USDT program finds its arguments");
	}
	u.arg_size = p->object->maps[u.map].value_size == ARG_OLD * USDT_MAX_ARGS + 16 ? ARG_OLD
										       : ARG_NEW;
	if (p->object->maps[u.map].value_size != u.arg_size * USDT_MAX_ARGS + 16 ||
	    p->object->maps[u.map].key_size != 4)
		return plan_refuse(p, func, -EINVAL,
				   "map \"" SPECS "\" has values of %u bytes, want %u or %u",
				   p->object->maps[u.map].value_size, ARG_OLD * USDT_MAX_ARGS + 16,
				   ARG_NEW * USDT_MAX_ARGS + 16);
	ret = target_usdt(p->target, f->target, &u.usdt, p->err);
	if (ret)
		return plan_refuse(p, func, ret, "no probe \"%s\"", f->target);
	if (p->opts->pid && !p->target->recorded)
		usdt_locate(&u.usdt, p->opts->pid);
	if (u.addresses != NONE && (p->object->maps[u.addresses].key_size != 8 ||
				    p->object->maps[u.addresses].value_size != 4))
		u.addresses = NONE;
	u.why = plan_text(p->plan, "a probe at %s", f->target);
	ret = attach(&u);
	usdt_close(&u.usdt);
	return ret;
}
