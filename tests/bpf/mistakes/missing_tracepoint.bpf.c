// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: there is no such tracepoint; open is sys_enter_open. It loads: attaching fails. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_entry_open")
int open_enter(void *ctx)
{
	return 0;
}
