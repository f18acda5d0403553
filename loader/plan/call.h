// SPDX-License-Identifier: MIT
/*
 * One call of a plan, written for people or as JSON: the form that the plan and the log of a run share.
 * Reads attrs through the tables of the ABI. Knows nothing of files and lines.
 */
#ifndef LOADER_PLAN_CALL_H
#define LOADER_PLAN_CALL_H

#include "loader/plan/plan.h"

/* Where a line may be broken, in the text of a call: call_wrap() makes it a space or a new line. */
#define CALL_BREAK '\001'

struct call_form {
	const struct hewn_plan *plan;
	FILE *to;
	bool json;
	bool numbers; /* JSON: blobs that are only named have their numbers too */
	/* A slot's value in a run; false: it has none. NULL: a plan, where no slot has one. */
	bool (*value)(const void *ctx, uint32_t slot, int64_t *value);
	const void *ctx;
	bool *lost; /* set where memory was out, so that something is missing */
};

/*
 * Text: "bpf(BPF_MAP_CREATE, {map_type=HASH, …}, 72)", with CALL_BREAKs. JSON: "call":"bpf","args":[…], without
 * braces around.
 */
void call_write(const struct call_form *form, const struct plan_step *step);

/*
 * Text: a call by what makes it another than `from`: "the same with log_level=1, without prog_name (64 bytes)". False,
 * and nothing is written: they differ in more than an attr.
 */
bool call_write_change(const struct call_form *form, const struct plan_step *step, const struct plan_step *from);

/* A slot's symbol, and its value where there is one: "map(events)", "map(events)=4", {"slot":…,"value":4}. */
void call_slot(const struct call_form *form, uint32_t slot);

/*
 * Writes a text that begins at column `at`, breaking it at CALL_BREAKs so that lines end before column 100
 * where they can; lines that follow are indented by `hang` columns. No newline at the end.
 */
void call_wrap(FILE *to, const char *text, unsigned int at, unsigned int hang);

#endif
