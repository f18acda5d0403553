// SPDX-License-Identifier: MIT
/* Why a step failed: see fail.h. */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "loader/abi/abi.h"
#include "loader/kernel/fail.h"
#include "loader/kernel/lacks.h"
#include "loader/kernel/privilege.h"
#include "loader/kernel/verifier.h"
#include "loader/link/externs.h"

/* "bpf(BPF_PROG_LOAD): program "open_enter" of section …": the step, without its attr. */
static void name_step(const struct plan_step *step, struct hewn_err *err)
{
	const struct abi_cmd *cmd = step->call == CALL_BPF ? abi_cmd((uint32_t)step->args[0].value) : NULL;

	err_step(err, "%s(%s)%s%s", plan_call_name(step->call), cmd ? cmd->name : "", step->why ? ": " : "",
		 step->why ? step->why : "");
}

/* The program or map that the step was for. */
static void name_owner(const struct hewn_run *run, const struct plan_step *step, struct hewn_err *err)
{
	const struct hewn_object *object = run->plan->object;
	const struct plan_slot *slot = step->slot != NONE ? &run->plan->slots[step->slot] : NULL;
	const struct obj_func *func;

	if (!object || !slot || slot->index == NONE)
		return;
	switch (slot->of) {
	case OF_FILE:
	case OF_PROG:
	case OF_PROBE:
	case OF_LINK:
	case OF_TABLE:
		func = &object->funcs[slot->index];
		err_program(err, func->name);
		err_section(err, object->codes[func->code].name);
		return;
	case OF_MAP:
	case OF_EVENT:
	case OF_RING:
	case OF_EPOLL:
		err_symbol(err, object->maps[slot->index].name);
		return;
	default:
		return;
	}
}

/*
 * The instruction that was refused is one that stands where a CO-RE relocation found nothing: the verifier
 * says "invalid func unknown#195896080", and what is meant is a field that this kernel has not.
 */
static void explain_core(const struct hewn_object *object, const struct image_core *core, int code, struct hewn_err *err)
{
	char text[256];

	core_describe(object, core->reloc, &core->value, text, sizeof(text));
	if (core->value.misfit)
		err_hint(err, "read it with bpf_core_read() into a variable of the kernel's size, by a flavour (struct NAME___OTHER) that has that");
	else
		err_hint(err, "ask first, by bpf_core_field_exists() and its like: code behind an answer of \"no\" is dead, and may have such instructions");
	err_set(err, code, "%s%s%s%s", text, core->why ? " (" : "", core->why ? core->why : "", core->why ? ")" : "");
}

/* The instruction that was refused calls a function that the kernel has not: the verifier only knows the number of a helper. */
static void explain_missing(const struct hewn_object *object, const struct bpf_insn *insn, int code, struct hewn_err *err)
{
	const char *name = externs_poisoned(object, insn);

	if (!name)
		return;
	err_hint(err, "ask first: if (%s) …, which is 0 where there is none; code that is dead then may call it", name);
	err_set(err, code, "the kernel has no function %s, and this call of it can be reached", name);
}

/* What a call that no kernel has stands for, if the instruction is one. */
static void explain_poison(const struct image *image, const struct hewn_object *object, uint32_t insn, int code, struct hewn_err *err)
{
	const struct image_core *core = image_core_at(image, insn);

	if (core && core->is_poisoned)
		explain_core(object, core, code, err);
	else if (insn < image->n_insns)
		explain_missing(object, &image->insns[insn], code, err);
}

static void explain_log(const struct hewn_run *run, const struct plan_step *step, int code, struct hewn_err *err)
{
	const char *log = (const char *)run->blobs[step->log];
	struct verifier_cause cause = { 0 };

	if (!err || !log || !log[0])
		return;
	if (verifier_cause(log, &cause)) {
		const struct image *image = step->image != NONE ? &run->plan->images[step->image] : NULL;

		if (image && cause.has_insn)
			explain_poison(image, run->plan->object, cause.insn, code, err);
		err_set(err, code, "the verifier refused the program: %s", cause.what);
		snprintf(err->state, sizeof(err->state), "%s", cause.state);
		if (cause.hint[0])
			err_hint(err, "%s", cause.hint);
		if (cause.has_insn && image)
			image_err_at(image, run->plan->object, cause.insn, err);
	}
	if (!err->log)
		err->log = strdup(log);
}

int fail_step(struct hewn_run *run, const struct run_entry *entry, struct hewn_err *err)
{
	const struct plan_step *step = entry->step;
	int code = (int)entry->result;

	for (uint32_t i = 0; i < step->n_causes && !entry->made; i++)
		if (step->causes[i].on == ENODATA) {
			err_hint(err, "%s", step->causes[i].hint);
			name_owner(run, step, err);
			name_step(step, err);
			return err_set(err, -ENODATA, "%s", step->causes[i].what);
		}
	if (!entry->made)
		return err_set(err, -ENODATA, "%s(): needs the result of a step that was left out",
			       plan_call_name(step->call));
	/* The verifier knows best; then who can say what is missing; then what the planner foresaw. */
	if (step->log != NONE)
		explain_log(run, step, code, err);
	if (err && !err->what[0])
		lacks_err(step->call, entry->args, entry->result, run->plan->version, err);
	for (uint32_t i = 0; i < step->n_causes; i++) {
		if (step->causes[i].on != -code)
			continue;
		err_set(err, code, "%s", step->causes[i].what);
		if (step->causes[i].hint)
			err_hint(err, "%s", step->causes[i].hint);
	}
	if (err && !err->what[0])
		privilege_err(step->call, entry->args, entry->result, err);
	if (code == -EMFILE)
		err_hint(err, "this process may not have more files open: raise the limit (ulimit -n)");
	name_owner(run, step, err);
	name_step(step, err);
	return err_set(err, code, "%s", step->why ? step->why : plan_call_name(step->call));
}

int fail_expect(struct hewn_run *run, const struct plan_step *step, const struct plan_expect *expect,
		uint32_t found, struct hewn_err *err)
{
	name_owner(run, step, err);
	name_step(step, err);
	err_hint(err, "the pinned map is another one: unpin it (rm), or give this one another name");
	return err_set(err, -EEXIST, "the pinned map has %s %u, the object wants %u", expect->name, found,
		       expect->value);
}
