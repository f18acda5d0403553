// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Variables in an arena, which lies where the object wants it. Compilers before clang 19 have no arenas. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#ifdef __BPF_FEATURE_ADDR_SPACE_CAST
#define __arena __attribute__((address_space(1)))
#else
#define __arena
#endif

struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(max_entries, 100); // pages
	__uint(map_flags, BPF_F_MMAPABLE);
	__ulong(map_extra, 1ull << 45);
} arena SEC(".maps");

int __arena first = 42;
long __arena second = 7;
int __arena sum;

SEC("syscall")
int add(void *ctx)
{
	asm volatile("" ::"r"(&arena)); // a program has the arena that it refers to
	sum = first + second;
	return sum;
}
