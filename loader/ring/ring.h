// SPDX-License-Identifier: MIT
/*
 * Rings in memory shared with the kernel: the walk over a perf ring and over a BPF ring buffer. Knows
 * mapped memory; knows nothing of who mapped it. ring.c joins them with a run and with epoll.
 */
#ifndef LOADER_RING_RING_H
#define LOADER_RING_RING_H

#include "loader/hewn.h"

/* One CPU's perf ring: perf_event_open(2), "MMAP layout". A k in front: memory shared with the kernel. */
struct perf_ring {
	void *kpage;        /* struct perf_event_mmap_page, one page */
	uint8_t *kdata;     /* the data pages behind it */
	uint64_t size;      /* of the data, a power of two */
	int cpu;
	uint8_t *copy;      /* a record that wraps is made whole here; grown when needed; owned */
	uint32_t copy_size;
};

/* A BPF ring buffer (5.8): Documentation/bpf/ringbuf.rst. The data is mapped twice, so nothing wraps. */
struct bpf_ringbuf {
	void *kconsumer;    /* one page, writable */
	void *kproducer;    /* one page, then the data twice; read only */
	uint8_t *kdata;
	uint64_t size;      /* of the data once, a power of two */
};

/*
 * Walk what waits: add to stats, call fn for each record, stop where fn returns not 0, and keep that in
 * *stop. Return the number of records, or a negative errno: -EIO, the ring is damaged (a record of size
 * 0, or one that ends past the head) and was emptied. The reader's position is released now and then and
 * at the end, never before a record was given; a record that fn stopped at was given.
 *
 * The size of a perf ring's record is that of the program's data with the kernel's padding: the data and
 * the 4 bytes before it are rounded up to 8, so 64 bytes arrive as 68 (bpf_perf_event_output() writes
 * round_up(size + 4, 8) - 4). What is in the padding is not defined.
 */
int perf_ring_walk(struct perf_ring *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats, int *stop);
int bpf_ringbuf_walk(struct bpf_ringbuf *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats,
		     int *stop);

#endif
