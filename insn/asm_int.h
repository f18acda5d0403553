// SPDX-License-Identifier: MIT
/*
 * What the assembler's files share: its state, and the words of a directive.
 */
#ifndef INSN_ASM_INT_H
#define INSN_ASM_INT_H

#include "insn/asm.h"
#include "insn/parse.h"

struct asm_state {
	struct build *b;
	char *section; /* of data, NULL: code */
	bool has_var;  /* data have a label to belong to */
	bool big_endian;
	uint32_t align; /* of the next variable */

	/* The directive at hand. */
	const char *text, *p, *end;
	const struct parse_pos *pos;
	struct insn_err *err;
};

struct word {
	const char *text;
	size_t size;
};

/* An error at this place of the directive; returns -EINVAL. */
int asm_fail(struct asm_state *a, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Skips blanks; whether the directive has ended, or a comment begins. */
bool asm_at_end(struct asm_state *a);

/* Complains if there is more; 0 or -EINVAL. */
int asm_end(struct asm_state *a);

/* The next word: up to a blank, comma, "=" or comment. what: for the error if there is none. */
int asm_word(struct asm_state *a, struct word *word, const char *what);

/* Whether the word is this one. */
bool asm_is(const struct word *word, const char *text);

/* A word or a string, without its quotes and with its escapes resolved, to be freed. */
int asm_name(struct asm_state *a, char **name, const char *what);

/* A string in quotes; *size without the end that is added. To be freed. */
int asm_string(struct asm_state *a, uint8_t **bytes, size_t *size);

/* A number: decimal, 0x or 0b, or 'c'; negative if min is. */
int asm_number(struct asm_state *a, int64_t min, uint64_t max, uint64_t *number);

/* Passes over this character if it is next. */
bool asm_skip(struct asm_state *a, char c);

/* .map */
int asm_map(struct asm_state *a);

/* .value */
int asm_value(struct asm_state *a);

/* .event */
int asm_event(struct asm_state *a);

/* .u8 and so on: the directive is about data, and dealt with: 0 or -EINVAL. 1: it is not. */
int asm_data(struct asm_state *a, const struct word *directive);

#endif
