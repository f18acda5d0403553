// SPDX-License-Identifier: MIT
/*
 * Addresses of the kernel's symbols, by /proc/kallsyms. Knows that file; knows nothing of who asks.
 */
#ifndef LOADER_TARGET_KSYMS_H
#define LOADER_TARGET_KSYMS_H

#include "loader/target/target.h"

struct ksym {
	bool is_there;
	bool is_hidden;    /* it is there, but this process may not know where (kernel.kptr_restrict, CAP_SYSLOG) */
	bool is_ambiguous; /* two are there; addr is the first's */
	uint64_t addr;
};

/*
 * The file has 100,000 lines and more, which the kernel writes anew for each reader (60 ms). So all names that will be
 * asked for are said first. The name is copied. -ENOMEM.
 */
int target_ksym_want(struct hewn_target *target, const char *name);

/*
 * Where a symbol is: a fact, "kallsyms NAME", so that a profile can answer too: its address in hexadecimal, 0 where
 * that is hidden, two where it is ambiguous. Not there is no error. -ENOMEM.
 */
int target_ksym(struct hewn_target *target, const char *name, struct ksym *sym);

/* For hewn_target_close(). Accepts NULL. */
struct ksyms;
void ksyms_close(struct ksyms *ksyms);

/*
 * Reads a line "ffffffff81000000 T _text", or with "\t[module]" behind. The name is not copied: len bytes of the line, without
 * the ".llvm.123" that compilers give to variables of a file. False: not of this form.
 */
bool ksyms_line(const char *line, uint64_t *addr, const char **name, size_t *len);

#endif
