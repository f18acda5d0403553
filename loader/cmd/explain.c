// SPDX-License-Identifier: MIT
/* hewn explain: what happens between an object and its events, on the object's own bytes; or a verifier's log. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"
#include "loader/cmd/input.h"
#include "loader/cmd/story.h"
#include "loader/err.h"

static const char help[] =
	"usage: hewn explain [OPTION…] OBJECT      an object or a .basm\n"
	"       hewn explain [OPTION…] --log FILE  a verifier's log; - is standard input\n\n"
	"Tells what is in the object, what each relocation does to its instruction, what each system call\n"
	"asks of the kernel, and what the verifier thinks of each instruction; and which file and function\n"
	"does it here. The programs are loaded for the verifier's part, if that is permitted, and let go.\n\n"
	"      --step          wait for a key after each piece; q ends\n"
	"      --no-load       leave out the verifier's part: ask the kernel nothing\n"
	"      --log FILE      explain this log instead: of any kernel from 5.10 on\n"
	"      --only PROG     this program only; may be given several times\n"
	"      --target FILE   for the kernel that FILE describes; not loaded\n"
	"  -v, --verbose       the verifier's log whole, and not its first 100 lines\n"
	"  -h, --help          this\n";

#define LINES 100

#define CTRL_C '\3'

/*
 * One key from the terminal, or one character of what standard input is. False: q, or there is nothing more. Ctrl-C is
 * a key too: a signal would leave the terminal without an echo.
 */
static bool wait_for_key(void)
{
	struct termios was, raw;
	const bool terminal = !tcgetattr(STDIN_FILENO, &was);
	char key = 'q';
	ssize_t n;

	if (terminal) {
		raw = was;
		raw.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG);
		tcsetattr(STDIN_FILENO, TCSANOW, &raw);
	}
	n = read(STDIN_FILENO, &key, 1);
	if (terminal)
		tcsetattr(STDIN_FILENO, TCSANOW, &was);
	return n == 1 && key != 'q' && key != CTRL_C;
}

struct args {
	struct plan_args plan;
	const char *log;
	bool step, no_load;
};

static int tell_log(struct story *story, const struct args *args, struct hewn_err *err)
{
	char *text = NULL;
	size_t size;
	int ret = input_read(args->log, &text, &size, err);

	if (!ret && !story_log(story, text, args->plan.verbose ? 0 : LINES)) {
		ret = -EINVAL;
		snprintf(err->what, sizeof(err->what), "this is no log of the verifier");
		snprintf(err->hint, sizeof(err->hint), "it ends with a line \"processed N insns …\"");
		err->code = ret;
	}
	free(text);
	return ret;
}

/* What needs a plan. It is made for attaching, and once more for loading only, with logs. */
static int tell_plan(struct story *story, struct args *args, struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	struct hewn_plan *loading = NULL;
	struct plan_args *plan = &args->plan;
	int ret = hewn_target_open(&target, plan->profile, err);

	plan->opts.attach = plan->opts.rings = true;
	if (!ret)
		ret = hewn_plan_open((struct hewn_plan **)&story->plan, story->object, target, &plan->opts, err);
	story_programs(story);
	story_relocs(story);
	if (!ret) {
		story_maps(story);
		story_calls(story);
		plan->opts.attach = plan->opts.rings = false;
		plan->opts.log_level = 2;
		if (!args->no_load && !plan->profile)
			ret = hewn_plan_open(&loading, story->object, target, &plan->opts, err);
		if (!ret && loading) {
			const struct hewn_plan *whole = story->plan;

			story->plan = loading;
			story_verifier(story, plan->verbose ? 0 : LINES);
			story->plan = whole;
		}
		story_events(story);
	}
	hewn_plan_close(loading);
	hewn_plan_close((struct hewn_plan *)story->plan);
	hewn_target_close(target);
	return ret;
}

static int tell(struct story *story, struct args *args, struct hewn_err *err)
{
	struct hewn_object *object = NULL;
	uint8_t *bytes = NULL;
	struct elf elf;
	int ret = input_elf(args->plan.object, &bytes, &story->size, err), opened;

	if (ret)
		return ret;
	story->bytes = bytes;
	ret = elf_open_mem(&elf, bytes, story->size, err);
	if (!ret) {
		story->elf = &elf;
		opened = hewn_object_open_mem(&object, bytes, story->size, args->plan.object, err);
		story->object = object;
		story_header(story);
		story_sections(story);
		story_symbols(story);
		ret = opened ? opened : tell_plan(story, args, err);
		if (!ret && story->lost)
			ret = err_nomem(err);
	}
	hewn_object_close(object);
	story->elf = NULL;
	story->object = NULL;
	elf_close(&elf);
	free(bytes);
	return ret;
}

/* Takes one option; false: it was said what is wrong. */
static bool take(struct args *args, int option, const char *value)
{
	switch (option) {
	case 's':
		return args->step = true;
	case 'n':
		return args->no_load = true;
	case 'l':
		args->log = value;
		return true;
	default:
		return plan_args_take(&args->plan, option, value);
	}
}

int cmd_explain(int argc, char **argv)
{
	static const struct option options[] = {
		{ "step", no_argument, NULL, 's' },	    { "no-load", no_argument, NULL, 'n' },
		{ "log", required_argument, NULL, 'l' },    { "only", required_argument, NULL, 'o' },
		{ "target", required_argument, NULL, 'T' }, { "verbose", no_argument, NULL, 'v' },
		{ "help", no_argument, NULL, 'h' },	    { 0 },
	};
	const bool terminal = isatty(STDOUT_FILENO);
	struct story story = {
		.to = stdout,
		.bold = terminal ? "\033[1m" : "",
		.dim = terminal ? "\033[2m" : "",
		.off = terminal ? "\033[0m" : "",
	};
	struct args args = { 0 };
	struct hewn_err err = { 0 };
	int option, status = STATUS_OK;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h')
			fputs(help, stdout);
		else if (!take(&args, option, optarg))
			status = STATUS_USAGE;
		if (option == 'h' || status)
			goto out;
	}
	if (optind + !args.log != argc) {
		status = cmd_usage("explain", args.log ? "want no object beside --log" : "want one object");
		goto out;
	}
	args.plan.object = argv[optind];
	if (plan_args_only(&args.plan)) {
		status = STATUS_FAILED;
		goto out;
	}
	story.wait = args.step ? wait_for_key : NULL;
	if (args.log ? tell_log(&story, &args, &err) : tell(&story, &args, &err))
		status = cmd_fail(&err, &args.plan);
	hewn_err_close(&err);
out:
	plan_args_close(&args.plan);
	return cmd_finish(status);
}
