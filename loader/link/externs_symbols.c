// SPDX-License-Identifier: MIT
/*
 * Symbols of the kernel that an object refers to (.ksyms): functions that programs may call and variables by their ids in
 * the kernel's BTF or a module's, other symbols by their addresses. All are looked for at once, in the order in which
 * libbpf does it: that numbers the modules, and the number of a function's module is in its calls.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/core_match.h"
#include "loader/link/externs.h"
#include "loader/target/kbtf.h"
#include "loader/target/ksyms.h"

/* What it refers to is a variable of no type in particular: extern const void NAME __ksym. */
static bool is_untyped(const struct hewn_object *o, const struct obj_extern *ext)
{
	const struct btf_head *var = btf_type(&o->btf, ext->type_id);

	return ext->kind == EXTERN_KSYM && (btf_kind(var) != BTF_VAR || !btf_skip(&o->btf, var->size_or_type));
}

/* Of a function without its flavour: bpf_foo___new is bpf_foo. */
static size_t name_len(const struct obj_extern *ext)
{
	return ext->kind == EXTERN_KFUNC ? btf_essential_size(ext->name) : strlen(ext->name);
}

/* What the index of the kernel's names is asked for: that has no flavours, whatever it is the name of. */
static void index_name(const struct obj_extern *ext, char *name, size_t size)
{
	const size_t len = btf_essential_size(ext->name);

	snprintf(name, size, "%.*s", (int)(len < size ? len : size - 1), ext->name);
}

int externs_want(struct link *link, struct hewn_err *err)
{
	const struct hewn_object *o = link->object;
	char name[512];
	int ret = 0;

	for (uint32_t i = 0; i < o->n_externs && link->target && !ret; i++) {
		const struct obj_extern *ext = &o->externs[i];

		if (ext->kind != EXTERN_KSYM && ext->kind != EXTERN_KFUNC)
			continue;
		index_name(ext, name, sizeof(name));
		ret = is_untyped(o, ext) ? target_ksym_want(link->target, ext->name) : target_btf_want(link->target, name);
	}
	return ret ? err_nomem(err) : 0;
}

/* ── what is wrong ── */

/* Why there is none, for those who need it; NULL where memory is out, which says less. */
PRINTF_LIKE(3, 4) static int fail(struct link_symbol *sym, int code, const char *fmt, ...)
{
	va_list args;

	sym->ret = code;
	va_start(args, fmt);
	if (vasprintf(&sym->why, fmt, args) < 0)
		sym->why = NULL;
	va_end(args);
	return 0;
}

/* ── in BTF ── */

static const struct kbtf_hit *pick(const struct kbtf_hit *hits, uint32_t n, const struct obj_extern *ext)
{
	const size_t len = name_len(ext);

	for (uint32_t i = 0; i < n; i++) {
		const char *name = btf_name(hits[i].btf, hits[i].id);

		if (btf_kind(btf_type(hits[i].btf, hits[i].id)) == (ext->kind == EXTERN_KFUNC ? BTF_FUNC : BTF_VAR) &&
		    !strncmp(name, ext->name, len) && !name[len])
			return &hits[i];
	}
	return NULL;
}

/* The number of a module, which is counted from 1; 0: no memory. */
static uint32_t number_of(struct link *link, const char *module)
{
	const char **modules;

	for (uint32_t i = 0; i < link->n_modules; i++)
		if (!strcmp(link->modules[i], module))
			return i + 1;
	modules = realloc(link->modules, (link->n_modules + 1) * sizeof(*modules));
	if (!modules)
		return 0;
	link->modules = modules;
	modules[link->n_modules++] = module;
	return link->n_modules;
}

static int take(struct link *link, const struct obj_extern *ext, const struct kbtf_hit *hit, struct link_symbol *sym, struct hewn_err *err)
{
	const struct btf *btf = &link->object->btf;
	const uint32_t wanted = btf_type(btf, ext->type_id)->size_or_type;
	const uint32_t found = btf_type(hit->btf, hit->id)->size_or_type;

	if (core_types_compatible(btf, btf_skip(btf, wanted), hit->btf, btf_skip(hit->btf, found)) <= 0)
		return fail(sym, -EINVAL, "the kernel's %.*s has another type than the object says", (int)name_len(ext), ext->name);
	sym->btf_id = hit->id;
	if (!hit->module)
		return 0;
	sym->module = number_of(link, hit->module);
	if (!sym->module)
		return err_nomem(err);
	if (sym->module > INT16_MAX)
		return fail(sym, -E2BIG, "its module is the %uth, and calls hold numbers up to %d", sym->module, INT16_MAX);
	return 0;
}

static int find_in_btf(struct link *link, const struct obj_extern *ext, struct link_symbol *sym, struct hewn_err *err)
{
	const struct kbtf_hit *hits, *hit = NULL;
	struct hewn_err why = { 0 };
	char name[512];
	uint32_t n = 0;
	int ret;

	index_name(ext, name, sizeof(name));
	ret = target_btf_find(link->target, name, &hits, &n, &why);
	if (!ret)
		hit = pick(hits, n, ext);
	if (!ret && !hit) {
		ret = target_btf_find_in_modules(link->target, name, &hits, &n, &why);
		if (!ret)
			hit = pick(hits, n, ext);
	}
	if (ret == -ENOMEM)
		return err_nomem(err);
	if (ret) {
		fail(sym, ret, "%s", why.what);
		hewn_err_close(&why);
		return 0;
	}
	if (hit)
		return take(link, ext, hit, sym, err);
	if (!ext->is_weak)
		sym->near = target_btf_near(link->target, ext->kind == EXTERN_KFUNC ? BTF_FUNC : BTF_VAR, "", name);
	if (ext->kind == EXTERN_KFUNC)
		return fail(sym, -ENOENT, "the kernel has no function %.*s, nor has a module that is loaded", (int)name_len(ext), ext->name);
	sym->hint = "which has variables of each CPU only; `extern const void NAME __ksym` is the address of any symbol";
	return fail(sym, -ENOENT, "the kernel's BTF has no variable %s", ext->name);
}

/* ── in kallsyms ── */

static int find_address(struct link *link, const struct obj_extern *ext, struct link_symbol *sym, struct hewn_err *err)
{
	struct ksym found;

	if (target_ksym(link->target, ext->name, &found))
		return err_nomem(err);
	if (!found.is_there)
		return fail(sym, -ENOENT, "the kernel has no symbol %s (/proc/kallsyms)", ext->name);
	if (found.is_ambiguous)
		return fail(sym, -EINVAL, "the kernel has two symbols %s, at different addresses", ext->name);
	sym->addr = found.addr;
	sym->is_hidden = found.is_hidden;
	return 0;
}

/* ── all of them ── */

static int find(struct link *link, const struct obj_extern *ext, struct link_symbol *sym, struct hewn_err *err)
{
	if (ext->kind != EXTERN_KSYM && ext->kind != EXTERN_KFUNC)
		return 0;
	if (!link->target)
		return fail(sym, -ENOENT, "no kernel is known to have it");
	return is_untyped(link->object, ext) ? find_address(link, ext, sym, err) : find_in_btf(link, ext, sym, err);
}

int externs_find(struct link *link, struct hewn_err *err)
{
	const struct hewn_object *o = link->object;
	uint32_t *order;
	int ret = 0;

	if (link->symbols)
		return 0;
	order = calloc(o->n_externs + 1, sizeof(*order));
	link->symbols = calloc(o->n_externs + 1, sizeof(*link->symbols));
	if (!order || !link->symbols) {
		free(order);
		free(link->symbols);
		link->symbols = NULL;
		return err_nomem(err);
	}
	for (uint32_t i = 0; i < o->n_externs; i++)
		order[o->externs[i].rank] = i;
	for (uint32_t i = 0; i < o->n_externs && !ret; i++)
		ret = find(link, &o->externs[order[i]], &link->symbols[order[i]], err);
	free(order);
	return ret;
}
