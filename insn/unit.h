// SPDX-License-Identifier: MIT
/*
 * A unit: what one source file becomes, before it is a file. Sections with functions, the license,
 * maps, data, and the places that name them.
 *
 * The builder makes units, insn/elfout.h writes them as objects. Everything in a unit is owned by
 * it; names are copied when they are added. All members may be read.
 *
 * Knows nothing of text, ELF or the kernel.
 */
#ifndef INSN_UNIT_H
#define INSN_UNIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/insn.h"

#define UNIT_NONE UINT32_MAX

/* A map; the numbers are those of union bpf_attr for BPF_MAP_CREATE. */
struct unit_map {
	char *name;
	uint32_t type; /* BPF_MAP_TYPE_… */
	uint32_t key_size;
	uint32_t value_size;
	uint32_t max_entries;
	uint32_t map_flags;
	uint32_t numa_node;
	uint32_t pinning; /* 0: none, 1: by name below the loader's folder, as libbpf has it */
	uint64_t map_extra;
	char *inner; /* of a map of maps: the map that shows how the inner ones are; NULL: none */
	bool is_template; /* only shows how inner maps are: no map of its own */
};

/* An initial value of a map of maps, or of a prog_array. */
struct unit_value {
	uint32_t map;
	uint32_t key;
	bool is_func;
	uint32_t target; /* a map or a symbol */
};

/* A member of the records that a ring carries: a number, or text. */
struct unit_field {
	char *name;
	char *meaning;	/* typedef that says how to print it, as hewn.bpf.h has them; NULL: none */
	uint32_t size;	/* of one element: 1, 2, 4 or 8 */
	uint32_t count; /* of an array; 0: it is none */
	bool is_signed, is_char;
	uint32_t off; /* in the record; unit_add_event() sets it, as a C compiler would */
};

#define UNIT_MAX_FIELDS 64

/* What the records of a map are; for loaders that print them. */
struct unit_event {
	uint32_t map;
	struct unit_field *fields;
	uint32_t n_fields;
	uint32_t size;
};

/* What the bytes of a section are. */
enum unit_kind {
	UNIT_CODE,
	UNIT_DATA,   /* .data or .data.*: programs and user space may write it */
	UNIT_RODATA, /* .rodata or .rodata.*: frozen once loaded */
	UNIT_BSS,    /* .bss or .bss.*: zero, takes no room in the file */
};

struct unit_section {
	char *name;
	enum unit_kind kind;
	struct bpf_insn *insns; /* UNIT_CODE */
	uint32_t n_insns;
	uint8_t *bytes; /* UNIT_DATA, UNIT_RODATA */
	uint32_t size;	/* in bytes; of a UNIT_BSS too */
};

/* A name for a place: a function or a variable. */
struct unit_symbol {
	char *name;
	uint32_t section; /* index */
	uint32_t off;	  /* slots in code, bytes in data */
	uint32_t size;	  /* the same */
	bool global; /* a program, or a function the verifier judges by itself; else a subprogram */
	uint8_t n_args; /* of a global subprogram, for the verifier: all are numbers */
};

enum unit_reloc_kind {
	UNIT_RELOC_MAP,	   /* ldimm64 of a map: target is a map */
	UNIT_RELOC_DATA,   /* ldimm64 of a variable: a symbol; the addend is in imm */
	UNIT_RELOC_FUNC,   /* ldimm64 of a subprogram, a callback: a symbol */
	UNIT_RELOC_CALL,   /* call of a subprogram: a symbol */
	UNIT_RELOC_EXTERN, /* ldimm64 or call of what another place defines: an extern */
};

/* The instruction at slot `insn` of section `section` names something. */
struct unit_reloc {
	uint32_t section;
	uint32_t insn;
	enum unit_reloc_kind kind;
	uint32_t target; /* index of a map, a symbol or an extern */
};

/* From this slot on, code comes from this line. */
struct unit_line {
	uint32_t section;
	uint32_t insn;
	uint32_t line, col; /* from 1 */
	char *text;	    /* the line itself */
};

struct unit {
	char *source;  /* the file that it came from, or NULL */
	char *license; /* NULL: none */
	bool big_endian;
	struct unit_section *sections;
	struct unit_map *maps;
	struct unit_symbol *symbols;
	struct unit_reloc *relocs; /* from the builder: within a section, by slot */
	struct unit_line *lines;
	struct unit_event *events;
	struct unit_value *values;
	char **externs; /* names */
	uint32_t n_sections, n_maps, n_symbols, n_relocs, n_lines, n_events, n_values, n_externs;
};

/* An empty unit, for a machine with this one's byte order. */
void unit_open(struct unit *unit);

/* Frees everything and leaves an empty unit. */
void unit_close(struct unit *unit);

/*
 * These add copies, and return the index or -ENOMEM. They do not look for duplicates: see
 * unit_find_*(). unit_add_code(): a section's slots are appended to what it has, and the index of
 * the first is returned. unit_add_bytes(): the same for bytes (NULL: zeros), aligned to align (a
 * power of two) in the section.
 */
int unit_add_map(struct unit *unit, const struct unit_map *map);
int unit_add_section(struct unit *unit, const char *name, enum unit_kind kind);
int unit_add_symbol(struct unit *unit, const struct unit_symbol *symbol);
int unit_add_value(struct unit *unit, const struct unit_value *value);
int unit_add_extern(struct unit *unit, const char *name);
int unit_add_reloc(struct unit *unit, const struct unit_reloc *reloc);
int unit_add_line(struct unit *unit, const struct unit_line *line, size_t text_size);
int unit_add_code(struct unit *unit, uint32_t section, const struct bpf_insn *insns, uint32_t n);
int unit_add_bytes(struct unit *unit, uint32_t section, const void *bytes, uint32_t size,
		   uint32_t align);

/* Copies the fields, and places them. */
int unit_add_event(struct unit *unit, uint32_t map, const struct unit_field *fields, uint32_t n);

/* 0 or -ENOMEM. */
int unit_set_license(struct unit *unit, const char *license);
int unit_set_source(struct unit *unit, const char *source);

/* The index of what has this name, or UNIT_NONE. */
uint32_t unit_find_map(const struct unit *unit, const char *name);
uint32_t unit_find_section(const struct unit *unit, const char *name);
uint32_t unit_find_symbol(const struct unit *unit, const char *name);

/* A copy of a map with all that it owns, 0 or -ENOMEM; and its end. */
int unit_copy_map(struct unit_map *to, const struct unit_map *from);
void unit_free_map(struct unit_map *map);

/* A copy of fields with all that they own, NULL without memory; and its end. */
struct unit_field *unit_copy_fields(const struct unit_field *fields, uint32_t n);
void unit_free_fields(struct unit_field *fields, uint32_t n);

/* The kind that a section has by its name: ".rodata.str" is UNIT_RODATA, "kprobe/x" is UNIT_CODE.
 */
enum unit_kind unit_kind_of(const char *section);

/*
 * One program with the subprograms that it reaches appended, calls between them resolved, as
 * BPF_PROG_LOAD wants it: for those who load without an object file. What names a map or data lacks
 * only the fd of the map in imm, and is listed: in *relocs, by slot of the result, `section`
 * meaning nothing; for data, the target's section is a map of one value. The caller frees *insns
 * and *relocs (NULL if there are none). Returns 0, -ENOENT: no such function, -ENOMEM.
 */
int unit_program(const struct unit *unit, const char *name, struct bpf_insn **insns, uint32_t *n,
		 struct unit_reloc **relocs, uint32_t *n_relocs);

/* The eight bytes of a slot in the given byte order. */
void unit_encode(uint8_t to[8], struct bpf_insn insn, bool big_endian);
struct bpf_insn unit_decode(const uint8_t from[8], bool big_endian);

#endif
