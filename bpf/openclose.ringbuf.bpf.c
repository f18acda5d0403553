// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Opens and closes, in the order in which they came to pass: all CPUs write to one BPF ring buffer
 * (since 5.8), and a record is made in place, without a copy. A full ring makes the reservation
 * fail, of which nobody is told; so what is lost is counted here.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum what {
	OPEN,
	CLOSE,
};

struct event {
	enum what what;
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
	s32 fd; // of a close; -1 for an open, whose fd is its result
	hewn_result result;
	char path[256];
};

struct call {
	enum what what;
	s32 fd;
	const char *path; // in user space
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, u64);
	__type(value, struct call);
} calls SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 256 * 1024);
} events SEC(".maps");
HEWN_EVENT(events, struct event);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u64);
} lost SEC(".maps");

static __always_inline int entered(struct call *call)
{
	u64 thread = bpf_get_current_pid_tgid();

	bpf_map_update_elem(&calls, &thread, call, BPF_ANY);
	return 0;
}

static __always_inline int returned(long result)
{
	u64 thread = bpf_get_current_pid_tgid();
	struct call *call = bpf_map_lookup_elem(&calls, &thread);
	struct event *event;
	u32 key = 0;
	u64 *count;

	if (!call)
		return 0; // entered before we were there
	event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);
	if (!event) {
		count = bpf_map_lookup_elem(&lost, &key);
		if (count)
			__sync_fetch_and_add(count, 1);
		bpf_map_delete_elem(&calls, &thread);
		return 0;
	}
	event->what = call->what;
	event->pid = thread >> 32;
	event->uid = bpf_get_current_uid_gid();
	bpf_get_current_comm(event->comm, sizeof(event->comm));
	event->fd = call->fd;
	event->result = result;
	// A record's memory holds what an older one left there: no field may be left out.
	if (call->what == CLOSE ||
	    bpf_probe_read_user_str(event->path, sizeof(event->path), call->path) < 0)
		event->path[0] = 0;
	bpf_map_delete_elem(&calls, &thread);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

// long do_sys_openat2(int dfd, const char __user *filename, struct open_how *how), since 5.6.
SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(open_enter, int dfd, const char *path)
{
	struct call call = {.what = OPEN, .fd = -1, .path = path};

	return entered(&call);
}

// An int, as newer kernels return it: the upper half of the register may hold anything.
SEC("kretprobe/do_sys_openat2")
int BPF_KRETPROBE(open_return, int result)
{
	return returned(result);
}

SEC("ksyscall/close")
int BPF_KSYSCALL(close_enter, int fd)
{
	struct call call = {.what = CLOSE, .fd = fd};

	return entered(&call);
}

SEC("kretsyscall/close")
int BPF_KRETPROBE(close_return, long result)
{
	return returned(result);
}
