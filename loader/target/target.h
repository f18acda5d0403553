// SPDX-License-Identifier: MIT
/*
 * The target: what a plan may know of the kernel that it is for. Each fact is one small file, read when
 * it is first asked for and never again, or a line of a recorded profile. Knows nothing of objects.
 */
#ifndef LOADER_TARGET_TARGET_H
#define LOADER_TARGET_TARGET_H

#include "loader/err.h"

struct fact {
	char *path;  /* the file, or "uname -r" for what has none */
	char *text;  /* its first line; NULL: there is no such file */
	bool asked;  /* by the plan that is being made, which lists it; a profile may have more */
};

struct hewn_target {
	struct fact *facts;
	uint32_t n_facts;
	bool failed;   /* memory was out: some facts are missing, and no plan can be made */
	bool recorded; /* from a profile: what is not in it is absent, no file is read */
	char *btf_path;	   /* the BTF to use, from --btf or the profile; NULL: the kernel's own */
	bool btf_is_other; /* from --btf: not what the target itself would use */
	struct kbtf *kbtf; /* kbtf.h; NULL: not asked for yet */
	char *config;	   /* kconfig.h: the options, as lines of text; NULL: not read yet, or there are none */
	struct ksyms *ksyms; /* ksyms.h: names that are wanted; NULL: none */
};

/* The fact of this name, if somebody asked for it or the profile has it; NULL: not known yet. */
struct fact *target_find(struct hewn_target *target, const char *path);

/* The text of a fact, owned by the target; NULL: absent. The plan that is being made lists it. */
const char *target_fact(struct hewn_target *target, const char *path);

/* A fact that somebody else has found out, in this room: NULL or false where it is not known, or memory is out. */
const char *target_known(struct hewn_target *target, const char *name);
bool target_remember(struct hewn_target *target, const char *name, const char *text);

/* The same for a fact that no plan lists, because none depends on it. */
bool target_note(struct hewn_target *target, const char *name, const char *text);

/*
 * The fact "KIND SPEC" of a place that a section names: its name as `key`, and its text in *known, NULL where it is still
 * to be found. -ENOENT: a profile does not say it; -ENAMETOOLONG.
 */
#define TARGET_KEY 4200
int target_place(struct hewn_target *target, const char *kind, const char *spec, char key[TARGET_KEY], const char **known,
		 struct hewn_err *err);

/* A fact that is known, without asking for it: no plan lists it for that. NULL: it is not, or absent. */
const char *target_recorded(const struct hewn_target *target, const char *name);

/*
 * Whether that is settled: there is such a fact, with *text NULL where it is absent. A profile has settled everything.
 */
bool target_settled(struct hewn_target *target, const char *name, const char **text);

/* KERNEL(a, b) | c of the release; 0: unknown. The sublevel is clamped to 255 as the kernel does. */
uint32_t target_version(struct hewn_target *target);

/* From here on another plan is made: what was asked for so far is not listed by it, unless it asks again. */
void target_forget_asked(struct hewn_target *target);

/* A list such as "0-3,8" as the number of its highest member + 1, and whether a CPU is in it. */
uint32_t target_possible_cpus(struct hewn_target *target);
bool target_cpu_in(const char *list, uint32_t cpu);

/* The perf PMU "kprobe" or "uprobe": its type number, and the bit of config that means "return"; -ENOENT: none. */
int target_pmu(struct hewn_target *target, const char *pmu, uint32_t *type, uint32_t *retprobe_bit);

/* How far perf events are open to those without CAP_PERFMON; above 2 some distributions want CAP_SYS_ADMIN. */
#define PERF_PARANOID "/proc/sys/kernel/perf_event_paranoid"

#define POSSIBLE_CPUS "/sys/devices/system/cpu/possible"
#define PMUS	      "/sys/bus/event_source/devices/"

uint32_t target_page_size(struct hewn_target *target);

#endif
