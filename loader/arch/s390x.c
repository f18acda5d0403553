// SPDX-License-Identifier: MIT
/*
 * s390x: arch/s390/include/uapi/asm/ptrace.h, user_pt_regs: args[1], psw (mask and address),
 * gprs[16]. System calls take struct pt_regs since 5.12: arch/s390/include/asm/syscall_wrapper.h,
 * which takes the first argument from orig_gpr2, the word behind the user's part. Before,
 * from 4.21, the functions had the same names and plain arguments.
 */
#include "loader/arch/arch.h"

static const char *const s390x_aliases[] = {"s390", NULL};

static const struct arch_reg s390x_usdt[] = {
	{"r0", 24, 8},	 {"r1", 32, 8},	  {"r2", 40, 8},   {"r3", 48, 8},   {"r4", 56, 8},
	{"r5", 64, 8},	 {"r6", 72, 8},	  {"r7", 80, 8},   {"r8", 88, 8},   {"r9", 96, 8},
	{"r10", 104, 8}, {"r11", 112, 8}, {"r12", 120, 8}, {"r13", 128, 8}, {"r14", 136, 8},
	{"r15", 144, 8}, {NULL, 0, 0},
};

const struct arch arch_s390x = {
	.name = "s390x",
	.aliases = s390x_aliases,
	.folder = "s390",
	.machine = 22, /* EM_S390 */
	.bits = 64,
	.big = true,
	.regs_size = 152,
	.wrapper_prefix = "__s390x_sys_",
	.wrapped_since = 5 << 16 | 12 << 8,
	.args =
		{
			{"r2", 40, 8},
			{"r3", 48, 8},
			{"r4", 56, 8},
			{"r5", 64, 8},
			{"r6", 72, 8},
		},
	.n_args = 5,
	.result = {"r2", 40, 8},
	.ip = {"psw_addr", 16, 8},
	.sp = {"r15", 144, 8},
	.syscall =
		{
			{"orig_gpr2", 152, 8},
			{"r3", 48, 8},
			{"r4", 56, 8},
			{"r5", 64, 8},
			{"r6", 72, 8},
			{"r7", 80, 8},
		},
	.usdt = s390x_usdt,
};
