// SPDX-License-Identifier: MIT
/*
 * The facts that privilege.c judges by: what /proc and /sys tell of this process, and what the refused call was.
 */
#include "loader/kernel/privilege.h"

#include "loader/abi/abi.h"
#include "loader/kernel/sys.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/statfs.h>
#include <sys/utsname.h>

#define BPFFS_MAGIC 0xcafe4a11u /* BPF_FS_MAGIC of <linux/magic.h> */

/* The first line of a file, "" where it cannot be read. */
static const char *first_line(const char *path, char *line, int size)
{
	FILE *file = fopen(path, "re");

	line[0] = '\0';
	if (!file)
		return line;
	if (!fgets(line, size, file))
		line[0] = '\0';
	fclose(file);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

static int number_in(const char *path, int unknown)
{
	char line[32], *end;
	long value = strtol(first_line(path, line, sizeof(line)), &end, 10);

	return end == line ? unknown : (int)value;
}

static void read_status(struct privilege_facts *facts)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (!strncmp(line, "CapEff:", 7))
			facts->caps = strtoull(line + 7, NULL, 16);
		if (!strncmp(line, "Seccomp:", 8))
			facts->seccomp = strtoul(line + 8, NULL, 10) != 0;
	}
	if (file)
		fclose(file);
}

/* "none [integrity] confidentiality": the one in brackets. */
static void read_lockdown(struct privilege_facts *facts)
{
	char line[64];
	const char *from = strchr(first_line("/sys/kernel/security/lockdown", line, sizeof(line)), '[');

	if (from)
		snprintf(facts->lockdown, sizeof(facts->lockdown), "%.*s", (int)strcspn(from + 1, "]"), from + 1);
}

/* The first user namespace maps all numbers to themselves. */
static bool in_user_ns(void)
{
	unsigned long long inside, outside, count;
	char line[64], *at;

	if (!first_line("/proc/self/uid_map", line, sizeof(line))[0])
		return false;
	inside = strtoull(line, &at, 10);
	outside = strtoull(at, &at, 10);
	count = strtoull(at, NULL, 10);
	return inside || outside || count != 4294967295u;
}

static void read_facts(struct privilege_facts *facts)
{
	struct rlimit limit;
	struct utsname name;
	unsigned long major;
	char *dot;

	memset(facts, 0, sizeof(*facts));
	read_status(facts);
	read_lockdown(facts);
	facts->user_ns = in_user_ns();
	facts->bpf_disabled = number_in("/proc/sys/kernel/unprivileged_bpf_disabled", -1);
	facts->paranoid = number_in("/proc/sys/kernel/perf_event_paranoid", PRIVILEGE_UNKNOWN);
	first_line("/sys/kernel/security/lsm", facts->lsm, sizeof(facts->lsm));
	facts->memlock = UINT64_MAX;
	if (!getrlimit(RLIMIT_MEMLOCK, &limit) && limit.rlim_cur != RLIM_INFINITY)
		facts->memlock = limit.rlim_cur;
	if (uname(&name))
		return;
	major = strtoul(name.release, &dot, 10);
	if (*dot == '.')
		facts->version = KERNEL(major, strtoul(dot + 1, NULL, 10));
}

/* ── the call ── */

static uint64_t field_of(uint32_t cmd, const char *name, const long args[6], int attr, size_t size)
{
	const struct abi_field *field = abi_field(cmd, name);

	return field && args[attr] ? abi_get(field, (const void *)(uintptr_t)args[attr], size) : 0;
}

static void of_bpf(struct privilege_call *call, const long args[6])
{
	const size_t size = (size_t)args[2];
	struct statfs fs;
	const char *path;
	char *slash;

	call->cmd = (uint32_t)args[0];
	if (call->cmd == BPF_PROG_LOAD)
		call->type = (uint32_t)field_of(call->cmd, "prog_type", args, 1, size);
	if (call->cmd != BPF_OBJ_PIN && call->cmd != BPF_OBJ_GET)
		return;
	path = (const char *)(uintptr_t)field_of(call->cmd, "pathname", args, 1, size);
	if (!path)
		return;
	snprintf(call->path, sizeof(call->path), "%s", path);
	if (call->cmd == BPF_OBJ_GET)
		return;
	slash = strrchr(call->path, '/');
	if (slash && slash != call->path)
		*slash = '\0';
	call->off_bpffs = !statfs(call->path, &fs) && (uint32_t)fs.f_type != BPFFS_MAGIC;
	snprintf(call->path, sizeof(call->path), "%s", path);
}

void privilege_err(enum plan_call kind, const long args[6], long result, struct hewn_err *err)
{
	struct privilege_call call = { .call = kind, .code = (int)result };
	struct privilege_facts facts;
	char what[400], hint[400];
	const uint32_t *perf;

	if (!err || (result != -EPERM && result != -EACCES))
		return;
	if (kind == CALL_BPF)
		of_bpf(&call, args);
	if (kind == CALL_PERF_EVENT_OPEN && args[0]) {
		perf = (const uint32_t *)(uintptr_t)args[0];
		call.type = *perf;
		call.pid = (int)args[1];
	}
	if (kind == CALL_OPENAT && args[1])
		snprintf(call.path, sizeof(call.path), "%s", (const char *)(uintptr_t)args[1]);
	read_facts(&facts);
	if (!privilege_explain(&call, &facts, what, sizeof(what), hint, sizeof(hint)))
		return;
	err_set(err, (int)result, "%s", what);
	err_hint(err, "%s", hint);
}
