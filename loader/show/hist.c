// SPDX-License-Identifier: MIT
/* A histogram of powers of two, as text. Knows nothing of maps. */
#include <stdio.h>

#include "loader/show/hist.h"

#define BAR 40

/* The highest value of a slot. */
static uint64_t top(uint32_t slot)
{
	return slot < HIST_SLOTS - 1 ? (2ull << slot) - 1 : UINT64_MAX;
}

void hist_put(struct text *to, const uint64_t slots[HIST_SLOTS])
{
	uint32_t first = HIST_SLOTS, last = 0;
	uint64_t most = 0;
	int edge, width; /* columns */

	for (uint32_t i = 0; i < HIST_SLOTS; i++) {
		if (!slots[i])
			continue;
		first = i < first ? i : first;
		last = i;
		most = slots[i] > most ? slots[i] : most;
	}
	if (!most)
		return;
	edge = snprintf(NULL, 0, "%llu", (unsigned long long)top(last));
	width = snprintf(NULL, 0, "%llu", (unsigned long long)most);
	edge = edge < 4 ? 4 : edge;
	width = width < 5 ? 5 : width;
	text_fmt(to, "%*s    %-*s  %*s\n", edge, "from", edge, "to", width, "count");
	for (uint32_t i = first; i <= last; i++) {
		/* in floating point, since counts may fill 64 bits; what is there gets a star */
		uint32_t stars = (uint32_t)((double)slots[i] / (double)most * BAR + 0.5);

		if (slots[i] && !stars)
			stars = 1;
		text_fmt(to, "%*llu .. %-*llu  %*llu |", edge, i ? 1ull << i : 0, edge,
			 (unsigned long long)top(i), width, (unsigned long long)slots[i]);
		for (uint32_t k = 0; k < BAR; k++)
			text_puts(to, k < stars ? "*" : " ");
		text_puts(to, "|\n");
	}
}
