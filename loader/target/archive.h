// SPDX-License-Identifier: MIT
/* Members of a zip archive. Knows its directory; unpacks nothing. */
#ifndef LOADER_TARGET_ARCHIVE_H
#define LOADER_TARGET_ARCHIVE_H

#include "loader/hewn.h"

#include <stddef.h>
#include <stdint.h>

/*
 * Reads a member that is stored as it is, not compressed: a library that is mapped out of an archive, as Android does it,
 * is probed there. *bytes is the caller's to free; *offset is where they are in the archive. -ENOENT: no such archive or
 * member; -EOPNOTSUPP: it is compressed or encrypted; -ENOEXEC: no zip archive, or a damaged one.
 */
int archive_read(const char *path, const char *member, uint8_t **bytes, size_t *size, uint64_t *offset,
		 struct hewn_err *err);

#endif
