// SPDX-License-Identifier: MIT
/* Files as the subcommands read them: this is where text of the assembler becomes an object. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm.h"
#include "insn/elfout.h"
#include "loader/cmd/input.h"
#include "loader/err.h"

#define MAX_SIZE (512u << 20)

static int read_all(FILE *file, char **text, size_t *size)
{
	size_t room = 0, got;

	*text = NULL;
	*size = 0;
	do {
		char *more;

		if (room > MAX_SIZE)
			return -EFBIG;
		room = room ? 2 * room : 1 << 16;
		more = realloc(*text, room + 1);
		if (!more)
			return -ENOMEM;
		*text = more;
		got = fread(*text + *size, 1, room - *size, file);
		*size += got;
	} while (*size == room);
	(*text)[*size] = 0;
	return ferror(file) ? -errno : 0;
}

static bool is_standard(const char *path)
{
	return !strcmp(path, "-");
}

int input_read(const char *path, char **text, size_t *size, struct hewn_err *err)
{
	const bool standard = is_standard(path);
	FILE *file = standard ? stdin : fopen(path, "re");
	int code;

	*text = NULL;
	err_object(err, standard ? "standard input" : path);
	if (!file)
		return err_set(err, -errno, "cannot be opened");
	code = read_all(file, text, size);
	if (!standard)
		fclose(file);
	if (!code)
		return 0;
	free(*text);
	*text = NULL;
	return err_set(err, code, "cannot be read");
}

bool input_is_text(const char *path)
{
	size_t n = strlen(path);

	return n > 5 && !strcmp(path + n - 5, ".basm");
}

/* "FILE:3:6: text", and a caret below the column, past what err.c puts in front. */
static void put_source(const struct insn_err *from, const char *path, struct hewn_err *err)
{
	char place[160], line[sizeof(from->source)];
	int before = snprintf(place, sizeof(place), "%.120s:%d:%d: ", path, from->line, from->col);

	snprintf(line, sizeof(line), "%s", from->source);
	for (char *c = line; *c; c++)
		*c = *c == '\t' ? ' ' : *c;
	err_source(err, "%s%s\n%*s^", place, line, 15 + before + from->col - 1, "");
}

/* The assembler's error as the command's: place and line go to where source lines go. */
static int take_error(const struct insn_err *from, const char *path, int code, struct hewn_err *err)
{
	err_object(err, path);
	err_set(err, code, "%s", from->msg);
	if (from->hint[0])
		err_hint(err, "%s", from->hint);
	if (from->line)
		put_source(from, path, err);
	return code;
}

int input_unit(const char *path, const char *text, size_t size, struct unit *unit,
	       struct hewn_err *err)
{
	struct insn_err failed;
	int code = asm_unit(text, size, path, unit, &failed);

	return code ? take_error(&failed, path, code, err) : 0;
}

int input_elf(const char *path, uint8_t **bytes, size_t *size, struct hewn_err *err)
{
	struct insn_err failed;
	struct unit unit;
	char *text = NULL;
	int code;

	*size = 0;
	code = input_read(path, &text, size, err);
	*bytes = (uint8_t *)text;
	if (code || !input_is_text(path))
		return code;
	*bytes = NULL;
	code = input_unit(path, text, *size, &unit, err);
	free(text);
	if (code)
		return code;
	insn_err_clear(&failed);
	code = elfout_write(&unit, bytes, size, &failed);
	unit_close(&unit);
	return code ? take_error(&failed, path, code, err) : 0;
}

int input_object(struct hewn_object **object, const char *path, struct hewn_err *err)
{
	uint8_t *bytes;
	size_t size;
	int code;

	*object = NULL;
	if (!input_is_text(path) && !is_standard(path))
		return hewn_object_open(object, path, err);
	code = input_elf(path, &bytes, &size, err);
	if (!code)
		code = hewn_object_open_mem(object, bytes, size, is_standard(path) ? "standard input" : path, err);
	free(bytes);
	return code;
}
