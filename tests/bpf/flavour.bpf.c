// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Functions of the kernel under names with a flavour: one fits, the other has other parameters. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "GPL";

void bpf_rcu_read_lock___here(void) __ksym;
void bpf_rcu_read_unlock(void) __ksym;
int bpf_rcu_read_lock___other(int, int) __ksym __weak;

SEC("syscall")
int use_flavours(void *ctx)
{
	if (bpf_rcu_read_lock___other)
		return bpf_rcu_read_lock___other(1, 2);
	bpf_rcu_read_lock___here();
	bpf_rcu_read_unlock();
	return 0;
}
