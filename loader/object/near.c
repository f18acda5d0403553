// SPDX-License-Identifier: MIT
/* How near two names are, to guess which one was meant. Knows nothing of what they name. */
#include <stdbool.h>
#include <string.h>

#include "loader/object/near.h"

static unsigned int least(unsigned int a, unsigned int b, unsigned int c)
{
	unsigned int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * Three rows of the usual table: row[i % 3][j] is the distance of a's first i letters from b's
 * first j.
 */
unsigned int near_distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	unsigned int row[3][NEAR_LONGEST + 1];

	if (a_size > NEAR_LONGEST || b_size > NEAR_LONGEST)
		return NEAR_FAR;
	for (unsigned int j = 0; j <= b_size; j++)
		row[0][j] = j;
	for (unsigned int i = 1; i <= a_size; i++) {
		unsigned int *now = row[i % 3], *before = row[(i + 2) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_size; j++) {
			bool same = a[i - 1] == b[j - 1];

			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + !same);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], row[(i + 1) % 3][j - 2] + 1, now[j]);
		}
	}
	return row[a_size % 3][b_size];
}

const char *near_name(const char *name, const char *const *names)
{
	unsigned int best = NEAR_FAR;
	const char *found = NULL;

	for (; *names; names++) {
		size_t n = strlen(*names);
		unsigned int d = near_distance(name, strlen(name), *names, n);

		if (d < best && (d <= 1 || d <= n / 3)) {
			best = d;
			found = *names;
		}
	}
	return found;
}
