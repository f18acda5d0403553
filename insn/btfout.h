// SPDX-License-Identifier: MIT
/*
 * The least BTF with which loaders take a unit: what maps are, and names of functions, variables
 * and lines.
 *
 * Knows units and the format (Documentation/bpf/btf.rst); knows nothing of ELF.
 */
#ifndef INSN_BTFOUT_H
#define INSN_BTFOUT_H

#include "insn/bytes.h"
#include "insn/unit.h"

/* Where an object says what the records of a ring are: a pointer a map, named after it. */
#define BTFOUT_EVENT_SECTION ".hewn.event"
#define BTFOUT_EVENT_PREFIX  "hewn_event_"

/* Bytes that a map's variable takes in .maps: a pointer a field, and one an initial value. A
 * template: none. */
uint32_t btfout_map_size(const struct unit *unit, uint32_t map);

/* Where in it the initial values begin. */
uint32_t btfout_values_at(const struct unit_map *map);

/*
 * Fills .BTF and .BTF.ext in the unit's byte order (ext stays empty if the unit has no functions).
 * Both begin empty and are the caller's. Returns 0, -ENOMEM, or -E2BIG: a section has more
 * variables, or .maps more maps, than BTF counts (65535).
 */
int btfout_write(const struct unit *unit, struct bytes *btf, struct bytes *ext);

#endif
