// SPDX-License-Identifier: MIT
/*
 * The plan: an array of steps, each one system call. Data only; knows nothing of what is loaded or how a
 * call is made.
 *
 * What a call gets that is not yet known has two forms, and both are places to patch, as in an ELF file:
 * a slot (the result of an earlier step: an fd, a mapping, a number read from a file) and a blob (bytes in
 * memory: an attr, instructions, a name), whose own bytes may again hold slots and addresses of blobs.
 */
#ifndef LOADER_PLAN_PLAN_H
#define LOADER_PLAN_PLAN_H

#include "loader/hewn.h"
#include "loader/mem.h"
#include "loader/object/object.h"
#include "loader/target/target.h"
#include "loader/link/image.h"

enum plan_call {
	CALL_BPF, CALL_PERF_EVENT_OPEN, CALL_IOCTL, CALL_MMAP, CALL_OPENAT, CALL_READ, CALL_WRITE,
	CALL_CLOSE, CALL_EPOLL_CREATE1, CALL_EPOLL_CTL, CALL_UNLINKAT, CALL_MKDIRAT, CALL_MUNMAP, CALL_N
};

enum plan_slot_kind {
	SLOT_FD,      /* closed at the end */
	SLOT_MAPPING, /* unmapped at the end */
	SLOT_NUMBER,  /* decimal text that a read() brought */
	SLOT_ID,      /* what the kernel wrote into the attr: next_id */
};

/* What a slot belongs to, so that a run can be asked for it, and an error can name it. */
enum plan_slot_of {
	OF_FILE,  /* a file that is read or written on the way, or the number in it; index: obj_func, or NONE */
	OF_SYMBOL, /* the address of a symbol of the kernel that could not be read: no step yields it; index: obj_extern */
	OF_PID,   /* this process, known only at the run */
	OF_BTF,
	OF_MODULE, /* the BTF of a kernel module, or its id; the slot's name has the module's */
	OF_MAP,   /* index: obj_map; so for OF_EVENT, OF_RING and OF_EPOLL */
	OF_PROG,  /* index: obj_func; so for OF_PROBE and OF_LINK */
	OF_PROBE, /* the perf event that a program is attached to */
	OF_LINK,
	OF_ITER,  /* the file that an iterator is read from; index: obj_func */
	OF_PLACE, /* the cgroup or network namespace that programs are attached to */
	OF_EVENT, /* the perf event that a ring belongs to */
	OF_RING,  /* its mapping; a ring buffer has two: consumer (cpu 0) and producer (cpu 1) */
	OF_EPOLL,
	OF_TABLE, /* the map of a jump table; index: obj_func */
};

struct plan_slot {
	enum plan_slot_kind kind;
	enum plan_slot_of of;
	uint32_t index;   /* obj_map or obj_func; NONE */
	int cpu;          /* -1: none */
	uint64_t size;    /* of a mapping, in bytes */
	const char *name; /* the symbol that stands for the value: "map(events)", "prog(open_enter)", "perf(events, cpu 0)" */
};

enum plan_fix_kind {
	FIX_SLOT, /* the slot's value, 4 (the lower) or 8 bytes in host byte order */
	FIX_HIGH, /* the upper 4 bytes of the slot's value */
	FIX_BLOB, /* the blob's address, 8 bytes */
	FIX_TEXT, /* the slot's value in decimal, `size` digits with leading zeros */
};

/* At `off`, `size` bytes become what is known only at the run. */
struct plan_fix {
	enum plan_fix_kind kind;
	uint32_t off, size, index;
};

enum plan_blob_kind {
	BLOB_BPF_ATTR,    /* union bpf_attr; `cmd` says of which command */
	BLOB_PERF_ATTR,   /* struct perf_event_attr */
	BLOB_INSNS, BLOB_BTF, BLOB_STRING, BLOB_KEY, BLOB_VALUE, BLOB_FUNC_INFO, BLOB_LINE_INFO,
	BLOB_EPOLL_EVENT,
	BLOB_WORDS,       /* an array of 8 bytes each: offsets, or addresses of strings */
	BLOB_OUT,         /* written by the kernel: a log, the text of a file */
};

struct plan_blob {
	enum plan_blob_kind kind;
	uint32_t cmd;
	uint8_t *bytes;   /* NULL: zeros */
	uint32_t size;
	struct plan_fix *fixes;
	uint32_t n_fixes;
	const char *name; /* what it is, for people: "instructions of open_enter"; may be NULL; owned by the plan */
};

enum plan_arg_kind { ARG_INT, ARG_SLOT, ARG_BLOB };

struct plan_arg {
	enum plan_arg_kind kind;
	int64_t value;    /* the integer; or the number of the slot or blob */
};

struct plan_steps {
	struct plan_step *v;
	uint32_t n;
};

enum plan_alt_kind {
	ALT_STEPS, /* these steps instead */
	ALT_SKIP,  /* go on without: the slot stays absent */
	ALT_AGAIN, /* the same call again, at most `limit` times */
	ALT_NEXT,  /* in a loop: the next round */
};

/*
 * What happens instead of failing. An absent slot in a step's arguments or blobs is a failure too, one
 * that needs no call: `absent` alternatives are for it.
 */
struct plan_alt {
	enum plan_alt_kind kind;
	bool any;         /* on every errno */
	bool absent;      /* where a slot that the step needs is absent */
	bool empty_log;   /* only if the step had a log buffer, and nothing was written to it */
	int on[4];        /* these errnos (positive); 0 ends */
	uint32_t limit;
	const char *why;  /* "the kernel has no perf links (before 5.15)"; static or owned by the plan */
	struct plan_steps steps;
};

/* What an errno means at this step, where the planner knows better than errno(3). */
struct plan_cause {
	int on;           /* positive */
	const char *what, *hint; /* hint may be NULL; static or owned by the plan */
};

/*
 * A number or a text that a step's OUT blob must hold, or the run fails: a pinned map is the map that was meant.
 * In a loop the next round begins instead.
 */
struct plan_expect {
	uint32_t blob, off;      /* 4 bytes; or the text */
	uint32_t value;
	const char *text;        /* NULL: the number is expected; owned by the plan, or static */
	const char *name;
};

/*
 * The one loop that a plan can have. The kernel opens the BTF of a module by id only, and tells its name only then: so
 * all ids are gone through until the name fits (plan_module_btf()). The step that has a loop begins each
 * round: bpf(BPF_BTF_GET_NEXT_ID), whose slot is the id, 0 before the first round. Then come `steps`; all of them
 * done and as expected, the loop ends. One that takes an alternative ALT_NEXT begins the next round; one whose
 * expects are not met makes the steps `next` before that. Each call is in the log with the values that it had.
 */
struct plan_loop {
	struct plan_steps steps, next;
	uint32_t limit;          /* rounds at the most, then the run fails with -ELOOP */
};

struct plan_step {
	enum plan_call call;
	struct plan_arg args[6];
	uint32_t n_args;
	uint32_t slot;    /* what it yields; NONE: nothing that is kept */
	uint32_t fill;    /* blob whose bytes are copied to the mapping that the step yields; NONE */
	uint64_t fill_at; /* from this byte of it on */
	uint32_t log;     /* blob that gets the verifier's log; NONE */
	uint32_t image;   /* plan.images: the program that is loaded; NONE */
	const char *why;  /* one line; static or owned by the plan */
	uint32_t since;   /* the kernel that brought the call in this form: KERNEL(5, 15); 0: before 4.1 */
	struct plan_alt *alts;
	struct plan_cause *causes;
	struct plan_expect *expects;
	uint32_t n_alts, n_causes, n_expects;
	struct plan_steps undo; /* besides closing the fd or unmapping */
	bool undo_on_failure;   /* undo runs only where a later step fails (pins); else at the end too */
	struct plan_loop *loop; /* NULL: one call, once */
};

#define KERNEL(major, minor) ((uint32_t)(major) << 16 | (uint32_t)(minor) << 8)

struct abi_field;

struct hewn_plan {
	const struct hewn_object *object;
	struct plan_steps steps;
	struct plan_slot *slots;
	struct plan_blob *blobs;
	struct image *images;
	uint32_t n_slots, n_blobs, n_images;
	uint32_t version;       /* of the kernel that it is for: KERNEL(a, b) | c; 0: unknown */
	struct fact *facts;     /* what was read to make it; copies */
	uint32_t n_facts;
	struct mem_pool pool;   /* texts, the bytes of blobs, and what is in a list that is in another */
	struct plan_field {     /* fields of attrs that were looked up: a plan sets the same ones many times */
		uint32_t cmd;
		const struct abi_field *field;
	} fields[32];
	bool failed;            /* out of memory while building: asked once, at the end */
	struct plan_step spare_step; /* what a builder fills then */
	struct plan_alt spare_alt;
};

/* ── building ── */

uint32_t plan_slot(struct hewn_plan *plan, enum plan_slot_kind kind, enum plan_slot_of of, uint32_t index,
		   int cpu, const char *name, ...) PRINTF_LIKE(6, 7);

/* A blob of a copy of the bytes; bytes NULL: zeros. */
uint32_t plan_blob(struct hewn_plan *plan, enum plan_blob_kind kind, const void *bytes, uint32_t size);
void plan_set_blob(struct hewn_plan *plan, uint32_t blob, const void *bytes, size_t size); /* its first bytes */
uint32_t plan_string(struct hewn_plan *plan, const char *text); /* with its zero */
void plan_name_blob(struct hewn_plan *plan, uint32_t blob, const char *name); /* what it is, for people */
void plan_fix(struct hewn_plan *plan, uint32_t blob, uint32_t off, uint32_t size, enum plan_fix_kind kind,
	      uint32_t index);

/* A text that lives as long as the plan. */
const char *plan_text(struct hewn_plan *plan, const char *fmt, ...) PRINTF_LIKE(2, 3);

/*
 * An attr of bpf(2), filled field by field with the ABI table's names.
 * Its size is that of the table's smallest version that covers the fields set.
 */
uint32_t plan_attr(struct hewn_plan *plan, uint32_t cmd);
void attr_int(struct hewn_plan *plan, uint32_t attr, const char *field, uint64_t value);
void attr_text(struct hewn_plan *plan, uint32_t attr, const char *field, const char *text); /* names: cut to fit */
void attr_slot(struct hewn_plan *plan, uint32_t attr, const char *field, uint32_t slot);
void attr_blob(struct hewn_plan *plan, uint32_t attr, const char *field, uint32_t blob);
uint32_t attr_copy(struct hewn_plan *plan, uint32_t attr);
void attr_clear(struct hewn_plan *plan, uint32_t attr, const char *field);

/* Appends a step; the pointer is valid until the next one is appended to the same list. */
struct plan_step *plan_step(struct hewn_plan *plan, struct plan_steps *to, enum plan_call call,
			    const char *why, uint32_t since, uint32_t slot);
void step_int(struct plan_step *step, int64_t value);
void step_slot(struct plan_step *step, uint32_t slot);
void step_blob(struct plan_step *step, uint32_t blob);
/* bpf(cmd, attr, size of attr) */
struct plan_step *plan_bpf(struct hewn_plan *plan, struct plan_steps *to, uint32_t cmd, uint32_t attr,
			   const char *why, uint32_t since, uint32_t slot);
/* An alternative with the errnos given, 0 last. Valid until the next is added to the same step. */
struct plan_alt *step_alt(struct hewn_plan *plan, struct plan_step *step, enum plan_alt_kind kind,
			  const char *why, ...);
void step_cause(struct hewn_plan *plan, struct plan_step *step, int on, const char *what, const char *hint);
void step_expect(struct hewn_plan *plan, struct plan_step *step, uint32_t blob, uint32_t off, uint32_t value,
		 const char *name);
void step_expect_text(struct hewn_plan *plan, struct plan_step *step, uint32_t blob, const char *text, const char *name);
/* Makes a step the head of a loop. NULL: out of memory, which the plan remembers. */
struct plan_loop *step_loop(struct hewn_plan *plan, struct plan_step *step, uint32_t limit);

/* ── asking ── */

/* The slot that is this thing, or NONE. */
uint32_t plan_find(const struct hewn_plan *plan, enum plan_slot_kind kind, enum plan_slot_of of,
		   uint32_t index, int cpu);

const char *plan_call_name(enum plan_call call); /* "bpf", "perf_event_open" */

#endif
