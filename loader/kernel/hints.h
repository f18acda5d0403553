// SPDX-License-Identifier: MIT
/* What a learner most likely did, by the words of the verifier's cause. Knows nothing of logs. */
#ifndef LOADER_KERNEL_HINTS_H
#define LOADER_KERNEL_HINTS_H

/* The hint for a cause, NULL: none is known. insn: the instruction as printed, may be "". */
const char *hints_find(const char *cause, const char *insn);

#endif
