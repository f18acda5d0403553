// SPDX-License-Identifier: MIT
/*
 * What an object file says, as typed records: the first type of the pipeline. No fds, no addresses; the
 * kernel is not asked. Later stages read it and never write it. Indices, not pointers, tie records together.
 */
#ifndef LOADER_OBJECT_OBJECT_H
#define LOADER_OBJECT_OBJECT_H

#include "loader/hewn.h"
#include "loader/object/btf.h"
#include "loader/object/sections.h"

#define NONE UINT32_MAX /* no index */

struct bpf_insn;

/* An executable section. Instructions are in host byte order whatever the file's. */
struct obj_code {
	const char *name;
	struct bpf_insn *insns;
	uint32_t n_insns;
};

/* A function: a program (it has a section that says how it is attached) or a subprogram. */
struct obj_func {
	const char *name;
	uint32_t code;              /* its obj_code */
	uint32_t insn, n_insns;     /* in that section */
	bool is_global, is_weak;
	bool is_prog;
	uint32_t type_id;           /* its BTF FUNC, 0: none */
	/* programs only: */
	uint32_t exception;         /* the obj_func that takes over when the program throws (6.7), or NONE */
	const struct section_def *def; /* row of the table of sections; NULL: the name is unknown,
					  and section_nearest() may know which was meant */
	const char *target;         /* what follows in the section name: "do_sys_openat2", "sched/sched_switch", ""  */
	bool optional;              /* the section begins with `?` */
};

enum obj_map_origin {
	MAP_BTF,    /* section .maps */
	MAP_LEGACY, /* section maps */
	MAP_DATA,   /* .data, .rodata, .bss and variants */
	MAP_STRUCT_OPS, /* a variable of .struct_ops or .struct_ops.link */
	MAP_KCONFIG, /* .kconfig: its bytes are for a target to say */
};

/* One initial value of a map of maps or programs; or a program of a struct_ops. */
struct obj_map_value {
	uint32_t key;               /* of a struct_ops: the number of the member that is a pointer to it */
	bool is_prog;
	uint32_t index;             /* a map or a func */
};

struct obj_map {
	const char *name;           /* of the variable, or of the section of variables: "events", ".bss" */
	const char *kernel_name;    /* what the kernel gets, before truncation to 15 characters: "execs.bss" */
	const char *section;
	enum obj_map_origin origin;
	uint32_t type, key_size, value_size, max_entries, flags, numa_node;
	bool has_numa_node;
	uint64_t extra;
	bool pin_by_name;           /* pinning = 1 (LIBBPF_PIN_BY_NAME) */
	bool optional;              /* its section begins with `?` */
	uint32_t key_type, value_type; /* BTF ids, 0: none; of a struct_ops the STRUCT as the object has it */
	uint32_t inner;             /* map of maps: the obj_map that is the template; NONE: none */
	bool is_template;           /* only describes the inner map of another */
	struct obj_map_value *values;
	uint32_t n_values;
	uint8_t *data;              /* the initial value; NULL: zeros (.bss). Of MAP_DATA, MAP_STRUCT_OPS, and the variables of an arena */
	uint32_t data_size;
	bool readonly;              /* .rodata: update, then freeze, then load */
	uint32_t event_type;        /* BTF id of the records of this ring; 0: the object does not say */
	uint32_t datasec;           /* MAP_DATA: its BTF DATASEC, 0: none */
};

enum obj_reloc_kind {
	RELOC_MAP,    /* ld_imm64: the fd of map `index` */
	RELOC_DATA,   /* ld_imm64: address of byte `addend` in the value of map `index` */
	RELOC_CALL,   /* call: func `index` */
	RELOC_FUNC,   /* ld_imm64: address of func `index`, for callbacks */
	RELOC_TABLE,  /* ld_imm64: address of jump table `index` */
	RELOC_EXTERN, /* what only a kernel can give: externs[index] */
};

/* One place in the instructions that the next stage must fill. Sorted by code, then insn. */
struct obj_reloc {
	uint32_t code, insn;
	enum obj_reloc_kind kind;
	uint32_t index;
	int64_t addend;
	const char *symbol;         /* NULL: a call inside of a section, which needs none */
};

/* A table of section .jumptables (6.19): where an indirect jump may go. */
struct obj_table {
	const char *name;
	uint64_t off;               /* in that section */
	uint32_t *insns;            /* each counted in the section of the code that jumps */
	uint32_t n_insns;
};

enum obj_extern_kind { EXTERN_KCONFIG, EXTERN_KSYM, EXTERN_KFUNC, EXTERN_UNDEFINED };

/* What a __kconfig variable can be. */
enum obj_kconfig { KCONFIG_BOOL, KCONFIG_CHAR, KCONFIG_INT, KCONFIG_TRISTATE, KCONFIG_TEXT };

struct obj_extern {
	const char *name;
	enum obj_extern_kind kind;
	bool is_weak;
	uint32_t type_id;           /* its BTF VAR or FUNC, 0: none */
	uint32_t rank;              /* its place among all: options as they lie in the map, then symbols by name */
	/* EXTERN_KCONFIG only: */
	enum obj_kconfig kconfig;
	bool is_signed;
	uint32_t map, off, size;    /* where it lies: in the value of a MAP_KCONFIG */
};

/* From .BTF.ext; sorted by code, then insn. */
struct obj_func_info { uint32_t code, insn, type_id; };
struct obj_line { uint32_t code, insn, file_off, line_off, line_col; }; /* line << 10 | column */
struct obj_core { uint32_t code, insn, type_id, access_off, kind; };   /* enum bpf_core_relo_kind */

/* A string that the object owns, in a list. */
struct obj_string {
	struct obj_string *next;
	char text[];
};

struct hewn_object {
	const char *name;                /* the path it came from */
	bool big_endian;
	uint32_t elf_machine;       /* EM_BPF, or EM_NONE of old compilers */
	char license[64];           /* "" where there is none */
	uint32_t version;           /* section `version`, 0: none */
	bool has_btf;
	struct btf btf;
	struct obj_code *codes;
	struct obj_func *funcs;
	struct obj_map *maps;
	struct obj_reloc *relocs;
	struct obj_extern *externs;
	struct obj_table *tables;
	struct obj_func_info *func_infos;
	struct obj_line *lines;
	struct obj_core *cores;
	uint32_t n_codes, n_funcs, n_maps, n_relocs, n_externs, n_tables, n_func_infos, n_lines, n_cores;
	struct obj_string *strings; /* names that are not in the BTF; owned */
};

/* An object without anything in it, to be filled; NULL: out of memory. Closed by hewn_object_close(). */
struct hewn_object *object_new(const char *name);

/* A copy of the text, which lives as long as the object; NULL: out of memory. */
const char *object_string(struct hewn_object *object, const char *text);

/* A number as programs see it in the values of maps: in the byte order of the object, which is the target's. */
static inline void object_put(const struct hewn_object *object, uint8_t *to, uint64_t number, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		to[object->big_endian ? size - 1 - i : i] = (uint8_t)(number >> 8 * i);
}

/* Index of a func or map by name, or NONE. */
uint32_t object_func(const struct hewn_object *object, const char *name);
uint32_t object_map(const struct hewn_object *object, const char *name);

/* The function that holds an instruction of a section, or NONE. Functions are sorted by code, then insn. */
uint32_t object_func_at(const struct hewn_object *object, uint32_t code, uint32_t insn);

/*
 * The first of n records that is not before (code, insn); n: none. For what is sorted by these two and begins
 * with them: relocations, func_infos, lines, cores.
 */
uint32_t object_first_at(const void *records, uint32_t n, size_t size, uint32_t code, uint32_t insn);

/* The line_info that covers an instruction; NULL: none. */
const struct obj_line *object_line_at(const struct hewn_object *object, uint32_t code, uint32_t insn);

/* Adds object, section, function, instruction (counted from the function's start) and source line to err. */
void object_err_at(const struct hewn_object *object, uint32_t code, uint32_t insn, struct hewn_err *err);

#endif
