// SPDX-License-Identifier: MIT
/*
 * The operands of a statement into the fields of an instruction.
 *
 * Knows the letters of the table; knows nothing of how the operands were found.
 */
#ifndef INSN_BIND_H
#define INSN_BIND_H

#include "insn/grammar.h"

/* The most operands that a form has; cmpxchg has five, raw too. */
#define BIND_OPERANDS 8

/* An operand as it stands in the text. */
struct operand {
	const struct token *token;  /* register, number or name */
	const struct token *id;	    /* what follows # */
	const struct token *module; /* what follows @ */
	bool is_name, is_pc;
};

/* One way to understand the operands: letter by letter, see table.h and bind.c. */
struct bind_form {
	const struct insn_form *form;
	enum insn_ref ref;
	char letters[BIND_OPERANDS];
};

struct bind {
	struct operand operands[BIND_OPERANDS];
	size_t n_operands;
	int code;		   /* of the prefix, or -1 */
	const struct token *first; /* of the statement */
	struct statement *statement;

	/* Why it did not fit: the first reason. NULL: there was none. */
	const struct token *fault;
	char found[80], want[120], hint[160];
};

/* first: the statement's first token. */
void bind_open(struct bind *bind, struct statement *statement, const struct token *first, int code);

/* Fills the statement; false if an operand does not fit. */
bool bind_form(struct bind *bind, const struct bind_form *form);

#endif
