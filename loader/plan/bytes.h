// SPDX-License-Identifier: MIT
/*
 * The bytes of a blob as the target's memory will hold them, where its byte order is not this machine's. Knows the
 * layout of each kind of blob; knows nothing of how they are written.
 */
#ifndef LOADER_PLAN_BYTES_H
#define LOADER_PLAN_BYTES_H

#include "loader/plan/plan.h"

/* Whether the machine that the plan is for is big-endian: the object's byte order; without one, this machine's. */
bool bytes_big_endian(const struct hewn_plan *plan);

/* A copy of a blob's bytes in the target's byte order, which the caller frees; NULL: they are zeros, or memory is out. */
uint8_t *bytes_of(const struct hewn_plan *plan, uint32_t blob);

/*
 * struct epoll_event as the machine has it: x86 packs it into 12 bytes, all others pad it to 16. Writes the bytes in
 * this machine's byte order and returns their number. machine: what `uname -m` says; NULL: this machine's.
 */
uint32_t bytes_put_epoll(uint8_t to[16], const char *machine, uint32_t events, uint64_t data);
void bytes_get_epoll(const struct plan_blob *blob, uint32_t *events, uint64_t *data);

#endif
