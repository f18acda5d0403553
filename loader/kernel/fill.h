// SPDX-License-Identifier: MIT
/*
 * What a call gets: the numbers of a step, and the run's own copies of the bytes that they point to, in which the places
 * that were not known to the plan are filled in.
 */
#ifndef LOADER_KERNEL_FILL_H
#define LOADER_KERNEL_FILL_H

#include "loader/kernel/run.h"

/* The arguments of a step. -ENOMEM; -ENODATA: a slot that it needs is absent. */
int fill_args(struct hewn_run *run, const struct plan_step *step, long args[6]);

/* Frees the copies. */
void fill_close(struct hewn_run *run);

#endif
