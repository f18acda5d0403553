// SPDX-License-Identifier: MIT
/*
 * The names of map types and map flags, as bpftool has them: "hash", "perf_event_array". Carried
 * here, since a distribution's <linux/bpf.h> may lack the newest.
 *
 * Knows nothing of what a type wants.
 */
#ifndef INSN_MAPTYPE_H
#define INSN_MAPTYPE_H

#include <stddef.h>
#include <stdint.h>

/* The name of a BPF_MAP_TYPE_… number, static; NULL: unknown. */
const char *maptype_name(uint32_t type);

/* The number; accepts the kernel's spelling ("BPF_MAP_TYPE_HASH") too. -1: unknown. */
int maptype_number(const char *name, size_t size);

/* The bit of a map flag, by the kernel's name with or without "BPF_F_"; 0: unknown. */
uint32_t maptype_flag(const char *name, size_t size);

#endif
