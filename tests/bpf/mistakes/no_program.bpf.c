// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: no SEC() on the function, so there is no program in the object. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

int getpid_enter(void *ctx)
{
	return 0;
}
