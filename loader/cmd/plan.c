// SPDX-License-Identifier: MIT
/* hewn plan: the system calls of load or run, without making them. */
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"

static const char help[] =
	"usage: hewn plan [OPTION…] OBJECT\n\n"
	"Shows the system calls that `hewn run OBJECT` would make, in order, each with its reason and with\n"
	"what happens if it fails. Asks the kernel nothing that needs a privilege.\n\n"
	"      --load          what `hewn load OBJECT` would do instead\n"
	"      --brief         a line a call, without reasons and alternatives\n"
	"      --seccomp[=FORM]  the system calls that the process may make, as --confine has them: classic BPF as\n"
	"                      text; FORM loop: what the event loop may; oci: a container's profile (JSON);\n"
	"                      systemd: a line of a unit\n"
	"      --caps          the least capabilities, for a user who is not root\n";

/* What is printed of a plan. */
struct shown {
	bool confine;
	enum hewn_confine_form form;
};

static bool take_form(struct shown *shown, const char *name)
{
	static const char *const names[] = {
		[HEWN_CONFINE_BPF] = "bpf",
		[HEWN_CONFINE_LOOP] = "loop",
		[HEWN_CONFINE_OCI] = "oci",
		[HEWN_CONFINE_SYSTEMD] = "systemd",
	};

	shown->confine = true;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name ? name : "bpf", names[i])) {
			shown->form = (enum hewn_confine_form)i;
			return true;
		}
	fprintf(stderr, "hewn: --seccomp wants bpf, loop, oci or systemd, not \"%s\"\n", name);
	return false;
}

static int show(const struct planned *planned, const struct plan_args *args, const struct shown *shown,
		struct hewn_err *err)
{
	if (shown->confine)
		return hewn_confine_print(planned->plan, shown->form, stdout, err);
	if (args->json)
		hewn_plan_json(planned->plan, stdout);
	else
		hewn_plan_print(planned->plan, stdout,
				(isatty(STDOUT_FILENO) ? HEWN_PLAN_COLOR : 0) | (args->brief ? HEWN_PLAN_BRIEF : 0));
	return 0;
}

int cmd_plan(int argc, char **argv)
{
	static const struct option options[] = {
		PLAN_OPTIONS,
		{ "load", no_argument, NULL, 'l' },
		{ "brief", no_argument, NULL, 'b' },
		{ "seccomp", optional_argument, NULL, 'S' },
		{ "caps", no_argument, NULL, 'c' },
		{ 0 },
	};
	struct plan_args args = { 0 };
	struct planned planned = { 0 };
	struct shown shown = { 0 };
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
		} else if (option == 'c') {
			shown = (struct shown){ true, HEWN_CONFINE_CAPS };
		} else if (option == 'S') {
			if (!take_form(&shown, optarg)) {
				status = STATUS_USAGE;
				goto out;
			}
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
	if (planned_open(&planned, &args, &err) || show(&planned, &args, &shown, &err))
		status = cmd_fail(&err, &args);
out:
	planned_close(&planned);
	plan_args_close(&args);
	return cmd_finish(status);
}
