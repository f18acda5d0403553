// SPDX-License-Identifier: MIT
/* Programs in the plan: an image becomes a PROG_LOAD. Knows struct image; knows nothing of how it was linked. */
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>

#include "loader/mem.h"
#include "loader/plan/planner.h"

/*
 * The largest log that every kernel takes (before 5.18: UINT_MAX >> 8). Only what the verifier writes of
 * it is ever touched, so only that costs memory.
 */
#define LOG_SIZE (UINT32_MAX >> 8)

static uint32_t insns_blob(struct planner *p, const struct image *image, const char *name)
{
	uint32_t blob = plan_blob(p->plan, BLOB_INSNS, image->insns, image->n_insns * (uint32_t)sizeof(*image->insns));

	plan_name_blob(p->plan, blob, plan_text(p->plan, "instructions of %s", name));
	plan_externs(p, image, blob);
	plan_tables(p, image, blob);
	return blob;
}

/* func_info and line_info (5.0) tie instructions to the BTF; with them the verifier's log has source lines. */
static bool add_infos(struct planner *p, uint32_t attr, const struct image *image, const char *name)
{
	uint32_t blob;

	if (p->btf == NONE || (!image->n_func_infos && !image->n_lines))
		return false;
	attr_slot(p->plan, attr, "prog_btf_fd", p->btf);
	if (image->n_func_infos) {
		blob = plan_blob(p->plan, BLOB_FUNC_INFO, image->func_infos,
				 image->n_func_infos * (uint32_t)sizeof(*image->func_infos));
		plan_name_blob(p->plan, blob, plan_text(p->plan, "functions of %s", name));
		attr_int(p->plan, attr, "func_info_rec_size", sizeof(*image->func_infos));
		attr_blob(p->plan, attr, "func_info", blob);
		attr_int(p->plan, attr, "func_info_cnt", image->n_func_infos);
	}
	if (image->n_lines) {
		blob = plan_blob(p->plan, BLOB_LINE_INFO, image->lines, image->n_lines * (uint32_t)sizeof(*image->lines));
		plan_name_blob(p->plan, blob, plan_text(p->plan, "lines of %s", name));
		attr_int(p->plan, attr, "line_info_rec_size", sizeof(*image->lines));
		attr_blob(p->plan, attr, "line_info", blob);
		attr_int(p->plan, attr, "line_info_cnt", image->n_lines);
	}
	return true;
}

/* The attr with other types of functions (context.c); NONE: they are the same. */
static uint32_t older_attr(struct planner *p, uint32_t attr, const struct image *image, const struct obj_func *func)
{
	struct image_func_info *infos;
	uint32_t older = NONE, blob;
	bool same = true;

	if (p->btf == NONE || !image->n_func_infos || !p->n_contexts)
		return NONE;
	infos = calloc(image->n_func_infos, sizeof(*infos));
	for (uint32_t i = 0; infos && i < image->n_func_infos; i++) {
		infos[i] = image->func_infos[i];
		infos[i].type_id = plan_context_func(p, infos[i].type_id, func->def->prog_type);
		same &= infos[i].type_id == image->func_infos[i].type_id;
	}
	p->plan->failed |= !infos;
	if (!same) {
		older = attr_copy(p->plan, attr);
		blob = plan_blob(p->plan, BLOB_FUNC_INFO, infos, image->n_func_infos * (uint32_t)sizeof(*infos));
		plan_name_blob(p->plan, blob, plan_text(p->plan, "functions of %s for kernels before 6.8", func->name));
		attr_clear(p->plan, older, "func_info");
		attr_blob(p->plan, older, "func_info", blob);
	}
	free(infos);
	return older;
}

/* Kernels before 5.0 load a kprobe program only if it names their version. */
static uint32_t kern_version(const struct planner *p, const struct section_def *def)
{
	uint32_t version;

	if (def->prog_type != BPF_PROG_TYPE_KPROBE)
		return 0;
	version = target_version(p->target);
	return version && version < KERNEL(5, 0) ? version : 0;
}

#define UPROBE_MULTI 48u /* BPF_TRACE_UPROBE_MULTI, 6.6 */

/*
 * The type of attachment that only newer kernels look at: they need it, and the others load the program without it too. A
 * USDT program is attached to all its places by one link where the kernel can do that (6.6), and kernels before that
 * do not look at the type of a probe.
 */
static uint32_t optional_type(const struct section_def *def)
{
	if (def->how == ATTACH_USDT)
		return UPROBE_MULTI;
	return def->flags & SEC_ATTACH_OPT ? def->attach_type : 0;
}

static uint32_t base_attr(struct planner *p, const struct obj_func *func, const struct image *image, uint32_t insns,
			  const struct plan_btf_place *place)
{
	struct hewn_plan *plan = p->plan;
	uint32_t attr = plan_attr(plan, BPF_PROG_LOAD);
	uint32_t version = kern_version(p, func->def);

	attr_int(plan, attr, "prog_type", func->def->prog_type);
	attr_int(plan, attr, "insn_cnt", image->n_insns);
	attr_blob(plan, attr, "insns", insns);
	attr_blob(plan, attr, "license", plan_string(plan, p->object->license));
	if (version)
		attr_int(plan, attr, "kern_version", version);
	if (func->def->flags & (SEC_SLEEPABLE | SEC_XDP_FRAGS))
		attr_int(plan, attr, "prog_flags",
			 (func->def->flags & SEC_SLEEPABLE ? 1u << 4 /* BPF_F_SLEEPABLE, 5.10 */ : 0) |
				 (func->def->flags & SEC_XDP_FRAGS ? 1u << 5 /* BPF_F_XDP_HAS_FRAGS, 5.18 */ : 0));
	if (func->def->attach_type && !(func->def->flags & SEC_ATTACH_OPT))
		attr_int(plan, attr, "expected_attach_type", func->def->attach_type);
	if (place->id)
		attr_int(plan, attr, "attach_btf_id", place->id);
	if (place->module != NONE)
		attr_slot(plan, attr, "attach_btf_obj_fd", place->module);
	if (place->prog != NONE)
		attr_slot(plan, attr, "attach_prog_fd", place->prog);
	plan_fd_array(p, image, attr);
	return attr;
}

/* The attr with what the oldest kernels do not know. */
static uint32_t full_attr(struct planner *p, const struct obj_func *func, uint32_t base)
{
	uint32_t attr = attr_copy(p->plan, base), type = optional_type(func->def);

	attr_text(p->plan, attr, "prog_name", func->name);
	if (type)
		attr_int(p->plan, attr, "expected_attach_type", type);
	return attr;
}

struct variant {
	uint32_t func, image;
	uint32_t log; /* the blob of the log; NONE: without */
	const char *why;
};

static struct plan_step *load_step(struct planner *p, struct plan_steps *to, uint32_t attr, const struct variant *v)
{
	struct plan_step *step;

	if (v->log != NONE) {
		attr_int(p->plan, attr, "log_level", p->opts->log_level ? p->opts->log_level : 1);
		attr_int(p->plan, attr, "log_size", LOG_SIZE);
		attr_blob(p->plan, attr, "log_buf", v->log);
	}
	step = plan_bpf(p->plan, to, BPF_PROG_LOAD, attr, v->why, KERNEL(4, 15), p->prog_slots[v->func]);
	step->image = v->image;
	step->log = v->log;
	step_alt(p->plan, step, ALT_AGAIN, "a signal came while the verifier worked", EAGAIN, 0)->limit = 5;
	plan_extern_causes(p, &p->plan->images[v->image], step);
	return step;
}

/* A try, and the place for what is tried if that is refused, however. */
static struct plan_steps *try_load(struct planner *p, struct plan_steps *to, uint32_t attr, const struct variant *v, const char *next)
{
	struct plan_alt *alt = step_alt(p->plan, load_step(p, to, attr, v), ALT_STEPS, next, 0);

	alt->any = true;
	return &alt->steps;
}

/*
 * The tries of one program: without a log, so that success costs nothing, if none is asked for; on any refusal with the
 * types that kernels before 6.8 want, if they are others; the same with a log; and where that log stays empty, so
 * that it was the attr and not the program that was refused, the same with no more than the oldest kernels know.
 */
static void load_steps(struct planner *p, struct plan_steps *to, uint32_t attr, uint32_t older, uint32_t base, struct variant v)
{
	static const char *const contexts = "again, with the types of contexts that kernels before 6.8 want";
	const struct variant quiet = { v.func, v.image, NONE, v.why };
	const bool log = p->opts->log_level != 0;
	struct plan_step *step;
	struct plan_alt *alt;

	if (older != NONE) {
		to = try_load(p, to, attr, log ? &v : &quiet, contexts);
		attr = older;
	}
	if (!log)
		to = try_load(p, to, attr_copy(p->plan, attr), &quiet, "again, with a log that says why");
	step = load_step(p, to, attr, &v);
	if (base == NONE)
		return;
	alt = step_alt(p->plan, step, ALT_STEPS, "the log is empty: a field is newer than the kernel; only what 4.14 has", EINVAL, E2BIG, 0);
	alt->empty_log = true;
	load_step(p, &alt->steps, attr_copy(p->plan, base), &v);
}

int plan_prog(struct planner *p, uint32_t index)
{
	const struct obj_func *func = &p->object->funcs[index];
	struct variant v = { .func = index, .image = p->plan->n_images };
	struct image *image = mem_append(&p->plan->images, &p->plan->n_images, sizeof(*image));
	uint32_t base, attr, insns;
	struct plan_btf_place place;
	struct plan_alt *alt;
	bool infos;
	int ret;

	if (!image)
		return err_nomem(p->err);
	ret = image_open(image, &p->link, index, p->err);
	if (!ret)
		ret = plan_btf_id(p, index, &place);
	if (ret)
		return ret;
	v.why = plan_text(p->plan, "program \"%s\" of section \"%s\"", func->name, p->object->codes[func->code].name);
	v.log = plan_blob(p->plan, BLOB_OUT, NULL, LOG_SIZE);
	plan_name_blob(p->plan, v.log, "the verifier's log");
	insns = insns_blob(p, image, func->name);
	base = base_attr(p, func, image, insns, &place);
	if (func->def->prog_type == BPF_PROG_TYPE_STRUCT_OPS)
		ret = plan_ops_prog(p, index, base);
	if (ret)
		return ret;
	attr = full_attr(p, func, base);
	infos = add_infos(p, attr, image, func->name);
	load_steps(p, &p->plan->steps, attr, infos ? older_attr(p, attr, image, func) : NONE, base, v);
	if (!infos || p->plan->failed)
		return 0;
	alt = step_alt(p->plan, &p->plan->steps.v[p->plan->steps.n - 1], ALT_STEPS, "without line numbers: the BTF was not loaded", 0);
	alt->absent = true;
	attr = full_attr(p, func, base);
	load_steps(p, &alt->steps, attr, NONE, base, v);
	return 0;
}
