// SPDX-License-Identifier: MIT
/*
 * Positions in memory that the kernel writes at the same time: reading with acquire, writing with release.
 * Knows words; knows nothing of records.
 */
#ifndef LOADER_RING_POSITION_H
#define LOADER_RING_POSITION_H

#include <stddef.h>
#include <stdint.h>

/*
 * The place of a position as an unsigned long, which every machine reads and writes whole.
 *
 * A perf ring's positions are 64 bits wide, and a 32-bit machine would read them in halves, one of which
 * may be of another moment. It need not: a kernel of 32 bits counts in 32 bits and leaves the upper half
 * zero, and a kernel of 64 bits uses a reader's position only modulo the size of the ring
 * (kernel/events/ring_buffer.c, CIRC_SPACE). So the lower half is enough.
 */
static inline unsigned long *position(void *kpage, size_t off)
{
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	off += sizeof(uint64_t) - sizeof(unsigned long);
#endif
	return (unsigned long *)(void *)((uint8_t *)kpage + off);
}

/* What the kernel wrote before it moved this position is seen after this. */
static inline unsigned long position_acquire(const unsigned long *k)
{
	return __atomic_load_n(k, __ATOMIC_ACQUIRE);
}

/* Everything was read before the kernel sees this position and writes over it. */
static inline void position_release(unsigned long *k, unsigned long value)
{
	__atomic_store_n(k, value, __ATOMIC_RELEASE);
}

#endif
