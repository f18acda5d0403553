// SPDX-License-Identifier: MIT
/*
 * Why the kernel said EPERM or EACCES: from what the process can see of itself and of the system. Reads files
 * below /proc and /sys; makes no call of a plan. Knows nothing of runs.
 */
#ifndef LOADER_KERNEL_PRIVILEGE_H
#define LOADER_KERNEL_PRIVILEGE_H

#include "loader/plan/plan.h"

/* Numbers of capabilities, as in <linux/capability.h> of 5.8. */
enum privilege_cap {
	CAP_DAC_READ = 2, /* CAP_DAC_READ_SEARCH */
	CAP_NETADMIN = 12,
	CAP_SYSADMIN = 21,
	CAP_PERF = 38, /* CAP_PERFMON */
	CAP_EBPF = 39, /* CAP_BPF */
};

struct privilege_facts {
	uint64_t caps;      /* effective: a bit each */
	uint32_t version;   /* KERNEL(a, b); 0: unknown */
	uint64_t memlock;   /* the soft limit in bytes; UINT64_MAX: none */
	int bpf_disabled;   /* kernel.unprivileged_bpf_disabled; -1: unknown */
	int paranoid;       /* kernel.perf_event_paranoid; PRIVILEGE_UNKNOWN: unknown */
	bool user_ns;       /* in a user namespace of its own: the capabilities count only there */
	bool seccomp;       /* a filter of system calls is on */
	char lockdown[24];  /* "none", "integrity", "confidentiality"; "": unknown */
	char lsm[96];       /* security modules, with commas; "": unknown */
};

#define PRIVILEGE_UNKNOWN (-100)

/* The call that was refused. */
struct privilege_call {
	enum plan_call call;
	int code;           /* -EPERM or -EACCES */
	uint32_t cmd;       /* of bpf(2) */
	uint32_t type;      /* of the program, the map or the perf event */
	int pid;            /* perf_event_open: -1 is every process */
	char path[128];     /* BPF_OBJ_PIN, openat; "" */
	bool off_bpffs;     /* BPF_OBJ_PIN: the folder is not in a bpffs */
};

/*
 * Finds the cause. False: none is known, and nothing is written. what: the cause, a sentence without a dot;
 * hint: what to do.
 */
bool privilege_explain(const struct privilege_call *call, const struct privilege_facts *facts, char *what,
		       size_t what_size, char *hint, size_t hint_size);

/*
 * Adds cause and hint to err, for a call that was made with these arguments and returned `result`; nothing where
 * that is another errno. The memory that the arguments point to must still be there.
 */
void privilege_err(enum plan_call call, const long args[6], long result, struct hewn_err *err);

#endif
