// SPDX-License-Identifier: MIT
/*
 * What the parts of freeze share: one struct while a plan is written out as a C program. A room of its own
 * after plan/, because it writes plans and nothing in plan/ asks for it; and because it is large.
 *
 * The order of work: the plan's steps become functions (step.c), which note what they need on the way: types
 * of attrs (attr.c), data (data.c), helpers (runtime.c), members of the program's struct (member.c). When
 * all is known, source.c and header.c write the two files from it.
 */
#ifndef LOADER_FREEZE_FREEZE_H
#define LOADER_FREEZE_FREEZE_H

#include <stdio.h>

#include "loader/abi/abi.h"
#include "loader/err.h"
#include "loader/plan/plan.h"
#include "loader/plan/walk.h"

/* A text that is written before its place in the file is known. */
struct freeze_text {
	FILE *to;
	char *text;
	size_t size;
};

/* What lives in the program's struct from open to close. */
struct freeze_member {
	enum plan_slot_kind kind;
	enum plan_slot_of of;
	uint32_t index, nth;
	bool per_cpu;
	char *group; /* "maps", or "" for a member of the struct itself */
	char *name;
	char *expr;  /* "o->maps.calls", "o->links.sample[cpu]" */
};

/* Code that undoes a step; the list is written backwards. */
struct freeze_undo {
	uint32_t loop;  /* not 0: for each CPU, together with its neighbours of the same number */
	char *text;
};

/* A struct of the generated file for the attrs of one command, or of one case of its union. */
struct freeze_attr {
	uint32_t cmd;
	const char *only;
	uint32_t size;
	const struct abi_field *fields[64];
	uint32_t n_fields;
	char name[64];
};

/* What the steps can ask for. Written only where asked for: an unused static function is a warning. */
enum freeze_use {
	USE_BPF, USE_BPF_AGAIN, USE_PTR, USE_PERF, USE_PERF_BIT, USE_IOCTL, USE_MAP, USE_ARENA, USE_WATCH, USE_SET, USE_CPUS, USE_PAGES, USE_WHOLE, USE_READ, USE_NUMBER, USE_PMU,
	USE_RETBIT, USE_PID, USE_TRACEFS, USE_TRACEFS_NUMBER, USE_TRACEFS_WRITE, USE_VERSION, USE_LOG, USE_INSN, USE_WITHOUT,
	USE_NOT_MADE, USE_CALL, USE_PERF_RING, USE_RINGBUF, USE_UNMAP, USE_N
};

struct freeze {
	const struct hewn_object *object;
	struct hewn_target *target;
	const struct hewn_plan *plan; /* that which is being written */
	const char *name, *upper;     /* of the struct, an identifier; and in capitals, for macros */
	const char *source;           /* the object's file name, for people */
	const char *header;           /* name of the header file */
	struct hewn_err *err;
	int ret;                      /* the first failure */
	bool uses[USE_N];

	struct freeze_text data;      /* instructions, BTF, … */
	struct freeze_text code;      /* functions, a part of the plan each */
	struct freeze_text opens;     /* calls of these: for open() */
	struct freeze_text attaches;  /* and for attach() */

	struct freeze_member *members;
	uint32_t n_members;
	uint32_t *slots;              /* plan slot → member; NONE */
	char **blobs;                 /* plan blob → name of the array that holds it; NULL: not written */
	char **names;                 /* identifiers that are taken in the file */
	uint32_t n_names;
	struct freeze_attr *attrs;
	uint32_t n_attrs;
	struct freeze_undo *undos;
	uint32_t n_undos;
	uint32_t loop;                /* not 0: inside of a loop over the CPUs */
	uint32_t n_loops, n_marks;
	bool has_pmu[2];              /* whether a kprobe, a uprobe PMU is looked up */
	bool by_tracefs;              /* where the target has none, there is another way: not where a profile tells */
	struct freeze_text ids;       /* declarations of the function that is being written */
};

/* ── freeze.c ── */
/* Refuses: the first reason stays. Returns the code. */
int freeze_refuse(struct freeze *f, int code, const char *fmt, ...) PRINTF_LIKE(3, 4);
int freeze_nomem(struct freeze *f);

/* ── words.c: texts for a C file ── */
bool words_open(struct freeze_text *text);
char *words_close(struct freeze_text *text); /* the caller frees it; NULL: out of memory */
void words_tabs(FILE *to, unsigned int depth);
void words_string(FILE *to, const char *bytes, size_t size);   /* with its quotes */
void words_comment(FILE *to, const char *text);                /* what may stand inside of a comment */
/* A name out of the object, which may be any text, within a comment's own words. */
void words_about(FILE *to, const char *before, const char *name, const char *after);
/* A comment of its own, over as many lines as it takes. */
void words_note(FILE *to, unsigned int depth, const char *text);
void words_number(FILE *to, uint64_t value);                   /* with the suffix that it takes */
void words_id(char *to, size_t size, const char *text);        /* an identifier out of any text */
/* The same, kept in the list and unlike all others there; owned by f. */
const char *words_new(struct freeze *f, const char *text);

/* ── member.c ── */
int members_begin(struct freeze *f);    /* of f->plan */
void members_end(struct freeze *f);
/* The C expression of a slot's value. */
const char *member_expr(struct freeze *f, uint32_t slot);
bool member_per_cpu(const struct freeze *f, uint32_t slot);
/* How to ask whether it is there: "o->btf >= 0". */
void member_is_there(struct freeze *f, uint32_t slot, FILE *to);
/* The declaration of the program's struct. */
void members_declare(struct freeze *f, FILE *to);

/* ── attr.c ── */
/* The argument of a step that is an attr; NONE. */
uint32_t attr_blob_of(const struct freeze *f, const struct plan_step *step);
/* Whether two attrs have the same C type. */
bool attr_alike(const struct freeze *f, uint32_t a, uint32_t b);
void attr_declare(struct freeze *f, const struct plan_step *step, uint32_t blob, unsigned int depth, const char *var, FILE *to);
/* Assignments that make one attr out of another. */
void attr_change(struct freeze *f, const struct plan_step *step, uint32_t from, uint32_t blob, unsigned int depth, const char *var,
		 FILE *to);
void attr_types(struct freeze *f, FILE *to);
/* Makes a member for a field that the kernel writes. */
void attr_add(struct freeze *f, uint32_t blob, const char *field);

/* ── data.c ── */
/* The C expression that points to a blob's bytes, which are written to f->data where they are many. */
void data_pointer(struct freeze *f, uint32_t blob, FILE *to);

/* ── step.c ── */
/* A list of steps as code. outer: number and letter of what they belong to; NULL: the plan's own, from `first` on. */
struct step_place {
	unsigned int depth;
	const struct walk_number *outer;
	char letter;
	const char *attr;   /* variable of an attr in scope, and which blob it holds */
	uint32_t attr_blob;
	uint32_t n_attrs;   /* variables so named that are in scope */
	const struct plan_loop *loop;  /* that they are in; NULL: in none */
	const struct plan_step *keeps; /* the step whose alternatives these are: it keeps the result */
};
void steps_write(struct freeze *f, const struct plan_step *steps, uint32_t n, uint32_t first, const struct step_place *at, FILE *to);
/* Whether a step belongs to one CPU of many. */
bool step_per_cpu(const struct freeze *f, const struct plan_step *step);

/* ── tracefs.c ── */
/* Writes the three steps that read or write one file of tracefs as one call; 0: these are not such steps. */
uint32_t tracefs_write(struct freeze *f, const struct plan_step *steps, uint32_t n, const struct step_place *at, const char *number,
		       FILE *to);

/* ── runtime.c: the parts of the generated file that are always the same ── */
void runtime_helpers(struct freeze *f, FILE *to);
void runtime_ring_walks(struct freeze *f, FILE *to);

/* ── symbols.c ── */
/* Writes the function that finds the addresses of the kernel's symbols; to NULL: only counts. Returns how many they are. */
uint32_t symbols_write(struct freeze *f, FILE *to);

/* ── code.c ── */
/* Writes the function that looks at the places of probes in files; to NULL: only counts. Returns how many programs have some. */
uint32_t code_write(struct freeze *f, FILE *to);

/* ── types.c: BTF as C ── */
struct types {
	const struct freeze *f;
	uint8_t *done;      /* by type id: 1 written */
	uint8_t *aligns;    /* by type id; 0: not known yet */
	uint32_t left;      /* members that may still be written inside of others */
	FILE *to;
};
int types_open(struct types *types, const struct freeze *f, FILE *to);
void types_close(struct types *types);
/* Writes the definitions that a type needs, once each. */
void types_define(struct types *types, uint32_t type);
/* "uint32_t x", "char path[256]", "struct opens_call x". */
void types_declare(struct types *types, uint32_t type, const char *name, FILE *to);
/* How a value of the type is aligned where its members are. */
uint32_t types_align(const struct types *types, uint32_t type);
/* The attribute that makes a struct so large and no larger; misplaced: a member is not aligned. */
const char *types_packing(uint64_t size, uint32_t align, bool misplaced);

/* ── the files ── */
void header_write(struct freeze *f, FILE *to);
void source_write(struct freeze *f, FILE *to);
void main_write(struct freeze *f, FILE *to);

/* The type of the records of a ring; 0: not known. And whether a map's key or value type says how large it is. */
uint32_t freeze_event_type(const struct freeze *f, uint32_t map);
bool freeze_typed(const struct freeze *f, uint32_t type, uint32_t size);
/* Whether the plan opens a ring for the map. */
bool freeze_has_ring(const struct freeze *f, uint32_t map);

#endif
