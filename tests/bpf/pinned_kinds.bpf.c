// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Maps pinned by name that are told by more than type, sizes and flags, or whose flags the kernel adds to. */
#include "hewn.bpf.h"

struct {
	__uint(type, BPF_MAP_TYPE_BLOOM_FILTER);
	__uint(max_entries, 16);
	__type(value, u32);
	__uint(map_extra, 3);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kinds_bloom SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 4);
	__type(key, u32);
	__type(value, u32);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kinds_devices SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 4);
	__uint(numa_node, 0);
	__type(key, u32);
	__type(value, u32);
	__uint(pinning, HEWN_PIN_BY_NAME);
} hewn_kinds_node SEC(".maps");
