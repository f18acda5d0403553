// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: no function is named, which fentry needs when it is loaded already. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("fentry")
int enter(void *ctx)
{
	return 0;
}
