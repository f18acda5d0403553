// SPDX-License-Identifier: MIT
/* Files of small programs with the results that they must have; see tests/insn/README.md. */
#ifndef LOADER_CMD_SUITE_H
#define LOADER_CMD_SUITE_H

#include "loader/hewn.h"

struct suite {
	unsigned int run, failed, skipped; /* tests so far */
};

/* Runs each test of a file, a line of TAP each on standard output. 0, or -errno: the file is no
 * suite. */
int suite_run(struct suite *suite, const char *path, struct hewn_err *err);

#endif
