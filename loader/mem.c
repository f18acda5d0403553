// SPDX-License-Identifier: MIT
/* Pools: see mem.h. Knows nothing of what is in them. */
#include <stdint.h>
#include <stdio.h>

#include "loader/mem.h"

#define FIRST_BLOCK 2048u
#define LAST_BLOCK  (64u * 1024) /* blocks double up to here */

struct mem_block {
	struct mem_block *before;
	_Alignas(8) char bytes[];
};

/* A sanitizer sees no border inside of a block, so there each piece has a block of its own. */
#ifdef __has_feature
#define ONE_PIECE __has_feature(address_sanitizer)
#elif defined(__SANITIZE_ADDRESS__)
#define ONE_PIECE 1
#else
#define ONE_PIECE 0
#endif

/* A block for this piece and the next ones; where the piece is large, for it alone. */
static void *take_block(struct mem_pool *pool, size_t size)
{
	const size_t room = !pool->room ? FIRST_BLOCK : pool->room < LAST_BLOCK ? pool->room * 2 : LAST_BLOCK;
	const bool alone = ONE_PIECE || size > room / 2;
	struct mem_block *block = malloc(sizeof(*block) + (alone ? size : room));

	if (!block)
		return NULL;
	block->before = pool->last;
	pool->last = block;
	if (alone)
		return block->bytes;
	pool->room = room;
	pool->at = block->bytes + size;
	pool->left = room - size;
	return block->bytes;
}

void *mem_take(struct mem_pool *pool, size_t size)
{
	char *piece = pool->at;

	if (size > SIZE_MAX / 2)
		return NULL;
	size = size ? (size + 7) & ~(size_t)7 : 8;
	if (size > pool->left)
		return take_block(pool, size);
	pool->at += size;
	pool->left -= size;
	return piece;
}

char *mem_text(struct mem_pool *pool, const char *fmt, va_list args)
{
	char *const there = pool->at;
	va_list again;
	char *text;
	int n;

	va_copy(again, args);
	n = vsnprintf(there, pool->left, fmt, args);
	text = n < 0 ? NULL : mem_take(pool, (size_t)n + 1);
	if (text && text != there) /* there was no room */
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	return text;
}

/* The elements that an array of n, and not 0, has room for: a power of two. */
static size_t room_of(uint32_t n, size_t size)
{
	size_t room = size <= 32 ? 4 : 1;

	while (room < n)
		room *= 2;
	return room;
}

void *mem_add(struct mem_pool *pool, void *array, uint32_t *n, size_t size)
{
	void *v, *grown;

	memcpy(&v, array, sizeof(v));
	if (!*n || *n == room_of(*n, size)) {
		grown = *n < UINT32_MAX / 4 ? mem_take(pool, room_of(*n + 1, size) * size) : NULL;
		if (!grown)
			return NULL;
		if (*n)
			memcpy(grown, v, *n * size);
		v = grown;
		memcpy(array, &v, sizeof(v));
	}
	return memset((char *)v + (*n)++ * size, 0, size);
}

void *mem_copy(struct mem_pool *pool, const void *array, uint32_t n, size_t size)
{
	void *copy = mem_take(pool, room_of(n, size) * size);

	return copy && n ? memcpy(copy, array, n * size) : copy;
}

void mem_close(struct mem_pool *pool)
{
	while (pool->last) {
		struct mem_block *before = pool->last->before;

		free(pool->last);
		pool->last = before;
	}
	*pool = (struct mem_pool){ 0 };
}
