// SPDX-License-Identifier: MIT
/*
 * What went wrong, and where: for all of insn/.
 *
 * Knows nothing of instructions.
 */
#ifndef INSN_ERR_H
#define INSN_ERR_H

#include <stddef.h>

struct insn_err {
	int line, col;	  /* in a text, from 1; 0: not about a text */
	int insn;	  /* slot of an instruction, from 0; -1: not about one */
	char msg[240];	  /* what was found, what was wanted */
	char hint[160];	  /* the likely mistake, or "" */
	char source[160]; /* the line of text, or "" */
};

/* No error, no position. */
void insn_err_clear(struct insn_err *err);

/*
 * Records an error about slot insn (-1: none) and returns code, a negative errno. Each of these
 * accepts a NULL err. The first error sticks: while err->msg is not empty, it is left alone.
 */
int insn_err_set(struct insn_err *err, int code, int insn, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Adds the hint to the error just recorded. */
void insn_err_hint(struct insn_err *err, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* Adds the place in a text: line and column from 1, and the line itself, size bytes, for the caret.
 */
void insn_err_at(struct insn_err *err, int line, int col, const char *source, size_t size);

/*
 * The whole error as text, for people:
 *
 *	NAME:3:6: r11 is no register, want r0 to r10
 *	  r1 = r11
 *	       ^
 *	hint: ...
 *
 * name: of the file, or NULL. Returns the length, as snprintf() does.
 */
int insn_err_text(const struct insn_err *err, const char *name, char *buf, size_t size);

#endif
