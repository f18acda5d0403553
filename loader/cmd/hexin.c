// SPDX-License-Identifier: MIT
/* Bytes from hexadecimal text. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/cmd/hexin.h"

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

int64_t hexin_read(const char *text, size_t size, uint8_t **bytes, size_t *at)
{
	size_t n = 0;

	*bytes = malloc(size / 2 + 1);
	if (!*bytes)
		return -ENOMEM;
	for (size_t i = 0; i < size;) {
		*at = i;
		if (strchr(" \t\r\n,", text[i]) && text[i]) {
			i++;
		} else if (text[i] == '0' && i + 1 < size && (text[i + 1] | 0x20) == 'x') {
			i += 2;
		} else if (i + 1 < size && digit(text[i]) >= 0 && digit(text[i + 1]) >= 0) {
			(*bytes)[n++] = (uint8_t)(digit(text[i]) << 4 | digit(text[i + 1]));
			i += 2;
		} else {
			free(*bytes);
			*bytes = NULL;
			return -EINVAL;
		}
	}
	return (int64_t)n;
}
