// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: the kernel has no function of this name; it has do_sys_openat2. It loads: attaching
 * fails. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("kprobe/do_sys_opennat2")
int enter(void *ctx)
{
	return 0;
}
