// SPDX-License-Identifier: MIT
/* One value by its BTF type in one line without its end: `{ .pid = 1, .comm = "sh" }`; JSON: {"pid":1,"comm":"sh"}. */
#ifndef TESTS_SHOW_VALUE_H
#define TESTS_SHOW_VALUE_H

#include "loader/show/value.h"

static inline void show_value(const struct btf *btf, uint32_t type, const void *bytes, uint32_t size, FILE *to, bool json)
{
	struct text line = { 0 };
	struct show show = { btf, &line, json, false, SHOW_BUDGET };

	value_put(&show, type, bytes, size);
	if (!line.failed && line.n)
		fwrite(line.bytes, 1, line.n, to);
	text_close(&line);
}

#endif
