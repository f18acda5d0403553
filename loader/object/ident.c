// SPDX-License-Identifier: MIT
/* What a file is, by its first bytes. Knows nothing of what follows them. */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/ident.h"

/* What people hand over instead of an object file, by its first bytes. */
static const struct {
	const char *magic;
	size_t size;
	const char *what, *hint;
} not_elf[] = {
	{"BC\xc0\xde", 4, "LLVM bitcode",
	 "compile without -emit-llvm and -flto, or finish with `llc -march=bpf -filetype=obj`"},
	{"!<arch>\n", 8, "an archive", "take the object out of it: `ar x FILE`"},
	{"\x1f\x8b", 2, "compressed by gzip", "unpack it first"},
	{"\x9f\xeb", 2, "raw BTF", "this is the type information alone, without a program"},
	{"\xeb\x9f", 2, "raw BTF", "this is the type information alone, without a program"},
	{"#!", 2, "a script", NULL},
	{"/*", 2, "C source, it seems", "compile it: clang -target bpf -g -O2 -c"},
	{"//", 2, "C source, it seems", "compile it: clang -target bpf -g -O2 -c"},
	{"#include", 8, "C source, it seems", "compile it: clang -target bpf -g -O2 -c"},
};

static const struct {
	uint32_t machine;
	const char *name;
} machines[] = {
	{EM_NONE, "none"},	 {EM_386, "i386"},  {EM_MIPS, "MIPS"}, {EM_PPC, "PowerPC"},
	{EM_PPC64, "PowerPC64"}, {EM_S390, "s390"}, {EM_ARM, "ARM"},   {EM_X86_64, "x86-64"},
	{EM_AARCH64, "arm64"},	 {243, "RISC-V"},   {247, "eBPF"},     {258, "LoongArch"},
};

const char *ident_machine(uint32_t machine)
{
	for (size_t i = 0; i < sizeof(machines) / sizeof(*machines); i++)
		if (machines[i].machine == machine)
			return machines[i].name;
	return NULL;
}

const char *ident_type(uint32_t type)
{
	static const char *const names[] = {"no type", "relocatable object", "executable",
					    "shared object", "core dump"};

	return type < sizeof(names) / sizeof(*names) ? names[type] : "unknown type";
}

static int refuse_foreign(const uint8_t *start, size_t size, struct hewn_err *err)
{
	for (size_t i = 0; i < sizeof(not_elf) / sizeof(*not_elf); i++) {
		if (size < not_elf[i].size || memcmp(start, not_elf[i].magic, not_elf[i].size) != 0)
			continue;
		if (not_elf[i].hint)
			err_hint(err, "%s", not_elf[i].hint);
		return err_set(err, -ENOEXEC, "not an ELF file: %s", not_elf[i].what);
	}
	if (size < EI_NIDENT)
		return err_set(err, -ENOEXEC, "not an ELF file: %zu bytes, want at least %d", size,
			       EI_NIDENT);
	return err_set(err, -ENOEXEC,
		       "not an ELF file: begins with %02x %02x %02x %02x, want 7f 45 4c 46",
		       start[0], start[1], start[2], start[3]);
}

int ident_check(const uint8_t *start, size_t size, unsigned int *bits, bool *big_endian,
		struct hewn_err *err)
{
	size_t header;

	if (size < EI_NIDENT || memcmp(start, ELFMAG, SELFMAG) != 0)
		return refuse_foreign(start, size, err);
	if (start[EI_CLASS] != ELFCLASS32 && start[EI_CLASS] != ELFCLASS64)
		return err_set(err, -ENOEXEC, "ELF class %u, want 1 (32 bits) or 2 (64 bits)",
			       start[EI_CLASS]);
	if (start[EI_DATA] != ELFDATA2LSB && start[EI_DATA] != ELFDATA2MSB)
		return err_set(err, -ENOEXEC,
			       "ELF byte order %u, want 1 (little-endian) or 2 (big-endian)",
			       start[EI_DATA]);
	if (start[EI_VERSION] != EV_CURRENT)
		return err_set(err, -ENOEXEC, "ELF version %u, want %u", start[EI_VERSION],
			       EV_CURRENT);
	*bits = start[EI_CLASS] == ELFCLASS64 ? 64 : 32;
	*big_endian = start[EI_DATA] == ELFDATA2MSB;
	header = *bits == 64 ? sizeof(Elf64_Ehdr) : sizeof(Elf32_Ehdr);
	if (size < header) {
		err_hint(err, "the file is truncated: compile or copy it again");
		return err_set(err, -ENOEXEC, "the file has %zu bytes, an ELF header has %zu", size,
			       header);
	}
	return 0;
}
