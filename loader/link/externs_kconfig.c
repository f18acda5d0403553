// SPDX-License-Identifier: MIT
/*
 * Options of the kernel's configuration, and what libbpf has besides (LINUX_…), as bytes of the map .kconfig. Each is
 * a fact of the target or follows from facts; nothing is tried out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/arch/arch.h"
#include "loader/err.h"
#include "loader/link/externs.h"
#include "loader/target/kconfig.h"

/* ── one value ── */

static int refuse(const struct obj_extern *ext, const char *text, struct hewn_err *err)
{
	static const char *const kinds[] = {
		[KCONFIG_BOOL] = "a bool holds y and n only",
		[KCONFIG_CHAR] = "a char holds y, n, m or a number",
		[KCONFIG_INT] = "an integer holds a number only",
		[KCONFIG_TRISTATE] = "an enum libbpf_tristate holds y, n and m only",
		[KCONFIG_TEXT] = "a char array holds a text only",
	};

	err_symbol(err, ext->name);
	if (ext->kconfig == KCONFIG_BOOL && text[0] == 'm')
		err_hint(err, "declare it: extern enum libbpf_tristate %s __kconfig", ext->name);
	return err_set(err, -EINVAL, "the kernel has %.60s, but %s", text, kinds[ext->kconfig]);
}

static void put(uint64_t number, uint32_t size, bool big_endian, uint8_t *at)
{
	for (uint32_t i = 0; i < size; i++)
		at[big_endian ? size - 1 - i : i] = (uint8_t)(number >> 8 * i);
}

static int set_number(const struct obj_extern *ext, uint64_t number, bool big_endian, uint8_t *value, struct hewn_err *err)
{
	const uint32_t bits = ext->size * 8;
	bool fits = true;
	char text[24];

	snprintf(text, sizeof(text), "%lld", (long long)number);
	if (ext->kconfig == KCONFIG_BOOL ? number > 1 : ext->kconfig != KCONFIG_INT && ext->kconfig != KCONFIG_CHAR)
		return refuse(ext, text, err);
	/* From -2^(bits-1) to 2^(bits-1)-1, moved up by that half, is from 0 to 2^bits-1. */
	if (bits < 64)
		fits = ext->is_signed ? number + (1ull << (bits - 1)) < 1ull << bits : number >> bits == 0;
	if (!fits) {
		err_symbol(err, ext->name);
		return err_set(err, -ERANGE, "the kernel has %s, which %s integer of %u byte%s cannot hold", text,
			       ext->is_signed ? "a signed" : "an unsigned", ext->size, ext->size == 1 ? "" : "s");
	}
	put(number, ext->size, big_endian, value + ext->off);
	return 0;
}

static int set_letter(const struct obj_extern *ext, const char *text, bool big_endian, uint8_t *value, struct hewn_err *err)
{
	switch (ext->kconfig) {
	case KCONFIG_CHAR:
		value[ext->off] = (uint8_t)text[0];
		return 0;
	case KCONFIG_TRISTATE: /* TRI_NO, TRI_YES, TRI_MODULE */
		put(text[0] == 'n' ? 0 : text[0] == 'y' ? 1 : 2, ext->size, big_endian, value + ext->off);
		return 0;
	case KCONFIG_BOOL:
		if (text[0] == 'm')
			break;
		value[ext->off] = text[0] == 'y';
		return 0;
	default:
		break;
	}
	return refuse(ext, text, err);
}

/* Between quotes; the last byte of the array is always 0. */
static int set_quoted(const struct obj_extern *ext, const char *text, uint8_t *value, bool *cut, struct hewn_err *err)
{
	size_t len = strlen(text);

	if (ext->kconfig != KCONFIG_TEXT || len < 2 || text[len - 1] != '"')
		return refuse(ext, text, err);
	len -= 2;
	*cut = len >= ext->size;
	if (*cut)
		len = ext->size - 1;
	memcpy(value + ext->off, text + 1, len);
	value[ext->off + len] = 0;
	return 0;
}

int externs_set_text(const struct obj_extern *ext, const char *text, bool big_endian, uint8_t *value, bool *cut, struct hewn_err *err)
{
	uint64_t number;
	char *end;

	*cut = false;
	if (text[0] && !text[1] && strchr("ynm", text[0]))
		return set_letter(ext, text, big_endian, value, err);
	if (text[0] == '"')
		return set_quoted(ext, text, value, cut, err);
	errno = 0;
	number = strtoull(text, &end, 0);
	if (errno || end == text || *end || ext->kconfig == KCONFIG_BOOL)
		return refuse(ext, text, err);
	return set_number(ext, number, big_endian, value, err);
}

/* ── what libbpf has besides ── */

/* bpf_get_attach_cookie() for probes came with 5.15. */
static uint64_t has_cookie(struct hewn_target *target)
{
	return target_version(target) >= (5u << 16 | 15u << 8);
}

/*
 * Whether functions of system calls get their arguments in a struct pt_regs. The configuration says so; where there is no
 * file of it, the architecture and the version do.
 */
static uint64_t has_wrapper(struct hewn_target *target)
{
	const char *machine = target_fact(target, "uname -m");
	const struct arch *arch = machine ? arch_by_name(machine) : NULL;

	if (target_config_file(target))
		return target_config(target, "CONFIG_ARCH_HAS_SYSCALL_WRAPPER") != NULL;
	return arch && arch_syscall_wrapped(arch, target_version(target));
}

static uint64_t version_of(struct hewn_target *target)
{
	return target_version(target);
}

static const struct {
	const char *name;
	uint64_t (*value)(struct hewn_target *target);
} virtual_options[] = {
	{ "LINUX_KERNEL_VERSION", version_of },
	{ "LINUX_HAS_BPF_COOKIE", has_cookie },
	{ "LINUX_HAS_SYSCALL_WRAPPER", has_wrapper },
};

static int set_virtual(struct link *link, const struct obj_extern *ext, struct hewn_err *err)
{
	for (size_t i = 0; i < sizeof(virtual_options) / sizeof(*virtual_options); i++)
		if (!strcmp(ext->name, virtual_options[i].name))
			return set_number(ext, link->target ? virtual_options[i].value(link->target) : 0,
						  link->object->big_endian, link->kconfig, err);
	if (ext->is_weak && !strncmp(ext->name, "LINUX_", 6))
		return 0;
	err_symbol(err, ext->name);
	err_hint(err, "options are CONFIG_…, LINUX_KERNEL_VERSION, LINUX_HAS_BPF_COOKIE and LINUX_HAS_SYSCALL_WRAPPER");
	return err_set(err, -EINVAL, "no option of that name");
}

/* ── all of them ── */

static int set_config(struct link *link, const struct obj_extern *ext, struct hewn_err *err)
{
	const char *text = link->target ? target_config(link->target, ext->name) : NULL, *file;
	bool cut;
	int ret;

	if (text) {
		ret = externs_set_text(ext, text, link->object->big_endian, link->kconfig, &cut, err);
		if (!ret && cut)
			link->cut = ext;
		return ret;
	}
	if (ext->is_weak)
		return 0;
	file = link->target ? target_config_file(link->target) : NULL;
	err_symbol(err, ext->name);
	err_hint(err, "may it be missing? extern … %s __kconfig __weak is 0 then", ext->name);
	if (file)
		return err_set(err, -ENOENT, "the kernel was built without this option (%s)", file);
	return err_set(err, -ENOENT, "needs the kernel's configuration, but there is neither /boot/config-RELEASE nor /proc/config.gz");
}

int externs_options(struct link *link, struct hewn_err *err)
{
	const struct hewn_object *o = link->object;
	int ret = 0;

	for (uint32_t i = 0; i < o->n_externs && !ret; i++) {
		const struct obj_extern *ext = &o->externs[i];

		if (ext->kind != EXTERN_KCONFIG)
			continue;
		if (!link->kconfig)
			link->kconfig = calloc(1, o->maps[ext->map].value_size);
		if (!link->kconfig)
			return err_nomem(err);
		ret = strncmp(ext->name, "CONFIG_", 7) != 0 ? set_virtual(link, ext, err) : set_config(link, ext, err);
	}
	if (ret)
		err_section(err, ".kconfig");
	return ret;
}
