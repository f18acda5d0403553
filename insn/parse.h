// SPDX-License-Identifier: MIT
/*
 * The assembler's front: text to statements, labels and directives, which it hands to the caller.
 *
 * It reads what the kernel's verifier, bpftool and llvm-objdump print, and llvm-mc reads. Numbers
 * of instructions, codes like "(b7)" and bytes in front are accepted and compared with the text;
 * what else a pasted log has (register states, headings) is skipped. Instructions of a log, which
 * come in the order of the verifier's walk, are put in the order of their numbers.
 *
 * Knows the syntax of one line; knows nothing of what labels, names or directives stand for.
 */
#ifndef INSN_PARSE_H
#define INSN_PARSE_H

#include "insn/err.h"
#include "insn/grammar.h"

/* Where something stands. */
struct parse_pos {
	int line, col;	    /* from 1 */
	const char *source; /* the whole line, not terminated */
	size_t source_size;
	const char *comment; /* behind the statement, without its mark and blanks; NULL: none */
	size_t comment_size;
	int name_col; /* column of the statement's name, 0: it has none */
};

/*
 * What the caller makes of the text. Each returns 0 or a negative errno, which ends the parsing,
 * with err->msg; position and line are added here. Strings are not terminated and belong to the
 * text. Each may be NULL: instructions and labels are then dropped, a directive is an error.
 */
struct parse_ops {
	/* A statement. A symbolic one (statement->ref) has zeros in its place. */
	int (*insn)(void *ctx, const struct statement *statement, const struct parse_pos *pos,
		    struct insn_err *err);
	int (*label)(void *ctx, const char *name, size_t size, const struct parse_pos *pos,
		     struct insn_err *err);
	/* A line that begins with a dot, from the dot to its end, comments included. */
	int (*directive)(void *ctx, const char *text, size_t size, const struct parse_pos *pos,
			 struct insn_err *err);
};

struct parser;

/* Makes a parser, which can read any number of texts; NULL if there is no memory. */
struct parser *parse_open(void);
void parse_close(struct parser *parser);

/*
 * Reads a text of size bytes, which need not be terminated. Returns 0, -EINVAL (err: line, column,
 * what was found and what expected), -ENOMEM, or what ops returned.
 */
int parse_text(struct parser *parser, const char *text, size_t size, const struct parse_ops *ops,
	       void *ctx, struct insn_err *err);

#endif
