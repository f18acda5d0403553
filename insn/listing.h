// SPDX-License-Identifier: MIT
/*
 * A whole program as text, line by line, with labels; and its control-flow graph for Graphviz.
 *
 * Knows nothing of how an instruction is written: disasm.c does.
 */
#ifndef INSN_LISTING_H
#define INSN_LISTING_H

#include "insn/disasm.h"

/* Takes a piece of text; a result other than 0 ends the printing and is handed back.
 */
typedef int listing_emit(void *ctx, const char *text, size_t size);

/* Prints a program of n slots. opts may be NULL. Returns 0, -ENOMEM, or what emit returned. */
int listing_print(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		  listing_emit *emit, void *ctx);

/*
 * Prints its basic blocks as a graph for Graphviz' dot: an edge for each way from block to block,
 * "yes" where a condition holds; calls are dashed.
 */
int listing_dot(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		listing_emit *emit, void *ctx);

#endif
