// SPDX-License-Identifier: MIT
/*
 * arm, 32 bits: arch/arm/include/uapi/asm/ptrace.h, struct pt_regs: r0 to r15, cpsr, ORIG_r0.
 * No CONFIG_ARCH_HAS_SYSCALL_WRAPPER: a system call's function has its arguments as any function,
 * the first four in registers.
 */
#include "loader/arch/arch.h"

static const char *const arm_aliases[] = {"arm",    "armhf", "armel",  "armv5tel", "armv5tejl",
					  "armv6l", "armv7", "armv8l", NULL};

static const struct arch_reg arm_usdt[] = {
	{"r0", 0, 4},	{"r1", 4, 4},	{"r2", 8, 4},	{"r3", 12, 4},	{"r4", 16, 4},
	{"r5", 20, 4},	{"r6", 24, 4},	{"r7", 28, 4},	{"r8", 32, 4},	{"r9", 36, 4},
	{"r10", 40, 4}, {"r11", 44, 4}, {"r12", 48, 4}, {"r13", 52, 4}, {"r14", 56, 4},
	{"r15", 60, 4}, {"fp", 44, 4},	{"ip", 48, 4},	{"sp", 52, 4},	{"lr", 56, 4},
	{"pc", 60, 4},	{NULL, 0, 0},
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
	.args =
		{
			{"r0", 0, 4},
			{"r1", 4, 4},
			{"r2", 8, 4},
			{"r3", 12, 4},
		},
	.n_args = 4,
	.result = {"r0", 0, 4},
	.ip = {"pc", 60, 4},
	.sp = {"sp", 52, 4},
	.syscall =
		{
			{"r0", 0, 4},
			{"r1", 4, 4},
			{"r2", 8, 4},
			{"r3", 12, 4},
			{"r4", 16, 4},
			{"r5", 20, 4},
		},
	.usdt = arm_usdt,
};
