// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A histogram: how long getppid(2) takes, from its entry to its return. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__type(key, u64);
	__type(value, hewn_ns);
} began SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, hewn_hist);
} took SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getppid")
int enter(void *ctx)
{
	u64 thread = bpf_get_current_pid_tgid(), now = bpf_ktime_get_ns();

	bpf_map_update_elem(&began, &thread, &now, BPF_ANY);
	return 0;
}

SEC("tracepoint/syscalls/sys_exit_getppid")
int leave(void *ctx)
{
	u64 thread = bpf_get_current_pid_tgid(), *since = bpf_map_lookup_elem(&began, &thread);
	u32 key = 0, slot;
	hewn_hist *hist = bpf_map_lookup_elem(&took, &key);

	if (!since || !hist)
		return 0;
	slot = hewn_log2(bpf_ktime_get_ns() - *since);
	if (slot < 64)
		__sync_fetch_and_add(&(*hist)[slot], 1);
	bpf_map_delete_elem(&began, &thread);
	return 0;
}
