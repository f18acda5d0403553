// SPDX-License-Identifier: MIT
/* What every writer of JSON needs. Knows nothing of what is written. */
#ifndef LOADER_JSON_H
#define LOADER_JSON_H

#include <stdio.h>

/*
 * Writes a text as a JSON string with its quotes. What is not printable ASCII becomes \u00xx, a byte as
 * one character, because file names and comms are not always UTF-8.
 */
static inline void json_text(FILE *to, const char *text, size_t len)
{
	putc('"', to);
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == '"' || c == '\\')
			fprintf(to, "\\%c", c);
		else if (c < 0x20 || c >= 0x7f)
			fprintf(to, "\\u%04x", c);
		else
			putc(c, to);
	}
	putc('"', to);
}

#endif
