// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Many functions of the kernel's BTF by one link (7.2), and entry and return in one program (7.0). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned, both;

SEC("?fentry.multi/do_sys_openat*")
int enter(void *ctx)
{
	__sync_fetch_and_add(&entered, 1);
	return 0;
}

SEC("?fexit.multi/do_sys_openat2")
int leave(void *ctx)
{
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

SEC("?fsession/do_sys_openat2")
int session(void *ctx)
{
	__sync_fetch_and_add(&both, 1);
	return 0;
}
