// SPDX-License-Identifier: MIT
/*
 * The types of the target's kernel: /sys/kernel/btf/vmlinux, its modules', or a file that stands
 * for them. Knows where they are; knows nothing of what is done with a type.
 */
#ifndef LOADER_TARGET_KBTF_H
#define LOADER_TARGET_KBTF_H

#include "loader/hewn.h"
#include "loader/object/btf.h"

/* A type of the kernel. */
struct kbtf_hit {
	const struct btf *btf;
	uint32_t id;
	const char *module; /* NULL: vmlinux */
};

struct kbtf;

/*
 * The kernel's types, opened when this is first called; valid until the target is closed. -ENOENT:
 * the target has none, and err says why.
 */
int target_btf(struct hewn_target *target, const struct btf **btf, struct hewn_err *err);

/*
 * A pass over all types costs 0.6 ms, however many names it looks for. So all names that will be
 * asked for are said first: the first target_btf_find() makes the pass for all of them. The name is
 * copied. -ENOMEM.
 */
int target_btf_want(struct hewn_target *target, const char *name);

/*
 * All types of vmlinux that have this name, of any kind, by id; one whose name goes on with a
 * flavour ("name___x") too. The array is valid until the target is closed. A name that was not
 * wanted before costs a pass. -ENOENT: the target has no BTF; no such type is 0, and n 0.
 */
int target_btf_find(struct hewn_target *target, const char *name, const struct kbtf_hit **hits,
		    uint32_t *n, struct hewn_err *err);

/* The same in all modules that are loaded, sorted by their names; opened at the first call. */
int target_btf_find_in_modules(struct hewn_target *target, const char *name,
			       const struct kbtf_hit **hits, uint32_t *n, struct hewn_err *err);

/* SHA-256 of the BTF of vmlinux in hexadecimal digits. False: it was not opened, or is of the other
 * byte order. */
bool kbtf_hash(const struct kbtf *kbtf, char digits[65]);

/* The fact of a profile that has it. */
#define KBTF_HASH "sha256 /sys/kernel/btf/vmlinux"

/*
 * The name that is nearest to one that the kernel has not, of all types of vmlinux of this kind that begin with the
 * prefix; without it. NULL: none is near. Valid until the target is closed. A walk over all types, for hints.
 */
const char *target_btf_near(struct hewn_target *target, enum btf_kind kind, const char *prefix,
			    const char *wanted);

/* For hewn_target_close(). Accepts NULL. */
void kbtf_close(struct kbtf *kbtf);

#endif
