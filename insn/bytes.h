// SPDX-License-Identifier: MIT
/*
 * A buffer that grows, filled with numbers of a chosen byte order.
 *
 * Knows nothing of what they mean. Without memory it keeps what it has and remembers: ask once, at
 * the end.
 */
#ifndef INSN_BYTES_H
#define INSN_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Start with { .big_endian = … }. `data` is owned: freed by bytes_close(), or handed on. */
struct bytes {
	uint8_t *data;
	size_t size, capacity;
	bool big_endian;
	bool failed; /* there was no memory */
};

void bytes_close(struct bytes *b);

/* Appends; data NULL: zeros. Returns where it lies. */
size_t bytes_add(struct bytes *b, const void *data, size_t size);
size_t bytes_u16(struct bytes *b, uint16_t value);
size_t bytes_u32(struct bytes *b, uint32_t value);
size_t bytes_u64(struct bytes *b, uint64_t value);

/* Appends a string with its end. */
size_t bytes_string(struct bytes *b, const char *string);

/* Writes over what lies at `at`. */
void bytes_put_u16(struct bytes *b, size_t at, uint16_t value);
void bytes_put_u32(struct bytes *b, size_t at, uint32_t value);
void bytes_put_u64(struct bytes *b, size_t at, uint64_t value);

/* Zeros up to a multiple of align. */
void bytes_align(struct bytes *b, size_t align);

#endif
