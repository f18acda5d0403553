// SPDX-License-Identifier: MIT
/* --confine: the fence of a plan, and what is said when something runs into it. */
#ifndef LOADER_CMD_CONFINE_H
#define LOADER_CMD_CONFINE_H

#include "loader/hewn.h"

/* hewn_confine(), with a handler that names the call that was not allowed, and lets the process die of SIGSYS. */
int confine(const struct hewn_plan *plan, const struct hewn_confine_opts *opts, struct hewn_err *err);

#endif
