// SPDX-License-Identifier: MIT
/* ELF files as plain records. Knows ELF and libelf; knows nothing of eBPF. */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <libelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "loader/err.h"
#include "loader/object/elf.h"
#include "loader/object/ident.h"

/* ── Opening ── */

/* Whether `n` things of `each` bytes at `off` lie in the file, and otherwise a sentence. */
static int check_extent(const struct elf *elf, const char *what, uint64_t off, uint64_t n,
			uint64_t each, struct hewn_err *err)
{
	if (off <= elf->size && (!each || n <= (elf->size - off) / each))
		return 0;
	err_hint(err, "the file is truncated or damaged: compile or copy it again");
	return err_set(err, -ENOEXEC, "%s: %llu bytes at offset %llu, but the file ends at %llu",
		       what, (unsigned long long)(n * each), (unsigned long long)off,
		       (unsigned long long)elf->size);
}

static int libelf_failed(struct hewn_err *err, const char *what)
{
	const char *why = elf_errmsg(-1);

	return err_set(err, -ENOEXEC, "%s: %s", what, why ? why : "libelf refuses it");
}

static int read_header(struct elf *elf, struct hewn_err *err)
{
	GElf_Ehdr header;
	size_t n;
	int rc;

	if (!gelf_getehdr(elf->handle, &header))
		return libelf_failed(err, "ELF header");
	elf->type = header.e_type;
	elf->machine = header.e_machine;
	elf->entry = header.e_entry;
	if (header.e_shoff) {
		uint64_t each = elf->bits == 64 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);

		/* With e_shnum 0 the count is in the first header, which must be there. */
		rc = check_extent(elf, "section headers", header.e_shoff,
				  header.e_shnum ? header.e_shnum : 1, each, err);
		if (rc)
			return rc;
		if (elf_getshdrnum(elf->handle, &n))
			return libelf_failed(err, "number of sections");
		rc = check_extent(elf, "section headers", header.e_shoff, n, each, err);
		if (rc)
			return rc;
		if (n >= ELF_ABS)
			return err_set(err, -ENOEXEC, "%zu sections", n);
		elf->n_sections = (uint32_t)n;
	}
	if (header.e_phoff && header.e_phnum) {
		if (elf_getphdrnum(elf->handle, &n))
			return libelf_failed(err, "number of program headers");
		rc = check_extent(elf, "program headers", header.e_phoff, n,
				  elf->bits == 64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr), err);
		if (rc)
			return rc;
		if (n > INT_MAX)
			return err_set(err, -ENOEXEC, "%zu program headers", n);
		elf->n_segments = (uint32_t)n;
	}
	return 0;
}

/* NULL: no such string. Not elf_strptr(): it unpacks tables too, and so links zlib to a program. */
static const char *string_at(const struct elf *elf, size_t table, size_t off)
{
	Elf_Scn *scn = elf_getscn(elf->handle, table);
	const Elf_Data *raw = elf_rawdata(scn, NULL);
	const char *text = raw ? raw->d_buf : NULL;
	GElf_Shdr h;

	if (!text || !gelf_getshdr(scn, &h) || h.sh_type != SHT_STRTAB || h.sh_flags & SHF_COMPRESSED)
		return NULL;
	return off < raw->d_size && memchr(text + off, 0, raw->d_size - off) ? text + off : NULL;
}

static int read_sections(struct elf *elf, struct hewn_err *err)
{
	size_t names = 0;

	elf->sections = calloc(elf->n_sections ? elf->n_sections : 1, sizeof(*elf->sections));
	if (!elf->sections)
		return err_nomem(err);
	if (elf->n_sections && elf_getshdrstrndx(elf->handle, &names))
		return libelf_failed(err, "section of section names");
	for (uint32_t i = 0; i < elf->n_sections; i++) {
		struct elf_section *section = &elf->sections[i];
		Elf_Scn *scn = elf_getscn(elf->handle, i);
		GElf_Shdr header;

		if (!scn || !gelf_getshdr(scn, &header))
			return libelf_failed(err, "section header");
		section->name = string_at(elf, names, header.sh_name);
		if (!section->name)
			section->name = "";
		section->type = header.sh_type;
		section->flags = header.sh_flags;
		section->addr = header.sh_addr;
		section->offset = header.sh_offset;
		section->size = header.sh_size;
		section->entsize = header.sh_entsize;
		section->link = header.sh_link;
		section->info = header.sh_info;
	}
	return 0;
}

static int read_segments(struct elf *elf, struct hewn_err *err)
{
	elf->segments = calloc(elf->n_segments ? elf->n_segments : 1, sizeof(*elf->segments));
	if (!elf->segments)
		return err_nomem(err);
	for (uint32_t i = 0; i < elf->n_segments; i++) {
		GElf_Phdr header;

		if (!gelf_getphdr(elf->handle, (int)i, &header))
			return libelf_failed(err, "program header");
		elf->segments[i] = (struct elf_segment){
			.type = header.p_type,
			.flags = header.p_flags,
			.offset = header.p_offset,
			.vaddr = header.p_vaddr,
			.filesz = header.p_filesz,
			.memsz = header.p_memsz,
		};
	}
	return 0;
}

/* With the handle there: everything but data, symbols and relocations. */
static int read_headers(struct elf *elf, struct hewn_err *err)
{
	int rc;

	if (!elf->handle)
		return libelf_failed(err, "cannot read it as ELF");
	if (elf_kind(elf->handle) != ELF_K_ELF)
		return err_set(err, -ENOEXEC, "not an ELF file");
	rc = read_header(elf, err);
	if (!rc)
		rc = read_sections(elf, err);
	if (!rc)
		rc = read_segments(elf, err);
	return rc;
}

static void elf_clear(struct elf *elf)
{
	*elf = (struct elf){.fd = -1};
	elf_version(EV_CURRENT);
}

/* Files up to here are read at once: libelf makes a call for each section. Of larger ones little is needed. */
#define ELF_SMALL (128 * 1024)

/* What there is of a small file, for elf_memory(): where it has shrunk since fstat(), less, and that is its size then. */
static int read_small(struct elf *elf, struct hewn_err *err)
{
	const size_t size = (size_t)elf->size;
	size_t n = 0;
	ssize_t got;

	elf->copy = malloc(size);
	if (!elf->copy)
		return err_nomem(err);
	while (n < size) {
		got = pread(elf->fd, (uint8_t *)elf->copy + n, size - n, (off_t)n);
		if (got < 0)
			return err_set(err, -errno, "cannot read it: %s", strerror(errno));
		if (!got)
			break;
		n += (size_t)got;
	}
	elf->size = n;
	return 0;
}

static int open_file(struct elf *elf, const char *path, struct hewn_err *err)
{
	uint8_t start[sizeof(Elf64_Ehdr)];
	struct stat st;
	ssize_t n;
	int rc;

	elf->fd = open(path, O_RDONLY | O_CLOEXEC);
	if (elf->fd < 0)
		return err_set(err, -errno, "cannot open it: %s", strerror(errno));
	if (fstat(elf->fd, &st))
		return err_set(err, -errno, "cannot ask for its size: %s", strerror(errno));
	if (S_ISDIR(st.st_mode))
		return err_set(err, -EISDIR, "a folder, want an ELF file");
	if (!S_ISREG(st.st_mode))
		return err_set(err, -EINVAL,
			       "not a regular file: ELF cannot be read from a stream");
	elf->size = (uint64_t)st.st_size;
	if (elf->size && elf->size <= ELF_SMALL) {
		rc = read_small(elf, err);
		if (!rc)
			rc = ident_check(elf->copy, (size_t)elf->size, &elf->bits, &elf->big_endian, err);
		if (rc)
			return rc;
		elf->handle = elf_memory(elf->copy, (size_t)elf->size);
		return read_headers(elf, err);
	}
	n = pread(elf->fd, start, sizeof(start), 0);
	if (n < 0)
		return err_set(err, -errno, "cannot read it: %s", strerror(errno));
	rc = ident_check(start, (size_t)n, &elf->bits, &elf->big_endian, err);
	if (rc)
		return rc;
	/* Not mmap: a file that shrinks while it is open must give an error, not SIGBUS. */
	elf->handle = elf_begin(elf->fd, ELF_C_READ, NULL);
	return read_headers(elf, err);
}

int elf_open(struct elf *elf, const char *path, struct hewn_err *err)
{
	int rc;

	elf_clear(elf);
	rc = open_file(elf, path, err);
	if (rc)
		err_object(err, path);
	if (rc)
		elf_close(elf);
	return rc;
}

int elf_open_mem(struct elf *elf, const void *bytes, size_t size, struct hewn_err *err)
{
	int rc;

	elf_clear(elf);
	elf->bytes = bytes;
	elf->size = size;
	rc = ident_check(bytes, size, &elf->bits, &elf->big_endian, err);
	if (!rc) {
		/* elf_memory() wants char * and, with what is done here, only reads. */
		union {
			const void *in;
			char *out;
		} image = {bytes};

		elf->handle = elf_memory(image.out, size);
		rc = read_headers(elf, err);
	}
	if (rc)
		elf_close(elf);
	return rc;
}

void elf_close(struct elf *elf)
{
	free(elf->sections);
	free(elf->segments);
	if (elf->handle)
		elf_end(elf->handle);
	free(elf->copy);
	if (elf->fd >= 0)
		close(elf->fd);
	*elf = (struct elf){.fd = -1};
}

/* ── Sections ── */

uint32_t elf_find(const struct elf *elf, const char *name)
{
	for (uint32_t i = 1; i < elf->n_sections; i++)
		if (!strcmp(elf->sections[i].name, name))
			return i;
	return ELF_BAD;
}

uint32_t elf_find_type(const struct elf *elf, uint32_t type)
{
	for (uint32_t i = 1; i < elf->n_sections; i++)
		if (elf->sections[i].type == type)
			return i;
	return ELF_BAD;
}

int elf_data(const struct elf *elf, uint32_t section, const uint8_t **data, size_t *size,
	     struct hewn_err *err)
{
	const struct elf_section *s;
	Elf_Data *raw;
	int rc;

	*data = NULL;
	*size = 0;
	if (section >= elf->n_sections)
		return err_set(err, -ENOEXEC, "section %u, but there are %u", section,
			       elf->n_sections);
	s = &elf->sections[section];
	if (s->type == SHT_NOBITS || s->type == SHT_NULL || !s->size)
		return 0;
	rc = check_extent(elf, "its bytes", s->offset, s->size, 1, err);
	if (!rc && s->flags & SHF_COMPRESSED)
		rc = err_set(err, -EOPNOTSUPP, "the section is compressed");
	if (!rc) {
		raw = elf_rawdata(elf_getscn(elf->handle, section), NULL);
		if (raw && raw->d_buf && raw->d_size == s->size) {
			*data = raw->d_buf;
			*size = raw->d_size;
			return 0;
		}
		rc = libelf_failed(err, "its bytes");
	}
	err_section(err, s->name);
	return rc;
}

/* Data that libelf has brought into the host's layout, of a section of a type that it knows. */
static Elf_Data *cooked(const struct elf *elf, uint32_t section)
{
	struct elf_section *s = section < elf->n_sections ? &elf->sections[section] : NULL;

	if (!s || s->type == SHT_NOBITS || !s->size ||
	    check_extent(elf, "", s->offset, s->size, 1, NULL))
		return NULL;
	if (!s->data)
		s->data = elf_getdata(elf_getscn(elf->handle, section), NULL);
	return s->data;
}

/* ── Symbols ── */

/* The section of a type that belongs to a symbol table by its `link`. */
static Elf_Data *companion(const struct elf *elf, uint32_t symtab, uint32_t type)
{
	for (uint32_t i = 1; i < elf->n_sections; i++)
		if (elf->sections[i].type == type && elf->sections[i].link == symtab)
			return cooked(elf, i);
	return NULL;
}

int elf_symtab_open(struct elf_symtab *symtab, const struct elf *elf, uint32_t type,
		    struct hewn_err *err)
{
	uint32_t section = elf_find_type(elf, type);
	uint64_t each = elf->bits == 64 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	const struct elf_section *s;
	Elf_Data *data;
	int rc;

	*symtab = (struct elf_symtab){0};
	if (section == ELF_BAD)
		return -ENOENT;
	s = &elf->sections[section];
	rc = check_extent(elf, "table of symbols", s->offset, s->size, 1, err);
	if (!rc && (s->size % each || s->size / each > INT_MAX))
		rc = err_set(err, -ENOEXEC, "%llu bytes are no table of symbols of %llu bytes each",
			     (unsigned long long)s->size, (unsigned long long)each);
	data = rc ? NULL : cooked(elf, section);
	if (!rc && s->size && !data)
		rc = libelf_failed(err, "table of symbols");
	if (rc) {
		err_section(err, s->name);
		return rc;
	}
	symtab->section = section;
	symtab->n = (uint32_t)(s->size / each);
	symtab->symbols = data;
	symtab->shndx = companion(elf, section, SHT_SYMTAB_SHNDX);
	symtab->versym = companion(elf, section, SHT_GNU_versym);
	return 0;
}

/* The name of version `index` that this file defines, or that it needs of another. */
static const char *version_name(const struct elf *elf, unsigned int index)
{
	uint32_t def = elf_find_type(elf, SHT_GNU_verdef),
		 need = elf_find_type(elf, SHT_GNU_verneed);
	Elf_Data *data = def == ELF_BAD ? NULL : cooked(elf, def);
	GElf_Verdef d;
	GElf_Verdaux d_aux;
	GElf_Verneed v;
	GElf_Vernaux v_aux;

	for (int off = 0; data && gelf_getverdef(data, off, &d); off += (int)d.vd_next) {
		if (d.vd_ndx == index && d.vd_aux < data->d_size &&
		    gelf_getverdaux(data, off + (int)d.vd_aux, &d_aux))
			return string_at(elf, elf->sections[def].link, d_aux.vda_name);
		if (!d.vd_next || d.vd_next > data->d_size)
			break;
	}
	data = need == ELF_BAD ? NULL : cooked(elf, need);
	for (int off = 0; data && gelf_getverneed(data, off, &v); off += (int)v.vn_next) {
		int aux = off + (int)v.vn_aux;

		for (int n = v.vn_aux < data->d_size ? v.vn_cnt : 0;
		     n > 0 && gelf_getvernaux(data, aux, &v_aux); n--) {
			if (v_aux.vna_other == index)
				return string_at(elf, elf->sections[need].link, v_aux.vna_name);
			if (!v_aux.vna_next || v_aux.vna_next > data->d_size)
				break;
			aux += (int)v_aux.vna_next;
		}
		if (!v.vn_next || v.vn_next > data->d_size)
			break;
	}
	return NULL;
}

static uint32_t symbol_section(const struct elf *elf, uint32_t shndx, uint32_t extended)
{
	if (shndx == SHN_ABS)
		return ELF_ABS;
	if (shndx == SHN_COMMON)
		return ELF_COMMON;
	if (shndx == SHN_XINDEX)
		shndx = extended;
	else if (shndx >= SHN_LORESERVE)
		return ELF_BAD;
	return shndx < elf->n_sections ? shndx : ELF_BAD;
}

bool elf_symbol(const struct elf *elf, const struct elf_symtab *symtab, uint32_t i,
		struct elf_symbol *symbol)
{
	Elf32_Word extended = 0;
	GElf_Versym version;
	GElf_Sym sym;

	*symbol = (struct elf_symbol){.name = ""};
	if (i >= symtab->n ||
	    !gelf_getsymshndx(symtab->symbols, symtab->shndx, (int)i, &sym, &extended))
		return false;
	symbol->name = string_at(elf, elf->sections[symtab->section].link, sym.st_name);
	if (!symbol->name)
		symbol->name = "";
	symbol->value = sym.st_value;
	symbol->size = sym.st_size;
	symbol->type = GELF_ST_TYPE(sym.st_info);
	symbol->bind = GELF_ST_BIND(sym.st_info);
	symbol->visibility = GELF_ST_VISIBILITY(sym.st_other);
	symbol->section = symbol_section(elf, sym.st_shndx, extended);
	/* Index 0 is local, 1 global without a version; bit 15 hides what is not the default. */
	if (symtab->versym && gelf_getversym(symtab->versym, (int)i, &version) &&
	    (version & 0x7fff) > VER_NDX_GLOBAL) {
		symbol->version = version_name(elf, version & 0x7fff);
		symbol->is_default = !(version & 0x8000);
	}
	return true;
}

/* ── Relocations ── */

uint32_t elf_n_relocs(const struct elf *elf, uint32_t section)
{
	const struct elf_section *s = section < elf->n_sections ? &elf->sections[section] : NULL;
	Elf_Data *data;
	uint64_t each;

	if (!s || (s->type != SHT_REL && s->type != SHT_RELA))
		return 0;
	data = cooked(elf, section);
	if (s->type == SHT_REL)
		each = elf->bits == 64 ? sizeof(Elf64_Rel) : sizeof(Elf32_Rel);
	else
		each = elf->bits == 64 ? sizeof(Elf64_Rela) : sizeof(Elf32_Rela);
	return data && data->d_size / each <= INT_MAX ? (uint32_t)(data->d_size / each) : 0;
}

bool elf_reloc(const struct elf *elf, uint32_t section, uint32_t i, struct elf_reloc *reloc)
{
	bool addends = section < elf->n_sections && elf->sections[section].type == SHT_RELA;
	Elf_Data *data = i < elf_n_relocs(elf, section) ? cooked(elf, section) : NULL;
	GElf_Rela rela = {0};
	GElf_Rel rel = {0};

	*reloc = (struct elf_reloc){0};
	if (!data || !(addends ? (void *)gelf_getrela(data, (int)i, &rela)
			       : (void *)gelf_getrel(data, (int)i, &rel)))
		return false;
	if (addends)
		rel = (GElf_Rel){.r_offset = rela.r_offset, .r_info = rela.r_info};
	reloc->offset = rel.r_offset;
	reloc->type = (uint32_t)GELF_R_TYPE(rel.r_info);
	reloc->symbol = (uint32_t)GELF_R_SYM(rel.r_info);
	reloc->addend = rela.r_addend;
	return true;
}
