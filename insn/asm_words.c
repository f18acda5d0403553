// SPDX-License-Identifier: MIT
/*
 * The words, strings and numbers of a directive.
 *
 * Knows one line; knows nothing of what directives mean.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm_int.h"

int asm_fail(struct asm_state *a, const char *at, const char *format, ...)
{
	char text[200];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	insn_err_set(a->err, -EINVAL, -1, "%s", text);
	insn_err_at(a->err, a->pos->line, a->pos->col + (int)(at - a->text), a->pos->source,
		    a->pos->source_size);
	return -EINVAL;
}

bool asm_at_end(struct asm_state *a)
{
	while (a->p < a->end && strchr(" \t\r\n", *a->p) && *a->p)
		a->p++;
	if (a->p == a->end || *a->p == ';' || *a->p == '#')
		return true;
	return a->end - a->p >= 2 && a->p[0] == '/' && (a->p[1] == '/' || a->p[1] == '*');
}

int asm_end(struct asm_state *a)
{
	if (asm_at_end(a))
		return 0;
	return asm_fail(a, a->p, "\"%.*s\", want the end of the line",
			(int)(a->end - a->p > 40 ? 40 : a->end - a->p), a->p);
}

bool asm_skip(struct asm_state *a, char c)
{
	if (asm_at_end(a) || *a->p != c)
		return false;
	a->p++;
	return true;
}

int asm_word(struct asm_state *a, struct word *word, const char *what)
{
	if (asm_at_end(a))
		return asm_fail(a, a->p, "the line ends, want %s", what);
	word->text = a->p;
	while (a->p < a->end && *a->p && !strchr(" \t\r\n,=;#\"", *a->p))
		a->p++;
	word->size = (size_t)(a->p - word->text);
	if (!word->size)
		return asm_fail(a, a->p, "'%c', want %s",
				isprint((unsigned char)*a->p) ? *a->p : '?', what);
	return 0;
}

bool asm_is(const struct word *word, const char *text)
{
	return strlen(text) == word->size && !memcmp(word->text, text, word->size);
}

/* Two hex digits behind \x; -1 if they are none. */
static int hex_byte(const char *p, const char *end)
{
	char digits[3] = {0};

	if (end - p < 2 || !isxdigit((unsigned char)p[0]) || !isxdigit((unsigned char)p[1]))
		return -1;
	memcpy(digits, p, 2);
	return (int)strtoul(digits, NULL, 16);
}

/* What stands behind a backslash at a->p, which moves on; -1: nothing that is known. */
static int escape(struct asm_state *a)
{
	static const char from[] = "ntr0\\\"'ae", to[] = "\n\t\r\0\\\"'\a\033";
	char c = a->p < a->end ? *a->p : 0;
	const char *at = c ? strchr(from, c) : NULL;
	int byte;

	if (at) {
		a->p++;
		return (unsigned char)to[at - from];
	}
	if (c != 'x')
		return -1;
	byte = hex_byte(a->p + 1, a->end);
	if (byte >= 0)
		a->p += 3;
	return byte;
}

int asm_string(struct asm_state *a, uint8_t **bytes, size_t *size)
{
	const char *start;

	*bytes = NULL;
	*size = 0;
	if (!asm_skip(a, '"'))
		return asm_fail(a, a->p, "want a string in quotes");
	start = a->p - 1;
	*bytes = malloc((size_t)(a->end - a->p) + 1);
	if (!*bytes)
		return -ENOMEM;
	while (a->p < a->end && *a->p != '"') {
		int byte = (unsigned char)*a->p++;

		if (byte == '\\')
			byte = escape(a);
		if (byte < 0) {
			free(*bytes);
			*bytes = NULL;
			asm_fail(a, a->p - 1,
				 "unknown escape, want \\n \\t \\r \\0 \\\\ \\\" or \\xHH");
			return -EINVAL;
		}
		(*bytes)[(*size)++] = (uint8_t)byte;
	}
	if (a->p == a->end) {
		free(*bytes);
		*bytes = NULL;
		asm_fail(a, start, "the string does not end, want \"");
		return -EINVAL;
	}
	a->p++;
	(*bytes)[*size] = 0;
	return 0;
}

int asm_name(struct asm_state *a, char **name, const char *what)
{
	struct word word;
	uint8_t *bytes = NULL;
	size_t size = 0;
	int err;

	if (!asm_at_end(a) && *a->p == '"') {
		const char *start = a->p;

		err = asm_string(a, &bytes, &size);
		if (err || !bytes)
			return err ? err : -EINVAL;
		if (!size || memchr(bytes, 0, size)) {
			free(bytes);
			return asm_fail(a, start, "an empty string or one with a zero, want %s",
					what);
		}
		*name = (char *)bytes;
		return 0;
	}
	err = asm_word(a, &word, what);
	if (err)
		return err;
	*name = strndup(word.text, word.size);
	return *name ? 0 : -ENOMEM;
}

/* 'c' */
static bool character(struct asm_state *a, uint64_t *number)
{
	const char *start = a->p;
	int byte;

	if (a->end - a->p < 3 || *a->p != '\'')
		return false;
	a->p++;
	byte = (unsigned char)*a->p++;
	if (byte == '\\')
		byte = escape(a);
	if (byte < 0 || a->p == a->end || *a->p != '\'') {
		a->p = start;
		return false;
	}
	a->p++;
	*number = (uint64_t)byte;
	return true;
}

/* Digits alone: strtoull() would take a sign too. errno says whether they are too many. */
static bool digits(const char *text, uint64_t *number)
{
	const bool hex = text[0] == '0' && (text[1] | 0x20) == 'x', binary = text[0] == '0' && (text[1] | 0x20) == 'b';
	const char *first = text + (hex || binary ? 2 : 0);

	errno = 0;
	*number = strtoull(first, NULL, hex ? 16 : binary ? 2 : 10);
	return *first && !first[strspn(first, hex ? "0123456789abcdefABCDEF" : binary ? "01" : "0123456789")];
}

int asm_number(struct asm_state *a, int64_t min, uint64_t max, uint64_t *number)
{
	char text[72];
	struct word word = {"", 0};
	const char *p;
	uint64_t lowest = min < 0 ? 0 - (uint64_t)min : 0;
	bool minus;
	int err;

	if (!asm_at_end(a) && *a->p == '\'' && character(a, number))
		return 0;
	err = asm_word(a, &word, "a number");
	if (err)
		return err;
	p = word.text;
	minus = *p == '-';
	snprintf(text, sizeof(text), "%.*s", (int)(word.size > 70 ? 70 : word.size) - minus, p + minus);
	if (word.size > 70 || !digits(text, number))
		return asm_fail(a, p, "\"%.*s\", want a number",
				(int)(word.size > 40 ? 40 : word.size), p);
	if (errno || *number > (minus ? lowest : max) || (min > 0 && *number < (uint64_t)min))
		return asm_fail(a, p, "%s%s is out of range, want %lld to %#llx", minus ? "-" : "",
				text, (long long)min, (unsigned long long)max);
	if (minus)
		*number = -*number;
	return 0;
}
