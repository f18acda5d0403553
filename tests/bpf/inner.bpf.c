// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Maps in maps: two that are filled in by `values`, and one whose inner map is only a type. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct inner {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} left SEC(".maps"), right SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 4);
	__type(key, u32);
	__array(values, struct inner);
} by_number SEC(".maps") = {.values = {[0] = &left, [2] = &right}};

struct {
	__uint(type, BPF_MAP_TYPE_HASH_OF_MAPS);
	__uint(max_entries, 8);
	__type(key, u32);
	__array(values, struct inner);
} by_name SEC(".maps") = {.values = {[1] = &right}};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
	__uint(max_entries, 1);
	__type(key, u32);
	__array(
		values, struct {
			__uint(type, BPF_MAP_TYPE_HASH);
			__uint(max_entries, 4);
			__type(key, u32);
			__type(value, u32);
		});
} empty SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0, number = 2;
	void *map = bpf_map_lookup_elem(&by_number, &number);
	u64 *value;

	if (map) {
		value = bpf_map_lookup_elem(map, &key);
		if (value)
			__sync_fetch_and_add(value, 1);
	}
	number = 1;
	map = bpf_map_lookup_elem(&by_name, &number);
	if (map) {
		value = bpf_map_lookup_elem(map, &key);
		if (value)
			__sync_fetch_and_add(value, 100);
	}
	return bpf_map_lookup_elem(&empty, &key) != NULL;
}
