// SPDX-License-Identifier: MIT
/*
 * One program run for its result: a function of some memory, as `hewn exec` takes it.
 *
 * Knows instructions and a few bpf(2) calls; knows nothing of objects and plans.
 */
#ifndef LOADER_CMD_TRIAL_H
#define LOADER_CMD_TRIAL_H

#include "insn/insn.h"
#include "loader/hewn.h"

/*
 * Runs the program once, through BPF_PROG_TEST_RUN. It begins with r1 pointing to `size` bytes,
 * which it may read and write, and r2 = size; without memory both are 0. *r0 is what it leaves
 * there, all 64 bits. mem is written back. Returns 0 or -errno: of a program that the kernel
 * refuses, err has the verifier's cause.
 */
int trial_run(const struct bpf_insn *insns, uint32_t n, void *mem, uint32_t size, uint64_t *r0,
	      struct hewn_err *err);

#endif
