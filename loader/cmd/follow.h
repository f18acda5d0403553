// SPDX-License-Identifier: MIT
/* The loop of hewn run: waits for records, trace lines, the command's end and the clock, and prints. */
#ifndef LOADER_CMD_FOLLOW_H
#define LOADER_CMD_FOLLOW_H

#include "loader/cmd/child.h"
#include "loader/err.h"
#include "loader/object/object.h"

struct follow_opts {
	uint64_t count;       /* records; 0: no end */
	uint64_t for_ns;      /* 0: no end */
	uint64_t interval_ns; /* between two prints of the maps */
	bool maps, trace_pipe, json;
	const struct hewn_plan *confine; /* before the loop, confine the process to what this plan's loop needs; NULL: no */
};

/*
 * Opens the rings of the run, lets the child go, and prints until an end is reached: one epoll_wait(2) a turn, for all
 * that can come. That is a signal too, of those in *signals, which are blocked; or what has set *stop before. 0 or -errno.
 */
int follow(const struct hewn_run *run, const struct hewn_object *object, const struct follow_opts *opts,
	   struct child *child, const volatile sig_atomic_t *stop, const sigset_t *signals, struct hewn_err *err);

#endif
