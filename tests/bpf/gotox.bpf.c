// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Indirect jumps, by tables of section .jumptables, in a program that does not begin its section and in a
 * function that it calls. Written by hand: clang makes such tables since 22.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

// A table NAME of two places, relative to symbol START, and a jump to the second: r0 = 7.
#define JUMP(name, start)                             \
	".pushsection .jumptables,\"\",@progbits;"    \
	".type " name ", @object;"                    \
	".global " name ";"                           \
	name ":"                                      \
	".quad 1f - " start ";"                       \
	".quad 2f - " start ";"                       \
	".size " name ", 16;"                         \
	".popsection;"                                \
	"r0 = " name " ll;"                           \
	"r0 = *(u64 *)(r0 + 8);"                      \
	".byte 0x0d, 0, 0, 0, 0, 0, 0, 0;" /* gotox r0 */ \
	"1: r0 = 3; goto 3f;"                         \
	"2: r0 = 7;"                                  \
	"3:"

static __noinline int below(void)
{
	int value;

	asm volatile(JUMP("table_below", ".text") "%0 = r0;" : "=r"(value) : : "r0");
	return value;
}

SEC("syscall")
int before(void *ctx)
{
	return 0;
}

SEC("syscall")
int jumps(void *ctx)
{
	int value;

	asm volatile(JUMP("table_here", "syscall") "%0 = r0;" : "=r"(value) : : "r0");
	return value + below();
}
