// SPDX-License-Identifier: MIT
/*
 * loongarch64: arch/loongarch/include/uapi/asm/ptrace.h, struct user_pt_regs: regs[32], orig_a0,
 * csr_era, csr_badv. No CONFIG_ARCH_HAS_SYSCALL_WRAPPER.
 */
#include "loader/arch/arch.h"

static const char *const loongarch64_aliases[] = {"loongarch", "loong64", NULL};

static const struct arch_reg loongarch64_usdt[] = {
	{"r0", 0, 8},	 {"r1", 8, 8},	  {"r2", 16, 8},   {"r3", 24, 8},   {"r4", 32, 8},
	{"r5", 40, 8},	 {"r6", 48, 8},	  {"r7", 56, 8},   {"r8", 64, 8},   {"r9", 72, 8},
	{"r10", 80, 8},	 {"r11", 88, 8},  {"r12", 96, 8},  {"r13", 104, 8}, {"r14", 112, 8},
	{"r15", 120, 8}, {"r16", 128, 8}, {"r17", 136, 8}, {"r18", 144, 8}, {"r19", 152, 8},
	{"r20", 160, 8}, {"r21", 168, 8}, {"r22", 176, 8}, {"r23", 184, 8}, {"r24", 192, 8},
	{"r25", 200, 8}, {"r26", 208, 8}, {"r27", 216, 8}, {"r28", 224, 8}, {"r29", 232, 8},
	{"r30", 240, 8}, {"r31", 248, 8}, {"a0", 32, 8},   {"a1", 40, 8},   {"a2", 48, 8},
	{"a3", 56, 8},	 {"a4", 64, 8},	  {"a5", 72, 8},   {"a6", 80, 8},   {"a7", 88, 8},
	{"ra", 8, 8},	 {"sp", 24, 8},	  {"fp", 176, 8},  {NULL, 0, 0},
};

const struct arch arch_loongarch64 = {
	.name = "loongarch64",
	.aliases = loongarch64_aliases,
	.folder = "loongarch",
	.machine = 258, /* EM_LOONGARCH */
	.bits = 64,
	.little = true,
	.regs_size = 360,
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
	.result = {"a0", 32, 8},
	.ip = {"csr_era", 264, 8},
	.sp = {"sp", 24, 8},
	.syscall =
		{
			{"a0", 32, 8},
			{"a1", 40, 8},
			{"a2", 48, 8},
			{"a3", 56, 8},
			{"a4", 64, 8},
			{"a5", 72, 8},
		},
	.usdt = loongarch64_usdt,
};
