// SPDX-License-Identifier: MIT
/*
 * What the parts of the planner share: one struct while a plan is made, and one function a part. Each
 * part appends steps for one kind of thing.
 */
#ifndef LOADER_PLAN_PLANNER_H
#define LOADER_PLAN_PLANNER_H

#include "loader/link/struct_ops.h"
#include "loader/plan/plan.h"

/* A FUNC of the BTF as programs of one type need it before 6.8: there it is the FUNC `as`. */
struct plan_context {
	uint32_t func, prog_type, as;
};

struct planner {
	struct hewn_plan *plan;
	const struct hewn_object *object;
	struct hewn_target *target;
	struct link link;     /* what the programs share while they are linked */
	const struct hewn_plan_opts *opts;
	struct hewn_err *err;
	uint32_t btf;         /* slot of the object's BTF, or NONE */
	const struct btf *types; /* that BTF: the object's, or `longer`: see plan_contexts() */
	struct btf longer;
	struct plan_context *contexts;
	uint32_t n_contexts;
	uint32_t *map_slots;  /* by obj_map */
	uint32_t *prog_slots; /* by obj_func; NONE: not chosen */
	uint32_t n_usdt_specs; /* entries of the map of USDT probes that are taken */
	struct struct_ops *ops; /* by obj_map; those that are no struct_ops, or not chosen, have no value */
};

/*
 * The BTF that is loaded, once the programs are chosen; and which FUNC a program's func_info has before 6.8, the same
 * where that makes no difference.
 */
int plan_contexts(struct planner *p);
uint32_t plan_context_func(const struct planner *p, uint32_t func, uint32_t prog_type);

/* Maps: create, fill, freeze, pin by name. Programs must come after. */
int plan_maps(struct planner *p);

/* max_entries as the kernel will get it: CPUs for a perf event array without a number, whole pages for a ring buffer. */
uint32_t plan_map_entries(const struct obj_map *map, struct hewn_target *target);

/* What goes into maps of maps, and into prog arrays after the programs are loaded. */
int plan_inner_maps(struct planner *p);
int plan_prog_arrays(struct planner *p);

/*
 * The slot of the fd of a module's BTF, for programs that have ids of its types or functions. The steps that find it (a
 * loop, see struct plan_loop) are appended where it is first asked for.
 */
uint32_t plan_module_btf(struct planner *p, const char *module);

/* What a program is tied to by PROG_LOAD: attach_btf_id (0: to nothing), and of whose BTF: NONE is vmlinux's. */
struct plan_btf_place {
	uint32_t id;
	uint32_t module; /* slot of a module's BTF */
	uint32_t prog;   /* slot of the program whose function it is; NONE: it is the kernel's */
};

/*
 * Whether the section says what a program that needs an id is for, before anything is planned; and tells the target that
 * its name will be asked for. Then the id: -ESRCH where the kernel has none, with what is near it.
 */
int plan_check_btf_id(struct planner *p, uint32_t func);
int plan_btf_id(struct planner *p, uint32_t func, struct plan_btf_place *place);

/* struct_ops: which are wanted, with the kernel's types; before programs are chosen. */
int plan_ops_choose(struct planner *p);
bool plan_has_ops(const struct planner *p, uint32_t map);

/* What a struct_ops says of a program: one that is chosen needs it; none that has it is; or nothing. */
enum plan_ops_says { OPS_NOTHING, OPS_WANTED, OPS_UNWANTED };
enum plan_ops_says plan_ops_of(const struct planner *p, uint32_t func);

/* What PROG_LOAD and MAP_CREATE get, and the calls that register what was chosen. */
int plan_ops_prog(struct planner *p, uint32_t func, uint32_t attr);
void plan_ops_map(struct planner *p, uint32_t map, uint32_t attr);
void plan_ops_attach(struct planner *p);

/*
 * What a program's instructions still need at the run, as fixes of their blob; the fds of modules that its calls count in,
 * as fd_array of its attr; and why it fails where an address is missing.
 */
void plan_externs(struct planner *p, const struct image *image, uint32_t insns);
void plan_fd_array(struct planner *p, const struct image *image, uint32_t attr);
void plan_extern_causes(struct planner *p, const struct image *image, struct plan_step *step);

/* The maps of a program's jump tables, and where its instructions need them. */
void plan_tables(struct planner *p, const struct image *image, uint32_t insns);

/* One program: its image into a PROG_LOAD. */
int plan_prog(struct planner *p, uint32_t func);

/* folder/name as a bpf file system takes it, which keeps names with dots for itself: .data is pinned as _data. */
const char *plan_pin_path(struct planner *p, const char *folder, const char *name);

/* BPF_OBJ_PIN of a slot at folder/name, removed again where a later step fails. */
void plan_pin(struct planner *p, struct plan_steps *to, uint32_t slot, const char *folder, const char *name);

/* Attaches a program as its section says. */
int plan_attach(struct planner *p, uint32_t func);

/* Ways to attach, a file each. The fd of the program is in slot `prog`. */
int plan_kprobe(struct planner *p, uint32_t func, uint32_t prog);
int plan_tracepoint(struct planner *p, uint32_t func, uint32_t prog);
int plan_raw_tracepoint(struct planner *p, uint32_t func, uint32_t prog);
int plan_uprobe(struct planner *p, uint32_t func, uint32_t prog);
int plan_sampling(struct planner *p, uint32_t func, uint32_t prog);
int plan_kprobe_multi(struct planner *p, uint32_t func, uint32_t prog);
int plan_uprobe_multi(struct planner *p, uint32_t func, uint32_t prog);
int plan_usdt(struct planner *p, uint32_t func, uint32_t prog);
int plan_tracing(struct planner *p, uint32_t func, uint32_t prog);
int plan_tracing_multi(struct planner *p, uint32_t func, uint32_t prog);
int plan_iter(struct planner *p, uint32_t func, uint32_t prog);
int plan_device(struct planner *p, uint32_t func, uint32_t prog);
int plan_cgroup(struct planner *p, uint32_t func, uint32_t prog);
int plan_netns(struct planner *p, uint32_t func, uint32_t prog);

/*
 * The end that all probes through perf share: a BPF link on the perf event in slot `event` (5.15), or the
 * ioctl that older kernels have.
 */
void plan_perf_link(struct planner *p, struct plan_steps *to, uint32_t func, uint32_t prog, uint32_t event);
void plan_perf_set(struct planner *p, struct plan_steps *to, uint32_t prog, uint32_t event); /* only the ioctls */

/* The same for a tracepoint whose number is in slot `id`: perf_event_open, then the link. */
void plan_tracepoint_id(struct planner *p, struct plan_steps *to, uint32_t func, uint32_t prog, uint32_t id,
			const char *why);

/* The slot of the perf event that a program is attached to; cpu -1: one for all. */
uint32_t plan_probe_slot(struct planner *p, uint32_t func, int cpu);

/* perf_event_open(attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC) into slot `event`. */
struct plan_step *plan_perf_open(struct planner *p, struct plan_steps *to, uint32_t attr, int pid, int cpu,
				 const char *why, uint32_t since, uint32_t event);

/* In names that must differ between processes: the number of the process that runs the plan, in ten digits. */
#define PID_DIGITS "0000000000"

/* openat, read and close of a file of tracefs that holds one number, into slot `number`. */
void plan_tracefs_number(struct planner *p, struct plan_steps *to, const char *path, const char *why,
			 uint32_t number, const char *what, const char *hint);

/*
 * A probe made by writing a line to `events` ("kprobe_events", "uprobe_events"), for kernels without the
 * PMUs (before 4.17): "KIND:hewn/PROGRAM_PID PLACE". The process's number makes the name unique; the kernel
 * keeps the probe until it is taken away, which the plan does in every exit. Attaches the program to it.
 * Returns the step that writes, for its causes.
 */
struct plan_step *plan_tracefs_probe(struct planner *p, uint32_t func, uint32_t prog, const char *events, char kind,
				     const char *place, const char *why);

/* An error at a program: adds its name and section. Returns code. */
int plan_refuse(struct planner *p, uint32_t func, int code, const char *fmt, ...) PRINTF_LIKE(4, 5);

#endif
