// SPDX-License-Identifier: MIT
/* hewn run: loads, attaches, prints what comes, and takes everything away again. */
#include <errno.h>
#include <getopt.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/cmd/child.h"
#include "loader/cmd/cmd.h"
#include "loader/cmd/confine.h"
#include "loader/cmd/follow.h"
#include "loader/object/object.h"

static const char help[] =
	"usage: hewn run [OPTION…] OBJECT [-- COMMAND…]\n\n"
	"Loads an object, attaches every program as its section says, and prints each record of its rings by\n"
	"its BTF type, until COMMAND ends or Ctrl-C. Then detaches, and says how many records came and how\n"
	"many were lost.\n\n"
	"      --count N       end after N records\n"
	"      --for SECONDS   end after this time\n"
	"      --maps          print the maps too, every --interval and at the end\n"
	"      --interval N    seconds between two prints of the maps (1)\n"
	"      --trace-pipe    print what bpf_trace_printk() writes\n"
	"      --log[=FILE]    write each call with its result to FILE (standard error)\n"
	"      --confine       a seccomp filter lets this process make the plan's calls and no others, and\n"
	"                      then only what waiting and printing need; capabilities not needed are dropped\n";

struct run_args {
	struct plan_args plan;
	struct follow_opts follow;
	bool log, confine;
	const char *log_path;
	char **command; /* NULL: none */
};

static bool seconds(const char *text, uint64_t *ns)
{
	char *end;
	double s = strtod(text, &end);

	if (end == text || *end || !(s >= 1e-9 && s < 1e9)) {
		fprintf(stderr, "hewn: want a number of seconds, not \"%s\"\n", text);
		return false;
	}
	*ns = (uint64_t)(s * 1e9);
	return true;
}

/* -1: go on; else the status to end with */
static int take_args(int argc, char **argv, struct run_args *args)
{
	static const struct option options[] = {
		PLAN_OPTIONS,
		{ "count", required_argument, NULL, 'c' },
		{ "for", required_argument, NULL, 'f' },
		{ "maps", no_argument, NULL, 'm' },
		{ "interval", required_argument, NULL, 'n' },
		{ "trace-pipe", no_argument, NULL, 't' },
		{ "log", optional_argument, NULL, 'L' },
		{ "confine", no_argument, NULL, 'C' },
		{ 0 },
	};
	uint32_t number;
	int option;
	bool fine = true;

	while (fine && (option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		switch (option) {
		case 'h':
			printf("%s%s", help, plan_options_help);
			return STATUS_OK;
		case 'c':
			fine = cmd_number("count", optarg, &number);
			args->follow.count = number;
			break;
		case 'f':
			fine = seconds(optarg, &args->follow.for_ns);
			break;
		case 'm':
			args->follow.maps = true;
			break;
		case 'n':
			fine = seconds(optarg, &args->follow.interval_ns);
			break;
		case 't':
			args->follow.trace_pipe = true;
			break;
		case 'L':
			args->log = true;
			args->log_path = optarg;
			break;
		case 'C':
			args->confine = true;
			break;
		default:
			fine = plan_args_take(&args->plan, option, optarg);
		}
	}
	if (!fine)
		return STATUS_USAGE;
	if (optind >= argc)
		return cmd_usage("run", "want an object");
	args->plan.object = argv[optind++]; /* getopt has moved what is behind `--` behind it */
	if (optind < argc)
		args->command = argv + optind;
	args->follow.json = args->plan.json;
	return -1;
}

/* Whether the way to attach wants to be told where, and was not. */
static bool is_nowhere(const struct obj_func *func, const struct hewn_plan_opts *opts)
{
	switch (func->def->how) {
	case ATTACH_NONE:
		return true;
	case ATTACH_DEVICE:
		return !opts->dev;
	case ATTACH_CGROUP:
		return !opts->cgroup;
	case ATTACH_NETNS:
		return !opts->netns;
	case ATTACH_PERF_EVENT:
	case ATTACH_STRUCT_OPS:
		return false;
	default:
		return !func->target[0];
	}
}

/* Says what will not happen by itself: a program of a kind that hewn run attaches to nothing. */
static void say_unattached(const struct planned *planned, const struct hewn_plan_opts *opts)
{
	const struct hewn_object *object = planned->object;

	for (uint32_t i = 0; i < object->n_funcs; i++) {
		const struct obj_func *func = &object->funcs[i];

		if (func->is_prog && func->def && !func->optional && is_nowhere(func, opts))
			fprintf(stderr, "hewn: program \"%s\" (section \"%s\") is loaded, but nothing says where to attach it\n",
				func->name, object->codes[func->code].name);
	}
}

static int run_it(struct run_args *args, struct planned *planned, struct child *child, struct hewn_err *err)
{
	sigset_t signals;
	struct hewn_run_opts opts = { .stop = cmd_catch_signals(&signals) };
	struct hewn_run *run = NULL;
	FILE *log = NULL;
	int ret = args->log ? cmd_open_log(&log, args->log_path, err) : 0, written;

	if (!ret && args->command) {
		sigprocmask(SIG_BLOCK, &signals, NULL); /* until the child has no handlers */
		ret = child_start(child, args->command);
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		if (ret)
			err_set(err, ret, "cannot start \"%s\"", args->command[0]);
	}
	if (!ret && args->confine) {
		const struct hewn_confine_opts confined = { .maps = args->follow.maps, .child = (int)child->pid };

		args->follow.confine = planned->plan;
		ret = confine(planned->plan, &confined, err);
	}
	if (!ret)
		ret = hewn_run_open(&run, planned->plan, &opts, err);
	sigprocmask(SIG_BLOCK, &signals, NULL); /* the loop reads them from a file */
	if (!ret) {
		say_unattached(planned, &args->plan.opts);
		ret = follow(run, planned->object, &args->follow, child, opts.stop, &signals, err);
	}
	written = cmd_write_log(run, log, &args->plan, ret ? NULL : err);
	hewn_run_close(run);
	return ret ? ret : written;
}

int cmd_run(int argc, char **argv)
{
	struct run_args args = { .follow.interval_ns = 1000000000 };
	struct planned planned = { 0 };
	struct child child = { .gate = -1, .report = -1 };
	struct hewn_err err = { 0 };
	int status = take_args(argc, argv, &args);

	if (status < 0) {
		status = STATUS_OK;
		args.plan.opts.attach = args.plan.opts.rings = true;
		if (planned_open(&planned, &args.plan, &err) || run_it(&args, &planned, &child, &err))
			status = cmd_fail(&err, &args.plan);
		if (args.command && !status && WIFEXITED(child.status) && WEXITSTATUS(child.status))
			fprintf(stderr, "hewn: %s ended with status %d\n", args.command[0], WEXITSTATUS(child.status));
		if (args.command && !status && WIFSIGNALED(child.status))
			fprintf(stderr, "hewn: %s was ended by signal %d\n", args.command[0], WTERMSIG(child.status));
	}
	child_close(&child);
	planned_close(&planned);
	plan_args_close(&args.plan);
	return cmd_finish(status);
}
