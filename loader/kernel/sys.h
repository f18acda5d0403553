// SPDX-License-Identifier: MIT
/*
 * The only trap. Everything else in the library that enters the kernel for loading, attaching or rings
 * comes through here, so a test that defines sys_trap() itself is a fake kernel.
 */
#ifndef LOADER_KERNEL_SYS_H
#define LOADER_KERNEL_SYS_H

#include "loader/plan/plan.h"

/* Makes the call. Returns what the kernel does, or -errno, taken once, here. */
long sys_trap(enum plan_call call, const long args[6]);

#endif
