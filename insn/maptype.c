// SPDX-License-Identifier: MIT
/*
 * The names of map types, by number.
 *
 * Knows nothing of what a type wants.
 */
#include <string.h>
#include <strings.h>

#include "insn/maptype.h"

/* enum bpf_map_type of the kernel's include/uapi/linux/bpf.h; the last ones: arena 6.9,
 * insn_array 6.19. */
static const char *const names[] = {
	"unspec",
	"hash",
	"array",
	"prog_array",
	"perf_event_array",
	"percpu_hash",
	"percpu_array",
	"stack_trace",
	"cgroup_array",
	"lru_hash",
	"lru_percpu_hash",
	"lpm_trie",
	"array_of_maps",
	"hash_of_maps",
	"devmap",
	"sockmap",
	"cpumap",
	"xskmap",
	"sockhash",
	"cgroup_storage",
	"reuseport_sockarray",
	"percpu_cgroup_storage",
	"queue",
	"stack",
	"sk_storage",
	"devmap_hash",
	"struct_ops",
	"ringbuf",
	"inode_storage",
	"task_storage",
	"bloom_filter",
	"user_ringbuf",
	"cgrp_storage",
	"arena",
	"insn_array",
};

#define N_NAMES (sizeof(names) / sizeof(names[0]))

const char *maptype_name(uint32_t type)
{
	return type < N_NAMES ? names[type] : NULL;
}

int maptype_number(const char *name, size_t size)
{
	static const char prefix[] = "BPF_MAP_TYPE_";
	const size_t n = sizeof(prefix) - 1;

	if (size > n && !strncasecmp(name, prefix, n)) {
		name += n;
		size -= n;
	}
	for (size_t i = 0; i < N_NAMES; i++)
		if (strlen(names[i]) == size && !strncasecmp(names[i], name, size))
			return (int)i;
	return -1;
}

/* The BPF_F_… of BPF_MAP_CREATE, from bit 0 on, same file; the last: 6.18. */
static const char *const flags[] = {
	"NO_PREALLOC",	    "NO_COMMON_LRU",  "NUMA_NODE",     "RDONLY",       "WRONLY",
	"STACK_BUILD_ID",   "ZERO_SEED",      "RDONLY_PROG",   "WRONLY_PROG",  "CLONE",
	"MMAPABLE",	    "PRESERVE_ELEMS", "INNER_MAP",     "LINK",	       "PATH_FD",
	"VTYPE_BTF_OBJ_FD", "TOKEN_FD",	      "SEGV_ON_FAULT", "NO_USER_CONV", "RB_OVERWRITE",
};

uint32_t maptype_flag(const char *name, size_t size)
{
	static const char prefix[] = "BPF_F_";
	const size_t n = sizeof(prefix) - 1;

	if (size > n && !strncasecmp(name, prefix, n)) {
		name += n;
		size -= n;
	}
	for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++)
		if (strlen(flags[i]) == size && !strncasecmp(flags[i], name, size))
			return (uint32_t)1 << i;
	return 0;
}
