// SPDX-License-Identifier: MIT
/*
 * The walk over a BPF ring buffer (5.8): Documentation/bpf/ringbuf.rst and kernel/bpf/ringbuf.c.
 *
 * A record is 8 bytes of header, of which the first 4 are the length of its data and two bits, and the
 * data, rounded up to 8. It is BUSY from bpf_ringbuf_reserve() to _submit() or _discard(); the reader
 * waits there, because records come in the order of their reservation. The data is mapped twice in a row,
 * so that the record at the end goes on in the second mapping.
 *
 * Positions are the kernel's `unsigned long`, and so they are read: a program of 32 bits needs a kernel of
 * 32 bits.
 */
#include <errno.h>
#include <linux/bpf.h>

#include "loader/ring/position.h"
#include "loader/ring/ring.h"

#define FLAGS (BPF_RINGBUF_BUSY_BIT | BPF_RINGBUF_DISCARD_BIT)

int bpf_ringbuf_walk(struct bpf_ringbuf *ring, hewn_event_fn *fn, void *ctx, struct hewn_ring_stats *stats,
		     int *stop)
{
	unsigned long *kconsumer = ring->kconsumer;
	const unsigned long producer = position_acquire(ring->kproducer);
	unsigned long at = *kconsumer, released = at; /* only this side writes it */
	int n = 0, ret = 0;

	*stop = 0;
	if (producer - at > ring->size || (producer | at) & 7)
		ret = -EIO;
	while (at != producer && !*stop && !ret) {
		const uint8_t *record = ring->kdata + (at & (ring->size - 1));
		/* acquire: the data was written before BUSY was cleared */
		const uint32_t head = __atomic_load_n((const uint32_t *)(const void *)record, __ATOMIC_ACQUIRE);
		const uint32_t size = head & ~(uint32_t)FLAGS; /* below 2^30, so the sum below fits */
		const uint32_t step = (size + BPF_RINGBUF_HDR_SZ + 7) & ~7u;

		if (head & BPF_RINGBUF_BUSY_BIT)
			break;
		if (step > producer - at) {
			ret = -EIO;
			break;
		}
		at += step;
		if (!(head & BPF_RINGBUF_DISCARD_BIT)) {
			const struct hewn_event event = { .data = record + BPF_RINGBUF_HDR_SZ, .size = size, .cpu = -1 };

			stats->received++;
			stats->bytes += size;
			n++;
			*stop = fn(ctx, &event);
		}
		/*
		 * Now and then room for the writer. It wakes the reader for a record that is at the reader's
		 * position; while that lags behind, a busy writer is spared the wake-ups. None is missed:
		 * epoll looks at both positions before it sleeps.
		 */
		if (at - released >= ring->size / 4) {
			position_release(kconsumer, at);
			released = at;
		}
	}
	if (ret)
		at = producer; /* nothing in between can be trusted, not even where a record begins */
	position_release(kconsumer, at);
	return ret ? ret : n;
}
