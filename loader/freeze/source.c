// SPDX-License-Identifier: MIT
/*
 * The C file of a frozen program, in its order: what it is, helpers, attrs, data, a function a part of the plan,
 * and the functions of its header. Knows the order; the parts were written before.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/freeze/marks.h"

/* NAME and UPPER in a text are the program's. */
static void with_names(const struct freeze *f, const char *text, FILE *to)
{
	while (*text) {
		if (!strncmp(text, "NAME", 4)) {
			fputs(f->name, to);
			text += 4;
		} else if (!strncmp(text, "UPPER", 5)) {
			fputs(f->upper, to);
			text += 5;
		} else {
			putc(*text++, to);
		}
	}
}

/* ── what was the kernel's when this was frozen ── */

/* Facts that the program looks up itself, or that only choose between alternatives that it has. */
static bool is_looked_up(const char *path)
{
	static const char *const paths[] = { "uname ", "getconf ", "/sys/devices/", "/sys/bus/", "/proc/version_signature", "/proc/sys/",
					     "kallsyms " };

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		if (!strncmp(path, paths[i], strlen(paths[i])))
			return true;
	return false;
}

/* The BTF of a module: that it was looked through does not say that it is used. */
static bool is_module(const char *path)
{
	return !strncmp(path, "/sys/kernel/btf/", strlen("/sys/kernel/btf/")) && strcmp(path, "/sys/kernel/btf/vmlinux") != 0;
}

/* The size of the kernel's types, if the programs were made to fit them; 0: they were not. */
static unsigned long long types_size(const struct freeze *f)
{
	unsigned long long size = 0;

	for (uint32_t i = 0; i < f->plan->n_facts && !size; i++) {
		const struct fact *fact = &f->plan->facts[i];
		char *end = NULL;

		if (!fact->text || is_looked_up(fact->path) || is_module(fact->path))
			continue;
		size = strtoull(fact->text, &end, 10);
		if (strcmp(end, " bytes") != 0)
			size = 0;
	}
	return size;
}

static void frozen_facts(const struct freeze *f, FILE *to)
{
	bool any = false;

	for (uint32_t i = 0; i < f->plan->n_facts; i++) {
		const struct fact *fact = &f->plan->facts[i];

		if (is_looked_up(fact->path) || !fact->text)
			continue;
		fputs(any ? " *\t" : " *\n * It holds for a kernel and files for which these are the same as they were when it was frozen:\n *\n *\t", to);
		any = true;
		words_comment(to, fact->path);
		fputs(" = ", to);
		words_comment(to, fact->text);
		putc('\n', to);
	}
}

static void check_types(struct freeze *f, FILE *to)
{
	const unsigned long long size = types_size(f);

	if (!size)
		return;
	fprintf(to, "/* Looked up here: the programs fit the structs of one kernel, and read the wrong members of another. */\n"
		    "static int check_types(struct %s *o)\n{\n#ifndef %s_ANY_KERNEL\n\tstruct stat types;\n\n"
		    "\tif (!stat(\"/sys/kernel/btf/vmlinux\", &types) && types.st_size != %llu)\n"
		    "\t\treturn failed(o, \"0: the kernel's types are not those that this was frozen for\", -ESTALE);\n#endif\n"
		    "\t(void)o;\n\treturn 0;\n}\n\n",
		f->name, f->upper, size);
}

static void head(struct freeze *f, FILE *to)
{
	fputs("/*\n * Loads and attaches what was in ", to);
	words_comment(to, f->source);
	with_names(f,
		   ", by the system calls of hewn's plan for it and by no library: this file was\n"
		   " * written by `hewn freeze`. It needs a C library and its header, and not even the kernel's headers:\n"
		   " *\n"
		   " *\tgcc -O2 -o NAME FILE.c\n"
		   " *\tmusl-gcc -Os -static -s -o NAME FILE.c\n"
		   " *\n"
		   " * With -DUPPER_NO_MAIN it has no main(), for use through its header. What to do with an event is to be filled\n"
		   " * in at the end of the file. Numbers such as \"12:\" are those of the steps of the plan, which `hewn plan`\n"
		   " * shows, for one CPU. \"Looked up here\" marks what only the machine knows that this runs on.\n",
		   to);
	frozen_facts(f, to);
	with_names(f,
		   " */\n"
		   "#define _GNU_SOURCE\n"
		   "#include <errno.h>\n#include <fcntl.h>\n#include <poll.h>\n#include <signal.h>\n#include <stdbool.h>\n#include <stdint.h>\n"
		   "#include <string.h>\n#include <sys/epoll.h>\n#include <sys/ioctl.h>\n#include <sys/mman.h>\n#include <sys/stat.h>\n#include <sys/syscall.h>\n"
		   "#include <sys/utsname.h>\n#include <unistd.h>\n\n",
		   to);
	fprintf(to, "#include \"%s\"\n\n", f->header);
}

/* ── open, attach, close ── */

static void undo_function(struct freeze *f, FILE *to)
{
	bool uses_failure = false;

	for (uint32_t i = 0; i < f->n_undos; i++)
		uses_failure |= strstr(f->undos[i].text, "on_failure") != NULL;
	if (f->n_undos)
		fputs("static void close_fd(int *fd)\n{\n\tif (*fd >= 0)\n\t\tsyscall(SYS_close, *fd);\n\t*fd = -1;\n}\n\n", to);
	with_names(f, "/* Backwards through what was made. */\nstatic void undo(struct NAME *o, bool on_failure)\n{\n", to);
	if (!uses_failure)
		fputs("\t(void)on_failure;\n", to);
	if (!f->n_undos)
		fputs("\t(void)o;\n", to);
	for (uint32_t i = f->n_undos; i-- > 0;) {
		const uint32_t loop = f->undos[i].loop;

		if (loop && (i + 1 == f->n_undos || f->undos[i + 1].loop != loop))
			fputs("\tfor (int cpu = o->n_cpus; cpu-- > 0;) {\n", to);
		fputs(f->undos[i].text, to);
		if (loop && (!i || f->undos[i - 1].loop != loop))
			fputs("\t}\n", to);
	}
	fputs("}\n\n", to);
}

static void open_functions(struct freeze *f, FILE *to)
{
	char *opens = words_close(&f->opens), *attaches = words_close(&f->attaches);

	if (!opens || !attaches) {
		freeze_nomem(f);
	} else {
		with_names(f,
			   "int NAME_open(struct NAME *o)\n{\n\tint ret = 0;\n\n"
			   "\tmemset(o, 0xff, sizeof(*o)); /* -1 is no fd, and MAP_FAILED no memory */\n"
			   "\to->failed = NULL;\n\to->error = 0;\n\to->lost = 0;\n\to->user = NULL;\n",
			   to);
		for (uint32_t i = 0; i < f->object->n_maps; i++) {
			char id[120];

			words_id(id, sizeof(id), f->object->maps[i].name);
			if (freeze_has_ring(f, i))
				fprintf(to, "\to->on_%s = NULL;\n", id);
		}
		if (f->uses[USE_CPUS])
			with_names(f,
				   "\to->n_cpus = count_cpus();\n\tif (o->n_cpus > UPPER_MAX_CPUS)\n"
				   "\t\tret = failed(o, \"more CPUs than UPPER_MAX_CPUS\", -E2BIG);\n",
				   to);
		if (types_size(f))
			fputs("\tif (!ret)\n\t\tret = check_types(o);\n", to);
		if (symbols_write(f, NULL))
			fputs("\tif (!ret)\n\t\tret = find_symbols(o);\n", to);
		fprintf(to, "%s\tif (ret)\n\t\tundo(o, true);\n\treturn ret;\n}\n\n", opens);
		with_names(f, "int NAME_attach(struct NAME *o)\n{\n\tint ret = 0;\n\n", to);
		for (int i = 0; i < 2; i++) {
			const char *pmu = i ? "uprobe" : "kprobe";

			if (f->has_pmu[i])
				fprintf(to, "\to->%s_type = pmu_number(\"/sys/bus/event_source/devices/%s/type\");\n"
					    "\to->%s_return = pmu_number(\"/sys/bus/event_source/devices/%s/format/retprobe\");\n",
					pmu, pmu, pmu, pmu);
		}
		fprintf(to, "%s%s\tif (ret)\n\t\tundo(o, true);\n\treturn ret;\n}\n\n",
			code_write(f, NULL) ? "\tret = check_files(o);\n" : "", attaches);
		with_names(f, f->uses[USE_SET] ? "void NAME_close(struct NAME *o)\n{\n\tif (o->all_rings >= 0)\n\t\tclose(o->all_rings);\n"
						      "\to->all_rings = -1;\n\tundo(o, false);\n}\n\n" :
						      "void NAME_close(struct NAME *o)\n{\n\tundo(o, false);\n}\n\n", to);
	}
	free(opens);
	free(attaches);
}

/* ── rings ── */

static void give_function(struct freeze *f, uint32_t i, const char *id, FILE *to)
{
	const uint32_t type = freeze_event_type(f, i);
	const int64_t size = type ? btf_size(&f->object->btf, type) : 0;
	const enum btf_kind kind = type ? btf_kind(btf_type(&f->object->btf, btf_skip(&f->object->btf, type))) : BTF_UNKN;
	struct types types = { .f = f };

	fprintf(to, "static int give_%s(struct %s *o, const void *data, uint32_t size, int cpu)\n{\n", id, f->name);
	if (size > 0 && (kind == BTF_STRUCT || kind == BTF_UNION)) {
		putc('\t', to);
		types_declare(&types, type, "event", to);
		fprintf(to, ";\n\n\tif (!o->on_%s)\n\t\treturn 0;\n\tif (size >= sizeof(event) && (uintptr_t)data %% 8 == 0)\n\t\treturn o->on_%s(o, data, size, cpu);\n"
			    "\tmemset(&event, 0, sizeof(event));\n\tmemcpy(&event, data, size < sizeof(event) ? size : sizeof(event));\n"
			    "\treturn o->on_%s(o, &event, size, cpu);\n}\n\n", id, id, id);
		return;
	}
	fprintf(to, "\treturn o->on_%s ? o->on_%s(o, data, size, cpu) : 0;\n}\n\n", id, id);
}

/* The pages of data of a CPU's ring. */
static uint32_t ring_pages(const struct freeze *f, uint32_t map)
{
	for (uint32_t i = 0; i < f->plan->n_slots; i++)
		if (f->plan->slots[i].of == OF_RING && f->plan->slots[i].index == map)
			return (uint32_t)(f->plan->slots[i].size / MARK_PAGE) - 1;
	return 0;
}

static void walk_ring(struct freeze *f, uint32_t i, const char *id, FILE *to)
{
	const struct obj_map *map = &f->object->maps[i];

	if (map->type == BPF_MAP_TYPE_RINGBUF) {
		fprintf(to, "\tn = ringbuf_walk(o, o->rings.%s.consumer, o->rings.%s.producer, whole_pages(%u), give_%s);\n", id, id,
			map->max_entries, id);
		fputs("\tif (n < 0)\n\t\treturn n;\n\tsum += n;\n", to);
		return;
	}
	fprintf(to, "\tfor (int cpu = 0; cpu < o->n_cpus; cpu++) {\n\t\tif (o->rings.%s.cpus[cpu].page == MAP_FAILED)\n\t\t\tcontinue;\n"
		    "\t\tn = perf_walk(o, o->rings.%s.cpus[cpu].page, page_size() * %u, cpu, give_%s);\n"
		    "\t\tif (n < 0)\n\t\t\treturn n;\n\t\tsum += n;\n\t}\n", id, id, ring_pages(f, i), id);
}

static uint32_t count_rings(struct freeze *f)
{
	uint32_t n = 0;

	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		if (!freeze_has_ring(f, i))
			continue;
		f->uses[f->object->maps[i].type == BPF_MAP_TYPE_RINGBUF ? USE_RINGBUF : USE_PERF_RING] = true;
		f->uses[USE_WHOLE] |= f->object->maps[i].type == BPF_MAP_TYPE_RINGBUF;
		n++;
	}
	f->uses[USE_SET] = n > 1;
	return n;
}

/* How to wait for any of several rings; the only one has a set already. */
static void wait_function(struct freeze *f, uint32_t n_rings, FILE *to)
{
	const char *sep = "";

	if (n_rings < 2)
		return;
	with_names(f,
		   "/* For any ring, by one set of them all, made at the first wait. */\nstatic int wait_for(struct NAME *o, int timeout_ms)\n{\n"
		   "\tstruct epoll_event event;\n\tint set = o->all_rings, ret = 0;\n\tconst int rings[] = { ", to);
	for (uint32_t i = 0; i < f->object->n_maps; i++) {
		char id[120];

		if (!freeze_has_ring(f, i))
			continue;
		words_id(id, sizeof(id), f->object->maps[i].name);
		fprintf(to, "%so->rings.%s.epoll", sep, id);
		sep = ", ";
	}
	fprintf(to,
		" };\n\n\tif (set < 0)\n\t\tset = call(epoll_create1(EPOLL_CLOEXEC));\n"
		"\tfor (int i = 0; i < %u && o->all_rings < 0 && set >= 0 && !ret; i++)\n\t\tret = watch(set, rings[i], i);\n"
		"\tif (set >= 0 && ret)\n\t\tclose(set);\n\tif (set < 0 || ret)\n\t\treturn ret ? ret : set;\n"
		"\to->all_rings = set;\n\treturn call(epoll_wait(set, &event, 1, timeout_ms));\n}\n\n", n_rings);
}

static void poll_function(struct freeze *f, uint32_t n_rings, FILE *to)
{
	if (!n_rings) {
		with_names(f,
			   "/* There are no rings: it only waits. */\nint NAME_poll(struct NAME *o, int timeout_ms)\n{\n\t(void)o;\n"
			   "\treturn poll(NULL, 0, timeout_ms) < 0 ? -errno : 0;\n}\n\n",
			   to);
		return;
	}
	for (int walking = 0; walking < 2; walking++) {
		for (uint32_t i = 0; i < f->object->n_maps; i++) {
			char id[120];

			if (!freeze_has_ring(f, i))
				continue;
			words_id(id, sizeof(id), f->object->maps[i].name);
			if (!walking)
				give_function(f, i, id, to);
			else if (n_rings == 1)
				fprintf(to, "\tif (epoll_wait(o->rings.%s.epoll, &event, 1, timeout_ms) < 0)\n\t\treturn -errno;\n", id);
			if (walking)
				walk_ring(f, i, id, to);
		}
		if (walking)
			continue;
		wait_function(f, n_rings, to);
		with_names(f, "int NAME_poll(struct NAME *o, int timeout_ms)\n{\n", to);
		fputs(n_rings == 1 ? "\tstruct epoll_event event;\n\tint n, sum = 0;\n\n" :
				     "\tint n = wait_for(o, timeout_ms), sum = 0;\n\n\tif (n < 0)\n\t\treturn n;\n", to);
	}
	fputs("\treturn sum;\n}\n\n", to);
}

static const char map_functions[] =
	"/* ── maps ── */\n\n"
	"struct element {\n\tuint32_t map, unused;\n\tuint64_t key, value, flags;\n};\n\n"
	"static int element_call(int cmd, int map, const void *key, const void *value, uint64_t flags)\n{\n"
	"\tstruct element attr = { .map = (uint32_t)map, .key = ptr(key), .value = ptr(value), .flags = flags };\n\n"
	"\treturn sys_bpf(cmd, &attr, sizeof(attr));\n}\n\n"
	"int NAME_lookup(int map, const void *key, void *value)\n{\n\treturn element_call(1 /* BPF_MAP_LOOKUP_ELEM */, map, key, value, 0);\n}\n\n"
	"int NAME_update(int map, const void *key, const void *value, uint64_t flags)\n{\n"
	"\treturn element_call(2 /* BPF_MAP_UPDATE_ELEM */, map, key, value, flags);\n}\n\n"
	"int NAME_delete(int map, const void *key)\n{\n\treturn element_call(3 /* BPF_MAP_DELETE_ELEM */, map, key, NULL, 0);\n}\n\n"
	"int NAME_next(int map, const void *key, void *next)\n{\n\treturn element_call(4 /* BPF_MAP_GET_NEXT_KEY */, map, key, next, 0);\n}\n\n";

void source_write(struct freeze *f, FILE *to)
{
	const uint32_t n_rings = count_rings(f);
	char *data = words_close(&f->data), *code = words_close(&f->code);

	f->uses[USE_BPF] = f->uses[USE_PTR] = f->uses[USE_CALL] = true;
	if (!data || !code) {
		freeze_nomem(f);
	} else {
		head(f, to);
		runtime_helpers(f, to);
		attr_types(f, to);
		fputs("/* ── data ── */\n", to);
		if (strstr(data, "BTF_MAGIC"))
			fputs("\n/* Two numbers of 16 and 8 bits in one of 32. */\n#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n#define BTF_MAGIC(magic, version) ((uint32_t)(magic) << 16 | (uint32_t)(version) << 8)\n"
			      "#else\n#define BTF_MAGIC(magic, version) ((magic) | (uint32_t)(version) << 16)\n#endif\n", to);
		fprintf(to, "%s\n/* ── the plan's steps ── */\n\n", data);
		with_names(f, "static int failed(struct NAME *o, const char *step, int code)\n{\n", to);
		if (f->uses[USE_NOT_MADE])
			fputs("\tif (code == NOT_MADE)\n\t\tcode = -ENODATA;\n", to);
		fputs("\to->failed = step;\n\to->error = code;\n\treturn code;\n}\n\n", to);
		check_types(f, to);
		symbols_write(f, to);
		code_write(f, to);
		fputs(code, to);
		undo_function(f, to);
		open_functions(f, to);
		fputs(n_rings ? "/* ── rings ── */\n\n" : "", to);
		runtime_ring_walks(f, to);
		poll_function(f, n_rings, to);
		with_names(f, "const char *NAME_log(void)\n{\n\treturn ", to);
		fputs(f->uses[USE_LOG] ? "verifier_log" : "\"\"", to);
		fputs(";\n}\n\n", to);
		with_names(f, map_functions, to);
		main_write(f, to);
	}
	free(data);
	free(code);
}
