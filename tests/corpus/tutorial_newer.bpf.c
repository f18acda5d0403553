// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* What newer tutorials show: iterators, LSM, a tp_btf, a profiler, a struct_ops congestion control, task storage. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char _license[] SEC("license") = "GPL";

struct {
	__uint(type, BPF_MAP_TYPE_TASK_STORAGE);
	__uint(map_flags, BPF_F_NO_PREALLOC);
	__type(key, int);
	__type(value, u64);
} since SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_STACK_TRACE);
	__uint(max_entries, 1024);
	__uint(key_size, 4);
	__uint(value_size, 127 * 8);
} stacks SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(int));
} events SEC(".maps");

SEC("iter/task")
int get_tasks(struct bpf_iter__task *ctx)
{
	struct seq_file *seq = ctx->meta->seq;
	struct task_struct *task = ctx->task;

	if (!task)
		return 0;
	BPF_SEQ_PRINTF(seq, "%8d %s\n", task->pid, task->comm);
	return 0;
}

SEC("lsm/bpf")
int BPF_PROG(lsm_bpf, int cmd, union bpf_attr *attr, unsigned int size, int ret)
{
	return ret;
}

/* An older kernel's struct, as tools carry them. */
struct task_struct___o {
	volatile long state;
} __attribute__((preserve_access_index));

SEC("tp_btf/sched_switch")
int BPF_PROG(sched_switch, bool preempt, struct task_struct *prev, struct task_struct *next)
{
	struct task_struct___o *old = (void *)prev;
	u64 *ts = bpf_task_storage_get(&since, prev, 0, BPF_LOCAL_STORAGE_GET_F_CREATE);
	long state;

	if (bpf_core_field_exists(old->state))
		state = BPF_CORE_READ(old, state);
	else
		state = prev->__state;
	if (ts && !state)
		*ts = bpf_ktime_get_ns();
	return 0;
}

SEC("perf_event")
int profile(struct bpf_perf_event_data *ctx)
{
	int stack = bpf_get_stackid(ctx, &stacks, BPF_F_USER_STACK);

	bpf_perf_event_output(ctx, &events, BPF_F_CURRENT_CPU, &stack, sizeof(stack));
	return 0;
}

static inline struct tcp_sock *tcp_sk(const struct sock *sk)
{
	return (struct tcp_sock *)sk;
}

SEC("struct_ops")
u32 BPF_PROG(fixed_ssthresh, struct sock *sk)
{
	return tcp_sk(sk)->snd_cwnd / 2;
}

SEC("struct_ops")
u32 BPF_PROG(fixed_undo_cwnd, struct sock *sk)
{
	return tcp_sk(sk)->prior_cwnd;
}

SEC("struct_ops")
void BPF_PROG(fixed_cong_avoid, struct sock *sk, u32 ack, u32 acked)
{
}

SEC(".struct_ops.link")
struct tcp_congestion_ops fixed = {
	.ssthresh = (void *)fixed_ssthresh,
	.undo_cwnd = (void *)fixed_undo_cwnd,
	.cong_avoid = (void *)fixed_cong_avoid,
	.name = "bpf_fixed",
};
