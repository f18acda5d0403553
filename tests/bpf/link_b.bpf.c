// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* With link_a.bpf.c: see there. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static int state = 9;

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, int);
	__type(value, long);
} counts SEC(".maps");

static __noinline int add(int x)
{
	state += x;
	return state;
}

// For the verifier it is static.
__attribute__((visibility("hidden"))) __noinline int hidden(int *x)
{
	return *x + 1;
}

__noinline int scale(int x)
{
	return add(x) + hidden(&x);
}

SEC("tracepoint/syscalls/sys_exit_getpid")
int second(void *ctx)
{
	int key = 0;

	bpf_map_lookup_elem(&counts, &key);
	return scale(3);
}
