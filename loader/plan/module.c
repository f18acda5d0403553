// SPDX-License-Identifier: MIT
/*
 * The BTF of a kernel module in the plan. The kernel gives each BTF an id and no way to open one by name, so
 * this is the one place where a plan has a loop: see struct plan_loop. Knows nothing of what the BTF is for.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>

#include "loader/plan/planner.h"

/* Ids only grow. Few machines have more than some thousand at a time. */
#define LIMIT 100000u

/* struct bpf_btf_info; the name came in 5.11, with the BTF of modules. */
struct btf_info {
	uint64_t btf;
	uint32_t btf_size, id;
	uint64_t name;
	uint32_t name_len, kernel_btf;
};

static void open_by_id(struct planner *p, struct plan_steps *to, uint32_t id, uint32_t btf)
{
	uint32_t attr = plan_attr(p->plan, BPF_BTF_GET_FD_BY_ID);
	struct plan_step *step;

	attr_slot(p->plan, attr, "btf_id", id);
	step = plan_bpf(p->plan, to, BPF_BTF_GET_FD_BY_ID, attr, "opens it", KERNEL(4, 18), btf);
	step_alt(p->plan, step, ALT_NEXT, "it has gone meanwhile", ENOENT, 0);
}

static void check_name(struct planner *p, struct plan_steps *to, uint32_t btf, const char *module)
{
	const struct btf_info info = { .name_len = 64 };
	uint32_t attr = plan_attr(p->plan, BPF_OBJ_GET_INFO_BY_FD);
	uint32_t out = plan_blob(p->plan, BLOB_OUT, &info, sizeof(info)), name = plan_blob(p->plan, BLOB_OUT, NULL, 64);
	struct plan_step *step;

	plan_name_blob(p->plan, out, "struct bpf_btf_info");
	plan_name_blob(p->plan, name, "the name of the BTF");
	plan_fix(p->plan, out, offsetof(struct btf_info, name), 8, FIX_BLOB, name);
	attr_slot(p->plan, attr, "bpf_fd", btf);
	attr_int(p->plan, attr, "info_len", sizeof(info));
	attr_blob(p->plan, attr, "info", out);
	step = plan_bpf(p->plan, to, BPF_OBJ_GET_INFO_BY_FD, attr, "asks whose it is", KERNEL(5, 11), NONE);
	step_expect_text(p->plan, step, name, plan_text(p->plan, "%s", module), "name");
	step_expect(p->plan, step, out, offsetof(struct btf_info, kernel_btf), 1, "kernel_btf");
}

uint32_t plan_module_btf(struct planner *p, const char *module)
{
	const char *name = plan_text(p->plan, "btf(%s)", module);
	uint32_t id, btf, attr;
	struct plan_step *step;
	struct plan_loop *loop;

	for (uint32_t i = 0; i < p->plan->n_slots; i++)
		if (p->plan->slots[i].of == OF_MODULE && !strcmp(p->plan->slots[i].name, name))
			return i;
	id = plan_slot(p->plan, SLOT_ID, OF_MODULE, NONE, -1, "id(%s)", module);
	btf = plan_slot(p->plan, SLOT_FD, OF_MODULE, NONE, -1, "%s", name);
	attr = plan_attr(p->plan, BPF_BTF_GET_NEXT_ID);
	attr_slot(p->plan, attr, "start_id", id);
	attr_int(p->plan, attr, "next_id", 0);
	step = plan_bpf(p->plan, &p->plan->steps, BPF_BTF_GET_NEXT_ID, attr,
			plan_text(p->plan, "the BTF of module \"%s\": the kernel opens one by its id only, so each is asked for its name", module),
			KERNEL(5, 4), id);
	step_cause(p->plan, step, ENOENT, plan_text(p->plan, "the kernel has no BTF of a module \"%s\"", module),
		   plan_text(p->plan, "modprobe %s", module));
	step_cause(p->plan, step, EPERM, plan_text(p->plan, "the BTF of module \"%s\" is found by its id, which needs CAP_SYS_ADMIN", module), NULL);
	loop = step_loop(p->plan, step, LIMIT);
	if (!loop)
		return btf;
	open_by_id(p, &loop->steps, id, btf);
	check_name(p, &loop->steps, btf, module);
	step = plan_step(p->plan, &loop->next, CALL_CLOSE, "another's", 0, NONE);
	step_slot(step, btf);
	return btf;
}
