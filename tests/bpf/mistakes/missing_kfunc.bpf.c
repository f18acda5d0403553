// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a function of the kernel that it may lack is called without asking whether it is there. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "GPL";

void bpf_no_such_function(int) __ksym __weak;

SEC("syscall")
int calls_what_is_missing(void *ctx)
{
	bpf_no_such_function(1);
	return 0;
}
