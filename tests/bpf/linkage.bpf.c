// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * What a name can be to a linker: functions that are static, hidden, weak and global; variables that are static in
 * the file and in a function, and global, in each of the data sections; a function that two programs share.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static volatile u64 start = 3;
static volatile u32 rest;
const volatile u32 most = 4;
u32 calls[3];

/* Global for the compiler, but hidden: the verifier is told that it is static, and follows the call into it. */
__hidden __noinline int hidden(int *x)
{
	barrier_var(x);
	return *x + (int)start;
}

__weak __noinline int weak(u32 a)
{
	barrier_var(a);
	return a + rest;
}

static __noinline int counted(int a)
{
	static volatile int count;

	count++;
	return a + count + weak(a);
}

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	int x = most;

	calls[1]++;
	return hidden(&x) + counted(x) > 5;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int getppid_enter(void *ctx)
{
	return counted(3);
}
