// SPDX-License-Identifier: MIT
/* Makes a known number of calls, through libc but for getpid: calls NAME N. For probes that must
 * count exactly. */
#include <arpa/inet.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* A packet to a port of this machine where nobody listens. */
static void send_packet(void)
{
	const struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(9), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return;
	sendto(fd, "a", 1, 0, (const struct sockaddr *)&to, sizeof(to));
	close(fd);
}

/* A port of this machine, of the kernel's choice, that others may share. */
static void listen_once(void)
{
	const struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), on = 1;

	if (fd < 0)
		return;
	setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof(on));
	if (!bind(fd, (const struct sockaddr *)&at, sizeof(at)))
		listen(fd, 77);
	close(fd);
}

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
		else if (!strcmp(argv[1], "send"))
			send_packet();
		else if (!strcmp(argv[1], "listen"))
			listen_once();
		else
			return 2;
	}
	return 0;
}
