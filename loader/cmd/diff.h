// SPDX-License-Identifier: MIT
/* Two plans compared, as JSON has them: what a reviewer wants to know of a change. */
#ifndef LOADER_CMD_DIFF_H
#define LOADER_CMD_DIFF_H

#include "loader/jsonin.h"

/* Writes what differs. 1: something does, 0: nothing, -ENOMEM; -EINVAL: one is no plan. */
int diff_plans(const struct jsonin *a, const struct jsonin *b, FILE *to, struct hewn_err *err);

#endif
