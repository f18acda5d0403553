// SPDX-License-Identifier: MIT
/* The COMMAND of hewn run: started before anything is attached, and held until everything is. */
#ifndef LOADER_CMD_CHILD_H
#define LOADER_CMD_CHILD_H

#include <stdbool.h>
#include <sys/types.h>

struct child {
	pid_t pid;   /* 0: there is none, or it has ended */
	int gate;    /* closed: the child goes on; -1 */
	int report;  /* gets errno if the command cannot be run; -1 */
	int status;  /* as of waitpid(2), once it has ended */
};

/* Forks; the child waits at the gate. argv ends with NULL. 0 or -errno. */
int child_start(struct child *child, char **argv);

/* Opens the gate. 0; or -errno: the command cannot be run. */
int child_go(struct child *child);

/* Whether it has ended by now. */
bool child_ended(struct child *child);

/* Ends it where it still waits at the gate or runs. */
void child_close(struct child *child);

#endif
