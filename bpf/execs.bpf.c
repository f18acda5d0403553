// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Who executes what, with all arguments. The tracepoint at the entry of execve(2) sees argv as the
 * caller made it: an array of pointers in user space, ended by NULL. The strings are copied one
 * after another into a record, which is too large for the stack of 512 bytes; so it is built in a
 * map, of which each CPU has its own.
 */
#define HEWN_STRINGS_MAX 8192
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define MAX_ARGS 256
#define MAX_ARG	 4096 // of one argument; what is longer is cut

struct exec {
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN]; // of who calls execve
	u32 argc;		  // MAX_ARGS: or more
	hewn_strings argv;
};

// The last argument may begin as late as the last byte of argv, and the verifier wants room for a
// whole one there.
struct room {
	struct exec exec;
	char beyond[MAX_ARG];
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct room);
} rooms SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(u32));
	__uint(value_size, sizeof(u32));
} execs SEC(".maps");
HEWN_EVENT(execs, struct exec);

SEC("tracepoint/syscalls/sys_enter_execve")
int execve_enter(struct hewn_sys_enter *ctx)
{
	const hewn_ulong *argv = (const hewn_ulong *)(unsigned long)ctx->args[1];
	u32 key = 0, argc = 0;
	u64 len = 0, size;
	struct room *room = bpf_map_lookup_elem(&rooms, &key);

	if (!room)
		return 0; // cannot be, but the verifier does not know
	room->exec.pid = bpf_get_current_pid_tgid() >> 32;
	room->exec.uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(room->exec.comm, sizeof(room->exec.comm));

	for (u32 i = 0; i < MAX_ARGS; i++) {
		hewn_ulong arg = 0;
		long n;

		if (bpf_probe_read_user(&arg, sizeof(arg), argv + i) || !arg)
			break;
		barrier_var(len);
		if (len >= sizeof(room->exec.argv))
			break;
		n = bpf_probe_read_user_str(room->exec.argv + len, MAX_ARG,
					    (const void *)(unsigned long)arg);
		if (n < 0)
			break;
		// With the 0 at its end; but of an empty string, 6.12 and before count not even
		// that.
		len += n ? n : 1;
		argc = i + 1;
	}
	room->exec.argc = argc;

	// The kernel rounds a record of a perf ring up to 8 bytes, with what lay in the ring before;
	// zeros at the end of argv are no words, so the record is rounded up here.
	barrier_var(len);
	if (len > sizeof(room->exec.argv))
		len = sizeof(room->exec.argv);
	__builtin_memset(room->exec.argv + len, 0, 8);
	size = offsetof(struct exec, argv) + ((len + 7) & ~7ULL);
	barrier_var(size);
	if (size > sizeof(struct exec))
		size = sizeof(struct exec);
	bpf_perf_event_output(ctx, &execs, BPF_F_CURRENT_CPU, &room->exec, size);
	return 0;
}
