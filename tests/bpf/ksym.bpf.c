// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A function of the kernel, by its name in /proc/kallsyms. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern const void vfs_unlink __ksym;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u64 first = 0;

	bpf_probe_read_kernel(&first, sizeof(first), &vfs_unlink);
	return first == 0;
}
