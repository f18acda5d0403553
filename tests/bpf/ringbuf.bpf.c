// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Two BPF ring buffers, one with a type for its records and one without; a size that is no power
 * of 2. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct record {
	u32 pid;
	u32 number;
	hewn_ns when;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} typed SEC(".maps");
HEWN_EVENT(typed, struct record);

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 5000); // rounded up by the loader
} bare SEC(".maps");

u32 number;

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&typed, sizeof(*record), 0);
	u64 now = bpf_ktime_get_ns();

	if (record) {
		record->pid = bpf_get_current_pid_tgid() >> 32;
		record->number = number++;
		record->when = now;
		if (record->number % 4 == 3)
			bpf_ringbuf_discard(record, 0); // the reader steps over it
		else
			bpf_ringbuf_submit(record, 0);
	}
	bpf_ringbuf_output(&bare, &now, sizeof(now), 0);
	return 0;
}
