// SPDX-License-Identifier: MIT
/* What a file is, by its first bytes. Knows nothing of what follows them. */
#ifndef LOADER_OBJECT_IDENT_H
#define LOADER_OBJECT_IDENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "loader/hewn.h"

/*
 * Checks an ELF identification, which decides how everything after it is read: 32 or 64 bits, the byte
 * order. size: of the file, or of as much of it as is there. -ENOEXEC: not ELF, and what it is instead.
 */
int ident_check(const uint8_t *start, size_t size, unsigned int *bits, bool *big_endian,
		struct hewn_err *err);

/* "x86-64" for EM_X86_64; NULL for those not in the table. */
const char *ident_machine(uint32_t machine);

/* "relocatable object" for ET_REL. */
const char *ident_type(uint32_t type);

#endif
