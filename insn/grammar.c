// SPDX-License-Identifier: MIT
/*
 * The grammar as a tree, and the walk along it.
 *
 * Knows nothing of what the operands mean: bind.c does.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/bind.h"
#include "insn/grammar.h"

/* What leads from node to node: a literal mark or word, or an operand. */
enum edge_kind {
	EDGE_LITERAL,
	EDGE_R,	     /* r register */
	EDGE_W,	     /* w register */
	EDGE_NUMBER, /* with or without a sign */
	EDGE_OFFSET, /* with a sign */
	EDGE_TARGET, /* pc+1, +1, label */
	EDGE_CALLEE, /* name, name#1, 1, pc+1 */
	EDGE_NAME,
	N_EDGES,
};

/* How an operand is called when it is missing. */
static const char *const edge_names[N_EDGES] = {
	[EDGE_R] = "r0 to r10",
	[EDGE_W] = "w0 to w10",
	[EDGE_NUMBER] = "a number",
	[EDGE_OFFSET] = "an offset with its sign (+8)",
	[EDGE_TARGET] = "a target (pc+1, +1 or a label)",
	[EDGE_CALLEE] = "a function (a helper's name or number, a label, pc+1)",
	[EDGE_NAME] = "a name",
};

struct edge {
	enum edge_kind kind;
	const char *text; /* of a literal */
	uint32_t size;
	uint16_t to, next; /* node; next edge of the same node, 0: none */
};

struct node {
	uint16_t edges;	  /* the first one, 0: none */
	uint16_t accepts; /* the first one, 0: none */
};

/* A form that is complete at a node. */
struct accept {
	struct bind_form form;
	uint16_t next;
};

#define MAX_NODES   2400
#define MAX_ACCEPTS 500

struct grammar {
	struct node nodes[MAX_NODES];
	struct edge edges[MAX_NODES]; /* one leads to each node; 0 is the root's, unused */
	struct accept accepts[MAX_ACCEPTS];
	uint16_t n_nodes, n_accepts;
};

/* Texts that are read as well as one of the table: what a dump of a loaded program says, names. */
static const struct {
	const char *of, *text;
	enum insn_ref ref;
} extras[] = {
	{"%d = %q ll", "%d = %Q", INSN_REF_NONE}, /* only after the prefix (18) */
	{"%d = %q ll", "%d = %n ll", INSN_REF_SYMBOL},
	{"%d = %q ll", "%d = %n%A ll", INSN_REF_SYMBOL},
	{"%d = map[fd:%m]", "%d = map[id:%m]", INSN_REF_NONE},
	{"%d = map[fd:%m]", "%d = map[%n]", INSN_REF_MAP},
	{"%d = map[fd:%m][0]%v", "%d = map[id:%m][0]%v", INSN_REF_NONE},
	{"%d = map[fd:%m][0]%v", "%d = map[%n][0]", INSN_REF_MAP_VALUE},
	{"%d = map[fd:%m][0]%v", "%d = map[%n][0]%A", INSN_REF_MAP_VALUE},
	{"%d = subprog[%f]", "%d = subprog[%n]", INSN_REF_FUNC},
	{"r0 = *(u32 *)skb[%s + %i]", "r0 = *(u32 *)skb[%s %I]", INSN_REF_NONE},
	{"r0 = *(u16 *)skb[%s + %i]", "r0 = *(u16 *)skb[%s %I]", INSN_REF_NONE},
	{"r0 = *(u8 *)skb[%s + %i]", "r0 = *(u8 *)skb[%s %I]", INSN_REF_NONE},
};

static enum edge_kind edge_of(char letter)
{
	switch (letter) {
	case 'd':
	case 's':
		return EDGE_R;
	case 'D':
	case 'S':
		return EDGE_W;
	case 'o':
	case 'v':
	case 'A':
	case 'f':
	case 'I':
		return EDGE_OFFSET;
	case 'j':
	case 'J':
		return EDGE_TARGET;
	case 'c':
	case 'h':
	case 'k':
		return EDGE_CALLEE;
	case 'n':
		return EDGE_NAME;
	default:
		return EDGE_NUMBER;
	}
}

/* The node after `from` along such an edge, made if it is new. 0: no room. */
static uint16_t follow(struct grammar *g, uint16_t from, enum edge_kind kind, const char *text,
		       uint32_t size)
{
	uint16_t *link = &g->nodes[from].edges;

	while (*link) {
		const struct edge *edge = &g->edges[*link];

		if (edge->kind == kind && edge->size == size && !memcmp(edge->text, text, size))
			return edge->to;
		link = &g->edges[*link].next;
	}
	if (g->n_nodes >= MAX_NODES)
		return 0;
	*link = g->n_nodes;
	g->edges[g->n_nodes] =
		(struct edge){.kind = kind, .text = text, .size = size, .to = g->n_nodes};
	return g->n_nodes++;
}

/* Adds a text to the tree, and at its end the form. r0 in a text is an operand that must be r0. */
static bool add(struct grammar *g, const char *text, struct bind_form form)
{
	const char *end = text + strlen(text);
	uint16_t at = 0;
	size_t n = 0;

	while (text < end) {
		struct token token;

		while (*text == ' ' || *text == '\t')
			text++;
		if (text[0] == '%' && text[1] != '=') {
			form.letters[n++] = text[1];
			at = follow(g, at, edge_of(text[1]), "", 0);
			text += 2;
		} else {
			lex_next(&text, end, &token);
			if (token.kind == LEX_REG) {
				form.letters[n++] = '0';
				at = follow(g, at, token.is_w ? EDGE_W : EDGE_R, "", 0);
			} else if (token.kind != LEX_END) {
				at = follow(g, at, EDGE_LITERAL, token.text, token.size);
			}
		}
		if ((!at && text < end && n) || n >= sizeof(form.letters))
			return false;
	}
	if (!at || g->n_accepts >= MAX_ACCEPTS)
		return false;
	g->accepts[g->n_accepts] = (struct accept){form, 0};
	for (uint16_t *link = &g->nodes[at].accepts;; link = &g->accepts[*link].next) {
		if (!*link) {
			*link = g->n_accepts++;
			return true;
		}
	}
}

static bool add_extras(struct grammar *g, const struct insn_form *form)
{
	for (size_t i = 0; i < sizeof(extras) / sizeof(*extras); i++) {
		struct bind_form bind = {.form = form, .ref = extras[i].ref};

		if (!strcmp(form->text, extras[i].of) && !add(g, extras[i].text, bind))
			return false;
	}
	return true;
}

struct grammar *grammar_new(void)
{
	struct grammar *g = calloc(1, sizeof(*g));
	size_t n;
	const struct insn_form *forms = table_forms(&n);
	bool fits;

	if (!g)
		return NULL;
	g->n_nodes = 1;
	g->n_accepts = 1;
	fits = add(g, "raw %C, %X, %Y, %O, %u", (struct bind_form){.form = NULL});
	for (size_t i = 0; fits && i < n; i++) {
		struct bind_form bind = {.form = &forms[i]};

		fits = add(g, forms[i].text, bind) &&
		       (!forms[i].llvm || add(g, forms[i].llvm, bind)) && add_extras(g, &forms[i]);
	}
	if (!fits) {
		free(g);
		return NULL;
	}
	return g;
}

void grammar_free(struct grammar *g)
{
	free(g);
}

/* A walk along the tree, and what it learned where it could not go on. */
struct walk {
	const struct grammar *g;
	const struct token *tokens;
	size_t n;
	struct bind bind;
	size_t furthest; /* the token at which it was stuck */
	char *want;	 /* collect here what could come at `furthest`, if not NULL */
	size_t want_size;
	unsigned int n_wanted;
};

static bool is_number(const struct token *t, bool sign)
{
	return t->kind == LEX_NUM && (t->has_sign || !sign);
}

/* llvm-objdump says after a target where that is: "goto +0x1 <main+0x10>". */
static size_t skip_angle(const struct walk *w, size_t at)
{
	size_t i = at;

	if (!lex_is(&w->tokens[i], "<"))
		return at;
	while (i < w->n && w->tokens[i].kind != LEX_END && !lex_is(&w->tokens[i], ">"))
		i++;
	return i < w->n && lex_is(&w->tokens[i], ">") ? i + 1 : at;
}

/* pc+1, +1 or a label. Returns the tokens used, 0: it is none. */
static size_t read_target(struct walk *w, size_t at, struct operand *o)
{
	const struct token *t = &w->tokens[at];
	size_t next = at + 1;

	if (lex_is(t, "pc") && next < w->n && is_number(&w->tokens[next], true))
		t = &w->tokens[next++];
	else if (t->kind == LEX_WORD)
		o->is_name = true;
	else if (!is_number(t, true))
		return 0;
	o->token = t;
	return skip_angle(w, next) - at;
}

/* A helper's name, name#id, name#id@off, a number, pc+1, pc+1#anything. */
static size_t read_callee(struct walk *w, size_t at, struct operand *o)
{
	const struct token *t = &w->tokens[at];
	size_t next = at + 1;

	o->token = t;
	if (lex_is(t, "pc") && next < w->n && is_number(&w->tokens[next], true)) {
		o->token = &w->tokens[next++];
		o->is_pc = true;
	} else if (t->kind == LEX_WORD) {
		o->is_name = true;
	} else if (t->kind != LEX_NUM) {
		return 0;
	}
	if ((o->is_name || o->is_pc) && lex_is(&w->tokens[next], "#")) {
		o->id = &w->tokens[next + 1];
		next += o->id->kind == LEX_END ? 1 : 2;
		if (lex_is(&w->tokens[next], "@") && w->tokens[next + 1].kind == LEX_NUM) {
			o->module = &w->tokens[next + 1];
			next += 2;
		}
	}
	return skip_angle(w, next) - at;
}

/* Whether the tokens at `at` are what the edge asks for: how many of them, and the operand. */
static size_t take(struct walk *w, const struct edge *edge, size_t at, struct operand *o)
{
	const struct token *t = &w->tokens[at];

	*o = (struct operand){.token = t};
	switch (edge->kind) {
	case EDGE_LITERAL:
		return t->size == edge->size && !memcmp(t->text, edge->text, edge->size);
	case EDGE_R:
		return t->kind == LEX_REG && !t->is_w;
	case EDGE_W:
		return t->kind == LEX_REG && t->is_w;
	case EDGE_NUMBER:
		return is_number(t, false);
	case EDGE_OFFSET:
		return is_number(t, true);
	case EDGE_TARGET:
		return read_target(w, at, o);
	case EDGE_CALLEE:
		return read_callee(w, at, o);
	case EDGE_NAME:
		return t->kind == LEX_WORD;
	default:
		return 0;
	}
}

/* How many things to list that could come; after r1 = there are forty. */
#define MAX_WANTED 9

/* Adds one thing that could come, unless it is in the list. */
static void want(struct walk *w, const char *quote, const char *text, size_t size)
{
	size_t used = strlen(w->want);
	char item[80];

	snprintf(item, sizeof(item), "%s%.*s%s", quote, (int)size, text, quote);
	if (strstr(w->want, item) || w->n_wanted > MAX_WANTED || used + 90 > w->want_size)
		return;
	if (w->n_wanted++ == MAX_WANTED)
		snprintf(item, sizeof(item), "...");
	snprintf(w->want + used, w->want_size - used, "%s%s", used ? ", " : "", item);
}

/* Notes that no way leads on from here: operands first, then words and marks. */
static void stuck(struct walk *w, uint16_t node, size_t at)
{
	const struct grammar *g = w->g;

	if (at > w->furthest)
		w->furthest = at;
	if (!w->want || at != w->furthest)
		return;
	if (g->nodes[node].accepts)
		want(w, "", "the end of the line", 19);
	for (uint16_t i = g->nodes[node].edges; i; i = g->edges[i].next) {
		const char *name = edge_names[g->edges[i].kind];

		if (name)
			want(w, "", name, strlen(name));
	}
	for (uint16_t i = g->nodes[node].edges; i; i = g->edges[i].next) {
		if (g->edges[i].kind == EDGE_LITERAL)
			want(w, "'", g->edges[i].text, g->edges[i].size);
	}
}

/* Walks from `node` at token `at`. Depth: the tokens of the longest form. */
static bool walk(struct walk *w, uint16_t node, size_t at)
{
	const struct grammar *g = w->g;
	size_t n_operands = w->bind.n_operands;

	if (w->tokens[at].kind == LEX_END) {
		for (uint16_t i = g->nodes[node].accepts; i; i = g->accepts[i].next) {
			if (bind_form(&w->bind, &g->accepts[i].form))
				return true;
		}
	}
	for (uint16_t i = g->nodes[node].edges; i; i = g->edges[i].next) {
		const struct edge *edge = &g->edges[i];
		struct operand o;
		size_t used = take(w, edge, at, &o);

		if (!used)
			continue;
		if (edge->kind != EDGE_LITERAL)
			w->bind.operands[w->bind.n_operands++] = o;
		if (walk(w, edge->to, at + used))
			return true;
		w->bind.n_operands = n_operands;
	}
	stuck(w, node, at);
	return false;
}

static void describe(const struct token *t, char *buf, size_t size)
{
	if (t->kind == LEX_END)
		snprintf(buf, size, "the line ends");
	else if (t->kind == LEX_BAD)
		snprintf(buf, size, "'%.*s': %s", t->size > 20 ? 20 : (int)t->size, t->text,
			 t->why);
	else
		snprintf(buf, size, "found '%.*s'%s", t->size > 40 ? 40 : (int)t->size, t->text,
			 t->size > 40 ? "..." : "");
}

/* Mistakes that can be guessed from where it was stuck. */
static void guess(struct grammar_fault *fault, size_t at)
{
	const struct token *t = fault->token;
	const char *hint = NULL;

	/* At the beginning every form could come; and many know another syntax. */
	if (!at)
		snprintf(fault->want, sizeof(fault->want),
			 "an instruction (r1 = ..., *(u64 *)(...) = ..., if ..., call ..., exit)");
	if (!at && t->kind == LEX_WORD)
		hint = "the syntax is the kernel's: r1 = r2, r1 += 5, goto out, exit";
	else if (t->kind == LEX_NUM && !t->has_sign && !strncmp(fault->want, "a target", 8))
		hint = "an offset has a sign: +5 skips five slots";
	else if (!strncmp(fault->want, "an offset with", 14) && lex_is(t, ")"))
		hint = "for no offset write +0";
	if (hint)
		snprintf(fault->hint, sizeof(fault->hint), "%s", hint);
}

int grammar_read(const struct grammar *g, const struct token *tokens, size_t n, int code,
		 struct statement *statement, struct grammar_fault *fault)
{
	struct walk w = {.g = g, .tokens = tokens, .n = n};

	bind_open(&w.bind, statement, tokens, code);
	if (walk(&w, 0, 0))
		return 0;
	memset(fault, 0, sizeof(*fault));
	if (w.bind.fault) {
		fault->token = w.bind.fault;
		snprintf(fault->found, sizeof(fault->found), "%s", w.bind.found);
		snprintf(fault->want, sizeof(fault->want), "%s", w.bind.want);
		snprintf(fault->hint, sizeof(fault->hint), "%s", w.bind.hint);
		return -EINVAL;
	}
	/* After "r1 = " any word could be the name of what to load, if " ll" follows. */
	if (w.furthest > 2 && tokens[w.furthest - 1].kind == LEX_WORD &&
	    lex_is(&tokens[w.furthest - 2], "=")) {
		fault->token = &tokens[w.furthest - 1];
		describe(fault->token, fault->found, sizeof(fault->found));
		snprintf(fault->want, sizeof(fault->want), "a register, a number or an operation");
		snprintf(fault->hint, sizeof(fault->hint),
			 "the address of a name is loaded with "
			 "\" ll\" at the end: r1 = name ll");
		return -EINVAL;
	}
	/* Once more, to collect what could have come where it was stuck. */
	w.want = fault->want;
	w.want_size = sizeof(fault->want);
	walk(&w, 0, 0);
	fault->token = &tokens[w.furthest];
	describe(fault->token, fault->found, sizeof(fault->found));
	guess(fault, w.furthest);
	if (fault->token->kind == LEX_BAD)
		fault->want[0] = 0;
	return -EINVAL;
}
