// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Probes on functions of the kernel, by kprobe, by fentry, by the name of a system call, and by kprobe.multi. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/bpf_core_read.h>

char LICENSE[] SEC("license") = "GPL";

extern int LINUX_KERNEL_VERSION __kconfig;
extern bool CONFIG_BPF_JIT __kconfig __weak;

SEC("kprobe/do_unlinkat")
int BPF_KPROBE(do_unlinkat, int dfd, struct filename *name)
{
	pid_t pid = bpf_get_current_pid_tgid() >> 32;
	const char *filename = BPF_CORE_READ(name, name);

	bpf_printk("KPROBE ENTRY pid = %d, filename = %s, kernel %d\n", pid, filename, LINUX_KERNEL_VERSION);
	return 0;
}

SEC("kretprobe/do_unlinkat")
int BPF_KRETPROBE(do_unlinkat_exit, long ret)
{
	bpf_printk("KPROBE EXIT: ret = %ld, jit %d\n", ret, CONFIG_BPF_JIT);
	return 0;
}

SEC("fentry/do_unlinkat")
int BPF_PROG(do_unlinkat_fentry, int dfd, struct filename *name)
{
	bpf_printk("fentry: filename = %s\n", name->name);
	return 0;
}

SEC("fexit/do_unlinkat")
int BPF_PROG(do_unlinkat_fexit, int dfd, struct filename *name, long ret)
{
	bpf_printk("fexit: filename = %s, ret = %ld\n", name->name, ret);
	return 0;
}

SEC("ksyscall/kill")
int BPF_KSYSCALL(entry_probe, pid_t pid, int sig)
{
	char comm[16];

	if (sig == 0)
		return 0;
	bpf_get_current_comm(&comm, sizeof(comm));
	bpf_printk("%s sent %d to %d\n", comm, sig, pid);
	return 0;
}

SEC("kprobe.multi/tcp_v4_*")
int BPF_KPROBE(multi, struct sock *sk)
{
	bpf_printk("%llx\n", bpf_get_func_ip(ctx));
	return 0;
}
