// SPDX-License-Identifier: MIT
/*
 * arm64: arch/arm64/include/uapi/asm/ptrace.h, struct user_pt_regs: x0 to x30, sp, pc, pstate.
 * System calls take struct pt_regs since 4.19: arch/arm64/include/asm/syscall_wrapper.h.
 * The w registers are the low halves of the x: where a little-endian kernel has them.
 */
#include "loader/arch/arch.h"

static const char *const arm64_aliases[] = {"arm64", "aarch64_be", NULL};

static const struct arch_reg arm64_usdt[] = {
	{"x0", 0, 8},	 {"x1", 8, 8},	  {"x2", 16, 8},   {"x3", 24, 8},   {"x4", 32, 8},
	{"x5", 40, 8},	 {"x6", 48, 8},	  {"x7", 56, 8},   {"x8", 64, 8},   {"x9", 72, 8},
	{"x10", 80, 8},	 {"x11", 88, 8},  {"x12", 96, 8},  {"x13", 104, 8}, {"x14", 112, 8},
	{"x15", 120, 8}, {"x16", 128, 8}, {"x17", 136, 8}, {"x18", 144, 8}, {"x19", 152, 8},
	{"x20", 160, 8}, {"x21", 168, 8}, {"x22", 176, 8}, {"x23", 184, 8}, {"x24", 192, 8},
	{"x25", 200, 8}, {"x26", 208, 8}, {"x27", 216, 8}, {"x28", 224, 8}, {"x29", 232, 8},
	{"x30", 240, 8}, {"w0", 0, 4},	  {"w1", 8, 4},	   {"w2", 16, 4},   {"w3", 24, 4},
	{"w4", 32, 4},	 {"w5", 40, 4},	  {"w6", 48, 4},   {"w7", 56, 4},   {"w8", 64, 4},
	{"w9", 72, 4},	 {"w10", 80, 4},  {"w11", 88, 4},  {"w12", 96, 4},  {"w13", 104, 4},
	{"w14", 112, 4}, {"w15", 120, 4}, {"w16", 128, 4}, {"w17", 136, 4}, {"w18", 144, 4},
	{"w19", 152, 4}, {"w20", 160, 4}, {"w21", 168, 4}, {"w22", 176, 4}, {"w23", 184, 4},
	{"w24", 192, 4}, {"w25", 200, 4}, {"w26", 208, 4}, {"w27", 216, 4}, {"w28", 224, 4},
	{"w29", 232, 4}, {"w30", 240, 4}, {"sp", 248, 8},  {"pc", 256, 8},  {"fp", 232, 8},
	{"lr", 240, 8},	 {NULL, 0, 0},
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
	.args =
		{
			{"x0", 0, 8},
			{"x1", 8, 8},
			{"x2", 16, 8},
			{"x3", 24, 8},
			{"x4", 32, 8},
			{"x5", 40, 8},
			{"x6", 48, 8},
			{"x7", 56, 8},
		},
	.n_args = 8,
	.result = {"x0", 0, 8},
	.ip = {"pc", 256, 8},
	.sp = {"sp", 248, 8},
	.syscall =
		{
			{"x0", 0, 8},
			{"x1", 8, 8},
			{"x2", 16, 8},
			{"x3", 24, 8},
			{"x4", 32, 8},
			{"x5", 40, 8},
		},
	.usdt = arm64_usdt,
};
