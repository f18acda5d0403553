// SPDX-License-Identifier: MIT
/*
 * powerpc: arch/powerpc/include/uapi/asm/ptrace.h, struct user_pt_regs: gpr[32], nip, msr and so
 * on. System calls take struct pt_regs since 6.1 (arch/powerpc/include/asm/syscall_wrapper.h),
 * under the plain name sys_; not where CONFIG_COMPAT or SPU_BASE is on, which is the case for
 * big-endian kernels of 64 bits: Kconfig selects ARCH_HAS_SYSCALL_WRAPPER "if !SPU_BASE &&
 * !COMPAT". The assembler takes a register as r3, or as the bare number.
 */
#include "loader/arch/arch.h"

static const char *const ppc_aliases[] = {"powerpc", NULL};

static const struct arch_reg ppc_usdt[] = {
	{"r0", 0, 4},	 {"r1", 4, 4},	  {"r2", 8, 4},	   {"r3", 12, 4},   {"r4", 16, 4},
	{"r5", 20, 4},	 {"r6", 24, 4},	  {"r7", 28, 4},   {"r8", 32, 4},   {"r9", 36, 4},
	{"r10", 40, 4},	 {"r11", 44, 4},  {"r12", 48, 4},  {"r13", 52, 4},  {"r14", 56, 4},
	{"r15", 60, 4},	 {"r16", 64, 4},  {"r17", 68, 4},  {"r18", 72, 4},  {"r19", 76, 4},
	{"r20", 80, 4},	 {"r21", 84, 4},  {"r22", 88, 4},  {"r23", 92, 4},  {"r24", 96, 4},
	{"r25", 100, 4}, {"r26", 104, 4}, {"r27", 108, 4}, {"r28", 112, 4}, {"r29", 116, 4},
	{"r30", 120, 4}, {"r31", 124, 4}, {"0", 0, 4},	   {"1", 4, 4},	    {"2", 8, 4},
	{"3", 12, 4},	 {"4", 16, 4},	  {"5", 20, 4},	   {"6", 24, 4},    {"7", 28, 4},
	{"8", 32, 4},	 {"9", 36, 4},	  {"10", 40, 4},   {"11", 44, 4},   {"12", 48, 4},
	{"13", 52, 4},	 {"14", 56, 4},	  {"15", 60, 4},   {"16", 64, 4},   {"17", 68, 4},
	{"18", 72, 4},	 {"19", 76, 4},	  {"20", 80, 4},   {"21", 84, 4},   {"22", 88, 4},
	{"23", 92, 4},	 {"24", 96, 4},	  {"25", 100, 4},  {"26", 104, 4},  {"27", 108, 4},
	{"28", 112, 4},	 {"29", 116, 4},  {"30", 120, 4},  {"31", 124, 4},  {NULL, 0, 0},
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
	.args =
		{
			{"r3", 12, 4},
			{"r4", 16, 4},
			{"r5", 20, 4},
			{"r6", 24, 4},
			{"r7", 28, 4},
			{"r8", 32, 4},
			{"r9", 36, 4},
			{"r10", 40, 4},
		},
	.n_args = 8,
	.result = {"r3", 12, 4},
	.ip = {"nip", 128, 4},
	.sp = {"r1", 4, 4},
	.syscall =
		{
			{"r3", 12, 4},
			{"r4", 16, 4},
			{"r5", 20, 4},
			{"r6", 24, 4},
			{"r7", 28, 4},
			{"r8", 32, 4},
		},
	.usdt = ppc_usdt,
};

static const char *const ppc64_aliases[] = {"ppc64", "powerpc64", "powerpc64le", "ppc64el", NULL};

static const struct arch_reg ppc64_usdt[] = {
	{"r0", 0, 8},	 {"r1", 8, 8},	  {"r2", 16, 8},   {"r3", 24, 8},   {"r4", 32, 8},
	{"r5", 40, 8},	 {"r6", 48, 8},	  {"r7", 56, 8},   {"r8", 64, 8},   {"r9", 72, 8},
	{"r10", 80, 8},	 {"r11", 88, 8},  {"r12", 96, 8},  {"r13", 104, 8}, {"r14", 112, 8},
	{"r15", 120, 8}, {"r16", 128, 8}, {"r17", 136, 8}, {"r18", 144, 8}, {"r19", 152, 8},
	{"r20", 160, 8}, {"r21", 168, 8}, {"r22", 176, 8}, {"r23", 184, 8}, {"r24", 192, 8},
	{"r25", 200, 8}, {"r26", 208, 8}, {"r27", 216, 8}, {"r28", 224, 8}, {"r29", 232, 8},
	{"r30", 240, 8}, {"r31", 248, 8}, {"0", 0, 8},	   {"1", 8, 8},	    {"2", 16, 8},
	{"3", 24, 8},	 {"4", 32, 8},	  {"5", 40, 8},	   {"6", 48, 8},    {"7", 56, 8},
	{"8", 64, 8},	 {"9", 72, 8},	  {"10", 80, 8},   {"11", 88, 8},   {"12", 96, 8},
	{"13", 104, 8},	 {"14", 112, 8},  {"15", 120, 8},  {"16", 128, 8},  {"17", 136, 8},
	{"18", 144, 8},	 {"19", 152, 8},  {"20", 160, 8},  {"21", 168, 8},  {"22", 176, 8},
	{"23", 184, 8},	 {"24", 192, 8},  {"25", 200, 8},  {"26", 208, 8},  {"27", 216, 8},
	{"28", 224, 8},	 {"29", 232, 8},  {"30", 240, 8},  {"31", 248, 8},  {NULL, 0, 0},
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
	.args =
		{
			{"r3", 24, 8},
			{"r4", 32, 8},
			{"r5", 40, 8},
			{"r6", 48, 8},
			{"r7", 56, 8},
			{"r8", 64, 8},
			{"r9", 72, 8},
			{"r10", 80, 8},
		},
	.n_args = 8,
	.result = {"r3", 24, 8},
	.ip = {"nip", 256, 8},
	.sp = {"r1", 8, 8},
	.syscall =
		{
			{"r3", 24, 8},
			{"r4", 32, 8},
			{"r5", 40, 8},
			{"r6", 48, 8},
			{"r7", 56, 8},
			{"r8", 64, 8},
		},
	.usdt = ppc64_usdt,
};
