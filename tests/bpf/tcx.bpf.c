// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Packets of a device by a link (6.6), in both directions; by the old name what comes in. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 came, went, old;

SEC("tcx/ingress")
int ingress(void *skb)
{
	__sync_fetch_and_add(&came, 1);
	return -1; // TCX_NEXT: the next program, and the kernel, decide
}

SEC("tc/egress")
int egress(void *skb)
{
	__sync_fetch_and_add(&went, 1);
	return -1;
}

SEC("tc")
int by_old_name(void *skb)
{
	__sync_fetch_and_add(&old, 1);
	return -1;
}
