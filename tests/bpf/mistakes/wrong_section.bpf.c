// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: there are no programs of the kind "kprobes". */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("kprobes/do_sys_openat2")
int enter(void *ctx)
{
	return 0;
}
