// SPDX-License-Identifier: MIT
/* loader/object/tables, and what loader/link/image makes of them: places of indirect jumps. */
#include <errno.h>

#include "loader/link/image.h"
#include "loader/plan/bytes.h"
#include "loader/plan/plan.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;

/* What may be wrong. */
enum wrong { FINE, NO_SIZE, ODD, BEHIND, HALF, OUTSIDE, OVER };

/*
 * Section xdp: `first` of 2 instructions, `second` of 4, which loads the table and calls `third` of .text, which does
 * too. The tables lead to instructions 4 and 5 of xdp, and to 3 of .text, before which lies another function.
 */
static int open_either(struct hewn_object **o, bool big, enum wrong wrong, struct hewn_err *err)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K }, { .code = BPF_JMP | BPF_EXIT },
		{ .code = BPF_LD | BPF_DW | BPF_IMM },	 { 0 },
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = -1 }, { .code = BPF_JMP | BPF_EXIT },
	};
	static const struct bpf_insn text[] = {
		{ .code = BPF_JMP | BPF_EXIT }, { .code = BPF_LD | BPF_DW | BPF_IMM }, { 0 }, { .code = BPF_JMP | BPF_EXIT },
	};
	uint32_t code, sub, table, one, two, third;
	uint8_t bytes[24];

	ew_open(&w, 64, big, ET_REL, EM_BPF);
	code = ew_code(&w, "xdp", insns, 6);
	sub = ew_code(&w, ".text", text, 4);
	ew_put(&w, bytes, 8, wrong == HALF ? 33 : wrong == OUTSIDE ? 8 : 32);
	ew_put(&w, bytes + 8, 8, 40);
	ew_put(&w, bytes + 16, 8, 24);
	table = ew_section(&w, ".jumptables", SHT_PROGBITS, 0, bytes, 24);
	ew_func(&w, "first", code, 0, 2);
	ew_func(&w, "second", code, 2, 4);
	ew_func(&w, "other", sub, 0, 1);
	third = ew_func(&w, "third", sub, 1, 3);
	one = ew_symbol(&w, "one", STB_GLOBAL, STT_OBJECT, table, wrong == ODD ? 4 : 0,
			wrong == NO_SIZE ? 0 : wrong == BEHIND ? 32 : 16);
	two = ew_symbol(&w, "two", STB_LOCAL, STT_OBJECT, table, wrong == OVER ? 8 : 16, wrong == OVER ? 16 : 8);
	ew_rel(&w, code, 16, one, 1);
	ew_rel(&w, code, 32, third, 10);
	ew_rel(&w, sub, 8, two, 1);
	return ew_object(&w, o, err);
}

static int open_tables(struct hewn_object **o, enum wrong wrong, struct hewn_err *err)
{
	return open_either(o, false, wrong, err);
}

static int link_one(struct image *image, struct hewn_object *o, struct hewn_err *err)
{
	struct link link;
	int ret = link_open(&link, o, NULL, err);

	if (!ret)
		ret = image_open(image, &link, object_func(o, "second"), err);
	link_close(&link);
	return ret;
}

static void tables_move_with_their_code(void)
{
	struct hewn_object *o;
	struct image image;

	eq_int(open_tables(&o, FINE, NULL), 0, "tables_open");
	eq_int(o->n_tables, 2, "one_a_symbol");
	eq_str(o->tables[0].name, "one", "by_its_name");
	ok(o->tables[0].n_insns == 2 && o->tables[0].insns[0] == 4 && o->tables[0].insns[1] == 5, "with_its_places");
	eq_int(link_one(&image, o, NULL), 0, "the_program_links");
	ok(image.n_tables == 2 && image.tables[0].insns[0] == 2 && image.tables[0].insns[1] == 3,
	   "places_count_from_the_program");
	ok(image.tables[1].n_insns == 1 && image.tables[1].insns[0] == 4 + 2, "or_from_where_the_function_came");
	ok(image.n_fixes == 2 && image.fixes[0].kind == LINK_TABLE && image.fixes[0].insn == 0 && image.fixes[1].index == 1,
	   "the_loads_get_their_maps");
	eq_int(image.insns[0].src_reg, BPF_PSEUDO_MAP_VALUE, "as_addresses_of_values");
	image_close(&image);
	hewn_object_close(o);
}

static void bad_tables_are_refused(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	struct image image;

	for (enum wrong wrong = NO_SIZE; wrong <= HALF; wrong++) {
		eq_int(open_tables(&o, wrong, &err), -ENOEXEC, "a_bad_table_is_refused");
		has(err.what, wrong == HALF ? "is byte 33" : "a jump table at byte", "and_what_is_wrong");
		eq_str(err.symbol, "one", "with_its_name");
		hewn_err_close(&err);
	}
	eq_int(open_tables(&o, OVER, &err), -ENOEXEC, "tables_over_each_other_are_refused");
	has(err.what, "32 bytes, in a section of 24", "whose_bytes_would_count_twice");
	hewn_err_close(&err);
	eq_int(open_tables(&o, OUTSIDE, NULL), 0, "a_table_that_leads_elsewhere_opens");
	eq_int(link_one(&image, o, &err), -EINVAL, "but_its_program_does_not_link");
	has(err.what, "leads out of the function", "and_why");
	hewn_err_close(&err);
	hewn_object_close(o);
}

/* The kernel reads the number of an instruction from the value of 16 bytes. */
static void places_are_numbers_of_the_target(bool big, const char *want, const char *name)
{
	struct hewn_target *target = calloc(1, sizeof(*target));
	struct hewn_plan *plan = NULL;
	struct hewn_object *o = NULL;
	bool found = false;

	target->recorded = true;
	if (!open_either(&o, big, FINE, NULL))
		hewn_plan_open(&plan, o, target, NULL, NULL);
	for (uint32_t i = 0; plan && i < plan->n_blobs; i++) {
		const struct plan_blob *blob = &plan->blobs[i];
		uint8_t *bytes = blob->kind == BLOB_VALUE && blob->size == 16 ? bytes_of(plan, i) : NULL;

		found |= bytes && !memcmp(bytes, want, 16);
		free(bytes);
	}
	ok(found, name);
	hewn_plan_close(plan);
	hewn_object_close(o);
	hewn_target_close(target);
}

int main(void)
{
	places_are_numbers_of_the_target(false, "\3\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "a_place_is_a_little_endian_number");
	places_are_numbers_of_the_target(true, "\0\0\0\3\0\0\0\0\0\0\0\0\0\0\0", "or_a_big_endian_one");
	tables_move_with_their_code();
	bad_tables_are_refused();
	return tap_done();
}
