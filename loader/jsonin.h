// SPDX-License-Identifier: MIT
/*
 * JSON read into a tree: what hewn wrote, and what a person or a program made of it. Knows RFC 8259; knows nothing of
 * what is in it. A character \u00xx becomes one byte, as json.h writes them; a higher one becomes UTF-8.
 */
#ifndef LOADER_JSONIN_H
#define LOADER_JSONIN_H

#include "loader/err.h"

enum jsonin_kind { JSONIN_NULL, JSONIN_BOOL, JSONIN_NUMBER, JSONIN_STRING, JSONIN_ARRAY, JSONIN_OBJECT };

struct jsonin {
	enum jsonin_kind kind;
	char *key;            /* of a member of an object; NULL elsewhere */
	char *text;           /* of a string: its characters; of a number, and of true and false: as written */
	struct jsonin *items; /* of an array or object */
	uint32_t n;
};

/*
 * Reads one value and nothing behind it; name is the file's, for errors. -EINVAL with line and column in err. The
 * caller frees the tree by jsonin_close(), also after an error.
 */
int jsonin_open(struct jsonin *root, const char *text, size_t size, const char *name, struct hewn_err *err);
void jsonin_close(struct jsonin *root);

/* A member of an object; of anything else, and where there is none, a null that is no member of anything. */
const struct jsonin *jsonin_get(const struct jsonin *object, const char *key);

/* The text of a string, a number or a bool; "" of anything else. */
const char *jsonin_text(const struct jsonin *value);

#endif
