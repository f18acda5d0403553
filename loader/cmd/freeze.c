// SPDX-License-Identifier: MIT
/* hewn freeze: the plan of an object as a C file and its header. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/cmd/cmd.h"
#include "loader/cmd/input.h"
#include "loader/err.h"

static const char help[] =
	"usage: hewn freeze [OPTION…] OBJECT -o FILE.c\n\n"
	"Writes the system calls that `hewn run OBJECT` makes as one C file, and its header FILE.h: types of\n"
	"events and maps, functions to open, attach, poll and close. The C file needs a C library and nothing\n"
	"else; what only the machine knows that it will run on is looked up there.\n\n"
	"  -o, --output FILE.c the file to write; FILE.h comes beside it\n"
	"      --name NAME     of its struct and functions (the object's file name up to the first dot)\n"
	"      --load          only load, as `hewn load` does; attach nothing\n";

/* A file that has its name only when it is whole. */
struct whole_file {
	char *path, *temp;
	FILE *to;
};

static int whole_open(struct whole_file *file, const char *path, struct hewn_err *err)
{
	const mode_t mask = umask(0);
	int fd;

	umask(mask);
	file->path = strdup(path);
	if (!file->path || asprintf(&file->temp, "%s.XXXXXX", path) < 0) {
		file->temp = NULL;
		return err_nomem(err);
	}
	fd = mkstemp(file->temp);
	if (fd < 0) {
		const int code = -errno;

		free(file->temp);
		file->temp = NULL;
		return err_set(err, code, "cannot write %s: %s", path, strerror(-code));
	}
	fchmod(fd, 0666 & ~mask);
	file->to = fdopen(fd, "w");
	if (file->to)
		return 0;
	close(fd);
	return err_nomem(err);
}

/* Everything is on the disk, or nothing is there. */
static int whole_end(struct whole_file *file, struct hewn_err *err)
{
	const bool failed = fflush(file->to) || ferror(file->to);
	const int code = errno;

	if (fclose(file->to) || failed) {
		file->to = NULL;
		return err_set(err, code ? -code : -EIO, "cannot write %s: %s", file->path, strerror(failed ? code : errno));
	}
	file->to = NULL;
	return 0;
}

static int whole_keep(struct whole_file *file, struct hewn_err *err)
{
	if (rename(file->temp, file->path))
		return err_set(err, -errno, "cannot write %s: %s", file->path, strerror(errno));
	free(file->temp);
	file->temp = NULL;
	return 0;
}

static void whole_close(struct whole_file *file)
{
	if (file->to)
		fclose(file->to);
	if (file->temp)
		unlink(file->temp);
	free(file->temp);
	free(file->path);
}

static int freeze(struct plan_args *args, const char *output, const char *name, struct hewn_err *err)
{
	struct whole_file source = { 0 }, header = { 0 };
	struct hewn_object *object = NULL;
	struct hewn_target *target = NULL;
	struct hewn_freeze_opts opts = { .name = name };
	char *path = strdup(output);
	const char *slash;
	int ret;

	if (!path)
		return err_nomem(err);
	path[strlen(path) - 1] = 'h';
	slash = strrchr(path, '/');
	opts.header = slash ? slash + 1 : path;
	ret = plan_args_only(args);
	if (!ret)
		ret = input_object(&object, args->object, err);
	if (!ret)
		ret = plan_args_target(args, &target, err);
	if (!ret)
		ret = whole_open(&source, output, err);
	if (!ret)
		ret = whole_open(&header, path, err);
	if (!ret)
		ret = hewn_freeze(object, target, &args->opts, &opts, source.to, header.to, err);
	if (!ret)
		ret = whole_end(&source, err);
	if (!ret)
		ret = whole_end(&header, err);
	if (!ret)
		ret = whole_keep(&source, err);
	if (!ret)
		ret = whole_keep(&header, err);
	whole_close(&source);
	whole_close(&header);
	hewn_target_close(target);
	hewn_object_close(object);
	free(path);
	return ret;
}

enum { OUTPUT = 1000, NAME }; /* options that have no letter of their own */

int cmd_freeze(int argc, char **argv)
{
	static const struct option options[] = {
		PLAN_OPTIONS,
		{ "output", required_argument, NULL, OUTPUT },
		{ "name", required_argument, NULL, NAME },
		{ "load", no_argument, NULL, 'l' },
		{ 0 },
	};
	struct plan_args args = { 0 };
	struct hewn_err err = { 0 };
	const char *output = NULL, *name = NULL;
	int option, status = STATUS_OK, of_long = -1; /* -o is not --only */
	size_t len;

	for (; (option = getopt_long(argc, argv, "hvo:", options, &of_long)) != -1; of_long = -1) {
		if (option == 'h') {
			printf("%s%s", help, plan_options_help);
			goto out;
		} else if (option == OUTPUT || (option == 'o' && of_long < 0)) {
			output = optarg;
		} else if (option == NAME) {
			name = optarg;
		} else if (option == 'l') {
			args.load_only = true;
		} else if (!plan_args_take(&args, option, optarg)) {
			status = STATUS_USAGE;
			goto out;
		}
	}
	len = output ? strlen(output) : 0;
	if (optind + 1 != argc) {
		status = cmd_usage("freeze", "want one object");
	} else if (len < 3 || strcmp(output + len - 2, ".c") != 0) {
		status = cmd_usage("freeze", "want -o FILE.c");
	} else {
		args.object = argv[optind];
		args.opts.attach = args.opts.rings = !args.load_only;
		if (freeze(&args, output, name, &err))
			status = cmd_fail(&err, &args);
	}
out:
	plan_args_close(&args);
	return cmd_finish(status);
}
