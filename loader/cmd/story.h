// SPDX-License-Identifier: MIT
/*
 * What `hewn explain` tells, chapter by chapter, on an object's own bytes. A chapter is a function here; the files
 * follow the data: story_file.c (ELF), story_code.c (programs and relocations), story_calls.c (maps and system
 * calls), story_log.c (the verifier).
 */
#ifndef LOADER_CMD_STORY_H
#define LOADER_CMD_STORY_H

#include "loader/object/elf.h"
#include "loader/plan/plan.h"

struct story {
	FILE *to;
	const char *bold, *dim, *off; /* of a terminal; "" elsewhere */
	bool (*wait)(void);           /* called between two pieces; false: no more. NULL: no waiting */
	bool ended;                   /* by wait() */
	bool lost;                    /* memory was out: something is missing */
	unsigned int chapter;         /* the last one's number */
	const struct elf *elf;
	const uint8_t *bytes;         /* of the file */
	size_t size;
	const struct hewn_object *object; /* NULL: it could not be read */
	const struct hewn_plan *plan;     /* NULL: it could not be made */
};

/* Begins a chapter. where: the file and function that does this here. False: the story has ended. */
bool story_chapter(struct story *story, const char *title, const char *where);

/* A paragraph, in lines of at most 100 columns, `indent` columns in. */
void story_say(struct story *story, unsigned int indent, const char *fmt, ...) PRINTF_LIKE(3, 4);

/* The end of a piece: an empty line, and the wait. */
void story_rest(struct story *story);

/* Bytes in hexadecimal, at most `room` of them, in as many columns as `room` bytes take; "??" where known is false. */
void story_bytes(struct story *story, const uint8_t *bytes, size_t size, size_t room);

void story_header(struct story *story);
void story_sections(struct story *story);
void story_symbols(struct story *story);
void story_programs(struct story *story);
void story_relocs(struct story *story);
void story_maps(struct story *story);
void story_calls(struct story *story);
void story_events(struct story *story);

/* Loads the programs of the plan with the verifier's log, and tells it. lines: of each log at most; 0: all. */
void story_verifier(struct story *story, uint32_t lines);

/* A log of the verifier from a file: the cause, then the log in words. False: it is none. */
bool story_log(struct story *story, const char *log, uint32_t lines);

#endif
