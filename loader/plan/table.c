// SPDX-License-Identifier: MIT
/*
 * Jump tables in the plan (6.19): a map for each table of a program, filled with numbers of instructions and frozen
 * before the program is loaded. Knows struct image; knows nothing of why a program jumps.
 */
#include <linux/bpf.h>
#include <stddef.h>

#include "loader/plan/planner.h"

#define INSN_ARRAY 34 /* BPF_MAP_TYPE_INSN_ARRAY */

/* sizeof(struct bpf_insn_array_value): a number of 4 bytes; the kernel fills in what the verifier and the JIT make of it. */
#define VALUE_SIZE 16

static void fill(struct planner *p, const struct image_table *table, uint32_t slot, const char *name)
{
	uint32_t attr;

	for (uint32_t i = 0; i < table->n_insns; i++) {
		uint8_t value[VALUE_SIZE] = { 0 };

		object_put(p->object, value, table->insns[i], 4);
		attr = plan_attr(p->plan, BPF_MAP_UPDATE_ELEM);
		attr_slot(p->plan, attr, "map_fd", slot);
		attr_blob(p->plan, attr, "key", plan_blob(p->plan, BLOB_KEY, &i, sizeof(i)));
		attr_blob(p->plan, attr, "value", plan_blob(p->plan, BLOB_VALUE, value, sizeof(value)));
		plan_bpf(p->plan, &p->plan->steps, BPF_MAP_UPDATE_ELEM, attr,
			 plan_text(p->plan, "place %u of %s is instruction %u", i, name, table->insns[i]), KERNEL(6, 19), NONE);
	}
	attr = plan_attr(p->plan, BPF_MAP_FREEZE);
	attr_slot(p->plan, attr, "map_fd", slot);
	plan_bpf(p->plan, &p->plan->steps, BPF_MAP_FREEZE, attr, "the verifier relies on a table that nobody can change", KERNEL(5, 2),
		 NONE);
}

void plan_tables(struct planner *p, const struct image *image, uint32_t insns)
{
	const char *prog = p->object->funcs[image->func].name;
	const uint32_t first = p->plan->n_slots;

	for (uint32_t i = 0; i < image->n_tables; i++)
		plan_slot(p->plan, SLOT_FD, OF_TABLE, image->func, -1, "table(%s, %s)", prog,
			  p->object->tables[image->tables[i].table].name);
	for (uint32_t i = 0; i < image->n_tables && !p->plan->failed; i++) {
		const struct image_table *table = &image->tables[i];
		const char *name = p->object->tables[table->table].name;
		uint32_t attr = plan_attr(p->plan, BPF_MAP_CREATE);

		attr_int(p->plan, attr, "map_type", INSN_ARRAY);
		attr_int(p->plan, attr, "key_size", 4);
		attr_int(p->plan, attr, "value_size", VALUE_SIZE);
		attr_int(p->plan, attr, "max_entries", table->n_insns);
		attr_text(p->plan, attr, "map_name", ".jumptables");
		plan_bpf(p->plan, &p->plan->steps, BPF_MAP_CREATE, attr,
			 plan_text(p->plan, "jump table \"%s\" of program \"%s\"", name, prog), KERNEL(6, 19), first + i);
		fill(p, table, first + i, name);
	}
	for (uint32_t i = 0; i < image->n_fixes; i++)
		if (image->fixes[i].kind == LINK_TABLE)
			plan_fix(p->plan, insns,
				 image->fixes[i].insn * (uint32_t)sizeof(*image->insns) + (uint32_t)offsetof(struct bpf_insn, imm), 4,
				 FIX_SLOT, first + image->fixes[i].index);
}
