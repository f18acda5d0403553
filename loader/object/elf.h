// SPDX-License-Identifier: MIT
/*
 * ELF files as plain records: sections, symbols, relocations, segments; 32 and 64 bits, both byte orders.
 * The only room that opens libelf. Knows ELF; knows nothing of eBPF.
 *
 * Every name, index and extent in a record has been checked against the file: an offset that a hostile
 * file made up gives an error or a record without data, never a read outside of the file.
 */
#ifndef LOADER_OBJECT_ELF_H
#define LOADER_OBJECT_ELF_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "loader/hewn.h"

#ifndef EM_BPF /* glibc before 2.27 */
#define EM_BPF 247
#endif

/* elf_symbol.section where there is no section to point to. */
#define ELF_UNDEF  0u          /* defined elsewhere */
#define ELF_ABS    0xfffffff1u /* the value is a number, not a place */
#define ELF_COMMON 0xfffffff2u /* room that a linker would make: uninitialised globals */
#define ELF_BAD    0xffffffffu /* an index that the file does not have */

struct elf_section {
	const char *name;      /* "" where the file's is unreadable */
	uint32_t type;         /* SHT_… */
	uint32_t link, info;
	uint64_t flags;        /* SHF_… */
	uint64_t addr, offset, size, entsize;
	void *data;            /* libelf's, in the host's layout, once it was asked for */
};

/* A program header. */
struct elf_segment {
	uint32_t type;         /* PT_… */
	uint32_t flags;        /* PF_… */
	uint64_t offset, vaddr, filesz, memsz;
};

struct elf {
	void *handle;          /* libelf's */
	int fd;                /* -1: from memory */
	const void *bytes;     /* from memory: borrowed until elf_close() */
	void *copy;            /* a small file, whole; else NULL */
	uint64_t size;         /* of the file */
	unsigned int bits;     /* 32 or 64 */
	bool big_endian;
	uint32_t type;         /* ET_… */
	uint32_t machine;      /* EM_… */
	uint64_t entry;
	struct elf_section *sections;
	uint32_t n_sections;
	struct elf_segment *segments;
	uint32_t n_segments;
};

/* A symbol table: .symtab or .dynsym. */
struct elf_symtab {
	uint32_t section;      /* its own index */
	uint32_t n;            /* number of symbols, the empty first one included */
	void *symbols, *shndx, *versym; /* libelf's */
};

struct elf_symbol {
	const char *name;
	const char *version;   /* "GLIBC_2.34" of name@GLIBC_2.34; NULL: none */
	bool is_default;       /* name@@VERSION: what a linker takes when no version is asked for */
	uint64_t value, size;
	uint8_t type;          /* STT_… */
	uint8_t bind;          /* STB_… */
	uint8_t visibility;    /* STV_… */
	uint32_t section;      /* index, or ELF_… */
};

struct elf_reloc {
	uint64_t offset;       /* in the section that is patched (ET_REL), or an address */
	uint32_t type;         /* R_… of the machine */
	uint32_t symbol;       /* in the table that the section's `link` names */
	int64_t addend;        /* SHT_RELA; 0 for SHT_REL, whose addend is in the patched place */
};

/*
 * Opens a file, or bytes that stay the caller's and must outlive the elf. Nothing is copied but the
 * headers. -ENOENT and so on as open(2); -ENOEXEC: not ELF, or truncated. Records and data are valid
 * until elf_close(), which accepts a closed or half-open elf.
 */
int elf_open(struct elf *elf, const char *path, struct hewn_err *err);
int elf_open_mem(struct elf *elf, const void *bytes, size_t size, struct hewn_err *err);
void elf_close(struct elf *elf);

/* Index of the first section of this name, or of this type; ELF_BAD: none. */
uint32_t elf_find(const struct elf *elf, const char *name);
uint32_t elf_find_type(const struct elf *elf, uint32_t type);

/*
 * The bytes of a section as they are in the file, in its byte order; NULL with size 0 for SHT_NOBITS and
 * empty sections. -ENOEXEC: the section is not inside the file; -EOPNOTSUPP: it is compressed.
 */
int elf_data(const struct elf *elf, uint32_t section, const uint8_t **data, size_t *size,
	     struct hewn_err *err);

/* Opens a table of symbols by its type (SHT_SYMTAB, SHT_DYNSYM). -ENOENT, without err: there is none. */
int elf_symtab_open(struct elf_symtab *symtab, const struct elf *elf, uint32_t type,
		    struct hewn_err *err);

/* Reads one symbol. False: there is no such. */
bool elf_symbol(const struct elf *elf, const struct elf_symtab *symtab, uint32_t i,
		struct elf_symbol *symbol);

/* Number of entries of a relocation section (SHT_REL, SHT_RELA); 0 for others. And one of them. */
uint32_t elf_n_relocs(const struct elf *elf, uint32_t section);
bool elf_reloc(const struct elf *elf, uint32_t section, uint32_t i, struct elf_reloc *reloc);

/* Integers in the file's byte order, from anywhere. */
static inline bool elf_is_foreign(const struct elf *elf)
{
	return elf->big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__);
}

static inline uint16_t elf_u16(const struct elf *elf, const void *p)
{
	uint16_t v;

	memcpy(&v, p, sizeof(v));
	return elf_is_foreign(elf) ? __builtin_bswap16(v) : v;
}

static inline uint32_t elf_u32(const struct elf *elf, const void *p)
{
	uint32_t v;

	memcpy(&v, p, sizeof(v));
	return elf_is_foreign(elf) ? __builtin_bswap32(v) : v;
}

static inline uint64_t elf_u64(const struct elf *elf, const void *p)
{
	uint64_t v;

	memcpy(&v, p, sizeof(v));
	return elf_is_foreign(elf) ? __builtin_bswap64(v) : v;
}

#endif
