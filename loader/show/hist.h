// SPDX-License-Identifier: MIT
/* A histogram of powers of two, as text: slot 0 counts the values 0 and 1, slot i those from 2^i to
 * 2^(i+1) - 1. */
#ifndef LOADER_SHOW_HIST_H
#define LOADER_SHOW_HIST_H

#include "loader/show/text.h"

#define HIST_SLOTS 64

/* From the first slot that is not zero to the last; nothing where all are. */
void hist_put(struct text *to, const uint64_t slots[HIST_SLOTS]);

#endif
