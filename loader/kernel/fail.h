// SPDX-License-Identifier: MIT
/*
 * Why a step failed: fills a struct hewn_err from the plan's knowledge of the step, from the verifier's
 * log and from what the process may do. Makes no call.
 */
#ifndef LOADER_KERNEL_FAIL_H
#define LOADER_KERNEL_FAIL_H

#include "loader/kernel/run.h"

/* A call that failed, with no alternative left. Returns its -errno. */
int fail_step(struct hewn_run *run, const struct run_entry *entry, struct hewn_err *err);

/* A call that succeeded, and told something that must not be. Returns -EEXIST. */
int fail_expect(struct hewn_run *run, const struct plan_step *step, const struct plan_expect *expect,
		uint32_t found, struct hewn_err *err);

#endif
