// SPDX-License-Identifier: MIT
/* hewn profile: writes down what a plan may know of this kernel, for planning elsewhere. */
#include <getopt.h>

#include "loader/cmd/cmd.h"
#include "loader/cmd/input.h"

static const char help[] =
	"usage: hewn profile [OPTION…] [OBJECT…] >FILE\n\n"
	"Writes the facts that a plan may know of this kernel (release, CPUs, PMU types), each with the file\n"
	"that it comes from, and those that plans of these objects ask for: where a uprobe goes, for one.\n"
	"`hewn plan --target FILE OBJECT` then makes the same plan on another machine.\n\n"
	"Options that make a plan ask for other facts:\n";

/* All that a plan of the object asks for becomes a fact of the target. */
static int ask_for(struct hewn_target *target, struct plan_args *args, const char *path, struct hewn_err *err)
{
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	int ret = input_object(&object, path, err);

	if (!ret)
		ret = hewn_plan_open(&plan, object, target, &args->opts, err);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return ret;
}

int cmd_profile(int argc, char **argv)
{
	static const struct option options[] = { PLAN_OPTIONS, { 0 } };
	struct plan_args args = { .opts.attach = true, .opts.rings = true };
	struct hewn_target *target = NULL;
	struct hewn_err err = { 0 };
	int option, status = STATUS_OK, ret;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h')
			printf("%s%s", help, plan_options_help);
		else if (!plan_args_take(&args, option, optarg))
			status = STATUS_USAGE;
		if (option == 'h' || status)
			goto out;
	}
	ret = plan_args_only(&args);
	if (!ret)
		ret = plan_args_target(&args, &target, &err);
	while (!ret && optind < argc)
		ret = ask_for(target, &args, argv[optind++], &err);
	if (!ret)
		ret = hewn_target_save(target, stdout, &err);
	if (ret && !ferror(stdout)) /* that, cmd_finish() says */
		status = cmd_fail(&err, &args);
	hewn_err_close(&err);
out:
	hewn_target_close(target);
	plan_args_close(&args);
	return cmd_finish(status);
}
