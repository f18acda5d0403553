// SPDX-License-Identifier: MIT
/*
 * What the instructions of a program still need at the run: fds of maps and of modules' BTF, and addresses that the
 * planner could not read. Knows struct image; knows nothing of how it was linked.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdlib.h>

#include "loader/plan/planner.h"

#define IMM ((uint32_t)offsetof(struct bpf_insn, imm))

/* The address of a symbol: a slot that only a machine where it may be read can fill. */
static uint32_t address(struct planner *p, uint32_t ext)
{
	uint32_t slot = plan_find(p->plan, SLOT_NUMBER, OF_SYMBOL, ext, -1);

	return slot != NONE ? slot : plan_slot(p->plan, SLOT_NUMBER, OF_SYMBOL, ext, -1, "address(%s)", p->object->externs[ext].name);
}

void plan_externs(struct planner *p, const struct image *image, uint32_t insns)
{
	for (uint32_t i = 0; i < image->n_fixes; i++) {
		const struct image_fix *fix = &image->fixes[i];
		const uint32_t first = fix->insn * (uint32_t)sizeof(struct bpf_insn) + IMM, second = first + (uint32_t)sizeof(struct bpf_insn);

		switch (fix->kind) {
		case LINK_MAP:
			plan_fix(p->plan, insns, first, 4, FIX_SLOT, p->map_slots[fix->index]);
			break;
		case LINK_MODULE:
			plan_fix(p->plan, insns, second, 4, FIX_SLOT, plan_module_btf(p, p->link.modules[fix->index]));
			break;
		case LINK_ADDRESS:
			plan_fix(p->plan, insns, first, 4, FIX_SLOT, address(p, fix->index));
			plan_fix(p->plan, insns, second, 4, FIX_HIGH, address(p, fix->index));
			break;
		case LINK_TABLE: /* table.c */
		case LINK_MODULE_CALL:
		case LINK_DONE:
			break;
		}
	}
}

/* An array that calls of functions of modules count in. Place 0 stands for vmlinux, and is not looked at (5.14). */
void plan_fd_array(struct planner *p, const struct image *image, uint32_t attr)
{
	uint32_t n = 0, array;
	void *zeros;

	for (uint32_t i = 0; i < image->n_fixes; i++)
		if (image->fixes[i].kind == LINK_MODULE_CALL && image->fixes[i].index + 2 > n)
			n = image->fixes[i].index + 2;
	if (!n)
		return;
	zeros = calloc(n, 4); /* with bytes, as all values that fds go into */
	array = plan_blob(p->plan, BLOB_VALUE, zeros, 4 * n);
	p->plan->failed |= !zeros;
	free(zeros);
	plan_name_blob(p->plan, array, "fds of modules' BTF");
	for (uint32_t module = 0; module + 1 < n; module++)
		for (uint32_t i = 0; i < image->n_fixes; i++)
			if (image->fixes[i].kind == LINK_MODULE_CALL && image->fixes[i].index == module) {
				plan_fix(p->plan, array, 4 * (module + 1), 4, FIX_SLOT, plan_module_btf(p, p->link.modules[module]));
				break;
			}
	attr_blob(p->plan, attr, "fd_array", array);
}

void plan_extern_causes(struct planner *p, const struct image *image, struct plan_step *step)
{
	for (uint32_t i = 0; i < image->n_fixes; i++) {
		const char *name;

		if (image->fixes[i].kind != LINK_ADDRESS)
			continue;
		name = p->object->externs[image->fixes[i].index].name;
		step_cause(p->plan, step, ENODATA,
			   plan_text(p->plan, "the program needs the address of the kernel's symbol %s, which this process may not read", name),
			   "/proc/kallsyms has zeros without CAP_SYSLOG, and with kernel.kptr_restrict=2 for all");
		return;
	}
}
