// SPDX-License-Identifier: MIT
/*
 * A plan as a fence: which system calls its process may make, from the plan's first step to the end of the event loop.
 * Knows seccomp and the calls that the C library makes for itself; knows nothing of how a plan is made.
 */
#ifndef LOADER_KERNEL_CONFINE_H
#define LOADER_KERNEL_CONFINE_H

#include "loader/plan/plan.h"

/* When a call is needed. */
enum confine_stage {
	CONFINE_START = 1, /* before the plan: the C library starts, facts are read, a command is started */
	CONFINE_STEPS = 2, /* the plan's steps, and finding out why one failed */
	CONFINE_LOOP = 4,  /* the event loop, and taking everything away again */
	CONFINE_MAPS = 8,  /* with --maps: reading them in the loop */
};

/* Which calls of one number are allowed. */
enum confine_how {
	CONFINE_ANY,
	CONFINE_VALUES,  /* the low half of argument `arg` is one of `values` */
	CONFINE_WITHOUT, /* or it has none of the bits of `mask` */
	CONFINE_ZERO,    /* argument `arg` is a zero pointer */
};

struct confine_rule {
	long number;
	const char *name;
	unsigned int stages; /* 0: only where a plan asks for it */
	enum confine_how how;
	unsigned int arg;
	uint32_t mask;       /* CONFINE_WITHOUT */
	uint32_t values[40];
	uint32_t n_values;
};

/* What the process needs for itself. */
extern const struct confine_rule confine_base[];
extern const uint32_t confine_n_base;

/* A name of a system call by its number, of those that anyone may plant; NULL: not known here. */
const char *confine_call_name(long number);

/* The rules of some stages of a plan, by the base's order; the caller frees them. NULL: out of memory. */
struct confine_rule *confine_rules(const struct hewn_plan *plan, unsigned int stages, int child, uint32_t *n);

/* The filter as classic BPF in text, which insn/cbpf.h reads. */
void confine_text(const struct confine_rule *rules, uint32_t n, FILE *to);

#endif
