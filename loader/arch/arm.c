// SPDX-License-Identifier: MIT
/*
 * arm, 32 bits: arch/arm/include/uapi/asm/ptrace.h, struct pt_regs: r0 to r15, cpsr, ORIG_r0.
 * No CONFIG_ARCH_HAS_SYSCALL_WRAPPER: a system call's function has its arguments as any function,
 * the first four in registers.
 */
#include "loader/arch/arch.h"

// clang-format off
#define R(i) {"r" #i, 4 * (i), 4}
// clang-format on

static const char *const arm_aliases[] = {"arm",    "armhf", "armel",  "armv5tel", "armv5tejl",
					  "armv6l", "armv7", "armv8l", NULL};

static const struct arch_reg arm_usdt[] = {
	ARCH_0_TO_15(R), {"fp", 44, 4}, {"ip", 48, 4}, {"sp", 52, 4},
	{"lr", 56, 4},	 {"pc", 60, 4}, {NULL, 0, 0},
};

const struct arch arch_arm = {
	.name = "armv7l",
	.aliases = arm_aliases,
	.folder = "arm",
	.machine = 40, /* EM_ARM */
	.bits = 32,
	.little = true,
	.big = true,
	.regs_size = 72,
	.args = {R(0), R(1), R(2), R(3)},
	.n_args = 4,
	.result = R(0),
	.ip = {"pc", 60, 4},
	.sp = {"sp", 52, 4},
	.syscall = {ARCH_0_TO_5(R)},
	.usdt = arm_usdt,
};
