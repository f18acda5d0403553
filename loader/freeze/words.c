// SPDX-License-Identifier: MIT
/* Texts for a C file: strings, comments, identifiers. Knows C; knows nothing of plans. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/mem.h"

bool words_open(struct freeze_text *text)
{
	text->text = NULL;
	text->to = open_memstream(&text->text, &text->size);
	return text->to != NULL;
}

char *words_close(struct freeze_text *text)
{
	char *result;

	if (text->to && fclose(text->to)) {
		free(text->text);
		text->text = NULL;
	}
	text->to = NULL;
	result = text->text;
	text->text = NULL;
	return result;
}

void words_tabs(FILE *to, unsigned int depth)
{
	while (depth--)
		putc('\t', to);
}

/* A question mark is escaped, because three characters may be one to a C compiler. */
void words_string(FILE *to, const char *bytes, size_t size)
{
	putc('"', to);
	for (size_t i = 0; i < size; i++) {
		const unsigned char c = (unsigned char)bytes[i];

		if (c == '"' || c == '\\' || c == '?')
			fprintf(to, "\\%c", c);
		else if (c == '\n')
			fputs("\\n", to);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(to, "\\%03o", c);
		else
			putc(c, to);
	}
	putc('"', to);
}

void words_comment(FILE *to, const char *text)
{
	char before = 0;

	for (; *text; text++) {
		const unsigned char c = (unsigned char)*text;
		const char shown = c < 0x20 ? ' ' : c >= 0x7f || c == '\\' ? '?' : (char)c;

		if ((before == '*' && shown == '/') || (before == '/' && shown == '*'))
			putc(' ', to);
		putc(shown, to);
		before = shown;
	}
}

void words_about(FILE *to, const char *before, const char *name, const char *after)
{
	fputs(before, to);
	words_comment(to, name);
	fputs(after, to);
}

void words_note(FILE *to, unsigned int depth, const char *text)
{
	const size_t room = 98 - 8 * (size_t)depth;
	const bool is_long = strlen(text) + 6 > room;
	size_t column = 3;
	char word[256];

	words_tabs(to, depth);
	fputs("/*", to);
	if (is_long) {
		putc('\n', to);
		words_tabs(to, depth);
		fputs(" *", to);
	}
	while (*text) {
		const size_t len = strcspn(text, " ");

		if (is_long && column + len + 1 > room) {
			putc('\n', to);
			words_tabs(to, depth);
			fputs(" *", to);
			column = 3;
		}
		snprintf(word, sizeof(word), "%.*s", (int)len, text);
		putc(' ', to);
		words_comment(to, word);
		column += len + 1;
		text += len;
		text += strspn(text, " ");
	}
	if (is_long) {
		putc('\n', to);
		words_tabs(to, depth);
	}
	fputs(" */\n", to);
}

void words_number(FILE *to, uint64_t value)
{
	fprintf(to, "%" PRIu64 "%s", value, value > UINT32_MAX ? "ull" : value > INT32_MAX ? "u" : "");
}

/* Words that are no identifiers. */
static const char *const keywords[] = {
	"auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for",
	"goto", "if", "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct",
	"switch", "typedef", "union", "unsigned", "void", "volatile", "while", "bool", "true", "false", "asm", "typeof", "class",
	"delete", "new", "private", "public", "this", "template", "operator", "linux", "unix", "errno",
};

void words_id(char *to, size_t size, const char *text)
{
	bool between = false; /* what stands for several characters is one underscore, and none at the ends */
	size_t n = 0;

	for (; *text && n + 4 < size; text++) {
		if ((unsigned char)*text >= 0x80 || (!isalnum((unsigned char)*text) && *text != '_')) {
			between = n > 0;
			continue;
		}
		if (between)
			to[n++] = '_';
		between = false;
		to[n++] = *text;
	}
	to[n] = 0;
	if (!n || isdigit((unsigned char)to[0])) {
		memmove(to + 1, to, ++n);
		to[0] = 'n';
	}
	for (size_t i = 0; i < sizeof(keywords) / sizeof(keywords[0]); i++)
		if (!strcmp(to, keywords[i])) {
			to[n++] = '_';
			to[n] = 0;
			break;
		}
}

const char *words_new(struct freeze *f, const char *text)
{
	char id[120], full[136];
	char **name;

	words_id(id, sizeof(id), text);
	snprintf(full, sizeof(full), "%s", id);
	for (uint32_t i = 0, n = 1; i < f->n_names; i++) {
		if (strcmp(f->names[i], full) != 0)
			continue;
		snprintf(full, sizeof(full), "%s_%u", id, ++n);
		i = UINT32_MAX; /* from the first again */
	}
	name = mem_append(&f->names, &f->n_names, sizeof(*name));
	if (!name || !(*name = strdup(full))) {
		if (name)
			f->n_names--;
		freeze_nomem(f);
		return "x";
	}
	return *name;
}
