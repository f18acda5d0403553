// SPDX-License-Identifier: MIT
/* Questions that take a walk through all steps of a plan, with alternatives and undo. */
#ifndef LOADER_PLAN_WALK_H
#define LOADER_PLAN_WALK_H

#include "loader/plan/plan.h"

/*
 * The number of a step as people see it: "3"; "3a" for the step of its first alternative that has any, "3a2" for the
 * second step there, "3u" for its undo; "3r2" for the second step of a loop's round, "3n" for what comes before the
 * next round. "": it is not in the plan.
 */
struct walk_number {
	char text[32];
};
struct walk_number walk_number(const struct hewn_plan *plan, const struct plan_step *step);

/* The number of the i-th of n steps of an alternative, or of an undo, of the step with the number given. */
struct walk_number walk_inner(const struct walk_number *outer, char letter, uint32_t i, uint32_t n);

/* The letter of a step's i-th alternative: only those that have steps of their own count. */
char walk_letter(const struct plan_step *step, uint32_t i);

/* Whether a slot may be absent at the run: a step that yields it can be left out. */
bool walk_may_lack(const struct hewn_plan *plan, uint32_t slot);

/* Calls fn for each slot that a step needs, in its arguments and in the blobs that they lead to. */
void walk_needs(const struct hewn_plan *plan, const struct plan_step *step, void (*fn)(void *ctx, uint32_t slot),
		void *ctx);

#endif
