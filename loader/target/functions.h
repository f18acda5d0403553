// SPDX-License-Identifier: MIT
/*
 * Which functions of the kernel a pattern means. Knows the list that tracefs has of what can be
 * traced; knows nothing of probes.
 */
#ifndef LOADER_TARGET_FUNCTIONS_H
#define LOADER_TARGET_FUNCTIONS_H

#include "loader/target/target.h"

/* Whether a name has a * or a ?. */
bool target_is_pattern(const char *name);

/* Whether a pattern means a name: a * is any characters, none too, and a ? is one. */
bool target_matches(const char *pattern, const char *name);

/*
 * The names of the kernel's functions that a pattern with * and ? means, each once, in the order of
 * the list, with a space between two: a fact, "functions PATTERN", so that a recorded target can
 * answer too. The text lives as long as the target. -ENOENT: no function; -EACCES: only root may
 * read the list.
 */
int target_functions(struct hewn_target *target, const char *pattern, const char **names,
		     struct hewn_err *err);

#endif
