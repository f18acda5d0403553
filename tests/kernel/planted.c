// SPDX-License-Identifier: MIT
/*
 * hewn with something planted in its only trap, for tests that must see it. PLANT says what:
 *
 *	call	before the first bpf(2), a system call that no plan has: getppid()
 *	socket	before it, one that nobody takes for harmless: socket()
 *	cmd	before it, bpf(2) with a command that the plan does not have: BPF_MAP_GET_NEXT_ID
 *	attr	one byte of the first BPF_MAP_CREATE's attr is another: max_entries is one more
 *	value, func_info, line_info, btf, insns
 *		one bit of what the first attr with such an address points to; of btf the last letter, of insns what
 *		the last but one puts into a register
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

static uint8_t *pointed(uint64_t address, size_t off)
{
	return (uint8_t *)(uintptr_t)address + off;
}

/* The byte of the caller's memory that is to be another. NULL: this call has none. */
static uint8_t *byte_of(const char *plant, const long args[6])
{
	union bpf_attr attr = { 0 };

	memcpy(&attr, (const void *)(uintptr_t)args[1], (size_t)args[2] < sizeof(attr) ? (size_t)args[2] : sizeof(attr));
	if (args[0] == BPF_MAP_UPDATE_ELEM && !strcmp(plant, "value"))
		return pointed(attr.value, 0);
	if (args[0] == BPF_BTF_LOAD && !strcmp(plant, "btf"))
		return pointed(attr.btf, attr.btf_size - 2);
	if (args[0] != BPF_PROG_LOAD)
		return NULL;
	if (!strcmp(plant, "insns"))
		return pointed(attr.insns, 8 * ((size_t)attr.insn_cnt - 2) + offsetof(struct bpf_insn, imm));
	if (!strcmp(plant, "func_info") && attr.func_info_cnt)
		return pointed(attr.func_info, offsetof(struct bpf_func_info, type_id));
	if (!strcmp(plant, "line_info") && attr.line_info_cnt)
		return pointed(attr.line_info, offsetof(struct bpf_line_info, line_col));
	return NULL;
}

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
	} else if (call == CALL_BPF && byte_of(plant, args)) {
		done = true;
		*byte_of(plant, args) ^= 1;
	} else if (!strcmp(plant, "call") && call == CALL_BPF) {
		done = true;
		syscall(SYS_getppid);
	} else if (!strcmp(plant, "socket") && call == CALL_BPF) {
		done = true;
		syscall(SYS_socket, 1 /* AF_UNIX */, 1 /* SOCK_STREAM */, 0);
	} else if (!strcmp(plant, "cmd") && call == CALL_BPF) {
		done = true;
		syscall(SYS_bpf, BPF_MAP_GET_NEXT_ID, attr, 12);
	}
	return real_trap(call, args);
}
