// SPDX-License-Identifier: MIT
/*
 * One table of all forms of instructions. Printing, parsing, validation and the table in
 * docs/insn.md are all made from it.
 *
 * Knows single instructions; knows nothing of programs, nor of what a verifier accepts.
 */
#ifndef INSN_TABLE_H
#define INSN_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/err.h"
#include "insn/insn.h"

/* A field may hold anything. */
#define INSN_ANY INT32_MIN

/* Flags of a form. */
#define INSN_INTERNAL 0x01 /* the kernel makes it; it is seen only in dumps of loaded programs */
#define INSN_FUTURE   0x02 /* compilers know it, no kernel accepts it yet */

/*
 * A form: a code, what each field must hold (a value, or INSN_ANY), and how it is written.
 *
 * The texts are those of the kernel's verifier and of LLVM; llvm is NULL where both are the same
 * but for the style of numbers. A letter after % is a field (%= is an operator):
 *
 *	d D   destination, as r or w register	s S   source, as r or w register
 *	o     offset in memory			i     immediate
 *	u     unsigned immediate of 32-bit size	x     immediate of a jump
 *	j J   target of a jump, in off, in imm	c     target of a call, in imm
 *	h     number of a helper, by name	k     BTF id of a kernel function, by name
 *	q     the 64 bits of ldimm64		m     imm of the first slot, unsigned
 *	v     imm of the second slot, with +	p     source field as a number
 *	a b   upper and lower half of imm	f     place of a function, in imm
 */
struct insn_form {
	uint8_t code;
	uint8_t flags;
	uint8_t cpu;	  /* LLVM's -mcpu=v this, from 1; 0: LLVM 19 does not know it */
	int32_t dst, src; /* registers, or what stands in their place */
	int32_t off, imm;
	int32_t hi; /* ldimm64: imm of the second slot */
	const char *text, *llvm;
	const char *call;  /* the function of insn.h that makes it, "" if none */
	const char *since; /* the kernel that brought it */
};

/* All forms, sorted by class, then by the rest of the code. */
const struct insn_form *table_forms(size_t *n);

/* Whether this code is ldimm64's, which takes two slots. */
static inline bool table_is_wide(uint8_t code)
{
	return code == (BPF_LD | BPF_DW | BPF_IMM);
}

/* Slots that a form takes: 1 or 2. */
static inline unsigned int table_slots(const struct insn_form *form)
{
	return table_is_wide(form->code) ? 2 : 1;
}

/*
 * The form of an instruction. n: slots from insn to the end of the program. NULL if there is none:
 * code unknown, or a field holds what it must not. With `loose`, fields that the form does not use
 * may hold anything, as they do in programs that a kernel has rewritten.
 */
const struct insn_form *table_find(const struct bpf_insn *insn, size_t n, bool loose);

/*
 * Whether the instruction is well formed: code known, registers that exist, reserved fields zero.
 * Returns 0 or -EINVAL; err says which field, found and wanted, of slot `at`.
 */
int table_check(const struct bpf_insn *insn, size_t n, int at, struct insn_err *err);

#endif
