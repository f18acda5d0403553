// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Functions of the kernel by their BTF: entry, return with the arguments, and a result that is changed (5.5, 5.7). */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

u64 entered, returned, modified;
s64 last;

// long do_sys_openat2(int dfd, const char *filename, struct open_how *how)
SEC("fentry/do_sys_openat2")
int BPF_PROG(enter, int dfd, const char *path, void *how)
{
	__sync_fetch_and_add(&entered, path && how);
	return 0;
}

SEC("fexit/vmlinux:do_sys_openat2")
int BPF_PROG(leave, int dfd, const char *path, void *how, long result)
{
	last = result;
	__sync_fetch_and_add(&returned, 1);
	return 0;
}

// int security_file_open(struct file *file)
SEC("fmod_ret/security_file_open")
int BPF_PROG(modify, void *file, int result)
{
	__sync_fetch_and_add(&modified, 1);
	return result;
}

SEC("?fentry/do_sys_openat22")
int BPF_PROG(misspelled)
{
	return 0;
}

SEC("?fentry/no_such_module:f")
int BPF_PROG(elsewhere)
{
	return 0;
}

SEC("?fentry")
int BPF_PROG(nowhere)
{
	return 0;
}

SEC("?freplace/f")
int replaces(void *ctx)
{
	return 0;
}
