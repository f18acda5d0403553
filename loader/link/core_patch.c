// SPDX-License-Identifier: MIT
/*
 * A number into an instruction: as imm, as offset, or as both halves of a ld_imm64. Knows
 * instructions; knows nothing of BTF.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/core_value.h"

static int poison(struct bpf_insn *insn, bool both)
{
	for (int i = 0; i <= (int)both; i++) {
		memset(&insn[i], 0, sizeof(insn[i]));
		insn[i].code = BPF_JMP | BPF_CALL;
		insn[i].imm = CORE_POISON;
	}
	return 1;
}

static int unexpected(const struct core_value *value, int64_t found, struct hewn_err *err)
{
	return err_set(err, -EINVAL,
		       "the instruction has %lld where the object's BTF says %lld: they are not "
		       "of one compiler run",
		       (long long)found, (long long)value->local);
}

static int patch_imm(struct bpf_insn *insn, const struct core_value *value, struct hewn_err *err)
{
	if (BPF_SRC(insn->code) != BPF_K)
		return err_set(err, -EINVAL, "the instruction takes no number, but a register");
	if (value->checked && (uint64_t)(int64_t)insn->imm != value->local)
		return unexpected(value, insn->imm, err);
	insn->imm = (int32_t)(uint32_t)value->target;
	return 0;
}

static int patch_imm64(struct bpf_insn *insn, uint32_t left, const struct core_value *value,
		       struct hewn_err *err)
{
	uint64_t imm;

	if (insn->code != (BPF_LD | BPF_IMM | BPF_DW) || left < 2 || insn->src_reg || insn->off ||
	    insn[1].code || insn[1].dst_reg || insn[1].src_reg || insn[1].off)
		return err_set(err, -EINVAL, "the instruction is no plain 64-bit load (ld_imm64)");
	imm = (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn[0].imm;
	if (value->checked && imm != value->local)
		return unexpected(value, (int64_t)imm, err);
	insn[0].imm = (int32_t)(uint32_t)value->target;
	insn[1].imm = (int32_t)(uint32_t)(value->target >> 32);
	return 0;
}

/* BPF_B and so on by size; -1: none. */
static int size_code(uint32_t size)
{
	switch (size) {
	case 1:
		return BPF_B;
	case 2:
		return BPF_H;
	case 4:
		return BPF_W;
	case 8:
		return BPF_DW;
	default:
		return -1;
	}
}

static int patch_access(struct bpf_insn *insn, const struct core_value *value, struct hewn_err *err)
{
	bool resize = value->local_size != value->target_size;

	if (value->checked && (uint64_t)(int64_t)insn->off != value->local)
		return unexpected(value, insn->off, err);
	if (value->target > INT16_MAX)
		return err_set(err, -ERANGE,
			       "the field is at byte %llu in the kernel, and an instruction "
			       "reaches 32767",
			       (unsigned long long)value->target);
	if (value->misfit)
		return poison(insn, false);
	if (resize && size_code(value->local_size) != BPF_SIZE(insn->code))
		return err_set(err, -EINVAL,
			       "the field has %u bytes in the object and %u in the kernel, and "
			       "the instruction is of another size",
			       value->local_size, value->target_size);
	if (resize && size_code(value->target_size) < 0)
		return err_set(err, -EINVAL,
			       "the field has %u bytes in the kernel, more than one instruction "
			       "can load or store",
			       value->target_size);
	insn->off = (int16_t)value->target;
	if (resize)
		insn->code = (uint8_t)(BPF_MODE(insn->code) |
				       (unsigned int)size_code(value->target_size) |
				       BPF_CLASS(insn->code));
	return 0;
}

int core_patch(struct bpf_insn *insn, uint32_t left, const struct core_value *value,
	       struct hewn_err *err)
{
	if (value->poison)
		return poison(insn, left >= 2 && insn->code == (BPF_LD | BPF_IMM | BPF_DW));
	switch (BPF_CLASS(insn->code)) {
	case BPF_ALU:
	case BPF_ALU64:
		return patch_imm(insn, value, err);
	case BPF_LDX:
	case BPF_ST:
	case BPF_STX:
		return patch_access(insn, value, err);
	case BPF_LD:
		return patch_imm64(insn, left, value, err);
	default:
		return err_set(err, -EINVAL,
			       "the instruction, code %02x, is none that can take a number",
			       insn->code);
	}
}
