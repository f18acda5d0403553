// SPDX-License-Identifier: MIT
/*
 * What a process needs besides its plan: memory, its output, its signals, to wait, to end. A row a call, with the stages
 * that need it. Names that an architecture lacks are left out.
 */
#include "loader/kernel/confine.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#define START CONFINE_START
#define STEPS CONFINE_STEPS
#define LOOP  CONFINE_LOOP
#define BOTH  (CONFINE_STEPS | CONFINE_LOOP)
#define ALL   (CONFINE_START | CONFINE_STEPS | CONFINE_LOOP)

#define CALL(name) SYS_##name, #name
#define ANY	   CONFINE_ANY, 0, 0, { 0 }, 0
#define NO_EXEC(arg) CONFINE_WITHOUT, arg, PROT_EXEC, { 0 }, 0 /* memory, but no new code */
#define TO_READ(arg) CONFINE_WITHOUT, arg, O_ACCMODE | O_CREAT | O_TRUNC, { 0 }, 0

const struct confine_rule confine_base[] = {
	/* what a plan is made of: a plan fills these in */
	{ CALL(bpf), 0, CONFINE_VALUES, 0, 0, { 0 }, 0 },
	{ CALL(perf_event_open), 0, ANY },
	{ CALL(unlinkat), 0, ANY },
	{ CALL(mkdirat), 0, ANY },
	/* to read: why a step failed is in files of proc; in the loop, the numbers of CPUs for --maps */
	{ CALL(openat), START | STEPS | CONFINE_MAPS, TO_READ(2) },
#ifdef SYS_open
	{ CALL(open), START | STEPS | CONFINE_MAPS, TO_READ(1) }, /* musl */
#endif
	/* isatty(), the terminal's width; and what a plan asks of perf events */
	{ CALL(ioctl), ALL, CONFINE_VALUES, 1, 0, { TCGETS, TIOCGWINSZ }, 2 },
	/* the set that the loop waits on, of rings, signals and trace_pipe; a plan's rings have some too */
	{ CALL(epoll_create1), START | STEPS, ANY },
	{ CALL(epoll_ctl), START | STEPS, ANY },
	{ CALL(signalfd4), START | STEPS, ANY },
	/* the loop: waiting, output, what rings count, the end of a command */
	{ CALL(epoll_pwait), LOOP, ANY },
#ifdef SYS_epoll_wait
	{ CALL(epoll_wait), LOOP, ANY },
#endif
	{ CALL(write), BOTH, ANY },
	{ CALL(writev), BOTH, ANY },
	{ CALL(read), ALL, ANY },
	{ CALL(readv), ALL, ANY }, /* musl's stdio */
	{ CALL(close), ALL, ANY },
	{ CALL(wait4), LOOP, ANY },
	{ CALL(kill), 0, CONFINE_VALUES, 0, 0, { 0 }, 0 }, /* of the command only */
	{ CALL(restart_syscall), STEPS, ANY },
	/* memory */
#ifdef SYS_mmap
	{ CALL(mmap), BOTH, NO_EXEC(2) },
#endif
#ifdef SYS_mmap2
	{ CALL(mmap2), BOTH, NO_EXEC(2) },
#endif
	{ CALL(munmap), ALL, ANY },
	{ CALL(mremap), ALL, ANY },
	{ CALL(mprotect), BOTH, NO_EXEC(2) },
	{ CALL(madvise), ALL, ANY },
	{ CALL(brk), ALL, ANY },
	/* time, signals, locks */
#ifdef SYS_clock_gettime
	{ CALL(clock_gettime), ALL, ANY },
#endif
#ifdef SYS_clock_gettime64
	{ CALL(clock_gettime64), ALL, ANY },
#endif
	{ CALL(rt_sigaction), START | STEPS, ANY },
	{ CALL(rt_sigprocmask), ALL, ANY },
	{ CALL(rt_sigreturn), ALL, ANY },
#ifdef SYS_sigreturn
	{ CALL(sigreturn), ALL, ANY },
#endif
#ifdef SYS_futex
	{ CALL(futex), ALL, ANY },
#endif
#ifdef SYS_futex_time64
	{ CALL(futex_time64), ALL, ANY },
#endif
	{ CALL(getpid), START | STEPS, ANY },
	/* files of the C library: how large a buffer, where to go on */
	{ CALL(fstat), ALL, ANY },
#ifdef SYS_newfstatat
	{ CALL(newfstatat), ALL, ANY },
#endif
#ifdef SYS_fstat64
	{ CALL(fstat64), ALL, ANY },
#endif
#ifdef SYS_fstatat64
	{ CALL(fstatat64), ALL, ANY },
#endif
	{ CALL(statx), ALL, ANY },
	{ CALL(lseek), ALL, ANY },
#ifdef SYS__llseek
	{ CALL(_llseek), ALL, ANY },
#endif
	{ CALL(fcntl), START | STEPS, ANY },
#ifdef SYS_fcntl64
	{ CALL(fcntl64), START | STEPS, ANY },
#endif
	/* what the process and the system are: for why a step failed */
	{ CALL(uname), START | STEPS, ANY },
	{ CALL(statfs), START | STEPS, ANY },
#ifdef SYS_statfs64
	{ CALL(statfs64), START | STEPS, ANY },
#endif
#ifdef SYS_access
	{ CALL(access), START | STEPS, ANY },
#endif
	{ CALL(faccessat), START | STEPS, ANY },
#ifdef SYS_readlink
	{ CALL(readlink), START | STEPS, ANY },
#endif
	{ CALL(readlinkat), START | STEPS, ANY },
	{ CALL(getdents64), START | STEPS, ANY },
	{ CALL(pread64), START | STEPS, ANY },
	{ CALL(sched_getaffinity), START | STEPS | CONFINE_MAPS, ANY }, /* sysconf() */
	{ CALL(prlimit64), START | STEPS, CONFINE_ZERO, 2, 0, { 0 }, 0 }, /* asking, not setting */
	{ CALL(geteuid), START | STEPS, ANY },
	{ CALL(capget), START | STEPS, ANY },
	/* to confine itself further: the second filter; both can only take away */
	{ CALL(capset), START | STEPS, ANY },
	{ CALL(seccomp), START | STEPS, CONFINE_VALUES, 0, 0, { 1 /* SECCOMP_SET_MODE_FILTER */ }, 1 },
	{ CALL(exit), ALL, ANY },
	{ CALL(exit_group), ALL, ANY },
	/* the program's start, for profiles that hold from exec on */
	{ CALL(execve), START, ANY },
	{ CALL(set_tid_address), START, ANY },
	{ CALL(set_robust_list), START, ANY },
#ifdef SYS_rseq
	{ CALL(rseq), START, ANY },
#endif
#ifdef SYS_arch_prctl
	{ CALL(arch_prctl), START, ANY },
#endif
#ifdef SYS_set_thread_area
	{ CALL(set_thread_area), START, ANY },
#endif
	{ CALL(getrandom), START | STEPS, ANY },
	{ CALL(prctl), START, ANY },
	/* and for the command of hewn run */
	{ CALL(pipe2), START, ANY },
	{ CALL(clone), START, ANY },
#ifdef SYS_fork
	{ CALL(fork), START, ANY },
#endif
};

const uint32_t confine_n_base = sizeof(confine_base) / sizeof(confine_base[0]);
