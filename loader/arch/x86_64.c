// SPDX-License-Identifier: MIT
/*
 * x86_64: arch/x86/include/asm/ptrace.h, whose struct pt_regs is that of <asm/ptrace.h> with other
 * names. System calls take struct pt_regs since 4.17: arch/x86/include/asm/syscall_wrapper.h.
 */
#include "loader/arch/arch.h"

static const char *const x86_64_aliases[] = {"amd64", NULL};

static const struct arch_reg x86_64_usdt[] = {
	{"rax", 80, 8},	 {"eax", 80, 4},  {"ax", 80, 2},   {"al", 80, 1},   {"rbx", 40, 8},
	{"ebx", 40, 4},	 {"bx", 40, 2},	  {"bl", 40, 1},   {"rcx", 88, 8},  {"ecx", 88, 4},
	{"cx", 88, 2},	 {"cl", 88, 1},	  {"rdx", 96, 8},  {"edx", 96, 4},  {"dx", 96, 2},
	{"dl", 96, 1},	 {"rsi", 104, 8}, {"esi", 104, 4}, {"si", 104, 2},  {"sil", 104, 1},
	{"rdi", 112, 8}, {"edi", 112, 4}, {"di", 112, 2},  {"dil", 112, 1}, {"rbp", 32, 8},
	{"ebp", 32, 4},	 {"bp", 32, 2},	  {"bpl", 32, 1},  {"rsp", 152, 8}, {"esp", 152, 4},
	{"sp", 152, 2},	 {"spl", 152, 1}, {"r8", 72, 8},   {"r8d", 72, 4},  {"r8w", 72, 2},
	{"r8b", 72, 1},	 {"r9", 64, 8},	  {"r9d", 64, 4},  {"r9w", 64, 2},  {"r9b", 64, 1},
	{"r10", 56, 8},	 {"r10d", 56, 4}, {"r10w", 56, 2}, {"r10b", 56, 1}, {"r11", 48, 8},
	{"r11d", 48, 4}, {"r11w", 48, 2}, {"r11b", 48, 1}, {"r12", 24, 8},  {"r12d", 24, 4},
	{"r12w", 24, 2}, {"r12b", 24, 1}, {"r13", 16, 8},  {"r13d", 16, 4}, {"r13w", 16, 2},
	{"r13b", 16, 1}, {"r14", 8, 8},	  {"r14d", 8, 4},  {"r14w", 8, 2},  {"r14b", 8, 1},
	{"r15", 0, 8},	 {"r15d", 0, 4},  {"r15w", 0, 2},  {"r15b", 0, 1},  {"ah", 81, 1},
	{"bh", 41, 1},	 {"ch", 89, 1},	  {"dh", 97, 1},   {"rip", 128, 8}, {"eip", 128, 4},
	{NULL, 0, 0},
};

const struct arch arch_x86_64 = {
	.name = "x86_64",
	.aliases = x86_64_aliases,
	.folder = "x86",
	.machine = 62, /* EM_X86_64 */
	.bits = 64,
	.little = true,
	.regs_size = 168,
	.wrapper_prefix = "__x64_sys_",
	.wrapped_since = 4 << 16 | 17 << 8,
	.args =
		{
			{"di", 112, 8},
			{"si", 104, 8},
			{"dx", 96, 8},
			{"cx", 88, 8},
			{"r8", 72, 8},
			{"r9", 64, 8},
		},
	.n_args = 6,
	.result = {"ax", 80, 8},
	.ip = {"ip", 128, 8},
	.sp = {"sp", 152, 8},
	.syscall =
		{
			{"di", 112, 8},
			{"si", 104, 8},
			{"dx", 96, 8},
			{"r10", 56, 8},
			{"r8", 72, 8},
			{"r9", 64, 8},
		},
	.usdt = x86_64_usdt,
};
