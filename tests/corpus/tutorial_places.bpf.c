// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* In the manner of libbpf's tutorials: the ways to say where a program is attached. */
#include "vmlinux.h"
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include <bpf/usdt.bpf.h>

char LICENSE[] SEC("license") = "Dual MIT/GPL";

#define PLACE(name, section)           \
	SEC(section) int name(void *ctx) \
	{                              \
		return 0;              \
	}

PLACE(k_plain, "kprobe/do_sys_openat2")
PLACE(k_offset, "kprobe/do_sys_openat2+0x0")
PLACE(k_return, "kretprobe/do_sys_openat2")
PLACE(k_bare, "kprobe")
PLACE(k_nowhere, "?kprobe/no_such_function_is_there")
PLACE(k_return_offset, "?kretprobe/do_sys_openat2+0x10")
PLACE(k_syscall, "ksyscall/openat")
PLACE(k_syscall_return, "kretsyscall/openat")
PLACE(k_multi_exact, "kprobe.multi/do_sys_openat2")
PLACE(k_multi, "kprobe.multi/do_sys_open*")
PLACE(k_multi_one, "kprobe.multi/do_sys_openat?")
PLACE(k_multi_return, "kretprobe.multi/do_sys_openat*")
PLACE(k_session, "kprobe.session/do_sys_openat2")
PLACE(k_multi_bare, "kprobe.multi")
PLACE(k_multi_nowhere, "?kprobe.multi/no_such_function_is_there*")
PLACE(u_soname, "uprobe/libc.so.6:malloc")
PLACE(u_offset, "uprobe/libc.so.6:malloc+0x0")
PLACE(u_version, "uprobe/libc.so.6:realpath@@GLIBC_2.3")
PLACE(u_path, "uprobe//lib/x86_64-linux-gnu/libc.so.6:free")
PLACE(u_return, "uretprobe/libc.so.6:malloc")
PLACE(u_return_offset, "?uretprobe/libc.so.6:malloc+0x4")
PLACE(u_sleepable, "uprobe.s/libc.so.6:calloc")
PLACE(u_name, "?uprobe/sh:main")
PLACE(u_self, "?uprobe//proc/self/exe:no_such_function_is_there")
PLACE(u_no_function, "?uprobe/libc.so.6")
PLACE(u_relative, "?uprobe/build/hewn:0x1000")
PLACE(u_nowhere, "?uprobe/libc.so.6:no_such_function_is_there")
PLACE(u_no_library, "?uprobe/libnone.so.1:malloc")
PLACE(u_bare, "uprobe")
PLACE(u_multi, "uprobe.multi/libc.so.6:mallo*")
PLACE(u_multi_path, "uprobe.multi//lib/x86_64-linux-gnu/libc.so.6:malloc")
PLACE(u_multi_return, "uretprobe.multi/libc.so.6:free")
PLACE(u_multi_sleepable, "uprobe.multi.s/libc.so.6:free")
PLACE(u_multi_nowhere, "?uprobe.multi/libc.so.6:no_such_function_is_there*")
PLACE(u_multi_one, "?uprobe.multi/libc.so.6:no_such_function_is_there")
PLACE(t_plain, "tracepoint/syscalls/sys_enter_openat")
PLACE(t_short, "tp/sched/sched_switch")
PLACE(t_bare, "tp")
PLACE(t_nowhere, "?tp/sched/no_such_event_is_there")
PLACE(t_no_category, "?tp/sched_switch")
PLACE(r_plain, "raw_tracepoint/sched_switch")
PLACE(r_short, "raw_tp/sys_enter")
PLACE(r_bare, "raw_tp")
PLACE(r_nowhere, "?raw_tp/no_such_event_is_there")
PLACE(usdt_soname, "?usdt/libc.so.6:libc:setjmp")
PLACE(usdt_path, "?usdt//lib/x86_64-linux-gnu/libc.so.6:libc:longjmp")
PLACE(usdt_nowhere, "?usdt/libc.so.6:libc:no_such_probe_is_there")
PLACE(usdt_bare, "usdt")
PLACE(x_socket, "socket")
PLACE(x_xdp, "xdp")
PLACE(x_tcx, "tcx/ingress")
PLACE(x_perf, "perf_event")
