// SPDX-License-Identifier: MIT
/*
 * The verifier's log in plain words: each line as it is, and below it what it says. For learners; the cause
 * alone is verifier.h's. Text in, text out; knows nothing of objects or calls.
 */
#ifndef LOADER_KERNEL_WORDS_H
#define LOADER_KERNEL_WORDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* What a line of a log is. */
enum words_kind {
	WORDS_SOURCE, /* "; v->a++; @ prog.c:39" */
	WORDS_INSN,   /* "7: (79) r1 = *(u64 *)(r0 +0)    ; R1=scalar()" */
	WORDS_STATE,  /* "7: R0=…", "from 5 to 7: R0=…", " R0_w=…" */
	WORDS_SEARCH, /* "mark_precise: …", "regs=40 stack=0 before …": a search for where a number came from */
	WORDS_OTHER,  /* statistics, and the cause */
};

/*
 * Writes the log with a sentence below each line that has something to say. At most `lines` lines of the log,
 * 0: all; returns how many were left out.
 */
uint32_t words_print(const char *log, uint32_t lines, FILE *to);

/* The kind of one line of `len` bytes. */
enum words_kind words_kind(const char *line, size_t len);

/*
 * What a register or a slot of the stack is known to hold, in words: for "map_value_or_null(id=1,map=values,ks=4,vs=16)" a
 * sentence about a pointer that may be NULL. Of all kernels from 5.10 on. False, and nothing is written: not known.
 */
bool words_value(const char *value, size_t len, char *words, size_t size);

#endif
