// SPDX-License-Identifier: MIT
/*
 * A line of text to tokens.
 *
 * Knows registers, numbers, words and operators; knows nothing of instructions.
 */
#ifndef INSN_LEX_H
#define INSN_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum lex_kind {
	LEX_END,  /* of the line, or where a comment begins */
	LEX_REG,  /* r0 to r11, w0 to w10 */
	LEX_NUM,  /* 5, 0x5, -5, + 5 */
	LEX_WORD, /* letters, digits, _ . $ and - before a letter; does not begin with a digit */
	LEX_MARK, /* an operator or a bracket */
	LEX_BAD,  /* none of these; `why` says what is wrong */
};

struct token {
	enum lex_kind kind;
	bool is_w;	/* of a register: w, not r */
	bool has_sign;	/* of a number: written with one */
	bool negative;	/* of a number */
	uint32_t size;	/* bytes of text */
	uint64_t value; /* of a register its number; of a number its size without the sign */
	const char *text;
	const char *why;
};

/* Reads the token at *at, which ends before `end`, and moves *at behind it. */
void lex_next(const char **at, const char *end, struct token *token);

/* Whether the token is this mark or word. */
bool lex_is(const struct token *token, const char *text);

bool lex_is_blank(char c);

/* Whether a word may begin with this character, whether one may hold it. */
bool lex_begins_word(char c);
bool lex_in_word(char c);

#endif
