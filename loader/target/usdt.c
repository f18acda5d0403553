// SPDX-License-Identifier: MIT
/* The probes that a program declares of itself: see usdt.h. */
#include "loader/target/usdt.h"

#include "loader/arch/arch.h"
#include "loader/mem.h"
#include "loader/object/elf.h"
#include "loader/target/binary.h"
#include "loader/target/code.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* One note of section .note.stapsdt: three addresses of the file's word, three strings. */
struct note {
	uint64_t location, base, semaphore;
	const char *provider, *name, *args; /* in the file */
};

struct search {
	const struct elf *elf;
	const char *provider, *name;
	uint64_t base; /* address of section .stapsdt.base; 0: none */
	struct usdt *usdt;
	char seen[300]; /* other probes of the file, for a hint */
};

void usdt_close(struct usdt *usdt)
{
	for (uint32_t i = 0; i < usdt->n_places; i++)
		free(usdt->places[i].args);
	free(usdt->places);
	memset(usdt, 0, sizeof(*usdt));
}

static int add_place(struct usdt *usdt, uint64_t offset, uint64_t address, uint64_t semaphore,
		     const char *args, size_t len, struct hewn_err *err)
{
	struct usdt_place *place = mem_append(&usdt->places, &usdt->n_places, sizeof(*place));

	if (!place)
		return err_nomem(err);
	place->offset = offset;
	place->address = address;
	place->semaphore = semaphore;
	place->args = strndup(args, len);
	return place->args ? 0 : err_nomem(err);
}

static uint64_t word(const struct elf *elf, const uint8_t *at)
{
	return elf->bits == 64 ? elf_u64(elf, at) : elf_u32(elf, at);
}

/* The string at *at, which moves behind its zero; NULL: it does not end before `end`. */
static const char *string(const uint8_t **at, const uint8_t *end)
{
	const char *text = (const char *)*at;
	const uint8_t *zero = *at < end ? memchr(*at, 0, (size_t)(end - *at)) : NULL;

	*at = zero ? zero + 1 : end;
	return zero ? text : NULL;
}

static bool read_note(const struct elf *elf, const uint8_t *desc, uint32_t size, struct note *note)
{
	const uint32_t bytes = elf->bits / 8;
	const uint8_t *at = desc + (size_t)3 * bytes;

	if (size < 3 * bytes)
		return false;
	note->location = word(elf, desc);
	note->base = word(elf, desc + bytes);
	note->semaphore = word(elf, desc + (size_t)2 * bytes);
	note->provider = string(&at, desc + size);
	note->name = string(&at, desc + size);
	note->args = string(&at, desc + size);
	return note->provider && note->name && note->args;
}

/* The offset in the file of an address in a loaded segment, executable or not. */
static bool offset_of(const struct elf *elf, uint64_t address, bool executable, uint64_t *offset)
{
	for (uint32_t i = 0; i < elf->n_segments; i++) {
		const struct elf_segment *s = &elf->segments[i];

		if (s->type != PT_LOAD || address < s->vaddr || address - s->vaddr >= s->memsz ||
		    !(s->flags & PF_X) == executable)
			continue;
		*offset = address - s->vaddr + s->offset;
		return true;
	}
	return false;
}

/*
 * A note keeps the addresses that the linker gave, and the one of .stapsdt.base with them: where a
 * tool has moved the file's addresses since then, that section has moved with them.
 */
static int take_note(struct search *s, const struct note *note, struct hewn_err *err)
{
	const uint64_t moved = s->base && note->base ? s->base - note->base : 0;
	uint64_t offset, semaphore = 0;

	if (strcmp(note->provider, s->provider) != 0 || strcmp(note->name, s->name) != 0) {
		const size_t len = strlen(s->seen);

		if (len + strlen(note->provider) + strlen(note->name) + 4 < sizeof(s->seen) &&
		    !strstr(s->seen, note->name))
			snprintf(s->seen + len, sizeof(s->seen) - len, "%s%s:%s", len ? ", " : "",
				 note->provider, note->name);
		return 0;
	}
	if (!offset_of(s->elf, note->location + moved, true, &offset))
		return err_set(err, -ENOEXEC,
			       "probe %s:%s is at %#" PRIx64
			       ", which is in no executable segment of the file",
			       note->provider, note->name, note->location + moved);
	if (note->semaphore && !offset_of(s->elf, note->semaphore + moved, false, &semaphore))
		return err_set(err, -ENOEXEC,
			       "the semaphore of %s:%s is at %#" PRIx64
			       ", which is in no segment of data",
			       note->provider, note->name, note->semaphore + moved);
	return add_place(s->usdt, offset, s->elf->type == ET_EXEC ? note->location + moved : 0, semaphore, note->args[0] == ':' ? "" : note->args,
			 strlen(note->args), err);
}

/* Notes: sizes of name and description, a type, and both, each padded to four bytes. */
static int walk_notes(struct search *s, const uint8_t *data, size_t size, struct hewn_err *err)
{
	size_t at = 0;
	int ret = 0;

	while (!ret && size - at >= 12) {
		const uint32_t name = elf_u32(s->elf, data + at),
			       desc = elf_u32(s->elf, data + at + 4);
		const uint64_t desc_at = at + 12 + (((uint64_t)name + 3) & ~3ull);
		const uint64_t next = desc_at + (((uint64_t)desc + 3) & ~3ull);
		struct note note;

		if (desc_at + desc > size)
			break;
		if (elf_u32(s->elf, data + at + 8) == 3 && name == 8 &&
		    !memcmp(data + at + 12, "stapsdt", 8) &&
		    read_note(s->elf, data + desc_at, desc, &note))
			ret = take_note(s, &note, err);
		if (next >= size)
			break;
		at = (size_t)next;
	}
	return ret;
}

static int search_file(struct search *s, struct hewn_err *err)
{
	const struct elf *elf = s->elf;
	const struct arch *arch = arch_by_elf((uint16_t)elf->machine, (uint8_t)elf->bits);
	uint32_t notes = elf_find(elf, ".note.stapsdt"), base = elf_find(elf, ".stapsdt.base");
	const uint8_t *data;
	size_t size;
	int ret;

	if (notes == ELF_BAD)
		return err_set(err, -ENOENT,
			       "%s declares no probes: it has no section .note.stapsdt",
			       s->usdt->path);
	if (!arch)
		return err_set(err, -ENOTSUP,
			       "%s is of an architecture that is not known (ELF machine %u)",
			       s->usdt->path, elf->machine);
	snprintf(s->usdt->machine, sizeof(s->usdt->machine), "%s", arch->name);
	s->base = base == ELF_BAD ? 0 : elf->sections[base].addr;
	ret = elf_data(elf, notes, &data, &size, err);
	if (!ret)
		ret = walk_notes(s, data, size, err);
	if (!ret && !s->usdt->n_places) {
		if (s->seen[0])
			err_hint(err, "it has %s", s->seen);
		ret = err_set(err, -ENOENT, "%s declares no probe %s:%s", s->usdt->path,
			      s->provider, s->name);
	}
	return ret;
}

static int resolve(const char *spec, struct usdt *usdt, struct hewn_err *err)
{
	const char *name = strrchr(spec, ':'), *provider = name;
	char path[4096], owner[256];
	struct binary_place place;
	struct search search = {0};
	struct elf elf;
	int ret;

	while (provider && provider > spec && provider[-1] != ':')
		provider--;
	if (!name || !name[1] || provider == name || provider < spec + 2 ||
	    (size_t)(provider - spec) > sizeof(path) ||
	    (size_t)(name - provider) >= sizeof(owner)) {
		err_hint(
			err,
			"SEC(\"usdt/PATH:PROVIDER:NAME\"), for example usdt/libc.so.6:libc:setjmp");
		return err_set(err, -EINVAL,
			       "\"%s\" names no probe of a file: want PATH:PROVIDER:NAME", spec);
	}
	snprintf(path, sizeof(path), "%.*s", (int)(provider - 1 - spec), spec);
	snprintf(owner, sizeof(owner), "%.*s", (int)(name - provider), provider);
	ret = binary_find(path, &place, err);
	if (ret)
		return ret;
	memcpy(usdt->path, place.path, sizeof(usdt->path));
	search.elf = &elf;
	search.provider = owner;
	search.name = name + 1;
	search.usdt = usdt;
	ret = elf_open(&elf, usdt->path, err);
	if (ret)
		return ret;
	if (elf.type != ET_EXEC && elf.type != ET_DYN)
		ret = err_set(err, -ENOEXEC, "%s is no executable and no library (ELF type %u)",
			      usdt->path, elf.type);
	else
		ret = search_file(&search, err);
	elf_close(&elf);
	return ret;
}

void usdt_locate(struct usdt *usdt, int pid)
{
	char maps[40], *line = NULL, *real = realpath(usdt->path, NULL);
	size_t room = 0;
	FILE *list;

	snprintf(maps, sizeof(maps), "/proc/%d/maps", pid);
	list = fopen(maps, "re");
	/* "START-END MODE OFFSET DEVICE INODE PATH": proc_pid_maps(5). */
	while (real && list && getline(&line, &room, list) > 0) {
		char *mode, *at;
		const uint64_t start = strtoull(line, &at, 16);
		const uint64_t end = *at == '-' ? strtoull(at + 1, &mode, 16) : 0;
		uint64_t offset;

		line[strcspn(line, "\n")] = 0;
		if (end <= start || strlen(mode) < 6 || mode[3] != 'x')
			continue;
		offset = strtoull(mode + 5, &at, 16);
		at = strchr(at, '/');
		if (!at || strcmp(at, real) != 0)
			continue;
		for (uint32_t i = 0; i < usdt->n_places; i++)
			if (usdt->places[i].offset >= offset && usdt->places[i].offset - offset < end - start)
				usdt->places[i].address = start + (usdt->places[i].offset - offset);
	}
	if (list)
		fclose(list);
	free(line);
	free(real);
}

/* ── the fact: "PATH | MACHINE | OFFSET SEMAPHORE ARGS | OFFSET=ADDRESS SEMAPHORE ARGS" ── */

static int remember(struct hewn_target *target, const char *key, const struct usdt *usdt,
		    struct hewn_err *err)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	int ret;

	if (!to)
		return err_nomem(err);
	fprintf(to, "%s | %s", usdt->path, usdt->machine);
	for (uint32_t i = 0; i < usdt->n_places; i++) {
		fprintf(to, " | %#" PRIx64, usdt->places[i].offset);
		if (usdt->places[i].address)
			fprintf(to, "=%#" PRIx64, usdt->places[i].address);
		fprintf(to, " %#" PRIx64 " %s", usdt->places[i].semaphore, usdt->places[i].args);
	}
	ret = fclose(to) || !target_remember(target, key, text) ? err_nomem(err) : 0;
	free(text);
	return ret;
}

/* What stands up to the next " | ", which *at moves behind; its length. */
static size_t part(const char **at)
{
	const char *bar = strstr(*at, " | ");
	const size_t len = bar ? (size_t)(bar - *at) : strlen(*at);

	*at += len + (bar ? 3 : 0);
	return len;
}

static int parse(const char *text, struct usdt *usdt, struct hewn_err *err)
{
	const char *at = text, *start = at;
	size_t len = part(&at);
	int ret = 0;

	if (!len || len >= sizeof(usdt->path))
		return err_set(err, -EINVAL, "the profile's USDT probe has no path: %.80s", text);
	memcpy(usdt->path, start, len);
	start = at;
	len = part(&at);
	if (len >= sizeof(usdt->machine))
		return err_set(err, -EINVAL, "the profile's USDT probe has no architecture: %.80s",
			       text);
	memcpy(usdt->machine, start, len);
	while (*at && !ret) {
		uint64_t offset, address, semaphore;
		char *end;

		start = at;
		len = part(&at);
		offset = strtoull(start, &end, 16);
		address = *end == '=' ? strtoull(end + 1, &end, 16) : 0;
		semaphore = strtoull(end, &end, 16);
		end += *end == ' ';
		if (end > start + len)
			end = (char *)start + len;
		ret = add_place(usdt, offset, address, semaphore, end, (size_t)(start + len - end), err);
	}
	return ret;
}

static int note_code(struct hewn_target *target, const char *spec, const struct usdt *usdt,
		     struct hewn_err *err)
{
	uint64_t *offsets = calloc((size_t)usdt->n_places + 1, sizeof(*offsets));
	int ret;

	if (!offsets)
		return err_nomem(err);
	for (uint32_t i = 0; i < usdt->n_places; i++)
		offsets[i] = usdt->places[i].offset;
	ret = target_note_code(target, spec, usdt->path, offsets, usdt->n_places, err);
	free(offsets);
	return ret;
}

int target_usdt(struct hewn_target *target, const char *spec, struct usdt *usdt,
		struct hewn_err *err)
{
	char key[TARGET_KEY];
	const char *known;
	int ret;

	memset(usdt, 0, sizeof(*usdt));
	ret = target_place(target, "usdt", spec, key, &known, err);
	if (ret)
		return ret;
	ret = known ? parse(known, usdt, err) : resolve(spec, usdt, err);
	if (!ret && !known)
		ret = remember(target, key, usdt, err);
	if (!ret && !known)
		ret = note_code(target, spec, usdt, err);
	if (ret)
		usdt_close(usdt);
	return ret;
}
