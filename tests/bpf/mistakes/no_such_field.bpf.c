// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: struct task_struct of the kernel has no member tgdi. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct task_struct {
	int tgdi;
} __attribute__((preserve_access_index));

SEC("raw_tp/sys_enter")
int enter(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	int tgid = 0;

	bpf_probe_read_kernel(&tgid, sizeof(tgid), &task->tgdi);
	return tgid == 1;
}
