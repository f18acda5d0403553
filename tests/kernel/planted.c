// SPDX-License-Identifier: MIT
/*
 * hewn with something planted in its only trap, for tests that must see it. PLANT says what:
 *
 *	call	before the first bpf(2), a system call that no plan has: getppid()
 *	cmd	before it, bpf(2) with a command that the plan does not have: BPF_MAP_GET_NEXT_ID
 *	attr	one byte of the first BPF_MAP_CREATE's attr is another: max_entries is one more
 *	loop	while a ring's losses are read, after the loop: BPF_MAP_CREATE, which was allowed before it
 */
#include "loader/kernel/sys.h"

long real_trap(enum plan_call call, const long args[6]);

#define sys_trap real_trap
#include "loader/kernel/sys.c"
#undef sys_trap

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

long sys_trap(enum plan_call call, const long args[6])
{
	static bool done;
	const char *plant = getenv("PLANT");
	uint8_t attr[256] = { 0 };
	long mine[6];

	if (!plant || done)
		return real_trap(call, args);
	if (!strcmp(plant, "loop") && call == CALL_READ && args[2] == 16) {
		done = true;
		syscall(SYS_bpf, BPF_MAP_CREATE, attr, sizeof(attr));
	} else if (!strcmp(plant, "attr") && call == CALL_BPF && args[0] == BPF_MAP_CREATE && (size_t)args[2] <= sizeof(attr)) {
		done = true;
		memcpy(attr, (const void *)(uintptr_t)args[1], (size_t)args[2]);
		attr[offsetof(union bpf_attr, max_entries)]++;
		memcpy(mine, args, sizeof(mine));
		mine[1] = (long)(uintptr_t)attr;
		return real_trap(call, mine);
	} else if (!strcmp(plant, "call") && call == CALL_BPF) {
		done = true;
		syscall(SYS_getppid);
	} else if (!strcmp(plant, "cmd") && call == CALL_BPF) {
		done = true;
		syscall(SYS_bpf, BPF_MAP_GET_NEXT_ID, attr, 12);
	}
	return real_trap(call, args);
}
