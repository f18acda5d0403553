// SPDX-License-Identifier: MIT
/*
 * One instruction to text, as the kernel's verifier and bpftool print it, or as llvm-objdump does.
 * listing.h prints whole programs.
 *
 * Knows nothing of files or of the kernel: names come from the caller.
 */
#ifndef INSN_DISASM_H
#define INSN_DISASM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/insn.h"

/* What a symbolic operand names. parse.h hands them out, disasm.h asks for them. */
enum insn_ref {
	INSN_REF_NONE,
	INSN_REF_JUMP,	    /* goto NAME: label, offset in off */
	INSN_REF_JUMP32,    /* gotol NAME: label, offset in imm */
	INSN_REF_CALL,	    /* call NAME: subprogram or kernel function */
	INSN_REF_FUNC,	    /* r1 = subprog[NAME]: address of a subprogram */
	INSN_REF_MAP,	    /* r1 = map[NAME] */
	INSN_REF_MAP_VALUE, /* r1 = map[NAME][0]+8: addend 8 */
	INSN_REF_SYMBOL,    /* r1 = NAME ll: whatever NAME is: map, data, function */
};

struct disasm_ref {
	enum insn_ref kind;
	const char *name;
	int64_t addend;
};

enum disasm_dialect { DISASM_VERIFIER, DISASM_LLVM };

/*
 * How to print. All zero is good: the verifier's syntax, one instruction a line, which parse.h
 * reads back to the same bytes.
 */
struct disasm_opts {
	enum disasm_dialect dialect;
	bool exact;  /* to the letter of the kernel or of llvm-objdump, even where that loses
		      * something: no "ll" after the constants of ldimm64, no target BTF */
	bool loaded; /* the program was dumped from a kernel: imm of a map is an id, and the
		      * kernel may have left values in unused fields */

	/* For listing.h alone. */
	bool numbers; /* "   0: " */
	bool codes;   /* "(b7) " */
	bool bytes;   /* "b7 00 00 00 00 00 00 00" */
	bool labels;  /* "L3:" lines, "goto L3" */

	/* Names, for both. Each may be NULL; ctx is handed through. Names are borrowed for the
	 * call. */
	void *ctx;
	/* Whether a relocation names an operand of the instruction at slot `at`. */
	bool (*ref)(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref);
	/* For listing.h: name of the function that begins at slot `at`; NULL: none begins, or it
	 * has no name. */
	const char *(*func)(void *ctx, uint32_t at);
	/* For listing.h: a line of source or a comment to print above slot `at`, or NULL. */
	const char *(*note)(void *ctx, uint32_t at);
};

/* Slots of the instruction at insn, of which n are left: 2 for ldimm64, else 1. loaded: as above.
 */
unsigned int disasm_slots(const struct bpf_insn *insn, size_t n, bool loaded);

/*
 * Prints the instruction at slot `at` of a program of n slots: the statement alone, without
 * number, code and newline. Bytes that are no instruction become "raw CODE, DST, SRC, OFF, IMM".
 * Returns the length, as snprintf() does. opts may be NULL.
 */
int disasm_insn(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		uint32_t at, char *buf, size_t size);

/* The slot to which the instruction at slot `at` may jump, or which it calls or takes the address
 * of; -1: none. May lie outside the program. loaded: as in disasm_opts; a kernel with a JIT keeps
 * the distance to a subprogram in off. */
int64_t disasm_target(const struct bpf_insn *insns, uint32_t n, uint32_t at, bool loaded);

#endif
