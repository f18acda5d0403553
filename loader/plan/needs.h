// SPDX-License-Identifier: MIT
/*
 * What the kernel wants of whoever makes a step: capabilities. The rules are those of bpf_prog_load(), map_create(),
 * perf_event_open() and the files of tracefs, from 5.8 to 6.18; before 5.8 CAP_SYS_ADMIN stands for CAP_BPF and
 * CAP_PERFMON. Knows nothing of what a process has.
 */
#ifndef LOADER_PLAN_NEEDS_H
#define LOADER_PLAN_NEEDS_H

#include "loader/plan/plan.h"

/* Numbers of capabilities (capabilities(7)); a set of them is a uint64_t with bit `number`. */
enum needs_cap {
	NEEDS_DAC_OVERRIDE = 1,
	NEEDS_DAC_READ = 2, /* CAP_DAC_READ_SEARCH */
	NEEDS_NET_ADMIN = 12,
	NEEDS_IPC_LOCK = 14,
	NEEDS_SYS_ADMIN = 21,
	NEEDS_SYSLOG = 34,
	NEEDS_PERFMON = 38, /* 5.8 */
	NEEDS_BPF = 39,     /* 5.8 */
	NEEDS_N_CAPS = 41
};

/* "CAP_BPF"; NULL: it has no name here. */
const char *needs_name(unsigned int cap);

/* Whether a program of this type may look at all of the kernel (CAP_PERFMON), or change the network (CAP_NET_ADMIN). */
bool needs_perfmon(uint32_t prog_type);
bool needs_net_admin(uint32_t prog_type);

/*
 * What one step needs, for a user who is not root: without its alternatives and its undo. unprivileged_bpf_disabled is
 * taken to be on, as it is by default; where the plan's facts say that perf_event_paranoid is above 2, as Debian's and
 * Ubuntu's kernels have it, perf events are for CAP_SYS_ADMIN only.
 */
uint64_t needs_of(const struct hewn_plan *plan, const struct plan_step *step);

/* What the facts of the plan need to be read, without which the same plan cannot be made. */
uint64_t needs_of_facts(const struct hewn_plan *plan);

/*
 * What the plan needs if no step fails; with `alternatives`, what it needs whatever happens: CAP_PERFMON for any program
 * too, for without it the verifier refuses some, and makes other instructions of all.
 */
uint64_t needs_of_plan(const struct hewn_plan *plan, bool alternatives);

/* What taking everything away at the end needs, whatever happened. */
uint64_t needs_of_end(const struct hewn_plan *plan);

#endif
