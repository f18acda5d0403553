// SPDX-License-Identifier: MIT
/* Where a uprobe goes: see binary.h. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/arch/arch.h"
#include "loader/mem.h"
#include "loader/object/elf.h"
#include "loader/target/archive.h"
#include "loader/target/binary.h"
#include "loader/target/code.h"
#include "loader/target/functions.h"

/* ── the file ── */

static bool try_path(char *to, size_t size, const char *folder, size_t len, const char *name)
{
	return (size_t)snprintf(to, size, "%.*s/%s", (int)len, folder, name) < size && !access(to, R_OK);
}

/* Folders as in PATH: "/usr/bin:/bin". */
static bool search(char *to, size_t size, const char *folders, const char *name)
{
	while (folders && *folders) {
		size_t len = strcspn(folders, ":");

		if (try_path(to, size, len ? folders : ".", len ? len : 1, name))
			return true;
		folders += len + (folders[len] == ':');
	}
	return false;
}

/* Whether a folder is this machine's: x86_64-linux-gnu. Compilers for other machines have libraries of theirs beside it. */
static bool is_native(const char *folder)
{
	const struct arch *arch = arch_native();
	const size_t len = strcspn(folder, "-");

	if (!arch || (strlen(arch->name) == len && !strncmp(arch->name, folder, len)))
		return true;
	for (const char *const *alias = arch->aliases; *alias; alias++)
		if (strlen(*alias) == len && !strncmp(*alias, folder, len))
			return true;
	return false;
}

/* Debian and others keep libraries in a folder named after the architecture: /usr/lib/x86_64-linux-gnu. */
static bool search_multiarch(char *to, size_t size, const char *name)
{
	static const char *const tops[] = { "/usr/lib", "/lib" };
	const struct dirent *entry;
	bool found = false;

	for (size_t i = 0; i < sizeof(tops) / sizeof(tops[0]) && !found; i++) {
		DIR *top = opendir(tops[i]);

		while (top && !found && (entry = readdir(top))) {
			char folder[sizeof("/usr/lib/") + sizeof(entry->d_name)];
			int len = snprintf(folder, sizeof(folder), "%s/%s", tops[i], entry->d_name);

			found = strstr(entry->d_name, "-linux-") && is_native(entry->d_name) &&
				try_path(to, size, folder, (size_t)len, name);
		}
		if (top)
			closedir(top);
	}
	return found;
}

int binary_find(const char *name, struct binary_place *place, struct hewn_err *err)
{
	char *real;
	bool found;

	if (name[0] == '/') {
		snprintf(place->path, sizeof(place->path), "%s", name);
		found = !access(name, R_OK);
	} else if (strchr(name, '/')) {
		real = realpath(name, NULL);
		found = real != NULL;
		snprintf(place->path, sizeof(place->path), "%s", real ? real : "");
		free(real);
	} else if (strstr(name, ".so")) {
		found = search(place->path, sizeof(place->path), getenv("LD_LIBRARY_PATH"), name) ||
			search_multiarch(place->path, sizeof(place->path), name) ||
			search(place->path, sizeof(place->path), "/usr/local/lib:/usr/lib64:/usr/lib:/lib64:/lib", name);
	} else {
		found = search(place->path, sizeof(place->path), getenv("PATH"), name) ||
			search(place->path, sizeof(place->path), "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", name);
	}
	if (found)
		return 0;
	err_hint(err, "a path from the root is the surest: SEC(\"uprobe//usr/bin/bash:readline\")");
	return err_set(err, errno == EACCES ? -EACCES : -ENOENT, "there is no file \"%s\" to probe", name);
}

/* A file that is probed; or a member of an archive, whose bytes are so far into it. */
struct binary {
	struct elf elf;
	uint8_t *member;
	uint64_t offset;
};

static void close_binary(struct binary *binary)
{
	elf_close(&binary->elf);
	free(binary->member);
}

/* "path", or "archive!/member": place->path becomes what the kernel opens, that of the archive. */
static int open_binary(const char *name, struct binary_place *place, struct binary *binary, struct hewn_err *err)
{
	const char *bang = strstr(name, "!/");
	size_t size = 0;
	char file[4096];
	int ret;

	memset(binary, 0, sizeof(*binary));
	snprintf(file, sizeof(file), "%.*s", bang ? (int)(bang - name) : (int)strlen(name), name);
	ret = binary_find(file, place, err);
	if (ret)
		return ret;
	if (bang)
		ret = archive_read(place->path, bang + 2, &binary->member, &size, &binary->offset, err);
	if (!ret && bang)
		ret = elf_open_mem(&binary->elf, binary->member, size, err);
	else if (!ret)
		ret = elf_open(&binary->elf, place->path, err);
	if (!ret && binary->elf.type != ET_EXEC && binary->elf.type != ET_DYN)
		ret = err_set(err, -ENOEXEC, "%s is no executable and no library (ELF type %u)", name, binary->elf.type);
	if (ret)
		close_binary(binary);
	return ret;
}

/* ── the function ── */

struct match {
	uint64_t value;
	int rank; /* the higher wins: a default version over an old one, a global symbol over a local */
	bool found, ambiguous;
};

/* "name", "name@VERSION", "name@@VERSION" as wanted, against a symbol, whose own name may hold its version. */
static bool is_wanted(const struct elf_symbol *symbol, const char *wanted)
{
	const size_t len = strcspn(wanted, "@");
	const char *version = wanted + len + strspn(wanted + len, "@");
	const size_t name_len = strcspn(symbol->name, "@");
	const char *own = symbol->name + name_len + strspn(symbol->name + name_len, "@");

	if (len != name_len || strncmp(symbol->name, wanted, len) != 0)
		return false;
	if (!wanted[len])
		return true;
	if (*own)
		return !strcmp(own, version);
	return symbol->version && !strcmp(symbol->version, version);
}

/* A table that is not there holds nothing; one that is damaged is an error, for who knows what it held. */
static int look_through(const struct elf *elf, uint32_t type, const char *wanted, struct match *match,
			struct hewn_err *err)
{
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	int ret = elf_symtab_open(&symtab, elf, type, err);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	for (uint32_t i = 1; i < symtab.n; i++) {
		int rank;

		if (!elf_symbol(elf, &symtab, i, &symbol) || (symbol.type != STT_FUNC && symbol.type != STT_GNU_IFUNC) ||
		    symbol.section == ELF_UNDEF || !is_wanted(&symbol, wanted))
			continue;
		rank = (symbol.bind == STB_GLOBAL ? 2 : symbol.bind == STB_WEAK ? 1 : 0) +
		       (symbol.is_default || !symbol.version ? 4 : 0);
		if (match->found && (rank < match->rank || (rank == match->rank && symbol.value == match->value)))
			continue;
		match->ambiguous = match->found && rank == match->rank;
		match->value = symbol.value;
		match->rank = rank;
		match->found = true;
	}
	return 0;
}

/* The offset in the file of a byte that is executed at an address: the segment that holds it says so. */
static int to_offset(const struct elf *elf, uint64_t address, uint64_t *offset, struct hewn_err *err)
{
	for (uint32_t i = 0; i < elf->n_segments; i++) {
		const struct elf_segment *s = &elf->segments[i];

		if (s->type == PT_LOAD && s->flags & PF_X && address >= s->vaddr && address - s->vaddr < s->filesz) {
			*offset = address - s->vaddr + s->offset;
			return 0;
		}
	}
	return err_set(err, -ENOEXEC, "address %#" PRIx64 " is in no executable segment of the file", address);
}

static int find_function(const char *file, const char *name, struct binary_place *place, struct hewn_err *err)
{
	struct match match = { 0 };
	struct binary binary;
	int ret = open_binary(file, place, &binary, err);

	if (ret)
		return ret;
	ret = look_through(&binary.elf, SHT_SYMTAB, name, &match, err);
	if (!ret && !match.found)
		ret = look_through(&binary.elf, SHT_DYNSYM, name, &match, err);
	if (!ret && !match.found) {
		if (elf_find_type(&binary.elf, SHT_SYMTAB) == ELF_BAD)
			err_hint(err, "the file is stripped: only exported functions have names (nm -D %s); an offset in the file works too", place->path);
		else
			err_hint(err, "nm %s | grep -i %s", place->path, name);
		ret = err_set(err, -ENOENT, "%s has no function \"%s\"", file, name);
	} else if (match.ambiguous) {
		err_hint(err, "give its version (name@VERSION) or its offset in the file");
		ret = err_set(err, -ENOTUNIQ, "%s has several functions \"%s\"", file, name);
	}
	if (!ret && binary.elf.machine == EM_ARM)
		match.value &= ~1ull; /* set for Thumb code, no part of the address */
	if (!ret)
		ret = to_offset(&binary.elf, match.value, &place->offset, err);
	place->offset += binary.offset;
	close_binary(&binary);
	return ret;
}

/* ── the whole ── */

static int resolve(const char *spec, struct binary_place *place, struct hewn_err *err)
{
	const char *colon = strrchr(spec, ':'), *plus;
	char name[512], path[4096], *end;
	uint64_t off = 0;
	size_t len;
	int ret;

	if (!colon || colon == spec || !colon[1] || (size_t)(colon - spec) >= sizeof(path)) {
		err_hint(err, "SEC(\"uprobe/PATH:FUNCTION\"), for example uprobe//usr/bin/bash:readline or uprobe/libc.so.6:malloc");
		return err_set(err, -EINVAL, "\"%s\" names no function of a file: want PATH:FUNCTION", spec);
	}
	snprintf(path, sizeof(path), "%.*s", (int)(colon - spec), spec);
	plus = strrchr(colon + 1, '+');
	len = plus ? (size_t)(plus - colon - 1) : strlen(colon + 1);
	if (plus)
		off = strtoull(plus + 1, &end, 0);
	if (!len || len >= sizeof(name) || (plus && (end == plus + 1 || *end)))
		return err_set(err, -EINVAL, "\"%s\" is not FUNCTION+OFFSET", colon + 1);
	snprintf(name, sizeof(name), "%.*s", (int)len, colon + 1);

	place->offset = strtoull(name, &end, 0);
	if (*end) /* a name, no number */
		ret = find_function(path, name, place, err);
	else
		ret = binary_find(path, place, err);
	place->offset += off;
	return ret;
}

int target_uprobe(struct hewn_target *target, const char *spec, struct binary_place *place, struct hewn_err *err)
{
	char key[TARGET_KEY], text[4200];
	const char *known;
	int ret;

	memset(place, 0, sizeof(*place));
	ret = target_place(target, "uprobe", spec, key, &known, err);
	if (ret)
		return ret;
	if (known) { /* "PATH OFFSET" */
		const char *space = strrchr(known, ' ');

		if (!space || (size_t)(space - known) >= sizeof(place->path))
			return err_set(err, -EINVAL, "the profile's \"%s\" is not PATH OFFSET: %s", key, known);
		memcpy(place->path, known, (size_t)(space - known));
		place->offset = strtoull(space + 1, NULL, 0);
		return 0;
	}
	ret = resolve(spec, place, err);
	if (ret)
		return ret;
	snprintf(text, sizeof(text), "%s %#" PRIx64, place->path, place->offset);
	if (!target_remember(target, key, text))
		return err_nomem(err);
	return target_note_code(target, spec, place->path, &place->offset, 1, err);
}

/* ── many ── */

static int compare(const void *a, const void *b)
{
	const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static int add_offset(struct binary_places *places, uint64_t offset, struct hewn_err *err)
{
	uint64_t *slot = mem_append(&places->offsets, &places->n, sizeof(*slot));

	if (!slot)
		return err_nomem(err);
	*slot = offset;
	return 0;
}

/* The functions of one table of symbols. What is in no segment that is executed is left out: it cannot be probed. */
static int match_all(const struct elf *elf, uint32_t type, const char *pattern, struct binary_places *places, struct hewn_err *err)
{
	struct elf_symtab symtab;
	struct elf_symbol symbol;
	uint64_t offset = 0;
	int ret = elf_symtab_open(&symtab, elf, type, err);

	if (ret)
		return ret == -ENOENT ? 0 : ret;
	for (uint32_t i = 1; i < symtab.n && !ret; i++) {
		if (!elf_symbol(elf, &symtab, i, &symbol) || symbol.type != STT_FUNC || symbol.section == ELF_UNDEF ||
		    !target_matches(pattern, symbol.name))
			continue;
		if (elf->machine == EM_ARM)
			symbol.value &= ~1ull;
		if (!to_offset(elf, symbol.value, &offset, NULL))
			ret = add_offset(places, offset, err);
	}
	return ret;
}

static int find_functions(const char *file, const char *pattern, struct binary_places *places, struct hewn_err *err)
{
	struct binary_place place = { 0 };
	struct binary binary;
	uint32_t kept = 0;
	int ret = open_binary(file, &place, &binary, err);

	if (ret)
		return ret;
	memcpy(places->path, place.path, sizeof(places->path));
	ret = match_all(&binary.elf, SHT_SYMTAB, pattern, places, err);
	if (!ret && !places->n)
		ret = match_all(&binary.elf, SHT_DYNSYM, pattern, places, err);
	close_binary(&binary);
	if (ret)
		return ret;
	if (!places->n)
		return err_set(err, -ENOENT, "%s has no function \"%s\"", file, pattern);
	qsort(places->offsets, places->n, sizeof(*places->offsets), compare);
	for (uint32_t i = 0; i < places->n; i++)
		if (!i || places->offsets[i] != places->offsets[i - 1])
			places->offsets[kept++] = places->offsets[i];
	places->n = kept;
	for (uint32_t i = 0; i < places->n; i++)
		places->offsets[i] += binary.offset;
	return 0;
}

/* Several functions of one name are all meant, as if it were a pattern; not with a version, or an offset, or a number. */
static bool is_name(const char *text)
{
	return !strpbrk(text, "@+") && (text[0] < '0' || text[0] > '9');
}

static int resolve_all(const char *spec, struct binary_places *places, struct hewn_err *err)
{
	const char *colon = strrchr(spec, ':');
	struct binary_place place = { 0 };
	char path[4096];
	int ret;

	if (!colon || colon == spec || !colon[1] || (!target_is_pattern(colon) && !is_name(colon + 1))) {
		ret = resolve(spec, &place, err);
		memcpy(places->path, place.path, sizeof(places->path));
		return ret ? ret : add_offset(places, place.offset, err);
	}
	if ((size_t)snprintf(path, sizeof(path), "%.*s", (int)(colon - spec), spec) >= sizeof(path))
		return err_set(err, -ENAMETOOLONG, "the name of a uprobe's file is too long");
	return find_functions(path, colon + 1, places, err);
}

/* "PATH OFFSET OFFSET…", as the fact has it. */
static int parse_places(const char *text, struct binary_places *places, struct hewn_err *err)
{
	const char *at = strstr(text, " 0x");
	char *end;
	int ret = 0;

	if (!at || (size_t)(at - text) >= sizeof(places->path))
		return err_set(err, -EINVAL, "the profile's uprobes are not PATH OFFSET…: %.80s", text);
	memcpy(places->path, text, (size_t)(at - text));
	for (; *at && !ret; at = end) {
		ret = add_offset(places, strtoull(at, &end, 16), err);
		if (end == at || (*end && *end != ' '))
			return err_set(err, -EINVAL, "the profile's uprobes are not PATH OFFSET…: %.80s", text);
	}
	return ret;
}

static int remember_places(struct hewn_target *target, const char *key, const struct binary_places *places, struct hewn_err *err)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	int ret;

	if (!to)
		return err_nomem(err);
	fputs(places->path, to);
	for (uint32_t i = 0; i < places->n; i++)
		fprintf(to, " %#" PRIx64, places->offsets[i]);
	ret = fclose(to) || !target_remember(target, key, text) ? err_nomem(err) : 0;
	free(text);
	return ret;
}

int target_uprobes(struct hewn_target *target, const char *spec, struct binary_places *places, struct hewn_err *err)
{
	char key[TARGET_KEY];
	const char *known;
	int ret;

	memset(places, 0, sizeof(*places));
	ret = target_place(target, "uprobes", spec, key, &known, err);
	if (ret)
		return ret;
	ret = known ? parse_places(known, places, err) : resolve_all(spec, places, err);
	if (!ret && !known)
		ret = remember_places(target, key, places, err);
	if (!ret && !known)
		ret = target_note_code(target, spec, places->path, places->offsets, places->n, err);
	if (ret)
		binary_places_close(places);
	return ret;
}

void binary_places_close(struct binary_places *places)
{
	free(places->offsets);
	memset(places, 0, sizeof(*places));
}
