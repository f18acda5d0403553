// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Variables: initialised, constant, zero, and in sections of their own; reached through relocations
 * to symbols (global ones) and to sections (static ones).
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u32 answer = 42;
u64 zero;
const u64 limit = 1000;
const volatile u32 chosen = 7; // volatile: a loader may change it before the load
static volatile u32 hidden_zero;
static volatile u32 hidden = 5;
char text[16] = "text in .data";

u32 extra SEC(".data.extra") = 1;
const u32 fixed SEC(".rodata.fixed") = 2;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	// As calls of this program go by: a loader's test reads zero, extra back.
	__sync_fetch_and_add(&zero, answer + chosen + fixed);
	hidden_zero += hidden;
	extra++;
	text[15] = 0;
	if (zero > limit)
		zero = 0;
	return 0;
}
