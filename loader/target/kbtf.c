// SPDX-License-Identifier: MIT
/*
 * The types of the target's kernel: where they come from, and which have a name. Each file is
 * opened when it is first needed, and listed with its size among the target's facts. Knows nothing
 * of what is done with a type.
 */
#include "insn/sha.h"
#include "loader/target/kbtf.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/btf_scan.h"
#include "loader/target/kbtf_file.h"
#include "loader/target/target.h"

/* One name, and where it was found. */
struct wanted {
	char *name;
	struct kbtf_hit *hits, *module_hits;
	uint32_t n_hits, n_module_hits;
	bool done, modules_done;
};

struct module {
	char *name;
	const char *suffix; /* of its file: "", or ".ko" */
	struct kbtf_file file;
};

struct kbtf {
	struct kbtf_file vmlinux;
	bool has_vmlinux;
	bool is_folder; /* --btf names a copy of /sys/kernel/btf, with modules */
	struct module *modules; /* all, once opened */
	uint32_t n_modules;
	bool modules_opened;
	struct btf_names names;
	struct wanted *wanted; /* in the order of names */
	uint32_t n_wanted;
};

static struct kbtf *get(struct hewn_target *target)
{
	if (!target->kbtf)
		target->kbtf = calloc(1, sizeof(*target->kbtf));
	return target->kbtf;
}

void kbtf_close(struct kbtf *kbtf)
{
	if (!kbtf)
		return;
	for (uint32_t i = 0; i < kbtf->n_wanted; i++) {
		free(kbtf->wanted[i].name);
		free(kbtf->wanted[i].hits);
		free(kbtf->wanted[i].module_hits);
	}
	free(kbtf->wanted);
	btf_names_close(&kbtf->names);
	for (uint32_t i = 0; i < kbtf->n_modules; i++) {
		kbtf_file_close(&kbtf->modules[i].file);
		free(kbtf->modules[i].name);
	}
	free(kbtf->modules);
	kbtf_file_close(&kbtf->vmlinux);
	free(kbtf);
}

int hewn_target_btf(struct hewn_target *target, const char *path, struct hewn_err *err)
{
	char *copy;

	if (target->kbtf && target->kbtf->has_vmlinux)
		return err_set(err, -EBUSY, "the target's BTF is in use already");
	copy = strdup(path);
	if (!copy)
		return err_nomem(err);
	free(target->btf_path);
	target->btf_path = copy;
	target->btf_is_other = true;
	return 0;
}

/* ── vmlinux. ── */

/* The size of a file that was read, among the facts of a plan. */
static int remember(struct hewn_target *target, const char *path, uint64_t size,
		    struct hewn_err *err)
{
	const char *known = target_known(target, path);
	char text[40];

	snprintf(text, sizeof(text), "%llu bytes", (unsigned long long)size);
	if (known && strcmp(known, text) != 0)
		return err_set(err, -EINVAL, "the BTF has %s, the target's has %s", text, known);
	if (!known && !target_remember(target, path, text))
		return err_nomem(err);
	target_fact(target, path); /* so that a plan lists it */
	return 0;
}

bool kbtf_hash(const struct kbtf *kbtf, char digits[65])
{
	uint8_t digest[32];
	struct sha sha;

	if (!kbtf || !kbtf->vmlinux.bytes || kbtf->vmlinux.btf.swapped)
		return false;
	sha_open(&sha, SHA_256);
	sha_add(&sha, kbtf->vmlinux.bytes, kbtf->vmlinux.size);
	sha_finish(&sha, digest);
	for (size_t i = 0; i < sizeof(digest); i++)
		snprintf(digits + 2 * i, 3, "%02x", digest[i]);
	return true;
}

/* Whether a file stands for the BTF that a profile was made with, which has its hash. */
static int check_hash(const struct hewn_target *target, const struct kbtf *kbtf,
		      struct hewn_err *err)
{
	const char *recorded = target_recorded(target, KBTF_HASH);
	char digits[65];

	if (!target->recorded || !recorded || !kbtf_hash(kbtf, digits) || !strcmp(recorded, digits))
		return 0;
	return err_set(err, -EINVAL, "the BTF has the SHA-256 %.16s…, the target's has %.16s…",
		       digits, recorded);
}

/*
 * A file from --btf, or the one in a folder from it, stands for itself in the plan; but for the kernel's own
 * where there is a profile: then the plan is the one that the profile's machine makes.
 */
static int open_vmlinux(struct hewn_target *target, struct kbtf *kbtf, struct hewn_err *err)
{
	const char *path = target->btf_path;
	bool is_other = target->btf_is_other && !target->recorded;
	char inside[4096];
	struct stat st;
	int ret;

	kbtf->is_folder = path && !stat(path, &st) && S_ISDIR(st.st_mode);
	if (kbtf->is_folder) {
		snprintf(inside, sizeof(inside), "%s/vmlinux", path);
		path = inside;
	}
	if (!path && target->recorded) {
		err_set(err, -ENOENT, "the target's profile names no BTF");
		err_hint(err, "--btf FILE gives it: a copy of that machine's %s", KBTF_VMLINUX);
		return -ENOENT;
	}
	ret = kbtf_file_open(&kbtf->vmlinux, path ? path : KBTF_VMLINUX, NULL, err);
	if (ret == -ENOENT && !path) {
		target_fact(target, KBTF_VMLINUX); /* listed as absent */
		err_hint(err, "the kernel is built without CONFIG_DEBUG_INFO_BTF, or older than "
			      "5.4; --btf FILE gives BTF that fits");
	}
	if (!ret)
		ret = remember(target, is_other ? path : KBTF_VMLINUX, kbtf->vmlinux.size, err);
	if (!ret)
		ret = check_hash(target, kbtf, err);
	if (ret == -EINVAL && kbtf->vmlinux.bytes) {
		err_object(err, path);
		err_hint(err, "the file must be a copy of that machine's %s", KBTF_VMLINUX);
	}
	if (ret)
		kbtf_file_close(&kbtf->vmlinux);
	kbtf->has_vmlinux = !ret;
	return ret;
}

static int found_in_vmlinux(void *ctx, uint32_t name, uint32_t id)
{
	struct kbtf *kbtf = ctx;
	struct wanted *wanted = &kbtf->wanted[name];
	struct kbtf_hit *hit;

	if (wanted->done)
		return 0;
	hit = mem_append(&wanted->hits, &wanted->n_hits, sizeof(*hit));
	if (!hit)
		return -ENOMEM;
	*hit = (struct kbtf_hit){&kbtf->vmlinux.btf, id, NULL};
	return 0;
}

static int scan_vmlinux(struct kbtf *kbtf, struct hewn_err *err)
{
	int ret = btf_scan(&kbtf->vmlinux.btf, &kbtf->names, found_in_vmlinux, kbtf, err);

	for (uint32_t i = 0; i < kbtf->n_wanted; i++) {
		if (ret && !kbtf->wanted[i].done)
			kbtf->wanted[i].n_hits = 0; /* as before the pass; the room stays */
		kbtf->wanted[i].done |= !ret;
	}
	if (ret)
		return ret == -ENOMEM ? err_nomem(err) : ret;
	btf_names_look_for_none(&kbtf->names);
	return 0;
}

/* Opened, and walked over once: before, there are no types. The pass takes all names there are. */
static int need_vmlinux(struct hewn_target *target, struct hewn_err *err)
{
	struct kbtf *kbtf = get(target);
	int ret = 0;

	if (!kbtf)
		return err_nomem(err);
	if (!kbtf->has_vmlinux)
		ret = open_vmlinux(target, kbtf, err);
	if (!ret && kbtf->vmlinux.btf.n_types == kbtf->vmlinux.btf.first_id)
		ret = scan_vmlinux(kbtf, err);
	return ret;
}

int target_btf(struct hewn_target *target, const struct btf **btf, struct hewn_err *err)
{
	int ret = need_vmlinux(target, err);

	*btf = ret ? NULL : &target->kbtf->vmlinux.btf;
	return ret;
}

/* ── Names. ── */

static struct wanted *want(struct hewn_target *target, const char *name)
{
	struct kbtf *kbtf = get(target);
	struct wanted *wanted;
	int64_t i = kbtf ? btf_names_find(&kbtf->names, name, (uint32_t)strlen(name)) : -ENOMEM;

	if (i >= 0)
		return &kbtf->wanted[i];
	wanted = kbtf ? mem_append(&kbtf->wanted, &kbtf->n_wanted, sizeof(*wanted)) : NULL;
	if (!wanted)
		return NULL;
	wanted->name = strdup(name);
	if (!wanted->name || btf_names_add(&kbtf->names, wanted->name) < 0) {
		free(wanted->name);
		kbtf->n_wanted--;
		return NULL;
	}
	btf_names_look_for(&kbtf->names, name);
	return wanted;
}

int target_btf_want(struct hewn_target *target, const char *name)
{
	return want(target, name) ? 0 : -ENOMEM;
}

int target_btf_find(struct hewn_target *target, const char *name, const struct kbtf_hit **hits,
		    uint32_t *n, struct hewn_err *err)
{
	struct wanted *wanted = want(target, name);
	int ret;

	*hits = NULL;
	*n = 0;
	if (!wanted)
		return err_nomem(err);
	ret = need_vmlinux(target, err);
	if (!ret && !wanted->done)
		ret = scan_vmlinux(target->kbtf, err);
	if (ret)
		return ret;
	*hits = wanted->hits;
	*n = wanted->n_hits;
	return 0;
}

/* ── Modules. ── */

struct in_module {
	struct kbtf *kbtf;
	const struct module *module;
};

static int found_in_module(void *ctx, uint32_t name, uint32_t id)
{
	const struct in_module *in = ctx;
	struct wanted *wanted = &in->kbtf->wanted[name];
	struct kbtf_hit *hit;

	if (wanted->modules_done)
		return 0;
	hit = mem_append(&wanted->module_hits, &wanted->n_module_hits, sizeof(*hit));
	if (!hit)
		return -ENOMEM;
	*hit = (struct kbtf_hit){&in->module->file.btf, id, in->module->name};
	return 0;
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct module *)a)->name, ((const struct module *)b)->name);
}

#ifndef MODULES /* a test has its own */
#define MODULES "/sys/kernel/btf"
#endif

/* A module's own file may lie in a folder from --btf: nf_nat.ko. */
static const char *cut_suffix(char *name)
{
	char *dot = strrchr(name, '.');

	if (!dot || strcmp(dot, ".ko") != 0)
		return "";
	*dot = '\0';
	return ".ko";
}

static bool list_modules(struct kbtf *kbtf, const char *folder)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	struct module *module;
	bool good = true;

	while (good && dir && (entry = readdir(dir))) {
		if (entry->d_name[0] == '.' || !strcmp(entry->d_name, "vmlinux"))
			continue;
		module = mem_append(&kbtf->modules, &kbtf->n_modules, sizeof(*module));
		if (module)
			module->name = strdup(entry->d_name);
		good = module && module->name;
		if (good)
			module->suffix = cut_suffix(module->name);
	}
	if (dir)
		closedir(dir);
	if (good && kbtf->n_modules)
		qsort(kbtf->modules, kbtf->n_modules, sizeof(*kbtf->modules), by_name);
	return good;
}

/* A fact of the target, where it is not another one already. */
static int remember_text(struct hewn_target *target, const char *path, const char *text, struct hewn_err *err)
{
	const char *known = target_known(target, path);

	if (!known)
		return target_remember(target, path, text) ? 0 : err_nomem(err);
	if (!strcmp(known, text))
		return 0;
	err_hint(err, "the folder must be a copy of that machine's %s", MODULES);
	return err_set(err, -EINVAL, "the BTF is of %s, the target's of %s", text, known);
}

/*
 * Those of this machine, or in a folder from --btf, which stands for the target's as vmlinux in it does; another's BTF
 * file is that of its vmlinux only.
 */
static int open_modules(struct hewn_target *target, struct hewn_err *err)
{
	struct kbtf *kbtf = target->kbtf;
	const char *folder = target->btf_path ? target->btf_path : MODULES;
	const char *shown = target->recorded ? MODULES : folder;
	struct hewn_err gone = {0};
	char path[4400], fact[4400];
	int ret = 0;

	kbtf->modules_opened = true;
	for (uint32_t i = 0; target->recorded && i < target->n_facts; i++)
		if (!strncmp(target->facts[i].path, MODULES, strlen(MODULES)))
			target_fact(target,
				    target->facts[i]
					    .path); /* looked at there, so the plan says so here */
	if ((target->btf_path || target->recorded) && !kbtf->is_folder)
		return 0;
	if (!list_modules(kbtf, folder))
		return err_nomem(err);
	snprintf(path, sizeof(path), "%u modules", kbtf->n_modules);
	ret = remember_text(target, shown, path, err);
	for (uint32_t i = 0; !ret && i < kbtf->n_modules; i++) {
		snprintf(path, sizeof(path), "%s/%s%s", folder, kbtf->modules[i].name, kbtf->modules[i].suffix);
		snprintf(fact, sizeof(fact), "%s/%s", shown, kbtf->modules[i].name);
		ret = kbtf_file_open(&kbtf->modules[i].file, path, &kbtf->vmlinux.btf, &gone);
		if (!ret)
			ret = remember(target, fact, kbtf->modules[i].file.size, err);
		else if (ret == -ENOENT || ret == -ENODEV) /* unloaded since it was listed */
			ret = 0;
		else if (err_set(err, ret, "%s", gone.what))
			err_object(err, path);
		hewn_err_close(&gone);
	}
	return ret;
}

static int scan_modules(struct kbtf *kbtf, struct hewn_err *err)
{
	int ret = 0;

	for (uint32_t i = 0; i < kbtf->n_wanted; i++)
		if (!kbtf->wanted[i].modules_done)
			btf_names_look_for(&kbtf->names, kbtf->wanted[i].name);
	for (uint32_t i = 0; !ret && i < kbtf->n_modules; i++) {
		struct in_module in = {kbtf, &kbtf->modules[i]};

		if (in.module->file.btf.bytes)
			ret = btf_scan(&kbtf->modules[i].file.btf, &kbtf->names, found_in_module,
				       &in, err);
	}
	for (uint32_t i = 0; i < kbtf->n_wanted; i++) {
		if (ret && !kbtf->wanted[i].modules_done)
			kbtf->wanted[i].n_module_hits = 0;
		kbtf->wanted[i].modules_done |= !ret;
	}
	btf_names_look_for_none(&kbtf->names);
	for (uint32_t i = 0; i < kbtf->n_wanted; i++)
		if (!kbtf->wanted[i].done)
			btf_names_look_for(&kbtf->names, kbtf->wanted[i].name);
	return ret == -ENOMEM ? err_nomem(err) : ret;
}

int target_btf_find_in_modules(struct hewn_target *target, const char *name,
			       const struct kbtf_hit **hits, uint32_t *n, struct hewn_err *err)
{
	struct wanted *wanted = want(target, name);
	int ret;

	*hits = NULL;
	*n = 0;
	if (!wanted)
		return err_nomem(err);
	ret = need_vmlinux(target, err);
	if (!ret && !target->kbtf->modules_opened)
		ret = open_modules(target, err);
	if (!ret && !wanted->modules_done)
		ret = scan_modules(target->kbtf, err);
	if (ret)
		return ret;
	*hits = wanted->module_hits;
	*n = wanted->n_module_hits;
	return 0;
}
