// SPDX-License-Identifier: MIT
/* What the subcommands share: the table's row, the options that several have, and how they say an error. */
#ifndef LOADER_CMD_CMD_H
#define LOADER_CMD_CMD_H

#include "loader/hewn.h"

struct cmd {
	const char *name;
	int (*main)(int argc, char **argv); /* argv[0] is the subcommand's name; returns the exit status */
	const char *does;                   /* one line */
};

/* Exit statuses: 0 it worked, 1 it did not, 2 it was called wrongly. */
enum { STATUS_OK, STATUS_FAILED, STATUS_USAGE };

int cmd_plan(int argc, char **argv);
int cmd_load(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_freeze(int argc, char **argv);
int cmd_profile(int argc, char **argv);
int cmd_asm(int argc, char **argv);
int cmd_disasm(int argc, char **argv);
int cmd_exec(int argc, char **argv);
int cmd_explain(int argc, char **argv);

/* The options that make a plan. */
struct plan_args {
	const char *object;       /* path */
	const char *profile;      /* --target; NULL: this kernel */
	const char *target_prog;  /* --target-prog: a number, or a path; NULL: none */
	const char *btf;          /* --btf; NULL: the target's own */
	struct hewn_plan_opts opts;
	const char **only;        /* owned; what opts.only is */
	uint32_t n_only;
	bool json, verbose, brief;
	bool load_only;           /* --load: plan what `hewn load` does */
};

/* Options that have no letter: a subcommand's own have the letters. */
enum { OPT_DEV = 256, OPT_CGROUP, OPT_NETNS, OPT_TARGET_PROG };

/* The rows for getopt_long() that plan_args_take() knows; a subcommand adds its own after them. */
#define PLAN_OPTIONS                                                                        \
	{ "all", no_argument, NULL, 'a' }, { "only", required_argument, NULL, 'o' },        \
		{ "pin", required_argument, NULL, 'p' }, { "pages", required_argument, NULL, 'P' },\
		{ "wakeup", required_argument, NULL, 'W' }, { "pid", required_argument, NULL, 'i' },\
		{ "freq", required_argument, NULL, 'F' }, { "dev", required_argument, NULL, OPT_DEV },\
		{ "cgroup", required_argument, NULL, OPT_CGROUP },                          \
		{ "netns", required_argument, NULL, OPT_NETNS },                            \
		{ "target-prog", required_argument, NULL, OPT_TARGET_PROG },                \
		{ "target", required_argument, NULL, 'T' }, { "btf", required_argument, NULL, 'B' },\
		{ "json", no_argument, NULL, 'j' },                                         \
		{ "verbose", no_argument, NULL, 'v' }, { "help", no_argument, NULL, 'h' }

/* What --help says of them. */
extern const char plan_options_help[];

/* Takes one option; false: it is not one of these, or its value is no number, and that was said. */
bool plan_args_take(struct plan_args *args, int option, const char *value);
/* Reads the functions of --target-prog, and puts its number into the plan's options. */
int target_prog_read(struct plan_args *args, struct hewn_target *target, struct hewn_err *err);

void plan_args_close(struct plan_args *args);

/* Once all options are taken: makes opts.only of the names. 0 or -ENOMEM. */
int plan_args_only(struct plan_args *args);

/* The machine of --target, --btf and --target-prog. */
int plan_args_target(struct plan_args *args, struct hewn_target **target, struct hewn_err *err);

/* An object and its plan. */
struct planned {
	struct hewn_object *object;
	struct hewn_plan *plan;
};

int planned_open(struct planned *planned, struct plan_args *args, struct hewn_err *err);
void planned_close(struct planned *planned);

/*
 * Where --log goes: a file, or with path NULL standard error. Opened before the run, because a confined process opens
 * no file to write.
 */
int cmd_open_log(FILE **to, const char *path, struct hewn_err *err);

/* Writes what a run did, as JSON with --json, and closes the file; both may be NULL. */
int cmd_write_log(const struct hewn_run *run, FILE *to, const struct plan_args *args, struct hewn_err *err);

/* A whole positive number below 2^31; false after saying that it is none. */
bool cmd_number(const char *option, const char *text, uint32_t *number);

/* Says the error on standard error (JSON with --json), and frees it. Returns STATUS_FAILED. */
int cmd_fail(struct hewn_err *err, const struct plan_args *args);

/* "hewn run: …" and where help is. Returns STATUS_USAGE. */
int cmd_usage(const char *cmd, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/*
 * From here on Ctrl-C, SIGTERM and SIGHUP end the program in order: they only set the flag that this returns. Which they
 * are, and SIGCHLD, is in *caught, if not NULL: for sigprocmask(2) and signalfd(2).
 */
const volatile sig_atomic_t *cmd_catch_signals(sigset_t *caught);

/* Closes standard output; a full disk is an error (1), a closed pipe is not. */
int cmd_finish(int status);

#endif
