// SPDX-License-Identifier: MIT
/*
 * What differs from one architecture to the next: how the kernel names a system call's function,
 * and where in struct pt_regs the arguments of a function, its result, and the registers that a
 * USDT probe names are. Tables only, one file an architecture; knows nothing of BPF, and asks no
 * kernel.
 *
 * The offsets are those of the pt_regs that a BPF program gets (the kernel's bpf_user_pt_regs_t),
 * in the kernel's layout; but for the registers in `syscall`, which may lie behind it: see there.
 */
#ifndef LOADER_ARCH_ARCH_H
#define LOADER_ARCH_ARCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ARCH_MAX_ARGS = 8, ARCH_MAX_SYSCALL_ARGS = 6 };

/* A register: its name, and where it is. size is less than the word for a part of one, such as %al.
 */
struct arch_reg {
	const char *name;   /* NULL: there is none */
	uint16_t off, size; /* bytes */
};

struct arch {
	const char *name;	    /* as uname -m prints it */
	const char *const *aliases; /* what else it prints, and what people say; ends with NULL */
	const char *folder;	    /* the kernel's arch/ folder: -D__TARGET_ARCH_folder */
	uint16_t machine;	    /* ELF e_machine of its programs */
	uint8_t bits;		    /* of a word: 32 or 64 */
	bool little, big;	    /* the byte orders that it runs in */
	uint16_t regs_size;	    /* bytes of the pt_regs that a program gets */

	/*
	 * A system call's function is prefix + name: wrapper_prefix since the kernel prefix_since
	 * (KERNEL_VERSION's number; 0: since wrapped_since), else sys_. Where
	 * CONFIG_ARCH_HAS_SYSCALL_WRAPPER means so, since wrapped_since (0: never), it has one
	 * argument: the pt_regs of user space, which hold the call's own.
	 */
	const char *wrapper_prefix;
	uint32_t prefix_since, wrapped_since;

	/* A function's arguments and its result. Those beyond n_args are on the stack. */
	struct arch_reg args[ARCH_MAX_ARGS];
	uint32_t n_args;
	struct arch_reg result, ip, sp;

	/* A system call's arguments, in the pt_regs of user space: where the kernel's wrapper takes
	 * them from. */
	struct arch_reg syscall[ARCH_MAX_SYSCALL_ARGS];

	/* The registers by the names that the assembler has for them, without a leading % or $.
	 * Ends with NULL. */
	const struct arch_reg *usdt;
};

/* For the tables: a row for each of the registers that are told apart by a number only. */
#define ARCH_0_TO_5(R)	 R(0), R(1), R(2), R(3), R(4), R(5)
#define ARCH_0_TO_7(R)	 ARCH_0_TO_5(R), R(6), R(7)
#define ARCH_0_TO_15(R)	 ARCH_0_TO_7(R), R(8), R(9), R(10), R(11), R(12), R(13), R(14), R(15)
#define ARCH_16_TO_30(R) R(16), R(17), R(18), R(19), R(20), R(21), R(22), R(23), ARCH_24_TO_30(R)
#define ARCH_24_TO_30(R) R(24), R(25), R(26), R(27), R(28), R(29), R(30)
#define ARCH_0_TO_31(R)	 ARCH_0_TO_15(R), ARCH_16_TO_30(R), R(31)

/* All of them; ends with NULL. */
extern const struct arch *const arches[];

/* By the name that uname -m prints, or an alias; NULL: not known. */
const struct arch *arch_by_name(const char *name);

/* By a user program's ELF header: e_machine, and the class as 32 or 64 bits; NULL: not known. */
const struct arch *arch_by_elf(uint16_t machine, uint8_t bits);

/*
 * The one that this program was compiled for; NULL: not known. It is not the kernel's where a
 * 64-bit kernel runs a 32-bit loader: for that, ask arch_by_name() with the target's `uname -m`.
 */
const struct arch *arch_native(void);

/*
 * The prefix of a system call's function: "__x64_sys_" makes __x64_sys_execve. version is the
 * kernel's, as KERNEL_VERSION makes it (major << 16 | minor << 8 | sublevel); 0: not known, taken
 * as new.
 */
const char *arch_syscall_prefix(const struct arch *arch, uint32_t version);

/* Whether the arguments of a system call's function are behind a second pt_regs. */
bool arch_syscall_wrapped(const struct arch *arch, uint32_t version);

/* A register by the name in a USDT argument; len bytes, a leading % or $ is skipped. NULL: there is
 * no such register. */
const struct arch_reg *arch_reg(const struct arch *arch, const char *name, size_t len);

extern const struct arch arch_x86_64, arch_i386, arch_arm64, arch_arm, arch_riscv64, arch_s390x;
extern const struct arch arch_mips, arch_mips64, arch_ppc, arch_ppc64, arch_loongarch64;

#endif
