// SPDX-License-Identifier: MIT
/* loader/link/core_patch: which instructions take a number, and how. */
#include <errno.h>

#include "insn/insn.h"
#include "loader/err.h"
#include "loader/link/core_value.h"
#include "tests/tap.h"

static struct core_value moved(uint64_t local, uint64_t target)
{
	return (struct core_value){
		.local = local, .target = target, .found = true, .checked = true};
}

static bool is_poison(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && !insn->dst_reg && !insn->src_reg &&
	       !insn->off && insn->imm == 195896080;
}

static void numbers_go_where_the_instruction_has_them(void)
{
	struct bpf_insn mov = bpf_mov64_imm(BPF_REG_1, 8),
			add = bpf_alu32_imm(BPF_ADD, BPF_REG_1, 8);
	struct bpf_insn ldx = bpf_raw_insn(BPF_LDX | BPF_MEM | BPF_W, 1, 2, 8, 0);
	struct bpf_insn stx = bpf_raw_insn(BPF_STX | BPF_MEM | BPF_DW, 1, 2, 8, 0);
	struct bpf_insn st = bpf_raw_insn(BPF_ST | BPF_MEM | BPF_B, 1, 0, 8, 77);
	struct bpf_insn ld[] = {bpf_raw_insn(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8),
				bpf_raw_insn(0, 0, 0, 0, 0)};
	struct core_value v = moved(8, 40), wide = moved(8, 0xfffffffe00000003);

	ok(!core_patch(&mov, 1, &v, NULL) && mov.imm == 40, "mov");
	ok(!core_patch(&add, 1, &v, NULL) && add.imm == 40, "add_in_32_bits");
	ok(!core_patch(&ldx, 1, &v, NULL) && ldx.off == 40 && BPF_SIZE(ldx.code) == BPF_W, "load");
	ok(!core_patch(&stx, 1, &v, NULL) && stx.off == 40, "store");
	ok(!core_patch(&st, 1, &v, NULL) && st.off == 40 && st.imm == 77, "store_of_a_number");
	ok(!core_patch(ld, 2, &wide, NULL) && ld[0].imm == 3 && ld[1].imm == -2,
	   "both_halves_of_a_64_bit_load");
}

static void sizes_follow_the_field(void)
{
	struct core_value v = moved(8, 40);
	struct bpf_insn ldx = bpf_raw_insn(BPF_LDX | BPF_MEM | BPF_DW, 1, 2, 8, 0), copy = ldx;
	struct bpf_insn sx = bpf_raw_insn(BPF_LDX | BPF_MEMSX | BPF_W, 1, 2, 8, 0);

	v.local_size = 8;
	v.target_size = 4;
	ok(!core_patch(&copy, 1, &v, NULL) && copy.code == (BPF_LDX | BPF_MEM | BPF_W) &&
		   copy.off == 40,
	   "load_becomes_smaller");
	copy = ldx;
	v.target_size = 1;
	ok(!core_patch(&copy, 1, &v, NULL) && BPF_SIZE(copy.code) == BPF_B, "one_byte");
	v.local_size = 4;
	v.target_size = 2;
	ok(!core_patch(&sx, 1, &v, NULL) && sx.code == (BPF_LDX | BPF_MEMSX | BPF_H),
	   "the_mode_is_kept");
	copy = ldx;
	eq_int(core_patch(&copy, 1, &v, NULL), -EINVAL,
	       "instruction_of_another_size_than_the_field");
	v.local_size = 8;
	v.target_size = 16;
	eq_int(core_patch(&copy, 1, &v, NULL), -EINVAL, "field_of_sixteen_bytes");
	v.target_size = 4;
	v.misfit = true;
	copy = ldx;
	ok(core_patch(&copy, 1, &v, NULL) == 1 && is_poison(&copy), "signed_fields_are_poisoned");
	copy = bpf_mov64_imm(BPF_REG_1, 8);
	ok(!core_patch(&copy, 1, &v, NULL) && copy.imm == 40, "an_offset_alone_fits_any_size");
}

static void what_is_not_there_is_poisoned(void)
{
	struct bpf_insn ld[] = {bpf_raw_insn(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8),
				bpf_raw_insn(0, 0, 0, 0, 0)};
	struct bpf_insn ldx = bpf_raw_insn(BPF_LDX | BPF_MEM | BPF_W, 1, 2, 8, 0);
	struct core_value v = {.local = 8, .poison = true, .checked = true};

	ok(core_patch(&ldx, 1, &v, NULL) == 1 && is_poison(&ldx), "load");
	ok(core_patch(ld, 2, &v, NULL) == 1 && is_poison(&ld[0]) && is_poison(&ld[1]),
	   "both_slots");
}

static void instructions_that_take_none(void)
{
	struct bpf_insn insns[] = {
		bpf_raw_insn(BPF_ALU64 | BPF_MOV | BPF_X, 1, 2, 0, 0),
		bpf_raw_insn(BPF_JMP | BPF_JA, 0, 0, 8, 0),
		bpf_raw_insn(BPF_LD | BPF_ABS | BPF_W, 0, 0, 0, 8),
		bpf_raw_insn(BPF_LD | BPF_IMM | BPF_DW, 1, BPF_PSEUDO_MAP_FD, 0, 8),
		bpf_mov64_imm(BPF_REG_1, 9),
		bpf_raw_insn(BPF_LDX | BPF_MEM | BPF_W, 1, 2, 9, 0),
	};
	static const char *const names[] = {"register", "jump",		  "packet",
					    "map",	"another_number", "another_offset"};
	struct bpf_insn half = bpf_raw_insn(BPF_LD | BPF_IMM | BPF_DW, 1, 0, 0, 8);
	struct bpf_insn ldx = bpf_raw_insn(BPF_LDX | BPF_MEM | BPF_W, 1, 2, 9, 0);
	struct core_value v = moved(8, 40), far = moved(9, 32768), unsure = moved(8, 40);
	struct hewn_err err = {0};

	for (size_t i = 0; i < sizeof(insns) / sizeof(*insns); i++)
		eq_int(core_patch(&insns[i], 2, &v, NULL), -EINVAL, names[i]);
	eq_int(core_patch(&half, 1, &v, NULL), -EINVAL, "half_of_a_64_bit_load");
	eq_int(core_patch(&ldx, 1, &far, &err), -ERANGE, "offset_that_does_not_fit");
	has(err.what, "32768", "is_named");
	hewn_err_close(&err);
	unsure.checked = false;
	ok(!core_patch(&ldx, 1, &unsure, NULL) && ldx.off == 40, "bitfields_are_not_compared");
}

int main(void)
{
	numbers_go_where_the_instruction_has_them();
	sizes_follow_the_field();
	what_is_not_there_is_poisoned();
	instructions_that_take_none();
	return tap_done();
}
