// SPDX-License-Identifier: MIT
/* The end of a confined process: see confine.h. */
#include "loader/cmd/confine.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The signal comes in the place of the call, so nothing is half done here; it is blocked, so one more is the end. */
static void on_sigsys(int number, siginfo_t *info, void *context)
{
	char call[64], text[160];

	(void)context;
	snprintf(text, sizeof(text), "hewn: %s is not in the plan: the process is confined, and ends here\n",
		 hewn_confine_explain(info->si_syscall, info->si_errno, call, sizeof(call)));
	if (write(STDERR_FILENO, text, strlen(text)) >= 0)
		raise(number); /* not allowed either, and nothing catches it now */
	_exit(128 + number);
}

int confine(const struct hewn_plan *plan, const struct hewn_confine_opts *opts, struct hewn_err *err)
{
	const struct sigaction action = { .sa_sigaction = on_sigsys, .sa_flags = SA_SIGINFO };

	sigaction(SIGSYS, &action, NULL);
	return hewn_confine(plan, opts, err);
}
