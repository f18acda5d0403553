// SPDX-License-Identifier: MIT
/*
 * The runner: makes the calls of a plan, keeps a log of each, takes the alternatives that the plan lists,
 * and undoes everything in reverse. Knows steps; knows nothing of maps, programs or sections.
 */
#ifndef LOADER_KERNEL_RUN_H
#define LOADER_KERNEL_RUN_H

#include "loader/plan/plan.h"

enum run_outcome {
	RUN_DONE,    /* the call succeeded */
	RUN_FAILED,  /* it failed, and nothing could be done */
	RUN_ALT,     /* it failed (or was not made: an absent slot), and alternative `alt` was taken */
	RUN_SKIPPED, /* it failed or was not made, and the plan goes on without */
};

/* One call that was made, or not made. In the order of time. */
struct run_entry {
	const struct plan_step *step;
	enum run_outcome outcome;
	bool made;            /* false: not called, a slot was absent */
	bool undoing;
	long result;          /* >= 0, or -errno */
	const struct plan_alt *alt;
	uint64_t ns;          /* how long the call took */
	long args[6];         /* as given to the kernel */
	int64_t yielded;      /* the value of the step's slot afterwards */
	struct run_was {      /* slots that change in a loop: their values before the call */
		uint32_t slot;
		int64_t value;
	} was[2];
	uint32_t n_was;
};

struct run_value {
	bool present;
	int64_t value;        /* fd, address or number */
};

struct hewn_run {
	const struct hewn_plan *plan;
	struct run_value *slots;   /* one a slot of the plan */
	uint8_t **blobs;           /* filled copies, one a blob of the plan; NULL: not used yet */
	struct run_entry *log;
	uint32_t n_log;
	const struct hewn_run_opts *opts; /* while it runs; NULL: none */
	const struct plan_step **done; /* steps to undo, in order */
	uint32_t n_done;
	const struct plan_step *loop;  /* the loop that is gone through */
};

/* The value of a slot, or -1 where it is absent. */
int64_t run_value(const struct hewn_run *run, uint32_t slot);

/* Makes a run of a plan whose first n slots are fds that the caller owns and keeps. */
int run_open_with(struct hewn_run **run, const struct hewn_plan *plan, const int *fds, uint32_t n,
		  const struct hewn_run_opts *opts, struct hewn_err *err);

#endif
