// SPDX-License-Identifier: MIT
/* hewn load: loads everything, says what the kernel calls it, and ends; what is not pinned ends with it. */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/abi/abi.h"
#include "loader/cmd/cmd.h"
#include "loader/cmd/confine.h"
#include "loader/json.h"
#include "loader/object/object.h"

static const char help[] =
	"usage: hewn load [OPTION…] OBJECT\n\n"
	"Loads the maps and programs of an object into the kernel and lists them with the kernel's ids. What\n"
	"is not pinned (--pin) goes away again at the end.\n\n"
	"      --log[=FILE]    write each call with its result to FILE (standard error)\n"
	"      --confine       a seccomp filter lets this process make the plan's calls and no others\n";

/*
 * A fact of a map or program from /proc/self/fdinfo/FD ("prog_tag:\t6deef7357e7b4530"): the ids without one
 * more bpf(2) call. "" where the kernel does not say.
 */
static void fdinfo(int fd, const char *key, char *value, size_t size)
{
	char path[64], line[256];
	FILE *file;

	value[0] = 0;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		char *colon = strchr(line, ':');

		if (!colon || strncmp(line, key, (size_t)(colon - line)) != 0 || key[colon - line])
			continue;
		colon += 1 + strspn(colon + 1, " \t");
		snprintf(value, size, "%.*s", (int)strcspn(colon, "\n"), colon);
	}
	if (file)
		fclose(file);
}

struct row {
	const char *what, *type, *name;
	char id[24], detail[64];
};

static void list_row(const struct row *row, const struct plan_args *args)
{
	if (args->json) {
		printf("{\"%s\":", row->what);
		json_text(stdout, row->name, strlen(row->name));
		printf(",\"type\":\"%s\",\"id\":%s,\"%s\":\"%s\"}\n", row->type, row->id[0] ? row->id : "null",
		       row->what[0] == 'p' ? "tag" : "memory", row->detail);
	} else {
		printf("%-5s %-20s %8s  %-24s %s\n", row->what, row->type, row->id, row->name, row->detail);
	}
}

static bool has_programs(const struct hewn_object *object)
{
	for (uint32_t i = 0; i < object->n_funcs; i++)
		if (object->funcs[i].is_prog)
			return true;
	return false;
}

static void list(const struct hewn_run *run, const struct hewn_object *object, const struct plan_args *args)
{
	struct row row;
	const char *type;
	char memory[32];
	int fd;

	if (!object->n_maps && !has_programs(object))
		fprintf(stderr, "hewn: %s: loaded, but the object has neither programs nor maps\n", args->object);
	if (!args->json)
		printf("%-5s %-20s %8s  %-24s %s\n", "WHAT", "TYPE", "ID", "NAME", "TAG OR MEMORY");
	for (uint32_t i = 0; i < object->n_maps; i++) {
		fd = hewn_run_map_fd(run, object->maps[i].name);
		if (fd < 0)
			continue;
		type = abi_name(abi_map_types, object->maps[i].type);
		row = (struct row){ .what = "map", .type = type ? type : "?", .name = object->maps[i].name };
		fdinfo(fd, "map_id", row.id, sizeof(row.id));
		fdinfo(fd, "memlock", memory, sizeof(memory));
		snprintf(row.detail, sizeof(row.detail), "%s%s", memory, memory[0] ? " bytes" : "");
		list_row(&row, args);
	}
	for (uint32_t i = 0; i < object->n_funcs; i++) {
		fd = object->funcs[i].is_prog ? hewn_run_prog_fd(run, object->funcs[i].name) : -1;
		if (fd < 0)
			continue;
		type = abi_name(abi_prog_types, object->funcs[i].def->prog_type);
		row = (struct row){ .what = "prog", .type = type ? type : "?", .name = object->funcs[i].name };
		fdinfo(fd, "prog_id", row.id, sizeof(row.id));
		fdinfo(fd, "prog_tag", row.detail, sizeof(row.detail));
		list_row(&row, args);
	}
}

int cmd_load(int argc, char **argv)
{
	static const struct option options[] = {
		PLAN_OPTIONS,
		{ "log", optional_argument, NULL, 'L' },
		{ "confine", no_argument, NULL, 'C' },
		{ 0 },
	};
	struct plan_args args = { 0 };
	struct planned planned = { 0 };
	struct hewn_err err = { 0 };
	struct hewn_run *run = NULL;
	const char *log_path = NULL;
	const struct hewn_run_opts run_opts = { .stop = cmd_catch_signals(NULL) };
	FILE *log_to = NULL;
	bool log = false, confined = false;
	int option, status = STATUS_OK;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h') {
			printf("%s%s", help, plan_options_help);
			goto out;
		} else if (option == 'L') {
			log = true;
			log_path = optarg;
		} else if (option == 'C') {
			confined = true;
		} else if (!plan_args_take(&args, option, optarg)) {
			status = STATUS_USAGE;
			goto out;
		}
	}
	if (optind + 1 != argc) {
		status = cmd_usage("load", "want one object");
		goto out;
	}
	args.object = argv[optind];
	if (planned_open(&planned, &args, &err)) {
		status = cmd_fail(&err, &args);
		goto out;
	}
	if ((log && cmd_open_log(&log_to, log_path, &err)) ||
	    (confined && confine(planned.plan, &(struct hewn_confine_opts){ 0 }, &err)) ||
	    hewn_run_open(&run, planned.plan, &run_opts, &err))
		status = cmd_fail(&err, &args);
	else
		list(run, planned.object, &args);
	if (cmd_write_log(run, log_to, &args, &err) && !status)
		status = cmd_fail(&err, &args);
out:
	hewn_run_close(run);
	planned_close(&planned);
	plan_args_close(&args);
	return cmd_finish(status);
}
