// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a function that is nowhere, as if there were a library to link with. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

extern int looks_like_a_shell(const char *comm);

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	char comm[TASK_COMM_LEN] = {};

	bpf_get_current_comm(comm, sizeof(comm));
	return looks_like_a_shell(comm);
}
