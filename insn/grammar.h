// SPDX-License-Identifier: MIT
/*
 * A statement's tokens to an instruction. The grammar is a tree made of the texts of the table:
 * a path from the root spells one form, so what may come next is known at each place.
 *
 * Knows one statement; knows nothing of lines, labels or prefixes.
 */
#ifndef INSN_GRAMMAR_H
#define INSN_GRAMMAR_H

#include "insn/disasm.h"
#include "insn/lex.h"
#include "insn/table.h"

struct grammar;

/* The most tokens that a statement has; the longest has 20. */
#define GRAMMAR_TOKENS 40

/* A statement as understood. */
struct statement {
	struct bpf_insn insn[2];
	unsigned int n_slots;
	const struct insn_form *form; /* NULL for raw */
	enum insn_ref ref;	      /* what `name` names */
	const char *name;	      /* not terminated; into the text; NULL if ref is NONE */
	size_t name_size;
	int64_t addend;
};

/* Where and why a statement was not understood. */
struct grammar_fault {
	const struct token *token;
	char found[80], want[400]; /* want may be empty: found says all */
	char hint[160];
};

/* Builds the grammar; NULL if there is no memory. Freed by grammar_free(), which accepts NULL. */
struct grammar *grammar_new(void);
void grammar_free(struct grammar *grammar);

/*
 * Reads a statement: n tokens, the last of which is LEX_END. code: that of a prefix like "(b7)",
 * or -1. Returns 0 or -EINVAL with the fault.
 */
int grammar_read(const struct grammar *grammar, const struct token *tokens, size_t n, int code,
		 struct statement *statement, struct grammar_fault *fault);

#endif
