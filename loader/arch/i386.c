// SPDX-License-Identifier: MIT
/*
 * i386: arch/x86/include/asm/ptrace.h, where CONFIG_X86_32 is on. args are those of the kernel's
 * own functions, which are compiled with -mregparm=3; the functions of user space have all theirs
 * on the stack. System calls take struct pt_regs since 5.7: arch/x86/include/asm/syscall_wrapper.h.
 */
#include "loader/arch/arch.h"

static const char *const i386_aliases[] = {"i386", "i486", "i586", "x86", NULL};

static const struct arch_reg i386_usdt[] = {
	{"eax", 24, 4}, {"ax", 24, 2}, {"al", 24, 1},  {"ah", 25, 1}, {"ebx", 0, 4},  {"bx", 0, 2},
	{"bl", 0, 1},	{"bh", 1, 1},  {"ecx", 4, 4},  {"cx", 4, 2},  {"cl", 4, 1},   {"ch", 5, 1},
	{"edx", 8, 4},	{"dx", 8, 2},  {"dl", 8, 1},   {"dh", 9, 1},  {"esi", 12, 4}, {"si", 12, 2},
	{"edi", 16, 4}, {"di", 16, 2}, {"ebp", 20, 4}, {"bp", 20, 2}, {"esp", 60, 4}, {"sp", 60, 2},
	{"eip", 48, 4}, {NULL, 0, 0},
};

const struct arch arch_i386 = {
	.name = "i686",
	.aliases = i386_aliases,
	.folder = "x86",
	.machine = 3, /* EM_386 */
	.bits = 32,
	.little = true,
	.regs_size = 68,
	.wrapper_prefix = "__ia32_sys_",
	.wrapped_since = 5 << 16 | 7 << 8,
	.args =
		{
			{"ax", 24, 4},
			{"dx", 8, 4},
			{"cx", 4, 4},
		},
	.n_args = 3,
	.result = {"ax", 24, 4},
	.ip = {"ip", 48, 4},
	.sp = {"sp", 60, 4},
	.syscall =
		{
			{"bx", 0, 4},
			{"cx", 4, 4},
			{"dx", 8, 4},
			{"si", 12, 4},
			{"di", 16, 4},
			{"bp", 20, 4},
		},
	.usdt = i386_usdt,
};
