// SPDX-License-Identifier: MIT
/*
 * Lines: what stands in front of a statement, and whether a line is one.
 *
 * Knows nothing of how a statement is written: grammar.c does; nor of the order of a log: order.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/order.h"
#include "insn/parse.h"

struct parser {
	struct grammar *grammar;
};

/* One reading of one text. */
struct reading {
	const struct grammar *grammar;
	const struct parse_ops *ops;
	void *ctx;
	struct insn_err *err;
	struct order order;
	struct parse_pos pos;
	const char *at, *end; /* of the line */
	bool in_log;	      /* a line began with "0: (b7)" */

	/* What stands in front of the statement. */
	long number; /* -1: none */
	int code;    /* -1: none */
	unsigned int n_bytes;
	uint8_t bytes[16];
};

struct parser *parse_open(void)
{
	struct parser *parser = calloc(1, sizeof(*parser));

	if (!parser)
		return NULL;
	parser->grammar = grammar_new();
	if (!parser->grammar) {
		free(parser);
		return NULL;
	}
	return parser;
}

void parse_close(struct parser *parser)
{
	if (!parser)
		return;
	grammar_free(parser->grammar);
	free(parser);
}

static void skip_blanks(struct reading *r)
{
	while (r->at < r->end && lex_is_blank(*r->at))
		r->at++;
}

static bool begins(const struct reading *r, const char *text)
{
	size_t size = strlen(text);

	return (size_t)(r->end - r->at) >= size && !memcmp(r->at, text, size);
}

/* Adds the place to an error, unless the caller's error has one already. */
static int at_place(struct reading *r, int code, const char *place)
{
	if (code)
		insn_err_at(r->err, r->pos.line, (int)(place - r->pos.source) + 1, r->pos.source,
			    r->pos.source_size);
	return code;
}

static int label(struct reading *r, const char *name, size_t size)
{
	int code;

	r->pos.col = (int)(name - r->pos.source) + 1;
	code = r->ops->label ? r->ops->label(r->ctx, name, size, &r->pos, r->err) : 0;
	return at_place(r, code, name);
}

static int directive(struct reading *r)
{
	int code;

	r->pos.col = (int)(r->at - r->pos.source) + 1;
	if (r->ops->directive)
		code = r->ops->directive(r->ctx, r->at, (size_t)(r->end - r->at), &r->pos, r->err);
	else
		code = insn_err_set(r->err, -EINVAL, -1,
				    "found a directive, want instructions and labels alone");
	return at_place(r, code, r->at);
}

/* Beginnings of lines of a verifier's log, or of a dump, that are no instructions. */
static const char *const noise[] = {
	"func#",
	"Func#",
	"from ",
	"processed ",
	"verification time ",
	"stack depth ",
	"insns_processed ",
	"last_idx ",
	"mark_precise:",
	"regs=",
	"parent ",
	"Live regs before insn:",
	"Validating ",
	"propagating ",
	"arg#",
	"libbpf:",
	"-- BEGIN",
	"-- END",
	"caller:",
	"callee:",
	"returning from callee",
	"to caller",
	"max_states",
	"frame",
	"SCC ",
	"BUG_",
	"Global function ",
	"topo_order[",
	"subprog#",
	"stack use/def ",
};

static bool is_noise(const struct reading *r)
{
	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++) {
		if (begins(r, noise[i]))
			return true;
	}
	/* "(0) frame 0 insn 3 +live -8 " */
	if (*r->at == '(') {
		const char *p = memchr(r->at, ')', (size_t)(r->end - r->at));

		if (p && r->end - p > 7 && (!memcmp(p, ") frame", 7) || !memcmp(p, ") live ", 7)))
			return true;
	}
	/* "prog.o:	file format elf64-bpf" */
	for (const char *p = r->at; p + 15 < r->end; p++) {
		if (*p == '\t' && !memcmp(p + 1, "file format elf", 15))
			return true;
	}
	return false;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* Two hex digits, then something else. */
static int hex_byte(const char *p, const char *end)
{
	if (end - p < 2 || hex_digit(p[0]) < 0 || hex_digit(p[1]) < 0 ||
	    (end - p > 2 && lex_in_word(p[2])))
		return -1;
	return hex_digit(p[0]) << 4 | hex_digit(p[1]);
}

/* The bytes of one or two slots, as objdump and bpftool print them. */
static void read_bytes(struct reading *r)
{
	const char *p = r->at;
	unsigned int n = 0;

	while (n < 16 && hex_byte(p, r->end) >= 0) {
		r->bytes[n++] = (uint8_t)hex_byte(p, r->end);
		p += 2;
		if (p < r->end && *p == ' ')
			p++;
		if (n == 8 && (p >= r->end || lex_is_blank(*p)))
			break;
	}
	if (n != 8 && n != 16)
		return;
	r->n_bytes = n;
	r->at = p;
	skip_blanks(r);
}

/* The verifier prints the state of registers behind a number: "3: R0=1 R10=fp0", "3: safe". */
static bool is_state(const struct reading *r)
{
	const char *p = r->at;

	if (begins(r, "safe") || begins(r, "frame"))
		return true;
	if (p >= r->end || *p++ != 'R')
		return false;
	while (p < r->end && *p >= '0' && *p <= '9')
		p++;
	return p > r->at + 1 && p < r->end && (*p == '=' || *p == '_');
}

/*
 * "callee:" is a line of a log, and could be anybody's label: it is one before the first instruction of a log, unless
 * the state of registers follows, or what llvm-objdump says behind a file's name.
 */
static bool is_label(const struct reading *r)
{
	struct reading after = *r;

	if (r->in_log || !lex_begins_word(*r->at))
		return false;
	while (after.at < r->end && lex_in_word(*after.at))
		after.at++;
	if (after.at == r->end || *after.at++ != ':')
		return false;
	skip_blanks(&after);
	return !is_state(&after) && !begins(&after, "file format ");
}

/* "12:", or "1   12:", where the first is that of a loop. */
static void read_number(struct reading *r)
{
	const char *p = r->at;
	long number = 0;

	while (p < r->end && *p >= '0' && *p <= '9')
		p++;
	while (p > r->at && p < r->end && lex_is_blank(*p))
		p++;
	if (p >= r->end || *p < '0' || *p > '9')
		p = r->at;
	r->at = p;
	while (p < r->end && *p >= '0' && *p <= '9' && number < 100000000)
		number = number * 10 + (*p++ - '0');
	if (p == r->at || p >= r->end || *p != ':')
		return;
	r->number = number;
	r->at = p + 1;
	skip_blanks(r);
}

/* ".12.......", the registers in use, in the verifier's second level of detail. */
static void skip_live(struct reading *r)
{
	if (r->end - r->at < 12 || r->at[10] != ' ')
		return;
	for (int i = 0; i < 10; i++) {
		if (r->at[i] != '.' && r->at[i] != '0' + i)
			return;
	}
	r->at += 11;
}

/* "(b7)" */
static void read_code(struct reading *r)
{
	if (r->end - r->at < 4 || r->at[0] != '(' || r->at[3] != ')' ||
	    hex_byte(r->at + 1, r->end) < 0)
		return;
	r->code = hex_byte(r->at + 1, r->end);
	r->at += 4;
	skip_blanks(r);
}

/* "0000000000000018 <main>:", objdump's heading of a function. */
static bool read_heading(struct reading *r, int *code)
{
	const char *p = r->at, *name;

	while (p < r->end && hex_digit(*p) >= 0)
		p++;
	if (p - r->at < 8 || r->end - p < 4 || p[0] != ' ' || p[1] != '<')
		return false;
	name = p + 2;
	p = memchr(name, '>', (size_t)(r->end - name));
	if (!p || r->end - p < 2 || p[1] != ':')
		return false;
	*code = label(r, name, (size_t)(p - name));
	return true;
}

/* "int trace(struct pt_regs * ctx):", bpftool's heading. */
static bool read_prototype(struct reading *r, int *code)
{
	const char *p = r->end, *name;

	while (p > r->at && lex_is_blank(p[-1]))
		p--;
	if (p - r->at < 4 || p[-1] != ':' || p[-2] != ')' || !lex_begins_word(*r->at))
		return false;
	p = memchr(r->at, '(', (size_t)(r->end - r->at));
	if (!p)
		return false;
	for (name = p; name > r->at && lex_in_word(name[-1]);)
		name--;
	if (name == p)
		return false;
	*code = label(r, name, (size_t)(p - name));
	return true;
}

/* "out:", perhaps with a statement behind. */
static bool read_label(struct reading *r, int *code)
{
	const char *p = r->at;

	if (p >= r->end || !lex_begins_word(*p))
		return false;
	while (p < r->end && lex_in_word(*p))
		p++;
	if (p >= r->end || *p != ':')
		return false;
	*code = label(r, r->at, (size_t)(p - r->at));
	r->at = p + 1;
	skip_blanks(r);
	return true;
}

/* The bytes in front say the same; LLVM's text does not tell a helper from a subprogram. */
static int compare_bytes(struct reading *r, struct statement *s)
{
	struct bpf_insn have[2];

	if (!r->n_bytes || s->ref != INSN_REF_NONE)
		return 0;
	memcpy(have, r->bytes, r->n_bytes);
	if (have[0].code == (BPF_JMP | BPF_CALL) && s->insn[0].code == have[0].code)
		s->insn[0].src_reg = have[0].src_reg;
	if (r->n_bytes == s->n_slots * 8 && !memcmp(have, s->insn, r->n_bytes))
		return 0;
	insn_err_set(r->err, -EINVAL, -1, "the bytes in front are not those of the text");
	insn_err_hint(r->err, "was one of them edited? drop the bytes");
	return -EINVAL;
}

static void read_comment(struct reading *r, const struct token *end)
{
	const char *p = end->text;

	r->pos.comment = NULL;
	while (p < r->end && (lex_is_blank(*p) || *p == ';' || *p == '/' || *p == '#'))
		p++;
	if (p == end->text || p >= r->end)
		return;
	r->pos.comment = p;
	r->pos.comment_size = (size_t)(r->end - p);
}

static int fault(struct reading *r, const struct grammar_fault *f)
{
	insn_err_set(r->err, -EINVAL, -1, "%s%s%s", f->found, f->want[0] ? ", want " : "", f->want);
	if (f->hint[0])
		insn_err_hint(r->err, "%s", f->hint);
	return at_place(r, -EINVAL, f->token->text);
}

static int emit(struct reading *r, struct statement *s, const char *place)
{
	int code = compare_bytes(r, s);
	bool seen = false;

	r->pos.col = (int)(place - r->pos.source) + 1;
	r->pos.name_col = s->name ? (int)(s->name - r->pos.source) + 1 : 0;
	if (!code)
		code = order_put(&r->order, r->number, s, &r->pos, &seen, r->err);
	if (!code && !seen && r->ops->insn)
		code = r->ops->insn(r->ctx, s, &r->pos, r->err);
	if (code)
		return at_place(r, code, s->name ? s->name : place);
	return 0;
}

static int read_statement(struct reading *r)
{
	struct token tokens[GRAMMAR_TOKENS + 4];
	struct grammar_fault f;
	struct statement s;
	const char *place = r->at;
	size_t n = 0;

	do {
		lex_next(&r->at, r->end, &tokens[n]);
		if (n >= GRAMMAR_TOKENS) {
			insn_err_set(r->err, -EINVAL, -1, "found more than any instruction has");
			return at_place(r, -EINVAL, tokens[n].text);
		}
	} while (tokens[n++].kind != LEX_END);
	/* So that a reader may look past the end. */
	for (size_t i = n; i < n + 3; i++)
		tokens[i] = tokens[n - 1];
	if (grammar_read(r->grammar, tokens, n, r->code, &s, &f))
		return fault(r, &f);
	read_comment(r, &tokens[n - 1]);
	return emit(r, &s, place);
}

/* A line whose beginning is no statement's: heading, log, directive. True: that was it. */
static bool read_other(struct reading *r, int *code)
{
	static const char section[] = "Disassembly of section ";

	if (*r->at == '.') {
		bool is_label = read_label(r, code);

		if (!is_label)
			*code = directive(r);
		return !is_label || *code;
	}
	if (begins(r, section)) {
		order_restart(&r->order);
		return true;
	}
	return (is_noise(r) && !is_label(r)) || read_heading(r, code) || read_prototype(r, code);
}

/* Nothing but a comment is left of the line. */
static bool is_over(const struct reading *r)
{
	return r->at >= r->end || *r->at == ';' || *r->at == '#' || begins(r, "//");
}

static int read_line(struct reading *r)
{
	int code = 0;

	r->number = r->code = -1;
	r->n_bytes = 0;
	skip_blanks(r);
	if (is_over(r))
		return 0;
	if (read_other(r, &code))
		return code;
	read_number(r);
	if ((r->number >= 0 || r->in_log) && is_state(r))
		return 0;
	if (r->number >= 0)
		skip_live(r);
	read_bytes(r);
	read_code(r);
	if (r->number >= 0 && r->code >= 0) {
		const char *tab = memchr(r->at, '\t', (size_t)(r->end - r->at));

		/* From 7.x the verifier notes behind a tab what it learned of an instruction. */
		r->end = tab ? tab : r->end;
		r->in_log = true;
	}
	while (!code && read_label(r, &code))
		;
	/* A label may stand alone, and bpftool's "opcodes" prints bytes on a line of their own. */
	if (code || (r->number < 0 && r->code < 0 && is_over(r)))
		return code;
	if (r->at < r->end && *r->at == '.')
		return directive(r);
	return read_statement(r);
}

int parse_text(struct parser *parser, const char *text, size_t size, const struct parse_ops *ops,
	       void *ctx, struct insn_err *err)
{
	struct reading r = {
		.grammar = parser->grammar,
		.ops = ops,
		.ctx = ctx,
		.err = err,
	};
	const char *end = text + size;
	int code = 0;

	insn_err_clear(err);
	order_open(&r.order, ops, ctx);
	while (!code && text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));

		r.pos.line++;
		r.pos.source = r.at = text;
		r.end = newline ? newline : end;
		r.pos.source_size = (size_t)(r.end - text);
		r.pos.comment = NULL;
		code = read_line(&r);
		text = newline ? newline + 1 : end;
	}
	if (!code)
		code = order_finish(&r.order, err);
	order_close(&r.order);
	return code;
}
