// SPDX-License-Identifier: MIT
/*
 * gzip files, unpacked: the kernel gives its configuration as one. Bytes in, bytes out; knows nothing of what is
 * in them.
 */
#ifndef LOADER_TARGET_INFLATE_H
#define LOADER_TARGET_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/*
 * Unpacks the first member of a gzip file (RFC 1952, 1951) of n bytes, if it has no more than max. On success
 * *out, which ends with a zero that *size does not count, is the caller's to free. -EBADMSG: not gzip, cut off, or
 * damaged; -EFBIG; -ENOMEM.
 */
int inflate_gzip(const uint8_t *in, size_t n, size_t max, uint8_t **out, size_t *size);

/* The checksum that gzip keeps of its contents. */
uint32_t inflate_crc32(const uint8_t *bytes, size_t n);

#endif
