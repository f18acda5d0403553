// SPDX-License-Identifier: MIT
/*
 * Writes a unit as an ELF object: ELF64, relocatable, EM_BPF, in the unit's byte order.
 *
 * Sections: those of the unit, license, .maps, .hewn.event, .BTF, .BTF.ext, .relNAME for code that
 * names something, .symtab, .strtab. Local symbols come first, as ELF wants.
 *
 * Knows ELF's layout without libelf; knows nothing of loaders, but that they take no local function
 * outside of .text, and the address of a local function only through the section's symbol.
 */
#include <elf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <linux/btf.h>

#include "insn/btfout.h"
#include "insn/bytes.h"
#include "insn/elfout.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif
#define R_BPF_64_64    1  /* ldimm64; Documentation/bpf/llvm_reloc.rst */
#define R_BPF_64_ABS64 2  /* data */
#define R_BPF_64_32    10 /* call */

#define HEADER_SIZE    64
#define SYM_SIZE       24
#define REL_SIZE       16

struct section {
	uint32_t name, type, link, info;
	uint64_t flags, off, size, align, entsize;
};

struct writer {
	const struct unit *unit;
	struct bytes out, strings, symtab;
	struct section *sections; /* of the file; the unit's begin at 1 */
	uint32_t n_sections;
	uint32_t n_symbols, n_locals;
	uint32_t *symbol;      /* in the file, by the unit's symbol */
	uint32_t *of_section;  /* STT_SECTION symbol, by the unit's section, 0: none */
	uint32_t *map_symbol;  /* in the file, by the unit's map */
	uint32_t *map_off;     /* in .maps */
	uint32_t first_extern; /* symbol */
	uint32_t maps_section, events_section;
};

/* The header of a section whose bytes begin where the file ends now. */
static struct section *begin(struct writer *w, const char *name, uint32_t type, uint64_t flags,
			     uint64_t align)
{
	struct section *s = &w->sections[w->n_sections++];

	bytes_align(&w->out, (size_t)align);
	*s = (struct section){.type = type, .flags = flags, .align = align, .off = w->out.size};
	s->name = (uint32_t)bytes_string(&w->strings, name);
	return s;
}

static void whole(struct writer *w, const char *name, uint32_t type, uint64_t flags,
		  const void *data, size_t size)
{
	struct section *s = begin(w, name, type, flags, 8);

	s->size = size;
	bytes_add(&w->out, data, size);
}

/* What stands in the instruction beside the relocation; whether there is one. */
static bool adjust(const struct unit *unit, const struct unit_reloc *r, struct bpf_insn *insn)
{
	const struct unit_symbol *to;

	if (r->kind == UNIT_RELOC_MAP || r->kind == UNIT_RELOC_EXTERN)
		return true;
	to = &unit->symbols[r->target];
	if (r->kind == UNIT_RELOC_CALL && !to->global && to->section == r->section) {
		insn->imm = (int32_t)(to->off - r->insn - 1);
		return false;
	}
	if (r->kind == UNIT_RELOC_FUNC && !to->global)
		insn->imm = (int32_t)(8 * to->off);
	return true;
}

static void put_code(struct writer *w, uint32_t section)
{
	const struct unit_section *from = &w->unit->sections[section];
	struct section *s = begin(w, from->name, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, 8);
	uint8_t slot[8];

	s->size = 8 * (uint64_t)from->n_insns;
	for (uint32_t i = 0; i < from->n_insns; i++) {
		unit_encode(slot, from->insns[i], w->unit->big_endian);
		bytes_add(&w->out, slot, sizeof(slot));
	}
	for (uint32_t i = 0; i < w->unit->n_relocs; i++) {
		const struct unit_reloc *r = &w->unit->relocs[i];
		struct bpf_insn insn;

		if (r->section != section)
			continue;
		insn = from->insns[r->insn];
		adjust(w->unit, r, &insn);
		bytes_put_u32(&w->out, (size_t)s->off + 8 * (size_t)r->insn + 4,
			      (uint32_t)insn.imm);
	}
}

static void put_section(struct writer *w, uint32_t section)
{
	const struct unit_section *from = &w->unit->sections[section];
	uint64_t flags = from->kind == UNIT_RODATA ? SHF_ALLOC : SHF_ALLOC | SHF_WRITE;

	if (from->kind == UNIT_CODE)
		put_code(w, section);
	else if (from->kind == UNIT_BSS)
		begin(w, from->name, SHT_NOBITS, flags, 8)->size = from->size;
	else
		whole(w, from->name, SHT_PROGBITS, flags, from->bytes, from->size);
}

static void put_symbol(struct writer *w, const char *name, unsigned char info, uint32_t section,
		       uint64_t value, uint64_t size)
{
	const unsigned char info_other[2] = {info, STV_DEFAULT};

	bytes_u32(&w->symtab, name[0] ? (uint32_t)bytes_string(&w->strings, name) : 0);
	bytes_add(&w->symtab, info_other, 2);
	bytes_u16(&w->symtab, (uint16_t)section);
	bytes_u64(&w->symtab, value);
	bytes_u64(&w->symtab, size);
	w->n_symbols++;
}

/* Whether this symbol of the unit stands for a section. */
static bool is_whole_section(const struct unit *unit, const struct unit_symbol *s)
{
	return unit->sections[s->section].kind != UNIT_CODE &&
	       !strcmp(s->name, unit->sections[s->section].name);
}

static void put_symbols_bound(struct writer *w, bool global)
{
	for (uint32_t i = 0; i < w->unit->n_symbols; i++) {
		const struct unit_symbol *s = &w->unit->symbols[i];
		bool code = w->unit->sections[s->section].kind == UNIT_CODE;
		unsigned char bind = global ? STB_GLOBAL : STB_LOCAL,
			      type = code ? STT_FUNC : STT_OBJECT;
		uint64_t unit = code ? 8 : 1;

		if (is_whole_section(w->unit, s) || s->global != global)
			continue;
		w->symbol[i] = w->n_symbols;
		put_symbol(w, s->name, (unsigned char)(bind << 4 | type), s->section + 1,
			   unit * s->off, unit * s->size);
	}
}

static void put_symbols(struct writer *w)
{
	uint32_t off = 0;

	put_symbol(w, "", 0, 0, 0, 0);
	for (uint32_t i = 0; i < w->unit->n_sections; i++) {
		w->of_section[i] = w->n_symbols;
		put_symbol(w, "", STB_LOCAL << 4 | STT_SECTION, i + 1, 0, 0);
	}
	put_symbols_bound(w, false);
	w->n_locals = w->n_symbols;
	put_symbols_bound(w, true);
	for (uint32_t i = 0; i < w->unit->n_maps; i++) {
		uint32_t size = btfout_map_size(w->unit, i);

		if (w->unit->maps[i].is_template)
			continue;
		w->map_symbol[i] = w->n_symbols;
		w->map_off[i] = off;

		put_symbol(w, w->unit->maps[i].name, STB_GLOBAL << 4 | STT_OBJECT, w->maps_section,
			   off, size);
		off += size;
	}
	w->first_extern = w->n_symbols;
	for (uint32_t i = 0; i < w->unit->n_externs; i++)
		put_symbol(w, w->unit->externs[i], STB_GLOBAL << 4 | STT_NOTYPE, SHN_UNDEF, 0, 0);
	for (uint32_t i = 0; i < w->unit->n_events; i++) {
		char name[128];

		snprintf(name, sizeof(name), BTFOUT_EVENT_PREFIX "%.100s",
			 w->unit->maps[w->unit->events[i].map].name);
		put_symbol(w, name, STB_GLOBAL << 4 | STT_OBJECT, w->events_section,
			   8 * (uint64_t)i, 8);
	}
}

static uint32_t symbol_of(const struct writer *w, const struct unit_reloc *r)
{
	const struct unit_symbol *to;

	if (r->kind == UNIT_RELOC_MAP)
		return w->map_symbol[r->target];
	if (r->kind == UNIT_RELOC_EXTERN)
		return w->first_extern + r->target;
	to = &w->unit->symbols[r->target];
	if (is_whole_section(w->unit, to) || (r->kind == UNIT_RELOC_FUNC && !to->global))
		return w->of_section[to->section];
	return w->symbol[r->target];
}

static void put_relocs(struct writer *w, uint32_t section, uint32_t symtab)
{
	struct section *s = NULL;

	for (uint32_t i = 0; i < w->unit->n_relocs; i++) {
		const struct unit_reloc *r = &w->unit->relocs[i];
		struct bpf_insn insn;
		bool is_call;

		if (r->section != section)
			continue;
		insn = w->unit->sections[section].insns[r->insn];
		is_call = insn.code == (BPF_JMP | BPF_CALL);
		if (!adjust(w->unit, r, &insn))
			continue;
		if (!s) {
			s = begin(w, ".rel", SHT_REL, SHF_INFO_LINK, 8);
			/* The name goes on where the string just ended. */
			w->strings.size--;
			bytes_string(&w->strings, w->unit->sections[section].name);
			s->link = symtab;
			s->info = section + 1;
			s->entsize = REL_SIZE;
		}
		bytes_u64(&w->out, 8 * (uint64_t)r->insn);
		bytes_u64(&w->out,
			  (uint64_t)symbol_of(w, r) << 32 | (is_call ? R_BPF_64_32 : R_BPF_64_64));
		s->size += REL_SIZE;
	}
}

/* Initial values of maps: what each element of `values` points to. */
static void put_values(struct writer *w, uint32_t symtab)
{
	const struct unit *unit = w->unit;
	struct section *s = NULL;

	for (uint32_t i = 0; i < unit->n_values; i++) {
		const struct unit_value *v = &unit->values[i];
		uint32_t symbol = v->is_func ? w->symbol[v->target] : w->map_symbol[v->target];

		if (!s) {
			s = begin(w, ".rel.maps", SHT_REL, SHF_INFO_LINK, 8);
			s->link = symtab;
			s->info = w->maps_section;
			s->entsize = REL_SIZE;
		}
		bytes_u64(&w->out, w->map_off[v->map] + btfout_values_at(&unit->maps[v->map]) +
					   8 * (uint64_t)v->key);
		bytes_u64(&w->out, (uint64_t)symbol << 32 | R_BPF_64_ABS64);
		s->size += REL_SIZE;
	}
}

static void put_headers(struct writer *w)
{
	unsigned char ident[EI_NIDENT] = {0x7f, 'E', 'L', 'F', ELFCLASS64};
	size_t table;

	bytes_align(&w->out, 8);
	table = w->out.size;
	for (uint32_t i = 0; i < w->n_sections; i++) {
		const struct section *s = &w->sections[i];

		bytes_u32(&w->out, s->name);
		bytes_u32(&w->out, s->type);
		bytes_u64(&w->out, s->flags);
		bytes_u64(&w->out, 0);
		bytes_u64(&w->out, s->off);
		bytes_u64(&w->out, s->size);
		bytes_u32(&w->out, s->link);
		bytes_u32(&w->out, s->info);
		bytes_u64(&w->out, s->align);
		bytes_u64(&w->out, s->entsize);
	}
	ident[EI_DATA] = w->unit->big_endian ? ELFDATA2MSB : ELFDATA2LSB;
	ident[EI_VERSION] = EV_CURRENT;
	if (w->out.data && w->out.size >= HEADER_SIZE)
		memcpy(w->out.data, ident, sizeof(ident));
	bytes_put_u16(&w->out, 16, ET_REL);
	bytes_put_u16(&w->out, 18, EM_BPF);
	bytes_put_u32(&w->out, 20, EV_CURRENT);
	bytes_put_u64(&w->out, 40, table);
	bytes_put_u16(&w->out, 52, HEADER_SIZE);
	bytes_put_u16(&w->out, 58, 64); /* size of a section header */
	bytes_put_u16(&w->out, 60, (uint16_t)w->n_sections);
	bytes_put_u16(&w->out, 62, (uint16_t)(w->n_sections - 1)); /* .strtab is the last */
}

static void put_maps(struct writer *w)
{
	size_t size = 0;

	for (uint32_t i = 0; i < w->unit->n_maps; i++)
		size += btfout_map_size(w->unit, i);
	w->maps_section = w->n_sections;
	if (size)
		whole(w, ".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL, size);
}

static void put_all(struct writer *w, const struct bytes *btf, const struct bytes *ext)
{
	const struct unit *unit = w->unit;
	struct section *s;
	uint32_t symtab;

	bytes_add(&w->out, NULL, HEADER_SIZE);
	bytes_string(&w->strings, "");
	w->n_sections = 1;
	for (uint32_t i = 0; i < unit->n_sections; i++)
		put_section(w, i);
	if (unit->license)
		whole(w, "license", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, unit->license,
		      strlen(unit->license) + 1);
	put_maps(w);
	w->events_section = w->n_sections;
	if (unit->n_events)
		whole(w, BTFOUT_EVENT_SECTION, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL,
		      8 * (size_t)unit->n_events);
	whole(w, ".BTF", SHT_PROGBITS, 0, btf->data, btf->size);
	if (ext->size)
		whole(w, ".BTF.ext", SHT_PROGBITS, 0, ext->data, ext->size);
	put_symbols(w);
	symtab = w->n_sections;
	s = begin(w, ".symtab", SHT_SYMTAB, 0, 8);
	s->size = w->symtab.size;
	s->info = w->n_locals;
	s->entsize = SYM_SIZE;
	bytes_add(&w->out, w->symtab.data, w->symtab.size);
	for (uint32_t i = 0; i < unit->n_sections; i++)
		put_relocs(w, i, symtab);
	put_values(w, symtab);
	s = begin(w, ".strtab", SHT_STRTAB, 0, 1);
	s->size = w->strings.size;
	bytes_add(&w->out, w->strings.data, w->strings.size);
	w->sections[symtab].link = w->n_sections - 1;
	put_headers(w);
}

/* What ELF or loaders cannot take. */
static int check(const struct unit *unit, struct insn_err *err)
{
	/* Section numbers from 0xff00 on mean something else. */
	if (unit->n_sections > 0x7000)
		return insn_err_set(err, -EINVAL, -1, "%u sections, want at most %u",
				    unit->n_sections, 0x7000);
	for (uint32_t i = 0; i < unit->n_symbols; i++) {
		const struct unit_symbol *s = &unit->symbols[i];
		const char *section = unit->sections[s->section].name;

		if (unit->sections[s->section].kind == UNIT_CODE && !s->global &&
		    strcmp(section, ".text") != 0)
			return insn_err_set(err, -EINVAL, -1,
					    "subprogram %s lies in section %s, want .text", s->name,
					    section);
	}
	return 0;
}

int elfout_write(const struct unit *unit, uint8_t **bytes, size_t *size, struct insn_err *err)
{
	struct writer w = {.unit = unit};
	struct bytes btf = {0}, ext = {0};
	int code = check(unit, err);

	*bytes = NULL;
	*size = 0;
	if (code)
		return code;
	w.out.big_endian = w.symtab.big_endian = unit->big_endian;
	w.sections = calloc(2 * (size_t)unit->n_sections + 10, sizeof(*w.sections));
	w.symbol = calloc(unit->n_symbols + 1, sizeof(*w.symbol));
	w.of_section = calloc(unit->n_sections + 1, sizeof(*w.of_section));
	w.map_symbol = calloc(unit->n_maps + 1, sizeof(*w.map_symbol));
	w.map_off = calloc(unit->n_maps + 1, sizeof(*w.map_off));
	code = -ENOMEM;
	if (w.sections && w.symbol && w.of_section && w.map_symbol && w.map_off)
		code = btfout_write(unit, &btf, &ext);
	if (!code) {
		put_all(&w, &btf, &ext);
		if (w.out.failed || w.strings.failed || w.symtab.failed)
			code = -ENOMEM;
	}
	free(w.sections);
	free(w.symbol);
	free(w.of_section);
	free(w.map_symbol);
	free(w.map_off);
	bytes_close(&btf);
	bytes_close(&ext);
	bytes_close(&w.strings);
	bytes_close(&w.symtab);
	if (code) {
		bytes_close(&w.out);
		if (code == -ENOMEM)
			return insn_err_set(err, code, -1, "out of memory");
		return insn_err_set(err, -EINVAL, -1, "more than %d variables in a section, or maps: BTF does not count further",
				    BTF_MAX_VLEN);
	}
	*bytes = w.out.data;
	*size = w.out.size;
	return 0;
}
