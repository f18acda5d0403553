// SPDX-License-Identifier: MIT
/*
 * The probes that a program or a library declares of itself (USDT, SystemTap's <sys/sdt.h>): where
 * they are, and where their arguments are. Knows ELF notes and registers; knows nothing of maps.
 */
#ifndef LOADER_TARGET_USDT_H
#define LOADER_TARGET_USDT_H

#include "loader/target/target.h"

/* One place of a probe: a compiler that inlines makes several of one. */
struct usdt_place {
	uint64_t offset; /* in the file, bytes */
	uint64_t address; /* in memory, where that is the same in all processes; 0: it is not */
	uint64_t
		semaphore; /* the counter in the file that says whether somebody listens; 0: none */
	char *args;	   /* "-4@%edi 8@-16(%rbp)"; owned */
};

struct usdt {
	char path[4096];
	char machine[16]; /* of the file's architecture, as arch_by_name() takes it */
	struct usdt_place *places;
	uint32_t n_places;
};

/*
 * Finds the places of "PATH:PROVIDER:NAME" and keeps them among the target's facts, as "usdt SPEC".
 * The path is as target_uprobe() takes it. -ENOENT: no such file, or it has no such probe, and err
 * says which it has.
 */
int target_usdt(struct hewn_target *target, const char *spec, struct usdt *usdt,
		struct hewn_err *err);
void usdt_close(struct usdt *usdt);

/*
 * Addresses of the places in one process, which runs: for kernels before 5.15, where a program knows at which probe it is by
 * the address only. Those that the process has not mapped stay as they are.
 */
void usdt_locate(struct usdt *usdt, int pid);

#define USDT_MAX_ARGS 12u

enum usdt_arg_kind {
	USDT_CONST, /* value */
	USDT_REG,   /* the register */
	USDT_DEREF, /* what is at register + value in the program's memory */
	USDT_INDEX, /* at register + value + (index << scale) */
};

struct usdt_arg {
	enum usdt_arg_kind kind;
	int size; /* 1, 2, 4, 8 bytes; negative: signed */
	int64_t value;
	uint16_t reg, index; /* offset in the pt_regs of a program */
	uint8_t scale;	     /* as a shift */
};

/*
 * The arguments of a place, at most USDT_MAX_ARGS. Returns how many; -EINVAL: not of a form that is
 * known; -ENOTSUP: the architecture is not known; -E2BIG: more.
 */
int usdt_args(const char *machine, const char *text, struct usdt_arg args[USDT_MAX_ARGS],
	      struct hewn_err *err);

#endif
