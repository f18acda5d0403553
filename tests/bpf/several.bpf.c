// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Several programs in one section, which only their symbols tell apart; sections that are not
 * loaded by default; and a program that is a weak symbol.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tracepoint/syscalls/sys_enter_getpid")
int first(void *ctx)
{
	return 1;
}

SEC("tracepoint/syscalls/sys_enter_getpid")
int second(void *ctx)
{
	return bpf_get_current_pid_tgid() != 0;
}

SEC("tracepoint/syscalls/sys_enter_getppid")
int elsewhere(void *ctx)
{
	return 3;
}

SEC("tracepoint/syscalls/sys_enter_getpid")
__weak int third(void *ctx)
{
	return 4;
}

SEC("?tracepoint/syscalls/sys_enter_getpid")
int optional(void *ctx)
{
	return 5;
}

SEC("?tracepoint/syscalls/sys_enter_getpid")
int optional_too(void *ctx)
{
	return 6;
}
