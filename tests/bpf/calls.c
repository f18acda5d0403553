// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * calls NAME N: makes a system call N times, for the programs of this folder to see. NAME is getpid
 * or getppid; the C library's getppid() is called, for probes in user space to see, too.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	bool is_getpid = argc == 3 && !strcmp(argv[1], "getpid");

	if (argc != 3 || (!is_getpid && strcmp(argv[1], "getppid") != 0)) {
		fputs("usage: calls getpid|getppid N\n", stderr);
		return 2;
	}
	for (long n = strtol(argv[2], NULL, 0); n > 0; n--) {
		if (is_getpid)
			syscall(SYS_getpid);
		else
			getppid();
	}
	return 0;
}
