// SPDX-License-Identifier: MIT
/*
 * Classic BPF from text: a line an instruction, targets by number or by label.
 *
 * Knows the syntax of tcpdump -d, and the labels of the kernel's bpf_asm; checks no more than it
 * must.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/cbpf.h"
#include "insn/cbpf_table.h"

/* A place that an instruction jumps to, until all labels are known. */
struct target {
	const char *text; /* where it stands; NULL: none, go on */
	size_t size;
	const char *line;
	size_t line_size;
	int line_number;
};

struct label {
	const char *text;
	size_t size;
	uint32_t at;
};

struct reading {
	struct sock_filter insns[BPF_MAXINSNS];
	struct target yes[BPF_MAXINSNS], no[BPF_MAXINSNS];
	struct label labels[BPF_MAXINSNS];
	uint32_t n, n_labels;
	const char *line, *p, *end;
	int number;
	struct insn_err *err;
};

static int fail(struct reading *r, const char *at, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int fail(struct reading *r, const char *at, const char *format, ...)
{
	char text[160];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	insn_err_set(r->err, -EINVAL, -1, "%s", text);
	insn_err_at(r->err, r->number, (int)(at - r->line) + 1, r->line,
		    (size_t)(r->end - r->line));
	return -EINVAL;
}

static bool at_end(struct reading *r)
{
	while (r->p < r->end && isspace((unsigned char)*r->p))
		r->p++;
	return r->p == r->end || *r->p == ';' ||
	       (r->end - r->p > 1 && r->p[0] == '/' && r->p[1] == '/');
}

/* Passes over this text, blanks before it ignored. */
static bool skip(struct reading *r, const char *text)
{
	size_t size = strlen(text);

	if (at_end(r) || (size_t)(r->end - r->p) < size || memcmp(r->p, text, size) != 0)
		return false;
	r->p += size;
	return true;
}

static bool in_word(char c)
{
	return isalnum((unsigned char)c) || c == '_' || c == '.';
}

static size_t word(struct reading *r, const char **text)
{
	at_end(r);
	*text = r->p;
	while (r->p < r->end && in_word(*r->p))
		r->p++;
	return (size_t)(r->p - *text);
}

/* 32 bits, signed or not, decimal or 0x. */
static int number(struct reading *r, uint32_t *k)
{
	const char *start = (at_end(r), r->p), *text;
	bool minus = skip(r, "-");
	size_t size = word(r, &text);
	unsigned long long value;
	char digits[24], *end;

	snprintf(digits, sizeof(digits), "%.*s", (int)(size > 20 ? 20 : size), text);
	value = strtoull(digits, &end, digits[0] == '0' && (digits[1] | 0x20) == 'x' ? 16 : 10);
	if (!size || size > 20 || *end)
		return fail(r, start, "\"%.*s\", want a number", (int)(size > 40 ? 40 : size),
			    text);
	if (value > (minus ? 0x80000000ULL : 0xffffffffULL))
		return fail(r, start, "%s%s does not fit in 32 bits", minus ? "-" : "", digits);
	*k = minus ? 0 - (uint32_t)value : (uint32_t)value;
	return 0;
}

/* Expects this text. */
static int want(struct reading *r, const char *text)
{
	return skip(r, text) ? 0 : fail(r, r->p, "want %s", text);
}

/* [12], [x + 12] or [vlanp] behind the bracket. */
static int bracket(struct reading *r, enum cbpf_operand *operand, uint32_t *k)
{
	const char *start = (at_end(r), r->p), *text;
	size_t size;
	int err = 0;

	*operand = CBPF_ABS;
	if (start < r->end && (isdigit((unsigned char)*start) || *start == '-')) {
		err = number(r, k);
		return err ? err : want(r, "]");
	}
	size = word(r, &text);
	if (size == 1 && *text == 'x') {
		*operand = CBPF_IND;
		*k = 0;
		if (skip(r, "+"))
			err = number(r, k);
		return err ? err : want(r, "]");
	}
	if (cbpf_extra(text, size) < 0)
		return fail(r, start, "\"%.*s\", want an offset, x + offset, or a name like vlanp",
			    (int)(size > 40 ? 40 : size), text);
	*k = (uint32_t)SKF_AD_OFF + (uint32_t)cbpf_extra(text, size);
	return want(r, "]");
}

/* What stands behind the name. CBPF_HEX stands for both kinds of number. */
static int operand(struct reading *r, enum cbpf_operand *operand, uint32_t *k)
{
	const char *start = (at_end(r), r->p);
	int err;

	*k = 0;
	*operand = CBPF_NONE;
	if (at_end(r))
		return 0;
	if (skip(r, "#pktlen") || skip(r, "#len") || skip(r, "len")) {
		*operand = CBPF_LEN;
		return 0;
	}
	if (skip(r, "#")) {
		*operand = CBPF_HEX;
		return number(r, k);
	}
	if (skip(r, "4*([")) {
		*operand = CBPF_MSH;
		err = number(r, k);
		return err ? err : want(r, "]&0xf)");
	}
	if (skip(r, "M[")) {
		*operand = CBPF_MEM;
		err = number(r, k);
		return err ? err : want(r, "]");
	}
	if (skip(r, "["))
		return bracket(r, operand, k);
	if (*start == 'x' && (start + 1 == r->end || !in_word(start[1]))) {
		r->p = start + 1;
		*operand = CBPF_X;
		return 0;
	}
	if (*start == 'a' && (start + 1 == r->end || !in_word(start[1]))) {
		r->p = start + 1; /* ret a */
		return 0;
	}
	return fail(r, start,
		    "unknown operand, want #number, x, [offset], [x + offset], M[n] or "
		    "4*([offset]&0xf)");
}

static int target(struct reading *r, struct target *t)
{
	t->size = word(r, &t->text);
	if (!t->size)
		return fail(r, r->p, "want a number or label to jump to");
	t->line = r->line;
	t->line_size = (size_t)(r->end - r->line);
	t->line_number = r->number;
	return 0;
}

/* "jt 2 jf 3", or ", yes, no", or ", yes". */
static int targets(struct reading *r)
{
	int err;

	if (skip(r, "jt")) {
		err = target(r, &r->yes[r->n]);
		if (!err)
			err = want(r, "jf");
		return err ? err : target(r, &r->no[r->n]);
	}
	if (!skip(r, ","))
		return fail(r, r->p, "want jt N jf N, or a comma and a label");
	err = target(r, &r->yes[r->n]);
	if (!err && skip(r, ","))
		err = target(r, &r->no[r->n]);
	return err;
}

static bool fits(enum cbpf_operand wanted, enum cbpf_operand found)
{
	return wanted == found || (wanted == CBPF_DEC && found == CBPF_HEX);
}

static int instruction(struct reading *r)
{
	const char *start = (at_end(r), r->p), *name;
	size_t size = word(r, &name), n;
	const struct cbpf_form *forms = cbpf_forms(&n), *found = NULL;
	enum cbpf_operand kind = CBPF_TARGET;
	bool known = false, goes = size == 2 && !memcmp(name, "ja", 2);
	uint32_t k = 0;
	int err;

	if (r->n == BPF_MAXINSNS)
		return fail(r, start, "more than %d instructions", BPF_MAXINSNS);
	goes |= size == 3 && !memcmp(name, "jmp", 3);
	err = goes ? target(r, &r->yes[r->n]) : 0;
	if (goes) {
		name = "ja";
		size = 2;
	}
	for (size_t i = 0; i < n; i++)
		known |= strlen(forms[i].name) == size && !memcmp(forms[i].name, name, size);
	if (!known)
		return fail(r, start, "\"%.*s\" is no classic instruction",
			    (int)(size > 40 ? 40 : size), name);
	if (!goes)
		err = operand(r, &kind, &k);
	for (size_t i = 0; !err && !found && i < n; i++)
		if (strlen(forms[i].name) == size && !memcmp(forms[i].name, name, size) &&
		    fits(forms[i].operand, kind))
			found = &forms[i];
	if (!err && !found)
		return fail(r, start, "%.*s does not take this operand", (int)size, name);
	if (err)
		return err;
	r->insns[r->n] = (struct sock_filter){.code = found->code, .k = k};
	if (BPF_CLASS(found->code) == BPF_JMP && !goes)
		err = targets(r);
	if (!err && !at_end(r))
		err = fail(r, r->p, "want the end of the line");
	r->n++;
	return err;
}

static int label(struct reading *r, const char *text, size_t size)
{
	for (uint32_t i = 0; i < r->n_labels; i++)
		if (r->labels[i].size == size && !memcmp(r->labels[i].text, text, size))
			return fail(r, text, "label \"%.*s\" is there already",
				    (int)(size > 40 ? 40 : size), text);
	if (r->n_labels == BPF_MAXINSNS)
		return fail(r, text, "more than %d labels", BPF_MAXINSNS);
	r->labels[r->n_labels++] = (struct label){.text = text, .size = size, .at = r->n};
	return 0;
}

/* "(003)" must be the number that the instruction has. */
static int prefix(struct reading *r)
{
	const char *start = r->p;
	uint32_t given = 0;
	int err;

	if (!skip(r, "("))
		return 0;
	/* Leading zeros are decimal here: number() reads base 10 unless there is an x. */
	err = number(r, &given);
	if (!err)
		err = want(r, ")");
	if (!err && given != r->n)
		err = fail(r, start, "number %u, want %u: a line is missing, or twice here", given,
			   r->n);
	return err;
}

static int line(struct reading *r)
{
	int err = at_end(r) ? 0 : prefix(r);

	while (!err && !at_end(r)) {
		const char *start = r->p, *text;
		size_t size = word(r, &text);

		if (!size || r->p == r->end || *r->p != ':') {
			r->p = start;
			break;
		}
		err = label(r, text, size);
		r->p++;
	}
	if (err || at_end(r))
		return err;
	return instruction(r);
}

/* The instruction that a target means, counted from the one behind `at`. */
static int resolve(struct reading *r, uint32_t at, const struct target *t, uint32_t max,
		   uint32_t *off)
{
	bool by_number = isdigit((unsigned char)t->text[0]);
	uint32_t to = 0;

	r->line = t->line;
	r->end = t->line + t->line_size;
	r->number = t->line_number;
	r->p = t->text;
	if (by_number && number(r, &to))
		return -EINVAL;
	if (!by_number) {
		uint32_t i = 0;

		while (i < r->n_labels && (r->labels[i].size != t->size ||
					   memcmp(r->labels[i].text, t->text, t->size) != 0))
			i++;
		if (i == r->n_labels)
			return fail(r, t->text, "no label \"%.*s\"",
				    (int)(t->size > 40 ? 40 : t->size), t->text);
		to = r->labels[i].at;
	}
	if (to <= at)
		return fail(r, t->text, "jump to %u from %u: classic BPF jumps forward only", to,
			    at);
	if (to >= r->n)
		return fail(r, t->text, "jump to %u of a program of %u", to, r->n);
	if (to - at - 1 > max)
		return fail(r, t->text, "jump over %u instructions, want at most %u", to - at - 1,
			    max);
	*off = to - at - 1;
	return 0;
}

static int resolve_all(struct reading *r)
{
	for (uint32_t i = 0; i < r->n; i++) {
		struct sock_filter *insn = &r->insns[i];
		bool goes = insn->code == (BPF_JMP | BPF_JA);
		uint32_t off = 0;

		if (r->yes[i].text) {
			if (resolve(r, i, &r->yes[i], goes ? UINT32_MAX : UINT8_MAX, &off))
				return -EINVAL;
			if (goes)
				insn->k = off;
			else
				insn->jt = (uint8_t)off;
		}
		if (r->no[i].text) {
			if (resolve(r, i, &r->no[i], UINT8_MAX, &off))
				return -EINVAL;
			insn->jf = (uint8_t)off;
		}
	}
	return 0;
}

int cbpf_parse(const char *text, size_t size, struct sock_filter **prog, uint16_t *n,
	       struct insn_err *err)
{
	const char *end = text + size;
	struct reading *r = calloc(1, sizeof(*r));
	int code = 0;

	*prog = NULL;
	*n = 0;
	insn_err_clear(err);
	if (!r)
		return insn_err_set(err, -ENOMEM, -1, "out of memory");
	r->err = err;
	while (!code && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		r->number++;
		r->line = r->p = text;
		r->end = newline ? newline : end;
		code = line(r);
		text = newline ? newline + 1 : end;
	}
	if (!code)
		code = resolve_all(r);
	if (!code) {
		*prog = malloc((r->n + 1) * sizeof(**prog));
		if (*prog) {
			memcpy(*prog, r->insns, r->n * sizeof(**prog));
			*n = (uint16_t)r->n;
		} else {
			code = insn_err_set(err, -ENOMEM, -1, "out of memory");
		}
	}
	free(r);
	return code;
}
