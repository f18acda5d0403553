// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Map types of 6.1 and after; none is used. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

// Since 6.1.
struct {
	__uint(type, BPF_MAP_TYPE_USER_RINGBUF);
	__uint(max_entries, 100); // becomes whole pages
} user_ring SEC(".maps");

// Since 6.2.
struct {
	__uint(type, BPF_MAP_TYPE_CGRP_STORAGE);
	__uint(max_entries, 0);
	__type(key, s32);
	__type(value, u64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} cgrp_storage SEC(".maps");

// Pages; since 6.9.
struct {
	__uint(type, BPF_MAP_TYPE_ARENA);
	__uint(max_entries, 16);
	__uint(map_flags, BPF_F_MMAPABLE);
} arena SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return 0;
}
