// SPDX-License-Identifier: MIT
/*
 * The first process of a guest in which there is nothing but it and one frozen program: mounts what the kernel itself
 * offers, runs the program for some seconds, opens a file meanwhile, and ends the machine.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

int main(void)
{
	const struct rlimit all = { RLIM_INFINITY, RLIM_INFINITY };
	int status = -1;
	pid_t frozen, opener;

	mkdir("/proc", 0755);
	mkdir("/sys", 0755);
	mount("proc", "/proc", "proc", 0, NULL);
	mount("sysfs", "/sys", "sysfs", 0, NULL);
	mount("tracefs", "/sys/kernel/tracing", "tracefs", 0, NULL);
	setrlimit(RLIMIT_MEMLOCK, &all);
	frozen = fork();
	if (!frozen) {
		execl("/frozen", "frozen", "4", (char *)NULL);
		_exit(127);
	}
	sleep(2);
	opener = fork();
	if (!opener) {
		printf("opener %d of %d\n", getpid(), getppid());
		fflush(stdout);
		for (int i = 0; i < 3; i++)
			close((int)syscall(SYS_openat, AT_FDCWD, "/proc/version", O_RDONLY)); /* what the program looks at */
		_exit(0);
	}
	waitpid(opener, NULL, 0);
	waitpid(frozen, &status, 0);
	printf("frozen ended with %d\n", status);
	fflush(stdout);
	reboot(RB_AUTOBOOT); /* with -no-reboot, QEMU ends */
	return 0;
}
