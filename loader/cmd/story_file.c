// SPDX-License-Identifier: MIT
/* The file as ELF: its header byte by byte, its sections, its symbols. Knows ELF, and what hewn makes of a section. */
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "loader/abi/abi.h"
#include "loader/cmd/story.h"
#include "loader/object/ident.h"
#include "loader/object/sections.h"

/* ── how a story is written ── */

void story_say(struct story *story, unsigned int indent, const char *fmt, ...)
{
	unsigned int column = indent;
	char text[2048];
	va_list args;

	if (story->ended)
		return;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	fprintf(story->to, "%*s", (int)indent, "");
	for (char *at = text; *at;) {
		size_t len = strcspn(at, " ");

		if (column > indent && column + 1 + len > 100) {
			fprintf(story->to, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			putc(' ', story->to);
			column++;
		}
		fprintf(story->to, "%.*s", (int)len, at);
		column += (unsigned int)len;
		at += len + (at[len] == ' ');
	}
	putc('\n', story->to);
}

void story_rest(struct story *story)
{
	if (story->ended)
		return;
	putc('\n', story->to);
	fflush(story->to);
	story->ended = story->wait && !story->wait();
}

bool story_chapter(struct story *story, const char *title, const char *where)
{
	if (story->ended)
		return false;
	fprintf(story->to, "%s%u. %s%s\n%sHere: %s%s\n\n", story->bold, ++story->chapter, title, story->off, story->dim,
		where, story->off);
	return true;
}

void story_bytes(struct story *story, const uint8_t *bytes, size_t size, size_t room)
{
	for (size_t i = 0; i < room; i++) {
		if (i < size)
			fprintf(story->to, "%02x ", bytes[i]);
		else
			fputs("   ", story->to);
	}
}

/* ── the header ── */

struct header_field {
	uint8_t off64, size64, off32, size32;
	const char *name, *says;
};

static const struct header_field header[] = {
	{ 0, 4, 0, 4, "magic", "each ELF file begins so: 7f E L F" },
	{ 4, 1, 4, 1, "class", "1: 32 bits, 2: 64 bits; objects of BPF have 64" },
	{ 5, 1, 5, 1, "data", "1: little-endian, 2: big-endian; must be the machine's own to be loaded" },
	{ 6, 1, 6, 1, "version", "of the format: there is only 1" },
	{ 16, 2, 16, 2, "type", "1: relocatable, the output of a compiler before any linker" },
	{ 18, 2, 18, 2, "machine", "247: BPF; compilers of old left 0" },
	{ 20, 4, 20, 4, "version", "again" },
	{ 24, 8, 24, 4, "entry", "where a program begins: an object has no such place" },
	{ 32, 8, 28, 4, "phoff", "where the program headers are: an object has none" },
	{ 40, 8, 32, 4, "shoff", "where the section headers are: the table that the next chapter shows" },
	{ 48, 4, 36, 4, "flags", "of the machine: BPF has none" },
	{ 52, 2, 40, 2, "ehsize", "size of this header" },
	{ 58, 2, 46, 2, "shentsize", "size of one section header" },
	{ 60, 2, 48, 2, "shnum", "how many there are" },
	{ 62, 2, 50, 2, "shstrndx", "which section holds the names of the sections" },
};

void story_header(struct story *story)
{
	const struct elf *elf = story->elf;
	const char *machine = ident_machine(elf->machine), *type = ident_type(elf->type);

	if (!story_chapter(story, "The file", "loader/object/elf.c: elf_open_mem()"))
		return;
	story_say(story, 2, "An object is an ELF file: a header, and sections that the header leads to. This one has %zu bytes: "
			    "%s, %s, %s-endian. Its header, from the first byte:",
		  story->size, type ? type : "of an unknown type", machine ? machine : "of an unknown machine",
		  elf->big_endian ? "big" : "little");
	fputs("\n  offset  bytes                    field      value\n", story->to);
	for (size_t i = 0; i < sizeof(header) / sizeof(*header) && !story->ended; i++) {
		const struct header_field *f = &header[i];
		const uint8_t *at = story->bytes + (elf->bits == 64 ? f->off64 : f->off32);
		const size_t size = elf->bits == 64 ? f->size64 : f->size32;
		const uint64_t value = size == 1 ? *at : size == 2 ? elf_u16(elf, at) : size == 4 ? elf_u32(elf, at) : elf_u64(elf, at);

		fprintf(story->to, "  %6td  ", at - story->bytes);
		story_bytes(story, at, size, 8);
		fprintf(story->to, " %-9s  %-10llu %s%s%s\n", f->name, (unsigned long long)value, story->dim, f->says, story->off);
	}
	story_rest(story);
}

/* ── sections ── */

/* The longest name that fits wins: a name that ends in a dot or a slash stands for all that begin so. */
static const struct {
	const char *name, *says;
} known[] = {
	{ ".text", "functions that the programs call" },
	{ "license", "the licence as text: GPL-compatible ones open more helpers" },
	{ "version", "the version of the kernel, which kernels before 5.0 want of kprobe programs" },
	{ ".maps", "maps: a variable for each, whose type says what it is" },
	{ "maps", "maps as in the years before BTF: a struct bpf_map_def for each" },
	{ ".BTF", "the types, for the loader and the kernel" },
	{ ".BTF.", "what ties instructions to types and source lines" },
	{ ".BTF.ext", "which instruction is of which source line and function, and which need CO-RE" },
	{ ".data", "global variables: they become a map" },
	{ ".data.", "global variables: they become a map" },
	{ ".rodata", "constants: they become a map that nobody can write" },
	{ ".rodata.", "constants: they become a map that nobody can write" },
	{ ".bss", "global variables that begin as zero: they become a map" },
	{ ".bss.", "global variables that begin as zero: they become a map" },
	{ ".percpu", "global variables, of each CPU its own: they become a map" },
	{ ".percpu.", "global variables, of each CPU its own: they become a map" },
	{ ".kconfig", "values of the kernel's configuration" },
	{ ".addr_space.1", "variables in the arena" },
	{ ".jumptables", "where computed jumps go" },
	{ ".struct_ops", "tables of functions for the kernel to call" },
	{ ".struct_ops.link", "tables of functions for the kernel to call, registered by a link" },
	{ ".hewn.event", "which type the records of a ring have" },
	{ ".symtab", "the symbols: the next chapter" },
	{ ".strtab", "the names of symbols and sections" },
	{ ".shstrtab", "the names of the sections" },
	{ ".debug_", "for debuggers: not read" },
	{ ".eh_frame", "for unwinding the stack: not read" },
	{ ".llvm_addrsig", "for linkers: not read" },
	{ ".comment", "which compiler: not read" },
};

static const char *section_says(const struct elf *elf, uint32_t i, char *text, size_t size)
{
	const struct elf_section *s = &elf->sections[i];
	const char *name = s->name + (s->name[0] == '?'), *best = NULL, *target;
	const struct section_def *def;
	size_t longest = 0;

	if (!i)
		return "number 0 is always empty: it stands for \"none\"";
	if (s->type == SHT_REL || s->type == SHT_RELA) {
		snprintf(text, size, "relocations: places in section %u that need an address", s->info);
		return text;
	}
	for (size_t k = 0; k < sizeof(known) / sizeof(*known); k++) {
		const size_t len = strlen(known[k].name);
		const bool open_end = strchr("._", known[k].name[len - 1]) != NULL;

		if (len <= longest || strncmp(name, known[k].name, len) != 0 || (name[len] && !open_end))
			continue;
		longest = len;
		best = known[k].says;
	}
	if (best)
		return best;
	if (!(s->flags & SHF_EXECINSTR))
		return "nothing that a loader needs";
	def = section_find(name, &target);
	if (!def)
		return "instructions, but the name says nothing that hewn knows";
	snprintf(text, size, "a program of type %s%s%s%s", abi_name(abi_prog_types, def->prog_type) ?
								   abi_name(abi_prog_types, def->prog_type) : "?",
		 target[0] ? ", for " : "", target, s->name[0] == '?' ? "; loaded only when asked for" : "");
	return text;
}

static const char *section_type(uint32_t type)
{
	switch (type) {
	case SHT_NULL:
		return "NULL";
	case SHT_PROGBITS:
		return "PROGBITS";
	case SHT_SYMTAB:
		return "SYMTAB";
	case SHT_STRTAB:
		return "STRTAB";
	case SHT_REL:
		return "REL";
	case SHT_RELA:
		return "RELA";
	case SHT_NOBITS:
		return "NOBITS";
	case 0x6fff4c03:
		return "ADDRSIG"; /* SHT_LLVM_ADDRSIG */
	default:
		return "other";
	}
}

static int section_width(const struct elf *elf)
{
	size_t width = 8;

	for (uint32_t i = 0; i < elf->n_sections; i++)
		if (strlen(elf->sections[i].name) > width)
			width = strlen(elf->sections[i].name);
	return width > 44 ? 44 : (int)width;
}

void story_sections(struct story *story)
{
	const struct elf *elf = story->elf;
	const int width = section_width(elf);
	char text[160];

	if (!story_chapter(story, "The sections", "loader/object/elf.c: elf_open_mem(), loader/object/sections.c: section_find()"))
		return;
	story_say(story, 2, "A section is a piece of the file with a name. The compiler makes one for each SEC(\"…\") in the source, "
			    "and the name says what the piece is for. X: instructions, W: may be written.");
	fprintf(story->to, "\n  %4s  %-*s %-8s %8s %7s     what it is\n", "", width, "name", "type", "offset", "bytes");
	for (uint32_t i = 0; i < elf->n_sections && !story->ended; i++) {
		const struct elf_section *s = &elf->sections[i];

		fprintf(story->to, "  [%2u]  %-*.*s %-8s %8llu %7llu %c%c  %s%s%s\n", i, width, width, s->name, section_type(s->type),
			(unsigned long long)s->offset, (unsigned long long)s->size, s->flags & SHF_EXECINSTR ? 'X' : ' ',
			s->flags & SHF_WRITE ? 'W' : ' ', story->dim, section_says(elf, i, text, sizeof(text)), story->off);
	}
	story_rest(story);
}

/* ── symbols ── */

static const char *const types[] = { "NOTYPE", "OBJECT", "FUNC", "SECTION", "FILE" };
static const char *const binds[] = { "LOCAL", "GLOBAL", "WEAK" };

static const char *symbol_says(const struct story *story, const struct elf_symbol *s)
{
	const struct elf_section *section = s->section < story->elf->n_sections ? &story->elf->sections[s->section] : NULL;
	const struct hewn_object *object = story->object;
	uint32_t func = object ? object_func(object, s->name) : NONE;

	if (s->type == STT_FILE)
		return "the source file";
	if (s->type == STT_SECTION)
		return "stands for the section's first byte";
	if (s->section == ELF_UNDEF)
		return s->name[0] ? "defined nowhere here: the kernel must have it" : "number 0 is always empty";
	if (s->section == ELF_COMMON)
		return "a variable without a place of its own";
	if (s->type == STT_FUNC && func != NONE)
		return object->funcs[func].is_prog ? "a program" : "a function that programs call";
	if (object && object_map(object, s->name) != NONE)
		return "a map";
	if (section && !strcmp(section->name, "license"))
		return "the licence";
	if (s->type == STT_OBJECT)
		return "a variable";
	return s->type == STT_NOTYPE ? "a place that code jumps to" : "";
}

void story_symbols(struct story *story)
{
	struct elf_symtab table;
	struct elf_symbol s;

	if (!story_chapter(story, "The symbols", "loader/object/elf.c: elf_symbol(), loader/object/funcs.c: funcs_read()"))
		return;
	if (elf_symtab_open(&table, story->elf, SHT_SYMTAB, NULL)) {
		story_say(story, 2, "There are none: the object was stripped, and nothing in it can be found by its name.");
		story_rest(story);
		return;
	}
	story_say(story, 2, "A symbol is a name for a place: section, offset in it, size. GLOBAL ones can be seen from other files, LOCAL "
			    "(static) ones cannot.");
	fputs("\n        name                             type     bind    section  offset   bytes  what it is\n", story->to);
	for (uint32_t i = 0; i < table.n && !story->ended; i++) {
		char section[16] = "-";

		if (!elf_symbol(story->elf, &table, i, &s))
			continue;
		if (s.section && s.section < story->elf->n_sections)
			snprintf(section, sizeof(section), "[%2u]", s.section);
		fprintf(story->to, "  %4u  %-32.32s %-8s %-7s %7s %7llu %7llu  %s%s%s\n", i, s.name,
			s.type < sizeof(types) / sizeof(*types) ? types[s.type] : "other",
			s.bind < sizeof(binds) / sizeof(*binds) ? binds[s.bind] : "other", section,
			(unsigned long long)s.value, (unsigned long long)s.size, story->dim, symbol_says(story, &s), story->off);
	}
	story_rest(story);
}
