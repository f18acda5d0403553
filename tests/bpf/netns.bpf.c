// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Which socket gets a packet: asked once for each connection that a network namespace receives. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 asked;

SEC("sk_lookup")
int ask(void *ctx)
{
	__sync_fetch_and_add(&asked, 1);
	return 1;
}
