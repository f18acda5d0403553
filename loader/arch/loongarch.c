// SPDX-License-Identifier: MIT
/*
 * loongarch64: arch/loongarch/include/uapi/asm/ptrace.h, struct user_pt_regs: regs[32], orig_a0,
 * csr_era, csr_badv. No CONFIG_ARCH_HAS_SYSCALL_WRAPPER.
 */
#include "loader/arch/arch.h"

// clang-format off
#define R(i) {"r" #i, 8 * (i), 8}
#define A(i) {"a" #i, 8 * (4 + (i)), 8}
// clang-format on

static const char *const loongarch64_aliases[] = {"loongarch", "loong64", NULL};

static const struct arch_reg loongarch64_usdt[] = {
	ARCH_0_TO_31(R),  ARCH_0_TO_7(A),    {"ra", 8 * 1, 8},
	{"sp", 8 * 3, 8}, {"fp", 8 * 22, 8}, {NULL, 0, 0},
};

const struct arch arch_loongarch64 = {
	.name = "loongarch64",
	.aliases = loongarch64_aliases,
	.folder = "loongarch",
	.machine = 258, /* EM_LOONGARCH */
	.bits = 64,
	.little = true,
	.regs_size = 360,
	.args = {ARCH_0_TO_7(A)},
	.n_args = 8,
	.result = A(0),
	.ip = {"csr_era", 264, 8},
	.sp = {"sp", 8 * 3, 8},
	.syscall = {ARCH_0_TO_5(A)},
	.usdt = loongarch64_usdt,
};
