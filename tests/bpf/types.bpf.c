// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Types and no more: no program, no map, and no license for one. */
#include "hewn.bpf.h"

struct task_struct___old {
	int pid;
};

void keep(struct task_struct___old task)
{
}
