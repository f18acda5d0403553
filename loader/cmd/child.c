// SPDX-License-Identifier: MIT
/* The COMMAND of hewn run: see child.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/cmd/child.h"

/*
 * The file that execvp(3) would run, found without trying each folder of PATH with an execve(2) of its own,
 * which a program that watches execve would see. NULL: there is none.
 */
static const char *find(const char *name, char *path, size_t size)
{
	const char *folders = getenv("PATH");

	if (strchr(name, '/'))
		return name;
	for (const char *at = folders ? folders : "/bin:/usr/bin"; *at; at += strcspn(at, ":"), at += *at == ':') {
		int len = (int)strcspn(at, ":");

		if ((size_t)snprintf(path, size, "%.*s%s%s", len, at, len ? "/" : "", name) < size && !access(path, X_OK))
			return path;
	}
	return NULL;
}

static void become(char **argv, int gate, int report)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP, SIGCHLD, SIGPIPE };
	char byte, path[4096];
	const char *file = find(argv[0], path, sizeof(path));
	sigset_t none;
	int error = ENOENT;

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		signal(numbers[i], SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (read(gate, &byte, 1) != 1) /* the parent failed, or died */
		_exit(127);
	if (file) {
		execv(file, argv);
		error = errno;
	}
	if (write(report, &error, sizeof(error)) < 0)
		_exit(126);
	_exit(127);
}

int child_start(struct child *child, char **argv)
{
	int gate[2] = { -1, -1 }, report[2] = { -1, -1 };
	int ret = 0;

	*child = (struct child){ .gate = -1, .report = -1 };
	if (pipe2(gate, O_CLOEXEC) || pipe2(report, O_CLOEXEC))
		ret = -errno;
	if (!ret) {
		child->pid = fork();
		if (child->pid < 0)
			ret = -errno;
	}
	if (!ret && child->pid == 0) {
		close(gate[1]); /* or the child would wait for itself */
		become(argv, gate[0], report[1]);
	}
	if (gate[0] >= 0)
		close(gate[0]);
	if (report[1] >= 0)
		close(report[1]);
	child->gate = gate[1];
	child->report = report[0];
	if (ret) {
		child->pid = 0;
		child_close(child);
	}
	return ret;
}

int child_go(struct child *child)
{
	int error = 0;
	ssize_t n;

	if (child->gate < 0)
		return 0;
	n = write(child->gate, "", 1);
	close(child->gate);
	child->gate = -1;
	if (n != 1)
		return -EPIPE;
	do { /* end of file: exec has closed it */
		n = read(child->report, &error, sizeof(error));
	} while (n < 0 && errno == EINTR);
	close(child->report);
	child->report = -1;
	return n == sizeof(error) ? -error : 0;
}

bool child_ended(struct child *child)
{
	if (child->pid && waitpid(child->pid, &child->status, WNOHANG) == child->pid)
		child->pid = 0;
	return !child->pid;
}

void child_close(struct child *child)
{
	if (child->gate >= 0)
		close(child->gate); /* at the gate, it reads the end of the file and leaves */
	else if (child->pid)
		kill(child->pid, SIGTERM);
	if (child->report >= 0)
		close(child->report);
	child->gate = child->report = -1;
	while (child->pid && waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
		;
	child->pid = 0;
}
