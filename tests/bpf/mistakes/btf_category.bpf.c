// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a category, where tp_btf has the name alone. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("tp_btf/sched/sched_switch")
int switched(void *ctx)
{
	return 0;
}
