// SPDX-License-Identifier: MIT
/*
 * The steps that open the ring of one map: a perf ring for each CPU, or the two mappings of a BPF ring
 * buffer, and an epoll fd over them. Knows the map by its slot; knows nothing of objects, so that a map
 * that was made without a plan can have a ring too.
 */
#ifndef LOADER_PLAN_RINGS_H
#define LOADER_PLAN_RINGS_H

#include "loader/plan/plan.h"

struct plan_ring {
	uint32_t index;    /* obj_map; what plan_find() is asked with */
	const char *name;  /* of the map */
	uint32_t type;     /* BPF_MAP_TYPE_PERF_EVENT_ARRAY or BPF_MAP_TYPE_RINGBUF */
	uint32_t entries;  /* max_entries as the kernel has it: CPUs, or bytes */
	uint32_t map;      /* slot of the map's fd */
	uint32_t pages;    /* as ring_pages in struct hewn_plan_opts */
	uint32_t wakeup;   /* as ring_wakeup there; a ring buffer has none, its program says when to wake */
};

/*
 * Appends the steps. Its slots are OF_EPOLL (cpu -1), and for each possible CPU OF_EVENT and OF_RING, the
 * event absent where the CPU is offline; or OF_RING with cpu 0 (consumer) and 1 (producer and data).
 * Returns 0; -EINVAL: pages is no power of two, or the type has no ring.
 */
int plan_ring(struct hewn_plan *plan, const struct plan_ring *ring, struct hewn_target *target,
	      struct hewn_err *err);

#endif
