// SPDX-License-Identifier: MIT
/* Whole files and texts as the subcommands read them, .basm included. */
#ifndef LOADER_CMD_INPUT_H
#define LOADER_CMD_INPUT_H

#include <stddef.h>

#include "insn/unit.h"
#include "loader/hewn.h"

/* A file whole, path "-": standard input. *text is terminated, and to be freed. 0 or -errno with
 * err. */
int input_read(const char *path, char **text, size_t *size, struct hewn_err *err);

/* Whether a path names a text of the assembler: it ends in .basm. */
bool input_is_text(const char *path);

/* Assembles a text; errors have line, caret and hint. The unit is the caller's to close if it is 0.
 */
int input_unit(const char *path, const char *text, size_t size, struct unit *unit,
	       struct hewn_err *err);

/* The bytes of an ELF object: a file's, or what a .basm assembles to. *bytes is to be freed. */
int input_elf(const char *path, uint8_t **bytes, size_t *size, struct hewn_err *err);

/* Opens an ELF object, or assembles a .basm and opens what it gives. */
int input_object(struct hewn_object **object, const char *path, struct hewn_err *err);

#endif
