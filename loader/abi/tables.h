// SPDX-License-Identifier: MIT
/* What the files of this room share: how a table writes a kernel version, and the table of
 * commands. */
#ifndef LOADER_ABI_TABLES_H
#define LOADER_ABI_TABLES_H

#include "loader/abi/abi.h"

#define V(major, minor) ((uint32_t)(major) << 16 | (uint32_t)(minor) << 8)

extern const struct abi_cmd abi_commands[];
extern const uint32_t abi_n_commands;

#endif
