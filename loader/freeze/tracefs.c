// SPDX-License-Identifier: MIT
/*
 * Files of tracefs: open, read or write, close are one call in the generated file, of a helper that looks in
 * both places where tracefs may be. Knows the form that loader/plan/tracefs.c gives these steps.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/step.h"

#define HERE "/sys/kernel/tracing/"

/* The path below tracefs that a step opens, if its alternative is debugfs's place for it; NULL. */
static const struct plan_blob *path_of(const struct freeze *f, const struct plan_step *step)
{
	const struct plan_blob *path;

	if (step->call != CALL_OPENAT || step->args[1].kind != ARG_BLOB || step->n_alts != 1 || step->alts[0].kind != ALT_STEPS ||
	    step->alts[0].on[0] != ENOENT || step->alts[0].steps.n != 1)
		return NULL;
	path = &f->plan->blobs[step->args[1].value];
	return !strncmp((const char *)path->bytes, HERE, strlen(HERE)) ? path : NULL;
}

/* A string, in which the number of the process has its place: a variable, and what makes the number appear. */
static bool write_variable(struct freeze *f, const struct plan_blob *blob, size_t skip, const char *var, unsigned int depth, FILE *to)
{
	bool any = false;

	for (uint32_t i = 0; i < blob->n_fixes; i++)
		any |= blob->fixes[i].kind == FIX_TEXT;
	if (!any)
		return false;
	words_tabs(to, depth);
	fprintf(to, "char %s[] = ", var);
	words_string(to, (const char *)blob->bytes + skip, strlen((const char *)blob->bytes) - skip);
	fputs("; /* looked up here: the process's number, in place of the zeros */\n", to);
	f->uses[USE_PID] = true;
	return true;
}

static void write_text(const struct plan_blob *blob, size_t skip, const char *var, bool is_variable, FILE *to)
{
	if (is_variable)
		fprintf(to, "with_pid(%s)", var);
	else
		words_string(to, (const char *)blob->bytes + skip, strlen((const char *)blob->bytes) - skip);
}

uint32_t tracefs_write(struct freeze *f, const struct plan_step *steps, uint32_t n, const struct step_place *at, const char *number,
		       FILE *to)
{
	const bool undoing = at->letter == 'u';
	const struct plan_step *open = &steps[0], *use = &steps[1], *close = &steps[2];
	const struct plan_blob *path = n >= 3 ? path_of(f, open) : NULL, *text;
	bool is_read, path_varies, line_varies = false;

	if (!path || (use->call != CALL_READ && use->call != CALL_WRITE) || close->call != CALL_CLOSE || use->args[0].kind != ARG_SLOT ||
	    use->args[0].value != open->slot || close->args[0].value != open->slot || use->args[1].kind != ARG_BLOB)
		return 0;
	is_read = use->call == CALL_READ;
	text = &f->plan->blobs[use->args[1].value];
	f->uses[USE_TRACEFS] = f->uses[USE_CALL] = true;
	f->uses[is_read ? USE_TRACEFS_NUMBER : USE_TRACEFS_WRITE] = true;
	if (!undoing) {
		struct freeze_text why;
		char *words;

		if (!words_open(&why))
			return 0;
		fprintf(why.to, "%s and the two after it. %s: %s", number, open->why, use->why);
		words = words_close(&why);
		if (words)
			words_note(to, at->depth, words);
		free(words);
	}
	words_tabs(to, at->depth);
	fputs("{\n", to);
	path_varies = write_variable(f, path, strlen(HERE), "path", at->depth + 1, to);
	if (!is_read)
		line_varies = write_variable(f, text, 0, "line", at->depth + 1, to);
	if (path_varies || line_varies)
		putc('\n', to);
	words_tabs(to, at->depth + 1);
	fputs(undoing ? "(void)" : "ret = ", to);
	fputs(is_read ? "tracefs_number(" : "tracefs_write(", to);
	write_text(path, strlen(HERE), "path", path_varies, to);
	fputs(", ", to);
	if (is_read)
		fputs("&id", to);
	else
		write_text(text, 0, "line", line_varies, to);
	fputs(");\n", to);
	words_tabs(to, at->depth);
	fputs("}\n", to);
	if (undoing)
		return 3;
	if (is_read && f->ids.to)
		fputs("\tint64_t id = 0;\n", f->ids.to);
	words_tabs(to, at->depth);
	fputs("if (ret < 0)", to);
	fputs(open->alts[0].steps.v[0].n_causes + use->n_causes ? " {\n" : "\n", to);
	{
		struct plan_step both = *use; /* the causes of the opening are those of both places */

		if (!both.n_causes) {
			both.causes = open->alts[0].steps.v[0].causes;
			both.n_causes = open->alts[0].steps.v[0].n_causes;
		}
		step_failed(&both, number, at->depth + 1, "ret", to);
		if (both.n_causes) {
			words_tabs(to, at->depth);
			fputs("}\n", to);
		}
	}
	step_note_undo(f, use, number, at->depth, to);
	return 3;
}
