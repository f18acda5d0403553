// SPDX-License-Identifier: MIT
/*
 * A buffer that grows, filled with numbers of a chosen byte order.
 *
 * Knows nothing of what they mean.
 */
#include <stdlib.h>
#include <string.h>

#include "insn/bytes.h"

void bytes_close(struct bytes *b)
{
	free(b->data);
	b->data = NULL;
	b->size = b->capacity = 0;
}

size_t bytes_add(struct bytes *b, const void *data, size_t size)
{
	size_t at = b->size, capacity = b->capacity ? b->capacity : 256;
	uint8_t *grown;

	if (b->failed)
		return at;
	while (capacity - at < size && capacity <= SIZE_MAX / 2)
		capacity *= 2;
	if (capacity > b->capacity) {
		grown = capacity - at < size ? NULL : realloc(b->data, capacity);
		if (!grown) {
			b->failed = true;
			return at;
		}
		b->data = grown;
		b->capacity = capacity;
	}
	if (!size)
		return at;
	if (data)
		memcpy(b->data + at, data, size);
	else
		memset(b->data + at, 0, size);
	b->size += size;
	return at;
}

static void put(struct bytes *b, size_t at, uint64_t value, unsigned int n)
{
	if (at > b->size || b->size - at < n)
		return;
	for (unsigned int i = 0; i < n; i++)
		b->data[at + i] = (uint8_t)(value >> 8 * (b->big_endian ? n - 1 - i : i));
}

void bytes_put_u16(struct bytes *b, size_t at, uint16_t value)
{
	put(b, at, value, 2);
}

void bytes_put_u32(struct bytes *b, size_t at, uint32_t value)
{
	put(b, at, value, 4);
}

void bytes_put_u64(struct bytes *b, size_t at, uint64_t value)
{
	put(b, at, value, 8);
}

size_t bytes_u16(struct bytes *b, uint16_t value)
{
	size_t at = bytes_add(b, NULL, 2);

	put(b, at, value, 2);
	return at;
}

size_t bytes_u32(struct bytes *b, uint32_t value)
{
	size_t at = bytes_add(b, NULL, 4);

	put(b, at, value, 4);
	return at;
}

size_t bytes_u64(struct bytes *b, uint64_t value)
{
	size_t at = bytes_add(b, NULL, 8);

	put(b, at, value, 8);
	return at;
}

size_t bytes_string(struct bytes *b, const char *string)
{
	return bytes_add(b, string, strlen(string) + 1);
}

void bytes_align(struct bytes *b, size_t align)
{
	if (b->size % align)
		bytes_add(b, NULL, align - b->size % align);
}
