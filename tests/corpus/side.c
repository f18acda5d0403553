// SPDX-License-Identifier: MIT
/*
 * Loads objects, and says of each what came of it; tests/corpus/check compares what two loaders
 * say. Knows neither.
 *
 *	SIDE [-a] [-t SECONDS] OBJECT...
 *
 * With -a, what is loaded is attached too, as its sections say.
 * Fields are parted by tabs, OBJECT is the file's name:
 *
 *	begin	OBJECT
 *	whole	OBJECT	loaded, or why not
 *	map	OBJECT	NAME	what the kernel says of it
 *	prog	OBJECT	NAME	"loaded", type, attach type, what the kernel says of it; or why not
 *	link	OBJECT	NAME	where the program of that name is attached
 *	end	OBJECT	seconds
 *
 * A program that did not load with the whole object is tried alone. Each try is a process with a
 * time limit. Only for a guest that is thrown away afterwards: it loads what strangers wrote, and
 * empties the bpffs.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "tests/corpus/side.h"

#define MAX_PROGS 512

static unsigned int limit = 30;
static bool attach;

/* What the processes tell each other: the programs of the object, and which are loaded. */
static struct shared {
	uint32_t n;
	struct {
		char name[128];
		bool loaded;
	} progs[MAX_PROGS];
} * shared;

static int get_info(int fd, void *info, uint32_t size)
{
	union bpf_attr attr = {.info = {.bpf_fd = (uint32_t)fd, .info_len = size}};

	attr.info.info = (uintptr_t)info;
	return (int)syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info));
}

static uint64_t fnv(uint64_t hash, uint64_t value)
{
	for (int i = 0; i < 64; i += 8)
		hash = (hash ^ (value >> i & 0xff)) * 0x100000001b3;
	return hash;
}

/*
 * What the verifier made of the instructions, without what differs from load to load: addresses,
 * ids of maps and BTF in ld_imm64, and the distance of calls.
 */
static uint64_t hash_insns(const struct bpf_insn *insns, uint32_t n)
{
	uint64_t hash = 0xcbf29ce484222325;

	for (uint32_t i = 0; i < n; i++) {
		const struct bpf_insn *insn = &insns[i];
		const bool wide = insn->code == (BPF_LD | BPF_IMM | BPF_DW);
		const bool call = insn->code == (BPF_JMP | BPF_CALL);

		hash = fnv(hash, insn->code);
		hash = fnv(hash, insn->dst_reg | (uint64_t)(call ? 0 : insn->src_reg) << 4);
		if (!call)
			hash = fnv(hash, (uint16_t)insn->off);
		if (!call && !wide)
			hash = fnv(hash, (uint32_t)insn->imm);
		i += wide;
	}
	return hash;
}

static void print_prog(const char *object, const struct side_prog *prog)
{
	static struct bpf_insn insns[1 << 17];
	struct bpf_prog_info info = {.xlated_prog_len = sizeof(insns)};

	info.xlated_prog_insns = (uintptr_t)insns;
	if (get_info(prog->fd, &info, sizeof(info))) {
		printf("prog\t%s\t%s\tno info: %s\n", object, prog->name, strerror(errno));
		return;
	}
	printf("prog\t%s\t%s\tloaded\ttype=%u attach=%u tag=", object, prog->name, info.type,
	       prog->attach_type);
	for (int i = 0; i < BPF_TAG_SIZE; i++)
		printf("%02x", info.tag[i]);
	printf(" insns=%u xlated=%016llx attach_btf_id=%u kernel_name=%s gpl=%u maps=%u funcs=%u "
	       "lines=%u\n",
	       info.xlated_prog_len / 8,
	       (unsigned long long)hash_insns(insns, info.xlated_prog_len / 8), info.attach_btf_id,
	       info.name, info.gpl_compatible, info.nr_map_ids, info.nr_func_info,
	       info.nr_line_info);
}

static void print_map(const char *object, const struct side_map *map)
{
	struct bpf_map_info info = {0};

	if (get_info(map->fd, &info, sizeof(info)))
		printf("map\t%s\t%s\tno info: %s\n", object, map->name, strerror(errno));
	else
		printf("map\t%s\t%s\ttype=%u key=%u value=%u entries=%u flags=%#x extra=%llu "
		       "btf=%u/%u/%u "
		       "kernel_name=%s\n",
		       object, map->name, info.type, info.key_size, info.value_size,
		       info.max_entries, info.map_flags, (unsigned long long)info.map_extra,
		       info.btf_key_type_id, info.btf_value_type_id, info.btf_vmlinux_value_type_id,
		       info.name);
}

/* Who a link belongs to. */
struct owner {
	const char *object;
	struct side_prog prog;
	uint32_t id;
};

static void print_link(void *ctx, uint32_t prog_id, const char *text)
{
	const struct owner *owner = ctx;

	if (prog_id == owner->id)
		printf("link\t%s\t%s\t%s\n", owner->object, prog_id ? owner->prog.name : "(a map)",
		       text);
}

static void print_links(const char *object, const char *only)
{
	struct owner owner = {.object = object};

	links_each(print_link, &owner); /* of no program: struct_ops */
	for (uint32_t i = 0; side_prog(i, &owner.prog); i++) {
		struct bpf_prog_info info = {0};

		if (owner.prog.fd < 0 || (only && strcmp(owner.prog.name, only) != 0) ||
		    get_info(owner.prog.fd, &info, sizeof(info)))
			continue;
		owner.id = info.id;
		links_each(print_link, &owner);
	}
}

/* In a process of its own: one try. */
static int try(const char *path, const char *object, const char *only)
{
	char reason[600] = "";
	struct side_prog prog;
	struct side_map map;
	const int ret = side_load(path, only, attach, reason, sizeof(reason));

	for (char *c = reason; *c; c++)
		if ((unsigned char)*c < ' ')
			*c = ' ';
	if (!only) {
		printf("whole\t%s\t%s\n", object, ret ? reason : "loaded");
		for (uint32_t i = 0; i < MAX_PROGS && side_prog(i, &prog); i++) {
			snprintf(shared->progs[i].name, sizeof(shared->progs[i].name), "%s",
				 prog.name);
			shared->progs[i].loaded = !ret && prog.fd >= 0;
			shared->n = i + 1;
		}
		for (uint32_t i = 0; !ret && side_map(i, &map); i++)
			if (map.fd >= 0)
				print_map(object, &map);
	} else if (ret) {
		printf("prog\t%s\t%s\t%s\n", object, only, reason);
	}
	for (uint32_t i = 0; !ret && side_prog(i, &prog); i++)
		if (prog.fd >= 0 && (!only || strcmp(prog.name, only) == 0))
			print_prog(object, &prog);
	if (!ret && attach)
		print_links(object, only);
	fflush(stdout);
	return 0;
}

/* A bpffs without what the object before pinned there. */
static void empty_bpffs(void)
{
	umount2("/sys/fs/bpf", MNT_DETACH);
	mount("bpf", "/sys/fs/bpf", "bpf", 0, NULL);
}

/* Makes the try in a child; where that dies it says so. */
static void guarded(const char *path, const char *object, const char *only)
{
	const pid_t child = fork();
	int status = 0;

	if (child == 0) {
		alarm(limit);
		_exit(try(path, object, only));
	}
	if (child < 0 || waitpid(child, &status, 0) < 0)
		status = -1;
	if (status) {
		if (only)
			printf("prog\t%s\t%s\t", object, only);
		else
			printf("whole\t%s\t", object);
		if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
			printf("took more than %u seconds\n", limit);
		else
			printf("died: status %#x\n", (unsigned int)status);
	}
	empty_bpffs();
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

int main(int argc, char **argv)
{
	int option;

	setvbuf(stdout, NULL, _IOFBF, 1 << 16);
	if (!getenv("HEWN_GUEST")) {
		fprintf(stderr, "%s: only in a guest of tests/vm/run\n", argv[0]);
		return 2;
	}
	while ((option = getopt(argc, argv, "at:")) != -1) {
		attach |= option == 'a';
		if (option == 't')
			limit = (unsigned int)strtoul(optarg, NULL, 0);
	}
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	if (shared == MAP_FAILED)
		return 1;
	for (int i = optind; i < argc; i++) {
		const char *slash = strrchr(argv[i], '/'), *object = slash ? slash + 1 : argv[i];
		const double start = now();

		printf("begin\t%s\n", object);
		fflush(stdout);
		memset(shared, 0, sizeof(*shared));
		guarded(argv[i], object, NULL);
		for (uint32_t k = 0; k < shared->n; k++)
			if (!shared->progs[k].loaded)
				guarded(argv[i], object, shared->progs[k].name);
		printf("end\t%s\t%.2f\n", object, now() - start);
		fflush(stdout);
	}
	return 0;
}
