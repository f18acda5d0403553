// SPDX-License-Identifier: MIT
/* insn/insn.h: the bytes of each form, in the order of the header. */
#include "tests/tap.h"
#include "insn/insn.h"

#define R(n) BPF_REG_##n

static const struct {
	const char *name;
	uint8_t code, dst, src;
	int16_t off;
	int32_t imm;
} want[] = {
	{"alu64_reg", 0x0f, 1, 2, 0, 0},
	{"alu32_reg", 0x2c, 1, 2, 0, 0},
	{"alu64_imm", 0xa7, 1, 0, 0, -1},
	{"alu32_imm", 0xc4, 1, 0, 0, 31},
	{"neg64", 0x87, 3, 0, 0, 0},
	{"neg32", 0x84, 3, 0, 0, 0},
	{"sdiv64_reg", 0x3f, 1, 2, 1, 0},
	{"sdiv32_reg", 0x3c, 1, 2, 1, 0},
	{"sdiv64_imm", 0x37, 1, 0, 1, -3},
	{"sdiv32_imm", 0x34, 1, 0, 1, -3},
	{"smod64_reg", 0x9f, 1, 2, 1, 0},
	{"smod32_reg", 0x9c, 1, 2, 1, 0},
	{"smod64_imm", 0x97, 1, 0, 1, 7},
	{"smod32_imm", 0x94, 1, 0, 1, 7},
	{"mov64_reg", 0xbf, 6, 1, 0, 0},
	{"mov32_reg", 0xbc, 6, 1, 0, 0},
	{"mov64_imm", 0xb7, 0, 0, 0, -2147483647 - 1},
	{"mov32_imm", 0xb4, 0, 0, 0, 2147483647},
	{"movsx64_reg", 0xbf, 1, 2, 32, 0},
	{"movsx32_reg", 0xbc, 1, 2, 16, 0},
	{"addr_space_cast", 0xbf, 1, 2, 1, 0x10000},
	{"le", 0xd4, 1, 0, 0, 16},
	{"be", 0xdc, 1, 0, 0, 32},
	{"bswap", 0xd7, 1, 0, 0, 64},
	{"ldx_mem", 0x79, 1, 10, -8, 0},
	{"ldx_memsx", 0x81, 1, 2, 4, 0},
	{"stx_mem", 0x6b, 10, 1, -2, 0},
	{"st_mem", 0x72, 10, 0, -1, 255},
	{"atomic_op", 0xdb, 1, 2, 8, 0xf1},
	{"load_acquire", 0xd3, 1, 2, 8, 0x100},
	{"store_release", 0xcb, 1, 2, 8, 0x110},
	{"ld_imm64", 0x18, 1, 0, 0, 0x55667788},
	{"ld_imm64_hi", 0, 0, 0, 0, 0x11223344},
	{"ld_map_fd", 0x18, 1, 1, 0, 3},
	{"ld_map_value", 0x18, 1, 2, 0, 3},
	{"ld_btf_id", 0x18, 1, 3, 0, 77},
	{"ld_func", 0x18, 1, 4, 0, 9},
	{"ld_map_idx", 0x18, 1, 5, 0, 2},
	{"ld_map_idx_value", 0x18, 1, 6, 0, 2},
	{"ld_abs", 0x28, 0, 0, 0, 12},
	{"ld_ind", 0x50, 0, 7, 0, 1},
	{"jmp_reg", 0x6d, 1, 2, -5, 0},
	{"jmp_imm", 0x15, 1, 0, 32767, 2048},
	{"jmp32_reg", 0xce, 1, 2, -32768, 0},
	{"jmp32_imm", 0xb6, 1, 0, 1, 9},
	{"jmp_a", 0x05, 0, 0, -1, 0},
	{"jmp32_a", 0x06, 0, 0, 0, 70000},
	{"jmp_x", 0x0d, 4, 0, 0, 0},
	{"may_goto", 0xe5, 0, 0, 3, 0},
	{"call_func", 0x85, 0, 0, 0, 1},
	{"call_rel", 0x85, 0, 1, 0, -2},
	{"call_kfunc", 0x85, 0, 2, 1, 1234},
	{"call_x", 0x8d, 5, 0, 0, 0},
	{"exit_insn", 0x95, 0, 0, 0, 0},
};

int main(void)
{
	uint64_t v = 0x1122334455667788;
	struct bpf_insn got[] = {
		bpf_alu64_reg(BPF_ADD, R(1), R(2)),
		bpf_alu32_reg(BPF_MUL, R(1), R(2)),
		bpf_alu64_imm(BPF_XOR, R(1), -1),
		bpf_alu32_imm(BPF_ARSH, R(1), 31),
		bpf_neg64(R(3)),
		bpf_neg32(R(3)),
		bpf_sdiv64_reg(R(1), R(2)),
		bpf_sdiv32_reg(R(1), R(2)),
		bpf_sdiv64_imm(R(1), -3),
		bpf_sdiv32_imm(R(1), -3),
		bpf_smod64_reg(R(1), R(2)),
		bpf_smod32_reg(R(1), R(2)),
		bpf_smod64_imm(R(1), 7),
		bpf_smod32_imm(R(1), 7),
		bpf_mov64_reg(R(6), R(1)),
		bpf_mov32_reg(R(6), R(1)),
		bpf_mov64_imm(R(0), INT32_MIN),
		bpf_mov32_imm(R(0), INT32_MAX),
		bpf_movsx64_reg(R(1), R(2), 32),
		bpf_movsx32_reg(R(1), R(2), 16),
		bpf_addr_space_cast(R(1), R(2), 1, 0),
		bpf_le(R(1), 16),
		bpf_be(R(1), 32),
		bpf_bswap(R(1), 64),
		bpf_ldx_mem(BPF_DW, R(1), R(10), -8),
		bpf_ldx_memsx(BPF_W, R(1), R(2), 4),
		bpf_stx_mem(BPF_H, R(10), R(1), -2),
		bpf_st_mem(BPF_B, R(10), -1, 255),
		bpf_atomic_op(BPF_DW, BPF_CMPXCHG, R(1), R(2), 8),
		bpf_load_acquire(BPF_B, R(1), R(2), 8),
		bpf_store_release(BPF_H, R(1), R(2), 8),
		bpf_ld_imm64(R(1), v),
		bpf_ld_imm64_hi(v >> 32),
		bpf_ld_map_fd(R(1), 3),
		bpf_ld_map_value(R(1), 3),
		bpf_ld_btf_id(R(1), 77),
		bpf_ld_func(R(1), 9),
		bpf_ld_map_idx(R(1), 2),
		bpf_ld_map_idx_value(R(1), 2),
		bpf_ld_abs(BPF_H, 12),
		bpf_ld_ind(BPF_B, R(7), 1),
		bpf_jmp_reg(BPF_JSGT, R(1), R(2), -5),
		bpf_jmp_imm(BPF_JEQ, R(1), 2048, 32767),
		bpf_jmp32_reg(BPF_JSLT, R(1), R(2), -32768),
		bpf_jmp32_imm(BPF_JLE, R(1), 9, 1),
		bpf_jmp_a(-1),
		bpf_jmp32_a(70000),
		bpf_jmp_x(R(4)),
		bpf_may_goto(3),
		bpf_call_func(BPF_FUNC_map_lookup_elem),
		bpf_call_rel(-2),
		bpf_call_kfunc(1, 1234),
		bpf_call_x(R(5)),
		bpf_exit_insn(),
	};

	eq_int(sizeof(got) / sizeof(*got), sizeof(want) / sizeof(*want), "each_form_is_listed");
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		struct bpf_insn w = {
			.code = want[i].code,
			.dst_reg = (uint8_t)(want[i].dst & 0xf),
			.src_reg = (uint8_t)(want[i].src & 0xf),
			.off = want[i].off,
			.imm = want[i].imm,
		};

		ok(!memcmp(&got[i], &w, sizeof(w)), want[i].name);
	}
	return tap_done();
}
