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
 * Walk what waits. Add to stats, call fn for each record; stop where fn returns not 0. Return the number
 * of records, or what fn returned. The tail is released record by record or at the end, never before a
 * record was given; a damaged ring (size 0, past the head) is -EIO and the ring is emptied.
 */
int perf_ring_walk(struct perf_ring *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats);
int bpf_ringbuf_walk(struct bpf_ringbuf *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats);

#endif
