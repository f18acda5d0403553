// SPDX-License-Identifier: MIT
/*
 * Places of probes in files of the target, which were found when this was frozen: the frozen program sees whether the
 * code there is the same. Knows files and offsets; knows nothing of how a probe is attached.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "loader/target/binary.h"
#include "loader/target/code.h"
#include "loader/target/usdt.h"

static const char check_text[] =
	"\n\tfor (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {\n"
	"\t\tuint64_t code = 0xcbf29ce484222325ull; /* FNV-1a over 32 bytes from each place on */\n"
	"\t\tint fd = call(syscall(SYS_openat, AT_FDCWD, files[i].path, O_RDONLY | O_CLOEXEC, 0));\n"
	"\n"
	"\t\tif (fd < 0)\n"
	"\t\t\treturn failed(o, files[i].path, fd);\n"
	"\t\tfor (uint32_t k = 0; k < files[i].n; k++) {\n"
	"\t\t\tuint8_t here[32];\n"
	"\t\t\tconst ssize_t size = pread(fd, here, sizeof(here), (off_t)files[i].offsets[k]);\n"
	"\n"
	"\t\t\tfor (ssize_t b = 0; b < size; b++)\n"
	"\t\t\t\tcode = (code ^ here[b]) * 0x100000001b3ull;\n"
	"\t\t}\n"
	"\t\tsyscall(SYS_close, fd);\n"
	"\t\tif (code != files[i].code)\n"
	"\t\t\treturn failed(o, files[i].other, -ESTALE);\n"
	"\t}\n"
	"#endif\n"
	"\t(void)o;\n"
	"\treturn 0;\n"
	"}\n\n";

static bool is_attached(const struct freeze *f, uint32_t func)
{
	for (uint32_t i = 0; i < f->plan->n_slots; i++)
		if (f->plan->slots[i].of == OF_LINK && f->plan->slots[i].index == func)
			return true;
	return false;
}

/* Where the probes of a program go, as the target has it by now; n 0: it is none that goes to a file. */
static int places_of(const struct freeze *f, const struct obj_func *func, struct binary_places *places)
{
	struct binary_place place;
	struct usdt usdt;
	int ret;

	memset(places, 0, sizeof(*places));
	switch (func->def->how) {
	case ATTACH_UPROBE:
	case ATTACH_URETPROBE:
		ret = target_uprobe(f->target, func->target, &place, f->err);
		places->offsets = malloc(sizeof(*places->offsets));
		if (ret || !places->offsets)
			return ret ? ret : -ENOMEM;
		memcpy(places->path, place.path, sizeof(places->path));
		places->offsets[places->n++] = place.offset;
		return 0;
	case ATTACH_UPROBE_MULTI:
		return target_uprobes(f->target, func->target, places, f->err);
	case ATTACH_USDT:
		ret = target_usdt(f->target, func->target, &usdt, f->err);
		if (ret)
			return ret;
		memcpy(places->path, usdt.path, sizeof(places->path));
		places->offsets = calloc((size_t)usdt.n_places + 1, sizeof(*places->offsets));
		for (; places->offsets && places->n < usdt.n_places; places->n++)
			places->offsets[places->n] = usdt.places[places->n].offset;
		usdt_close(&usdt);
		return places->offsets ? 0 : -ENOMEM;
	default:
		return 0;
	}
}

/* A row, by a number, because two programs may have one name. */
static void write_file(const struct obj_func *func, uint32_t row, const struct binary_places *places, uint64_t code,
		       FILE *to, FILE *rows)
{
	fprintf(to, "\tstatic const uint64_t places%u[] = {", row);
	for (uint32_t i = 0; i < places->n; i++)
		fprintf(to, "%s0x%" PRIx64 ",", i % 6 ? " " : places->n > 6 ? "\n\t\t" : " ", places->offsets[i]);
	fputs(places->n > 6 ? "\n\t};\n" : " };\n", to);
	fputs("\t\t{ ", rows);
	words_string(rows, places->path, strlen(places->path));
	fputs(", \"0: this was frozen for other code where \" ", rows);
	words_string(rows, func->name, strlen(func->name));
	fputs(" \" goes: \" ", rows);
	words_string(rows, places->path, strlen(places->path));
	fprintf(rows, ",\n\t\t  places%u, %u, 0x%016" PRIx64 "ull },\n", row, places->n, code);
}

uint32_t code_write(struct freeze *f, FILE *to)
{
	struct freeze_text rows;
	uint32_t n = 0;
	char *text;

	if (!words_open(&rows)) {
		freeze_nomem(f);
		return 0;
	}
	for (uint32_t i = 0; i < f->object->n_funcs && !f->ret; i++) {
		const struct obj_func *func = &f->object->funcs[i];
		struct binary_places places;
		uint64_t code;

		if (!func->def || !func->target[0] || !is_attached(f, i) || !target_code(f->target, func->target, &code))
			continue;
		f->ret = places_of(f, func, &places);
		if (!f->ret && !n++ && to)
			fprintf(to, "/* Looked up here: whether files have the code in which the places of probes were found. */\n"
				    "static int check_files(struct %s *o)\n{\n#ifndef %s_ANY_FILE\n", f->name, f->upper);
		if (!f->ret && to)
			write_file(func, n, &places, code, to, rows.to);
		free(places.offsets);
	}
	text = words_close(&rows);
	if (!text)
		freeze_nomem(f);
	else if (n && to)
		fprintf(to, "\tconst struct {\n\t\tconst char *path, *other;\n\t\tconst uint64_t *offsets;\n\t\tuint32_t n;\n"
			    "\t\tuint64_t code;\n\t} files[] = {\n%s\t};\n%s", text, check_text);
	free(text);
	return n;
}
