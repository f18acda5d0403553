// SPDX-License-Identifier: MIT
/*
 * The only trap. Everything in the library that enters the kernel for loading, attaching or rings comes
 * through here, so a test that defines sys_trap() itself is a fake kernel. Knows numbers of system calls;
 * knows nothing of what they are for.
 */
#ifndef LOADER_KERNEL_SYS_H
#define LOADER_KERNEL_SYS_H

#include "loader/plan/plan.h"

/* Makes the call. Returns what the kernel does, or -errno, taken once, here. */
long sys_trap(enum plan_call call, const long args[6]);

/* The number of a plan's call in this build's ABI. */
long sys_number(enum plan_call call);

/* A call that no plan makes: those by which a process confines itself. Returns as sys_trap() does. */
long sys_by_number(long number, const long args[6]);

/*
 * Whether a result is an errno. An address of mmap(2) in the upper half of a 32-bit machine's memory is
 * negative as a long too, so the kernel keeps only the last 4095 values for errors.
 */
static inline bool sys_failed(long result)
{
	return (unsigned long)result >= -4095UL;
}

#endif
