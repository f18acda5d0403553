// SPDX-License-Identifier: MIT
/*
 * What all programs of an object share while they are linked for one kernel: the object, the kernel, and
 * what was found out once for all. Knows nothing of plans.
 */
#ifndef LOADER_LINK_LINK_H
#define LOADER_LINK_LINK_H

#include "loader/link/core.h"
#include "loader/object/object.h"
#include "loader/target/target.h"

/* What an instruction gets at the run. */
enum link_fix {
	LINK_DONE,     /* nothing */
	LINK_MAP,      /* imm: the fd of map `index` */
};

struct link {
	const struct hewn_object *object;
	struct hewn_target *target; /* NULL: none is known, so that what needs one is refused */
	bool *skipped;              /* by obj_func; NULL: none. See link_skip() */
	struct core core;
	/* externs.h */
	uint8_t *kconfig;             /* the bytes of the map .kconfig; NULL: the object has none */
	const struct obj_extern *cut; /* an option whose text is longer than its array; NULL: none */
};

/* Once for all programs of an object. Object and target are borrowed until link_close(). */
int link_open(struct link *link, const struct hewn_object *object, struct hewn_target *target, struct hewn_err *err);
void link_close(struct link *link);

/*
 * Says that a program will not be linked, so that what only it needs of the kernel is not looked for. Before
 * the first image_open(). -ENOMEM.
 */
int link_skip(struct link *link, uint32_t func, struct hewn_err *err);
static inline bool link_skips(const struct link *link, uint32_t func)
{
	return link->skipped && link->skipped[func];
}

#endif
