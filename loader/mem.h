// SPDX-License-Identifier: MIT
/* Arrays and texts that grow, and pools. Knows nothing of what is in them. */
#ifndef LOADER_MEM_H
#define LOADER_MEM_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
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

/*
 * Memory of which nothing is given back but all of it, by mem_close(): many small pieces cost little, and lie side by
 * side. Begins as { 0 }.
 */
struct mem_pool {
	struct mem_block *last;
	char *at;
	size_t left, room; /* of the block that pieces are taken from */
};

/* A piece of this size, aligned to 8 bytes; not zeroed. NULL: out of memory. */
void *mem_take(struct mem_pool *pool, size_t size);

/* vsprintf() into a piece. NULL: out of memory. */
char *mem_text(struct mem_pool *pool, const char *fmt, va_list args) __attribute__((format(printf, 2, 0)));

/* As mem_append(), for an array in a pool: a short one, since the room that it grows out of stays taken. */
void *mem_add(struct mem_pool *pool, void *array, uint32_t *n, size_t size);

/* A copy of such an array, which grows on its own. NULL: out of memory. */
void *mem_copy(struct mem_pool *pool, const void *array, uint32_t n, size_t size);

void mem_close(struct mem_pool *pool);

/* Closes a stream of open_memstream(3), or NULL. Its text, to be freed; NULL: memory was out, if only for its end. */
static inline char *mem_written(FILE *to, char **text)
{
	const bool failed = !to || ferror(to);

	if ((to && fclose(to)) || failed) {
		free(*text);
		*text = NULL;
	}
	return *text;
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
