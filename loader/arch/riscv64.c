// SPDX-License-Identifier: MIT
/*
 * riscv64: arch/riscv/include/uapi/asm/ptrace.h, struct user_regs_struct; the kernel's pt_regs
 * begins so. System calls take struct pt_regs since 6.6: arch/riscv/include/asm/syscall_wrapper.h,
 * which takes the first argument from orig_a0. That lies behind the user's part: status, badaddr,
 * cause, orig_a0.
 */
#include "loader/arch/arch.h"

static const char *const riscv64_aliases[] = {"riscv", NULL};

static const struct arch_reg riscv64_usdt[] = {
	{"ra", 8, 8},	 {"sp", 16, 8},	  {"gp", 24, 8},  {"tp", 32, 8},  {"t0", 40, 8},
	{"t1", 48, 8},	 {"t2", 56, 8},	  {"s0", 64, 8},  {"s1", 72, 8},  {"a0", 80, 8},
	{"a1", 88, 8},	 {"a2", 96, 8},	  {"a3", 104, 8}, {"a4", 112, 8}, {"a5", 120, 8},
	{"a6", 128, 8},	 {"a7", 136, 8},  {"s2", 144, 8}, {"s3", 152, 8}, {"s4", 160, 8},
	{"s5", 168, 8},	 {"s6", 176, 8},  {"s7", 184, 8}, {"s8", 192, 8}, {"s9", 200, 8},
	{"s10", 208, 8}, {"s11", 216, 8}, {"t3", 224, 8}, {"t4", 232, 8}, {"t5", 240, 8},
	{"t6", 248, 8},	 {"fp", 64, 8},	  {"pc", 0, 8},	  {NULL, 0, 0},
};

const struct arch arch_riscv64 = {
	.name = "riscv64",
	.aliases = riscv64_aliases,
	.folder = "riscv",
	.machine = 243, /* EM_RISCV */
	.bits = 64,
	.little = true,
	.regs_size = 256,
	.wrapper_prefix = "__riscv_sys_",
	.wrapped_since = 6 << 16 | 6 << 8,
	.args =
		{
			{"a0", 80, 8},
			{"a1", 88, 8},
			{"a2", 96, 8},
			{"a3", 104, 8},
			{"a4", 112, 8},
			{"a5", 120, 8},
			{"a6", 128, 8},
			{"a7", 136, 8},
		},
	.n_args = 8,
	.result = {"a0", 80, 8},
	.ip = {"pc", 0, 8},
	.sp = {"sp", 16, 8},
	.syscall =
		{
			{"orig_a0", 280, 8},
			{"a1", 88, 8},
			{"a2", 96, 8},
			{"a3", 104, 8},
			{"a4", 112, 8},
			{"a5", 120, 8},
		},
	.usdt = riscv64_usdt,
};
