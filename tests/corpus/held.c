// SPDX-License-Identifier: MIT
/*
 * Loads objects, and tells which maps and programs the process holds then, as the kernel has them in
 * /proc/self/fdinfo, in the order in which they were made. Two programs: with libhewn it takes objects, and tells
 * their profiles too; with FROZEN, the name of a frozen program's file, it is that program, and takes only its name.
 * tests/corpus/check-freeze holds what both say side by side. Only for a guest that is thrown away.
 *
 *	profile	OBJECT	what of its plan can be frozen: "attach", "load", or why nothing
 *	whole	OBJECT	"loaded", or the errno
 *	why	OBJECT	for people
 *	fd	OBJECT	what it is, and what the kernel says of it
 *	end	OBJECT
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

/* Numbers that differ from run to run, and what tells nothing. */
static int is_left_out(const char *line)
{
	static const char *const names[] = { "pos:", "flags:", "mnt_id:", "ino:", "map_id:", "prog_id:", "btf_id:",
					     "link_id:", "run_time_ns:", "run_cnt:", "recursion_misses:" };

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strncmp(line, names[i], strlen(names[i])))
			return 1;
	return 0;
}

static void tell_fd(const char *object, int fd)
{
	char path[64], link[128] = "", line[256];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (readlink(path, link, sizeof(link) - 1) < 0 || strncmp(link, "anon_inode:b", 12) != 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	file = fopen(path, "re");
	printf("fd\t%s\t%s", object, link + strlen("anon_inode:"));
	while (file && fgets(line, sizeof(line), file)) {
		line[strcspn(line, "\n")] = 0;
		line[strcspn(line, "\t")] = '=';
		if (!is_left_out(line))
			printf(" %s", line);
	}
	putchar('\n');
	if (file)
		fclose(file);
}

static void tell(const char *object, int ret, const char *why)
{
	char text[600];

	snprintf(text, sizeof(text), "%.*s", (int)sizeof(text) - 1, why ? why : "");
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	if (ret)
		printf("whole\t%s\t%d\nwhy\t%s\t%s\n", object, ret, object, text);
	else
		printf("whole\t%s\tloaded\n", object);
	for (int fd = 3; !ret && fd < 1024; fd++)
		tell_fd(object, fd);
	printf("end\t%s\n", object);
}

/* A bpffs without what another object pinned there. */
static void begin(void)
{
	umount2("/sys/fs/bpf", MNT_DETACH);
	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
	alarm(60);
}

#ifdef FROZEN
#include FROZEN

int main(int argc, char **argv)
{
	static struct frozen o;
	int ret;

	if (argc != 2 || !getenv("HEWN_GUEST"))
		return 2;
	begin();
	ret = frozen_open(&o);
	tell(argv[1], ret, o.failed);
	frozen_close(&o);
	return 0;
}
#else
#include "loader/hewn.h"

static int is_planned(struct hewn_target *target, const struct hewn_object *object, bool attach, struct hewn_err *err)
{
	const struct hewn_plan_opts opts = { .attach = attach, .rings = attach };
	struct hewn_plan *plan;

	if (hewn_plan_open(&plan, object, target, &opts, err))
		return 0;
	hewn_plan_close(plan);
	return 1;
}

static void load(const char *path, const char *name)
{
	struct hewn_err err = { 0 };
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_target *target = NULL;
	struct hewn_run *run = NULL;
	int ret = hewn_object_open(&object, path, &err);
	const char *what = err.what;

	if (!ret)
		ret = hewn_target_open(&target, NULL, &err);
	if (!ret && is_planned(target, object, true, &err))
		what = "attach";
	else if (!ret && is_planned(target, object, false, &err))
		what = "load";
	printf("profile\t%s\t%s\n", name, what);
	if (target)
		hewn_target_save(target, stdout, NULL);
	printf("end\t%s\n", name);
	hewn_target_close(target);
	hewn_err_close(&err);
	if (!ret)
		ret = hewn_plan_open(&plan, object, NULL, NULL, &err);
	if (!ret)
		ret = hewn_run_open(&run, plan, NULL, &err);
	tell(name, ret, err.what);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (!getenv("HEWN_GUEST"))
		return 2;
	for (int i = 1; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/'), *name = slash ? slash + 1 : argv[i];
		const pid_t child = fork();
		int status = 0;

		if (child == 0) {
			begin();
			load(argv[i], name);
			_exit(0);
		}
		if (child < 0 || waitpid(child, &status, 0) < 0 || status)
			printf("\nwhole\t%s\tdied: status %#x\nend\t%s\n", name, (unsigned int)status, name);
		fflush(stdout);
	}
	return 0;
}
#endif
