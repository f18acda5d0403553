// SPDX-License-Identifier: MIT
/*
 * powerpc: arch/powerpc/include/uapi/asm/ptrace.h, struct user_pt_regs: gpr[32], nip, msr and so
 * on. System calls take struct pt_regs since 6.1 (arch/powerpc/include/asm/syscall_wrapper.h),
 * under the plain name sys_; not where CONFIG_COMPAT or SPU_BASE is on, which is the case for
 * big-endian kernels of 64 bits: Kconfig selects ARCH_HAS_SYSCALL_WRAPPER "if !SPU_BASE &&
 * !COMPAT". The assembler takes a register as r3, or as the bare number.
 */
#include "loader/arch/arch.h"

// clang-format off
#define R4(i) {"r" #i, 4 * (i), 4}
#define N4(i) {#i, 4 * (i), 4}
#define R8(i) {"r" #i, 8 * (i), 8}
#define N8(i) {#i, 8 * (i), 8}
// clang-format on

static const char *const ppc_aliases[] = {"powerpc", NULL};

static const struct arch_reg ppc_usdt[] = {
	ARCH_0_TO_31(R4),
	ARCH_0_TO_31(N4),
	{NULL, 0, 0},
};

const struct arch arch_ppc = {
	.name = "ppc",
	.aliases = ppc_aliases,
	.folder = "powerpc",
	.machine = 20, /* EM_PPC */
	.bits = 32,
	.big = true,
	.regs_size = 176,
	.wrapper_prefix = "sys_",
	.wrapped_since = 6 << 16 | 1 << 8,
	.args = {R4(3), R4(4), R4(5), R4(6), R4(7), R4(8), R4(9), R4(10)},
	.n_args = 8,
	.result = R4(3),
	.ip = {"nip", 4 * 32, 4},
	.sp = R4(1),
	.syscall = {R4(3), R4(4), R4(5), R4(6), R4(7), R4(8)},
	.usdt = ppc_usdt,
};

static const char *const ppc64_aliases[] = {"ppc64", "powerpc64", "powerpc64le", "ppc64el", NULL};

static const struct arch_reg ppc64_usdt[] = {
	ARCH_0_TO_31(R8),
	ARCH_0_TO_31(N8),
	{NULL, 0, 0},
};

const struct arch arch_ppc64 = {
	.name = "ppc64le",
	.aliases = ppc64_aliases,
	.folder = "powerpc",
	.machine = 21, /* EM_PPC64 */
	.bits = 64,
	.little = true,
	.big = true,
	.regs_size = 352,
	.wrapper_prefix = "sys_",
	.wrapped_since = 6 << 16 | 1 << 8,
	.args = {R8(3), R8(4), R8(5), R8(6), R8(7), R8(8), R8(9), R8(10)},
	.n_args = 8,
	.result = R8(3),
	.ip = {"nip", 8 * 32, 8},
	.sp = R8(1),
	.syscall = {R8(3), R8(4), R8(5), R8(6), R8(7), R8(8)},
	.usdt = ppc64_usdt,
};
