// SPDX-License-Identifier: MIT
/*
 * The plan for machines: one JSON object on one line. Numbers of steps are those of the text. How a call
 * itself is written is call.c's.
 */
#include "loader/json.h"
#include "loader/plan/bytes.h"
#include "loader/plan/call.h"
#include "loader/plan/json_tables.h"
#include "loader/plan/needs.h"
#include "loader/plan/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

/* Of the schema in docs/plan.schema.json: one more where a reader of the last one could misread. */
#define SCHEMA_VERSION 1

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
	json_member(form->to, "why", alt->why);
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

/* The arguments as the kernel gets them, but for what is known at the run only. */
static void write_raw(const struct call_form *form, const struct plan_step *step)
{
	fputs(",\"raw\":[", form->to);
	for (uint32_t i = 0; i < step->n_args; i++) {
		const struct plan_arg *arg = &step->args[i];

		fputs(i ? "," : "", form->to);
		if (arg->kind == ARG_SLOT)
			call_slot(form, (uint32_t)arg->value);
		else
			fprintf(form->to, arg->kind == ARG_BLOB ? "{\"blob\":%" PRId64 "}" : "%" PRId64, arg->value);
	}
	putc(']', form->to);
}

static void write_needs(const struct call_form *form, const struct plan_step *step)
{
	const uint64_t caps = needs_of(form->plan, step);
	const char *sep = "";

	fputs(",\"needs\":{\"capabilities\":[", form->to);
	for (unsigned int cap = 0; cap < NEEDS_N_CAPS; cap++) {
		if (!(caps >> cap & 1))
			continue;
		fprintf(form->to, "%s\"%s\"", sep, needs_name(cap));
		sep = ",";
	}
	fputs("],\"kernel\":", form->to);
	fprintf(form->to, step->since ? "\"%u.%u\"}" : "null}", step->since >> 16, step->since >> 8 & 255);
}

static void write_step(const struct call_form *form, const struct plan_step *step, const struct walk_number *number)
{
	fprintf(form->to, "{\"n\":\"%s\",", number->text);
	call_write(form, step);
	write_raw(form, step);
	putc(',', form->to);
	json_member(form->to, "yields", step->slot != NONE ? form->plan->slots[step->slot].name : NULL);
	putc(',', form->to);
	json_member(form->to, "why", step->why);
	write_needs(form, step);
	if (step->fill != NONE)
		fprintf(form->to, ",\"then_copies\":%u,\"then_copies_to\":%" PRIu64, step->fill, step->fill_at);
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

int hewn_plan_json(const struct hewn_plan *plan, FILE *to)
{
	bool lost = false;
	const struct call_form form = { .plan = plan, .to = to, .json = true, .numbers = true, .lost = &lost };

	fprintf(to, "{\"format\":\"hewn plan\",\"version\":%d,", SCHEMA_VERSION);
	json_member(to, "object", plan->object ? plan->object->name : NULL);
	fprintf(to, ",\"byte_order\":\"%s\"", bytes_big_endian(plan) ? "big" : "little");
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
	json_tables(&form);
	fputs("}\n", to);
	return lost ? -ENOMEM : 0;
}
