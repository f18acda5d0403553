// SPDX-License-Identifier: MIT
/*
 * The part of libelf that loader/object/elf.c uses, for the static program: a third of the size, and no zlib. It
 * reads a file of either class and byte order from memory, and gives back NULL where something lies
 * outside of it. Linked in the place of libelf.a by `make static`, and tested there with elf.c's own tests.
 * Knows ELF; knows nothing of eBPF. Does not write, open archives or unpack compressed sections.
 */
#include <gelf.h>
#include <libelf.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* A section's bytes are given out as an Elf_Data whose file is still known. */
struct view {
	Elf_Data data; /* first: gelf_get…() come with its address */
	const Elf *elf;
};

struct Elf_Scn {
	Elf *elf;
	size_t index;
	GElf_Shdr header;
	struct view view;
};

struct Elf {
	const uint8_t *bytes;
	size_t size;
	bool mapped, is_elf, wide, big;
	GElf_Ehdr header;
	size_t n_sections;
	Elf_Scn *sections;
};

static const char *failure;

static void *fail(const char *why)
{
	failure = why;
	return NULL;
}

const char *elf_errmsg(int error)
{
	const char *why = failure;

	(void)error;
	failure = NULL;
	return why;
}

unsigned int elf_version(unsigned int version)
{
	return version == EV_CURRENT || version == EV_NONE ? EV_CURRENT : EV_NONE;
}

/* ── Numbers in the file's byte order ── */

static uint64_t number(const Elf *elf, const uint8_t *at, size_t n)
{
	uint64_t value = 0;

	for (size_t i = 0; i < n; i++)
		value |= (uint64_t)at[i] << 8 * (elf->big ? n - 1 - i : i);
	return value;
}

/* A walk over the fields of a record: each call takes the next `n` bytes. */
struct fields {
	const Elf *elf;
	const uint8_t *at;
};

static uint64_t next(struct fields *f, size_t n)
{
	uint64_t value = number(f->elf, f->at, n);

	f->at += n;
	return value;
}

static uint8_t byte(struct fields *f) { return (uint8_t)next(f, 1); }
static uint16_t half(struct fields *f) { return (uint16_t)next(f, 2); }
static uint32_t word(struct fields *f) { return (uint32_t)next(f, 4); }
static uint64_t address(struct fields *f) { return next(f, f->elf->wide ? 8 : 4); }

/* Record i of a table at `off` in the file, or NULL where the file ends before it does. */
static const uint8_t *record(const Elf *elf, uint64_t off, uint64_t i, size_t each)
{
	if (off > elf->size || (elf->size - off) / each <= i)
		return fail("it lies outside of the file");
	return elf->bytes + off + i * each;
}

/* ── The file ── */

static size_t class_size(const Elf *elf, size_t wide, size_t narrow)
{
	return elf->wide ? wide : narrow;
}

static void read_header(Elf *elf)
{
	GElf_Ehdr *h = &elf->header;
	struct fields f = { elf, elf->bytes + EI_NIDENT };

	memcpy(h->e_ident, elf->bytes, EI_NIDENT);
	h->e_type = half(&f);
	h->e_machine = half(&f);
	h->e_version = word(&f);
	h->e_entry = address(&f);
	h->e_phoff = address(&f);
	h->e_shoff = address(&f);
	h->e_flags = word(&f);
	h->e_ehsize = half(&f);
	h->e_phentsize = half(&f);
	h->e_phnum = half(&f);
	h->e_shentsize = half(&f);
	h->e_shnum = half(&f);
	h->e_shstrndx = half(&f);
}

static bool read_section(const Elf *elf, size_t i, GElf_Shdr *h)
{
	struct fields f = { elf, record(elf, elf->header.e_shoff, i,
					class_size(elf, sizeof(Elf64_Shdr), sizeof(Elf32_Shdr))) };

	if (!f.at)
		return false;
	h->sh_name = word(&f);
	h->sh_type = word(&f);
	h->sh_flags = address(&f);
	h->sh_addr = address(&f);
	h->sh_offset = address(&f);
	h->sh_size = address(&f);
	h->sh_link = word(&f);
	h->sh_info = word(&f);
	h->sh_addralign = address(&f);
	h->sh_entsize = address(&f);
	return true;
}

static bool read_sections(Elf *elf)
{
	size_t n;

	if (elf_getshdrnum(elf, &n))
		return false;
	elf->sections = n ? calloc(n, sizeof(*elf->sections)) : NULL;
	if (n && !elf->sections)
		return fail("out of memory");
	for (size_t i = 0; i < n; i++) {
		Elf_Scn *scn = &elf->sections[i];

		if (!read_section(elf, i, &scn->header))
			return false;
		scn->elf = elf;
		scn->index = i;
		scn->view.elf = elf;
	}
	elf->n_sections = n;
	return true;
}

Elf *elf_memory(char *image, size_t size)
{
	Elf *elf = calloc(1, sizeof(*elf));

	if (!elf)
		return fail("out of memory");
	elf->bytes = (const uint8_t *)image;
	elf->size = size;
	if (size < EI_NIDENT || memcmp(image, ELFMAG, SELFMAG))
		return elf;
	elf->wide = image[EI_CLASS] == ELFCLASS64;
	elf->big = image[EI_DATA] == ELFDATA2MSB;
	if (size < class_size(elf, sizeof(Elf64_Ehdr), sizeof(Elf32_Ehdr)))
		return elf;
	elf->is_elf = true;
	read_header(elf);
	if (read_sections(elf))
		return elf;
	elf_end(elf);
	return NULL;
}

Elf *elf_begin(int fd, Elf_Cmd command, Elf *reference)
{
	struct stat st;
	void *bytes;
	Elf *elf;

	if (command != ELF_C_READ || reference)
		return fail("files are only read");
	if (fstat(fd, &st))
		return fail("the file cannot be read");
	bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (bytes == MAP_FAILED)
		return fail("the file cannot be mapped");
	elf = elf_memory(bytes, (size_t)st.st_size);
	if (elf)
		elf->mapped = true;
	else
		munmap(bytes, (size_t)st.st_size);
	return elf;
}

int elf_end(Elf *elf)
{
	if (!elf)
		return 0;
	if (elf->mapped)
		munmap((void *)(uintptr_t)elf->bytes, elf->size);
	free(elf->sections);
	free(elf);
	return 0;
}

Elf_Kind elf_kind(Elf *elf)
{
	return elf && elf->is_elf ? ELF_K_ELF : ELF_K_NONE;
}

GElf_Ehdr *gelf_getehdr(Elf *elf, GElf_Ehdr *header)
{
	if (!elf || !elf->is_elf)
		return fail("it is no ELF file");
	*header = elf->header;
	return header;
}

/* Numbers that do not fit in 16 bits are in the fields of section 0: elf(5). */
int elf_getshdrnum(Elf *elf, size_t *n)
{
	GElf_Shdr first;

	*n = elf->header.e_shnum;
	if (*n || !elf->header.e_shoff)
		return 0;
	if (!read_section(elf, 0, &first))
		return -1;
	*n = (size_t)first.sh_size;
	if (*n <= elf->size / sizeof(Elf32_Shdr))
		return 0;
	fail("it has more sections than bytes");
	return -1;
}

int elf_getphdrnum(Elf *elf, size_t *n)
{
	*n = elf->header.e_phnum;
	if (*n == PN_XNUM && elf->n_sections)
		*n = elf->sections[0].header.sh_info;
	return 0;
}

int elf_getshdrstrndx(Elf *elf, size_t *index)
{
	*index = elf->header.e_shstrndx;
	if (*index == SHN_XINDEX && elf->n_sections)
		*index = elf->sections[0].header.sh_link;
	return 0;
}

GElf_Phdr *gelf_getphdr(Elf *elf, int i, GElf_Phdr *h)
{
	struct fields f = { elf, record(elf, elf->header.e_phoff, (uint64_t)i,
					class_size(elf, sizeof(Elf64_Phdr), sizeof(Elf32_Phdr))) };

	if (!f.at)
		return NULL;
	h->p_type = word(&f);
	if (elf->wide)
		h->p_flags = word(&f);
	h->p_offset = address(&f);
	h->p_vaddr = address(&f);
	h->p_paddr = address(&f);
	h->p_filesz = address(&f);
	h->p_memsz = address(&f);
	if (!elf->wide)
		h->p_flags = word(&f);
	h->p_align = address(&f);
	return h;
}

/* ── Sections ── */

Elf_Scn *elf_getscn(Elf *elf, size_t i)
{
	return i < elf->n_sections ? &elf->sections[i] : fail("there is no such section");
}

GElf_Shdr *gelf_getshdr(Elf_Scn *scn, GElf_Shdr *header)
{
	if (!scn)
		return NULL;
	*header = scn->header;
	return header;
}

Elf_Data *elf_rawdata(Elf_Scn *scn, Elf_Data *data)
{
	const GElf_Shdr *h;

	if (!scn || data) /* a section has one piece of data here */
		return NULL;
	h = &scn->header;
	if (h->sh_type == SHT_NOBITS)
		return &scn->view.data;
	if (h->sh_offset > scn->elf->size || h->sh_size > scn->elf->size - h->sh_offset)
		return fail("it lies outside of the file");
	scn->view.data.d_buf = (void *)(uintptr_t)(scn->elf->bytes + h->sh_offset);
	scn->view.data.d_size = (size_t)h->sh_size;
	return &scn->view.data;
}

/* libelf would turn the bytes into the host's layout; here each gelf_get…() does that for its record. */
Elf_Data *elf_getdata(Elf_Scn *scn, Elf_Data *data)
{
	return elf_rawdata(scn, data);
}

/* ── Records of a section ── */

/* The fields of a record of `each` bytes at `off`; `at` is NULL where the section ends before it does. */
static struct fields at(Elf_Data *data, uint64_t off, size_t each)
{
	const Elf *elf = data ? ((struct view *)data)->elf : NULL;

	if (!elf || off > data->d_size || data->d_size - off < each)
		return (struct fields){ elf, fail("it lies outside of the section") };
	return (struct fields){ elf, (const uint8_t *)data->d_buf + off };
}

static struct fields element(Elf_Data *data, int i, size_t wide, size_t narrow)
{
	size_t each = data && ((struct view *)data)->elf->wide ? wide : narrow;

	return at(data, i < 0 ? UINT64_MAX : (uint64_t)i * each, each);
}

GElf_Sym *gelf_getsymshndx(Elf_Data *symbols, Elf_Data *indices, int i, GElf_Sym *sym, Elf32_Word *index)
{
	struct fields f = element(symbols, i, sizeof(Elf64_Sym), sizeof(Elf32_Sym));
	struct fields x;

	if (!f.at)
		return NULL;
	sym->st_name = word(&f);
	if (!f.elf->wide) {
		sym->st_value = word(&f);
		sym->st_size = word(&f);
	}
	sym->st_info = byte(&f);
	sym->st_other = byte(&f);
	sym->st_shndx = half(&f);
	if (f.elf->wide) {
		sym->st_value = next(&f, 8);
		sym->st_size = next(&f, 8);
	}
	if (indices) {
		x = element(indices, i, 4, 4);
		if (!x.at)
			return NULL;
		*index = word(&x);
	}
	return sym;
}

/* r_info has another layout in each class: elf(5). */
static uint64_t info(struct fields *f)
{
	uint64_t value = address(f);

	return f->elf->wide ? value : GELF_R_INFO((uint64_t)ELF32_R_SYM(value), ELF32_R_TYPE(value));
}

GElf_Rel *gelf_getrel(Elf_Data *data, int i, GElf_Rel *rel)
{
	struct fields f = element(data, i, sizeof(Elf64_Rel), sizeof(Elf32_Rel));

	if (!f.at)
		return NULL;
	rel->r_offset = address(&f);
	rel->r_info = info(&f);
	return rel;
}

GElf_Rela *gelf_getrela(Elf_Data *data, int i, GElf_Rela *rela)
{
	struct fields f = element(data, i, sizeof(Elf64_Rela), sizeof(Elf32_Rela));

	if (!f.at)
		return NULL;
	rela->r_offset = address(&f);
	rela->r_info = info(&f);
	rela->r_addend = f.elf->wide ? (int64_t)address(&f) : (int32_t)address(&f);
	return rela;
}

/* ── Versions of symbols: records with the offset of the next one ── */

GElf_Versym *gelf_getversym(Elf_Data *data, int i, GElf_Versym *version)
{
	struct fields f = element(data, i, 2, 2);

	if (!f.at)
		return NULL;
	*version = half(&f);
	return version;
}

GElf_Verdef *gelf_getverdef(Elf_Data *data, int off, GElf_Verdef *def)
{
	struct fields f = at(data, (uint64_t)off, sizeof(Elf64_Verdef));

	if (!f.at)
		return NULL;
	*def = (GElf_Verdef){ .vd_version = half(&f) };
	def->vd_flags = half(&f);
	def->vd_ndx = half(&f);
	def->vd_cnt = half(&f);
	def->vd_hash = word(&f);
	def->vd_aux = word(&f);
	def->vd_next = word(&f);
	return def;
}

GElf_Verdaux *gelf_getverdaux(Elf_Data *data, int off, GElf_Verdaux *aux)
{
	struct fields f = at(data, (uint64_t)off, sizeof(Elf64_Verdaux));

	if (!f.at)
		return NULL;
	aux->vda_name = word(&f);
	aux->vda_next = word(&f);
	return aux;
}

GElf_Verneed *gelf_getverneed(Elf_Data *data, int off, GElf_Verneed *need)
{
	struct fields f = at(data, (uint64_t)off, sizeof(Elf64_Verneed));

	if (!f.at)
		return NULL;
	*need = (GElf_Verneed){ .vn_version = half(&f) };
	need->vn_cnt = half(&f);
	need->vn_file = word(&f);
	need->vn_aux = word(&f);
	need->vn_next = word(&f);
	return need;
}

GElf_Vernaux *gelf_getvernaux(Elf_Data *data, int off, GElf_Vernaux *aux)
{
	struct fields f = at(data, (uint64_t)off, sizeof(Elf64_Vernaux));

	if (!f.at)
		return NULL;
	*aux = (GElf_Vernaux){ .vna_hash = word(&f) };
	aux->vna_flags = half(&f);
	aux->vna_other = half(&f);
	aux->vna_name = word(&f);
	aux->vna_next = word(&f);
	return aux;
}
