// SPDX-License-Identifier: MIT
/*
 * The names and numbers of the kernel's helpers, carried here since a distribution's <linux/bpf.h>
 * may lack the newest. The list ended at 211, with 6.2: newer functions are kfuncs, which have no
 * number but a BTF id.
 *
 * Knows nothing of arguments, or of which program types may call what.
 */
#ifndef INSN_HELPERS_H
#define INSN_HELPERS_H

#include <stddef.h>

/* The name of helper id without the leading "bpf_" ("map_lookup_elem" for 1), static; NULL for a
 * number that is none. */
const char *helpers_name(int id);

/* The number of the helper with this name, size bytes long, with or without "bpf_"; -1 if none. */
int helpers_id(const char *name, size_t size);

/* The helper whose name is nearest to this, for a hint; NULL if none is near. */
const char *helpers_like(const char *name, size_t size);

/* One more than the highest number. */
int helpers_count(void);

#endif
