// SPDX-License-Identifier: MIT
/*
 * arm64: arch/arm64/include/uapi/asm/ptrace.h, struct user_pt_regs: x0 to x30, sp, pc, pstate.
 * System calls take struct pt_regs since 4.19: arch/arm64/include/asm/syscall_wrapper.h.
 * The w registers are the low halves of the x: where a little-endian kernel has them.
 */
#include "loader/arch/arch.h"

// clang-format off
#define X(i) {"x" #i, 8 * (i), 8}
#define W(i) {"w" #i, 8 * (i), 4}
// clang-format on

static const char *const arm64_aliases[] = {"arm64", "aarch64_be", NULL};

static const struct arch_reg arm64_usdt[] = {
	ARCH_0_TO_15(X),   ARCH_16_TO_30(X), ARCH_0_TO_15(W), ARCH_16_TO_30(W), {"fp", 8 * 29, 8},
	{"lr", 8 * 30, 8}, {"sp", 248, 8},   {"pc", 256, 8},  {NULL, 0, 0},
};

const struct arch arch_arm64 = {
	.name = "aarch64",
	.aliases = arm64_aliases,
	.folder = "arm64",
	.machine = 183, /* EM_AARCH64 */
	.bits = 64,
	.little = true,
	.big = true,
	.regs_size = 272,
	.wrapper_prefix = "__arm64_sys_",
	.wrapped_since = 4 << 16 | 19 << 8,
	.args = {ARCH_0_TO_7(X)},
	.n_args = 8,
	.result = X(0),
	.ip = {"pc", 256, 8},
	.sp = {"sp", 248, 8},
	.syscall = {ARCH_0_TO_5(X)},
	.usdt = arm64_usdt,
};
