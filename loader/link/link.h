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
	LINK_DONE,        /* nothing */
	LINK_MAP,         /* imm: the fd of map `index` */
	LINK_TABLE,       /* imm: the fd of the map of the image's jump table `index` */
	LINK_MODULE,      /* imm of the second half: the fd of the BTF of module `index` */
	LINK_MODULE_CALL, /* nothing, but PROG_LOAD's fd_array has that fd at off */
	LINK_ADDRESS,     /* both imms: the address of extern `index`, which could not be read */
};

struct link_left {
	enum link_fix fix;
	uint32_t index;
};

/* What an extern of .ksyms came to. */
struct link_symbol {
	uint32_t btf_id;  /* 0: none */
	uint32_t module;  /* whose BTF: 0 vmlinux's, else one of link.modules, counted from 1 */
	uint64_t addr;    /* of those without a type */
	bool is_hidden;   /* the address could not be read */
	int ret;          /* not 0: the kernel has it not, or another */
	char *why;        /* then: in words; NULL: no memory */
	const char *hint; /* NULL: none */
	const char *near; /* a name that the kernel has instead; NULL: none is near */
};

struct link {
	const struct hewn_object *object;
	struct hewn_target *target; /* NULL: none is known, so that what needs one is refused */
	bool *skipped;              /* by obj_func; NULL: none. See link_skip() */
	struct core core;
	/* externs.h */
	uint8_t *kconfig;             /* the bytes of the map .kconfig; NULL: the object has none */
	const struct obj_extern *cut; /* an option whose text is longer than its array; NULL: none */
	struct link_symbol *symbols;  /* by obj_extern; NULL: not looked for yet */
	const char **modules;         /* whose BTF they need; the target's */
	uint32_t n_modules;
};

/* Once for all programs of an object. Object and target are borrowed until link_close(). */
int link_open(struct link *link, const struct hewn_object *object, struct hewn_target *target, struct hewn_err *err);
void link_close(struct link *link);

/*
 * Says that a program will not be linked, so that what only it needs of the kernel is not looked for. Before
 * the first image_open(). -ENOMEM.
 */
int link_skip(struct link *link, uint32_t func, struct hewn_err *err);
/*
 * Where in an arena its variables lie: from 7.0 on at its end, as libbpf 1.8 has them, so that its first pages may be
 * left out or be anybody's; before that at its beginning, for those kernels refuse offsets that are large.
 */
uint64_t link_arena_off(const struct link *link, const struct obj_map *arena);

static inline bool link_skips(const struct link *link, uint32_t func)
{
	return link->skipped && link->skipped[func];
}

#endif
