// SPDX-License-Identifier: MIT
/*
 * The plan for people: the facts, then a numbered call a line with its reason, what happens instead of
 * failing, and how it is undone; a total at the end. How a call itself is written is call.c's.
 */
#include "loader/mem.h"
#include "loader/plan/call.h"
#include "loader/plan/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct text {
	const struct hewn_plan *plan;
	FILE *to;
	const char *bold, *dim, *off;
	bool brief;
	bool *lost; /* set where memory was out, so that something is missing */
};

/* Where steps stand: behind what, with which letter, below which step. */
struct place {
	const struct walk_number *outer; /* NULL: at the top */
	char letter;
	const struct plan_step *from;    /* they are what happens instead of it; NULL: nothing's */
	unsigned int margin;
};

static void write_steps(const struct text *text, const struct plan_steps *steps, const struct place *place);

/* ── one call ── */

static void write_call(const struct text *text, const struct plan_step *step, const struct walk_number *number,
		       const struct place *place)
{
	const unsigned int indent =
		place->margin + (strlen(number->text) > 4 ? (unsigned int)strlen(number->text) : 4) + 2;
	size_t name = 0;
	char *line = NULL;
	size_t size;
	struct call_form form = { .plan = text->plan, .to = open_memstream(&line, &size), .lost = text->lost };

	if (!form.to) {
		*text->lost = true;
		return;
	}
	if (!place->from || !call_write_change(&form, step, place->from)) {
		call_write(&form, step);
		name = strlen(plan_call_name(step->call));
	}
	if (step->slot != NONE)
		fprintf(form.to, " = %s", text->plan->slots[step->slot].name);
	if (!mem_written(form.to, &line)) {
		*text->lost = true;
		return;
	}
	fprintf(text->to, "%*s%4s  %s%.*s%s", (int)place->margin, "", number->text, text->bold, (int)name, line, text->off);
	call_wrap(text->to, line + name, indent + (unsigned int)name, indent + 4);
	putc('\n', text->to);
	free(line);
}

#define HARD_SPACE '\002' /* in a sentence: no line ends here */

/* A sentence that was written into memory, over as many lines as it takes. Takes the memory. */
static void write_sentence(const struct text *text, char *line, const char *color, unsigned int margin)
{
	if (!line) {
		*text->lost = true;
		return;
	}
	for (char *c = line; *c; c++)
		*c = *c == ' ' ? CALL_BREAK : *c == HARD_SPACE ? ' ' : *c;
	fprintf(text->to, "%*s%s", (int)margin, "", color);
	call_wrap(text->to, line, margin, margin + 2);
	fprintf(text->to, "%s\n", color[0] ? text->off : "");
	free(line);
}

static void write_why(const struct text *text, const struct plan_step *step, unsigned int margin)
{
	char *line = NULL;
	size_t size;
	FILE *to;

	if (!step->why)
		return;
	to = open_memstream(&line, &size);
	if (to)
		fputs(step->why, to);
	if (to && step->since)
		fprintf(to, " (since%c%u.%u)", HARD_SPACE, step->since >> 16, step->since >> 8 & 255);
	write_sentence(text, mem_written(to, &line), text->dim, margin);
}

/* ── alternatives ── */

struct lacking {
	const struct text *text;
	FILE *to;
	uint32_t seen[8];
	uint32_t n;
};

static void write_lacking(void *ctx, uint32_t slot)
{
	struct lacking *l = ctx;

	for (uint32_t i = 0; i < l->n; i++)
		if (l->seen[i] == slot)
			return;
	if (l->n >= 8 || !walk_may_lack(l->text->plan, slot))
		return;
	fprintf(l->to, "%s%s", l->n ? " or " : "without ", l->text->plan->slots[slot].name);
	l->seen[l->n++] = slot;
}

static void write_when(const struct text *text, FILE *to, const struct plan_step *step, const struct plan_alt *alt)
{
	struct lacking lacking = { .text = text, .to = to };
	bool any = alt->any;

	if (alt->any)
		fputs("on any error", to);
	for (size_t i = 0; !alt->any && i < sizeof(alt->on) / sizeof(alt->on[0]) && alt->on[i]; i++) {
		fprintf(to, "%s%s", any ? " or " : "on ", err_name(alt->on[i]));
		any = true;
	}
	if (alt->empty_log)
		fputs(" with an empty log", to);
	if (!alt->absent)
		return;
	fputs(any ? ", or " : "", to);
	walk_needs(text->plan, step, write_lacking, &lacking);
	if (!lacking.n)
		fputs("without what it needs", to);
}

static void write_alt(const struct text *text, const struct plan_step *step, uint32_t i,
		      const struct walk_number *number, unsigned int margin)
{
	const struct plan_alt *alt = &step->alts[i];
	char *line = NULL;
	size_t size;
	FILE *to = open_memstream(&line, &size);

	if (!to) {
		*text->lost = true;
		return;
	}
	write_when(text, to, step, alt);
	if (alt->kind == ALT_SKIP)
		fputs(": go on without", to);
	else if (alt->kind == ALT_AGAIN)
		fprintf(to, ": again, at most %u times", alt->limit);
	else if (alt->kind == ALT_NEXT)
		fputs(": the next round", to);
	fprintf(to, ": %s", alt->why);
	write_sentence(text, mem_written(to, &line), "", margin);
	write_steps(text, &alt->steps, &(struct place){ number, walk_letter(step, i), step, margin - 2 });
}

/* ── steps ── */

static void write_loop(const struct text *text, const struct plan_step *step, const struct walk_number *number,
		       unsigned int margin)
{
	const char *id = step->slot != NONE ? text->plan->slots[step->slot].name : "";

	fprintf(text->to, "%*sa loop, %s being 0 at first: until these are done, %u rounds at the most\n", (int)margin, "",
		id, step->loop->limit);
	write_steps(text, &step->loop->steps, &(struct place){ number, 'r', NULL, margin - 2 });
	if (!step->loop->next.n)
		return;
	fprintf(text->to, "%*swhere one is not what it must be, before the next round\n", (int)margin, "");
	write_steps(text, &step->loop->next, &(struct place){ number, 'n', NULL, margin - 2 });
}

/* Where the program reads the kernel's structs: what CO-RE found, each once. */
static void write_cores(const struct text *text, const struct image *image, unsigned int margin)
{
	char line[320], last[320] = "";

	for (uint32_t i = 0; i < image->n_cores; i++) {
		core_describe(text->plan->object, image->cores[i].reloc, &image->cores[i].value, line, sizeof(line));
		if (strcmp(line, last) != 0)
			write_sentence(text, strdup(line), "", margin + 2);
		memcpy(last, line, sizeof(last));
	}
}

static void write_step(const struct text *text, const struct plan_step *step, const struct walk_number *number,
		       const struct place *place)
{
	const unsigned int margin = place->margin + 6;

	write_call(text, step, number, place);
	if (text->brief)
		return;
	if (!place->from || !step->why || !place->from->why || strcmp(step->why, place->from->why) != 0)
		write_why(text, step, margin);
	if (step->image != NONE && !place->from && text->plan->images[step->image].n_cores) {
		fprintf(text->to, "%*sby the kernel's types (CO-RE)\n", (int)margin, "");
		write_cores(text, &text->plan->images[step->image], margin);
	}
	if (step->fill != NONE)
		fprintf(text->to, "%*sthen %u bytes are copied to its byte %" PRIu64 ": %s\n", (int)margin, "",
			text->plan->blobs[step->fill].size, step->fill_at, text->plan->blobs[step->fill].name);
	for (uint32_t i = 0; i < step->n_expects; i++)
		if (step->expects[i].text)
			fprintf(text->to, "%*sits %s must be \"%s\"\n", (int)margin, "", step->expects[i].name,
				step->expects[i].text);
		else
			fprintf(text->to, "%*sits %s must be %u\n", (int)margin, "", step->expects[i].name,
				step->expects[i].value);
	for (uint32_t i = 0; i < step->n_alts; i++)
		write_alt(text, step, i, number, margin);
	if (step->loop)
		write_loop(text, step, number, margin);
	if (!step->undo.n)
		return;
	fprintf(text->to, "%*sundone %s by\n", (int)margin, "",
		step->undo_on_failure ? "where a later step fails" : "at the end");
	write_steps(text, &step->undo, &(struct place){ number, 'u', NULL, margin - 2 });
}

static void write_steps(const struct text *text, const struct plan_steps *steps, const struct place *place)
{
	for (uint32_t i = 0; i < steps->n; i++) {
		struct walk_number number;

		if (place->outer)
			number = walk_inner(place->outer, place->letter, i, steps->n);
		else
			snprintf(number.text, sizeof(number.text), "%u", i + 1);
		write_step(text, &steps->v[i], &number, place);
	}
}

/* ── head and end ── */

static void write_facts(const struct text *text)
{
	int width = 0;

	for (uint32_t i = 0; i < text->plan->n_facts; i++)
		if ((int)strlen(text->plan->facts[i].path) > width)
			width = (int)strlen(text->plan->facts[i].path);
	fprintf(text->to, "Read to make the plan:\n");
	for (uint32_t i = 0; i < text->plan->n_facts; i++)
		fprintf(text->to, "  %-*s  %.60s\n", width, text->plan->facts[i].path,
			text->plan->facts[i].text ? text->plan->facts[i].text : "(there is none)");
	putc('\n', text->to);
}

static void write_total(const struct text *text)
{
	uint32_t n[CALL_N] = { 0 };
	const char *sep = ": ";
	char *line = NULL;
	size_t size;
	FILE *to = open_memstream(&line, &size);

	if (!to) {
		*text->lost = true;
		return;
	}
	for (uint32_t i = 0; i < text->plan->steps.n; i++)
		n[text->plan->steps.v[i].call]++;
	fprintf(to, "%u call%s", text->plan->steps.n, text->plan->steps.n == 1 ? "" : "s");
	for (int call = 0; call < CALL_N; call++) {
		if (!n[call])
			continue;
		fprintf(to, "%s%u%c%s", sep, n[call], HARD_SPACE, plan_call_name((enum plan_call)call));
		sep = ", ";
	}
	fputs(", if none fails", to);
	fputs(text->brief ? "" : "\n", text->to);
	write_sentence(text, mem_written(to, &line), "", 0);
}

int hewn_plan_print(const struct hewn_plan *plan, FILE *to, unsigned int flags)
{
	const bool color = flags & HEWN_PLAN_COLOR;
	bool lost = false;
	const struct text text = {
		.plan = plan,
		.to = to,
		.bold = color ? "\033[1m" : "",
		.dim = color ? "\033[2m" : "",
		.off = color ? "\033[0m" : "",
		.brief = flags & HEWN_PLAN_BRIEF,
		.lost = &lost,
	};

	if (plan->n_facts && !text.brief)
		write_facts(&text);
	write_steps(&text, &plan->steps, &(struct place){ 0 });
	write_total(&text);
	return lost ? -ENOMEM : 0;
}
