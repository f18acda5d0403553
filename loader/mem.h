// SPDX-License-Identifier: MIT
/* Arrays that grow. Knows nothing of what is in them. */
#ifndef LOADER_MEM_H
#define LOADER_MEM_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/*
 * Appends a zeroed element of `size` bytes to the array whose address is *array and whose length is *n.
 * The room is always the next power of two, of 8 at least (of 2, where they are large), so it need not be kept. Returns the element, valid until the
 * next append; NULL: out of memory, and nothing has changed.
 */
static inline void *mem_append(void *array, uint32_t *n, size_t size)
{
	const uint32_t first = size <= 64 ? 8 : 2;
	void *v;

	memcpy(&v, array, sizeof(v));
	if (!*n || (*n >= first && (*n & (*n - 1)) == 0)) { /* the room is used up */
		void *grown = *n < UINT32_MAX / 4 ? realloc(v, (*n ? (size_t)*n * 2 : first) * size) : NULL;

		if (!grown)
			return NULL;
		v = grown;
		memcpy(array, &v, sizeof(v));
	}
	return memset((char *)v + (*n)++ * size, 0, size);
}

/* qsort(3), which is not called where the records are sorted already: what compilers write mostly is. */
static inline void mem_sort(void *records, uint32_t n, size_t size, int (*order)(const void *, const void *))
{
	const char *at = records;

	for (uint32_t i = 1; i < n; i++, at += size)
		if (order(at, at + size) > 0) {
			qsort(records, n, size, order);
			return;
		}
}

#endif
