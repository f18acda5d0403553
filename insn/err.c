// SPDX-License-Identifier: MIT
/*
 * What went wrong, and where: records it, and makes text of it.
 *
 * Knows nothing of instructions.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "insn/err.h"

void insn_err_clear(struct insn_err *err)
{
	if (!err)
		return;
	memset(err, 0, sizeof(*err));
	err->insn = -1;
}

/* Messages quote a text that may be anybody's: it must steer no terminal. */
static void blank_controls(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < ' ' || *text == 0x7f)
			*text = '?';
}

int insn_err_set(struct insn_err *err, int code, int insn, const char *format, ...)
{
	va_list args;

	if (!err || err->msg[0])
		return code;
	insn_err_clear(err);
	err->insn = insn;
	va_start(args, format);
	vsnprintf(err->msg, sizeof(err->msg), format, args);
	va_end(args);
	blank_controls(err->msg);
	return code;
}

void insn_err_hint(struct insn_err *err, const char *format, ...)
{
	va_list args;

	if (!err || err->hint[0])
		return;
	va_start(args, format);
	vsnprintf(err->hint, sizeof(err->hint), format, args);
	va_end(args);
	blank_controls(err->hint);
}

void insn_err_at(struct insn_err *err, int line, int col, const char *source, size_t size)
{
	if (!err || err->line)
		return;
	err->line = line;
	err->col = col;
	if (size >= sizeof(err->source))
		size = sizeof(err->source) - 1;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)source[i];

		/* A tab stays, so that the caret's line can repeat it. */
		err->source[i] = c == '\t' || (c >= ' ' && c < 0x7f) ? source[i] : '?';
	}
	err->source[size] = 0;
}

/* Where text ends in buf after a piece of `more` bytes, and what room is left. */
struct cursor {
	char *buf;
	size_t size, used;
};

static void put(struct cursor *c, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void put(struct cursor *c, const char *format, ...)
{
	size_t left = c->used < c->size ? c->size - c->used : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(left ? c->buf + c->used : NULL, left, format, args);
	va_end(args);
	if (n > 0)
		c->used += (size_t)n;
}

int insn_err_text(const struct insn_err *err, const char *name, char *buf, size_t size)
{
	struct cursor c = {.buf = buf, .size = size};

	if (size)
		buf[0] = 0;
	if (name)
		put(&c, "%s:", name);
	if (err->line)
		put(&c, "%d:%d:", err->line, err->col);
	else if (err->insn >= 0)
		put(&c, "%sinstruction %d:", name ? " " : "", err->insn);
	put(&c, "%s%s\n", c.used ? " " : "", err->msg);
	if (err->line && err->source[0] && err->col - 1 <= (int)strlen(err->source)) {
		put(&c, "  %s\n  ", err->source);
		for (int i = 0; i < err->col - 1; i++)
			put(&c, "%c", err->source[i] == '\t' ? '\t' : ' ');
		put(&c, "^\n");
	}
	if (err->hint[0])
		put(&c, "hint: %s\n", err->hint);
	return (int)c.used;
}
