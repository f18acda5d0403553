// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A list of the kernel's, a line a task: reading the iterator's file runs the program (5.8). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct bpf_iter_meta {
	void *seq;
	u64 session_id, seq_num;
};

struct bpf_iter__task {
	struct bpf_iter_meta *meta;
	void *task;
};

SEC("iter/task")
int list(struct bpf_iter__task *ctx)
{
	static const char heading[] = "a list of tasks\n", line[] = "number %d\n", end[] = "that is all\n";
	void *seq = ctx->meta->seq;
	u64 number = ctx->meta->seq_num;

	if (!number)
		bpf_seq_printf(seq, heading, sizeof(heading), NULL, 0);
	if (ctx->task)
		bpf_seq_printf(seq, line, sizeof(line), &number, sizeof(number));
	else
		bpf_seq_printf(seq, end, sizeof(end), NULL, 0);
	return 0;
}
