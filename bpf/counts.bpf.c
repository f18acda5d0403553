// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * How often each user executes a program: a hash from uid to a number, which user space reads when
 * it likes. The tracepoint is passed when an execve(2) has succeeded; it is there on kernels
 * without kprobes, too.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct user {
	u32 uid;
};

struct count {
	u64 execs;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, struct user);
	__type(value, struct count);
} counts SEC(".maps");

SEC("tracepoint/sched/sched_process_exec")
int process_exec(void *ctx)
{
	struct user user = {.uid = bpf_get_current_uid_gid()};
	struct count *count = bpf_map_lookup_elem(&counts, &user), zero = {};

	if (!count) {
		// Another CPU may do the same for the same user: whoever comes second finds the
		// first one's.
		bpf_map_update_elem(&counts, &user, &zero, BPF_NOEXIST);
		count = bpf_map_lookup_elem(&counts, &user);
	}
	if (count)
		__sync_fetch_and_add(&count->execs, 1);
	return 0;
}
