// SPDX-License-Identifier: MIT
/*
 * Walks over rings in plain memory: this program plays the kernel. Each data area is a heap block of
 * exactly its size, so that a byte too far is found by ASan.
 */
#include "loader/ring/ring.h"
#include "tests/tap.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <pthread.h>
#include <sys/mman.h>
#include <unistd.h>

#define SIZE 4096u

/* What the callback saw. */
struct seen {
	uint32_t n, n_lost, stop_at;
	uint64_t lost;
	uint32_t size;
	int cpu;
	bool wrong;             /* the data is not the pattern */
	unsigned long *position; /* the reader's position as it was at the callback */
	unsigned long position_was;
};

static uint8_t pattern(uint32_t i)
{
	return (uint8_t)(i * 7 + (i >> 8) + 1);
}

static int see(void *ctx, const struct hewn_event *event)
{
	struct seen *seen = ctx;
	const uint8_t *bytes = event->data;

	seen->cpu = event->cpu;
	if (seen->position)
		seen->position_was = *seen->position;
	if (event->lost) {
		seen->n_lost++;
		seen->lost += event->lost;
		return 0;
	}
	seen->n++;
	seen->size = event->size;
	for (uint32_t i = 0; i < event->size; i++)
		seen->wrong |= bytes[i] != pattern(i);
	return seen->n == seen->stop_at ? 77 : 0;
}

static void *zeros(size_t size)
{
	void *block = calloc(1, size);

	if (!block)
		exit(1);
	return block;
}

/* ── a perf ring ── */

static struct perf_ring perf_new(uint32_t size)
{
	return (struct perf_ring){ .kpage = zeros(4096), .kdata = zeros(size), .size = size, .cpu = 3 };
}

static void perf_free(struct perf_ring *ring)
{
	free(ring->kpage);
	free(ring->kdata);
	free(ring->copy);
}

static struct perf_event_mmap_page *page_of(struct perf_ring *ring)
{
	return ring->kpage;
}

/* Puts bytes at the head, byte by byte around the end. */
static void put(struct perf_ring *ring, const void *bytes, uint32_t size)
{
	uint64_t head = page_of(ring)->data_head;

	for (uint32_t i = 0; i < size; i++)
		ring->kdata[(head + i) & (ring->size - 1)] = ((const uint8_t *)bytes)[i];
	page_of(ring)->data_head = head + size;
}

static void put_header(struct perf_ring *ring, uint32_t type, uint32_t size)
{
	struct perf_event_header header = { .type = type, .size = (uint16_t)size };

	put(ring, &header, sizeof(header));
}

/* A sample whose record has `size` bytes: 8 of header, 4 of size, and the data. */
static void put_sample(struct perf_ring *ring, uint32_t size)
{
	static uint8_t data[65536];
	uint32_t n = size - 12;

	for (uint32_t i = 0; i < n; i++)
		data[i] = pattern(i);
	put_header(ring, PERF_RECORD_SAMPLE, size);
	put(ring, &n, sizeof(n));
	put(ring, data, n);
}

static void put_lost(struct perf_ring *ring, uint64_t lost)
{
	uint64_t words[2] = { 1, lost };

	put_header(ring, PERF_RECORD_LOST, 24);
	put(ring, words, sizeof(words));
}

static void perf_sizes(void)
{
	struct perf_ring ring = perf_new(SIZE);
	bool all = true;

	for (uint32_t size = 16; size <= SIZE; size += 8) {
		for (uint32_t off = 0; off < SIZE; off += 8) {
			struct hewn_ring_stats stats = { 0 };
			struct seen seen = { 0 };
			int n, stop;

			page_of(&ring)->data_head = page_of(&ring)->data_tail = off;
			put_sample(&ring, size);
			n = perf_ring_walk(&ring, see, &seen, &stats, &stop);
			all &= n == 1 && seen.n == 1 && seen.size == size - 12 && !seen.wrong && seen.cpu == 3 &&
			       stats.bytes == size - 12 && page_of(&ring)->data_tail == off + size;
		}
	}
	ok(all, "records_of_every_size_at_every_offset_arrive_whole");
	perf_free(&ring);
}

static void perf_order(void)
{
	struct perf_ring ring = perf_new(SIZE);
	struct hewn_ring_stats stats = { 0 };
	struct seen seen = { .position = (unsigned long *)(void *)&page_of(&ring)->data_tail };
	int stop;

	put_lost(&ring, 5);
	put_sample(&ring, 80);
	put_header(&ring, PERF_RECORD_THROTTLE, 32);
	put(&ring, (const uint8_t[24]){ 0 }, 24);
	put_sample(&ring, 16);
	put_lost(&ring, 7);
	eq_int(perf_ring_walk(&ring, see, &seen, &stats, &stop), 2, "lost_and_unknown_records_are_not_counted");
	eq_int(stats.received, 2, "stats_count_the_samples");
	eq_int(stats.lost, 12, "stats_add_up_the_losses");
	eq_int(seen.lost, 12, "the_callback_is_told_of_the_losses");
	eq_int(stats.bytes, 68 + 4, "stats_count_the_bytes");
	eq_int(seen.position_was, 0, "the_tail_is_not_released_before_the_record_was_given");
	eq_int(page_of(&ring)->data_tail, page_of(&ring)->data_head, "the_tail_is_released_at_the_end");
	eq_int(perf_ring_walk(&ring, see, &seen, &stats, &stop), 0, "an_empty_ring_gives_nothing");

	seen = (struct seen){ .stop_at = 2 };
	put_sample(&ring, 80);
	put_sample(&ring, 80);
	put_sample(&ring, 80);
	perf_ring_walk(&ring, see, &seen, &stats, &stop);
	eq_int(stop, 77, "the_callback_stops_the_walk");
	eq_int(page_of(&ring)->data_head - page_of(&ring)->data_tail, 80, "what_was_given_is_not_given_again");
	seen.stop_at = 0;
	eq_int(perf_ring_walk(&ring, see, &seen, &stats, &stop), 1, "the_next_walk_goes_on_behind_it");

	page_of(&ring)->data_head = page_of(&ring)->data_tail = (1ull << 32) - 8;
	put_sample(&ring, 80);
	eq_int(perf_ring_walk(&ring, see, &seen, &stats, &stop), 1, "positions_go_on_behind_32_bits");
	page_of(&ring)->data_head = page_of(&ring)->data_tail = -(uint64_t)16;
	put_sample(&ring, 80);
	eq_int(perf_ring_walk(&ring, see, &seen, &stats, &stop), 1, "positions_go_on_behind_64_bits");
	ok(!seen.wrong, "all_of_them_whole");
	perf_free(&ring);
}

/* A ring with one good record, then this header, then `head` moved by `more`. */
static void perf_bad(uint32_t type, uint32_t size, uint32_t raw, uint64_t more, const char *name)
{
	for (uint64_t off = 0; off < SIZE; off += 1024 - 8) { /* with and without a wrap */
		struct perf_ring ring = perf_new(SIZE);
		struct hewn_ring_stats stats = { 0 };
		struct seen seen = { 0 };
		int stop, ret, after;

		page_of(&ring)->data_head = page_of(&ring)->data_tail = off;
		put_sample(&ring, 80);
		put_header(&ring, type, size);
		put(&ring, &raw, sizeof(raw));
		page_of(&ring)->data_head += more - 12;
		ret = perf_ring_walk(&ring, see, &seen, &stats, &stop);
		after = (unsigned long)page_of(&ring)->data_tail == (unsigned long)page_of(&ring)->data_head; /* 32 bits of them there */
		if (ret != -EIO || !after || seen.n > 1 || off >= 3000) {
			eq_int(ret, -EIO, name);
			ok(after, name);
			ok(seen.n <= 1, name);
			off = SIZE;
		}
		perf_free(&ring);
	}
}

static void perf_damaged(void)
{
	perf_bad(PERF_RECORD_SAMPLE, 0, 4, 16, "a_record_of_size_0_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 4, 4, 16, "a_record_shorter_than_its_header_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 8, 0, 16, "a_sample_without_size_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 20, 4, 24, "a_record_that_splits_the_next_header_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 24, 4, 16, "a_record_past_the_head_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 16, 5, 16, "data_longer_than_the_record_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 16, UINT32_MAX, 16, "data_longer_than_anything_is_EIO");
	perf_bad(PERF_RECORD_LOST, 16, 0, 16, "a_short_lost_record_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 16, 4, 20, "a_head_that_is_no_multiple_of_8_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 16, 4, SIZE + 8, "a_head_further_than_the_ring_is_EIO");
	perf_bad(PERF_RECORD_SAMPLE, 16, 4, -(uint64_t)96, "a_head_behind_the_tail_is_EIO");
}

/* ── a BPF ring buffer ── */

static struct bpf_ringbuf ringbuf_new(uint32_t size)
{
	return (struct bpf_ringbuf){ zeros(4096), zeros(4096), zeros(2 * size), size };
}

static void ringbuf_free(struct bpf_ringbuf *ring)
{
	free(ring->kconsumer);
	free(ring->kproducer);
	free(ring->kdata);
}

static unsigned long *consumer(struct bpf_ringbuf *ring)
{
	return ring->kconsumer;
}

static unsigned long *producer(struct bpf_ringbuf *ring)
{
	return ring->kproducer;
}

/* Both mappings show the same byte. */
static void set(struct bpf_ringbuf *ring, unsigned long at, uint8_t byte)
{
	ring->kdata[at & (ring->size - 1)] = byte;
	ring->kdata[(at & (ring->size - 1)) + ring->size] = byte;
}

static void reserve(struct bpf_ringbuf *ring, uint32_t size, uint32_t flags)
{
	unsigned long at = *producer(ring);
	uint32_t head = size | flags;

	for (uint32_t i = 0; i < 4; i++)
		set(ring, at + i, ((const uint8_t *)&head)[i]);
	for (uint32_t i = 0; i < size; i++)
		set(ring, at + 8 + i, pattern(i));
	*producer(ring) = at + ((size + 8 + 7) & ~7ul);
}

static void ringbuf_sizes(void)
{
	struct bpf_ringbuf ring = ringbuf_new(SIZE);
	bool all = true;

	for (uint32_t size = 1; size <= SIZE - 8; size += size < 64 ? 1 : 9) {
		for (unsigned long off = 0; off < SIZE; off += 8) {
			struct hewn_ring_stats stats = { 0 };
			struct seen seen = { 0 };
			int n, stop;

			*producer(&ring) = *consumer(&ring) = off - SIZE; /* and across the end of unsigned long */
			reserve(&ring, size, 0);
			n = bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop);
			all &= n == 1 && seen.n == 1 && seen.size == size && !seen.wrong && seen.cpu == -1 &&
			       stats.bytes == size && *consumer(&ring) == *producer(&ring);
		}
	}
	ok(all, "ringbuf_records_of_every_size_at_every_offset_arrive_whole");
	ringbuf_free(&ring);
}

static void ringbuf_flags(void)
{
	struct bpf_ringbuf ring = ringbuf_new(SIZE);
	struct hewn_ring_stats stats = { 0 };
	struct seen seen = { .position = consumer(&ring) };
	int stop;

	reserve(&ring, 10, BPF_RINGBUF_DISCARD_BIT);
	reserve(&ring, 20, 0);
	reserve(&ring, 30, BPF_RINGBUF_BUSY_BIT);
	reserve(&ring, 40, 0);
	eq_int(bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop), 1, "a_discarded_record_is_stepped_over");
	eq_int(seen.size, 20, "the_next_one_is_given");
	eq_int(*consumer(&ring), 24 + 32, "the_reader_waits_at_a_busy_record");
	eq_int(seen.position_was, 0, "the_position_is_not_released_before_the_record_was_given");
	ring.kdata[24 + 32 + 3] = ring.kdata[SIZE + 24 + 32 + 3] = 0; /* submitted: BUSY is bit 31 */
	if (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)
		ring.kdata[24 + 32] = 0, ring.kdata[24 + 32 + 3] = 30;
	eq_int(bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop), 2, "submitted_it_goes_on");
	eq_int(stats.received, 3, "ringbuf_stats_count_the_records");
	eq_int(stats.bytes, 90, "ringbuf_stats_count_the_bytes");
	eq_int(stats.lost, 0, "a_ring_buffer_knows_of_no_losses");

	seen = (struct seen){ .stop_at = 1 };
	reserve(&ring, 50, 0);
	reserve(&ring, 60, 0);
	bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop);
	eq_int(stop, 77, "the_callback_stops_the_ringbuf_walk");
	eq_int(bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop), 1, "the_next_ringbuf_walk_goes_on_behind_it");
	eq_int(seen.size, 60, "with_the_next_record");
	ringbuf_free(&ring);
}

static void ringbuf_bad(uint32_t size, uint32_t flags, unsigned long moved, const char *name)
{
	struct bpf_ringbuf ring = ringbuf_new(SIZE);
	struct hewn_ring_stats stats = { 0 };
	struct seen seen = { 0 };
	int stop;

	*producer(&ring) = *consumer(&ring) = SIZE - 32;
	reserve(&ring, 16, 0);
	for (uint32_t i = 0; i < 4; i++)
		set(&ring, *producer(&ring) + i, (uint8_t)((size | flags) >> (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? 24 - 8 * i : 8 * i)));
	*producer(&ring) += moved;
	eq_int(bpf_ringbuf_walk(&ring, see, &seen, &stats, &stop), -EIO, name);
	eq_int(*consumer(&ring), *producer(&ring), name);
	ringbuf_free(&ring);
}

static void ringbuf_damaged(void)
{
	ringbuf_bad(9, 0, 16, "a_ringbuf_record_past_the_writer_is_EIO");
	ringbuf_bad(0x3fffffff, 0, 16, "a_ringbuf_record_of_a_gigabyte_is_EIO");
	ringbuf_bad(9, BPF_RINGBUF_DISCARD_BIT, 16, "a_discarded_record_past_the_writer_is_EIO");
	ringbuf_bad(8, 0, SIZE + 8, "a_writer_further_than_the_ring_is_EIO");
	ringbuf_bad(8, 0, 20, "a_writer_at_no_multiple_of_8_is_EIO");
}

/* ── two threads: the writer honours the reader's position as the kernel does ── */

#define MANY 100000u

static bool quit;

/* Words of n in a row, for both writers. */
static void put_words(uint8_t *to, uint32_t size, uint32_t n)
{
	for (uint32_t i = 0; i < size; i += 4)
		memcpy(to + i, &n, 4);
}

static void *write_perf(void *arg)
{
	struct perf_ring *ring = arg;
	struct perf_event_mmap_page *kpage = ring->kpage;
	uint64_t head = 0;

	for (uint32_t n = 0; n < MANY && !__atomic_load_n(&quit, __ATOMIC_RELAXED);) {
		uint64_t record[64];
		uint32_t size = 16 + 8 * (n % 60), raw = size - 12;
		struct perf_event_header header = { .type = PERF_RECORD_SAMPLE, .size = (uint16_t)size };

		if (head + size - __atomic_load_n(&kpage->data_tail, __ATOMIC_ACQUIRE) > ring->size)
			continue;
		put_words((uint8_t *)record, size, n);
		memcpy(record, &header, sizeof(header));
		memcpy(record + 1, &raw, sizeof(raw));
		for (uint32_t i = 0; i < size; i += 8)
			memcpy(ring->kdata + ((head + i) & (ring->size - 1)), &record[i / 8], 8);
		head += size;
		__atomic_store_n(&kpage->data_head, head, __ATOMIC_RELEASE);
		n++;
	}
	return NULL;
}

static void *write_ringbuf(void *arg)
{
	struct bpf_ringbuf *ring = arg;
	unsigned long at = 0;

	for (uint32_t n = 0; n < MANY && !__atomic_load_n(&quit, __ATOMIC_RELAXED);) {
		uint32_t size = 8 + 8 * (n % 60);
		uint8_t *record = ring->kdata + (at & (ring->size - 1));
		uint32_t *header = (void *)record;

		if (at + size + 8 - __atomic_load_n(consumer(ring), __ATOMIC_ACQUIRE) > ring->size)
			continue;
		__atomic_store_n(header, size | BPF_RINGBUF_BUSY_BIT, __ATOMIC_RELAXED);
		__atomic_store_n(producer(ring), at + size + 8, __ATOMIC_RELEASE);
		put_words(record + 8, size, n);
		__atomic_store_n(header, size, __ATOMIC_RELEASE);
		at += size + 8;
		n++;
	}
	return NULL;
}

/* Every word of record n is n. */
static int count_up(void *ctx, const struct hewn_event *event)
{
	const uint8_t *words = event->data;
	uint32_t *n = ctx, number;

	for (uint32_t i = 0; i < event->size; i += 4) {
		memcpy(&number, words + i, 4);
		if (number != *n)
			return 1;
	}
	++*n;
	return 0;
}

static void threads(void)
{
	struct perf_ring perf = perf_new(SIZE);
	struct hewn_ring_stats stats = { 0 };
	pthread_t thread;
	uint32_t n = 0;
	int ret = 0, stop = 0;

	pthread_create(&thread, NULL, write_perf, &perf);
	while (n < MANY && ret >= 0 && !stop)
		ret = perf_ring_walk(&perf, count_up, &n, &stats, &stop);
	__atomic_store_n(&quit, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	eq_int(n, MANY, "no_record_is_lost_or_torn_beside_a_writing_thread");
	perf_free(&perf);
}

/* With the data mapped twice, as the kernel does. */
static void ringbuf_threads(void)
{
	const size_t size = (size_t)sysconf(_SC_PAGESIZE);
	struct bpf_ringbuf ring = { zeros(4096), zeros(4096), NULL, size };
	struct hewn_ring_stats stats = { 0 };
	char path[] = "/tmp/hewn-ring-XXXXXX";
	int file = mkstemp(path), ret = 0, stop = 0;
	pthread_t thread;
	uint32_t n = 0;

	ring.kdata = mmap(NULL, 2 * size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (file < 0 || unlink(path) || ftruncate(file, (off_t)size) || ring.kdata == MAP_FAILED ||
	    mmap(ring.kdata, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED ||
	    mmap(ring.kdata + size, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED, file, 0) == MAP_FAILED) {
		perror(path);
		exit(1);
	}
	__atomic_store_n(&quit, false, __ATOMIC_RELAXED);
	pthread_create(&thread, NULL, write_ringbuf, &ring);
	while (n < MANY && ret >= 0 && !stop)
		ret = bpf_ringbuf_walk(&ring, count_up, &n, &stats, &stop);
	__atomic_store_n(&quit, true, __ATOMIC_RELAXED);
	pthread_join(thread, NULL);
	eq_int(n, MANY, "no_ringbuf_record_is_lost_or_torn_beside_a_writing_thread");
	munmap(ring.kdata, 2 * size);
	close(file);
	free(ring.kconsumer);
	free(ring.kproducer);
}

int main(void)
{
	perf_sizes();
	perf_order();
	perf_damaged();
	ringbuf_sizes();
	ringbuf_flags();
	ringbuf_damaged();
	threads();
	ringbuf_threads();
	return tap_done();
}
