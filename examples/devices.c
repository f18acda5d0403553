// SPDX-License-Identifier: MIT
/*
 * Which devices the processes of a cgroup may use: a table becomes a program, by the builder.
 * Container runtimes counted the offsets of these jumps by hand, and some let through what they
 * should not have; here a label is bound after each rule, and a rule that is added moves nothing
 * that somebody has counted.
 *
 * usage: devices        Needs root and a cgroup2 file system. Makes a cgroup, tries some devices in
 * it, removes it.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <hewn.h>
#include "insn/build.h"

#define ANY UINT32_MAX

/* As struct bpf_cgroup_dev_ctx has them: BPF_DEVCG_DEV_CHAR, BPF_DEVCG_ACC_READ and so on. */
static const struct rule {
	const char *name;
	uint32_t type, major, minor, access;
} rules[] = {
	{"null", BPF_DEVCG_DEV_CHAR, 1, 3, BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE},
	{"zero", BPF_DEVCG_DEV_CHAR, 1, 5, BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE},
	{"full", BPF_DEVCG_DEV_CHAR, 1, 7, BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE},
	{"random, to be read only", BPF_DEVCG_DEV_CHAR, 1, 8, BPF_DEVCG_ACC_READ},
	{"pseudo terminals", BPF_DEVCG_DEV_CHAR, 136, ANY,
	 BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE},
};

#define N_RULES (sizeof(rules) / sizeof(rules[0]))

/* r2 type, r3 access, r4 major, r5 minor */
static void put_rule(struct build *b, const struct rule *rule, size_t i)
{
	char next[16];

	snprintf(next, sizeof(next), "rule%zu", i + 1);
	build_comment(b, "%s", rule->name);
	build_jump(b, bpf_jmp32_imm(BPF_JNE, BPF_REG_2, (int32_t)rule->type, 0), next);
	if (rule->major != ANY)
		build_jump(b, bpf_jmp32_imm(BPF_JNE, BPF_REG_4, (int32_t)rule->major, 0), next);
	if (rule->minor != ANY)
		build_jump(b, bpf_jmp32_imm(BPF_JNE, BPF_REG_5, (int32_t)rule->minor, 0), next);
	build_comment(b, "everything that is asked for must be allowed, not just something");
	build_jump(b, bpf_jmp32_imm(BPF_JSET, BPF_REG_3, (int32_t)~rule->access, 0), next);
	build_jump(b, bpf_jmp_a(0), "allow");
	build_label(b, next);
}

static struct build *program(void)
{
	struct build *b = build_open();

	if (!b)
		return NULL;
	build_section(b, "cgroup/dev");
	build_func(b, "devices");
	build_check_regs(b);
	build_insn(b, bpf_ldx_mem(BPF_W, BPF_REG_2, BPF_REG_1,
				  offsetof(struct bpf_cgroup_dev_ctx, access_type)));
	build_insn(b, bpf_ldx_mem(BPF_W, BPF_REG_4, BPF_REG_1,
				  offsetof(struct bpf_cgroup_dev_ctx, major)));
	build_insn(b, bpf_ldx_mem(BPF_W, BPF_REG_5, BPF_REG_1,
				  offsetof(struct bpf_cgroup_dev_ctx, minor)));
	build_insn(b, bpf_mov32_reg(BPF_REG_3, BPF_REG_2));
	build_insn(b, bpf_alu32_imm(BPF_RSH, BPF_REG_3, 16));
	build_insn(b, bpf_alu32_imm(BPF_AND, BPF_REG_2, 0xffff));
	for (size_t i = 0; i < N_RULES; i++)
		put_rule(b, &rules[i], i);
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 0));
	build_insn(b, bpf_exit_insn());
	build_label(b, "allow");
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 1));
	build_insn(b, bpf_exit_insn());
	return b;
}

static int load(void)
{
	struct build *b = program();
	struct hewn_err err = {0};
	struct insn_err failed;
	struct unit unit;
	char *text;
	int fd;

	if (!b)
		return -1;
	text = build_text(b);
	printf("%s\n", text ? text : "");
	free(text);
	insn_err_clear(&failed);
	if (build_finish(b, &unit, &failed)) {
		fprintf(stderr, "instruction %d: %s\n", failed.insn, failed.msg);
		build_close(b);
		return -1;
	}
	build_close(b);
	fd = hewn_prog_load(BPF_PROG_TYPE_CGROUP_DEVICE, "devices", unit.sections[0].insns,
			    unit.sections[0].n_insns, "GPL", &err);
	if (fd < 0)
		hewn_err_print(&err, stderr, 0);
	hewn_err_close(&err);
	unit_close(&unit);
	return fd;
}

/* Where cgroup2 is mounted, with the name of a new group behind. */
static int new_group(char *path, size_t size)
{
	FILE *mounts = fopen("/proc/mounts", "re");
	char line[512], at[256], type[32];

	path[0] = 0;
	while (mounts && !path[0] && fgets(line, sizeof(line), mounts))
		if (sscanf(line, "%*s %255s %31s", at, type) == 2 && !strcmp(type, "cgroup2"))
			snprintf(path, size, "%.200s/hewn-devices-%d", at, (int)getpid());
	if (mounts)
		fclose(mounts);
	if (path[0] && !mkdir(path, 0755))
		return 0;
	perror(path[0] ? path : "no cgroup2 is mounted");
	return -1;
}

static int attach(int group_fd, int prog_fd)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.target_fd = (uint32_t)group_fd;
	attr.attach_bpf_fd = (uint32_t)prog_fd;
	attr.attach_type = BPF_CGROUP_DEVICE;
	return hewn_bpf(BPF_PROG_ATTACH, &attr,
			offsetof(union bpf_attr, attach_flags) + sizeof(attr.attach_flags));
}

/* In a child, inside the group: its exit status is the number of surprises. */
static int try_devices(const char *group)
{
	static const struct {
		const char *path;
		int flags;
		int may;
	} tries[] = {
		{"/dev/null", O_RDWR, 1},      {"/dev/zero", O_RDONLY, 1},
		{"/dev/random", O_RDONLY, 1},  {"/dev/random", O_RDWR, 0},
		{"/dev/urandom", O_RDONLY, 0}, {"/dev/kmsg", O_RDONLY, 0},
		{"/dev/fuse", O_RDWR, 0},
	};
	static const char *const modes[] = {"to read", "to write", "to read and write"};
	char procs[300];
	int surprises = 0, fd;

	snprintf(procs, sizeof(procs), "%s/cgroup.procs", group);
	fd = open(procs, O_WRONLY);
	if (fd < 0 || write(fd, "0", 1) != 1) {
		perror(procs);
		return 99;
	}
	close(fd);
	for (size_t i = 0; i < sizeof(tries) / sizeof(tries[0]); i++) {
		if (access(tries[i].path, F_OK)) /* not on this machine */
			continue;
		fd = open(tries[i].path, tries[i].flags | O_NONBLOCK);
		printf("%-14s %-18s %s\n", tries[i].path, modes[tries[i].flags & O_ACCMODE],
		       fd >= 0 ? "opened" : "refused");
		surprises += (fd >= 0) != tries[i].may;
		if (fd >= 0)
			close(fd);
	}
	fflush(stdout);
	return surprises;
}

int main(void)
{
	int prog = load(), group_fd, status = 1;
	char group[256];
	pid_t child;

	if (prog < 0 || new_group(group, sizeof(group)))
		return 1;
	group_fd = open(group, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	fflush(stdout);
	if (group_fd < 0 || attach(group_fd, prog)) {
		fputs("the program cannot be attached to the cgroup\n", stderr);
	} else {
		child = fork();
		if (!child)
			_exit(try_devices(group));
		if (child < 0 || waitpid(child, &status, 0) != child)
			status = 1;
	}
	close(group_fd);
	close(prog);
	rmdir(group); /* the program goes with it */
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
