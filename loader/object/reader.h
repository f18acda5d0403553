// SPDX-License-Identifier: MIT
/*
 * What the files of this room share while one object is read: the ELF file, its symbols in memory, and which
 * section became what. Nothing outside of loader/object/ includes this.
 */
#ifndef LOADER_OBJECT_READER_H
#define LOADER_OBJECT_READER_H

#include "loader/object/elf.h"
#include "loader/object/object.h"

/* Where in the file a map is defined. */
struct map_place {
	uint32_t section;
	uint64_t off, size;
	uint64_t values;  /* where its initial values begin, counted from off; 0: none can be given */
	uint32_t map;     /* obj_map */
};

struct symbol_name {
	const char *name;
	uint32_t symbol;
};

struct reader {
	struct hewn_object *object;
	struct elf elf;
	struct elf_symbol *symbols;  /* as in the file; [0] is empty */
	uint32_t n_symbols;
	struct symbol_name *by_name; /* the variables, sorted by name, then as in the file */
	uint32_t n_by_name;
	const char **kept;           /* by symbol: the object's copy of its name, made when first wanted */
	uint32_t *code_of;           /* by section: its obj_code, or NONE */
	uint32_t *data_of;           /* by section: the obj_map of its data, or NONE */
	uint32_t *sections;          /* by obj_code: its section */
	uint32_t n_sections;
	struct map_place *places;    /* of .maps and maps */
	uint32_t n_places, n_sorted; /* the first of them are sorted by section and off */
	struct hewn_err *err;
};

/* The first variable of this name in the section; NULL: none. */
const struct elf_symbol *reader_symbol(const struct reader *r, const char *name, uint32_t section);

/* Whether a section's name is this one, or a variant of it: ".data", and ".data.mine". */
bool reader_is_variant(const char *name, const char *of);

/* A symbol's name; of a section's symbol, which has none, the section's. */
const char *reader_name(const struct reader *r, const struct elf_symbol *symbol);

/* The same as a text that lives as long as the object, one for all who ask; NULL: out of memory. */
const char *reader_keep_name(struct reader *r, uint32_t symbol);

/* The map at this offset of a section, or NULL. */
const struct map_place *reader_place(struct reader *r, uint32_t section, uint64_t off);

/* The function that begins at a byte of an executable section, or NONE. */
uint32_t reader_func(const struct reader *r, uint32_t section, uint64_t off);

/* The bytes of the first section of this name; NULL and 0 where there is none, or nothing in it. */
int reader_section(struct reader *r, const char *name, const uint8_t **data, size_t *size);

/* -ENOMEM in err. */
int reader_nomem(struct reader *r);

/* funcs.c: instructions, and the functions that symbols mark in them. Sets code_of and sections. */
int funcs_read(struct reader *r);
/*
 * After relocs_read(): functions in sections that are not in the table are subprograms if something calls
 * them, and programs of no kind if nothing does.
 */
int funcs_judge(struct reader *r);

/* maps.c, legacy.c, data.c: maps, by where they are defined. */
int maps_read(struct reader *r);
int maps_read_values(struct reader *r); /* after funcs_read() */
int legacy_read(struct reader *r);
int data_read(struct reader *r);
/* What the kernel gets as the name of a section's map; NULL: out of memory. */
const char *data_kernel_name(struct hewn_object *object, const char *section);

/* ops.c: struct_ops; after datasec_fill() and funcs_judge(). */
int ops_read(struct reader *r);

/* datasec.c: what compilers leave open in the BTF; and .hewn.event. */
int datasec_fill(struct reader *r);
int datasec_read_events(struct reader *r);

/* relocs.c: each relocation of the sections that are wanted, until one fails. */
int relocs_walk(struct reader *r, bool (*wants)(const struct reader *r, uint32_t section),
		int (*each)(struct reader *r, uint32_t section, const struct elf_reloc *reloc));
/* Relocations of the instructions, as typed records. */
int relocs_read(struct reader *r);

/* tables.c: the jump table that a symbol of section .jumptables marks, read when it is first asked for. */
int tables_find(struct reader *r, const struct elf_symbol *symbol, uint32_t *table);

/* tags.c: what tags of the source say of functions; after funcs_judge(). */
int tags_read(struct reader *r);

/* externs.c: the map of .kconfig, and the order of externs. After relocs_read(), which finds them. */
int externs_read(struct reader *r);

/* lines.c: .BTF.ext. */
int lines_read(struct reader *r);

#endif
