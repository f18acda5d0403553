// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Hooks of the Linux security modules (5.7), one of which sleeps (5.11). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 opened, slept;

SEC("lsm/file_open")
int BPF_PROG(open, void *file)
{
	__sync_fetch_and_add(&opened, 1);
	return 0;
}

SEC("lsm.s/file_open")
int BPF_PROG(sleep, void *file)
{
	__sync_fetch_and_add(&slept, 1);
	return 0;
}
