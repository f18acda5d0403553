// SPDX-License-Identifier: MIT
/*
 * mips, 32 bits (o32) and 64 (n64): arch/mips/include/asm/ptrace.h. Not <asm/ptrace.h> of user
 * space: the pt_regs in there is ptrace's, with 64-bit registers everywhere, and the special
 * registers in another order. 32-bit kernels have eight words of room for arguments first, which is
 * the ABI's; the fifth and sixth argument of a system call are on the user's stack there. No
 * CONFIG_ARCH_HAS_SYSCALL_WRAPPER.
 */
#include "loader/arch/arch.h"

// clang-format off
/* 32 bits: behind the eight words of room. */
#define R4(i) {#i, 32 + 4 * (i), 4}
#define A4(i) {"a" #i, 32 + 4 * (4 + (i)), 4}
#define R8(i) {#i, 8 * (i), 8}
#define A8(i) {"a" #i, 8 * (4 + (i)), 8}
// clang-format on

static const char *const mips_aliases[] = {"mipsel", NULL};

static const struct arch_reg mips_usdt[] = {
	ARCH_0_TO_31(R4),
	{"v0", 32 + 4 * 2, 4},
	{"v1", 32 + 4 * 3, 4},
	A4(0),
	A4(1),
	A4(2),
	A4(3),
	{"gp", 32 + 4 * 28, 4},
	{"sp", 32 + 4 * 29, 4},
	{"fp", 32 + 4 * 30, 4},
	{"ra", 32 + 4 * 31, 4},
	{NULL, 0, 0},
};

const struct arch arch_mips = {
	.name = "mips",
	.aliases = mips_aliases,
	.folder = "mips",
	.machine = 8, /* EM_MIPS */
	.bits = 32,
	.little = true,
	.big = true,
	.regs_size = 184,
	.args = {A4(0), A4(1), A4(2), A4(3)},
	.n_args = 4,
	.result = {"v0", 32 + 4 * 2, 4},
	.ip = {"cp0_epc", 180, 4},
	.sp = {"sp", 32 + 4 * 29, 4},
	.syscall = {A4(0), A4(1), A4(2), A4(3)},
	.usdt = mips_usdt,
};

static const char *const mips64_aliases[] = {"mips64el", NULL};

static const struct arch_reg mips64_usdt[] = {
	ARCH_0_TO_31(R8),  {"v0", 8 * 2, 8},  {"v1", 8 * 3, 8},	 ARCH_0_TO_7(A8), {"gp", 8 * 28, 8},
	{"sp", 8 * 29, 8}, {"fp", 8 * 30, 8}, {"ra", 8 * 31, 8}, {NULL, 0, 0},
};

const struct arch arch_mips64 = {
	.name = "mips64",
	.aliases = mips64_aliases,
	.folder = "mips",
	.machine = 8, /* EM_MIPS */
	.bits = 64,
	.little = true,
	.big = true,
	.regs_size = 304,
	.args = {ARCH_0_TO_7(A8)},
	.n_args = 8,
	.result = {"v0", 8 * 2, 8},
	.ip = {"cp0_epc", 296, 8},
	.sp = {"sp", 8 * 29, 8},
	.syscall = {ARCH_0_TO_5(A8)},
	.usdt = mips64_usdt,
};
