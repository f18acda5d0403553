// SPDX-License-Identifier: MIT
/* The side of libhewn.a. Does not know libbpf. */
#include <linux/bpf.h>
#include <stdio.h>
#include <string.h>

#include "loader/plan/plan.h"
#include "tests/corpus/side.h"

static struct hewn_object *object;
static struct hewn_plan *plan;
static struct hewn_run *run;

/* Where it failed, the errno, and what the error says. */
static int failed(const char *stage, const struct hewn_err *err, char *reason, size_t size)
{
	snprintf(reason, size, "%s: %s: %s%s%s%s%s%s%s", stage, strerror(-err->code), err->what,
		 err->program[0] ? " [program " : "", err->program, err->program[0] ? "]" : "",
		 err->step[0] ? " [step " : "", err->step, err->step[0] ? "]" : "");
	return err->code;
}

int side_load(const char *path, const char *only, bool attach, char *reason, size_t size)
{
	const char *const names[] = {only, NULL};
	const struct hewn_plan_opts opts = {.only = only ? names : NULL, .attach = attach};
	struct hewn_err err = {0};

	if (hewn_object_open(&object, path, &err))
		return failed("open", &err, reason, size);
	if (hewn_plan_open(&plan, object, NULL, &opts, &err))
		return failed("plan", &err, reason, size);
	if (hewn_run_open(&run, plan, NULL, &err))
		return failed("run", &err, reason, size);
	return 0;
}

/* As the plan has it for the function: in the first form of its BPF_PROG_LOAD. */
static uint32_t attach_type(uint32_t func)
{
	for (uint32_t i = 0; plan && i < plan->steps.n; i++) {
		const struct plan_step *step = &plan->steps.v[i];
		const struct plan_blob *attr;
		uint32_t type;

		if (step->call != CALL_BPF || step->args[0].value != BPF_PROG_LOAD ||
		    plan->slots[step->slot].index != func)
			continue;
		attr = &plan->blobs[step->args[1].value];
		if (attr->size < offsetof(union bpf_attr, expected_attach_type) + sizeof(type))
			return 0;
		memcpy(&type, attr->bytes + offsetof(union bpf_attr, expected_attach_type),
		       sizeof(type));
		return type;
	}
	return 0;
}

bool side_prog(uint32_t i, struct side_prog *side)
{
	uint32_t f = 0;

	for (; object && f < object->n_funcs; f++)
		if (object->funcs[f].is_prog && i-- == 0)
			break;
	if (!object || f >= object->n_funcs)
		return false;
	*side = (struct side_prog){
		.name = object->funcs[f].name,
		.optional = object->funcs[f].optional,
		.attach_type = attach_type(f),
		.fd = run ? hewn_run_prog_fd(run, object->funcs[f].name) : -1,
	};
	return true;
}

bool side_map(uint32_t i, struct side_map *side)
{
	uint32_t m = 0;

	for (; object && m < object->n_maps; m++)
		if (!object->maps[m].is_template && i-- == 0)
			break;
	if (!object || m >= object->n_maps)
		return false;
	*side = (struct side_map){
		.name = object->maps[m].name,
		.fd = run ? hewn_run_map_fd(run, object->maps[m].name) : -1,
	};
	return true;
}
