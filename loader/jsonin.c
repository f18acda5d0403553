// SPDX-License-Identifier: MIT
/* JSON to a tree: see jsonin.h. */
#include "loader/jsonin.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/mem.h"

#define MAX_DEPTH 200 /* of values in values: a plan's alternatives in alternatives are far below */

struct reading {
	const char *start, *p, *end, *name;
	struct hewn_err *err;
};

static int fail(const struct reading *r, const char *wanted)
{
	unsigned int line = 1, column = 1;

	for (const char *p = r->start; p < r->p; p++) {
		column = *p == '\n' ? 1 : column + 1;
		line += *p == '\n';
	}
	if (r->p == r->end)
		return err_set(r->err, -EINVAL, "%s:%u:%u: the end, want %s", r->name, line, column, wanted);
	return err_set(r->err, -EINVAL, "%s:%u:%u: \"%.*s\", want %s", r->name, line, column,
		       (int)(r->end - r->p > 20 ? 20 : r->end - r->p), r->p, wanted);
}

static void blanks(struct reading *r)
{
	while (r->p < r->end && (*r->p == ' ' || *r->p == '\t' || *r->p == '\n' || *r->p == '\r'))
		r->p++;
}

static bool take(struct reading *r, char c)
{
	blanks(r);
	if (r->p == r->end || *r->p != c)
		return false;
	r->p++;
	return true;
}

/* Four hexadecimal digits; -1: they are none. */
static int32_t four(struct reading *r)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++, r->p++) {
		if (r->p == r->end || !isxdigit((unsigned char)*r->p))
			return -1;
		value = value * 16 + (isdigit((unsigned char)*r->p) ? *r->p - '0' : (*r->p | 0x20) - 'a' + 10);
	}
	return value;
}

/* Behind \u. Writes at most three bytes: halves of a pair are written each on its own. */
static int unicode(struct reading *r, char **to)
{
	const int32_t c = four(r);

	if (c < 0)
		return fail(r, "four hexadecimal digits");
	if (c < 0x100) {
		*(*to)++ = (char)c;
	} else if (c < 0x800) {
		*(*to)++ = (char)(0xc0 | c >> 6);
		*(*to)++ = (char)(0x80 | (c & 0x3f));
	} else {
		*(*to)++ = (char)(0xe0 | c >> 12);
		*(*to)++ = (char)(0x80 | (c >> 6 & 0x3f));
		*(*to)++ = (char)(0x80 | (c & 0x3f));
	}
	return 0;
}

static int escape(struct reading *r, char **to)
{
	static const char from[] = "\"\\/bfnrt", into[] = "\"\\/\b\f\n\r\t";
	const char *at;

	if (r->p == r->end)
		return fail(r, "an escape");
	if (*r->p == 'u') {
		r->p++;
		return unicode(r, to);
	}
	at = strchr(from, *r->p);
	if (!at || !*r->p)
		return fail(r, "an escape");
	*(*to)++ = into[at - from];
	r->p++;
	return 0;
}

/* Behind the quote. */
static int string(struct reading *r, char **text)
{
	const char *end = r->p;
	char *to;
	int ret = 0;

	while (end < r->end && *end != '"')
		end += *end == '\\' && end + 1 < r->end ? 2 : 1;
	to = *text = malloc((size_t)(end - r->p) + 1); /* an escape is never shorter than what it stands for */
	if (!to)
		return err_nomem(r->err);
	while (!ret && r->p < r->end && *r->p != '"') {
		if ((unsigned char)*r->p < 0x20)
			ret = fail(r, "no control character in a string");
		else if (*r->p == '\\')
			r->p++, ret = escape(r, &to);
		else
			*to++ = *r->p++;
	}
	*to = '\0';
	if (!ret && !take(r, '"'))
		ret = fail(r, "a quote");
	return ret;
}

static int value(struct reading *r, struct jsonin *v, unsigned int depth);

static int members(struct reading *r, struct jsonin *v, char close, unsigned int depth)
{
	int ret = 0;

	if (take(r, close))
		return 0;
	do {
		struct jsonin *item = mem_append(&v->items, &v->n, sizeof(*item));

		if (!item)
			return err_nomem(r->err);
		if (close == '}') {
			ret = take(r, '"') ? string(r, &item->key) : fail(r, "a name in quotes");
			if (!ret && !take(r, ':'))
				ret = fail(r, "a colon");
		}
		if (!ret)
			ret = value(r, item, depth + 1);
	} while (!ret && take(r, ','));
	if (!ret && !take(r, close))
		ret = fail(r, close == '}' ? "a comma or }" : "a comma or ]");
	return ret;
}

/* null, true, false, or a number. */
static int word(struct reading *r, struct jsonin *v)
{
	const char *start = r->p;
	size_t size;
	char *end;

	while (r->p < r->end && (isalnum((unsigned char)*r->p) || (*r->p && strchr("+-.", *r->p))))
		r->p++;
	size = (size_t)(r->p - start);
	v->text = strndup(start, size);
	if (!v->text)
		return err_nomem(r->err);
	if (!strcmp(v->text, "true") || !strcmp(v->text, "false")) {
		v->kind = JSONIN_BOOL;
		return 0;
	}
	if (!strcmp(v->text, "null"))
		return 0;
	v->kind = JSONIN_NUMBER;
	strtod(v->text, &end);
	if (size && !*end && (isdigit((unsigned char)*v->text) || (*v->text == '-' && isdigit((unsigned char)v->text[1]))))
		return 0;
	r->p = start;
	return fail(r, "a value");
}

static int value(struct reading *r, struct jsonin *v, unsigned int depth)
{
	blanks(r);
	if (depth > MAX_DEPTH)
		return fail(r, "fewer values in values");
	if (take(r, '{')) {
		v->kind = JSONIN_OBJECT;
		return members(r, v, '}', depth);
	}
	if (take(r, '[')) {
		v->kind = JSONIN_ARRAY;
		return members(r, v, ']', depth);
	}
	if (take(r, '"')) {
		v->kind = JSONIN_STRING;
		return string(r, &v->text);
	}
	return word(r, v);
}

int jsonin_open(struct jsonin *root, const char *text, size_t size, const char *name, struct hewn_err *err)
{
	struct reading r = { .start = text, .p = text, .end = text + size, .name = name, .err = err };
	int ret;

	memset(root, 0, sizeof(*root));
	ret = value(&r, root, 0);
	blanks(&r);
	if (!ret && r.p < r.end)
		ret = fail(&r, "the end");
	return ret;
}

void jsonin_close(struct jsonin *root)
{
	for (uint32_t i = 0; i < root->n; i++)
		jsonin_close(&root->items[i]);
	free(root->items);
	free(root->key);
	free(root->text);
	memset(root, 0, sizeof(*root));
}

const struct jsonin *jsonin_get(const struct jsonin *object, const char *key)
{
	static const struct jsonin none;

	for (uint32_t i = 0; object->kind == JSONIN_OBJECT && i < object->n; i++)
		if (!strcmp(object->items[i].key, key))
			return &object->items[i];
	return &none;
}

const char *jsonin_text(const struct jsonin *value)
{
	return value->text && value->kind != JSONIN_NULL ? value->text : "";
}
