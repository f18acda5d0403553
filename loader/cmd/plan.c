// SPDX-License-Identifier: MIT
/* hewn plan: the system calls of load or run, without making them. */
#include <getopt.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"

static const char help[] =
	"usage: hewn plan [OPTION…] OBJECT\n\n"
	"Shows the system calls that `hewn run OBJECT` would make, in order, each with its reason and with\n"
	"what happens if it fails. Asks the kernel nothing that needs a privilege.\n\n"
	"      --load          what `hewn load OBJECT` would do instead\n"
	"      --brief         a line a call, without reasons and alternatives\n";

int cmd_plan(int argc, char **argv)
{
	static const struct option options[] = {
		PLAN_OPTIONS,
		{ "load", no_argument, NULL, 'l' },
		{ "brief", no_argument, NULL, 'b' },
		{ 0 },
	};
	struct plan_args args = { 0 };
	struct planned planned = { 0 };
	struct hewn_err err = { 0 };
	int option, status = STATUS_OK;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s%s", help, plan_options_help);
			goto out;
		} else if (option == 'l') {
			args.load_only = true;
		} else if (option == 'b') {
			args.brief = true;
		} else if (!plan_args_take(&args, option, optarg)) {
			status = STATUS_USAGE;
			goto out;
		}
	}
	if (optind + 1 != argc) {
		status = cmd_usage("plan", "want one object");
		goto out;
	}
	args.object = argv[optind];
	args.opts.attach = args.opts.rings = !args.load_only;
	if (planned_open(&planned, &args, &err))
		status = cmd_fail(&err, &args);
	else if (args.json)
		hewn_plan_json(planned.plan, stdout);
	else
		hewn_plan_print(planned.plan, stdout,
				(isatty(STDOUT_FILENO) ? HEWN_PLAN_COLOR : 0) | (args.brief ? HEWN_PLAN_BRIEF : 0));
out:
	planned_close(&planned);
	plan_args_close(&args);
	return cmd_finish(status);
}
