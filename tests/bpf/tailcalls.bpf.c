// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Tail calls through a prog array that is filled in by `values`: slot 1 is a program of the same
 * type, slot 0 stays empty and falls through.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 3);
	__type(key, u32);
	__type(value, u64);
} passed SEC(".maps");

static __always_inline void pass(u32 key)
{
	u64 *value = bpf_map_lookup_elem(&passed, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
}

int last(void *ctx);

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 2);
	__uint(key_size, sizeof(u32));
	__array(values, int(void *));
} jumps SEC(".maps") = {.values = {[1] = last}};

// Not attached: a section that names no tracepoint.
SEC("tracepoint")
int last(void *ctx)
{
	pass(2);
	return 0;
}

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	pass(0);
	bpf_tail_call(ctx, &jumps, 0); // empty
	pass(1);
	bpf_tail_call(ctx, &jumps, 1);
	return 0; // not reached
}
