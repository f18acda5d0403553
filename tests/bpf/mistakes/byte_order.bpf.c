// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: compiled with -target bpfeb, big-endian, for a machine that is little-endian. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return 0;
}
