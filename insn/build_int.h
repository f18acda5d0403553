// SPDX-License-Identifier: MIT
/*
 * What the builder's own files share. The list of items is written by build.c alone; build_out.c
 * puts resolved offsets into it.
 */
#ifndef INSN_BUILD_INT_H
#define INSN_BUILD_INT_H

#include "insn/build.h"

#define BUILD_NONE UINT32_MAX

enum item_kind { ITEM_INSN, ITEM_LABEL, ITEM_COMMENT };

/* How a jump is written out. */
enum item_form {
	FORM_SHORT,  /* as it is */
	FORM_GOTOL,  /* goto becomes gotol */
	FORM_INVERT, /* the opposite condition skips a gotol */
	FORM_ROUND,  /* the condition jumps to a gotol that a goto skips: no opposite exists */
};

struct item {
	struct bpf_insn insn;
	uint32_t hi;	 /* ldimm64: imm of the second slot */
	uint32_t name;	 /* of the label, the symbol; for a comment, index of the text */
	uint32_t pos;	 /* index of the position */
	uint32_t target; /* jumps, from build_finish() on: index of the item jumped to */
	uint8_t kind;	 /* enum item_kind */
	uint8_t ref;	 /* enum insn_ref */
	uint8_t form;	 /* enum item_form */
};

/* A name, once, and what it stands for. */
struct name {
	char *text;
	uint32_t hash;
	uint32_t func, map, var, ext;	 /* index, or BUILD_NONE */
	uint32_t label_func, label_item; /* the last function that has it as a label, and where */
};

struct pos {
	const char *text; /* borrowed */
	uint32_t size, line, col;
};

struct value {
	uint32_t map, key, target; /* map and target: names */
	uint32_t pos;
};

struct reg {
	char *what; /* NULL: nothing stated */
	unsigned int flags;
};

struct func {
	uint32_t name, section; /* section: a name too */
	uint32_t first, end;	/* items */
	uint32_t pos;
	bool global, sub, check_regs;
	struct reg regs[11];
};

struct var {
	uint32_t name, section;
	uint32_t align;
	uint8_t *bytes;
	uint32_t size;
};

struct build {
	struct insn_err err;
	int code; /* of err, 0: none */
	struct name *names;
	uint32_t *hash; /* open addressing, index + 1 into names; n_hash is a power of two */
	struct item *items;
	struct pos *at;
	struct func *funcs;
	struct var *vars;
	struct unit_map *maps;
	struct value *values;
	uint32_t *externs;	   /* names */
	struct unit_event *events; /* map: a map's index */
	char **texts;
	uint32_t n_names, n_hash, n_items, n_at, n_funcs, n_vars, n_maps, n_events, n_values,
		n_externs, n_texts;
	uint32_t c_names, c_items, c_at, c_funcs, c_vars, c_maps, c_events, c_values, c_externs,
		c_texts;  /* capacities */
	uint32_t section; /* name of the section that code goes to */
	uint32_t func;	  /* BUILD_NONE: the next instruction begins one */
	bool want_hi;	  /* the last item is half an ldimm64 */
	bool gotol, big_endian;
	char *source, *license;
	void *grown; /* for ROOM */
};

/* The name's index, made if new; BUILD_NONE without memory (the error is recorded). */
uint32_t build_name(struct build *b, const char *text, size_t size);

/* Records an error at a position that was in force. */
void build_fail_at(struct build *b, uint32_t pos, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Records an error about an item of a function, at that item's position. */
void build_fail_item(struct build *b, const struct func *f, uint32_t item, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* Begins a function there, whose items are to follow. Returns its index or BUILD_NONE. */
uint32_t build_new_func(struct build *b, const char *name, uint32_t section, bool global, bool sub);

/* Slots that an item takes. */
uint32_t build_slots(const struct item *item);

/* Whether an instruction jumps by an offset (in off, or with gotol in imm), exit and calls not. */
bool build_is_jump(struct bpf_insn insn);
bool build_is_gotol(struct bpf_insn insn);

/* Makes functions of what is called by number. build_resolve.c */
void build_split(struct build *b);

/* Targets of jumps, from labels and numbers; the form of each jump; the slot of each item in its
 * function. */
void build_resolve(struct build *b, uint32_t *at);

/* The code of the opposite condition, where there is one. */
uint8_t build_invert(uint8_t code);

/* Maps in maps, programs in maps: into the unit, which has them all. 0 or -ENOMEM. build_values.c
 */
int build_put_values(struct build *b, struct unit *unit);

/* The register convention. build_regs.c */
void build_judge_regs(struct build *b, const struct func *f);

/* The array, with room for one more behind n; NULL without memory (recorded). ROOM: for a member,
 * its count n_ and its capacity c_; whether there is room. */
void *build_room(struct build *b, void *array, uint32_t n, uint32_t *capacity, size_t size);
#define ROOM(b, member)                                                                            \
	(((b)->grown = build_room((b), (b)->member, (b)->n_##member, &(b)->c_##member,             \
				  sizeof(*(b)->member))) &&                                        \
	 ((b)->member = (b)->grown, true))
void build_no_memory(struct build *b);

/* A name for something new; BUILD_NONE if it is taken (the error is recorded). */
uint32_t build_new_name(struct build *b, const char *text);

#endif
