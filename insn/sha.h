// SPDX-License-Identifier: MIT
/*
 * SHA-1 and SHA-256 (FIPS 180-4), for the tags of programs.
 *
 * Knows nothing of instructions. Not meant for secrets.
 */
#ifndef INSN_SHA_H
#define INSN_SHA_H

#include <stddef.h>
#include <stdint.h>

enum sha_kind { SHA_1, SHA_256 };

/* A hash over bytes that come in pieces. */
struct sha {
	enum sha_kind kind;
	uint32_t state[8];
	uint64_t size; /* bytes so far */
	uint8_t block[64];
};

void sha_open(struct sha *sha, enum sha_kind kind);
void sha_add(struct sha *sha, const void *bytes, size_t size);

/* The digest: 20 or 32 bytes. */
void sha_finish(struct sha *sha, uint8_t *digest);

#endif
