// SPDX-License-Identifier: MIT
/*
 * The walk over a perf ring: perf_event_open(2), "MMAP layout". Knows the records that
 * bpf_perf_event_output() makes and PERF_RECORD_LOST, and steps over all others.
 *
 * A ring of 64 bytes, head 88, tail 40. One record of 48 bytes waits, from byte 40 of the data on; it
 * wraps after 24 bytes, and the rest is at byte 0:
 *
 *	byte  0               24              40               64
 *	      | end of record |     free      | start of record |
 *	                      head % 64 = 24  tail % 64 = 40
 *
 * A header never wraps: it has 8 bytes, and so has every record a multiple of 8.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "loader/ring/position.h"
#include "loader/ring/ring.h"

/* PERF_RECORD_SAMPLE with PERF_SAMPLE_RAW and nothing else. */
struct sample {
	struct perf_event_header header;
	uint32_t size; /* of the data with its padding: the record ends with it */
	uint8_t data[];
};

#define SAMPLE_HEAD (sizeof(struct perf_event_header) + sizeof(uint32_t))

/* PERF_RECORD_LOST */
struct lost {
	struct perf_event_header header;
	uint64_t id, lost;
};

/* The record at a position in one piece: where it wraps, a copy. NULL: out of memory. */
static const void *whole(struct perf_ring *ring, unsigned long at, uint32_t size)
{
	const unsigned long off = (unsigned long)(at & (ring->size - 1));
	const unsigned long first = (unsigned long)ring->size - off;

	if (size <= first)
		return ring->kdata + off;
	if (size > ring->copy_size) {
		uint8_t *grown = realloc(ring->copy, 2 * (size_t)size);

		if (!grown)
			return NULL;
		ring->copy = grown;
		ring->copy_size = 2 * size;
	}
	memcpy(ring->copy, ring->kdata + off, first);
	memcpy(ring->copy + first, ring->kdata, size - first);
	return ring->copy;
}

/* Gives one whole record. 0 goes on; -EIO: damaged; else what fn returned, in *stop. */
static int give(const struct perf_ring *ring, const struct perf_event_header *header, hewn_event_fn *fn,
		void *ctx, struct hewn_ring_stats *stats, int *n, int *stop)
{
	struct hewn_event event = { .cpu = ring->cpu };

	if (header->type == PERF_RECORD_SAMPLE) {
		const struct sample *sample = (const void *)header;

		if (header->size < SAMPLE_HEAD || sample->size > header->size - SAMPLE_HEAD)
			return -EIO;
		event.data = sample->data;
		event.size = sample->size;
		stats->received++;
		stats->bytes += event.size;
		(*n)++;
	} else if (header->type == PERF_RECORD_LOST) {
		const struct lost *lost = (const void *)header;

		if (header->size < sizeof(*lost))
			return -EIO;
		event.lost = lost->lost;
		stats->lost += event.lost;
		if (!event.lost)
			return 0;
	} else {
		return 0;
	}
	*stop = fn(ctx, &event);
	return 0;
}

int perf_ring_walk(struct perf_ring *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats, int *stop)
{
	unsigned long *ktail = position(ring->kpage, offsetof(struct perf_event_mmap_page, data_tail));
	const unsigned long head =
		position_acquire(position(ring->kpage, offsetof(struct perf_event_mmap_page, data_head)));
	unsigned long tail = *ktail, released = tail; /* only this side writes it */
	int n = 0, ret = 0;

	*stop = 0;
	if (head - tail > ring->size || (head | tail) & 7)
		ret = -EIO;
	while (tail != head && !*stop && !ret) {
		const struct perf_event_header *header =
			(const void *)(ring->kdata + (tail & (ring->size - 1)));
		const uint32_t size = header->size;
		const void *record;

		/* 0 would never end; what is no multiple of 8 would split the next header */
		if (size < sizeof(*header) || size & 7 || size > head - tail) {
			ret = -EIO;
			break;
		}
		record = whole(ring, tail, size);
		if (!record) {
			ret = -ENOMEM;
			break;
		}
		ret = give(ring, record, fn, ctx, stats, &n, stop);
		tail += size;
		/* Now and then room for the writer: each time costs it a cache miss, and never costs it records. */
		if (tail - released >= ring->size / 4) {
			position_release(ktail, tail);
			released = tail;
		}
	}
	if (ret == -EIO)
		tail = head; /* nothing in between can be trusted, not even where a record begins */
	position_release(ktail, tail);
	return ret ? ret : n;
}
