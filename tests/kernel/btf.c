// SPDX-License-Identifier: MIT
/*
 * BTF as compilers leave it, with all that no kernel or no old kernel takes, and the copies of it
 * that kernels must take.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "loader/err.h"
#include "loader/object/btf.h"
#include "loader/object/btf_scan.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

#define MOST (64u << 20) /* bytes of a kernel's BTF */

static struct btfmake mk;
static uint32_t number; /* the INT of all others */

/* Returns an fd or -errno, and says why not. */
static int load(const void *bytes, uint32_t size)
{
	static char log[1 << 16];
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	log[0] = 0;
	attr.btf = (uintptr_t)bytes;
	attr.btf_size = size;
	attr.btf_log_buf = (uintptr_t)log;
	attr.btf_log_size = sizeof(log);
	attr.btf_log_level = 1;
	fd = hewn_bpf(BPF_BTF_LOAD, &attr,
		      offsetof(union bpf_attr, btf_log_level) + sizeof(attr.btf_log_level));
	if (fd < 0) {
		const char *tail = strlen(log) > 400 ? log + strlen(log) - 400 : log;

		for (const char *line = strtok(log + (tail - log), "\n"); line;
		     line = strtok(NULL, "\n"))
			printf("# %s\n", line);
	} else {
		close(fd);
	}
	return fd < 0 ? fd : 0;
}

static int load_copy(uint32_t kernel)
{
	struct hewn_err err = {0};
	struct btf btf;
	uint8_t *bytes;
	uint32_t size;
	int ret;

	ret = mk_open(&mk, &btf, &err);
	if (!ret)
		ret = btf_encode(&btf, kernel, &bytes, &size, &err);
	if (ret) {
		printf("# %s\n", err.what);
		return ret;
	}
	ret = load(bytes, size);
	free(bytes);
	btf_close(&btf);
	return ret;
}

static void fresh(void)
{
	memset(&mk, 0, sizeof(mk));
	number = mk_int(&mk, "int", 4, MK_SIGNED);
}

/* ── what kernels have learned ── */

static void add_bitfields(void)
{
	uint32_t wide = mk_int(&mk, "unsigned __int128", 16, 0);

	mk_type(&mk, BTF_STRUCT, "mixed", 4 | MK_KFLAG, 32);
	mk_named(&mk, "a", number, 0);
	mk_named(&mk, "bits", number, 3u << 24 | 32);
	mk_named(&mk, "b", number, 64);
	mk_named(&mk, "wide", wide, 128);
}

static void add_section(void)
{
	uint32_t proto = mk_type(&mk, BTF_FUNC_PROTO, NULL, 1, number), var, local;

	mk_pair(&mk, "x", number);
	mk_type(&mk, BTF_FUNC, "f", 0, proto);
	var = mk_var(&mk, "callback", mk_type(&mk, BTF_PTR, NULL, 0, proto), 1);
	local = mk_var(&mk, "f.local", number, 0);
	mk_type(&mk, BTF_DATASEC, ".data.mine", 2, 12);
	mk_secvar(&mk, var, 0, 8);
	mk_secvar(&mk, local, 8, 4);
}

static void add_float(void)
{
	mk_type(&mk, BTF_VOLATILE, NULL, 0, mk_type(&mk, BTF_FLOAT, "double", 0, 8));
}

static void add_decl_tag(void)
{
	uint32_t type = mk_type(&mk, BTF_STRUCT, "tagged", 1, 4);

	mk_named(&mk, "member", number, 0);
	mk_type(&mk, BTF_DECL_TAG, "a tag", 0, type);
	mk_word(&mk, 0);
}

static void add_type_tag(void)
{
	mk_type(&mk, BTF_PTR, NULL, 0, mk_type(&mk, BTF_TYPE_TAG, "user", 0, number));
}

static void add_enum64(void)
{
	uint32_t type = mk_type(&mk, BTF_ENUM64, "large", 1 | MK_KFLAG, 8);

	mk_named(&mk, "LARGEST", UINT32_MAX, INT32_MAX);
	mk_type(&mk, BTF_STRUCT, "of_it", 1, 8);
	mk_named(&mk, "member", type, 0); /* no kernel takes a bitfield of it */
}

static void add_signed_enum(void)
{
	mk_type(&mk, BTF_ENUM, "negative", 1 | MK_KFLAG, 4);
	mk_pair(&mk, "MINUS", (uint32_t)-1);
}

static void add_optional_section(void)
{
	uint32_t var = mk_var(&mk, "optional", number, 1);

	mk_type(&mk, BTF_DATASEC, "?.data", 1, 4);
	mk_secvar(&mk, var, 0, 4);
}

static const struct {
	const char *name;
	unsigned int since; /* version * 1000 + patch level */
	void (*add)(void);
} news[] = {
	{"bitfields_and_a_wide_int", 5002, add_bitfields},
	{"a_section_of_variables", 5002, add_section},
	{"float", 5013, add_float},
	{"decl_tag_of_a_member", 5016, add_decl_tag},
	{"type_tag", 5017, add_type_tag},
	{"enum64", 6000, add_enum64},
	{"signed_enum", 6000, add_signed_enum},
	{"datasec_with_a_question_mark", 6012, add_optional_section},
};

/* What these take, later ones do: this shows that a copy is well formed, not that they take it. */
static const uint32_t kernels[] = {0x050800, 0x050100, 0x041200};

static void new_kinds(unsigned int version)
{
	char name[80];

	for (size_t i = 0; i < sizeof(news) / sizeof(news[0]); i++) {
		fresh();
		news[i].add();
		for (size_t k = 0; k < sizeof(kernels) / sizeof(kernels[0]); k++) {
			snprintf(name, sizeof(name), "%s_for_%u.%u", news[i].name, kernels[k] >> 16, kernels[k] >> 8 & 255);
			eq_int(load_copy(kernels[k]), 0, name);
		}
		snprintf(name, sizeof(name), "%s_as_it_is", news[i].name);
		if (version >= news[i].since)
			eq_int(load_copy(BTF_NEWEST), 0, name);
		else
			tap_skip(name, "this kernel is older than the kind");
	}
}

/* ── what no kernel takes ── */

static void externs(unsigned int version)
{
	uint32_t proto, func, typeless, forward, var;

	fresh();
	proto = mk_type(&mk, BTF_FUNC_PROTO, NULL, 2, number);
	mk_pair(&mk, NULL, number); /* extern functions have parameters without names */
	mk_pair(&mk, NULL, number);
	func = mk_type(&mk, BTF_FUNC, "bpf_kfunc", 2, proto);
	mk_type(&mk, BTF_DECL_TAG, "of its second parameter", 0, func);
	mk_word(&mk, 1);
	typeless = mk_var(&mk, "bpf_prog_active", mk_type(&mk, BTF_CONST, NULL, 0, 0), 2);
	forward = mk_var(&mk, "init_task", mk_type(&mk, BTF_FWD, "task_struct", 0, 0), 2);
	mk_type(&mk, BTF_DATASEC, ".ksyms", 3, 0);
	mk_secvar(&mk, func, 0, 0);
	mk_secvar(&mk, typeless, 0, 0);
	mk_secvar(&mk, forward, 0, 0);
	var = mk_var(&mk, "CONFIG_HZ", number, 2);
	mk_type(&mk, BTF_DATASEC, ".kconfig", 1, 0);
	mk_secvar(&mk, var, 0, 4);
	if (version >= 5016)
		eq_int(load_copy(BTF_NEWEST), 0, "externs_and_tags_of_them");
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		eq_int(load_copy(kernels[i]), 0, "functions_variables_and_settings_of_the_kernel");
}

static void sections(void)
{
	uint32_t a, b;

	fresh();
	a = mk_var(&mk, "first", number, 1);
	b = mk_var(&mk, "second", number, 0);
	mk_type(&mk, BTF_DATASEC, ".hewn.event", 1, 0);
	mk_secvar(&mk, a, 0, 8);
	mk_type(&mk, BTF_DATASEC, ".empty", 0, 0);
	mk_type(&mk, BTF_DATASEC, ".turned", 2, 8);
	mk_secvar(&mk, b, 4, 4);
	mk_secvar(&mk, a, 0, 4);
	mk_type(&mk, BTF_DATASEC, ".overlapping", 2, 8);
	mk_secvar(&mk, b, 0, 4);
	mk_secvar(&mk, a, 2, 4);
	mk_type(&mk, BTF_DATASEC, ".short", 2, 6);
	mk_secvar(&mk, b, 0, 4);
	mk_secvar(&mk, a, 4, 4);
	for (size_t i = 0; i < sizeof(kernels) / sizeof(kernels[0]); i++)
		eq_int(load_copy(kernels[i]), 0, "sections_that_nobody_laid_out");
}

/* The kernel's own types are large enough for parts, and where these begin is guessed right. */
static void parts(void)
{
	FILE *file = fopen("/sys/kernel/btf/vmlinux", "re");
	uint8_t *bytes = malloc(MOST);
	size_t size = file && bytes ? fread(bytes, 1, MOST, file) : 0;
	struct btf btf;

	if (!file)
		tap_skip("the_kernels_types_are_walked_in_parts", "the kernel has no BTF");
	else
		ok(!btf_open_lazy(&btf, NULL, bytes, (uint32_t)size, NULL) && !btf_scan(&btf, NULL, NULL, NULL, NULL) &&
			   btf.n_parts == BTF_PARTS,
		   "the_kernels_types_are_walked_in_parts");
	if (file) {
		btf_close(&btf);
		fclose(file);
	}
	free(bytes);
}

int main(void)
{
	struct utsname name;
	unsigned int major = 0, minor = 0;

	fresh();
	if (load_copy(BTF_NEWEST) == -EPERM) {
		printf("1..0 # SKIP BPF_BTF_LOAD is not permitted\n");
		return 0;
	}
	uname(&name);
	sscanf(name.release, "%u.%u", &major, &minor);
	new_kinds(major * 1000 + minor);
	externs(major * 1000 + minor);
	sections();
	parts();
	return tap_done();
}
