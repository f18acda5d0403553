// SPDX-License-Identifier: MIT
/*
 * The plan for machines: one JSON object on one line. Numbers of steps are those of the text. How a call
 * itself is written is call.c's.
 */
#include "loader/json.h"
#include "loader/plan/call.h"
#include "loader/plan/walk.h"

#include <string.h>

static void write_text(FILE *to, const char *key, const char *text)
{
	fprintf(to, "\"%s\":", key);
	if (text)
		json_text(to, text, strlen(text));
	else
		fputs("null", to);
}

static void write_steps(const struct call_form *form, const struct plan_steps *steps,
			const struct walk_number *outer, char letter);

static void write_alt(const struct call_form *form, const struct plan_alt *alt, const struct walk_number *number,
		      char letter)
{
	static const char *const kinds[] = {
		[ALT_STEPS] = "steps", [ALT_SKIP] = "skip", [ALT_AGAIN] = "again", [ALT_NEXT] = "next"
	};

	fprintf(form->to, "{\"do\":\"%s\",\"on\":[", kinds[alt->kind]);
	if (alt->any)
		fputs("\"*\"", form->to);
	for (size_t i = 0; !alt->any && i < sizeof(alt->on) / sizeof(alt->on[0]) && alt->on[i]; i++)
		fprintf(form->to, "%s\"%s\"", i ? "," : "", err_name(alt->on[i]));
	fprintf(form->to, "],\"on_absent\":%s,\"on_empty_log\":%s,", alt->absent ? "true" : "false",
		alt->empty_log ? "true" : "false");
	if (alt->kind == ALT_AGAIN)
		fprintf(form->to, "\"limit\":%u,", alt->limit);
	write_text(form->to, "why", alt->why);
	fputs(",\"steps\":", form->to);
	write_steps(form, &alt->steps, number, letter);
	putc('}', form->to);
}

static void write_expects(const struct call_form *form, const struct plan_step *step)
{
	fputs(",\"expects\":{", form->to);
	for (uint32_t i = 0; i < step->n_expects; i++) {
		fputs(i ? "," : "", form->to);
		json_text(form->to, step->expects[i].name, strlen(step->expects[i].name));
		putc(':', form->to);
		if (step->expects[i].text)
			json_text(form->to, step->expects[i].text, strlen(step->expects[i].text));
		else
			fprintf(form->to, "%u", step->expects[i].value);
	}
	putc('}', form->to);
}

static void write_step(const struct call_form *form, const struct plan_step *step, const struct walk_number *number)
{
	fprintf(form->to, "{\"n\":\"%s\",", number->text);
	call_write(form, step);
	putc(',', form->to);
	write_text(form->to, "yields", step->slot != NONE ? form->plan->slots[step->slot].name : NULL);
	putc(',', form->to);
	write_text(form->to, "why", step->why);
	if (step->since)
		fprintf(form->to, ",\"since\":\"%u.%u\"", step->since >> 16, step->since >> 8 & 255);
	if (step->n_expects)
		write_expects(form, step);
	if (step->n_alts) {
		fputs(",\"alternatives\":[", form->to);
		for (uint32_t i = 0; i < step->n_alts; i++) {
			fputs(i ? "," : "", form->to);
			write_alt(form, &step->alts[i], number, walk_letter(step, i));
		}
		putc(']', form->to);
	}
	if (step->loop) {
		fprintf(form->to, ",\"loop\":{\"limit\":%u,\"steps\":", step->loop->limit);
		write_steps(form, &step->loop->steps, number, 'r');
		fputs(",\"next\":", form->to);
		write_steps(form, &step->loop->next, number, 'n');
		putc('}', form->to);
	}
	if (step->undo.n) {
		fprintf(form->to, ",\"undo_only_on_failure\":%s,\"undo\":", step->undo_on_failure ? "true" : "false");
		write_steps(form, &step->undo, number, 'u');
	}
	putc('}', form->to);
}

static void write_steps(const struct call_form *form, const struct plan_steps *steps,
			const struct walk_number *outer, char letter)
{
	putc('[', form->to);
	for (uint32_t i = 0; i < steps->n; i++) {
		struct walk_number number;

		if (outer)
			number = walk_inner(outer, letter, i, steps->n);
		else
			snprintf(number.text, sizeof(number.text), "%u", i + 1);
		fputs(i ? "," : "", form->to);
		write_step(form, &steps->v[i], &number);
	}
	putc(']', form->to);
}

void hewn_plan_json(const struct hewn_plan *plan, FILE *to)
{
	const struct call_form form = { .plan = plan, .to = to, .json = true };

	putc('{', to);
	write_text(to, "object", plan->object ? plan->object->name : NULL);
	fputs(",\"facts\":{", to);
	for (uint32_t i = 0; i < plan->n_facts; i++) {
		fputs(i ? "," : "", to);
		json_text(to, plan->facts[i].path, strlen(plan->facts[i].path));
		putc(':', to);
		if (plan->facts[i].text)
			json_text(to, plan->facts[i].text, strlen(plan->facts[i].text));
		else
			fputs("null", to);
	}
	fputs("},\"steps\":", to);
	write_steps(&form, &plan->steps, NULL, 0);
	fputs("}\n", to);
}
