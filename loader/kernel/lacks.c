// SPDX-License-Identifier: MIT
/* What the kernel does not have: see lacks.h. Three rules, each with its own facts. */
#include "loader/kernel/lacks.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>

#include "loader/abi/abi.h"
#include "loader/object/near.h"
#include "loader/target/kconfig.h"

#define ENOTSUPP_KERNEL 524 /* what bpf(2) also says; not in errno(3) */

/* ── too old ── */

static bool is_newer(uint32_t since, uint32_t version)
{
	return since && since >> 8 > version >> 8;
}

bool lacks_newer(uint32_t cmd, const void *attr, size_t size, uint32_t version, char *text, size_t text_size)
{
	const struct abi_cmd *c = abi_cmd(cmd);

	if (!c || !version)
		return false;
	if (is_newer(c->since, version)) {
		snprintf(text, text_size, "%s is of Linux %u.%u", c->name, c->since >> 16, c->since >> 8 & 255);
		return true;
	}
	for (const struct abi_field *f = c->fields; f->name; f++) {
		const uint64_t value = f->kind == ABI_STRING || f->out ? 0 : abi_get(f, attr, size);

		if (!value || !abi_meant(cmd, f, attr, size))
			continue;
		for (const struct abi_name *n = f->names; n && n->name; n++) {
			const bool has = f->kind == ABI_FLAGS ? (value & n->value) == n->value && n->value : value == n->value;

			if (!has || !is_newer(n->since, version))
				continue;
			snprintf(text, text_size, "%s%s is of Linux %u.%u", abi_prefix(f->names), n->name, n->since >> 16,
				 n->since >> 8 & 255);
			return true;
		}
		if (!is_newer(f->since, version))
			continue;
		snprintf(text, text_size, "the field %s is of Linux %u.%u", f->name, f->since >> 16, f->since >> 8 & 255);
		return true;
	}
	return false;
}

/* ── built without ── */

struct option {
	uint32_t type;
	const char *name;
};

/* What include/linux/bpf_types.h makes each type depend on (6.12). */
static const struct option map_options[] = {
	{ BPF_MAP_TYPE_PERF_EVENT_ARRAY, "CONFIG_PERF_EVENTS" },
	{ BPF_MAP_TYPE_STACK_TRACE, "CONFIG_PERF_EVENTS" },
	{ BPF_MAP_TYPE_CGROUP_ARRAY, "CONFIG_CGROUPS" },
	{ BPF_MAP_TYPE_CGROUP_STORAGE, "CONFIG_CGROUP_BPF" },
	{ BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, "CONFIG_CGROUP_BPF" },
	{ 32 /* CGRP_STORAGE, 6.2 */, "CONFIG_CGROUPS" },
	{ BPF_MAP_TYPE_DEVMAP, "CONFIG_NET" },
	{ BPF_MAP_TYPE_DEVMAP_HASH, "CONFIG_NET" },
	{ BPF_MAP_TYPE_CPUMAP, "CONFIG_NET" },
	{ BPF_MAP_TYPE_SK_STORAGE, "CONFIG_NET" },
	{ BPF_MAP_TYPE_XSKMAP, "CONFIG_XDP_SOCKETS" },
	{ BPF_MAP_TYPE_SOCKMAP, "CONFIG_NET_SOCK_MSG" },
	{ BPF_MAP_TYPE_SOCKHASH, "CONFIG_NET_SOCK_MSG" },
	{ BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, "CONFIG_INET" },
	{ BPF_MAP_TYPE_INODE_STORAGE, "CONFIG_BPF_LSM" },
	{ BPF_MAP_TYPE_STRUCT_OPS, "CONFIG_BPF_JIT" },
	{ 0, NULL },
};

static const struct option prog_options[] = {
	{ BPF_PROG_TYPE_SOCKET_FILTER, "CONFIG_NET" },
	{ BPF_PROG_TYPE_SCHED_CLS, "CONFIG_NET" },
	{ BPF_PROG_TYPE_SCHED_ACT, "CONFIG_NET" },
	{ BPF_PROG_TYPE_XDP, "CONFIG_NET" },
	{ BPF_PROG_TYPE_CGROUP_SKB, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_CGROUP_SOCK, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_CGROUP_SOCK_ADDR, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_CGROUP_DEVICE, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_CGROUP_SYSCTL, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_CGROUP_SOCKOPT, "CONFIG_CGROUP_BPF" },
	{ BPF_PROG_TYPE_LWT_IN, "CONFIG_LWTUNNEL_BPF" },
	{ BPF_PROG_TYPE_LWT_OUT, "CONFIG_LWTUNNEL_BPF" },
	{ BPF_PROG_TYPE_LWT_XMIT, "CONFIG_LWTUNNEL_BPF" },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL, "CONFIG_IPV6_SEG6_BPF" },
	{ BPF_PROG_TYPE_SOCK_OPS, "CONFIG_NET" },
	{ BPF_PROG_TYPE_SK_SKB, "CONFIG_NET" },
	{ BPF_PROG_TYPE_SK_MSG, "CONFIG_NET_SOCK_MSG" },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, "CONFIG_NET" },
	{ BPF_PROG_TYPE_KPROBE, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_TRACEPOINT, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_PERF_EVENT, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_TRACING, "CONFIG_BPF_EVENTS" },
	{ BPF_PROG_TYPE_LIRC_MODE2, "CONFIG_BPF_LIRC_MODE2" },
	{ BPF_PROG_TYPE_SK_REUSEPORT, "CONFIG_INET" },
	{ BPF_PROG_TYPE_SK_LOOKUP, "CONFIG_INET" },
	{ BPF_PROG_TYPE_STRUCT_OPS, "CONFIG_BPF_JIT" },
	{ BPF_PROG_TYPE_EXT, "CONFIG_BPF_JIT" },
	{ BPF_PROG_TYPE_LSM, "CONFIG_BPF_LSM" },
	{ 32 /* NETFILTER, 6.4 */, "CONFIG_NETFILTER_BPF_LINK" },
	{ 0, NULL },
};

const char *lacks_option(uint32_t cmd, const void *attr, size_t size)
{
	const bool map = cmd == BPF_MAP_CREATE;
	const struct abi_field *field = abi_field(cmd, map ? "map_type" : "prog_type");

	if (!field || (!map && cmd != BPF_PROG_LOAD))
		return NULL;
	for (const struct option *o = map ? map_options : prog_options; o->name; o++)
		if (o->type == abi_get(field, attr, size))
			return o->name;
	return NULL;
}

/* Says that an option is missing if the configuration says so; where that cannot be read, it is a guess. */
static void say_option(const char *option, long result, struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	const char *file;

	if (!option || hewn_target_open(&target, NULL, NULL))
		return;
	file = target_config_file(target);
	if (!file)
		err_hint(err, "was the kernel built with %s? neither /boot nor /proc has its configuration", option);
	else if (!target_config(target, option))
		err_set(err, (int)result, "the kernel was built without %s, says %s", option, file);
	hewn_target_close(target);
}

/* ── functions ── */

#define N_NEAR 3

struct near {
	char name[N_NEAR][NEAR_LONGEST + 1];
	unsigned int far[N_NEAR];
};

/* Keeps the nearest, each once, the best first. */
static void near_add(struct near *near, const char *name, size_t len, unsigned int far)
{
	unsigned int at = N_NEAR;

	for (unsigned int i = 0; i < N_NEAR; i++)
		if (near->name[i][0] && strlen(near->name[i]) == len && !strncmp(near->name[i], name, len))
			return;
	while (at && far < near->far[at - 1])
		at--;
	if (at == N_NEAR)
		return;
	memmove(near->name[at + 1], near->name[at], (N_NEAR - 1 - at) * sizeof(near->name[0]));
	memmove(near->far + at + 1, near->far + at, (N_NEAR - 1 - at) * sizeof(near->far[0]));
	snprintf(near->name[at], sizeof(near->name[at]), "%.*s", (int)len, name);
	near->far[at] = far;
}

static void append(char *text, size_t size, const char *between, const char *name)
{
	const size_t used = strlen(text);

	snprintf(text + used, size - used, "%s%s", used ? between : "", name);
}

bool lacks_function(FILE *symbols, const char *name, bool *there, char *text, size_t size)
{
	const size_t n = strlen(name);
	struct near near = { .far = { NEAR_FAR, NEAR_FAR, NEAR_FAR } };
	char line[512], made[160] = "";

	*there = false;
	text[0] = '\0';
	while (fgets(line, sizeof(line), symbols)) {
		/* "ffffffff812c1b60 t do_sys_openat2	[module]" */
		const char *type = strchr(line, ' '), *at = type ? type + 3 : NULL;
		size_t len;

		if (!at || strlen(type) < 4 || !strchr("tTwW", type[1]))
			continue;
		len = strcspn(at, " \t\n");
		if (len == n && !strncmp(at, name, n))
			*there = true;
		if (len > n && at[n] == '.' && !strncmp(at, name, n) && strlen(made) < 100) {
			line[at - line + (long)len] = '\0';
			append(made, sizeof(made), ", ", at);
		}
		if (len + 4 < n || len > n + 4 || len > NEAR_LONGEST || n > NEAR_LONGEST || memchr(at, '.', len))
			continue;
		near_add(&near, at, len, near_distance(name, n, at, len));
	}
	if (made[0])
		snprintf(text, size, "the compiler made of it: %s", made);
	for (unsigned int i = 0; i < N_NEAR && !made[0]; i++)
		if (near.name[i][0] && near.far[i] && (near.far[i] <= 1 || near.far[i] <= n / 3))
			append(text, size, text[0] ? ", " : "", near.name[i]);
	return text[0] || *there;
}

/* The function that a probe of the kprobe PMU, or a line for kprobe_events, is for. False: it is none. */
static bool probed(enum plan_call call, const long args[6], char *name, size_t size)
{
	const struct perf_event_attr *attr;
	const char *from;

	if (call == CALL_PERF_EVENT_OPEN) {
		attr = (const struct perf_event_attr *)(uintptr_t)args[0];
		from = attr->type >= PERF_TYPE_MAX && attr->size > offsetof(struct perf_event_attr, config1) ?
			       (const char *)(uintptr_t)attr->config1 : NULL;
	} else if (call == CALL_WRITE) { /* "p:hewn/opens_1234 do_sys_openat2+0" */
		from = (const char *)(uintptr_t)args[1];
		from = (from[0] == 'p' || from[0] == 'r') && from[1] == ':' ? strchr(from, ' ') : NULL;
		from = from ? from + 1 : NULL;
	} else {
		return false;
	}
	if (!from || from[0] == '/')
		return false;
	snprintf(name, size, "%.*s", (int)strcspn(from, "+\n "), from);
	return name[0];
}

static void say_function(const char *name, struct hewn_err *err)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	char text[320];
	bool there;

	if (!symbols)
		return;
	if (lacks_function(symbols, name, &there, text, sizeof(text))) {
		if (there)
			err_hint(err, "/proc/kallsyms has it: it is one of those that may not be probed (notrace, __init, or used by "
				      "probes themselves)");
		else if (strchr(text, ':'))
			err_hint(err, "%s", text);
		else
			err_hint(err, "/proc/kallsyms has: %s", text);
	}
	fclose(symbols);
}

/* ── all of it ── */

/* A file of tracefs that only some kernels have. */
static const char *file_option(const char *path)
{
	return strstr(path, "/kprobe_events") ? "CONFIG_KPROBE_EVENTS" :
	       strstr(path, "/uprobe_events") ? "CONFIG_UPROBE_EVENTS" :
						NULL;
}

void lacks_err(enum plan_call call, const long args[6], long result, uint32_t version, struct hewn_err *err)
{
	const void *attr = (const void *)(uintptr_t)args[1];
	const size_t size = (size_t)args[2];
	char text[256];

	if (!err)
		return;
	if (result == -ENOSYS && (call == CALL_BPF || call == CALL_PERF_EVENT_OPEN)) {
		err_set(err, -ENOSYS, "the kernel was built without %s",
			call == CALL_BPF ? "CONFIG_BPF_SYSCALL" : "CONFIG_PERF_EVENTS");
	} else if (call == CALL_BPF && (result == -EINVAL || result == -E2BIG || result == -ENOTSUPP_KERNEL || result == -EOPNOTSUPP)) {
		if (lacks_newer((uint32_t)args[0], attr, size, version, text, sizeof(text)))
			err_set(err, (int)result, "%s, and this kernel is %u.%u", text, version >> 16, version >> 8 & 255);
		else
			say_option(lacks_option((uint32_t)args[0], attr, size), result, err);
	} else if ((result == -ENOENT || result == -EINVAL || result == -EADDRNOTAVAIL) && probed(call, args, text, sizeof(text))) {
		say_function(text, err);
	} else if (call == CALL_OPENAT && result == -ENOENT) {
		say_option(file_option((const char *)attr), result, err);
	}
}
