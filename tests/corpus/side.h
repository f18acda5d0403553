// SPDX-License-Identifier: MIT
/*
 * One side of the comparison of loaders: what ours.c (libhewn.a) and reference.c (libbpf) give to
 * side.c. Neither knows the other's library.
 */
#ifndef TESTS_CORPUS_SIDE_H
#define TESTS_CORPUS_SIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct side_prog {
	const char *name;
	bool optional;	      /* is not loaded unless asked for */
	uint32_t attach_type; /* expected_attach_type */
	int fd;		      /* below 0: was not loaded */
};

struct side_map {
	const char *name;
	int fd;
};

/*
 * Opens the object of that path, and loads it: with only NULL as it stands, else this one program
 * of it. With attach, attaches what its sections say where to attach. Returns 0 or -errno, and then
 * why in reason. What it opened stays open until the process ends.
 */
int side_load(const char *path, const char *only, bool attach, char *reason, size_t size);

/* The programs and maps of what was opened, also where loading failed; false after the last. */
bool side_prog(uint32_t i, struct side_prog *prog);
bool side_map(uint32_t i, struct side_map *map);

/* Calls the function for each link that the kernel has; struct_ops have no program, but 0. */
typedef void links_fn(void *ctx, uint32_t prog_id, const char *text);
void links_each(links_fn *fn, void *ctx);

#endif
