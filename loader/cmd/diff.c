// SPDX-License-Identifier: MIT
/*
 * hewn plan --diff: two plans as lists of lines, a list for each question: facts, maps, programs and where they are
 * attached, helpers, calls with their alternatives, instructions by function. Knows the schema of docs/plan.schema.json.
 */
#include "loader/cmd/diff.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/cmd/difflines.h"

/* A line in the making. */
struct line {
	FILE *to;
	char *text;
	size_t size;
};

static void begin(struct line *line)
{
	line->text = NULL;
	line->to = open_memstream(&line->text, &line->size);
}

static void end(struct line *line, struct lines *into)
{
	if (line->to && fclose(line->to)) {
		free(line->text);
		line->text = NULL;
	}
	lines_take(into, line->text);
}

static const struct jsonin *item(const struct jsonin *array, uint32_t i)
{
	static const struct jsonin none;

	return array->kind == JSONIN_ARRAY && i < array->n ? &array->items[i] : &none;
}

/* ── a call ── */

static void put_value(const struct jsonin *plan, const struct jsonin *v, FILE *to);

/* Bytes by name: the hash tells whether they are others. */
static void put_bytes(const struct jsonin *plan, const struct jsonin *v, FILE *to)
{
	const struct jsonin *holds = jsonin_get(v, "holds");
	const struct jsonin *blob =
		item(jsonin_get(plan, "blobs"), (uint32_t)strtoul(jsonin_text(jsonin_get(v, "blob")), NULL, 10));
	const char *sha = jsonin_text(jsonin_get(blob, "sha256"));

	fprintf(to, "<%s: %s bytes%s%.12s", jsonin_text(jsonin_get(v, "bytes_of")), jsonin_text(jsonin_get(v, "size")),
		*sha ? ", sha256 " : "", sha);
	for (uint32_t i = 0; i < holds->n; i++)
		fprintf(to, ", with %s", jsonin_text(jsonin_get(&holds->items[i], "slot")));
	putc('>', to);
}

static void put_value(const struct jsonin *plan, const struct jsonin *v, FILE *to)
{
	if (v->kind == JSONIN_ARRAY) {
		putc('[', to);
		for (uint32_t i = 0; i < v->n; i++) {
			fputs(i ? ", " : "", to);
			put_value(plan, &v->items[i], to);
		}
		putc(']', to);
	} else if (v->kind != JSONIN_OBJECT) {
		fputs(v->kind == JSONIN_NULL ? "null" : jsonin_text(v), to);
	} else if (jsonin_get(v, "slot")->kind == JSONIN_STRING) {
		fputs(jsonin_text(jsonin_get(v, "slot")), to);
	} else if (jsonin_get(v, "bytes_of")->kind == JSONIN_STRING) {
		put_bytes(plan, v, to);
	} else {
		putc('{', to);
		for (uint32_t i = 0; i < v->n; i++) {
			fprintf(to, "%s%s=", i ? ", " : "", v->items[i].key);
			put_value(plan, &v->items[i], to);
		}
		putc('}', to);
	}
}

static void put_steps(const struct jsonin *plan, const struct jsonin *steps, const char *before, unsigned int depth,
		      struct lines *into);

static void put_alternative(const struct jsonin *plan, const struct jsonin *alt, unsigned int depth, struct lines *into)
{
	const struct jsonin *on = jsonin_get(alt, "on");
	char before[160];
	struct line line;
	size_t len = 0;

	for (uint32_t i = 0; i < on->n && len < sizeof(before) - 40; i++)
		len += (size_t)snprintf(before + len, sizeof(before) - len, "%s%.12s", i ? " or " : "on ",
					jsonin_text(&on->items[i]));
	snprintf(before + len, sizeof(before) - len, "%s", len ? ": " : "or without what it needs: ");
	if (!jsonin_get(alt, "steps")->n) {
		begin(&line);
		if (line.to)
			fprintf(line.to, "%*s%s%s", (int)(4 * depth), "", before, jsonin_text(jsonin_get(alt, "do")));
		end(&line, into);
	}
	put_steps(plan, jsonin_get(alt, "steps"), before, depth, into);
}

static void put_step(const struct jsonin *plan, const struct jsonin *step, const char *before, unsigned int depth,
		     struct lines *into)
{
	const struct jsonin *args = jsonin_get(step, "args"), *yields = jsonin_get(step, "yields");
	const struct jsonin *alts = jsonin_get(step, "alternatives"), *loop = jsonin_get(step, "loop");
	struct line line;

	begin(&line);
	if (line.to) {
		fprintf(line.to, "%*s%s%s(", (int)(4 * depth), "", before, jsonin_text(jsonin_get(step, "call")));
		for (uint32_t i = 0; i < args->n; i++) {
			fputs(i ? ", " : "", line.to);
			put_value(plan, &args->items[i], line.to);
		}
		fprintf(line.to, ")%s%s", yields->kind == JSONIN_STRING ? " = " : "", jsonin_text(yields));
	}
	end(&line, into);
	for (uint32_t i = 0; i < alts->n; i++)
		put_alternative(plan, &alts->items[i], depth + 1, into);
	put_steps(plan, jsonin_get(loop, "steps"), "in each round: ", depth + 1, into);
	put_steps(plan, jsonin_get(loop, "next"), "before the next: ", depth + 1, into);
	put_steps(plan, jsonin_get(step, "undo"), "undone by: ", depth + 1, into);
}

static void put_steps(const struct jsonin *plan, const struct jsonin *steps, const char *before, unsigned int depth,
		      struct lines *into)
{
	for (uint32_t i = 0; i < steps->n; i++)
		put_step(plan, &steps->items[i], before, depth, into);
}

static void calls(const struct jsonin *plan, struct lines *into)
{
	put_steps(plan, jsonin_get(plan, "steps"), "", 0, into);
}

/* ── the other questions ── */

static void facts(const struct jsonin *plan, struct lines *into)
{
	const struct jsonin *of = jsonin_get(plan, "facts");
	struct line line;

	for (uint32_t i = 0; i < of->n; i++) {
		begin(&line);
		if (line.to) {
			fprintf(line.to, "%s: ", of->items[i].key);
			put_value(plan, &of->items[i], line.to);
		}
		end(&line, into);
	}
}

static void maps(const struct jsonin *plan, struct lines *into)
{
	const struct jsonin *steps = jsonin_get(plan, "steps");
	struct line line;

	for (uint32_t i = 0; i < steps->n; i++) {
		const struct jsonin *args = jsonin_get(&steps->items[i], "args"), *attr = item(args, 1);

		if (strcmp(jsonin_text(item(args, 0)), "BPF_MAP_CREATE") != 0)
			continue;
		begin(&line);
		if (line.to)
			fprintf(line.to, "%s", jsonin_text(jsonin_get(&steps->items[i], "yields")));
		for (uint32_t k = 0; line.to && k < attr->n; k++) {
			if (!strncmp(attr->items[k].key, "btf_", 4) || !strcmp(attr->items[k].key, "map_name"))
				continue;
			fprintf(line.to, " %s=", attr->items[k].key);
			put_value(plan, &attr->items[k], line.to);
		}
		end(&line, into);
	}
}

static void places(const struct jsonin *plan, struct lines *into)
{
	const struct jsonin *programs = jsonin_get(plan, "programs");
	struct line line;

	for (uint32_t i = 0; i < programs->n; i++) {
		begin(&line);
		if (line.to)
			fprintf(line.to, "%s: %s", jsonin_text(jsonin_get(&programs->items[i], "name")),
				jsonin_text(jsonin_get(&programs->items[i], "section")));
		end(&line, into);
	}
}

static void helpers(const struct jsonin *plan, struct lines *into)
{
	const struct jsonin *programs = jsonin_get(plan, "programs");
	struct line line;

	for (uint32_t i = 0; i < programs->n; i++) {
		const struct jsonin *of = jsonin_get(&programs->items[i], "helpers");

		for (uint32_t k = 0; k < of->n; k++) {
			begin(&line);
			if (line.to)
				fprintf(line.to, "%s: %s", jsonin_text(jsonin_get(&programs->items[i], "name")),
					jsonin_text(&of->items[k]));
			end(&line, into);
		}
	}
}

/* ── instructions, function by function ── */

static void insns(const struct jsonin *function, struct lines *into)
{
	const struct jsonin *of = jsonin_get(function, "insns");

	for (uint32_t i = 0; i < of->n; i++)
		lines_take(into, strdup(jsonin_text(jsonin_get(&of->items[i], "text"))));
}

static const struct jsonin *named(const struct jsonin *array, const struct jsonin *like)
{
	static const struct jsonin none;
	const char *name = jsonin_text(jsonin_get(like, "name"));

	for (uint32_t i = 0; i < array->n; i++)
		if (!strcmp(jsonin_text(jsonin_get(&array->items[i], "name")), name))
			return &array->items[i];
	return &none;
}

static int diff_function(const char *program, const struct jsonin *a, const struct jsonin *b, FILE *to)
{
	const char *name = jsonin_text(jsonin_get(a->kind ? a : b, "name"));
	const bool is_program = !strcmp(name, program);
	struct lines of_a = { 0 }, of_b = { 0 };
	char heading[300];
	int ret;

	snprintf(heading, sizeof(heading), "instructions of %.120s%s%.120s", name, is_program ? "" : " in ",
		 is_program ? "" : program);
	insns(a, &of_a);
	insns(b, &of_b);
	ret = lines_diff(heading, &of_a, &of_b, 3, to);
	lines_close(&of_a);
	lines_close(&of_b);
	return ret;
}

/* Programs and functions of a, then those that only b has. */
static int diff_insns(const struct jsonin *a, const struct jsonin *b, bool only_new, FILE *to)
{
	const struct jsonin *of_a = jsonin_get(a, "programs"), *of_b = jsonin_get(b, "programs");
	const struct jsonin *first = only_new ? of_b : of_a, *second = only_new ? of_a : of_b;
	int differs = 0, ret = 0;

	for (uint32_t i = 0; i < first->n && ret >= 0; i++) {
		const struct jsonin *functions = jsonin_get(&first->items[i], "functions");
		const struct jsonin *others = jsonin_get(named(second, &first->items[i]), "functions");
		const char *program = jsonin_text(jsonin_get(&first->items[i], "name"));

		for (uint32_t k = 0; k < functions->n && ret >= 0; k++) {
			const struct jsonin *one = &functions->items[k], *other = named(others, one);

			if (only_new && other->kind != JSONIN_NULL)
				continue;
			ret = only_new ? diff_function(program, other, one, to) : diff_function(program, one, other, to);
			differs |= ret > 0;
		}
	}
	return ret < 0 ? ret : differs;
}

int diff_plans(const struct jsonin *a, const struct jsonin *b, FILE *to, struct hewn_err *err)
{
	static const struct {
		const char *heading;
		void (*list)(const struct jsonin *plan, struct lines *into);
		uint32_t around;
	} questions[] = {
		{ "facts", facts, 0 },	   { "maps", maps, 0 },	  { "programs", places, 0 },
		{ "helpers", helpers, 0 }, { "calls", calls, 0 },
	};
	const struct jsonin *const plans[] = { a, b };
	int differs = 0, ret = 0;

	for (size_t i = 0; i < 2; i++)
		if (strcmp(jsonin_text(jsonin_get(plans[i], "format")), "hewn plan") != 0 ||
		    strcmp(jsonin_text(jsonin_get(plans[i], "version")), "1") != 0) {
			err_hint(err, "`hewn plan --json OBJECT >FILE` writes one");
			return err_set(err, -EINVAL, "the %s file is JSON, and no plan of hewn's of version 1", i ? "second" : "first");
		}
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]) && ret >= 0; i++) {
		struct lines of_a = { 0 }, of_b = { 0 };

		questions[i].list(a, &of_a);
		questions[i].list(b, &of_b);
		ret = lines_diff(questions[i].heading, &of_a, &of_b, questions[i].around, to);
		differs |= ret > 0;
		lines_close(&of_a);
		lines_close(&of_b);
	}
	for (int only_new = 0; only_new < 2 && ret >= 0; only_new++) {
		ret = diff_insns(a, b, only_new, to);
		differs |= ret > 0;
	}
	return ret < 0 ? err_nomem(err) : differs;
}
