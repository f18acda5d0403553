// SPDX-License-Identifier: MIT
/* The only trap: see sys.h. */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/kernel/sys.h"

#ifndef SYS_mmap /* 32 bit: the offset counts pages, and is always 0 here */
#define SYS_mmap SYS_mmap2
#endif

static const long numbers[CALL_N] = {
	[CALL_BPF] = SYS_bpf,
	[CALL_PERF_EVENT_OPEN] = SYS_perf_event_open,
	[CALL_IOCTL] = SYS_ioctl,
	[CALL_MMAP] = SYS_mmap,
	[CALL_OPENAT] = SYS_openat,
	[CALL_READ] = SYS_read,
	[CALL_WRITE] = SYS_write,
	[CALL_CLOSE] = SYS_close,
	[CALL_EPOLL_CREATE1] = SYS_epoll_create1,
	[CALL_EPOLL_CTL] = SYS_epoll_ctl,
	[CALL_UNLINKAT] = SYS_unlinkat,
	[CALL_MKDIRAT] = SYS_mkdirat,
	[CALL_MUNMAP] = SYS_munmap,
};

long sys_trap(enum plan_call call, const long args[6])
{
	long result = syscall(numbers[call], args[0], args[1], args[2], args[3], args[4], args[5]);

	return result == -1 ? -errno : result;
}
