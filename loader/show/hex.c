// SPDX-License-Identifier: MIT
/* Bytes whose type is not known: offset, hexadecimal, ASCII. */
#include "loader/show/show.h"

#define PER_LINE 16

void show_hex(const void *bytes, uint32_t size, FILE *to, bool json)
{
	const uint8_t *at = bytes;

	if (json)
		putc('"', to);
	for (uint32_t i = 0; json && i < size; i++)
		fprintf(to, "%02x", at[i]);
	if (json)
		putc('"', to);
	for (uint32_t i = 0; !json && i < size; i += PER_LINE) {
		uint32_t n = size - i < PER_LINE ? size - i : PER_LINE;

		fprintf(to, "%04x ", i);
		for (uint32_t k = 0; k < PER_LINE; k++) {
			if (k < n)
				fprintf(to, "%s %02x", k == PER_LINE / 2 ? " " : "", at[i + k]);
			else
				fprintf(to, "%s   ", k == PER_LINE / 2 ? " " : "");
		}
		fputs("  |", to);
		for (uint32_t k = 0; k < n; k++)
			putc(at[i + k] >= 0x20 && at[i + k] < 0x7f ? at[i + k] : '.', to);
		fputs("|\n", to);
	}
}
