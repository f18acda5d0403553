// SPDX-License-Identifier: MIT
/*
 * Instructions, and the functions that symbols mark in them. Knows which sections hold instructions
 * and how they lie there; knows nothing of what they do.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/insn.h"
#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

/*
 * Brings an instruction into struct bpf_insn, whose fields follow the host: in a big-endian file
 * not only the bytes of off and imm are the other way round, but the two register nibbles as well.
 */
static struct bpf_insn read_insn(const struct elf *elf, const uint8_t *p)
{
	unsigned int low = p[1] & 0xf, high = p[1] >> 4;

	return bpf_raw_insn(p[0], elf->big_endian ? high : low, elf->big_endian ? low : high,
			    (int16_t)elf_u16(elf, p + 2), (int32_t)elf_u32(elf, p + 4));
}

static int read_code(struct reader *r, uint32_t section)
{
	const struct elf_section *s = &r->elf.sections[section];
	struct obj_code *code;
	const uint8_t *data;
	uint32_t *back;
	size_t size;
	int rc;

	rc = elf_data(&r->elf, section, &data, &size, r->err);
	if (rc || !size)
		return rc;
	if (size % 8 || size / 8 > INT32_MAX) {
		err_section(r->err, s->name);
		return err_set(r->err, -ENOEXEC,
			       "%zu bytes of instructions, want a multiple of 8%s", size,
			       size % 8 ? "" : ", and fewer than 16 GiB");
	}
	r->code_of[section] = r->object->n_codes;
	back = mem_append(&r->sections, &r->n_sections, sizeof(*back));
	if (!back)
		return reader_nomem(r);
	*back = section;
	code = mem_append(&r->object->codes, &r->object->n_codes, sizeof(*code));
	if (!code)
		return reader_nomem(r);
	code->name = object_string(r->object, s->name);
	code->insns = calloc(size / 8, sizeof(*code->insns));
	if (!code->name || !code->insns)
		return reader_nomem(r);
	code->n_insns = (uint32_t)(size / 8);
	if (!elf_is_foreign(&r->elf))
		memcpy(code->insns, data, size);
	for (uint32_t i = 0; elf_is_foreign(&r->elf) && i < code->n_insns; i++)
		code->insns[i] = read_insn(&r->elf, data + (size_t)8 * i);
	return 0;
}

/* Fills in what the name of the section says. */
static void set_section(struct obj_func *func, const char *section, bool is_local)
{
	func->optional = section[0] == '?';
	func->def = section_find(section + func->optional, &func->target);
	func->is_prog = !reader_is_variant(section, ".text") && !is_local;
}

static int add_func(struct reader *r, const struct elf_symbol *symbol)
{
	uint32_t index = r->code_of[symbol->section];
	const struct obj_code *code = &r->object->codes[index];
	uint64_t size = (uint64_t)code->n_insns * 8;
	struct obj_func *func;

	if (symbol->value % 8 || symbol->size % 8 || symbol->value >= size ||
	    symbol->size > size - symbol->value) {
		err_section(r->err, code->name);
		err_symbol(r->err, symbol->name);
		return err_set(r->err, -ENOEXEC,
			       "function at byte %llu with %llu bytes, in a section of %llu",
			       (unsigned long long)symbol->value, (unsigned long long)symbol->size,
			       (unsigned long long)size);
	}
	func = mem_append(&r->object->funcs, &r->object->n_funcs, sizeof(*func));
	if (!func)
		return reader_nomem(r);
	func->name = object_string(r->object, symbol->name);
	if (!func->name)
		return reader_nomem(r);
	func->code = index;
	func->exception = NONE;
	func->insn = (uint32_t)(symbol->value / 8);
	func->n_insns = (uint32_t)(symbol->size / 8);
	func->is_global = symbol->bind != STB_LOCAL && symbol->visibility == STV_DEFAULT;
	func->is_weak = symbol->bind == STB_WEAK;
	set_section(func, code->name, symbol->bind == STB_LOCAL);
	return 0;
}

static int by_place(const void *a, const void *b)
{
	const struct obj_func *x = a, *y = b;

	if (x->code != y->code)
		return x->code < y->code ? -1 : 1;
	if (x->insn != y->insn)
		return x->insn < y->insn ? -1 : 1;
	/* Two names of one function: the one that can be a program comes first. */
	if (x->is_prog != y->is_prog)
		return x->is_prog ? -1 : 1;
	return strcmp(x->name, y->name);
}

/* Sorts, gives sizes to functions that have none, drops second names, and refuses what overlaps. */
static int settle(struct reader *r)
{
	struct hewn_object *o = r->object;
	uint32_t kept = 0;

	if (o->n_funcs)
		qsort(o->funcs, o->n_funcs, sizeof(*o->funcs), by_place);
	for (uint32_t i = 0; i < o->n_funcs; i++) {
		struct obj_func *func = &o->funcs[i], *before = kept ? &o->funcs[kept - 1] : NULL;
		uint32_t end = o->codes[func->code].n_insns;

		if (before && before->code == func->code && before->insn == func->insn)
			continue;
		for (uint32_t j = i + 1; j < o->n_funcs && o->funcs[j].code == func->code; j++)
			if (o->funcs[j].insn > func->insn) {
				end = o->funcs[j].insn;
				break;
			}
		if (!func->n_insns)
			func->n_insns = end - func->insn;
		if (func->n_insns > end - func->insn) {
			err_section(r->err, o->codes[func->code].name);
			err_symbol(r->err, func->name);
			return err_set(
				r->err, -ENOEXEC,
				"function of %u instructions, but the next one begins after %u",
				func->n_insns, end - func->insn);
		}
		o->funcs[kept++] = *func;
	}
	o->n_funcs = kept;
	return 0;
}

/*
 * Functions are symbols of type FUNC. Compilers before clang 8 gave them no type: in a section
 * without any FUNC the global symbols without a type are taken; the local ones are labels of jumps.
 */
static int read_funcs(struct reader *r)
{
	bool *has_func = calloc(r->object->n_codes + 1, sizeof(*has_func));
	int rc = 0;

	if (!has_func)
		return reader_nomem(r);
	for (uint32_t pass = 0; !rc && pass < 2; pass++) {
		for (uint32_t i = 1; !rc && i < r->n_symbols; i++) {
			const struct elf_symbol *symbol = &r->symbols[i];
			uint32_t code = symbol->section < r->elf.n_sections
						? r->code_of[symbol->section]
						: NONE;

			if (code == NONE || !symbol->name[0])
				continue;
			if (!pass && symbol->type == STT_FUNC) {
				has_func[code] = true;
				rc = add_func(r, symbol);
			} else if (pass && !has_func[code] && symbol->type == STT_NOTYPE &&
				   symbol->bind != STB_LOCAL) {
				rc = add_func(r, symbol);
			}
		}
	}
	free(has_func);
	return rc ? rc : settle(r);
}

int funcs_read(struct reader *r)
{
	int rc = 0;

	for (uint32_t i = 1; !rc && i < r->elf.n_sections; i++) {
		const struct elf_section *s = &r->elf.sections[i];

		if (s->type == SHT_PROGBITS && s->flags & SHF_EXECINSTR)
			rc = read_code(r, i);
	}
	return rc ? rc : read_funcs(r);
}

/* A function of a section for programs that is neither one, being static, nor called by one. */
static int refuse_static(struct reader *r, const struct obj_func *func)
{
	err_section(r->err, r->object->codes[func->code].name);
	err_program(r->err, func->name);
	err_hint(r->err, "a `static` program? make it global");
	return err_set(r->err, -EINVAL,
		       "the program is static, so it cannot be told from a subprogram");
}

int funcs_judge(struct reader *r)
{
	struct hewn_object *o = r->object;
	bool *called = calloc(o->n_funcs + 1, sizeof(*called));
	int rc = 0;

	if (!called)
		return reader_nomem(r);
	for (uint32_t i = 0; i < o->n_relocs; i++)
		if (o->relocs[i].kind == RELOC_CALL || o->relocs[i].kind == RELOC_FUNC)
			called[o->relocs[i].index] = true;
	for (uint32_t i = 0; !rc && i < o->n_funcs; i++) {
		struct obj_func *func = &o->funcs[i];

		if (called[i] && !func->def)
			func->is_prog = false;
		else if (!called[i] && func->def && !func->is_prog)
			rc = refuse_static(r, func);
	}
	free(called);
	return rc;
}
