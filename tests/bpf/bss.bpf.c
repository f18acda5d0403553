// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A .bss of another name. Older libbpf (1.1) steps over it, and then misses what is in it. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u32 here;
u32 elsewhere[64] SEC(".bss.elsewhere");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	here++;
	elsewhere[bpf_get_smp_processor_id() & 63]++;
	return 0;
}
