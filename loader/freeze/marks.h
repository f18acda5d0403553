// SPDX-License-Identifier: MIT
/*
 * The marks: what a plan is made with in the place of numbers that only the target knows, so that they can
 * be recognised in its attrs. No kernel has such numbers.
 */
#ifndef LOADER_FREEZE_MARKS_H
#define LOADER_FREEZE_MARKS_H

#include <stdint.h>

#define MARK_KPROBE	0x7e570001u /* the type number of the PMU "kprobe" */
#define MARK_UPROBE	0x7e570002u
#define MARK_RETURN_BIT 31	    /* the bit of perf_event_attr.config that means "return" */

#define MARK_PAGE	4096u	    /* bytes of a page */

/* Where the two stand in struct perf_event_attr. */
struct mark_perf {
	uint32_t type, size;
	uint64_t config;
};

#endif
