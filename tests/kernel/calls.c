// SPDX-License-Identifier: MIT
/* Makes a known number of calls, through libc but for getpid: calls NAME N. For probes that must
 * count exactly. */
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

int main(int argc, char **argv)
{
	int n = argc > 2 ? atoi(argv[2]) : 1;

	for (int i = 0; i < n; i++) {
		if (!strcmp(argv[1], "getppid"))
			getppid();
		else if (!strcmp(argv[1], "getpid"))
			syscall(SYS_getpid);
		else if (!strcmp(argv[1], "open"))
			close(open(i % 2 ? "/nonexistent" : "/etc/passwd", O_RDONLY));
		else
			return 2;
	}
	return 0;
}
