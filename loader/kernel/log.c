// SPDX-License-Identifier: MIT
/*
 * The log of a run, in the plan's form with the results filled in: what was called, in the order of time,
 * with the numbers of fds behind their symbols. Reads the run; knows nothing of how it was made.
 */
#include "loader/json.h"
#include "loader/kernel/run.h"
#include "loader/kernel/sys.h"
#include "loader/plan/call.h"
#include "loader/plan/walk.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* When a slot is asked for its value: those that a loop changes have one for each call. */
struct moment {
	const struct hewn_run *run;
	const struct run_entry *entry;
	bool after; /* the call */
};

/* Slots keep their numbers when their fds are closed; one that never had a number is 0 and absent. */
static bool value_of(const void *ctx, uint32_t slot, int64_t *value)
{
	const struct moment *moment = ctx;
	const struct run_entry *entry = moment->entry;
	const struct hewn_run *run = moment->run;

	*value = run->slots[slot].value;
	for (uint32_t i = 0; i < entry->n_was; i++)
		if (entry->was[i].slot == slot)
			*value = moment->after && entry->step->slot == slot ? entry->yielded : entry->was[i].value;
	return run->slots[slot].present || *value;
}

static struct walk_number number_of(const struct hewn_run *run, const struct run_entry *entry)
{
	return walk_number(run->plan, entry->step);
}

/* ── for people ── */

static void write_result(FILE *to, const struct hewn_run *run, const struct run_entry *entry)
{
	const struct plan_slot *slot =
		entry->step->slot != NONE ? &run->plan->slots[entry->step->slot] : NULL;

	if (!entry->made) {
		fputs(" was not made: it needs what is absent", to);
		return;
	}
	if (sys_failed(entry->result)) {
		fprintf(to, " = -%s", err_name((int)entry->result));
	} else {
		if (slot && slot->kind != SLOT_NUMBER && slot->kind != SLOT_ID)
			fprintf(to, " = %s", slot->name);
		fprintf(to, slot && slot->kind == SLOT_MAPPING ? " = %#lx" : " = %ld", entry->result);
		if (slot && (slot->kind == SLOT_NUMBER || slot->kind == SLOT_ID))
			fprintf(to, ", %s = %" PRId64, slot->name, entry->yielded);
	}
	fprintf(to, "  (%" PRIu64 ".%01" PRIu64 " us)", entry->ns / 1000, entry->ns / 100 % 10);
}

static void write_entry(FILE *to, const struct hewn_run *run, const struct run_entry *entry, unsigned int flags, bool *lost)
{
	const struct walk_number number = number_of(run, entry);
	const size_t name = strlen(plan_call_name(entry->step->call));
	const unsigned int indent = strlen(number.text) > 4 ? (unsigned int)strlen(number.text) + 2 : 6;
	const bool color = flags & HEWN_PLAN_COLOR;
	const char *const off = color ? "\033[0m" : "";
	const struct moment moment = { run, entry, false };
	char *line = NULL;
	size_t size;
	struct call_form form = { .plan = run->plan, .to = open_memstream(&line, &size), .value = value_of,
				  .ctx = &moment, .lost = lost };

	if (form.to) {
		call_write(&form, entry->step);
		write_result(form.to, run, entry);
	}
	if (!mem_written(form.to, &line)) {
		*lost = true;
		return;
	}
	fprintf(to, "%4s  %s%.*s%s", number.text,
		!color ? "" : entry->outcome == RUN_DONE ? "\033[1m" : "\033[1;31m", (int)name, line, off);
	call_wrap(to, line + name, indent + (unsigned int)name, indent + 4);
	putc('\n', to);
	free(line);
	if (flags & HEWN_PLAN_BRIEF)
		return;
	if (entry->step->why)
		fprintf(to, "      %s%s%s%s\n", color ? "\033[2m" : "", entry->undoing ? "undo: " : "",
			entry->step->why, off);
	if (entry->alt)
		fprintf(to, "      %s: %s\n",
			entry->alt->kind == ALT_STEPS ? "so instead" :
			entry->alt->kind == ALT_SKIP  ? "goes on without" :
			entry->alt->kind == ALT_NEXT  ? "the next round" :
							"again",
			entry->alt->why);
}

int hewn_run_print(const struct hewn_run *run, FILE *to, unsigned int flags)
{
	uint32_t made = 0, failed = 0;
	bool lost = false;
	uint64_t ns = 0;

	for (uint32_t i = 0; i < run->n_log; i++) {
		const struct run_entry *entry = &run->log[i];

		write_entry(to, run, entry, flags, &lost);
		made += entry->made;
		failed += entry->made && sys_failed(entry->result);
		ns += entry->ns;
	}
	fprintf(to, "%s%u call%s, %u failed, %" PRIu64 " us in the kernel\n", flags & HEWN_PLAN_BRIEF ? "" : "\n",
		made, made == 1 ? "" : "s", failed, ns / 1000);
	return lost ? -ENOMEM : 0;
}

/* ── for machines ── */

static void json_entry(FILE *to, const struct hewn_run *run, const struct run_entry *entry, bool *lost)
{
	static const char *const outcomes[] = {
		[RUN_DONE] = "done", [RUN_FAILED] = "failed", [RUN_ALT] = "alternative", [RUN_SKIPPED] = "skipped"
	};
	struct moment moment = { run, entry, false };
	const struct call_form form = { .plan = run->plan, .to = to, .json = true, .value = value_of,
					.ctx = &moment, .lost = lost };
	const bool failed = sys_failed(entry->result);

	fprintf(to, "{\"n\":\"%s\",", number_of(run, entry).text);
	call_write(&form, entry->step);
	fputs(",\"raw\":[", to);
	for (uint32_t i = 0; i < entry->step->n_args; i++)
		fprintf(to, "%s%ld", i ? "," : "", entry->args[i]);
	fprintf(to, "],\"made\":%s,\"outcome\":\"%s\",\"undoing\":%s,", entry->made ? "true" : "false",
		outcomes[entry->outcome], entry->undoing ? "true" : "false");
	if (entry->made)
		fprintf(to, "\"result\":%ld,\"errno\":", entry->result);
	else
		fputs("\"result\":null,\"errno\":", to);
	if (entry->made && failed)
		fprintf(to, "\"%s\"", err_name((int)entry->result));
	else
		fputs("null", to);
	fprintf(to, ",\"ns\":%" PRIu64 ",\"yields\":", entry->ns);
	moment.after = true;
	if (entry->step->slot != NONE && entry->outcome == RUN_DONE)
		call_slot(&form, entry->step->slot);
	else
		fputs("null", to);
	if (entry->alt && entry->alt->why) {
		fputs(",\"because\":", to);
		json_text(to, entry->alt->why, strlen(entry->alt->why));
	}
	putc('}', to);
}

int hewn_run_json(const struct hewn_run *run, FILE *to)
{
	bool lost = false;

	fputs("{\"object\":", to);
	if (run->plan->object)
		json_text(to, run->plan->object->name, strlen(run->plan->object->name));
	else
		fputs("null", to);
	fputs(",\"calls\":[", to);
	for (uint32_t i = 0; i < run->n_log; i++) {
		fputs(i ? "," : "", to);
		json_entry(to, run, &run->log[i], &lost);
	}
	fputs("]}\n", to);
	return lost ? -ENOMEM : 0;
}
