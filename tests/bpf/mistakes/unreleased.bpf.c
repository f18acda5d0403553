// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: room that was reserved in a ring buffer is neither submitted nor discarded on one way
 * out. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u64 *record = bpf_ringbuf_reserve(&ring, sizeof(*record), 0);

	if (!record)
		return 0;
	*record = bpf_get_current_pid_tgid();
	if (*record >> 32 == 1)
		return 0;
	bpf_ringbuf_submit(record, 0);
	return 0;
}
