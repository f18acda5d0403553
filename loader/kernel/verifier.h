// SPDX-License-Identifier: MIT
/*
 * The verifier's log: finds the cause, the instruction and the registers around it, and guesses the
 * learner's mistake. Text in, facts out; knows nothing of objects or calls.
 */
#ifndef LOADER_KERNEL_VERIFIER_H
#define LOADER_KERNEL_VERIFIER_H

#include "loader/err.h"

struct verifier_cause {
	char what[640];    /* "R1 invalid mem access 'map_value_or_null'" */
	char state[512];   /* the instruction as printed, and the registers that the cause names */
	bool has_insn;
	uint32_t insn;
	char hint[400];    /* "" where none is known */
};

/*
 * Reads a log, whole or cut off at its start. True: a cause was found.
 */
bool verifier_cause(const char *log, struct verifier_cause *cause);

#endif
