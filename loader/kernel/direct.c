// SPDX-License-Identifier: MIT
/*
 * The calls themselves, for programs that make them one by one without a plan: see the end of hewn.h.
 * Knows the attrs; keeps nothing.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/kernel/privilege.h"
#include "loader/kernel/sys.h"
#include "loader/kernel/verifier.h"

#define ADDRESS(p)  ((uint64_t)(uintptr_t)(p))
#define SIZE_TO(member) (offsetof(union bpf_attr, member) + sizeof(((union bpf_attr *)0)->member))
#define LOG_SIZE    (UINT32_MAX >> 8) /* the largest that every kernel takes; only what is written costs memory */

int hewn_bpf(int cmd, union bpf_attr *attr, size_t size)
{
	const long args[6] = { cmd, (long)(uintptr_t)attr, (long)size };

	return (int)sys_trap(CALL_BPF, args);
}

int hewn_perf_event_open(struct perf_event_attr *attr, int pid, int cpu, int group_fd)
{
	const long args[6] = { (long)(uintptr_t)attr, pid, cpu, group_fd, PERF_FLAG_FD_CLOEXEC };

	return (int)sys_trap(CALL_PERF_EVENT_OPEN, args);
}

int hewn_map_create(uint32_t type, const char *name, uint32_t key_size, uint32_t value_size,
		    uint32_t max_entries, uint32_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr)); /* {0} may leave padding, and the kernel wants zeros */
	attr.map_type = type;
	attr.key_size = key_size;
	attr.value_size = value_size;
	attr.max_entries = max_entries;
	attr.map_flags = flags;
	if (name)
		memcpy(attr.map_name, name, strnlen(name, sizeof(attr.map_name) - 1));
	return hewn_bpf(BPF_MAP_CREATE, &attr, name ? SIZE_TO(map_name) : SIZE_TO(map_flags));
}

static int element(int cmd, int map_fd, const void *key, void *value, uint64_t flags)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)map_fd;
	attr.key = ADDRESS(key);
	attr.value = ADDRESS(value);
	attr.flags = flags;
	return hewn_bpf(cmd, &attr, SIZE_TO(flags));
}

int hewn_map_lookup(int map_fd, const void *key, void *value)
{
	return element(BPF_MAP_LOOKUP_ELEM, map_fd, key, value, 0);
}

int hewn_map_update(int map_fd, const void *key, const void *value, uint64_t flags)
{
	return element(BPF_MAP_UPDATE_ELEM, map_fd, key, (void *)(uintptr_t)value, flags);
}

int hewn_map_delete(int map_fd, const void *key)
{
	return element(BPF_MAP_DELETE_ELEM, map_fd, key, NULL, 0);
}

int hewn_map_next_key(int map_fd, const void *key, void *next)
{
	return element(BPF_MAP_GET_NEXT_KEY, map_fd, key, next, 0);
}

/* A signal while the verifier works ends a load with EAGAIN: then it is made again, five times at the most. */
static int load(union bpf_attr *attr)
{
	int fd = hewn_bpf(BPF_PROG_LOAD, attr, SIZE_TO(prog_name));

	for (int i = 0; i < 5 && fd == -EAGAIN; i++)
		fd = hewn_bpf(BPF_PROG_LOAD, attr, SIZE_TO(prog_name));
	return fd;
}

int hewn_prog_load(uint32_t type, const char *name, const struct bpf_insn *insns, uint32_t n_insns,
		   const char *license, struct hewn_err *err)
{
	struct verifier_cause cause = { 0 };
	union bpf_attr attr;
	char *log;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.prog_type = type;
	attr.insns = ADDRESS(insns);
	attr.insn_cnt = n_insns;
	attr.license = ADDRESS(license);
	if (name)
		memcpy(attr.prog_name, name, strnlen(name, sizeof(attr.prog_name) - 1));
	fd = load(&attr);
	if (fd >= 0 || !err)
		return fd;
	log = calloc(1, (size_t)LOG_SIZE + 1);
	if (!log)
		return err_nomem(err);
	attr.log_level = 1;
	attr.log_size = LOG_SIZE;
	attr.log_buf = ADDRESS(log);
	fd = load(&attr);
	if (fd < 0) {
		if (log[0] && verifier_cause(log, &cause)) {
			err_set(err, fd, "the verifier refused the program: %s", cause.what);
			if (cause.has_insn)
				err_insn(err, cause.insn);
			err_hint(err, "%s", cause.hint);
			memcpy(err->state, cause.state, sizeof(err->state));
		}
		if (!err->what[0])
			privilege_err(CALL_BPF, (const long[6]){ BPF_PROG_LOAD, (long)(uintptr_t)&attr, SIZE_TO(prog_name) },
				      fd, err);
		err_program(err, name);
		err_step(err, "bpf(BPF_PROG_LOAD)");
		err_set(err, fd, "the kernel refused the program");
		err->log = log[0] ? strdup(log) : NULL;
	}
	free(log);
	return fd;
}
