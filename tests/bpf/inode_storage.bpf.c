// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A map type that is there only where the kernel was built with CONFIG_BPF_LSM. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_INODE_STORAGE);
	__uint(max_entries, 0);
	__type(key, s32);
	__type(value, u64);
	__uint(map_flags, BPF_F_NO_PREALLOC);
} inode_storage SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return 0;
}
