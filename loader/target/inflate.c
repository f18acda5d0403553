// SPDX-License-Identifier: MIT
/*
 * gzip, unpacked: see inflate.h. The stream is bits, the lowest of each byte first, in blocks: stored, or coded
 * by two prefix codes, one for bytes and lengths, one for distances. A code is a table of all bit patterns of its
 * longest word (15 bits at the most), so that a symbol takes one look.
 *
 * A stream that ends too early is read on as zeros; how far is remembered, and asked for.
 */
#include "loader/target/inflate.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#define MAX_BITS   15
#define N_LENGTHS  288 /* bytes, end of block, lengths; two are never used */
#define N_DISTANCES 30
#define N_CODES	   320 /* lengths and distances together: 286 + 32 */
#define END	   256

struct code {
	uint16_t table[1 << MAX_BITS]; /* symbol << 4 | bits; 0: no such word */
	unsigned int bits;             /* of the longest word; 0: there are none */
};

struct stream {
	const uint8_t *in;
	size_t n, at;
	uint64_t hold;      /* bits that were read, the next one lowest */
	unsigned int n_hold;
	uint8_t *out;
	size_t size, room, max;
	struct code *lengths, *distances;
};

/* ── bits ── */

/* Makes at least 32 bits ready. */
static void fill(struct stream *s)
{
	while (s->n_hold <= 56) {
		s->hold |= (uint64_t)(s->at < s->n ? s->in[s->at] : 0) << s->n_hold;
		s->at++;
		s->n_hold += 8;
	}
}

static uint32_t take(struct stream *s, unsigned int bits)
{
	uint32_t value = (uint32_t)(s->hold & ((1ull << bits) - 1));

	s->hold >>= bits;
	s->n_hold -= bits;
	return value;
}

/* Whether more was taken than there is. */
static bool is_over(const struct stream *s)
{
	return s->at - s->n_hold / 8 > s->n;
}

/* ── codes ── */

static uint32_t mirror(uint32_t word, unsigned int bits)
{
	uint32_t result = 0;

	for (; bits; bits--, word >>= 1)
		result = result << 1 | (word & 1);
	return result;
}

/*
 * The canonical code of these lengths: words of one length are consecutive, in the order of their symbols. One that
 * has more words than bits allow is refused; one that has fewer is not, but if it has more than one word: then
 * each must be of use.
 */
static int code_make(struct code *code, const uint8_t *lengths, unsigned int n)
{
	uint32_t count[MAX_BITS + 1] = { 0 }, next[MAX_BITS + 1], word = 0;
	int32_t left = 1;

	for (unsigned int i = 0; i < n; i++)
		count[lengths[i]]++;
	code->bits = 0;
	count[0] = 0;
	for (unsigned int bits = 1; bits <= MAX_BITS; bits++) {
		left = left * 2 - (int32_t)count[bits];
		if (left < 0)
			return -EBADMSG;
		word = (word + count[bits - 1]) << 1;
		next[bits] = word;
		if (count[bits])
			code->bits = bits;
	}
	if (left > 0 && code->bits > 1)
		return -EBADMSG;
	memset(code->table, 0, sizeof(*code->table) << code->bits);
	for (unsigned int i = 0; i < n; i++) {
		const unsigned int bits = lengths[i];

		if (!bits)
			continue;
		word = mirror(next[bits]++, bits);
		for (; word < 1u << code->bits; word += 1u << bits)
			code->table[word] = (uint16_t)(i << 4 | bits);
	}
	return 0;
}

/* The next symbol; -EBADMSG: no word of the code. 15 bits must be ready. */
static int symbol(struct stream *s, const struct code *code)
{
	const uint16_t entry = code->table[s->hold & ((1u << code->bits) - 1)];

	if (!entry || !code->bits)
		return -EBADMSG;
	take(s, entry & 15);
	return entry >> 4;
}

/* ── blocks ── */

/* Room for n bytes more. */
static int grow(struct stream *s, size_t n)
{
	size_t room = s->room ? s->room * 2 : 1 << 16;
	uint8_t *out;

	if (n > s->max - s->size)
		return -EFBIG;
	if (s->size + n <= s->room)
		return 0;
	while (room < s->size + n)
		room *= 2;
	out = realloc(s->out, room + 1);
	if (!out)
		return -ENOMEM;
	s->out = out;
	s->room = room;
	return 0;
}

static int stored_block(struct stream *s)
{
	uint32_t size, inverse;
	int ret;

	fill(s);
	take(s, s->n_hold % 8); /* to the next whole byte */
	size = take(s, 16);
	inverse = take(s, 16);
	if (size != (~inverse & 0xffff))
		return -EBADMSG;
	s->at -= s->n_hold / 8;
	s->hold = s->n_hold = 0;
	if (s->at > s->n || size > s->n - s->at)
		return -EBADMSG;
	ret = grow(s, size);
	if (ret || !size)
		return ret;
	memcpy(s->out + s->size, s->in + s->at, size);
	s->size += size;
	s->at += size;
	return 0;
}

/* A length or distance: so many more bits, added to a base. */
struct extra {
	uint16_t base;
	uint8_t bits;
};

static const struct extra length_extras[] = {
	{ 3, 0 },  { 4, 0 },  { 5, 0 },	 { 6, 0 },  { 7, 0 },  { 8, 0 },  { 9, 0 },   { 10, 0 },  { 11, 1 },  { 13, 1 },
	{ 15, 1 }, { 17, 1 }, { 19, 2 }, { 23, 2 }, { 27, 2 }, { 31, 2 }, { 35, 3 },  { 43, 3 },  { 51, 3 },  { 59, 3 },
	{ 67, 4 }, { 83, 4 }, { 99, 4 }, { 115, 4 }, { 131, 5 }, { 163, 5 }, { 195, 5 }, { 227, 5 }, { 258, 0 },
};
static const struct extra distance_extras[N_DISTANCES] = {
	{ 1, 0 },     { 2, 0 },	    { 3, 0 },	  { 4, 0 },	{ 5, 1 },     { 7, 1 },	    { 9, 2 },	   { 13, 2 },
	{ 17, 3 },    { 25, 3 },    { 33, 4 },	  { 49, 4 },	{ 65, 5 },    { 97, 5 },    { 129, 6 },	   { 193, 6 },
	{ 257, 7 },   { 385, 7 },   { 513, 8 },	  { 769, 8 },	{ 1025, 9 },  { 1537, 9 },  { 2049, 10 },  { 3073, 10 },
	{ 4097, 11 }, { 6145, 11 }, { 8193, 12 }, { 12289, 12 }, { 16385, 13 }, { 24577, 13 },
};

/* Bytes that were there before: `length` from `distance` back, which may overlap. */
static int copy(struct stream *s, unsigned int length_symbol)
{
	uint32_t length, distance;
	int ret;

	if (length_symbol >= sizeof(length_extras) / sizeof(*length_extras))
		return -EBADMSG;
	length = length_extras[length_symbol].base + take(s, length_extras[length_symbol].bits);
	fill(s);
	ret = symbol(s, s->distances);
	if (ret < 0 || ret >= N_DISTANCES)
		return -EBADMSG;
	distance = distance_extras[ret].base + take(s, distance_extras[ret].bits);
	if (distance > s->size)
		return -EBADMSG;
	ret = grow(s, length);
	for (uint32_t i = 0; i < length && !ret; i++, s->size++)
		s->out[s->size] = s->out[s->size - distance];
	return ret;
}

static int coded_block(struct stream *s)
{
	int ret;

	for (;;) {
		fill(s);
		if (is_over(s))
			return -EBADMSG;
		ret = symbol(s, s->lengths);
		if (ret < 0 || ret == END)
			return ret < 0 ? ret : 0;
		if (ret > END) {
			ret = copy(s, (unsigned int)ret - END - 1);
		} else {
			const uint8_t byte = (uint8_t)ret;

			ret = grow(s, 1);
			if (!ret)
				s->out[s->size++] = byte;
		}
		if (ret)
			return ret;
	}
}

/* The code that RFC 1951 fixes. */
static int fixed_codes(struct stream *s)
{
	uint8_t lengths[N_LENGTHS];
	int ret;

	for (unsigned int i = 0; i < N_LENGTHS; i++)
		lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
	ret = code_make(s->lengths, lengths, N_LENGTHS);
	memset(lengths, 5, 32);
	return ret ? ret : code_make(s->distances, lengths, 32);
}

/* The lengths of two codes' words, in a code of their own, with repetitions. */
static int read_lengths(struct stream *s, uint8_t *lengths, unsigned int n)
{
	unsigned int i = 0, times;

	while (i < n) {
		uint8_t value = 0;
		int ret;

		fill(s);
		ret = is_over(s) ? -EBADMSG : symbol(s, s->lengths);
		if (ret < 0)
			return ret;
		if (ret < 16) {
			lengths[i++] = (uint8_t)ret;
			continue;
		}
		if (ret == 16 && !i)
			return -EBADMSG;
		if (ret == 16)
			value = lengths[i - 1];
		times = ret == 16 ? 3 + take(s, 2) : ret == 17 ? 3 + take(s, 3) : 11 + take(s, 7);
		if (times > n - i)
			return -EBADMSG;
		memset(lengths + i, value, times);
		i += times;
	}
	return 0;
}

static int dynamic_codes(struct stream *s)
{
	static const uint8_t order[19] = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };
	uint8_t lengths[N_CODES] = { 0 };
	unsigned int n_lengths, n_distances, n;
	int ret;

	fill(s);
	n_lengths = 257 + take(s, 5);
	n_distances = 1 + take(s, 5);
	n = 4 + take(s, 4);
	if (n_lengths > 286 || n_distances > N_DISTANCES)
		return -EBADMSG;
	for (unsigned int i = 0; i < n; i++) {
		fill(s);
		lengths[order[i]] = (uint8_t)take(s, 3);
	}
	ret = code_make(s->lengths, lengths, 19);
	memset(lengths, 0, sizeof(lengths));
	if (!ret)
		ret = read_lengths(s, lengths, n_lengths + n_distances);
	if (!ret && !lengths[END])
		ret = -EBADMSG;
	if (!ret)
		ret = code_make(s->lengths, lengths, n_lengths);
	return ret ? ret : code_make(s->distances, lengths + n_lengths, n_distances);
}

static int blocks(struct stream *s)
{
	bool last = false;
	int ret = 0;

	while (!last && !ret) {
		fill(s);
		last = take(s, 1);
		switch (take(s, 2)) {
		case 0:
			ret = stored_block(s);
			break;
		case 1:
			ret = fixed_codes(s);
			ret = ret ? ret : coded_block(s);
			break;
		case 2:
			ret = dynamic_codes(s);
			ret = ret ? ret : coded_block(s);
			break;
		default:
			ret = -EBADMSG;
		}
		if (!ret && is_over(s))
			ret = -EBADMSG;
	}
	return ret;
}

/* ── the file around it ── */

uint32_t inflate_crc32(const uint8_t *bytes, size_t n)
{
	uint32_t table[256], crc = UINT32_MAX;

	for (uint32_t i = 0; i < 256; i++) {
		uint32_t value = i;

		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^ (value & 1 ? 0xedb88320u : 0);
		table[i] = value;
	}
	for (size_t i = 0; i < n; i++)
		crc = crc >> 8 ^ table[(crc ^ bytes[i]) & 0xff];
	return ~crc;
}

static uint32_t little32(const uint8_t *at)
{
	return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

/* Where the stream begins; 0: not gzip. */
static size_t skip_header(const uint8_t *in, size_t n)
{
	size_t at = 10;
	uint8_t flags;

	if (n < at || in[0] != 0x1f || in[1] != 0x8b || in[2] != 8)
		return 0;
	flags = in[3];
	if (flags & 4) { /* extra bytes */
		if (n < at + 2)
			return 0;
		at += 2u + in[at] + 256u * in[at + 1];
	}
	for (int text = 8; text <= 16; text *= 2) { /* name, comment */
		while (flags & text && at < n && in[at])
			at++;
		at += flags & text ? 1 : 0;
	}
	at += flags & 2 ? 2 : 0; /* a checksum of the header */
	return at < n ? at : 0;
}

int inflate_gzip(const uint8_t *in, size_t n, size_t max, uint8_t **out, size_t *size)
{
	struct stream s = { .in = in, .n = n, .at = skip_header(in, n), .max = max };
	int ret = s.at ? 0 : -EBADMSG;

	*out = NULL;
	*size = 0;
	s.lengths = malloc(sizeof(*s.lengths));
	s.distances = malloc(sizeof(*s.distances));
	if (!ret && (!s.lengths || !s.distances))
		ret = -ENOMEM;
	if (!ret)
		ret = blocks(&s);
	if (!ret)
		ret = grow(&s, 0);
	if (!ret && !s.out) {
		s.out = malloc(1);
		ret = s.out ? 0 : -ENOMEM;
	}
	free(s.lengths);
	free(s.distances);
	s.at -= s.n_hold / 8; /* what is behind the stream: a checksum, and the size */
	if (!ret && (s.at > n || n - s.at < 8 || little32(in + s.at) != inflate_crc32(s.out, s.size) ||
		     little32(in + s.at + 4) != (uint32_t)s.size))
		ret = -EBADMSG;
	if (ret) {
		free(s.out);
		return ret;
	}
	s.out[s.size] = '\0';
	*out = s.out;
	*size = s.size;
	return 0;
}
