// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: no map in which the program would find its arguments. It loads: attaching fails. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("usdt/busybox:provider:name")
int probe(void *ctx)
{
	return 0;
}
