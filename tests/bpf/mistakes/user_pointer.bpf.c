// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: memory of user space, reached through a pointer as if it were the program's own. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("kprobe/do_sys_openat2")
int BPF_KPROBE(enter, int dfd, const char *path)
{
	return path[0] == '/';
}
