// SPDX-License-Identifier: MIT
/*
 * What is at the places of probes in a file: a number over the bytes there, by which a frozen program sees on its
 * machine whether the file is still the one in which the places were looked up. Knows bytes; knows nothing of ELF.
 */
#ifndef LOADER_TARGET_CODE_H
#define LOADER_TARGET_CODE_H

#include "loader/target/target.h"

#define CODE_BYTES 32u /* from each place on, or up to the end of the file */

/* FNV-1a of 64 bits: so it begins, and each byte is put in by: hash = (hash ^ byte) * CODE_PRIME. */
#define CODE_FIRST 0xcbf29ce484222325ull
#define CODE_PRIME 0x100000001b3ull

/*
 * Keeps the number for the places of a probe among the target's facts, as "code SPEC"; a plan does not list it. A file
 * that cannot be read has none. Returns 0 or -ENOMEM.
 */
int target_note_code(struct hewn_target *target, const char *spec, const char *path, const uint64_t *offsets, uint32_t n,
		     struct hewn_err *err);

/* The number for the places of a probe; false: it is not known. */
bool target_code(const struct hewn_target *target, const char *spec, uint64_t *code);

#endif
