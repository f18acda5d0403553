// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * An object as tracing tools are: six programs that follow pointers in structs of the kernel, each
 * field wherever this kernel has it (CO-RE), a hash, an array, a ring buffer, and options in .rodata.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define CORE __attribute__((preserve_access_index))

struct nsproxy;
struct pid_namespace {
	unsigned int level;
} CORE;
struct upid {
	int nr;
} CORE;
struct pid {
	unsigned int level;
	struct upid numbers[1];
} CORE;
struct mm_struct {
	unsigned long start_stack, arg_start;
} CORE;
struct qstr {
	const unsigned char *name;
} CORE;
struct super_block {
	unsigned long s_magic;
	u32 s_dev;
} CORE;
struct inode {
	unsigned short i_mode;
	unsigned long i_ino;
	struct super_block *i_sb;
} CORE;
struct dentry {
	struct qstr d_name;
	struct inode *d_inode;
	struct dentry *d_parent;
} CORE;
struct path {
	struct dentry *dentry;
} CORE;
struct fs_struct {
	struct path pwd;
} CORE;
struct file {
	struct path f_path;
	struct inode *f_inode;
	unsigned int f_flags;
} CORE;
struct task_struct {
	int pid, tgid, exit_code;
	u64 start_time;
	struct task_struct *real_parent;
	struct mm_struct *mm;
	struct fs_struct *fs;
	struct pid *thread_pid;
	struct nsproxy *nsproxy;
	char comm[16];
} CORE;

const volatile int only_pid = 0;
const volatile bool parents = true;

struct event {
	int pid, ppid, nr;
	u64 start, inode, magic;
	u32 dev;
	char comm[16], name[32];
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 1024);
	__uint(map_flags, 1); /* BPF_F_NO_PREALLOC: not the page allocator is measured */
	__type(key, u32);
	__type(value, u64);
} seen SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, struct event);
} scratch SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

#define READ(to, from) bpf_probe_read_kernel(&(to), sizeof(to), &(from))

static __always_inline struct event *begin(struct task_struct *task)
{
	u32 zero = 0;
	u64 one = 1;
	struct event *event = bpf_map_lookup_elem(&scratch, &zero);
	struct task_struct *parent = NULL;

	if (!event)
		return NULL;
	READ(event->pid, task->tgid);
	if (only_pid && event->pid != only_pid)
		return NULL;
	READ(event->start, task->start_time);
	READ(event->comm, task->comm);
	if (parents) {
		READ(parent, task->real_parent);
		READ(event->ppid, parent->tgid);
	}
	bpf_map_update_elem(&seen, &zero, &one, 0);
	return event;
}

static __always_inline void name_of(struct event *event, struct dentry *dentry)
{
	struct super_block *sb = NULL;
	struct inode *inode = NULL;
	const unsigned char *name = NULL;

	READ(name, dentry->d_name.name);
	bpf_probe_read_kernel_str(event->name, sizeof(event->name), name);
	READ(inode, dentry->d_inode);
	READ(event->inode, inode->i_ino);
	READ(sb, inode->i_sb);
	READ(event->dev, sb->s_dev);
	READ(event->magic, sb->s_magic);
}

static __always_inline int end(struct event *event)
{
	bpf_ringbuf_output(&events, event, sizeof(*event), 0);
	return 0;
}

#define PROGRAM(section, name)                                                                     \
	SEC(section) int name(void *ctx)                                                           \
	{                                                                                          \
		struct task_struct *task = (struct task_struct *)bpf_get_current_task();           \
		struct event *event = begin(task);                                                 \
		struct fs_struct *fs = NULL;                                                       \
		struct dentry *dentry = NULL;                                                      \
		struct pid *pid = NULL;                                                            \
                                                                                                   \
		if (!event)                                                                        \
			return 0;                                                                  \
		READ(fs, task->fs);                                                                \
		READ(dentry, fs->pwd.dentry);                                                      \
		name_of(event, dentry);                                                            \
		READ(pid, task->thread_pid);                                                       \
		READ(event->nr, pid->numbers[0].nr);                                               \
		return end(event);                                                                 \
	}

PROGRAM("raw_tp/sys_enter", enter)
PROGRAM("raw_tp/sys_exit", leave)
PROGRAM("raw_tp/sched_process_exec", exec)
PROGRAM("raw_tp/sched_process_exit", exits)
PROGRAM("raw_tp/sched_process_fork", forks)

SEC("raw_tp/sched_switch") int switched(u64 *ctx)
{
	struct task_struct *next = (struct task_struct *)ctx[2];
	struct event *event = begin(next);
	struct mm_struct *mm = NULL;

	if (!event)
		return 0;
	READ(mm, next->mm);
	READ(event->start, mm->arg_start);
	READ(event->nr, next->exit_code);
	return end(event);
}
