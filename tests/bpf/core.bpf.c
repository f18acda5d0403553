// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* What CO-RE can ask, of what every kernel has and of what none has; and reads that depend on it. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct task_struct___none {
	u64 nothing;
} __core;

struct task_struct {
	int pid;
	int tgid;
	struct task_struct *real_parent;
	char comm[16];
	unsigned int in_execve : 1;
} __core;

struct hewn_none {
	u64 nothing;
} __core;

enum bpf_map_type___mine {
	BPF_MAP_TYPE_HASH___mine = 77,
	BPF_MAP_TYPE_NONE___mine = 78,
};

struct found {
	u64 tgid, parent, comm, in_execve, size, comm_size, exists, not_there, type, no_type, hash;
	u64 no_enum;
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct found);
} found SEC(".maps");

SEC("raw_tp/sys_enter")
int enter(void *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct task_struct___none *none = (void *)task;
	struct found *to;
	char comm[16];
	u32 key = 0;

	to = bpf_map_lookup_elem(&found, &key);
	if (!to)
		return 0;
	to->tgid = BPF_CORE_READ(task, tgid);
	to->parent = BPF_CORE_READ(task, real_parent, real_parent, pid);
	to->comm = bpf_core_read_str(comm, sizeof(comm), &task->comm);
	to->in_execve = BPF_CORE_READ_BITFIELD_PROBED(task, in_execve);
	to->size = bpf_core_type_size(struct task_struct);
	to->comm_size = bpf_core_field_size(task->comm);
	to->exists = bpf_core_field_exists(task->comm);
	to->not_there = bpf_core_field_exists(none->nothing);
	if (bpf_core_field_exists(none->nothing))
		to->not_there += BPF_CORE_READ(none, nothing);
	to->type = bpf_core_type_exists(struct task_struct);
	to->no_type = bpf_core_type_id_kernel(struct hewn_none);
	to->hash = bpf_core_enum_value(enum bpf_map_type___mine, BPF_MAP_TYPE_HASH___mine);
	to->no_enum = bpf_core_enum_value_exists(enum bpf_map_type___mine,
						 BPF_MAP_TYPE_NONE___mine);
	return bpf_core_type_id_local(struct task_struct) == 0;
}
