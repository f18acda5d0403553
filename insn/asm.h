// SPDX-License-Identifier: MIT
/*
 * The assembler of whole programs: text, a .basm file, to a unit. A line of instructions is what
 * insn/parse.h reads; lines that begin with a dot make the rest:
 *
 *	.license "GPL"
 *	.map counts type=hash key_size=4 value_size=8 max_entries=64
 *	.section .rodata
 *	fmt:	.asciz "hello\n"
 *	.section kprobe/do_sys_openat2
 *	.func opens
 *	.reg r6 ctx fixed
 *		r6 = r1
 *		r1 = fmt ll
 *		...
 *	.sub twice
 *		r0 = r1
 *		...
 *
 * Knows directives; knows nothing of ELF or the kernel. asm.c has the table of directives.
 */
#ifndef INSN_ASM_H
#define INSN_ASM_H

#include <stddef.h>

#include "insn/build.h"
#include "insn/err.h"
#include "insn/unit.h"

/*
 * Assembles size bytes of text. file: its name, for errors and line information, or NULL. The unit
 * is the caller's to close. Returns 0 or -errno; err then has line, column and the line's text.
 */
int asm_unit(const char *text, size_t size, const char *file, struct unit *unit,
	     struct insn_err *err);

/* The same into a builder, which borrows the text until it is closed. */
int asm_build(struct build *b, const char *text, size_t size, struct insn_err *err);

#endif
