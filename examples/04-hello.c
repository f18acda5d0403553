// SPDX-License-Identifier: MIT
/*
 * From an object to a running probe: bpf/hello.bpf.c writes a line for each execve(2), and this program
 * loads and attaches it, shows what calls that took, and copies the lines from the kernel's trace_pipe.
 *
 * usage: 04-hello [OBJECT [SECONDS]]      Needs root, and a kernel with kprobes.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <hewn.h>

static int failed(struct hewn_err *err)
{
	hewn_err_print(err, stderr, 0);
	hewn_err_close(err);
	return 1;
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "build/bpf/hello.bpf.o";
	int seconds = argc > 2 ? (int)strtol(argv[2], NULL, 10) : 10;
	const struct hewn_plan_opts opts = { .attach = true };
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_err err = { 0 };
	struct pollfd pipe = { .events = POLLIN };
	char line[1024];
	ssize_t n;
	int status = 0;

	/* 1. what the file says  2. the calls that it takes  3. the calls, made */
	if (hewn_object_open(&object, path, &err) || hewn_plan_open(&plan, object, NULL, &opts, &err) ||
	    hewn_run_open(&run, plan, NULL, &err)) {
		status = failed(&err);
		goto out;
	}
	hewn_run_print(run, stdout, HEWN_PLAN_BRIEF);

	/* bpf_trace_printk() writes here, for everybody; a program for every day has a ring of its own (08-opens) */
	pipe.fd = open("/sys/kernel/tracing/trace_pipe", O_RDONLY | O_NONBLOCK);
	if (pipe.fd < 0) {
		perror("/sys/kernel/tracing/trace_pipe");
		status = 1;
		goto out;
	}
	for (int i = 0; i < seconds * 10; i++) {
		poll(&pipe, 1, 100);
		while ((n = read(pipe.fd, line, sizeof(line))) > 0)
			fwrite(line, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	close(pipe.fd);
out:
	hewn_run_close(run); /* detaches and closes, last things first */
	hewn_plan_close(plan);
	hewn_object_close(object);
	return status;
}
