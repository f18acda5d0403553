// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Functions whose address is taken: the loader writes it as a distance to the function. bpf_loop is
 * there since 5.17, bpf_for_each_map_elem since 5.13.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

struct sum {
	u64 total;
};

static long add_index(u32 i, struct sum *sum)
{
	sum->total += i;
	return 0; // 1 would end the loop
}

static long add_value(void *map, u32 *key, u64 *value, struct sum *sum)
{
	sum->total += *value;
	return 0;
}

u64 result;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	struct sum sum = {};

	bpf_loop(10, add_index, &sum, 0);
	bpf_for_each_map_elem(&counts, add_value, &sum, 0);
	result = sum.total;
	return 0;
}
