// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* getppid(2), counted in maps of each type whose entries are printed: for the tests of the printer.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct caller {
	u32 uid;
	char comm[TASK_COMM_LEN];
};

struct prefix {
	u32 bits;
	hewn_ipv4 address;
};

#define COUNTS(name, map_type, key_type, flags)                                                    \
	struct {                                                                                   \
		__uint(type, map_type);                                                            \
		__uint(max_entries, 64);                                                           \
		__uint(map_flags, flags);                                                          \
		__type(key, key_type);                                                             \
		__type(value, u64);                                                                \
	} name SEC(".maps")

COUNTS(hashed, BPF_MAP_TYPE_HASH, struct caller, 0);
COUNTS(indexed, BPF_MAP_TYPE_ARRAY, u32, 0);
COUNTS(hashed_per_cpu, BPF_MAP_TYPE_PERCPU_HASH, struct caller, 0);
COUNTS(indexed_per_cpu, BPF_MAP_TYPE_PERCPU_ARRAY, u32, 0);
COUNTS(recent, BPF_MAP_TYPE_LRU_HASH, s32, 0);
COUNTS(recent_per_cpu, BPF_MAP_TYPE_LRU_PERCPU_HASH, s32, 0);
COUNTS(prefixes, BPF_MAP_TYPE_LPM_TRIE, struct prefix, BPF_F_NO_PREALLOC);

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 64);
	__type(key, u32);
	__type(value, hewn_hist_slot);
} slots SEC(".maps");

u64 total = 0;

static __always_inline void count(void *map, const void *key)
{
	u64 one = 1, *value = bpf_map_lookup_elem(map, key);

	if (value)
		__sync_fetch_and_add(value, 1);
	else
		bpf_map_update_elem(map, key, &one, BPF_ANY);
}

/*
 * A trie has its values right behind the data of its keys, so these are aligned to 4 bytes. The verifier lets an atomic
 * of 8 bytes pass there, and where a processor wants that aligned (s390x), the kernel dies of it: seen with 6.12.
 */
static __always_inline void count_unaligned(void *map, const void *key)
{
	u64 one = 1, *value = bpf_map_lookup_elem(map, key);

	if (value)
		++*value;
	else
		bpf_map_update_elem(map, key, &one, BPF_ANY);
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int getppid_enter(void *ctx)
{
	struct caller caller = {.uid = bpf_get_current_uid_gid()};
	struct prefix prefix = {.bits = 32, .address = bpf_htonl(0xc0000201)};
	u32 three = 3;
	s32 minus = -5;

	bpf_get_current_comm(caller.comm, sizeof(caller.comm));
	if (caller.comm[0] != 'c' || caller.comm[5] != 0) // only the test's own: calls
		return 0;
	count(&hashed, &caller);
	count(&indexed, &three);
	count(&hashed_per_cpu, &caller);
	count(&indexed_per_cpu, &three);
	count(&recent, &minus);
	count(&recent_per_cpu, &minus);
	count_unaligned(&prefixes, &prefix);
	count(&slots, &three);
	__sync_fetch_and_add(&total, 1);
	return 0;
}
