// SPDX-License-Identifier: MIT
/*
 * What the kernel does not have: a call refused because the kernel is older than a part of it, or was built without
 * an option, or has no function of that name. Reads files below /proc and /boot; makes no call of a plan.
 */
#ifndef LOADER_KERNEL_LACKS_H
#define LOADER_KERNEL_LACKS_H

#include "loader/plan/plan.h"

/*
 * Adds cause and hint to err for a call that was made with these arguments and returned `result`; nothing where it
 * knows nothing. version: of the kernel, KERNEL(a, b) | c; 0: unknown. The memory that the arguments point to must
 * still be there.
 */
void lacks_err(enum plan_call call, const long args[6], long result, uint32_t version, struct hewn_err *err);

/*
 * What is nearest to a function that the kernel does not have, as a hint in `text`: what the compiler made of it
 * (NAME.isra.0, NAME.constprop.0, …), else up to three names that are much alike. `symbols` is of the form of
 * /proc/kallsyms. True with *there set: there is a function of that very name.
 */
bool lacks_function(FILE *symbols, const char *name, bool *there, char *text, size_t size);

/*
 * The first part of an attr of bpf(2) that is newer than a kernel: "map type ARENA is of Linux 6.9". False: there is
 * none.
 */
bool lacks_newer(uint32_t cmd, const void *attr, size_t size, uint32_t version, char *text, size_t text_size);

/* The option that a kernel must be built with for the type of map or program in an attr: "CONFIG_CGROUP_BPF"; NULL: none is known. */
const char *lacks_option(uint32_t cmd, const void *attr, size_t size);

#endif
