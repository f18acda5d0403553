// SPDX-License-Identifier: MIT
/*
 * Filling in a struct hewn_err. Knows nothing of what failed.
 *
 * The innermost fact wins: a setter writes only where nothing is written yet. So the place that finds the
 * failure says what it knows, and each caller on the way up may add where it was.
 */
#ifndef LOADER_ERR_H
#define LOADER_ERR_H

#include "loader/hewn.h"

#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

/* Called where something has failed: such code lies apart from what each load goes through. */
#define ERR_COLD __attribute__((cold))

/* Sets code and cause, unless an inner layer did. Returns code. err may be NULL, here and below. */
ERR_COLD int err_set(struct hewn_err *err, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* -ENOMEM. */
ERR_COLD int err_nomem(struct hewn_err *err);

/* Adds the hint. */
ERR_COLD void err_hint(struct hewn_err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* Add where it was. NULL or "" adds nothing. */
ERR_COLD void err_object(struct hewn_err *err, const char *name);
ERR_COLD void err_section(struct hewn_err *err, const char *name);
ERR_COLD void err_program(struct hewn_err *err, const char *name);
ERR_COLD void err_symbol(struct hewn_err *err, const char *name);
ERR_COLD void err_insn(struct hewn_err *err, uint32_t insn);
ERR_COLD void err_source(struct hewn_err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);
ERR_COLD void err_step(struct hewn_err *err, const char *fmt, ...) PRINTF_LIKE(2, 3);

/* "EINVAL" for 22 or -22; "errno 1234" in a static buffer for what has no name. */
ERR_COLD const char *err_name(int code);

#endif
