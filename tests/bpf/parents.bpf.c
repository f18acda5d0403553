// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Who opens files, and whose child that is: read from the kernel's structs, wherever this kernel has
 * their members (CO-RE). The helper's pid beside the struct's shows that the right place was read.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct task_struct {
	int tgid;
	struct task_struct *real_parent;
	char comm[TASK_COMM_LEN];
} __attribute__((preserve_access_index));

struct opener {
	u32 pid;    // as the helper tells it
	s32 tgid;   // as the struct has it
	s32 parent;
	char comm[TASK_COMM_LEN];
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} openers SEC(".maps");
HEWN_EVENT(openers, struct opener);

SEC("tracepoint/syscalls/sys_enter_openat")
int openat_enter(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task(), *parent = 0;
	struct opener *opener = bpf_ringbuf_reserve(&openers, sizeof(*opener), 0);

	if (!opener)
		return 0;
	opener->pid = bpf_get_current_pid_tgid() >> 32;
	opener->tgid = 0;
	opener->parent = 0;
	bpf_probe_read_kernel(&opener->tgid, sizeof(opener->tgid), &task->tgid);
	bpf_probe_read_kernel(&parent, sizeof(parent), &task->real_parent);
	if (parent)
		bpf_probe_read_kernel(&opener->parent, sizeof(opener->parent), &parent->tgid);
	bpf_probe_read_kernel(opener->comm, sizeof(opener->comm), &task->comm);
	bpf_ringbuf_submit(opener, 0);
	return 0;
}
