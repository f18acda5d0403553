// SPDX-License-Identifier: MIT
/*
 * A loader for a small flash: loads an object, attaches every program as its section says, and takes all of it away
 * again at the end of a signal. `make static` links it without libelf and on musl, in some 300 KB.
 *
 * usage: load OBJECT
 */
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include <hewn.h>

static volatile sig_atomic_t stop;

static void on_signal(int number)
{
	stop = number;
}

int main(int argc, char **argv)
{
	const struct hewn_plan_opts attach = { .attach = true };
	const struct hewn_run_opts stoppable = { .stop = &stop };
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_err err = { 0 };
	sigset_t signals, before;
	int ret;

	if (argc != 2) {
		fputs("usage: load OBJECT\n", stderr);
		return 2;
	}
	signal(SIGINT, on_signal);
	signal(SIGTERM, on_signal);
	ret = hewn_object_open(&object, argv[1], &err);
	if (!ret)
		ret = hewn_plan_open(&plan, object, NULL, &attach, &err);
	if (!ret)
		ret = hewn_run_open(&run, plan, &stoppable, &err);
	if (ret)
		hewn_err_print(&err, stderr, 0);

	/* A signal that comes before sigsuspend() waits until then. */
	sigemptyset(&signals);
	sigaddset(&signals, SIGINT);
	sigaddset(&signals, SIGTERM);
	sigprocmask(SIG_BLOCK, &signals, &before);
	while (!ret && !stop)
		sigsuspend(&before);

	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	hewn_err_close(&err);
	return ret != 0;
}
