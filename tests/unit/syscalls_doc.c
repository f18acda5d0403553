// SPDX-License-Identifier: MIT
/*
 * docs/syscalls.md is what the ABI's tables say: this program writes it (--write, to standard output), and
 * without arguments compares it with what is there.
 */
#include "loader/abi/abi.h"
#include "tests/tap.h"

#define DOC "docs/syscalls.md"

static void version(FILE *to, uint32_t since)
{
	if (since)
		fprintf(to, "%u.%u", since >> 16, since >> 8 & 255);
}

static const char *kind(const struct abi_field *f)
{
	static const char *const kinds[] = {
		[ABI_INT] = "number",	    [ABI_SINT] = "signed number",  [ABI_HEX] = "number",
		[ABI_FD] = "fd",	    [ABI_PTR] = "address",	   [ABI_STRING] = "text",
		[ABI_ENUM] = "one of",	    [ABI_FLAGS] = "flags",	   [ABI_VERSION] = "kernel version",
	};

	return kinds[f->kind];
}

static const struct table {
	const char *name, *what;
	const struct abi_name *names;
} tables[] = {
	{ "map types", "`BPF_MAP_TYPE_`", abi_map_types },
	{ "map flags", "`BPF_F_`", abi_map_flags },
	{ "element flags", "`BPF_`", abi_elem_flags },
	{ "program types", "`BPF_PROG_TYPE_`", abi_prog_types },
	{ "program flags", "`BPF_F_`", abi_prog_flags },
	{ "attach types", "`BPF_`", abi_attach_types },
	{ "attach flags", "`BPF_F_`", abi_attach_flags },
	{ "link types", "`BPF_LINK_TYPE_`; what BPF_OBJ_GET_INFO_BY_FD tells of a link", abi_link_types },
	{ "link flags", "`BPF_F_`", abi_link_flags },
	{ "kprobe_multi flags", "`BPF_F_`", abi_kprobe_multi_flags },
	{ "uprobe_multi flags", "`BPF_F_`", abi_uprobe_multi_flags },
	{ "netfilter flags", "`BPF_F_`", abi_netfilter_flags },
	{ "query flags", "`BPF_F_`", abi_query_flags },
	{ "test run flags", "`BPF_F_`", abi_test_flags },
	{ "file flags", "`BPF_F_`", abi_obj_flags },
	{ "open flags", "`BPF_F_`", abi_open_flags },
	{ "BTF flags", "`BPF_F_`", abi_btf_flags },
	{ "log levels", "no names in the header: 1 tells of branches, 2 of all instructions, 4 adds figures at the end, 8 keeps the log's beginning where it does not fit", abi_log_levels },
	{ "statistics", "`BPF_STATS_`", abi_stats_types },
	{ "kinds of perf events", "`BPF_FD_TYPE_`", abi_fd_types },
	{ "streams", "`BPF_STREAM_`", abi_streams },
	{ "event types", "`PERF_TYPE_`; larger numbers are in /sys/bus/event_source/devices/*/type", abi_perf_types },
	{ "hardware events", "`PERF_COUNT_HW_`", abi_perf_hardware },
	{ "software events", "`PERF_COUNT_SW_`", abi_perf_software },
	{ "sample types", "`PERF_SAMPLE_`", abi_perf_sample },
	{ "read formats", "`PERF_FORMAT_`", abi_perf_format },
	{ "bits", "the one-bit members of the struct; which bit of the word one is depends on the byte order", abi_perf_bits },
	{ "perf_event_open flags", "`PERF_FLAG_`", abi_perf_open_flags },
	{ "perf ioctls", "`PERF_EVENT_IOC_`; their numbers differ between architectures", abi_perf_ioctls },
};

/* The anchor of a heading on the page: small letters, dashes for spaces. */
static void link_to(FILE *to, const struct abi_name *names)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++) {
		if (tables[i].names != names)
			continue;
		fprintf(to, " [%s](#", tables[i].name);
		for (const char *c = tables[i].name; *c; c++)
			putc(*c == ' ' ? '-' : *c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c, to);
		putc(')', to);
	}
}

static void fields(FILE *to, const struct abi_field *f)
{
	fputs("| offset | size | field | holds | since |\n|--:|--:|---|---|---|\n", to);
	for (; f->name; f++) {
		const bool not = f->only && f->only[0] == '!';

		fprintf(to, "| %u | %u | `%s`%s%s%s | %s", f->off, f->size, f->name,
			not ? ", without " : f->only ? ", " : "", f->only ? f->only + not : "",
			f->out ? " (the kernel writes it)" : "", kind(f));
		link_to(to, f->names);
		fputs(" | ", to);
		version(to, f->since);
		fputs(" |\n", to);
	}
	putc('\n', to);
}

static void commands(FILE *to)
{
	fputs("## The commands\n\n| number | command | what it does | since |\n|--:|---|---|---|\n", to);
	for (uint32_t i = 0; abi_row(i); i++) {
		fprintf(to, "| %u | `%s` | %s | ", i, abi_row(i)->name, abi_row(i)->does);
		version(to, abi_row(i)->since);
		fputs(" |\n", to);
	}
	fputs("\n## The fields of each command\n\n"
	      "A word after a field is the case in which it is meant: several fields share their bytes, and others decide which\n"
	      "of them it is. In `hewn plan` and in the planner such a field is `case.field` where its name alone is not enough.\n\n",
	      to);
	for (uint32_t i = 0; abi_row(i); i++) {
		bool told = false;

		for (uint32_t k = 0; k < i && !told; k++)
			told = abi_row(k)->fields == abi_row(i)->fields;
		if (told)
			continue;
		fprintf(to, "### %s", abi_row(i)->name);
		for (uint32_t k = i + 1; abi_row(k); k++)
			if (abi_row(k)->fields == abi_row(i)->fields)
				fprintf(to, ", %s", abi_row(k)->name);
		fputs("\n\n", to);
		fields(to, abi_row(i)->fields);
	}
}

static void names(FILE *to, const struct table *table)
{
	const bool numbers = table->names != abi_perf_ioctls && table->names != abi_perf_bits;

	fprintf(to, "### %s\n\n%s\n\n%s", table->name, table->what,
		numbers ? "| number | name | since |\n|--:|---|---|\n" : "| name | since |\n|---|---|\n");
	for (const struct abi_name *n = table->names; n->name; n++) {
		if (strchr(n->name, '=')) /* the halves of a member of two bits */
			continue;
		if (numbers)
			fprintf(to, "| %llu ", (unsigned long long)n->value);
		fprintf(to, "| %s | ", n->name);
		version(to, n->since);
		fputs(" |\n", to);
	}
	putc('\n', to);
}

static void page(FILE *to)
{
	fputs("# bpf(2) and perf events, as tables\n\n"
	      "This page is made from the tables in `loader/abi/`, which hewn encodes and decodes its calls with; the tables are\n"
	      "compared with the kernel's headers by `tests/unit/abi.c`. They know Linux up to 7.3. To make the page again:\n"
	      "`build/tests/unit/syscalls_doc --write > docs/syscalls.md`.\n\n"
	      "`bpf(cmd, attr, size)` gives the kernel a number, the address of a `union bpf_attr`, and how many bytes of it are\n"
	      "meant. What is beyond `size` counts as zero. A kernel that knows a smaller union takes a larger one as long as the\n"
	      "bytes that it does not know are zero, and fails with E2BIG otherwise; bytes that it knows, but that the command does\n"
	      "not have, give EINVAL. So a caller that gives the smallest size that covers what it has set works with every kernel\n"
	      "that knows those fields: this is what hewn does. \"Since\" is the kernel that brought a field or a number; 7.2 stands for \"7.2 at the\n"
	      "latest\".\n\n"
	      "The command may carry `BPF_COMMON_ATTRS` (1 << 16): two more arguments are then the address and size of a\n"
	      "struct with `log_buf` (8 bytes), `log_size`, `log_level` and `log_true_size` (4 each). That came with 7.2 at the latest, and hewn does not use it.\n\n",
	      to);
	commands(to);
	fputs("## perf_event_open(2)\n\n`perf_event_open(attr, pid, cpu, group_fd, flags)` gets a `struct perf_event_attr`; `size` is in the struct.\n\n",
	      to);
	fields(to, abi_perf_attr);
	fputs("## Numbers and names\n\nWhat the names below all begin with is said first.\n\n", to);
	for (size_t i = 0; i < sizeof(tables) / sizeof(*tables); i++)
		names(to, &tables[i]);
}

static char *read_doc(void)
{
	char *text = calloc(1, 1 << 18);
	FILE *file = fopen(DOC, "r");

	if (file && text)
		text[fread(text, 1, (1 << 18) - 1, file)] = '\0';
	if (file)
		fclose(file);
	return text;
}

int main(int argc, char **argv)
{
	char *want = NULL, *got;
	size_t size;
	FILE *to;

	if (argc > 1 && !strcmp(argv[1], "--write")) {
		page(stdout);
		return 0;
	}
	to = open_memstream(&want, &size);
	page(to);
	fclose(to);
	got = read_doc();
	if (!ok(!strcmp(got, want), "docs_syscalls_md_is_what_the_tables_say"))
		printf("# make it again: %s --write > " DOC "\n", argv[0]);
	free(got);
	free(want);
	return tap_done();
}
