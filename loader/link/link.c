// SPDX-License-Identifier: MIT
/* What all programs of an object share: opened before the first is linked. Knows the order of the parts. */
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/externs.h"
#include "loader/link/struct_ops.h"

int link_open(struct link *link, const struct hewn_object *object, struct hewn_target *target, struct hewn_err *err)
{
	int ret;

	*link = (struct link){ .object = object, .target = target };
	if (target && struct_ops_want(target, object))
		return err_nomem(err);
	ret = externs_open(link, err);
	if (ret)
		link_close(link);
	return ret;
}

int link_skip(struct link *link, uint32_t func, struct hewn_err *err)
{
	if (!link->skipped)
		link->skipped = calloc(link->object->n_funcs, sizeof(*link->skipped));
	if (!link->skipped)
		return err_nomem(err);
	link->skipped[func] = true;
	return 0;
}

uint64_t link_arena_off(const struct link *link, const struct obj_map *arena)
{
	const uint64_t page = link->target ? target_page_size(link->target) : 0, all = arena->max_entries * page;
	const uint64_t used = page ? (arena->data_size + page - 1) / page * page : 0;

	return used < all && target_version(link->target) >= 0x070000 ? all - used : 0;
}

void link_close(struct link *link)
{
	core_close(&link->core);
	free(link->skipped);
	externs_close(link);
	memset(link, 0, sizeof(*link));
}
