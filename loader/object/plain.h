// SPDX-License-Identifier: MIT
/* Plain text, found eight bytes at a time. Knows nothing of what is written in it. */
#ifndef LOADER_OBJECT_PLAIN_H
#define LOADER_OBJECT_PLAIN_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * How many of the first bytes are surely ASCII that can be printed, or zeros: a multiple of 8, the rest is for the
 * caller to look at. Most names and source lines are nothing else.
 */
static inline size_t plain_size(const void *text, size_t size)
{
	const uint64_t ones = UINT64_MAX / 255, tops = ones << 7;
	const char *at = text;
	size_t n = 0;

	for (; size - n >= 8; n += 8) {
		uint64_t word, low, odd;

		memcpy(&word, at + n, sizeof(word));
		low = word & ~tops; /* 7 bits of each byte, so no sum runs over into the next */
		odd = word;                                            /* not ASCII */
		odd |= (low + 0x7f * ones) & ~(low + 0x60 * ones);     /* 1 to 31 */
		odd |= low + ones;                                     /* 127 */
		if (odd & tops)
			break;
	}
	return n;
}

#endif
