// SPDX-License-Identifier: MIT
/* Facts of a kernel as text: what hewn_target_save() writes, read back. */
#ifndef LOADER_TARGET_PROFILE_H
#define LOADER_TARGET_PROFILE_H

#include "loader/target/target.h"

/* Adds the facts of a profile, whose path is for errors, and for what lies beside it. */
int profile_load(struct hewn_target *target, FILE *from, const char *profile, struct hewn_err *err);

#endif
