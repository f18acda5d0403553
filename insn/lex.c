// SPDX-License-Identifier: MIT
/*
 * A line of text to tokens.
 *
 * Knows nothing of instructions.
 */
#include <string.h>

#include "insn/lex.h"

bool lex_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool lex_begins_word(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '.' || c == '$';
}

bool lex_in_word(char c)
{
	return lex_begins_word(c) || is_digit(c);
}

static bool bad(struct token *token, const char *why)
{
	token->kind = LEX_BAD;
	token->why = why;
	return false;
}

static int digit_of(char c)
{
	if (is_digit(c))
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;
}

/* The digits at *at, in the base that their beginning says. */
static bool digits(const char **at, const char *end, struct token *token)
{
	const char *p = *at, *first;
	unsigned int base = 10;

	if (end - p > 2 && *p == '0' && (p[1] | 0x20) == 'x')
		base = 16;
	else if (end - p > 2 && *p == '0' && (p[1] | 0x20) == 'b')
		base = 2;
	else if (end - p > 1 && *p == '0' && is_digit(p[1]))
		token->why = "could be octal, write it without the 0 in front";
	p += base == 10 ? 0 : 2;
	for (first = p; p < end && digit_of(*p) < (int)base; p++) {
		uint64_t digit = (uint64_t)digit_of(*p);

		if (token->value > (UINT64_MAX - digit) / base)
			token->why = "a number of at most 64 bits is wanted";
		token->value = token->value * base + digit;
	}
	if (p == first)
		token->why = "a number needs digits";
	while (p < end && lex_in_word(*p)) {
		token->why = "letters stick to the number";
		p++;
	}
	*at = p;
	token->kind = LEX_NUM;
	return token->why ? bad(token, token->why) : true;
}

/* A sign belongs to the digits that follow, blanks between or not: "r10 - 8", "pc+1". */
static bool number(const char **at, const char *end, struct token *token)
{
	const char *p = *at;

	if (*p == '+' || *p == '-') {
		token->has_sign = true;
		token->negative = *p == '-';
		do
			p++;
		while (p < end && lex_is_blank(*p));
	}
	if (p >= end || !is_digit(*p))
		return false;
	*at = p;
	digits(at, end, token);
	return true;
}

/* r and w followed by digits alone are registers; those that do not exist are told from words. */
static void word(const char **at, const char *end, struct token *token)
{
	const char *p = *at;
	char letter = (char)(*p | 0x20);

	do
		p++;
	while (p < end && (lex_in_word(*p) || (*p == '-' && p + 1 < end && lex_begins_word(p[1]))));
	token->kind = LEX_WORD;
	if ((letter == 'r' || letter == 'w') && p - *at > 1) {
		const char *q = *at + 1;

		for (; q < p && is_digit(*q); q++)
			token->value =
				token->value > 99 ? 99 : token->value * 10 + (uint64_t)(*q - '0');
		if (q == p) {
			token->kind = LEX_REG;
			token->is_w = letter == 'w';
			if (token->value > (token->is_w ? 10 : 11) ||
			    (p - *at > 2 && (*at)[1] == '0'))
				bad(token, "registers are r0 to r10 and w0 to w10");
		}
	}
	*at = p;
}

/* The operators, the longer ones first. */
static const char *const marks[] = {
	"s>>=", "<<=", ">>=", "s/=", "s%=", "s>=", "s<=", "+=", "-=", "*=", "/=", "%=",
	"&=",	"|=",  "^=",  "==",  "!=",  ">=",  "<=",  "s>", "s<", "=",  ">",  "<",
	"&",	"*",   "+",   "-",   "(",   ")",   "[",	  "]",	",",  ":",  "#",  "@",
};

static bool mark(const char **at, const char *end, struct token *token)
{
	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++) {
		size_t size;

		if (marks[i][0] != **at)
			continue;
		size = strlen(marks[i]);
		if ((size_t)(end - *at) >= size && !memcmp(*at, marks[i], size)) {
			token->kind = LEX_MARK;
			*at += size;
			return true;
		}
	}
	return false;
}

/* ; and // anywhere, # where it does not stick to a word, as in bpf_map_lookup_elem#1. */
static bool begins_comment(const char *at, const char *end, bool after_blank)
{
	return *at == ';' || (*at == '#' && after_blank) ||
	       (*at == '/' && at + 1 < end && at[1] == '/');
}

/* s is an operator's first letter, and a word's, as in s8. */
static bool begins_signed(const char *at, const char *end)
{
	return *at == 's' && at + 1 < end && strchr("<>/%", at[1]);
}

void lex_next(const char **at, const char *end, struct token *token)
{
	const char *start = *at;

	while (*at < end && lex_is_blank(**at))
		(*at)++;
	*token = (struct token){.kind = LEX_END, .text = *at};
	if (*at >= end || begins_comment(*at, end, *at > start)) {
		*at = end;
		return;
	}
	start = *at;
	if (lex_begins_word(*start) && !begins_signed(start, end)) {
		word(at, end, token);
	} else if ((!is_digit(*start) && *start != '-' && *start != '+') ||
		   !number(at, end, token)) {
		token->has_sign = token->negative = false;
		if (!mark(at, end, token)) {
			(*at)++;
			bad(token, "no instruction has this character");
		}
	}
	token->text = start;
	token->size = (uint32_t)(*at - start);
}

bool lex_is(const struct token *token, const char *text)
{
	size_t size = strlen(text);

	return token->size == size && !memcmp(token->text, text, size);
}
