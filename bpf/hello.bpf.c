// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A line of text for each program that is executed: a probe at the entry of execve(2), and no map
 * but that of the text. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("ksyscall/execve")
int hello(struct pt_regs *ctx)
{
	hewn_printk("hello from pid %d", (int)(bpf_get_current_pid_tgid() >> 32));
	return 0;
}
