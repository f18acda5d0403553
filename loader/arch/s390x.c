// SPDX-License-Identifier: MIT
/*
 * s390x: arch/s390/include/uapi/asm/ptrace.h, user_pt_regs: args[1], psw (mask and address),
 * gprs[16]. System calls take struct pt_regs since 5.12: arch/s390/include/asm/syscall_wrapper.h,
 * which takes the first argument from orig_gpr2, the word behind the user's part. Before,
 * from 4.21, the functions had the same names and plain arguments.
 */
#include "loader/arch/arch.h"

// clang-format off
/* Behind args[1] and the two words of psw. */
#define G(i) {"r" #i, 24 + 8 * (i), 8}
// clang-format on

static const char *const s390x_aliases[] = {"s390", NULL};

static const struct arch_reg s390x_usdt[] = {
	ARCH_0_TO_15(G),
	{NULL, 0, 0},
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
	.prefix_since = 4 << 16 | 21 << 8,
	.wrapped_since = 5 << 16 | 12 << 8,
	.args = {G(2), G(3), G(4), G(5), G(6)},
	.n_args = 5,
	.result = G(2),
	.ip = {"psw_addr", 16, 8},
	.sp = G(15),
	.syscall = {{"orig_gpr2", 152, 8}, G(3), G(4), G(5), G(6), G(7)},
	.usdt = s390x_usdt,
};
