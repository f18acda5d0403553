// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A variable of the kernel by its BTF: of each CPU one. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "GPL";

extern const int bpf_prog_active __ksym;

SEC("raw_tracepoint/sys_enter")
int read_active(void *ctx)
{
	const int *active = bpf_per_cpu_ptr(&bpf_prog_active, 0);

	return active && *active < 0;
}
