// SPDX-License-Identifier: MIT
/* The functions of a program that the kernel has loaded: see hewn_target_program(). Knows nothing
 * of plans. */
#ifndef LOADER_TARGET_PROGRAM_H
#define LOADER_TARGET_PROGRAM_H

#include "loader/target/target.h"

/* The fact: "program 12 function count = 7", where 7 is the id of the function in the program's
 * BTF. */
#define TARGET_PROG_FUNC "program %u function %.512s"

/* The id of a function in the BTF of a program; 0: it has none of this name, or nobody said what it
 * has. */
uint32_t target_prog_func(struct hewn_target *target, uint32_t prog, const char *func);

#endif
