// SPDX-License-Identifier: MIT
/* The only trap: see sys.h. */
#include <errno.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "loader/kernel/sys.h"

static const long numbers[CALL_N] = {
	[CALL_BPF] = SYS_bpf,
	[CALL_PERF_EVENT_OPEN] = SYS_perf_event_open,
	[CALL_IOCTL] = SYS_ioctl,
#ifdef SYS_mmap2
	[CALL_MMAP] = SYS_mmap2,
#else
	[CALL_MMAP] = SYS_mmap,
#endif
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

long sys_number(enum plan_call call)
{
	return numbers[call];
}

long sys_by_number(long number, const long args[6])
{
	const long result = syscall(number, args[0], args[1], args[2], args[3], args[4], args[5]);

	return result == -1 ? -errno : result;
}

long sys_trap(enum plan_call call, const long args[6])
{
	long result;

	if (call == CALL_MMAP) /* its form differs by architecture: mmap2, a struct on s390x. libc knows */
		result = (long)(intptr_t)mmap((void *)(uintptr_t)args[0], (size_t)args[1], (int)args[2], (int)args[3],
					      (int)args[4], (off_t)args[5]);
	else
		result = syscall(numbers[call], args[0], args[1], args[2], args[3], args[4], args[5]);
	return result == -1 ? -errno : result;
}
