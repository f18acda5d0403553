// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A variable that is to be an option of the kernel's configuration. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int CONFIG_HZ __kconfig;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	return CONFIG_HZ == 250;
}
