// SPDX-License-Identifier: MIT
/* Inside freeze/: the parts of a step. For step.c and tracefs.c. */
#ifndef LOADER_FREEZE_STEP_H
#define LOADER_FREEZE_STEP_H

#include "loader/freeze/freeze.h"

/* The call as an expression that is its result or -errno; attr: the variable that its attr is in. */
void step_call(struct freeze *f, const struct plan_step *step, const char *attr, FILE *to);

/* What the kernel's refusals mean, and `return failed(…)`. */
void step_failed(const struct plan_step *step, const char *number, unsigned int depth, const char *ret, FILE *to);

/* After the step is done: notes what undoes it, and marks in the code that it must be. */
void step_note_undo(struct freeze *f, const struct plan_step *step, const char *number, unsigned int depth, FILE *to);

/* A step that is the head of a loop, and the loop. */
void loop_write(struct freeze *f, const struct plan_step *step, const char *number, unsigned int depth, FILE *to);

#endif
