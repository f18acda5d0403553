// SPDX-License-Identifier: MIT
/* loader/object/elf: sections, symbols and relocations as records; hostile files give an error. */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "loader/object/elf.h"
#include "tests/tap.h"
#include "tests/unit/elf_write.h"

static void small_file(struct ew *w, unsigned int bits, bool big)
{
	uint32_t code, data;

	ew_open(w, bits, big, ET_REL, EM_BPF);
	code = ew_section(w, "code", SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, "12345678abcdefgh", 16);
	data = ew_section(w, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 100);
	ew_symbol(w, "here", STB_LOCAL, STT_NOTYPE, code, 8, 0);
	ew_symbol(w, "main", STB_GLOBAL, STT_FUNC, code, 0, 16);
	ew_symbol(w, "room", STB_WEAK, STT_OBJECT, data, 4, 8);
	ew_symbol(w, "common", STB_GLOBAL, STT_OBJECT, SHN_COMMON, 4, 4);
	ew_symbol(w, "absolute", STB_GLOBAL, STT_NOTYPE, SHN_ABS, 77, 0);
	ew_symbol(w, "nowhere", STB_GLOBAL, STT_NOTYPE, 0xfe00, 0, 0);
	ew_symbol(w, "printk", STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0);
	ew_rel(w, code, 8, 3, 1);
	ew_rel(w, code, 0, 7, 10);
	ew_finish(w);
}

static void reads_what_was_written(unsigned int bits, bool big)
{
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct elf_reloc reloc;
	const uint8_t *data;
	struct elf elf;
	struct ew w;
	size_t size;

	small_file(&w, bits, big);
	eq_int(elf_open_mem(&elf, w.bytes, w.size, NULL), 0, "a_small_file_opens");
	ok(elf.bits == bits && elf.big_endian == big && elf.machine == EM_BPF && elf.type == ET_REL,
	   "header_says_what_was_written");
	eq_int(elf.n_sections, 6, "the_empty_section_counts");
	eq_int(elf_find(&elf, "code"), 1, "sections_are_found_by_name");
	eq_int(elf_find(&elf, "none"), ELF_BAD, "a_name_that_is_not_there_is_not_found");
	eq_int(elf_data(&elf, 1, &data, &size, NULL), 0, "section_has_bytes");
	ok(size == 16 && !memcmp(data, "12345678abcdefgh", 16), "bytes_are_those_of_the_file");
	ok(!elf_data(&elf, 2, &data, &size, NULL) && !data && !size, "nobits_has_no_bytes");
	eq_int(elf.sections[2].size, 100, "nobits_has_a_size");
	eq_int(elf_data(&elf, 6, &data, &size, NULL), -ENOEXEC, "section_out_of_range_is_an_error");

	eq_int(elf_symtab_open(&symtab, &elf, SHT_SYMTAB, NULL), 0, "symtab_opens");
	eq_int(symtab.n, 8, "symtab_counts_the_empty_symbol");
	ok(elf_symbol(&elf, &symtab, 2, &symbol) && !strcmp(symbol.name, "main") &&
	   symbol.type == STT_FUNC && symbol.bind == STB_GLOBAL && symbol.section == 1 && symbol.size == 16,
	   "symbol_is_what_was_written");
	ok(elf_symbol(&elf, &symtab, 4, &symbol) && symbol.section == ELF_COMMON, "common_is_named");
	ok(elf_symbol(&elf, &symtab, 5, &symbol) && symbol.section == ELF_ABS && symbol.value == 77,
	   "absolute_is_named");
	ok(elf_symbol(&elf, &symtab, 6, &symbol) && symbol.section == ELF_BAD,
	   "section_that_is_not_there_is_bad");
	ok(elf_symbol(&elf, &symtab, 7, &symbol) && symbol.section == ELF_UNDEF, "undefined_is_named");
	ok(!elf_symbol(&elf, &symtab, 8, &symbol), "no_symbol_after_the_last");
	eq_int(elf_symtab_open(&symtab, &elf, SHT_DYNSYM, NULL), -ENOENT, "no_dynsym_is_said");

	eq_int(elf_n_relocs(&elf, 3), 2, "relocations_are_counted");
	eq_int(elf_n_relocs(&elf, 1), 0, "other_sections_have_none");
	eq_int(elf_n_relocs(&elf, 99), 0, "section_out_of_range_has_none");
	ok(elf_reloc(&elf, 3, 0, &reloc) && reloc.offset == 8 && reloc.symbol == 3 && reloc.type == 1,
	   "relocation_is_what_was_written");
	ok(!elf_reloc(&elf, 3, 2, &reloc), "no_relocation_after_the_last");
	eq_int(elf.sections[3].info, 1, "relocations_name_their_section");
	elf_close(&elf);
	elf_close(&elf);
	ew_free(&w);
}

static void refused(const void *bytes, size_t size, const char *piece, const char *name)
{
	struct hewn_err err = { 0 };
	struct elf elf;

	eq_int(elf_open_mem(&elf, bytes, size, &err), -ENOEXEC, name);
	has(err.what, piece, name);
	hewn_err_close(&err);
}

static void wrong_files_are_named(void)
{
	struct hewn_err err = { 0 };
	struct elf elf;
	struct ew w;

	refused("", 0, "0 bytes", "empty_file");
	refused("\x7f" "ELF", 4, "4 bytes", "four_bytes");
	refused("BC\xc0\xde____________", 16, "LLVM bitcode", "bitcode_is_recognised");
	refused("#include <linux/bpf.h>", 22, "C source", "source_is_recognised");
	refused("%PDF-1.7________", 16, "25 50 44 46", "other_bytes_are_shown");
	small_file(&w, 64, false);
	w.bytes[EI_CLASS] = 3;
	refused(w.bytes, w.size, "ELF class 3, want 1", "class_3");
	w.bytes[EI_CLASS] = ELFCLASS64;
	w.bytes[EI_DATA] = 0;
	refused(w.bytes, w.size, "byte order 0", "byte_order_0");
	ew_free(&w);
	eq_int(elf_open(&elf, "/nonexistent/x.o", &err), -ENOENT, "missing_file_is_enoent");
	eq_str(err.object, "/nonexistent/x.o", "missing_file_is_named");
	hewn_err_close(&err);
	eq_int(elf_open(&elf, "/", &err), -EISDIR, "a_folder_is_said");
	hewn_err_close(&err);
	eq_int(elf_open(&elf, "/dev/null", &err), -EINVAL, "a_device_is_said");
	hewn_err_close(&err);
}

/* It is in memory from then on: what becomes of the file is no matter. */
static void small_files_are_read_at_once(void)
{
	char path[] = "/tmp/elf_small.XXXXXX";
	int fd = mkstemp(path);
	const uint8_t *data;
	bool same = true;
	struct elf elf;
	struct ew w;
	size_t n;

	small_file(&w, 64, false);
	ok(fd >= 0 && write(fd, w.bytes, w.size) == (ssize_t)w.size, "a_small_file_is_written");
	eq_int(elf_open(&elf, path, NULL), 0, "a_small_file_opens");
	ok(!ftruncate(fd, 4), "it_shrinks_while_it_is_open");
	for (uint32_t i = 0; i < elf.n_sections; i++)
		same &= !elf_data(&elf, i, &data, &n, NULL) &&
			(!n || !memcmp(data, w.bytes + elf.sections[i].offset, n));
	ok(elf.n_sections > 1 && same, "its_bytes_stay_as_they_were");
	elf_close(&elf);
	eq_int(elf_open(&elf, path, NULL), -ENOEXEC, "what_is_left_is_refused");
	close(fd);
	unlink(path);
	ew_free(&w);
}

/* Reads everything that can be read, so that a sanitizer sees every access. Returns what it met. */
static unsigned int walk(const void *bytes, size_t size)
{
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct elf_reloc reloc;
	unsigned int met = 0;
	const uint8_t *data;
	struct elf elf;
	size_t n;

	if (elf_open_mem(&elf, bytes, size, NULL))
		return 0;
	for (uint32_t i = 0; i < elf.n_sections; i++) {
		if (!elf_data(&elf, i, &data, &n, NULL) && n)
			met += data[0] + data[n - 1];
		for (uint32_t j = 0; j < elf_n_relocs(&elf, i); j++)
			met += elf_reloc(&elf, i, j, &reloc);
	}
	for (uint32_t type = SHT_SYMTAB; type <= SHT_DYNSYM; type += SHT_DYNSYM - SHT_SYMTAB)
		if (!elf_symtab_open(&symtab, &elf, type, NULL))
			for (uint32_t i = 0; i < symtab.n; i++)
				met += elf_symbol(&elf, &symtab, i, &symbol) && symbol.name[0];
	elf_close(&elf);
	return met + 1;
}

/* Every length, in memory of just that size, so that one byte too far is seen. */
static void truncated_files_do_not_crash(unsigned int bits, bool big)
{
	unsigned int opened = 0;
	struct ew w;

	small_file(&w, bits, big);
	for (size_t size = 0; size < w.size; size += size < 128 ? 1 : 7) {
		uint8_t *cut = malloc(size ? size : 1);

		if (!cut)
			abort();
		memcpy(cut, w.bytes, size);
		opened += walk(cut, size) != 0;
		free(cut);
	}
	eq_int(opened, 0, "a_truncated_file_is_refused");
	ew_free(&w);
}

/* Every byte of the headers and tables, each set to a few nasty values. */
static void spoiled_files_do_not_crash(unsigned int bits, bool big)
{
	static const uint8_t nasty[] = { 0x00, 0x01, 0x7f, 0x80, 0xff };
	unsigned int met = 0;
	struct ew w;

	small_file(&w, bits, big);
	for (size_t at = 0; at < w.size; at++) {
		uint8_t was = w.bytes[at];

		/* Not the names: 4 KiB of zeros. */
		if (at > 600 && at < w.shoff)
			continue;
		for (size_t i = 0; i < sizeof(nasty); i++) {
			w.bytes[at] = nasty[i];
			met += walk(w.bytes, w.size) != 0;
		}
		w.bytes[at] = was;
	}
	ok(met > 100, "spoiled_files_are_read_as_far_as_they_go");
	ew_free(&w);
}

static void sections_outside_of_the_file_are_refused(void)
{
	struct hewn_err err = { 0 };
	const uint8_t *data;
	struct elf elf;
	struct ew w;
	size_t size;

	small_file(&w, 64, false);
	ew_put(&w, ew_header(&w, 1) + 32, 8, 1ull << 40);
	eq_int(elf_open_mem(&elf, w.bytes, w.size, NULL), 0, "headers_of_such_a_file_open");
	eq_int(elf_data(&elf, 1, &data, &size, &err), -ENOEXEC, "section_outside_of_the_file_is_refused");
	has(err.what, "the file ends at", "and_says_where_the_file_ends");
	eq_str(err.section, "code", "and_names_the_section");
	elf_close(&elf);
	hewn_err_close(&err);
	ew_free(&w);

	small_file(&w, 64, false);
	ew_put(&w, ew_header(&w, 1) + 8, 8, SHF_EXECINSTR | SHF_COMPRESSED);
	eq_int(elf_open_mem(&elf, w.bytes, w.size, NULL), 0, "file_with_a_compressed_section_opens");
	eq_int(elf_data(&elf, 1, &data, &size, &err), -EOPNOTSUPP, "compressed_section_is_refused");
	elf_close(&elf);
	hewn_err_close(&err);
	ew_free(&w);
}

/* This program itself, as the system's linker made it. */
static void executables_have_functions_and_segments(void)
{
	bool has_main = false, in_segment = false;
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	struct elf elf;

	eq_int(elf_open(&elf, "/proc/self/exe", NULL), 0, "this_program_opens");
	ok(elf.bits == 8 * sizeof(void *), "this_program_has_the_bits_of_its_pointers");
	ok(elf.type == ET_DYN || elf.type == ET_EXEC, "this_program_is_executable");
	eq_int(elf_symtab_open(&symtab, &elf, SHT_SYMTAB, NULL), 0, "this_program_has_symbols");
	for (uint32_t i = 0; elf_symbol(&elf, &symtab, i, &symbol); i++) {
		if (strcmp(symbol.name, "main") != 0 || symbol.type != STT_FUNC)
			continue;
		has_main = symbol.size > 0;
		for (uint32_t j = 0; j < elf.n_segments; j++)
			in_segment |= elf.segments[j].type == PT_LOAD && elf.segments[j].flags & PF_X &&
				      symbol.value - elf.segments[j].vaddr < elf.segments[j].filesz;
	}
	ok(has_main, "main_is_a_function_with_a_size");
	ok(in_segment, "main_is_in_an_executable_segment");
	elf_close(&elf);
}

/* The C library's path, from the list of what is mapped here. */
static bool libc_path(char *path, size_t size)
{
	FILE *maps = fopen("/proc/self/maps", "re");
	char line[4096], *at;
	bool found = false;

	while (maps && !found && fgets(line, sizeof(line), maps)) {
		at = strchr(line, '/');
		if (!at || !strstr(at, "libc.so.6"))
			continue;
		at[strcspn(at, "\n")] = 0;
		found = snprintf(path, size, "%s", at) < (int)size;
	}
	if (maps)
		fclose(maps);
	return found;
}

static void library_symbols_have_versions(void)
{
	bool found = false, is_default = false;
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	char path[4096];
	struct elf elf;

	if (!libc_path(path, sizeof(path))) {
		tap_skip("library_symbols_have_versions", "the C library here has none (musl), or is static");
		return;
	}
	eq_int(elf_open(&elf, path, NULL), 0, "the_c_library_opens");
	eq_int(elf_symtab_open(&symtab, &elf, SHT_DYNSYM, NULL), 0, "the_c_library_has_dynamic_symbols");
	for (uint32_t i = 0; elf_symbol(&elf, &symtab, i, &symbol); i++) {
		if (strcmp(symbol.name, "malloc") != 0)
			continue;
		found = symbol.version && !strncmp(symbol.version, "GLIBC_", 6);
		is_default |= symbol.is_default;
	}
	ok(found && is_default, "malloc_has_a_default_version");
	elf_close(&elf);
}

int main(void)
{
	for (unsigned int i = 0; i < 4; i++) {
		reads_what_was_written(i & 1 ? 64 : 32, i & 2);
		truncated_files_do_not_crash(i & 1 ? 64 : 32, i & 2);
		spoiled_files_do_not_crash(i & 1 ? 64 : 32, i & 2);
	}
	wrong_files_are_named();
	small_files_are_read_at_once();
	sections_outside_of_the_file_are_refused();
	executables_have_functions_and_segments();
	library_symbols_have_versions();
	return tap_done();
}
