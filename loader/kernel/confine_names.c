// SPDX-License-Identifier: MIT
/* Names of system calls that no plan makes, for telling which one ended a confined process. Knows numbers and names. */
#include "loader/kernel/confine.h"

#include <sys/syscall.h>

#define CALL(name) { SYS_##name, #name }

static const struct {
	long number;
	const char *name;
} others[] = {
	CALL(socket), CALL(bind), CALL(connect), CALL(listen), CALL(accept4), CALL(sendto), CALL(recvfrom),
	CALL(sendmsg), CALL(recvmsg), CALL(setsockopt), CALL(getsockopt), CALL(socketpair), CALL(shutdown),
	CALL(execveat), CALL(ptrace), CALL(process_vm_readv), CALL(process_vm_writev), CALL(kcmp), CALL(tgkill),
	CALL(tkill), CALL(getppid), CALL(getuid), CALL(getgid), CALL(getegid), CALL(gettid), CALL(setuid), CALL(setgid),
	CALL(setresuid), CALL(setresgid), CALL(setgroups), CALL(setsid), CALL(setpgid), CALL(getpgid), CALL(mount),
	CALL(umount2), CALL(pivot_root), CALL(chroot), CALL(setns), CALL(unshare), CALL(init_module), CALL(finit_module),
	CALL(delete_module), CALL(reboot), CALL(sethostname), CALL(linkat), CALL(symlinkat), CALL(renameat2), CALL(fchmodat),
	CALL(fchownat), CALL(fchmod), CALL(fchown), CALL(ftruncate), CALL(fallocate), CALL(fsync), CALL(dup), CALL(dup3),
	CALL(pwrite64), CALL(pwritev), CALL(preadv), CALL(sendfile), CALL(splice), CALL(inotify_init1), CALL(fanotify_init),
	CALL(eventfd2), CALL(signalfd4), CALL(timerfd_create), CALL(userfaultfd), CALL(memfd_create), CALL(mlock),
	CALL(mlockall), CALL(msync), CALL(shmget), CALL(waitid), CALL(nanosleep), CALL(clock_nanosleep), CALL(getcpu),
	CALL(sched_yield), CALL(sched_setaffinity), CALL(chdir), CALL(fchdir), CALL(getcwd), CALL(umask), CALL(sysinfo),
	CALL(syslog), CALL(add_key), CALL(keyctl), CALL(personality), CALL(acct), CALL(swapon), CALL(quotactl),
	CALL(perf_event_open), CALL(copy_file_range), CALL(sync), CALL(utimensat), CALL(rt_sigsuspend), CALL(rt_sigtimedwait),
};

const char *confine_call_name(long number)
{
	for (uint32_t i = 0; i < confine_n_base; i++)
		if (confine_base[i].number == number)
			return confine_base[i].name;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (others[i].number == number)
			return others[i].name;
	return NULL;
}
