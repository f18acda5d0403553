// SPDX-License-Identifier: MIT
/*
 * Text that grows, and strings from strangers made fit for a terminal or for JSON. Knows nothing of
 * BTF.
 */
#ifndef LOADER_SHOW_TEXT_H
#define LOADER_SHOW_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts as { 0 }. When memory runs out the text stays as it was, and `failed` says so. */
struct text {
	char *bytes; /* owned; not ended by a zero */
	size_t n, room;
	bool failed;
};

void text_close(struct text *text);

void text_put(struct text *text, const char *bytes, size_t n);
void text_puts(struct text *text, const char *s);
void text_fmt(struct text *text, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void text_spaces(struct text *text, size_t n);

/*
 * Bytes as a reader sees them: valid UTF-8 as it is, but for characters that steer a terminal
 * (escape, C1 controls, changes of direction); those and stray bytes as \n, \t, \\ or \xNN. With
 * quote, that character too.
 */
void text_escape(struct text *text, const uint8_t *bytes, size_t n, char quote);

/* A JSON string with its quotes: valid UTF-8 as it is, what steers a terminal and stray bytes as
 * \uNNNN. */
void text_json(struct text *text, const uint8_t *bytes, size_t n);

/* Columns that such text takes in a terminal: East Asian characters take two, combining ones none.
 */
size_t text_width(const char *bytes, size_t n);

/* How many of the bytes fit into so many columns. */
size_t text_fit(const char *bytes, size_t n, size_t width);

#endif
