// SPDX-License-Identifier: MIT
/* hewn plan: the system calls of load or run, without making them. */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"
#include "loader/cmd/diff.h"
#include "loader/cmd/input.h"
#include "loader/err.h"
#include "loader/mem.h"

static const char help[] =
	"usage: hewn plan [OPTION…] OBJECT\n"
	"       hewn plan --diff [OPTION…] OBJECT|PLAN OBJECT|PLAN\n\n"
	"Shows the system calls that `hewn run OBJECT` would make, in order, each with its reason and with\n"
	"what happens if it fails. Asks the kernel nothing that needs a privilege.\n\n"
	"      --load          what `hewn load OBJECT` would do instead\n"
	"      --brief         a line a call, without reasons and alternatives\n"
	"      --seccomp[=FORM]  the system calls that the process may make, as --confine has them: classic BPF as\n"
	"                      text; FORM loop: what the event loop may; oci: a container's profile (JSON);\n"
	"                      systemd: a line of a unit\n"
	"      --diff          of two objects, or plans saved with --json: what differs; status 0, 1 or 2 as of diff(1)\n"
	"      --caps          the least capabilities, for a user who is not root\n";

/* What is printed of a plan. */
struct shown {
	bool diff, confine;
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
	if (args->json ? hewn_plan_json(planned->plan, stdout)
		       : hewn_plan_print(planned->plan, stdout,
					 (isatty(STDOUT_FILENO) ? HEWN_PLAN_COLOR : 0) | (args->brief ? HEWN_PLAN_BRIEF : 0)))
		return err_nomem(err);
	return 0;
}

/* A plan that was saved as JSON, or that of an object. */
static int read_plan(struct jsonin *plan, const char *path, struct plan_args *args, struct hewn_err *err)
{
	struct planned planned = { 0 };
	char *text = NULL;
	size_t size = 0;
	FILE *to;
	int ret = input_read(path, &text, &size, err);

	memset(plan, 0, sizeof(*plan));
	if (!ret && text[strspn(text, " \t\r\n")] != '{') {
		free(text);
		text = NULL;
		args->object = path;
		ret = planned_open(&planned, args, err);
		to = ret ? NULL : open_memstream(&text, &size);
		if (!ret && (!to || hewn_plan_json(planned.plan, to)))
			ret = err_nomem(err);
		if (!mem_written(to, &text) && !ret)
			ret = err_nomem(err);
		planned_close(&planned);
	}
	if (!ret)
		ret = jsonin_open(plan, text, size, path, err);
	free(text);
	return ret;
}

/* As diff(1): 0 where nothing differs, 1 where something does, 2 for trouble. */
static int diff(char **paths, struct plan_args *args)
{
	struct jsonin a, b = { 0 };
	struct hewn_err err = { 0 };
	int ret = read_plan(&a, paths[0], args, &err);

	if (!ret)
		ret = read_plan(&b, paths[1], args, &err);
	if (!ret)
		ret = diff_plans(&a, &b, stdout, &err);
	jsonin_close(&a);
	jsonin_close(&b);
	if (ret >= 0)
		return ret;
	cmd_fail(&err, args);
	return STATUS_USAGE;
}

static const struct option options[] = {
	PLAN_OPTIONS,
	{ "load", no_argument, NULL, 'l' },
	{ "brief", no_argument, NULL, 'b' },
	{ "seccomp", optional_argument, NULL, 'S' },
	{ "caps", no_argument, NULL, 'c' },
	{ "diff", no_argument, NULL, 'D' },
	{ 0 },
};

/* -1: go on; else the status to end with. */
static int take_args(int argc, char **argv, struct plan_args *args, struct shown *shown)
{
	int option;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s%s", help, plan_options_help);
			return STATUS_OK;
		} else if (option == 'l') {
			args->load_only = true;
		} else if (option == 'b') {
			args->brief = true;
		} else if (option == 'D') {
			shown->diff = true;
		} else if (option == 'c') {
			shown->confine = true;
			shown->form = HEWN_CONFINE_CAPS;
		} else if (option == 'S' ? !take_form(shown, optarg) : !plan_args_take(args, option, optarg)) {
			return STATUS_USAGE;
		}
	}
	if (optind + 1 + shown->diff != argc)
		return cmd_usage("plan", shown->diff ? "want two objects or plans" : "want one object");
	return -1;
}

int cmd_plan(int argc, char **argv)
{
	struct plan_args args = { 0 };
	struct planned planned = { 0 };
	struct shown shown = { 0 };
	struct hewn_err err = { 0 };
	int status = take_args(argc, argv, &args, &shown);

	args.opts.attach = args.opts.rings = !args.load_only;
	if (status < 0 && shown.diff) {
		status = diff(argv + optind, &args);
	} else if (status < 0) {
		status = STATUS_OK;
		args.object = argv[optind];
		if (planned_open(&planned, &args, &err) || show(&planned, &args, &shown, &err))
			status = cmd_fail(&err, &args);
	}
	planned_close(&planned);
	plan_args_close(&args);
	return cmd_finish(status);
}
