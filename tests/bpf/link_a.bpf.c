// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* With link_b.bpf.c: two files that a linker makes one of. Each has a static `add` and a static `state`. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

int shared = 3;
int own SEC(".data.own") = 7;
static int state = 5;
const volatile int limit = 1;

static __noinline int add(int x)
{
	state += x;
	return state + limit;
}

// The other file's is the one that counts.
__weak __noinline int scale(int x)
{
	return x * 3 + shared;
}

SEC("tracepoint/syscalls/sys_enter_getpid")
int first(void *ctx)
{
	shared += add(1) + scale(3) + own;
	return 0;
}
