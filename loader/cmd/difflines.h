// SPDX-License-Identifier: MIT
/* What differs between two lists of lines, as diff(1) finds it. Knows nothing of what is in the lines. */
#ifndef LOADER_CMD_DIFFLINES_H
#define LOADER_CMD_DIFFLINES_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct lines {
	char **v;
	uint32_t n;
	bool failed; /* out of memory: asked for once */
};

/* Appends a line that it takes over; NULL is out of memory. */
void lines_take(struct lines *lines, char *line);
void lines_close(struct lines *lines);

/*
 * Writes lines of a only as "- …", of b only as "+ …", and up to `around` lines that both have before and after as
 * "  …", behind a heading, which may be NULL; nothing where they are the same. Returns whether they differ, -ENOMEM.
 */
int lines_diff(const char *heading, const struct lines *a, const struct lines *b, uint32_t around, FILE *to);

#endif
