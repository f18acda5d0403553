// SPDX-License-Identifier: MIT
/*
 * hewn: an eBPF object becomes a plan, the exact list of system calls; the plan is shown, run, or both.
 *
 * Read this file from top to bottom: it follows the data.
 *
 *	file ─▶ object ─▶ plan ─▶ run ─▶ ring ─▶ event
 *
 * A whole program:
 *
 *	struct hewn_err err = { 0 };
 *	struct hewn_object *object;
 *	struct hewn_plan *plan;
 *	struct hewn_run *run;
 *
 *	if (hewn_object_open(&object, "opens.bpf.o", &err) ||
 *	    hewn_plan_open(&plan, object, NULL, NULL, &err) ||
 *	    hewn_run_open(&run, plan, NULL, &err))
 *		hewn_err_print(&err, stderr, 0);
 *	...
 *	hewn_run_close(run);
 *	hewn_plan_close(plan);
 *	hewn_object_close(object);
 *
 * Every function that can fail returns 0 (or a count, or an fd) or a negative errno, and takes a struct
 * hewn_err as its last parameter, which may be NULL. An x_open() sets its result to NULL first; an
 * x_close() accepts NULL. Nothing here prints unless it is given a FILE, and nothing exits. No function
 * may be called for the same object from two threads at once; different objects are independent.
 */
#ifndef HEWN_H
#define HEWN_H

#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What went wrong, and where. Start with { 0 }. Each layer adds what it knows, and the innermost fact
 * stays. Empty strings are facts that do not apply. All members may be read; only `log` is owned memory,
 * given back by hewn_err_close().
 */
struct hewn_err {
	int code;           /* negative errno, 0: nothing went wrong */
	char object[128];   /* the file */
	char section[96];   /* ELF section */
	char program[96];   /* function */
	char symbol[128];   /* map, variable, kernel function, … */
	bool has_insn;
	uint32_t insn;      /* instruction number, as the verifier counts */
	char source[320];   /* file:line: text */
	char step[160];     /* the system call that failed */
	char what[640];     /* the cause: what was found and what was wanted */
	char state[512];    /* a refused program: the registers that matter, as the verifier printed them */
	char hint[400];     /* the likely mistake, or what to do */
	char *log;          /* the verifier's log, whole */
};

/* Frees the log and sets everything to zero; the struct can be used again. */
void hewn_err_close(struct hewn_err *err);

#define HEWN_ERR_COLOR 1u /* with terminal colours */
#define HEWN_ERR_LOG   2u /* with the verifier's whole log, not its tail */

/* Writes the error for people, several lines. */
void hewn_err_print(const struct hewn_err *err, FILE *to, unsigned int flags);

/* Writes the error as one JSON object on one line. */
void hewn_err_json(const struct hewn_err *err, FILE *to);

/* ── The object: what the file says. No fds, no addresses, the kernel is not asked. ── */

struct hewn_object;

/* Reads an ELF object. The path is kept as the object's name in errors. */
int hewn_object_open(struct hewn_object **object, const char *path, struct hewn_err *err);

/* The same from memory; the bytes are copied. */
int hewn_object_open_mem(struct hewn_object **object, const void *bytes, size_t size, const char *name,
			 struct hewn_err *err);

void hewn_object_close(struct hewn_object *object);

/* ── The target: what a plan may know of the kernel that it is for. ── */

struct hewn_target;

/*
 * With profile NULL: the running kernel; each fact is read from its file when first needed. Otherwise the
 * path of a profile that hewn_target_save() wrote, so that a plan can be made here for another machine.
 */
int hewn_target_open(struct hewn_target **target, const char *profile, struct hewn_err *err);

/*
 * Takes the kernel's types from this file instead of /sys/kernel/btf/vmlinux: raw BTF, of either byte order,
 * or an ELF file with a section .BTF, as a vmlinux is. Modules' types are then not looked at. Or from a
 * folder, a copy of /sys/kernel/btf: from its vmlinux, and its modules. Opened when a plan needs it first.
 */
int hewn_target_btf(struct hewn_target *target, const char *path, struct hewn_err *err);

/*
 * Tells the functions of a program that is loaded, for programs that replace or trace them (target_prog below): its
 * number, and its BTF as BPF_OBJ_GET_INFO_BY_FD gives it; the bytes are not kept.
 */
int hewn_target_program(struct hewn_target *target, uint32_t prog, const void *btf, size_t size, struct hewn_err *err);

/* Writes the facts that a plan can ask for, one a line, and their files. */
int hewn_target_save(struct hewn_target *target, FILE *to, struct hewn_err *err);

void hewn_target_close(struct hewn_target *target);

/* ── The plan: the system calls, in order, each with its reason. ── */

struct hewn_plan;

/* What to plan for. { 0 } is: load every program that its section does not mark `?`, and attach nothing. */
struct hewn_plan_opts {
	const char *const *only; /* names of programs, ends with NULL; NULL: all */
	bool optional;           /* the programs in `?` sections too */
	bool attach;             /* attach each program as its section says */
	bool rings;              /* open a ring for each perf event array and ring buffer */
	uint32_t ring_pages;     /* pages of data a CPU in a perf ring, a power of two; 0: 64 */
	uint32_t ring_wakeup;    /* records between wake-ups of the reader; 0: 1 */
	const char *pin;         /* pin every map and program below this folder of a bpffs */
	int pid;                 /* uprobes and sampling: this process only; 0: all */
	uint32_t freq;           /* perf_event programs: samples a second and CPU; 0: 99 */
	uint32_t log_level;      /* programs are loaded with the verifier's log at once: 1 what matters, 2 all, | 4 statistics; 0: not */
	uint32_t target_prog;    /* freplace, and fentry, fexit of its functions: the number of that program; 0: none */
	const char *dev;         /* XDP, tcx and netkit: attach to this network device; NULL: to none */
	const char *cgroup;      /* cgroup programs: attach to the cgroup of this folder; NULL: to none */
	const char *netns;       /* sk_lookup, flow_dissector: to this namespace, "/proc/self/ns/net"; NULL: to none */
};

/*
 * Makes the plan. The object must live as long as the plan does. With target NULL, the running kernel;
 * a target that is given may be closed afterwards. With opts NULL, those of { 0 }. Needs no privilege.
 */
int hewn_plan_open(struct hewn_plan **plan, const struct hewn_object *object, struct hewn_target *target,
		   const struct hewn_plan_opts *opts, struct hewn_err *err);

/* Writes the plan for people, or as one JSON object. -ENOMEM: something is missing; failed writes ferror(3) tells. */
int hewn_plan_print(const struct hewn_plan *plan, FILE *to, unsigned int flags);
int hewn_plan_json(const struct hewn_plan *plan, FILE *to);
#define HEWN_PLAN_COLOR 1u /* with terminal colours */
#define HEWN_PLAN_BRIEF 2u /* without reasons and alternatives: a line a call */

void hewn_plan_close(struct hewn_plan *plan);

/* ── Freezing: the plan as one C file that needs neither hewn nor the object. ── */

struct hewn_freeze_opts {
	const char *name;   /* of the struct and functions; NULL: the object's file name up to the first dot */
	const char *header; /* how the C file includes its header: "opens.h" */
};

/*
 * Writes the C file and its header. The plan is made anew, with marks in the place of what only the target
 * knows and the C file looks up there; the facts of `target` are no longer its own afterwards, so it must be
 * closed. -EOPNOTSUPP: the plan has something in it that cannot be written as C yet. The files are whole only
 * if 0 is returned and neither has an error.
 */
int hewn_freeze(const struct hewn_object *object, struct hewn_target *target, const struct hewn_plan_opts *plan_opts,
		const struct hewn_freeze_opts *opts, FILE *source, FILE *header, struct hewn_err *err);

/* ── The run: the plan's calls, made. ── */

struct hewn_run;

struct hewn_run_opts {
	const volatile sig_atomic_t *stop; /* not zero between two steps: undo, and fail with -EINTR */
	/* Gets the verifier's log of each program that is loaded, where the plan has a log_level; may be NULL. */
	void (*verified)(void *ctx, const char *program, const char *log);
	void *ctx;
};

/*
 * Makes the calls. On failure everything that was made is undone in reverse order, nothing is left, and
 * *run still holds the log (close it all the same). The plan must live as long as the run. The caller keeps the fds of
 * the standard streams open: the kernel takes 0 for none in some fields (attach_prog_fd, attach_btf_obj_fd).
 */
int hewn_run_open(struct hewn_run **run, const struct hewn_plan *plan, const struct hewn_run_opts *opts,
		  struct hewn_err *err);

/* The fd of a map or program by its name in the object, owned by the run; -ENOENT: no such name. */
int hewn_run_map_fd(const struct hewn_run *run, const char *map);
int hewn_run_prog_fd(const struct hewn_run *run, const char *prog);

/* Writes what was done, in the plan's form, with the results. -ENOMEM: something is missing. */
int hewn_run_print(const struct hewn_run *run, FILE *to, unsigned int flags);
int hewn_run_json(const struct hewn_run *run, FILE *to);

/* Detaches, closes, unmaps: the steps backwards. What was pinned stays. */
void hewn_run_close(struct hewn_run *run);

/* ── Confining: a process that makes a plan's calls can make no others. ── */

struct hewn_confine_opts {
	bool loop;   /* the steps are done: from here on the event loop only, and taking everything away */
	bool maps;   /* maps are read in the loop */
	int child;   /* the process that a signal may be sent to; 0: none */
};

/*
 * Installs a seccomp filter made from the plan, for this process and all that it starts from here on, and gives up the
 * capabilities that the plan does not need; once before hewn_run_open(), and, narrower, with `loop` after it. What the
 * process needs for itself is allowed: memory, output, signals, reading files where a step failed (to say why). Any
 * other call ends in SIGSYS, for whose handler hewn_confine_explain() has the words. No new rights can be had by
 * execve(2) after it (no_new_privs). -ENOTSUP: a build with sanitizers, which make calls of their own.
 */
int hewn_confine(const struct hewn_plan *plan, const struct hewn_confine_opts *opts, struct hewn_err *err);

/* "bpf(BPF_PROG_LOAD)": from si_syscall and si_errno of the signal. Returns text. Safe in a signal handler. */
const char *hewn_confine_explain(int number, int value, char *text, size_t size);

enum hewn_confine_form {
	HEWN_CONFINE_BPF,     /* classic BPF as text: what hewn_confine() installs first */
	HEWN_CONFINE_LOOP,    /* and what it installs for the loop */
	HEWN_CONFINE_OCI,     /* a seccomp profile for containers, which holds from the program's start on */
	HEWN_CONFINE_SYSTEMD, /* a line of a systemd unit, likewise */
	HEWN_CONFINE_CAPS,    /* the least capabilities, a line each */
};

/* Writes the fence of a plan, for the architecture of this build. */
int hewn_confine_print(const struct hewn_plan *plan, enum hewn_confine_form form, FILE *to, struct hewn_err *err);

/* ── The rings: records from the kernel. ── */

struct hewn_ring;

struct hewn_event {
	const void *data; /* valid until the callback returns */
	uint32_t size;    /* perf rings: with the kernel's padding of at most 7 bytes, so 64 arrive as 68 */
	int cpu;       /* -1: a BPF ring buffer, which has none */
	uint64_t lost; /* not zero: no data, this many records were lost on this CPU (perf rings) */
};

/* Gets an event; 0 goes on, anything else stops the walk and is returned by hewn_ring_poll(). */
typedef int hewn_event_fn(void *ctx, const struct hewn_event *event);

/*
 * The ring of one map of a run that was planned with `rings`. The run owns the memory, and must be closed
 * after the ring.
 */
int hewn_ring_open(struct hewn_ring **ring, const struct hewn_run *run, const char *map,
		   hewn_event_fn *fn, void *ctx, struct hewn_err *err);

struct hewn_ring_opts {
	uint32_t pages;  /* as ring_pages above */
	uint32_t wakeup; /* as ring_wakeup above */
};

/*
 * The same for a map made without a plan, of type BPF_MAP_TYPE_PERF_EVENT_ARRAY or _RINGBUF. The caller
 * keeps the fd. With opts NULL, those of { 0 }.
 */
int hewn_ring_open_fd(struct hewn_ring **ring, int map_fd, const struct hewn_ring_opts *opts,
		      hewn_event_fn *fn, void *ctx, struct hewn_err *err);

/* An fd that is readable when records wait: in an epoll set of the caller's, one wait serves several rings, signalfd(2), … */
int hewn_ring_fd(const struct hewn_ring *ring);

/* Gives the records that wait to the callback. Returns how many, or what the callback returned if not 0. */
int hewn_ring_consume(struct hewn_ring *ring);

/*
 * Waits at most timeout_ms milliseconds (-1: for ever) for records by one epoll_wait(2), and consumes them, after a timeout
 * too: fewer records than wake the reader wait until then. -EINTR: a signal; one that comes just before the wait does
 * not end it, so a loop that a signal's handler ends wants a timeout.
 */
int hewn_ring_poll(struct hewn_ring *ring, int timeout_ms);

struct hewn_ring_stats {
	uint64_t received;
	uint64_t lost;  /* perf rings: exact (before 6.0 once a later record has found room); a ring buffer: 0, its program must count */
	uint64_t bytes; /* of the records received */
};

void hewn_ring_stats(const struct hewn_ring *ring, struct hewn_ring_stats *stats);

void hewn_ring_close(struct hewn_ring *ring);

/* ── The calls themselves, for programs that make them one by one. ── */

union bpf_attr;
struct perf_event_attr;
struct bpf_insn;

/* bpf(2). Returns what the kernel does, or -errno. size: of the part of *attr that is used. */
int hewn_bpf(int cmd, union bpf_attr *attr, size_t size);

/* perf_event_open(2), with FD_CLOEXEC. Returns an fd or -errno. */
int hewn_perf_event_open(struct perf_event_attr *attr, int pid, int cpu, int group_fd);

/* BPF_MAP_CREATE. name may be NULL. Returns an fd or -errno. */
int hewn_map_create(uint32_t type, const char *name, uint32_t key_size, uint32_t value_size,
		    uint32_t max_entries, uint32_t flags);

/* BPF_MAP_LOOKUP_ELEM and so on. flags: BPF_ANY, BPF_NOEXIST, BPF_EXIST, BPF_F_LOCK. key NULL: the first. */
int hewn_map_lookup(int map_fd, const void *key, void *value);
int hewn_map_update(int map_fd, const void *key, const void *value, uint64_t flags);
int hewn_map_delete(int map_fd, const void *key);
int hewn_map_next_key(int map_fd, const void *key, void *next);

/*
 * BPF_PROG_LOAD. type: BPF_PROG_TYPE_…; license "GPL" opens the helpers that the kernel keeps for
 * GPL-compatible programs. Returns an fd; or -errno, and err holds the verifier's cause and its log.
 */
int hewn_prog_load(uint32_t type, const char *name, const struct bpf_insn *insns, uint32_t n_insns,
		   const char *license, struct hewn_err *err);

#ifdef __cplusplus
}
#endif
#endif
