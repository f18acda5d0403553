// SPDX-License-Identifier: MIT
/* Any bytes as JSON: they are read, or refused with a place; what was read can be walked. */
#include "loader/jsonin.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t walk(const struct jsonin *value)
{
	size_t n = strlen(jsonin_text(value));

	for (uint32_t i = 0; i < value->n; i++) {
		if (value->kind == JSONIN_OBJECT)
			n += jsonin_get(value, value->items[i].key)->n;
		n += walk(&value->items[i]);
	}
	return n;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hewn_err err = { 0 };
	struct jsonin root;
	char *text = malloc(size ? size : 1); /* of just this size, so that ASan sees a byte too far */

	if (!text)
		return 0;
	memcpy(text, data, size);
	if (!jsonin_open(&root, text, size, "fuzz", &err))
		walk(&root);
	else if (!err.what[0])
		__builtin_trap();
	jsonin_close(&root);
	free(text);
	return 0;
}
