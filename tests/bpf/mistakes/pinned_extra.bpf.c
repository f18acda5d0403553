// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Mistake: a Bloom filter pinned by name, where one with another number of hash functions is pinned already: that of
 * tests/bpf/pinned_kinds.bpf.c, once that was loaded.
 */
#include "hewn.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 16);
	__type(value, u32);
	__uint(map_extra, 4);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kinds_bloom SEC(".maps");
