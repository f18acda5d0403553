// SPDX-License-Identifier: MIT
/* Types of modules: found in each, by name, with their module; and what goes wrong with one. */
static char sysfs[64], vmlinux[80];
#define MODULES	     sysfs
#define KBTF_VMLINUX vmlinux
#include "loader/target/kbtf.c"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/btfmake.h"
#include "tests/tap.h"
#include "tests/unit/elf_write.h"

static struct btfmake base, mk;

static void put(const char *name, const void *bytes, size_t size)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", sysfs, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		printf("# cannot write %s\n", path);
	close(fd);
}

/* A struct with a name of its own, and one with a name of vmlinux's. */
static void put_module(const char *name, const char *own)
{
	uint32_t size;

	memset(&mk, 0, sizeof(mk));
	mk_type(&mk, BTF_STRUCT, own, 0, 8);
	mk.types[0] += base.strings_size;
	mk_type(&mk, BTF_STRUCT, NULL, 0, 16);
	mk.types[3] = 5; /* "task" */
	size = mk_blob(&mk);
	put(name, mk.blob, size);
}

static void ask(struct hewn_target *target)
{
	const struct kbtf_hit *hits, *own;
	struct hewn_err err = {0};
	uint32_t n, m;

	target_btf_want(target, "task");
	ok(!target_btf_find(target, "task", &hits, &n, NULL) && n == 1 && hits[0].id == 2 &&
		   !hits[0].module,
	   "vmlinux_has_one");
	if (!ok(!target_btf_find_in_modules(target, "task", &hits, &n, &err) && n == 2,
		"each_module_has_one"))
		printf("# %u %s\n", n, err.what);
	ok(n == 2 && !strcmp(hits[0].module, "first") && !strcmp(hits[1].module, "second"),
	   "modules_are_sorted_by_name");
	ok(n == 2 && hits[0].id == 4 && btf_size(hits[0].btf, 4) == 16 &&
		   !strcmp(btf_name(hits[1].btf, 4), "task"),
	   "a_name_of_vmlinux_on_a_type_of_the_module");
	ok(!target_btf_find_in_modules(target, "theirs", &own, &m, NULL) && m == 1 &&
		   own[0].id == 3 && !strcmp(own[0].module, "second"),
	   "a_name_not_wanted_before");
	ok(!target_btf_find(target, "theirs", &own, &m, NULL) && !m, "which_vmlinux_has_not");
	ok(!target_btf_find_in_modules(target, "int", &own, &m, NULL) && !m,
	   "types_of_the_base_are_not_the_modules");
	ok(!strcmp(hits[0].module, "first"), "the_first_array_is_still_valid");
	hewn_err_close(&err);
}

/* A module's own file, built for a vmlinux in which "task" was the first type. */
static void put_file(const char *name)
{
	struct btfmake excerpt = {0};
	uint32_t excerpt_size;
	struct ew w;

	mk_type(&excerpt, BTF_STRUCT, "task", 0, 4);
	excerpt_size = mk_blob(&excerpt);
	memset(&mk, 0, sizeof(mk));
	mk_type(&mk, BTF_STRUCT, "outer", 1, 4);
	mk_named(&mk, "task", 1, 0);
	mk.types[0] += excerpt.strings_size;
	mk.types[3] = 1; /* the name too is the excerpt's */
	ew_open(&w, 64, false, ET_REL, EM_X86_64);
	ew_section(&w, ".BTF.base", SHT_PROGBITS, 0, excerpt.blob, excerpt_size);
	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, mk_blob(&mk));
	ew_finish(&w);
	put(name, w.bytes, w.size);
	ew_free(&w);
}

static void ask_file(const char *copy)
{
	struct hewn_target *target;
	const struct kbtf_hit *hits;
	const struct btf_member *members;
	struct hewn_err err = {0};
	char path[160];
	uint32_t n;

	put_file("outside.ko");
	hewn_target_open(&target, NULL, NULL);
	hewn_target_btf(target, copy, NULL);
	if (!ok(!target_btf_find_in_modules(target, "outer", &hits, &n, &err) && n == 1, "a_modules_own_file_is_read"))
		printf("# %s\n", err.what);
	members = n == 1 ? btf_body(btf_type(hits[0].btf, hits[0].id)) : NULL;
	ok(members && !strcmp(hits[0].module, "outside") && hits[0].id == 3, "its_types_come_after_the_kernels");
	ok(members && members[0].type == 2 && !strcmp(btf_str(hits[0].btf, members[0].name_off), "task"),
	   "and_are_of_those_that_the_kernel_has");
	hewn_target_close(target);
	hewn_err_close(&err);
	snprintf(path, sizeof(path), "%s/outside.ko", sysfs);
	unlink(path);
}

/* On another machine: its profile, and a copy of its folder. */
static void ask_elsewhere(void)
{
	struct hewn_target *target, *there;
	const struct kbtf_hit *hits;
	struct hewn_err err = {0};
	char copy[80], profile[80];
	uint32_t n;
	FILE *to;

	snprintf(copy, sizeof(copy), "%s.copy", sysfs);
	snprintf(profile, sizeof(profile), "%s.profile", sysfs);
	to = fopen(profile, "we");
	hewn_target_open(&target, NULL, NULL);
	target_btf_find_in_modules(target, "task", &hits, &n, NULL);
	ok(to && !hewn_target_save(target, to, NULL) && !fclose(to) && !symlink(sysfs, copy), "a_profile_is_written");
	hewn_target_close(target);

	ok(!hewn_target_open(&there, profile, NULL) && !hewn_target_btf(there, copy, NULL), "and_taken_elsewhere");
	ask(there);
	ok(target_known(there, MODULES) && !target_known(there, copy), "the_facts_are_the_targets");
	hewn_target_close(there);
	hewn_target_open(&there, NULL, NULL);
	hewn_target_btf(there, copy, NULL);
	ask(there);
	ok(target_known(there, copy) && !target_known(there, MODULES), "without_a_profile_the_folders");
	hewn_target_close(there);

	ask_file(copy);
	put_module("third", "more");
	hewn_target_open(&there, profile, NULL);
	hewn_target_btf(there, copy, NULL);
	eq_int(target_btf_find_in_modules(there, "task", &hits, &n, &err), -EINVAL, "a_folder_with_another_module_is_refused");
	tap_has(err.what, "3 modules, the target's of 2 modules", __FILE__, __LINE__, "and_that_is_said");
	hewn_err_close(&err);
	hewn_target_close(there);
	unlink(copy);
	unlink(profile);
}

int main(void)
{
	struct hewn_target *target;
	const struct kbtf_hit *hits;
	struct hewn_err err = {0};
	uint32_t n;

	strcpy(sysfs, "/tmp/hewn-modules-XXXXXX");
	if (!mkdtemp(sysfs))
		return 1;
	snprintf(vmlinux, sizeof(vmlinux), "%s/vmlinux", sysfs);
	mk_int(&base, "int", 4, MK_SIGNED);
	mk_type(&base, BTF_STRUCT, "task", 0, 4);
	n = mk_blob(&base);
	put("vmlinux", base.blob, n);
	put_module("second", "theirs");
	put_module("first", "mine");
	hewn_target_open(&target, NULL, NULL);
	ask(target);
	hewn_target_close(target);

	ask_elsewhere();
	put("third", "no BTF at all, but long enough", 30);
	hewn_target_open(&target, NULL, NULL);
	ok(target_btf_find_in_modules(target, "task", &hits, &n, &err) == -EINVAL && !n &&
		   strstr(err.what, "begins with") && strstr(err.object, "third"),
	   "a_module_that_cannot_be_read_is_named");
	hewn_target_close(target);
	hewn_err_close(&err);
	for (int i = 0; i < 4; i++) {
		static const char *const names[] = {"vmlinux", "first", "second", "third"};
		char path[160];

		snprintf(path, sizeof(path), "%s/%s", sysfs, names[i]);
		unlink(path);
	}
	rmdir(sysfs);
	return tap_done();
}
