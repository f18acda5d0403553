// SPDX-License-Identifier: MIT
/*
 * SHA-1 and SHA-256, after FIPS 180-4. The names of the variables are those of the standard.
 *
 * Knows nothing of instructions.
 */
#include <string.h>

#include "insn/sha.h"

static uint32_t rotl(uint32_t x, unsigned int n)
{
	return x << n | x >> (32 - n);
}

static uint32_t rotr(uint32_t x, unsigned int n)
{
	return x >> n | x << (32 - n);
}

static uint32_t load(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void block_1(uint32_t *state, const uint8_t *block)
{
	static const uint32_t k[4] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
	uint32_t w[80] = {0}, a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

	for (unsigned int t = 0; t < 16; t++)
		w[t] = load(block + 4 * t);
	for (unsigned int t = 16; t < 80; t++)
		w[t] = rotl(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (unsigned int t = 0; t < 80; t++) {
		uint32_t f, next;

		if (t < 20)
			f = (b & c) | (~b & d);
		else if (t < 40 || t >= 60)
			f = b ^ c ^ d;
		else
			f = (b & c) | (b & d) | (c & d);
		next = rotl(a, 5) + f + e + k[t / 20] + w[t];
		e = d;
		d = c;
		c = rotl(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

/* The first 32 bits of the fractions of the cube roots of the first 64 primes. */
static const uint32_t k_256[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

static void block_256(uint32_t *state, const uint8_t *block)
{
	uint32_t w[64], s[8];

	memcpy(s, state, sizeof(s));
	for (unsigned int t = 0; t < 16; t++)
		w[t] = load(block + 4 * t);
	for (unsigned int t = 16; t < 64; t++) {
		uint32_t s0 = rotr(w[t - 15], 7) ^ rotr(w[t - 15], 18) ^ w[t - 15] >> 3;
		uint32_t s1 = rotr(w[t - 2], 17) ^ rotr(w[t - 2], 19) ^ w[t - 2] >> 10;

		w[t] = s1 + w[t - 7] + s0 + w[t - 16];
	}
	for (unsigned int t = 0; t < 64; t++) {
		uint32_t e = s[4], a = s[0];
		uint32_t t1 = s[7] + (rotr(e, 6) ^ rotr(e, 11) ^ rotr(e, 25)) +
			      ((e & s[5]) ^ (~e & s[6])) + k_256[t] + w[t];
		uint32_t t2 = (rotr(a, 2) ^ rotr(a, 13) ^ rotr(a, 22)) +
			      ((a & s[1]) ^ (a & s[2]) ^ (s[1] & s[2]));

		memmove(s + 1, s, 7 * sizeof(*s));
		s[4] += t1;
		s[0] = t1 + t2;
	}
	for (unsigned int i = 0; i < 8; i++)
		state[i] += s[i];
}

void sha_open(struct sha *sha, enum sha_kind kind)
{
	static const uint32_t start_1[8] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476,
					    0xc3d2e1f0};
	static const uint32_t start_256[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
					      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};

	sha->kind = kind;
	sha->size = 0;
	memcpy(sha->state, kind == SHA_1 ? start_1 : start_256, sizeof(sha->state));
}

void sha_add(struct sha *sha, const void *bytes, size_t size)
{
	const uint8_t *p = bytes;

	while (size) {
		size_t have = sha->size % 64, take = 64 - have < size ? 64 - have : size;

		memcpy(sha->block + have, p, take);
		sha->size += take;
		p += take;
		size -= take;
		if (sha->size % 64)
			continue;
		if (sha->kind == SHA_1)
			block_1(sha->state, sha->block);
		else
			block_256(sha->state, sha->block);
	}
}

void sha_finish(struct sha *sha, uint8_t *digest)
{
	static const uint8_t padding[64] = {0x80};
	uint64_t bits = sha->size * 8;
	uint8_t length[8];
	unsigned int words = sha->kind == SHA_1 ? 5 : 8;

	for (unsigned int i = 0; i < 8; i++)
		length[i] = (uint8_t)(bits >> (56 - 8 * i));
	sha_add(sha, padding, 1 + (119 - sha->size % 64) % 64);
	sha_add(sha, length, sizeof(length));
	for (unsigned int i = 0; i < 4 * words; i++)
		digest[i] = (uint8_t)(sha->state[i / 4] >> (24 - 8 * (i % 4)));
}
