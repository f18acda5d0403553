// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Maps as they were declared before BTF: structs of numbers in section `maps`. libbpf takes them no
 * more since 1.0.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct bpf_map_def {
	u32 type, key_size, value_size, max_entries, map_flags;
};

struct bpf_map_def counts SEC("maps") = {
	.type = BPF_MAP_TYPE_HASH,
	.key_size = sizeof(u32),
	.value_size = sizeof(u64),
	.max_entries = 64,
};

struct bpf_map_def total SEC("maps") = {
	.type = BPF_MAP_TYPE_ARRAY,
	.key_size = sizeof(u32),
	.value_size = sizeof(u64),
	.max_entries = 1,
	.map_flags = BPF_F_MMAPABLE,
};

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	u32 key = 0;
	u64 *value = bpf_map_lookup_elem(&total, &key), one = 1;

	if (value)
		__sync_fetch_and_add(value, 1);
	key = bpf_get_current_pid_tgid() >> 32;
	bpf_map_update_elem(&counts, &key, &one, BPF_ANY);
	return 0;
}
