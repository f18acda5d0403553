// SPDX-License-Identifier: MIT
/*
 * The links that the kernel has: whose program runs where. Asks the kernel only, so that what it
 * says of one loader can be compared with what it says of another.
 */
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/corpus/side.h"

/*
 * The head of struct bpf_link_info, and what follows of it for each type of link: which members say
 * where the program runs. Older headers lack most, and a member is where it always was.
 */
enum member_kind { NUMBER = 4, NUMBER64 = 8, NAME = 0 };

static const struct row {
	uint32_t type, subtype; /* of perf events: bpf_perf_event_type */
	const char *what;
	struct {
		const char *name;
		uint32_t off;
		enum member_kind kind;
		uint32_t size; /* NAME: where its length is */
	} members[5];
} rows[] = {
	{1, 0, "raw_tracepoint", {{"name", 16, NAME, 24}}},
	{2, 0, "tracing", {{"attach", 16, NUMBER, 0}, {"btf_id", 24, NUMBER, 0}}},
	{3, 0, "cgroup", {{"attach", 24, NUMBER, 0}}},
	{4, 0, "iter", {{"name", 16, NAME, 24}}},
	{5, 0, "netns", {{"attach", 20, NUMBER, 0}}},
	{6, 0, "xdp", {{"ifindex", 16, NUMBER, 0}}},
	{7,
	 1,
	 "uprobe",
	 {{"file", 24, NAME, 32}, {"offset", 36, NUMBER, 0}, {"cookie", 40, NUMBER64, 0}}},
	{7,
	 2,
	 "uretprobe",
	 {{"file", 24, NAME, 32}, {"offset", 36, NUMBER, 0}, {"cookie", 40, NUMBER64, 0}}},
	{7,
	 3,
	 "kprobe",
	 {{"function", 24, NAME, 32}, {"offset", 36, NUMBER, 0}, {"cookie", 56, NUMBER64, 0}}},
	{7,
	 4,
	 "kretprobe",
	 {{"function", 24, NAME, 32}, {"offset", 36, NUMBER, 0}, {"cookie", 56, NUMBER64, 0}}},
	{7, 5, "tracepoint", {{"name", 24, NAME, 32}, {"cookie", 40, NUMBER64, 0}}},
	{7, 6, "event", {{"config", 24, NUMBER64, 0}, {"type", 32, NUMBER, 0}}},
	{8, 0, "kprobe_multi", {{"count", 24, NUMBER, 0}, {"flags", 28, NUMBER, 0}}},
	{9, 0, "struct_ops", {{0}}},
	{10, 0, "netfilter", {{"pf", 16, NUMBER, 0}, {"hook", 20, NUMBER, 0}}},
	{12,
	 0,
	 "uprobe_multi",
	 {{"path", 16, NAME, 48},
	  {"count", 52, NUMBER, 0},
	  {"flags", 56, NUMBER, 0},
	  {"pid", 60, NUMBER, 0}}},
};

union info {
	struct {
		uint32_t type, id, prog_id, pad, subtype;
	};
	uint8_t bytes[256];
};

static const struct row *row_of(const union info *info)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (rows[i].type == info->type &&
		    (!rows[i].subtype || rows[i].subtype == info->subtype))
			return &rows[i];
	return NULL;
}

static int get_info(int fd, union info *info)
{
	union bpf_attr attr = {.info = {.bpf_fd = (uint32_t)fd, .info_len = sizeof(*info)}};

	attr.info.info = (uintptr_t)info;
	return (int)syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info));
}

static void put_u64(uint8_t *to, uint64_t value)
{
	memcpy(to, &value, sizeof(value));
}

/* What the kernel says of the link, as text: asked twice, for names need a place to be put. */
static void describe(int fd, const union info *first, char *text, size_t size)
{
	const struct row *row = row_of(first);
	static char name[256];
	const uint32_t name_size = sizeof(name);
	union info info = {0};
	int n;

	if (!row) {
		snprintf(text, size, "type=%u", first->type);
		return;
	}
	name[0] = 0;
	for (int i = 0; i < 5 && row->members[i].name; i++) {
		if (row->members[i].kind != NAME)
			continue;
		put_u64(info.bytes + row->members[i].off, (uintptr_t)name);
		memcpy(info.bytes + row->members[i].size, &name_size, sizeof(name_size));
	}
	if (get_info(fd, &info))
		info = *first;
	n = snprintf(text, size, "link=%s", row->what);
	for (int i = 0; i < 5 && row->members[i].name && n > 0 && (size_t)n < size; i++) {
		const uint8_t *at = info.bytes + row->members[i].off;
		uint64_t value = 0;

		memcpy(&value, at, row->members[i].kind == NUMBER64 ? 8 : 4);
		if (row->members[i].kind == NAME)
			n += snprintf(text + n, size - (size_t)n, " %s=%s", row->members[i].name,
				      name);
		else
			n += snprintf(text + n, size - (size_t)n, " %s=%llu", row->members[i].name,
				      (unsigned long long)value);
	}
}

void links_each(links_fn *fn, void *ctx)
{
	union bpf_attr attr = {0};
	char text[512];

	while (syscall(SYS_bpf, BPF_LINK_GET_NEXT_ID, &attr, sizeof(attr)) == 0) {
		const uint32_t id = attr.next_id;
		union info info = {0};
		int fd;

		memset(&attr, 0, sizeof(attr));
		attr.link_id = id;
		fd = (int)syscall(SYS_bpf, BPF_LINK_GET_FD_BY_ID, &attr, sizeof(attr));
		if (fd >= 0 && get_info(fd, &info) == 0) {
			describe(fd, &info, text, sizeof(text));
			fn(ctx, info.prog_id, text);
		}
		if (fd >= 0)
			close(fd);
		memset(&attr, 0, sizeof(attr));
		attr.start_id = id;
	}
}
