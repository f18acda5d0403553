// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A hook of the Linux security modules, for the processes of a cgroup (6.0). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 bound;

SEC("lsm_cgroup/socket_bind")
int BPF_PROG(bind, void *socket, void *address, int size)
{
	__sync_fetch_and_add(&bound, 1);
	return 1; // allowed
}
