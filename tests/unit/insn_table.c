// SPDX-License-Identifier: MIT
/* insn/table.c: the order of the table, and what is said of instructions that are none. */
#include "tests/tap.h"
#include "tests/insn_text.h"

static const char *complaint(struct bpf_insn insn, struct bpf_insn second, size_t n)
{
	static struct insn_err err;
	struct bpf_insn insns[2] = {insn, second};

	insn_err_clear(&err);
	return table_check(insns, n, 7, &err) ? err.msg : "";
}

#define CHECK(insn) complaint((insn), (struct bpf_insn){0}, 2)

static void test_order(void)
{
	size_t n;
	const struct insn_form *forms = table_forms(&n);
	bool sorted = true, found = true, fine = true, disjoint = true;

	for (size_t i = 0; i < n; i++) {
		struct bpf_insn insn[2];

		if (i)
			sorted &= (BPF_CLASS(forms[i - 1].code) << 5 | forms[i - 1].code >> 3) <=
				  (BPF_CLASS(forms[i].code) << 5 | forms[i].code >> 3);
		for (int j = 0; j < 50; j++) {
			random_insn(&forms[i], insn);
			found &= table_find(insn, 2, false) != NULL;
			fine &= table_check(insn, 2, 0, NULL) == 0;
			/* A special case stands before the general one. */
			disjoint &= table_find(insn, 2, false) <= &forms[i];
		}
	}
	ok(sorted, "table_is_sorted_as_the_search_wants_it");
	ok(found, "an_instruction_of_each_form_is_found");
	ok(fine, "an_instruction_of_each_form_is_well_formed");
	ok(disjoint, "special_forms_stand_before_general_ones");
}

static void test_complaints(void)
{
	struct insn_err err;
	struct bpf_insn wide = bpf_ld_imm64(BPF_REG_1, 5);

	eq_str(CHECK(bpf_raw_insn(0xff, 0, 0, 0, 0)), "0xff is the code of no instruction",
	       "unknown_code_is_named");
	eq_str(CHECK(bpf_mov64_reg(11, BPF_REG_1)), "dst is r11, want r0 to r10",
	       "r11_is_no_register");
	eq_str(CHECK(bpf_mov64_reg(BPF_REG_1, 15)), "src is r15, want r0 to r10", "nor_is_r15");
	eq_str(CHECK(bpf_raw_insn(BPF_ALU64 | BPF_ADD | BPF_K, 1, 0, 3, 0)),
	       "code 0x07: off is 3, want 0", "offset_of_add_is_reserved");
	eq_str(CHECK(bpf_raw_insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 4)), "code 0x95: imm is 4, want 0",
	       "immediate_of_exit_is_reserved");
	eq_str(CHECK(bpf_be(BPF_REG_1, 17)), "code 0xdc: imm is 17, want 16 or 32 or 64",
	       "widths_of_byte_swaps_are_listed");
	eq_str(CHECK(bpf_movsx32_reg(1, 2, 32)), "code 0xbc: off is 32, want 0 or 8 or 16",
	       "widths_of_movsx_are_listed");
	has(CHECK(bpf_atomic_op(BPF_DW, 0x33, 1, 2, 0)), "code 0xdb: imm is 51, want 0 or 1 or",
	    "operations_of_atomics_are_listed");
	eq_str(CHECK(bpf_raw_insn(BPF_JMP | BPF_CALL, 0, 3, 0, 1)),
	       "code 0x85: src is 3, want 0 or 1 or 2", "kinds_of_calls_are_listed");
	eq_str(CHECK(bpf_ld_imm64_raw(1, 7, 0)),
	       "code 0x18: src is 7, want 0 or 1 or 2 or 3 or 4 or 5 or 6",
	       "kinds_of_ldimm64_are_listed");
	has(complaint(wide, wide, 1), "the program ends within ldimm64", "half_ldimm64_is_told");
	has(complaint(wide, bpf_exit_insn(), 2), "second slot of ldimm64 has code 0x95",
	    "second_slot_with_a_code_is_told");
	has(complaint(wide, wide, 0), "the program ends", "nothing_is_no_instruction");
	insn_err_clear(&err);
	eq_int(table_check(&wide, 1, 7, &err), -EINVAL, "result_is_EINVAL");
	eq_int(err.insn, 7, "slot_is_recorded");
	ok(!table_find(&wide, 1, true), "half_ldimm64_has_no_form");
}

static void test_loose(void)
{
	struct bpf_insn zext = bpf_raw_insn(BPF_ALU | BPF_MOV | BPF_X, 1, 1, 0, 1);
	struct bpf_insn call = bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 9, 3);
	/* The kernel leaves the subprogram's number in the second slot. */
	const struct bpf_insn func[2] = {bpf_ld_func(2, 31), bpf_ld_imm64_hi(1)};

	ok(!table_find(func, 2, false) && table_find(func, 2, true),
	   "address_of_a_subprogram_in_a_loaded_program");
	ok(!table_find(&zext, 1, false) && table_find(&zext, 1, true),
	   "zero_extension_of_a_loaded_program_is_known_if_asked");
	ok(!table_find(&call, 1, false), "offset_of_a_call_is_reserved");
	ok(table_find(&call, 1, true) && table_find(&call, 1, true)->src == BPF_PSEUDO_CALL,
	   "call_of_a_loaded_program_stays_a_subprogram");
}

int main(void)
{
	test_order();
	test_complaints();
	test_loose();
	return tap_done();
}
