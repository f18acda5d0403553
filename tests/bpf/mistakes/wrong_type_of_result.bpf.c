// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a program of a control group that returns what only 0 and 1 are allowed for. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("cgroup/dev")
int device(struct bpf_cgroup_dev_ctx *ctx)
{
	return -1;
}
