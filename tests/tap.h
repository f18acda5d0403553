// SPDX-License-Identifier: MIT
/*
 * TAP for the unit tests: a test is named by the fact that it shows. A test program is
 *
 *	int main(void)
 *	{
 *		ok(1 + 1 == 2, "one and one are two");
 *		eq_int(atoi("3"), 3, "atoi_reads_a_digit");
 *		return tap_done();
 *	}
 */
#ifndef TESTS_TAP_H
#define TESTS_TAP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_run, tap_failed;

/* Reports one fact; returns whether it holds, so that a test can explain a failure. */
static inline bool tap_ok(bool holds, const char *file, int line, const char *name)
{
	printf("%sok %d - %s\n", holds ? "" : "not ", ++tap_run, name);
	if (!holds) {
		tap_failed++;
		printf("# at %s:%d\n", file, line);
	}
	fflush(stdout);
	return holds;
}

static inline bool tap_int(long long got, long long want, const char *file, int line,
			   const char *name)
{
	bool holds = tap_ok(got == want, file, line, name);

	if (!holds)
		printf("# got %lld (%#llx), want %lld (%#llx)\n", got, (unsigned long long)got, want,
		       (unsigned long long)want);
	return holds;
}

static inline bool tap_str(const char *got, const char *want, const char *file, int line,
			   const char *name)
{
	bool holds = tap_ok(got && want ? !strcmp(got, want) : got == want, file, line, name);

	if (!holds)
		printf("# got:  %s\n# want: %s\n", got ? got : "(null)", want ? want : "(null)");
	return holds;
}

/* The text holds the piece: for error messages, where the rest may change. */
static inline bool tap_has(const char *text, const char *piece, const char *file, int line,
			   const char *name)
{
	bool holds = tap_ok(text && strstr(text, piece), file, line, name);

	if (!holds)
		printf("# \"%s\" is not in: %s\n", piece, text ? text : "(null)");
	return holds;
}

#define ok(holds, name)        tap_ok((holds), __FILE__, __LINE__, (name))
#define eq_int(got, want, name) tap_int((long long)(got), (long long)(want), __FILE__, __LINE__, (name))
#define eq_str(got, want, name) tap_str((got), (want), __FILE__, __LINE__, (name))
#define has(text, piece, name) tap_has((text), (piece), __FILE__, __LINE__, (name))

/* One fact that cannot be shown here, and why. */
static inline void tap_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_run, name, why);
}

/* The plan at the end, and the exit status. */
static inline int tap_done(void)
{
	printf("1..%d\n", tap_run);
	return tap_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
