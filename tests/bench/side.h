// SPDX-License-Identifier: MIT
/*
 * What side.c measures, and each library does in a file of its own: hewn_side.c, libbpf_side.c. Knows
 * neither library. All of them return 0, or -1 after they have said why on stderr.
 */
#ifndef TESTS_BENCH_SIDE_H
#define TESTS_BENCH_SIDE_H

#include <stdbool.h>
#include <stdint.h>

/* Opens and loads an object, with `attach` attaches its programs too; gives all of it back. */
int side_load(const char *path, bool attach);
void side_unload(void);

#define SIDE_RING_PAGES 64 /* of 4096 bytes: 256 KiB, in fill.bpf.c too */

/* For a loaded object: opens the ring of a map. Its callback calls side_record(). */
int side_ring(const char *map, bool perf);
int side_consume(void);

/* Runs a raw tracepoint program once. */
int side_run(const char *prog);

extern uint64_t side_records, side_sum;

/* As little as a reader can do: it looks at the record. */
static inline void side_record(const void *data)
{
	side_records++;
	side_sum += *(const uint32_t *)data;
}

#endif
