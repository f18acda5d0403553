// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Who opens which file, and what came of it. What was asked for is known when do_sys_openat2 is
 * entered, the result when it returns: the first probe leaves a note in a hash, keyed by the
 * thread, and the second takes it out again.
 *
 * The path is read at the return: by then the kernel has read it itself, so its page is in memory,
 * which the entry cannot count on. A probe must not wait for a page.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct open {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
	hewn_open_flags flags;
	hewn_result result;
	char path[256];
};

struct call {
	const char *path; // in user space
	u64 flags;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, u64);
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} opens SEC(".maps");
HEWN_EVENT(opens, struct open);

// long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how), since 5.6. The
// flags are the first member of struct open_how, which is the kernel's copy.
SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(open_enter, int dfd, const char *path, const u64 *how)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct call call = {.path = path};

	bpf_probe_read_kernel(&call.flags, sizeof(call.flags), how);
	bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
	return 0;
}

// The result is read as an int: newer kernels return no more, and leave anything in the upper half
// of the register.
SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(open_return, int result)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &thread);
	struct open open = {};
	u64 size = offsetof(struct open, path);
	long len;

	if (!call)
		return 0; // entered before we were there
	open.pid = thread >> 32;
	open.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(open.comm, sizeof(open.comm));
	open.flags = call->flags;
	open.result = result;
	len = bpf_probe_read_user_str(open.path, sizeof(open.path), call->path);
	bpf_map_delete_elem(&calls, &thread);

	// Only as much of the path as there is. The verifier wants to see the bound on `size`
	// itself, so the compiler must not move the check to `len`.
	if (len > 0)
		size += len;
	barrier_var(size);
	if (size > sizeof(open))
		size = sizeof(open);
	bpf_perf_event_output(ctx, &opens, BPF_F_CURRENT_CPU, &open, size);
	return 0;
}
