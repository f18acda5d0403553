// SPDX-License-Identifier: MIT
/*
 * Where a uprobe goes: the bytes at the offset that was found in the file are those of the function in
 * memory. And every way not to find one.
 */
#include <dlfcn.h>
#include <errno.h>
#include <unistd.h>

#include "loader/target/binary.h"
#include "loader/target/code.h"
#include "tests/tap.h"
#include "tests/unit/elf_write.h"

int main(void);

/* Whether the file has at the place what memory has at the address, which on 32-bit Arm has a bit for Thumb code. */
static bool same_bytes(const struct binary_place *place, const void *address)
{
#ifdef __arm__
	const void *code = (const void *)((uintptr_t)address & ~(uintptr_t)1);
#else
	const void *code = address;
#endif
	unsigned char bytes[16];
	FILE *file = fopen(place->path, "re");
	bool same = file && !fseek(file, (long)place->offset, SEEK_SET) && fread(bytes, sizeof(bytes), 1, file) == 1 &&
		    !memcmp(bytes, code, sizeof(bytes));

	if (file)
		fclose(file);
	return same;
}

static void refused(struct hewn_target *target, const char *spec, int code, const char *what, const char *name)
{
	struct binary_place place;
	struct hewn_err err = { 0 };

	eq_int(target_uprobe(target, spec, &place, &err), code, name);
	has(err.what, what, "and says so");
	hewn_err_close(&err);
}

static void found_functions(struct hewn_target *target)
{
	struct binary_place place, other;
	struct hewn_err err = { 0 };

	eq_int(target_uprobe(target, "/proc/self/exe:main", &place, &err), 0, "a_function_of_a_program_is_found");
	ok(same_bytes(&place, (const void *)(uintptr_t)main), "its_offset_is_in_the_file");
	eq_int(target_uprobe(target, "/proc/self/exe:main+0x10", &other, &err), 0, "with_an_offset_into_it");
	eq_int(other.offset, place.offset + 16, "which_is_added");
	eq_int(target_uprobe(target, "/proc/self/exe:0x40", &other, &err), 0, "a_number_is_an_offset_in_the_file");
	eq_int(other.offset, 0x40, "as_it_is");
	eq_str(target_known(target, "uprobe /proc/self/exe:0x40"), "/proc/self/exe 0x40", "what_was_found_is_a_fact");
}

static void found_in_a_library(struct hewn_target *target)
{
#ifdef __GLIBC__
	struct binary_place place, other;
	struct hewn_err err = { 0 };
	void *libc = dlsym(RTLD_DEFAULT, "getppid");
	Dl_info info;
	char spec[600];

	if (!libc || !dladdr(libc, &info) || !strstr(info.dli_fname, "libc.so.6")) {
		tap_skip("a_function_of_a_library_is_found", "this program has no libc.so.6");
		return;
	}
	eq_int(target_uprobe(target, "libc.so.6:getppid", &place, &err), 0, "a_library_is_looked_for");
	ok(same_bytes(&place, libc), "a_function_of_a_library_is_found");
	snprintf(spec, sizeof(spec), "%s:memcpy@GLIBC_2.2.5", info.dli_fname);
	if (!dlvsym(RTLD_DEFAULT, "memcpy", "GLIBC_2.2.5")) {
		tap_skip("an_old_version_is_found", "this libc has one memcpy only");
		return;
	}
	eq_int(target_uprobe(target, spec, &other, &err), 0, "an_old_version_is_found");
	snprintf(spec, sizeof(spec), "%s:memcpy@@GLIBC_2.14", info.dli_fname);
	eq_int(target_uprobe(target, spec, &place, &err), 0, "and_the_default_one");
	ok(place.offset != other.offset, "which_are_two");
	snprintf(spec, sizeof(spec), "%s:memcpy", info.dli_fname);
	eq_int(target_uprobe(target, spec, &other, &err), 0, "without_a_version");
	ok(place.offset == other.offset, "it_is_the_default");
	refused(target, "libc.so.6:memcpy@GLIBC_0.1", -ENOENT, "no function", "a_version_that_is_not_there");
#else
	(void)target;
	tap_skip("a_function_of_a_library_is_found", "this libc has no versions of functions");
#endif
}

/* Two functions of one pattern. Nothing calls them, so that they are kept is said here and in patterns_find_many(). */
__attribute__((used)) void hewn_pattern_one(void);
__attribute__((used)) void hewn_pattern_two(void);
void hewn_pattern_one(void)
{
	puts("# one");
}
void hewn_pattern_two(void)
{
	puts("# two");
}

static void patterns_find_many(struct hewn_target *target)
{
	struct hewn_target profile = { .recorded = true };
	void (*volatile const kept[])(void) = { hewn_pattern_one, hewn_pattern_two };
	struct binary_places places, again;
	struct binary_place one, two;
	struct hewn_err err = { 0 };
	const char *fact;
	uint64_t code = 0;

	(void)kept;
	eq_int(target_uprobe(target, "/proc/self/exe:hewn_pattern_one", &one, &err), 0, "one_function_is_found");
	eq_int(target_uprobe(target, "/proc/self/exe:hewn_pattern_two", &two, &err), 0, "and_the_other");
	eq_int(target_uprobes(target, "/proc/self/exe:hewn_pat?ern_*", &places, &err), 0, "a_pattern_finds_both");
	eq_int(places.n, 2, "and_no_more");
	ok(places.n == 2 && places.offsets[0] < places.offsets[1] && places.offsets[0] + places.offsets[1] == one.offset + two.offset,
	   "at_the_same_places_in_order");
	fact = target_known(target, "uprobes /proc/self/exe:hewn_pat?ern_*");
	ok(fact && target_remember(&profile, "uprobes x:*", fact), "what_was_found_is_a_fact");
	eq_int(target_uprobes(&profile, "x:*", &again, &err), 0, "which_a_recorded_target_takes");
	ok(again.n == 2 && again.offsets[1] == places.offsets[1], "as_it_is");
	binary_places_close(&again);
	binary_places_close(&places);
	eq_int(target_uprobes(&profile, "y:*", &again, &err), -ENOENT, "but_no_other");
	hewn_err_close(&err);
	ok(target_code(target, "/proc/self/exe:hewn_pat?ern_*", &code) && code != CODE_FIRST, "the_code_at_its_places_has_a_number");
	eq_int(target_code(&profile, "x:*", &code), false, "which_a_profile_need_not_have");
	eq_int(target_uprobes(target, "/proc/self/exe:no_such_*", &places, &err), -ENOENT, "a_pattern_that_finds_nothing_is_refused");
	hewn_err_close(&err);
	eq_int(target_uprobes(target, "/proc/self/exe:hewn_pattern_one+4", &places, &err), 0, "without_a_pattern_it_is_one_place");
	ok(places.n == 1 && places.offsets[0] == one.offset + 4, "with_its_offset");
	binary_places_close(&places);
	for (uint32_t i = 0; i < profile.n_facts; i++) {
		free(profile.facts[i].path);
		free(profile.facts[i].text);
	}
	free(profile.facts);
}

/* A library whose exported function is found, beside a table of symbols that is cut off. */
static void a_damaged_table_is_no_missing_one(struct hewn_target *target)
{
	const Elf64_Phdr segment = { .p_type = PT_LOAD, .p_flags = PF_R | PF_X, .p_filesz = 4096, .p_memsz = 4096 };
	char path[] = "/tmp/hewn-binary-XXXXXX", spec[64];
	struct binary_places places;
	const uint16_t one = 1;
	struct ew w;
	int fd;

	ew_open(&w, 64, !*(const uint8_t *)&one, ET_DYN, EM_X86_64);
	ew_section(&w, "segments", SHT_PROGBITS, 0, &segment, sizeof(segment));
	ew_section(&w, "cut off", SHT_SYMTAB, 0, NULL, 25);
	ew_symbol(&w, "f", STB_GLOBAL, STT_FUNC, 1, 64, 8);
	ew_finish(&w);
	ew_put(&w, w.bytes + offsetof(Elf64_Ehdr, e_phoff), 8, sizeof(Elf64_Ehdr));
	ew_put(&w, w.bytes + offsetof(Elf64_Ehdr, e_phnum), 2, 1);
	ew_put(&w, ew_header(&w, 3) + offsetof(Elf64_Shdr, sh_type), 4, SHT_DYNSYM);
	fd = mkstemp(path);
	ok(fd >= 0 && write(fd, w.bytes, w.size) == (ssize_t)w.size, "such_a_library_is_written");
	snprintf(spec, sizeof(spec), "%s:f", path);
	refused(target, spec, -ENOEXEC, "no table of symbols", "a_damaged_table_is_no_missing_one");
	eq_int(target_uprobes(target, spec, &places, NULL), -ENOEXEC, "nor_for_many_functions");
	ew_put(&w, ew_header(&w, 2) + offsetof(Elf64_Shdr, sh_type), 4, SHT_PROGBITS);
	ok(pwrite(fd, w.bytes, w.size, 0) == (ssize_t)w.size && !target_uprobes(target, spec, &places, NULL) && places.offsets[0] == 64,
	   "without_it_the_exported_function_is_found");
	binary_places_close(&places);
	close(fd);
	unlink(path);
	ew_free(&w);
}

/* ── archives ── */

static char archive[] = "/tmp/hewn-binary-XXXXXX";

static void put16(FILE *to, uint32_t value)
{
	putc((int)(value & 255), to);
	putc((int)(value >> 8 & 255), to);
}

static void put32(FILE *to, uint32_t value)
{
	put16(to, value & 0xffff);
	put16(to, value >> 16);
}

/* What a member has before its bytes, and in the directory. */
static void put_head(FILE *to, bool in_directory, uint32_t method, const char *name, uint32_t size, uint32_t at)
{
	put32(to, in_directory ? 0x02014b50 : 0x04034b50);
	if (in_directory)
		put16(to, 20);
	put16(to, 20);
	put16(to, 0);
	put16(to, method);
	put32(to, 0); /* time and date */
	put32(to, 0); /* the checksum, which nobody looks at */
	put32(to, size);
	put32(to, size);
	put16(to, (uint32_t)strlen(name));
	put16(to, in_directory ? 0 : 3); /* something before the bytes */
	for (int i = 0; in_directory && i < 5; i++)
		put16(to, 0); /* no comment, the first disk, no attributes */
	if (in_directory)
		put32(to, at);
	fputs(name, to);
	if (!in_directory)
		fwrite("xyz", 3, 1, to);
}

/* This program, stored; once more as if it were compressed; and a comment that has the end's magic in it. */
static bool write_archive(void)
{
	static const char *const names[] = { "readme", "lib/self", "lib/packed" };
	FILE *self = fopen("/proc/self/exe", "re"), *to = NULL;
	uint32_t at[3], size[3] = { 2 }, directory, end;
	int fd = self ? mkstemp(archive) : -1, c;

	if (fd >= 0)
		to = fdopen(fd, "w");
	if (!to || !self)
		return false;
	fseek(self, 0, SEEK_END);
	size[1] = (uint32_t)ftell(self);
	rewind(self);
	for (int i = 0; i < 3; i++) {
		at[i] = (uint32_t)ftell(to);
		put_head(to, false, i == 2 ? 8 : 0, names[i], size[i], 0);
		if (i == 0)
			fputs("hi", to);
		while (i == 1 && (c = getc(self)) != EOF)
			putc(c, to);
	}
	directory = (uint32_t)ftell(to);
	for (int i = 0; i < 3; i++)
		put_head(to, true, i == 2 ? 8 : 0, names[i], size[i], at[i]);
	end = (uint32_t)ftell(to);
	put32(to, 0x06054b50);
	put32(to, 0);
	put16(to, 3);
	put16(to, 3);
	put32(to, end - directory);
	put32(to, directory);
	put16(to, 8);
	put32(to, 0x06054b50);
	fputs("mark", to);
	fclose(self);
	return !fclose(to);
}

static void found_in_an_archive(struct hewn_target *target)
{
	struct binary_place place, alone;
	struct binary_places places, one;
	struct hewn_err err = { 0 };
	char spec[200];

	if (!write_archive()) {
		tap_skip("a_member_of_an_archive", "no file can be written in /tmp");
		return;
	}
	target_uprobe(target, "/proc/self/exe:main", &alone, NULL);
	snprintf(spec, sizeof(spec), "%s!/lib/self:main", archive);
	if (!eq_int(target_uprobe(target, spec, &place, &err), 0, "a_function_of_a_member_is_found"))
		printf("# %s\n", err.what);
	eq_str(place.path, archive, "the_file_is_the_archive");
	ok(place.offset > alone.offset && same_bytes(&place, (const void *)(uintptr_t)main), "its_offset_is_in_the_archive");
	snprintf(spec, sizeof(spec), "%s!/lib/self:hewn_pattern_*", archive);
	target_uprobes(target, "/proc/self/exe:hewn_pattern_*", &one, NULL);
	eq_int(target_uprobes(target, spec, &places, &err), 0, "a_pattern_finds_those_of_a_member");
	ok(places.n == 2 && one.n == 2 && places.offsets[1] - one.offsets[1] == place.offset - alone.offset, "as_far_into_the_archive");
	binary_places_close(&places);
	binary_places_close(&one);
	snprintf(spec, sizeof(spec), "%s!/lib/packed:main", archive);
	refused(target, spec, -EOPNOTSUPP, "compressed", "a_compressed_member");
	snprintf(spec, sizeof(spec), "%s!/lib/none:main", archive);
	refused(target, spec, -ENOENT, "no member \"lib/none\"", "a_member_that_is_not_there");
	snprintf(spec, sizeof(spec), "%s!/readme:main", archive);
	refused(target, spec, -ENOEXEC, "", "a_member_that_is_no_library");
	refused(target, "/proc/self/exe!/lib/self:main", -ENOEXEC, "no zip archive", "a_program_is_no_archive");
	if (!truncate(archive, 100)) {
		snprintf(spec, sizeof(spec), "%s!/lib/self:hewn_pattern_one", archive);
		refused(target, spec, -ENOEXEC, "damaged", "an_archive_that_is_cut_off");
	}
	unlink(archive);
}

/* Without a pattern, a link on many uprobes means all functions of a name: here two versions of one. */
static void found_by_one_name(struct hewn_target *target)
{
	struct binary_places places;
	void *old = NULL;

	eq_int(target_uprobes(target, "/proc/self/exe:hewn_pattern_one", &places, NULL), 0, "one_name");
	eq_int(places.n, 1, "means_one_function_where_there_is_one");
	binary_places_close(&places);
#ifdef __GLIBC__
	old = dlvsym(RTLD_DEFAULT, "pthread_cond_wait", "GLIBC_2.2.5");
#endif
	if (!old || old == dlsym(RTLD_DEFAULT, "pthread_cond_wait")) {
		tap_skip("two_functions_of_one_name", "this libc has not the two versions of pthread_cond_wait");
		return;
	}
	eq_int(target_uprobes(target, "libc.so.6:pthread_cond_wait", &places, NULL), 0, "two_functions_of_one_name");
	eq_int(places.n, 2, "are_both_meant");
	binary_places_close(&places);
	eq_int(target_uprobes(target, "libc.so.6:pthread_cond_wait@GLIBC_2.2.5", &places, NULL), 0, "with_a_version");
	eq_int(places.n, 1, "it_is_that_one");
	binary_places_close(&places);
}

int main(void)
{
	struct hewn_target *target = NULL, recorded = { .recorded = true };

	if (hewn_target_open(&target, NULL, NULL))
		return 1;
	a_damaged_table_is_no_missing_one(target);
	patterns_find_many(target);
	found_functions(target);
	found_in_a_library(target);
	refused(target, "/proc/self/exe:no_such_function", -ENOENT, "no_such_function", "no_such_function");
	refused(target, "/nonexistent:main", -ENOENT, "/nonexistent", "no_such_file");
	refused(target, "no-such-program:main", -ENOENT, "no-such-program", "no_such_name_in_PATH");
	refused(target, "/etc/passwd:main", -ENOEXEC, "", "text_is_no_program");
	refused(target, "/proc/self/exe", -EINVAL, "PATH:FUNCTION", "a_path_alone");
	refused(target, "/proc/self/exe:main+x", -EINVAL, "OFFSET", "an_offset_that_is_none");
	refused(target, "/x.apk!/lib/x.so:f", -ENOENT, "/x.apk", "no_such_archive");
	found_in_an_archive(target);
	found_by_one_name(target);
	refused(&recorded, "libc.so.6:getppid", -ENOENT, "profile", "a_recorded_target_is_not_asked_for_files");
	hewn_target_close(target);
	return tap_done();
}
