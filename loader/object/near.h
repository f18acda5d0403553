// SPDX-License-Identifier: MIT
/* How near two names are, to guess which one was meant. Knows nothing of what they name. */
#ifndef LOADER_OBJECT_NEAR_H
#define LOADER_OBJECT_NEAR_H

#include <stddef.h>

/*
 * How many letters must be put in, left out, changed or swapped with their neighbour to make one name of the
 * other; NEAR_FAR if one of them has more than NEAR_LONGEST letters.
 */
#define NEAR_LONGEST 64u
#define NEAR_FAR     (NEAR_LONGEST + 1)
unsigned int near_distance(const char *a, size_t a_size, const char *b, size_t b_size);

/* The name that is nearest, of a list that ends with NULL; NULL: more than a third of its letters are wrong. */
const char *near_name(const char *name, const char *const *names);

#endif
