// SPDX-License-Identifier: MIT
/*
 * Opens an object: joins what the other files of this room read. Knows the order, the license and
 * the version; knows nothing of the kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/ident.h"
#include "loader/object/plain.h"
#include "loader/object/reader.h"

int reader_nomem(struct reader *r)
{
	return err_nomem(r->err);
}

/* ── Checks of the file ── */

static int check_header(struct reader *r)
{
	const struct elf *elf = &r->elf;
	const char *name = ident_machine(elf->machine);

	/* Old compilers had no number for eBPF, and wrote 0. */
	if (elf->machine != EM_BPF && elf->machine != EM_NONE) {
		err_hint(r->err, "this was compiled for a processor, not for the kernel: clang "
				 "-target bpf -g -O2 -c");
		return err_set(r->err, -ENOEXEC, "ELF machine %u%s%s%s, want 247 (eBPF)",
			       elf->machine, name ? " (" : "", name ? name : "", name ? ")" : "");
	}
	if (elf->bits != 64)
		return err_set(r->err, -ENOEXEC, "ELF class 1 (32 bits), want 2 (64 bits)");
	if (elf->type != ET_REL) {
		err_hint(r->err, "eBPF is not linked: compile with -c and take the .o");
		return err_set(r->err, -ENOEXEC, "ELF type %u (%s), want 1 (relocatable object)",
			       elf->type, ident_type(elf->type));
	}
	return 0;
}

/* ── Names ── */

#define MOST_NAME 4096u

/* A character that a terminal obeys: C0, DEL, and C1 in UTF-8. */
static bool steers(const char *at)
{
	const unsigned char c = (unsigned char)at[0], next = (unsigned char)at[1];

	return c < 0x20 || c == 0x7f || (c == 0xc2 && next >= 0x80 && next < 0xa0);
}

/*
 * Names are printed, copied and compared many times. A file that strangers made may have one that steers the
 * terminal on which its plan is read, or one of a megabyte for each of its symbols.
 */
static int check_name(struct reader *r, const char *what, uint32_t i, const char *name)
{
	size_t n = strnlen(name, MOST_NAME + 1);

	if (n > MOST_NAME)
		return err_set(r->err, -ENOEXEC, "the name of %s %u is longer than %u bytes", what, i, MOST_NAME);
	for (size_t at = plain_size(name, n); at < n; at++)
		if (steers(name + at))
			return err_set(r->err, -ENOEXEC, "the name of %s %u has a control character (%02x) at byte %zu", what,
				       i, (unsigned char)name[at], at);
	return 0;
}

/* ── Symbols ── */

static int by_name(const void *a, const void *b)
{
	const struct symbol_name *x = a, *y = b;
	int rc = strcmp(x->name, y->name);

	return rc ? rc : (x->symbol > y->symbol) - (x->symbol < y->symbol);
}

/* Not those of sections, nor functions and labels, which are most of the symbols. */
static bool is_variable(const struct reader *r, const struct elf_symbol *symbol)
{
	return symbol->name[0] && symbol->type != STT_SECTION && symbol->section < r->elf.n_sections &&
	       !(r->elf.sections[symbol->section].flags & SHF_EXECINSTR);
}

static int read_symbols(struct reader *r)
{
	struct elf_symtab symtab;
	int rc = 0;

	for (uint32_t i = 0; !rc && i < r->elf.n_sections; i++)
		rc = check_name(r, "section", i, r->elf.sections[i].name);
	if (!rc)
		rc = elf_symtab_open(&symtab, &r->elf, SHT_SYMTAB, r->err);
	if (rc == -ENOENT) {
		err_hint(r->err, "was it stripped? `llvm-strip -g` removes the debug information "
				 "and keeps the rest");
		return err_set(r->err, -ENOEXEC, "no table of symbols (.symtab)");
	}
	if (rc)
		return rc;
	r->symbols = calloc(symtab.n + 1, sizeof(*r->symbols));
	r->by_name = calloc(symtab.n + 1, sizeof(*r->by_name));
	r->kept = calloc(symtab.n + 1, sizeof(*r->kept));
	if (!r->symbols || !r->by_name || !r->kept)
		return reader_nomem(r);
	r->n_symbols = symtab.n;
	for (uint32_t i = 0; i < symtab.n; i++) {
		if (!elf_symbol(&r->elf, &symtab, i, &r->symbols[i]))
			return err_set(r->err, -ENOEXEC, "symbol %u cannot be read", i);
		rc = check_name(r, "symbol", i, r->symbols[i].name);
		if (rc)
			return rc;
		if (is_variable(r, &r->symbols[i]))
			r->by_name[r->n_by_name++] = (struct symbol_name){r->symbols[i].name, i};
	}
	if (r->n_by_name)
		qsort(r->by_name, r->n_by_name, sizeof(*r->by_name), by_name);
	return 0;
}

const struct elf_symbol *reader_symbol(const struct reader *r, const char *name, uint32_t section)
{
	uint32_t low = 0, high = r->n_by_name;

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		if (strcmp(r->by_name[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	for (; low < r->n_by_name && !strcmp(r->by_name[low].name, name); low++) {
		const struct elf_symbol *symbol = &r->symbols[r->by_name[low].symbol];

		if (symbol->section == section)
			return symbol;
	}
	return NULL;
}

const char *reader_name(const struct reader *r, const struct elf_symbol *symbol)
{
	bool is_section = !symbol->name[0] && symbol->section < r->elf.n_sections;

	return is_section ? r->elf.sections[symbol->section].name : symbol->name;
}

const char *reader_keep_name(struct reader *r, uint32_t symbol)
{
	if (!r->kept[symbol])
		r->kept[symbol] = object_string(r->object, reader_name(r, &r->symbols[symbol]));
	return r->kept[symbol];
}

static int by_position(const void *a, const void *b)
{
	const struct map_place *x = a, *y = b;

	if (x->section != y->section)
		return x->section < y->section ? -1 : 1;
	if (x->off != y->off)
		return x->off < y->off ? -1 : 1;
	return x->map < y->map ? -1 : x->map > y->map;
}

const struct map_place *reader_place(struct reader *r, uint32_t section, uint64_t off)
{
	uint32_t low = 0, high = r->n_places;

	if (r->n_sorted != r->n_places)
		qsort(r->places, r->n_places, sizeof(*r->places), by_position);
	r->n_sorted = r->n_places;
	while (low < high) { /* the first that is behind */
		const uint32_t mid = low + (high - low) / 2;
		const struct map_place *place = &r->places[mid];

		if (place->section < section || (place->section == section && place->off <= off))
			low = mid + 1;
		else
			high = mid;
	}
	if (!low || r->places[low - 1].section != section ||
	    off - r->places[low - 1].off >= r->places[low - 1].size)
		return NULL;
	return &r->places[low - 1];
}

uint32_t reader_func(const struct reader *r, uint32_t section, uint64_t off)
{
	uint32_t code = section < r->elf.n_sections ? r->code_of[section] : NONE, func;

	if (code == NONE || off % 8 || off / 8 >= r->object->codes[code].n_insns)
		return NONE;
	func = object_func_at(r->object, code, (uint32_t)(off / 8));
	return func != NONE && r->object->funcs[func].insn == off / 8 ? func : NONE;
}

/* ── Small sections ── */

bool reader_is_variant(const char *name, const char *of)
{
	size_t n = strlen(of);

	return !strncmp(name, of, n) && (!name[n] || name[n] == '.');
}

int reader_section(struct reader *r, const char *name, const uint8_t **data, size_t *size)
{
	uint32_t section = elf_find(&r->elf, name);

	*data = NULL;
	*size = 0;
	return section == ELF_BAD ? 0 : elf_data(&r->elf, section, data, size, r->err);
}

static int read_license(struct reader *r)
{
	const uint8_t *data;
	size_t size;
	int rc = reader_section(r, "license", &data, &size);

	if (rc || !data)
		return rc;
	size = strnlen((const char *)data, size);
	if (size >= sizeof(r->object->license))
		size = sizeof(r->object->license) - 1;
	memcpy(r->object->license, data, size);
	return 0;
}

static int read_version(struct reader *r)
{
	const uint8_t *data;
	size_t size;
	int rc = reader_section(r, "version", &data, &size);

	if (rc || !data)
		return rc;
	if (size != 4) {
		err_section(r->err, "version");
		return err_set(r->err, -ENOEXEC, "%zu bytes, want 4: a kernel version", size);
	}
	r->object->version = elf_u32(&r->elf, data);
	return 0;
}

static int read_btf(struct reader *r)
{
	const uint8_t *data;
	size_t size;
	int rc = reader_section(r, ".BTF", &data, &size);

	if (rc || !data)
		return rc;
	rc = btf_open(&r->object->btf, data, size, r->err);
	if (rc)
		err_section(r->err, ".BTF");
	r->object->has_btf = !rc;
	return rc;
}

/* ── The whole ── */

/* What every other step needs: which section became what. */
static int make_tables(struct reader *r)
{
	uint32_t n = r->elf.n_sections;

	r->code_of = malloc((n + 1) * sizeof(*r->code_of));
	r->data_of = malloc((n + 1) * sizeof(*r->data_of));
	if (!r->code_of || !r->data_of)
		return reader_nomem(r);
	for (uint32_t i = 0; i <= n; i++)
		r->code_of[i] = r->data_of[i] = NONE;
	return 0;
}

/* Lines come before what may be refused at an instruction, so that the error can show them. */
static int (*const steps[])(struct reader *r) = {
	check_header, make_tables, read_symbols,     read_license,
	read_version, read_btf,	   funcs_read,	     lines_read,
	maps_read,    legacy_read, data_read,	     datasec_fill,
	relocs_read,  externs_read, funcs_judge,     tags_read,
	maps_read_values, ops_read, datasec_read_events,
};

static int read_object(struct hewn_object **object, struct reader *r, const char *name)
{
	struct hewn_object *o = object_new(name);
	int rc = o ? 0 : reader_nomem(r);

	r->object = o;
	for (size_t i = 0; !rc && i < sizeof(steps) / sizeof(*steps); i++)
		rc = steps[i](r);
	if (!rc) {
		o->big_endian = r->elf.big_endian;
		o->elf_machine = r->elf.machine;
	}
	free(r->symbols);
	free(r->by_name);
	free(r->kept);
	free(r->code_of);
	free(r->data_of);
	free(r->sections);
	free(r->places);
	elf_close(&r->elf);
	if (rc)
		err_object(r->err, name);
	if (rc)
		hewn_object_close(o);
	else
		*object = o;
	return rc;
}

int hewn_object_open(struct hewn_object **object, const char *path, struct hewn_err *err)
{
	struct reader r = {.err = err};
	int rc;

	*object = NULL;
	rc = elf_open(&r.elf, path, err);
	return rc ? rc : read_object(object, &r, path);
}

int hewn_object_open_mem(struct hewn_object **object, const void *bytes, size_t size,
			 const char *name, struct hewn_err *err)
{
	struct reader r = {.err = err};
	int rc;

	*object = NULL;
	rc = elf_open_mem(&r.elf, bytes, size, err);
	if (rc)
		err_object(err, name);
	return rc ? rc : read_object(object, &r, name);
}
