// SPDX-License-Identifier: MIT
/* The kernel's types: names found in one pass, flavours, files of either byte order, and what is
 * said where there are none. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/object/btf_scan.h"
#include "loader/target/kbtf.h"
#include "loader/target/kbtf_file.h"
#include "loader/target/target.h"
#include "tests/btfmake.h"
#include "tests/tap.h"
#include "tests/unit/elf_write.h"

static struct btfmake mk;
static char path[64];

/* Forty types, so that the sparse index has gaps: task is 2, 20 and 38; task___new 40. */
static void some_types(void)
{
	memset(&mk, 0, sizeof(mk));
	mk_int(&mk, "int", 4, MK_SIGNED);
	for (uint32_t id = 2; id < 40; id++)
		mk_type(&mk, id == 20 ? BTF_TYPEDEF : BTF_STRUCT,
			id % 18 == 2 ? "task"
			: id == 30   ? "a"
			: id == 31   ? "a___old"
				     : "other",
			0, id == 20 ? 1 : id);
	mk_type(&mk, BTF_STRUCT, "task___new", 1, 4);
	mk_named(&mk, "pid", 1, 0);
}

static void write_file(const void *bytes, size_t size)
{
	int fd;

	strcpy(path, "/tmp/hewn-kbtf-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		path[0] = 0;
	close(fd);
}

static struct hewn_target *target_of(const void *bytes, size_t size)
{
	struct hewn_target *target;

	write_file(bytes, size);
	if (hewn_target_open(&target, NULL, NULL) || hewn_target_btf(target, path, NULL))
		return NULL;
	return target;
}

static bool has_ids(const struct kbtf_hit *hits, uint32_t n, uint32_t a, uint32_t b, uint32_t c,
		    uint32_t d)
{
	uint32_t ids[] = {a, b, c, d};

	for (uint32_t i = 0; i < n; i++)
		if (i > 3 || hits[i].id != ids[i] || hits[i].module)
			return false;
	return n < 4 ? !ids[n] : n == 4;
}

static void ask(struct hewn_target *target)
{
	struct hewn_err err = {0};
	const struct kbtf_hit *hits, *later;
	const struct btf *btf = NULL;
	uint32_t n, m;

	target_btf_want(target, "task");
	target_btf_want(target, "a");
	target_btf_want(target, "task");
	if (!ok(!target_btf_find(target, "task", &hits, &n, &err), "find"))
		printf("# %s\n", err.what);
	ok(has_ids(hits, n, 2, 20, 38, 40), "all_of_a_name_by_id_with_flavours");
	ok(!target_btf_find(target, "a", &later, &m, NULL) && has_ids(later, m, 30, 31, 0, 0),
	   "a_short_name_with_its_flavour");
	ok(!target_btf_find(target, "int", &later, &m, NULL) && has_ids(later, m, 1, 0, 0, 0),
	   "a_name_not_wanted_before");
	ok(!target_btf_find(target, "none", &later, &m, NULL) && !m && !later, "no_such_type");
	ok(!target_btf_find(target, "task___new", &later, &m, NULL) && !m,
	   "the_flavour_is_no_name_of_its_own");
	ok(has_ids(hits, n, 2, 20, 38, 40), "the_first_array_is_still_valid");
	ok(!target_btf_find_in_modules(target, "task", &later, &m, NULL) && !m,
	   "a_file_has_no_modules");
	ok(!target_btf(target, &btf, NULL) && btf->n_types == 41, "all_types_have_ids");
	for (uint32_t id = 2; btf && id < 40; id++)
		if (btf_type(btf, id)->size_or_type != (id == 20 ? 1 : id))
			n = 0;
	ok(n == 4, "each_type_is_found_by_its_id");
	ok(!btf_type(btf, 0) && !btf_type(btf, 41), "and_no_others");
	ok(target_known(target, path) != NULL, "the_file_is_a_fact");
	eq_int(hewn_target_btf(target, "other", NULL), -EBUSY, "too_late_for_another_file");
}

static void swap_blob(uint32_t size)
{
	uint8_t first = mk.blob[0];

	mk.blob[0] = mk.blob[1];
	mk.blob[1] = first;
	for (uint32_t i = 4; i < BTF_HEADER_SIZE + 4 * mk.n_words && i < size; i += 4) {
		uint32_t word;

		memcpy(&word, mk.blob + i, 4);
		word = __builtin_bswap32(word);
		memcpy(mk.blob + i, &word, 4);
	}
}

static void files(void)
{
	struct hewn_target *target;
	struct hewn_err err = {0};
	const struct btf *btf;
	uint32_t size;

	some_types();
	size = mk_blob(&mk);
	target = target_of(mk.blob, size);
	ask(target);
	hewn_target_close(target);
	unlink(path);
	swap_blob(size);
	target = target_of(mk.blob, size);
	ask(target);
	hewn_target_close(target);
	unlink(path);

	target = target_of("\177ELFnot", 7);
	ok(target_btf(target, &btf, &err) < 0 && err.what[0] && !btf, "no_elf_file");
	hewn_target_close(target);
	unlink(path);
	hewn_err_close(&err);
	target = target_of("", 0);
	ok(target_btf(target, &btf, &err) == -EINVAL && strstr(err.what, "header"), "empty_file");
	hewn_target_close(target);
	unlink(path);
	hewn_err_close(&err);
	hewn_target_open(&target, NULL, NULL);
	hewn_target_btf(target, "/nowhere/btf", NULL);
	ok(target_btf(target, &btf, &err) == -ENOENT && strstr(err.what, "/nowhere/btf"),
	   "a_missing_file_is_named");
	hewn_target_close(target);
	hewn_err_close(&err);
}

/* A module's ELF file, with its own excerpt of vmlinux in .BTF.base or without. */
static void write_module(struct ew *w, bool base)
{
	static const uint32_t ptr[] = {0, (uint32_t)BTF_PTR << 24, 2};
	struct btf_header header = {
		.magic = BTF_MAGIC, .version = 1, .header_size = BTF_HEADER_SIZE};
	uint8_t split[BTF_HEADER_SIZE + sizeof(ptr)];

	header.types_size = header.strings_off = sizeof(ptr);
	memcpy(split, &header, BTF_HEADER_SIZE);
	memcpy(split + BTF_HEADER_SIZE, ptr, sizeof(ptr));
	some_types();
	ew_open(w, 64, false, ET_REL, EM_X86_64);
	if (base)
		ew_section(w, ".BTF.base", SHT_PROGBITS, 0, mk.blob, mk_blob(&mk));
	ew_section(w, ".BTF", SHT_PROGBITS, 0, split, sizeof(split));
	ew_finish(w);
}

static void elf_files(void)
{
	struct hewn_target *target;
	struct hewn_err err = {0};
	const struct btf *btf;
	struct ew w;

	some_types();
	ew_open(&w, 64, false, ET_EXEC, EM_X86_64);
	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, mk_blob(&mk));
	ew_finish(&w);
	target = target_of(w.bytes, w.size);
	if (!ok(!target_btf(target, &btf, &err) && btf->n_types == 41, "a_section_of_a_vmlinux"))
		printf("# %s\n", err.what);
	hewn_target_close(target);
	unlink(path);
	ew_free(&w);

	write_module(&w, true);
	target = target_of(w.bytes, w.size);
	if (!ok(!target_btf(target, &btf, &err) && btf->n_types == 42 &&
			btf_kind(btf_type(btf, 41)) == BTF_PTR && !strcmp(btf_name(btf, 2), "task"),
		"a_module_with_its_excerpt_of_vmlinux"))
		printf("# %s\n", err.what);
	hewn_target_close(target);
	unlink(path);
	ew_free(&w);

	write_module(&w, false);
	target = target_of(w.bytes, w.size);
	ok(target_btf(target, &btf, &err) == -EINVAL && strstr(err.what, "strings"),
	   "a_module_alone_is_not_a_kernel");
	hewn_target_close(target);
	unlink(path);
	ew_free(&w);
	hewn_err_close(&err);

	ew_open(&w, 64, false, ET_EXEC, EM_X86_64);
	ew_finish(&w);
	target = target_of(w.bytes, w.size);
	ok(target_btf(target, &btf, &err) == -ENOENT && strstr(err.what, "no section .BTF"),
	   "a_vmlinux_without_types");
	hewn_target_close(target);
	unlink(path);
	ew_free(&w);
	hewn_err_close(&err);
}

/* --target and --btf together. */
static void other_machine(const char *text)
{
	struct hewn_target *target;
	struct hewn_err err = {0};
	const struct btf *btf;
	char size[32], profile[200];

	snprintf(size, sizeof(size), "%u bytes", mk_blob(&mk));
	for (int wrong = 0; wrong < 2; wrong++) {
		snprintf(profile, sizeof(profile), "%s" KBTF_VMLINUX " = %s%s\n", text,
			 wrong ? "1" : "", size);
		write_file(profile, strlen(profile));
		hewn_target_open(&target, path, &err);
		unlink(path);
		write_file(mk.blob, mk_blob(&mk));
		hewn_target_btf(target, path, NULL);
		if (!wrong)
			ok(!target_btf(target, &btf, &err) && !target_known(target, path) &&
				   !strcmp(target_known(target, KBTF_VMLINUX), size),
			   "a_file_for_the_kernel_of_a_profile");
		else
			ok(target_btf(target, &btf, &err) == -EINVAL && !btf &&
				   strstr(err.what, "the target's has 1"),
			   "a_file_that_is_not_that_kernels");
		unlink(path);
		hewn_target_close(target);
	}
	hewn_err_close(&err);
}

static void profiles(void)
{
	static const char text[] = "# hewn target profile 1\nuname -r = 6.1.0\n";
	struct hewn_target *target;
	struct hewn_err err = {0};
	const struct btf *btf;
	char named[200];

	write_file(text, strlen(text));
	hewn_target_open(&target, path, &err);
	ok(target_btf(target, &btf, &err) == -ENOENT && strstr(err.hint, "--btf"),
	   "a_profile_without_btf_says_so");
	hewn_target_close(target);
	hewn_err_close(&err);
	unlink(path);

	some_types();
	other_machine(text);
	write_file(mk.blob, mk_blob(&mk));
	snprintf(named, sizeof(named), "%sbtf = %s\n", text, path + strlen("/tmp/"));
	write_file(named, strlen(named));
	hewn_target_open(&target, path, &err);
	unlink(path);
	if (!ok(!target_btf(target, &btf, &err) && btf->n_types == 41,
		"a_profile_names_a_file_beside_it"))
		printf("# %s\n", err.what);
	ok(target_known(target, KBTF_VMLINUX) != NULL, "which_is_the_fact_of_the_kernel");
	snprintf(path, sizeof(path), "/tmp/%.40s", strchr(strstr(named, "btf = "), '=') + 2);
	path[strcspn(path, "\n")] = 0;
	unlink(path);
	hewn_target_close(target);
}

static int count(void *ctx, uint32_t name, uint32_t id)
{
	uint32_t *seen = ctx;

	seen[name] = id;
	return 0;
}

/* What a pass says of each malformation. */
static void refused(const char *why, uint32_t size, const char *name)
{
	static const struct btf_names none;
	struct hewn_err err = {0};
	struct btf btf;
	int ret = btf_open_lazy(&btf, NULL, mk.blob, size, &err);

	if (!ret)
		ret = btf_scan(&btf, &none, count, NULL, &err);
	if (!ok(ret == -EINVAL && strstr(err.what, why) && btf.n_types <= 1, name))
		printf("# %d %s\n", ret, err.what);
	btf_close(&btf);
}

static void malformed(void)
{
	some_types();
	mk_type(&mk, (enum btf_kind)77, "new", 0, 0);
	refused("type 41 has kind 77", mk_blob(&mk), "lazy_unknown_kind");
	some_types();
	mk_type(&mk, BTF_STRUCT, "long", 0xffffff, 0);
	refused("type 41, STRUCT, is cut off", mk_blob(&mk), "lazy_members_beyond_the_end");
	some_types();
	mk_word(&mk, 0);
	refused("type 41 is cut off", mk_blob(&mk), "lazy_head_beyond_the_end");
}

int main(void)
{
	files();
	elf_files();
	profiles();
	malformed();
	return tap_done();
}
