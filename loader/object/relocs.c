// SPDX-License-Identifier: MIT
/*
 * Relocations of the instructions, as typed records. What a relocation means follows from the
 * instruction and from where its symbol lies; its number in ELF says less, and old compilers wrote
 * others. Knows ELF's rules and eBPF's; patches nothing.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/insn.h"
#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

#define CALL	 (BPF_JMP | BPF_CALL)
#define R_NONE	 0 /* a relocation of this type asks for nothing, on every machine */
#define LD_IMM64 (BPF_LD | BPF_DW | BPF_IMM)

/* One relocation while it is judged. */
struct site {
	struct reader *r;
	uint32_t code, insn;
	const struct bpf_insn *at; /* a ld_imm64's second half follows */
	const struct elf_symbol *symbol;
	struct obj_reloc reloc;
};

/* Adds where it was to the error that is there. */
static int at_site(const struct site *s, int rc)
{
	if (!rc)
		return 0;
	err_symbol(s->r->err, s->reloc.symbol);
	object_err_at(s->r->object, s->code, s->insn, s->r->err);
	return rc;
}

/* ── What only a kernel can give ── */

static enum obj_extern_kind extern_kind(const struct reader *r, const char *name, uint32_t *type)
{
	const struct btf *btf = &r->object->btf;

	*type = 0;
	for (uint32_t id = 1; r->object->has_btf && id < btf->n_types; id++) {
		const struct btf_head *head = btf_type(btf, id);
		const struct btf_secvar *vars = btf_body(head);
		bool kconfig = !strcmp(btf_name(btf, id), ".kconfig");

		if (btf_kind(head) != BTF_DATASEC ||
		    (!kconfig && strcmp(btf_name(btf, id), ".ksyms") != 0))
			continue;
		for (uint32_t i = 0; i < btf_vlen(head); i++) {
			if (strcmp(btf_name(btf, vars[i].type), name) != 0)
				continue;
			*type = vars[i].type;
			if (kconfig)
				return EXTERN_KCONFIG;
			return btf_kind(btf_type(btf, *type)) == BTF_FUNC ? EXTERN_KFUNC
									  : EXTERN_KSYM;
		}
	}
	return EXTERN_UNDEFINED;
}

static int find_extern(struct site *s)
{
	struct hewn_object *o = s->r->object;
	struct obj_extern *e;

	s->reloc.kind = RELOC_EXTERN;
	for (uint32_t i = 0; i < o->n_externs; i++)
		if (!strcmp(o->externs[i].name, s->symbol->name)) {
			s->reloc.index = i;
			return 0;
		}
	s->reloc.index = o->n_externs;
	e = mem_append(&o->externs, &o->n_externs, sizeof(*e));
	if (!e)
		return reader_nomem(s->r);
	e->name = s->reloc.symbol;
	e->is_weak = s->symbol->bind == STB_WEAK;
	e->kind = extern_kind(s->r, e->name, &e->type_id);
	return 0;
}

/* ── What the object has ── */

/* A function: byte `off` of the symbol's section. */
static int find_func(struct site *s, enum obj_reloc_kind kind, int64_t off)
{
	uint32_t func = off < 0 ? NONE : reader_func(s->r, s->symbol->section, (uint64_t)off);

	s->reloc.kind = kind;
	s->reloc.index = func;
	if (func != NONE)
		return 0;
	return err_set(s->r->err, -ENOEXEC,
		       "it refers to byte %lld of section %s, where no function begins",
		       (long long)off, s->r->elf.sections[s->symbol->section].name);
}

static int find_map(struct site *s)
{
	const struct map_place *place = reader_place(s->r, s->symbol->section, s->symbol->value);

	s->reloc.kind = RELOC_MAP;
	if (s->symbol->type == STT_SECTION || s->symbol->bind == STB_LOCAL) {
		err_hint(s->r->err, "a `static` map? make it global");
		return err_set(s->r->err, -EINVAL, "it refers to a map without a name of its own");
	}
	if (!place || place->off != s->symbol->value)
		return err_set(s->r->err, -EINVAL,
			       "it refers to byte %llu of section %s, where no map begins",
			       (unsigned long long)s->symbol->value,
			       s->r->elf.sections[s->symbol->section].name);
	s->reloc.index = place->map;
	return 0;
}

static int find_data(struct site *s, int64_t off)
{
	const struct obj_map *map;

	s->reloc.kind = RELOC_DATA;
	s->reloc.index = s->r->data_of[s->symbol->section];
	s->reloc.addend = off;
	map = &s->r->object->maps[s->reloc.index];
	if (off >= 0 && off < map->data_size)
		return 0;
	return err_set(s->r->err, -EINVAL, "it refers to byte %lld of section %s, which has %u",
		       (long long)off, s->r->elf.sections[s->symbol->section].name, map->data_size);
}

static bool holds_maps(const struct reader *r, uint32_t section)
{
	const char *name = r->elf.sections[section].name;

	return !strcmp(name, ".maps") || !strcmp(name, "maps");
}

static int judge_load(struct site *s)
{
	uint64_t high = (uint32_t)s->at[1].imm;
	uint32_t section = s->symbol->section;
	/* The addend is what the instruction would have loaded, all 64 bits of it. */
	int64_t off = (int64_t)(s->symbol->value + (high << 32 | (uint32_t)s->at[0].imm));

	if (holds_maps(s->r, section))
		return find_map(s);
	if (!strcmp(s->r->elf.sections[section].name, ".jumptables")) {
		s->reloc.kind = RELOC_TABLE;
		return tables_find(s->r, s->symbol, &s->reloc.index);
	}
	if (s->r->code_of[section] != NONE)
		return find_func(s, RELOC_FUNC, off);
	if (s->r->data_of[section] != NONE)
		return find_data(s, off);
	return err_set(
		s->r->err, -EOPNOTSUPP,
		"it refers to section %s, which holds neither maps, nor variables, nor functions",
		s->r->elf.sections[section].name);
}

/*
 * A call's imm counts instructions from the next one. Towards a function's own symbol it is -1;
 * towards the section's it is the place in the section less one, so one sum serves both.
 */
static int judge_call(struct site *s)
{
	if (s->r->code_of[s->symbol->section] == NONE)
		return err_set(s->r->err, -ENOEXEC,
			       "a call into section %s, which has no instructions",
			       s->r->elf.sections[s->symbol->section].name);
	return find_func(s, RELOC_CALL,
			 (int64_t)(s->symbol->value + ((uint64_t)s->at->imm + 1) * 8));
}

static int judge(struct site *s)
{
	const struct obj_code *code = &s->r->object->codes[s->code];
	bool is_load = s->at->code == LD_IMM64 && s->insn + 1 < code->n_insns;

	if (!is_load && s->at->code != CALL)
		return err_set(s->r->err, -ENOEXEC,
			       "a relocation for an instruction with code %02x, want 18 (ld_imm64) "
			       "or 85 (call)",
			       s->at->code);
	if (s->symbol->section == ELF_UNDEF)
		return find_extern(s);
	if (s->symbol->section == ELF_COMMON) {
		err_hint(s->r->err, "give it a value: `int x = 0;`, or compile with -fno-common");
		return err_set(
			s->r->err, -EINVAL,
			"an uninitialised global that the compiler left for a linker (COMMON)");
	}
	if (s->symbol->section >= s->r->elf.n_sections)
		return err_set(s->r->err, -ENOEXEC, "the symbol is in no section of the file");
	return is_load ? judge_load(s) : judge_call(s);
}

/* ── All of them ── */

static int add_reloc(struct site *s)
{
	struct obj_reloc *reloc;

	s->reloc.code = s->code;
	s->reloc.insn = s->insn;
	reloc = mem_append(&s->r->object->relocs, &s->r->object->n_relocs, sizeof(*reloc));
	if (!reloc)
		return reader_nomem(s->r);
	*reloc = s->reloc;
	return 0;
}

static int read_reloc(struct reader *r, uint32_t section, const struct elf_reloc *raw)
{
	struct site s = {.r = r, .code = r->code_of[section]};
	const struct obj_code *code = &r->object->codes[s.code];
	int rc = 0;

	if (raw->offset % 8 || raw->offset / 8 >= code->n_insns)
		rc = err_set(r->err, -ENOEXEC,
			     "a relocation for byte %llu, but the section has %u instructions",
			     (unsigned long long)raw->offset, code->n_insns);
	else if (!raw->symbol || raw->symbol >= r->n_symbols)
		rc = err_set(r->err, -ENOEXEC, "a relocation to symbol %u, but there are 1 to %u",
			     raw->symbol, r->n_symbols - 1);
	if (rc) {
		err_section(r->err, code->name);
		return rc;
	}
	s.insn = (uint32_t)(raw->offset / 8);
	s.at = &code->insns[s.insn];
	s.symbol = &r->symbols[raw->symbol];
	s.reloc.symbol = reader_keep_name(r, raw->symbol);
	if (!s.reloc.symbol)
		return reader_nomem(r);
	rc = at_site(&s, judge(&s));
	return rc ? rc : add_reloc(&s);
}

static int by_place(const void *a, const void *b)
{
	const struct obj_reloc *x = a, *y = b;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	return (x->insn > y->insn) - (x->insn < y->insn);
}

static int sort(struct reader *r)
{
	struct hewn_object *o = r->object;

	mem_sort(o->relocs, o->n_relocs, sizeof(*o->relocs), by_place);
	for (uint32_t i = 1; i < o->n_relocs; i++)
		if (!by_place(&o->relocs[i - 1], &o->relocs[i])) {
			object_err_at(o, o->relocs[i].code, o->relocs[i].insn, r->err);
			return err_set(r->err, -ENOEXEC, "two relocations for one instruction");
		}
	return 0;
}

/*
 * Inside of a section a call needs no relocation: imm says how far, counted from the next
 * instruction. Such calls, and addresses of functions, become records all the same, so that the
 * next stage has one kind. They come after the n_sorted records that relocations made.
 */
static int find_plain_calls(struct reader *r, uint32_t code, uint32_t n_sorted)
{
	struct hewn_object *o = r->object;
	struct obj_reloc key = {.code = code};
	int rc = 0;

	for (; !rc && key.insn < o->codes[code].n_insns; key.insn++) {
		const struct bpf_insn *at = &o->codes[code].insns[key.insn];
		struct elf_symbol here = {.name = "", .section = r->sections[code]};
		struct site s = {.r = r, .code = code, .insn = key.insn, .at = at, .symbol = &here};
		bool is_call = at->code == CALL && at->src_reg == BPF_PSEUDO_CALL;
		bool is_func = at->code == LD_IMM64 && at->src_reg == BPF_PSEUDO_FUNC;

		if (at->code == LD_IMM64)
			key.insn++; /* the second half is no instruction */
		if (!is_call && !is_func)
			continue;
		if (n_sorted && bsearch(&(struct obj_reloc){.code = code, .insn = s.insn},
					o->relocs, n_sorted, sizeof(key), by_place))
			continue;
		rc = at_site(&s, find_func(&s, is_call ? RELOC_CALL : RELOC_FUNC,
					   ((int64_t)s.insn + at->imm + 1) * 8));
		if (!rc)
			rc = add_reloc(&s);
	}
	return rc;
}

int relocs_walk(struct reader *r, bool (*wants)(const struct reader *r, uint32_t section),
		int (*each)(struct reader *r, uint32_t section, const struct elf_reloc *reloc))
{
	struct elf_reloc reloc;
	int rc = 0;

	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];
		uint32_t n;

		if ((s->type != SHT_REL && s->type != SHT_RELA) || s->info >= r->elf.n_sections || !wants(r, s->info))
			continue;
		n = elf_n_relocs(&r->elf, i);
		if (n && s->type == SHT_RELA) {
			err_section(r->err, s->name);
			return err_set(r->err, -EOPNOTSUPP,
				       "relocations with addends (SHT_RELA), want SHT_REL");
		}
		for (uint32_t j = 0; !rc && j < n; j++)
			if (elf_reloc(&r->elf, i, j, &reloc) && reloc.type != R_NONE)
				rc = each(r, s->info, &reloc);
	}
	return rc;
}

static bool wants_code(const struct reader *r, uint32_t section)
{
	return r->code_of[section] != NONE;
}

int relocs_read(struct reader *r)
{
	int rc = relocs_walk(r, wants_code, read_reloc);
	uint32_t n_sorted;

	if (!rc)
		rc = sort(r);
	n_sorted = r->object->n_relocs;
	for (uint32_t i = 0; !rc && i < r->object->n_codes; i++)
		rc = find_plain_calls(r, i, n_sorted);
	return rc ? rc : sort(r);
}
