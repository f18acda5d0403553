// SPDX-License-Identifier: MIT
/*
 * mips, 32 bits (o32) and 64 (n64): arch/mips/include/asm/ptrace.h. Not <asm/ptrace.h> of user
 * space: the pt_regs in there is ptrace's, with 64-bit registers everywhere, and the special
 * registers in another order. 32-bit kernels have eight words of room for arguments first, which is
 * the ABI's; the fifth and sixth argument of a system call are on the user's stack there. No
 * CONFIG_ARCH_HAS_SYSCALL_WRAPPER.
 */
#include "loader/arch/arch.h"

static const char *const mips_aliases[] = {"mipsel", NULL};

static const struct arch_reg mips_usdt[] = {
	{"0", 32, 4},	{"1", 36, 4},	{"2", 40, 4},	{"3", 44, 4},	{"4", 48, 4},
	{"5", 52, 4},	{"6", 56, 4},	{"7", 60, 4},	{"8", 64, 4},	{"9", 68, 4},
	{"10", 72, 4},	{"11", 76, 4},	{"12", 80, 4},	{"13", 84, 4},	{"14", 88, 4},
	{"15", 92, 4},	{"16", 96, 4},	{"17", 100, 4}, {"18", 104, 4}, {"19", 108, 4},
	{"20", 112, 4}, {"21", 116, 4}, {"22", 120, 4}, {"23", 124, 4}, {"24", 128, 4},
	{"25", 132, 4}, {"26", 136, 4}, {"27", 140, 4}, {"28", 144, 4}, {"29", 148, 4},
	{"30", 152, 4}, {"31", 156, 4}, {"v0", 40, 4},	{"v1", 44, 4},	{"a0", 48, 4},
	{"a1", 52, 4},	{"a2", 56, 4},	{"a3", 60, 4},	{"gp", 144, 4}, {"sp", 148, 4},
	{"fp", 152, 4}, {"ra", 156, 4}, {NULL, 0, 0},
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
	.args =
		{
			{"a0", 48, 4},
			{"a1", 52, 4},
			{"a2", 56, 4},
			{"a3", 60, 4},
		},
	.n_args = 4,
	.result = {"v0", 40, 4},
	.ip = {"cp0_epc", 180, 4},
	.sp = {"sp", 148, 4},
	.syscall =
		{
			{"a0", 48, 4},
			{"a1", 52, 4},
			{"a2", 56, 4},
			{"a3", 60, 4},
		},
	.usdt = mips_usdt,
};

static const char *const mips64_aliases[] = {"mips64el", NULL};

static const struct arch_reg mips64_usdt[] = {
	{"0", 0, 8},	{"1", 8, 8},	{"2", 16, 8},	{"3", 24, 8},	{"4", 32, 8},
	{"5", 40, 8},	{"6", 48, 8},	{"7", 56, 8},	{"8", 64, 8},	{"9", 72, 8},
	{"10", 80, 8},	{"11", 88, 8},	{"12", 96, 8},	{"13", 104, 8}, {"14", 112, 8},
	{"15", 120, 8}, {"16", 128, 8}, {"17", 136, 8}, {"18", 144, 8}, {"19", 152, 8},
	{"20", 160, 8}, {"21", 168, 8}, {"22", 176, 8}, {"23", 184, 8}, {"24", 192, 8},
	{"25", 200, 8}, {"26", 208, 8}, {"27", 216, 8}, {"28", 224, 8}, {"29", 232, 8},
	{"30", 240, 8}, {"31", 248, 8}, {"v0", 16, 8},	{"v1", 24, 8},	{"a0", 32, 8},
	{"a1", 40, 8},	{"a2", 48, 8},	{"a3", 56, 8},	{"a4", 64, 8},	{"a5", 72, 8},
	{"a6", 80, 8},	{"a7", 88, 8},	{"gp", 224, 8}, {"sp", 232, 8}, {"fp", 240, 8},
	{"ra", 248, 8}, {NULL, 0, 0},
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
	.args =
		{
			{"a0", 32, 8},
			{"a1", 40, 8},
			{"a2", 48, 8},
			{"a3", 56, 8},
			{"a4", 64, 8},
			{"a5", 72, 8},
			{"a6", 80, 8},
			{"a7", 88, 8},
		},
	.n_args = 8,
	.result = {"v0", 16, 8},
	.ip = {"cp0_epc", 296, 8},
	.sp = {"sp", 232, 8},
	.syscall =
		{
			{"a0", 32, 8},
			{"a1", 40, 8},
			{"a2", 48, 8},
			{"a3", 56, 8},
			{"a4", 64, 8},
			{"a5", 72, 8},
		},
	.usdt = mips64_usdt,
};
