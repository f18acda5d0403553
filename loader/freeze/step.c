// SPDX-License-Identifier: MIT
/*
 * Steps as code: the call, what happens instead of failing, what is kept, how it is undone. Knows the calls of
 * a plan; what they point to is attr.c's and data.c's.
 *
 * The shape of a step, where `ret` is what the call returned:
 *
 *	{
 *		struct map_create_attr attr = { … };
 *
 *		ret = sys_bpf(0, &attr, 60);
 *		if (ret == -EINVAL) {		what happens instead, on the same attr where it is alike
 *			attr.btf_fd = 0;
 *			ret = sys_bpf(0, &attr, 44);
 *		}
 *	}
 *	if (ret < 0)
 *		return failed(o, "2: …", ret);
 *	o->maps.calls = ret;
 *
 * WITHOUT in `ret` is "go on without it", and being negative it is no fd. NOT_MADE: what the call needs is
 * absent.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "loader/freeze/freeze.h"
#include "loader/freeze/step.h"
#include "loader/mem.h"

/* ── what a step needs ── */

struct needs {
	struct freeze *f;
	uint32_t slots[8];
	uint32_t n;
	bool per_cpu;
};

static void add_need(void *ctx, uint32_t slot)
{
	struct needs *needs = ctx;

	needs->per_cpu |= member_per_cpu(needs->f, slot);
	for (uint32_t i = 0; i < needs->n; i++)
		if (needs->slots[i] == slot)
			return;
	if (needs->n < 8 && walk_may_lack(needs->f->plan, slot))
		needs->slots[needs->n++] = slot;
}

bool step_per_cpu(const struct freeze *f, const struct plan_step *step)
{
	struct needs needs = { .f = (struct freeze *)f };

	walk_needs(f->plan, step, add_need, &needs);
	return needs.per_cpu || (step->slot != NONE && member_per_cpu(f, step->slot));
}

static void write_there(struct freeze *f, const struct needs *needs, FILE *to)
{
	for (uint32_t i = 0; i < needs->n; i++) {
		fputs(i ? " && " : "", to);
		member_is_there(f, needs->slots[i], to);
	}
}

/* ── alternatives ── */

static void write_errno(FILE *to, int code)
{
	if (code == 524)
		fputs("-524 /* the kernel's ENOTSUPP */", to);
	else if (err_name(code)[0] != 'E')
		fprintf(to, "-%d", code);
	else
		fprintf(to, "-%s", err_name(code));
}

static void write_condition(const struct plan_alt *alt, bool may_lack, FILE *to)
{
	const char *sep = "";
	const bool both = alt->empty_log && (alt->absent || alt->on[1]);

	fputs(both ? "(" : "", to);
	if (alt->any) {
		fputs(may_lack ? "ret < 0 && ret != NOT_MADE" : "ret < 0", to);
		sep = " || ";
	}
	for (size_t i = 0; !alt->any && i < sizeof(alt->on) / sizeof(alt->on[0]) && alt->on[i]; i++) {
		fprintf(to, "%sret == ", sep);
		write_errno(to, alt->on[i]);
		sep = " || ";
	}
	if (alt->absent && may_lack)
		fprintf(to, "%sret == NOT_MADE", sep);
	else if (!sep[0])
		fputs("false", to);
	fputs(both ? ")" : "", to);
	if (alt->empty_log)
		fputs(" && !verifier_log[0]", to);
}

/* Whether the steps of an alternative just bring another result for the same slot. */
static bool is_same(const struct plan_alt *alt, const struct plan_step *step)
{
	return alt->steps.n == 1 && alt->steps.v[0].slot == step->slot && !alt->steps.v[0].undo.n && !alt->steps.v[0].n_expects;
}

struct writing {
	struct freeze *f;
	const struct plan_step *step;
	const char *number;
	struct step_place at;   /* of what is inside of the step's block */
	struct needs needs;
	bool has_lack;          /* needs has any, and the step is not skipped for it as a whole */
	FILE *to;
};

static void line(const struct writing *w, unsigned int more, const char *text)
{
	words_tabs(w->to, w->at.depth + more);
	fprintf(w->to, "%s\n", text);
}

static void write_alt(struct writing *w, uint32_t i, bool first)
{
	const struct plan_alt *alt = &w->step->alts[i];
	const struct walk_number number = { "" };
	struct walk_number outer = number;
	struct step_place at = w->at;

	snprintf(outer.text, sizeof(outer.text), "%.30s", w->number);
	if (first)
		words_tabs(w->to, w->at.depth);
	fputs(first ? "if (" : " else if (", w->to);
	write_condition(alt, w->has_lack, w->to);
	fputs(") {\n", w->to);
	at.depth++;
	words_note(w->to, at.depth, alt->why);
	at.outer = &outer;
	at.letter = walk_letter(w->step, i);
	at.keeps = is_same(alt, w->step) ? w->step : NULL;
	if (alt->kind == ALT_NEXT) {
		line(w, 1, "continue;");
	} else if (alt->kind == ALT_SKIP) {
		line(w, 1, "ret = WITHOUT;");
		w->f->uses[USE_WITHOUT] = true;
	} else if (alt->any && at.keeps && alt->steps.v[0].log != NONE) {
		line(w, 1, "const int first = ret;\n");
		steps_write(w->f, alt->steps.v, alt->steps.n, 0, &at, w->to);
		line(w, 1, "if (ret == -ENOSPC) /* of a log larger than its buffer: what is wrong is what was said first */");
		line(w, 2, "ret = first;");
	} else {
		steps_write(w->f, alt->steps.v, alt->steps.n, 0, &at, w->to);
		if (!at.keeps) {
			bool yields = false;

			for (uint32_t k = 0; k < alt->steps.n; k++)
				yields |= alt->steps.v[k].slot == w->step->slot && w->step->slot != NONE;
			words_tabs(w->to, w->at.depth + 1);
			if (yields)
				fprintf(w->to, "ret = %s;\n", member_expr(w->f, w->step->slot));
			else
				fputs("ret = WITHOUT;\n", w->to);
			w->f->uses[USE_WITHOUT] |= !yields;
		}
	}
	words_tabs(w->to, w->at.depth);
	putc('}', w->to);
}

static void write_alts(struct writing *w)
{
	bool first = true;

	for (uint32_t i = 0; i < w->step->n_alts; i++) {
		const struct plan_alt *alt = &w->step->alts[i];

		if (alt->kind == ALT_AGAIN || (!w->has_lack && alt->absent && !alt->on[0] && !alt->any))
			continue;
		write_alt(w, i, first);
		first = false;
	}
	if (!first)
		putc('\n', w->to);
}

/* ── the call ── */

static void write_call(struct writing *w, unsigned int more, const char *attr)
{
	words_tabs(w->to, w->at.depth + more);
	fputs("ret = ", w->to);
	step_call(w->f, w->step, attr, w->to);
	fputs(";\n", w->to);
}

static void write_tries(struct writing *w, const char *attr)
{
	if (!w->has_lack) {
		write_call(w, 0, attr);
		return;
	}
	line(w, 0, "ret = NOT_MADE;");
	w->f->uses[USE_NOT_MADE] = true;
	words_tabs(w->to, w->at.depth);
	fputs("if (", w->to);
	write_there(w->f, &w->needs, w->to);
	fputs(")\n", w->to);
	write_call(w, 1, attr);
}

/* ── the result ── */

/* What the kernel wrote must be what was expected: else the next round of a loop, or failure. */
static void write_expects(struct writing *w)
{
	for (uint32_t i = 0; i < w->step->n_expects; i++) {
		const struct plan_expect *expect = &w->step->expects[i];
		struct step_place at = w->at;

		words_tabs(w->to, w->at.depth);
		fputs("if (ret >= 0 && ", w->to);
		if (expect->text) {
			fputs("strcmp(text, ", w->to);
			words_string(w->to, expect->text, strlen(expect->text));
			fputs(") != 0)", w->to);
		} else {
			fprintf(w->to, "out[%u] != %u)", expect->off / 4, expect->value);
		}
		fputs(w->at.loop ? " {\n" : "\n", w->to);
		if (!w->at.loop) {
			words_tabs(w->to, w->at.depth + 1);
			fprintf(w->to, "return failed(o, \"%s: the pinned map has another %s\", -EEXIST);\n", w->number, expect->name);
			continue;
		}
		at.depth++;
		at.attr = NULL;
		at.letter = 'n';
		steps_write(w->f, w->at.loop->next.v, w->at.loop->next.n, 0, &at, w->to);
		line(w, 1, "continue;");
		line(w, 0, "}");
	}
}

void step_failed(const struct plan_step *step, const char *number, unsigned int depth, const char *ret, FILE *to)
{
	const struct abi_cmd *cmd = step->call == CALL_BPF ? abi_cmd((uint32_t)step->args[0].value) : NULL;
	struct freeze_text text;
	char *what;

	for (uint32_t i = 0; i < step->n_causes; i++) {
		const struct plan_cause *cause = &step->causes[i];

		if (!words_open(&text))
			break;
		fprintf(text.to, "%s: %s%s%s", err_name(cause->on), cause->what, cause->hint ? ". " : "", cause->hint ? cause->hint : "");
		what = words_close(&text);
		words_note(to, depth, what ? what : "");
		free(what);
	}
	if (!words_open(&text))
		return;
	fprintf(text.to, "%s: %s(%s)%s%s", number, plan_call_name(step->call), cmd ? cmd->name : "", step->why ? ": " : "",
		step->why ? step->why : "");
	what = words_close(&text);
	words_tabs(to, depth);
	fputs("return failed(o,", to);
	if (what && strlen(what) + 8 * (size_t)depth > 70) {
		putc('\n', to);
		words_tabs(to, depth + 2);
	} else {
		putc(' ', to);
	}
	words_string(to, what ? what : "", what ? strlen(what) : 0);
	free(what);
	fprintf(to, ", %s);\n", ret);
}

static void write_result(struct writing *w, bool may_skip)
{
	const bool several = w->step->n_causes > 0;

	words_tabs(w->to, w->at.depth);
	fprintf(w->to, "if (ret < 0%s)%s\n", may_skip ? " && ret != WITHOUT" : "", several ? " {" : "");
	step_failed(w->step, w->number, w->at.depth + 1, "ret", w->to);
	if (several)
		line(w, 0, "}");
}

/* Whether `ret` may be WITHOUT after the alternatives. */
static bool may_skip(const struct plan_step *step, bool has_lack)
{
	for (uint32_t i = 0; i < step->n_alts; i++) {
		const struct plan_alt *alt = &step->alts[i];

		if (alt->kind == ALT_AGAIN || (!has_lack && alt->absent && !alt->on[0] && !alt->any))
			continue;
		if (alt->kind == ALT_SKIP || (alt->kind == ALT_STEPS && !is_same(alt, step)) ||
		    (alt->kind == ALT_STEPS && may_skip(&alt->steps.v[0], true)))
			return true;
	}
	return false;
}

static void write_keep(struct writing *w)
{
	const struct plan_slot *slot = w->step->slot != NONE ? &w->f->plan->slots[w->step->slot] : NULL;

	if (slot && slot->kind == SLOT_FD) {
		words_tabs(w->to, w->at.depth);
		fprintf(w->to, "%s = ret;\n", member_expr(w->f, w->step->slot));
	}
	if (w->step->call == CALL_CLOSE && w->step->args[0].kind == ARG_SLOT) {
		words_tabs(w->to, w->at.depth);
		fprintf(w->to, "%s = -1;\n", member_expr(w->f, (uint32_t)w->step->args[0].value));
	}
	step_note_undo(w->f, w->step, w->number, w->at.depth, w->to);
	if (w->step->fill != NONE) {
		words_tabs(w->to, w->at.depth);
		if (w->step->fill_at)
			fprintf(w->to, "memcpy((char *)%s + %" PRIu64 ", ", member_expr(w->f, w->step->slot), w->step->fill_at);
		else
			fprintf(w->to, "memcpy(%s, ", member_expr(w->f, w->step->slot));
		data_pointer(w->f, w->step->fill, w->to);
		fprintf(w->to, ", %u);\n", w->f->plan->blobs[w->step->fill].size);
	}
}

/* ── one step ── */

/* Whether being absent has no other consequence than to leave the step out. */
static bool skips_whole(const struct plan_step *step)
{
	bool any = false;

	for (uint32_t i = 0; i < step->n_alts; i++) {
		if (!step->alts[i].absent)
			continue;
		if (step->alts[i].kind != ALT_SKIP || step->alts[i].on[0] || step->alts[i].any)
			return false;
		any = true;
	}
	return any;
}

static void write_why(struct writing *w)
{
	struct freeze_text text;
	char *why;

	if (!w->step->why || !words_open(&text))
		return;
	fprintf(text.to, "%s. %s", w->number, w->step->why);
	if (w->step->since)
		fprintf(text.to, " (since %u.%u)", w->step->since >> 16, w->step->since >> 8 & 255);
	why = words_close(&text);
	if (why)
		words_note(w->to, w->at.depth, why);
	free(why);
}

/* The blob that the kernel writes and the attr points to, other than the log; NONE. */
static uint32_t small_out(const struct freeze *f, uint32_t blob)
{
	for (uint32_t i = 0; blob != NONE && i < f->plan->blobs[blob].n_fixes; i++) {
		const struct plan_fix *fix = &f->plan->blobs[blob].fixes[i];

		if (fix->kind == FIX_BLOB && f->plan->blobs[fix->index].kind == BLOB_OUT && f->plan->blobs[fix->index].size <= 4096)
			return fix->index;
	}
	return NONE;
}

/* The variables `out`, in words, and `text`, to which it points. */
static void declare_out(struct writing *w, uint32_t out)
{
	const struct plan_blob *blob = &w->f->plan->blobs[out];
	const uint32_t text = small_out(w->f, out);

	if (text != NONE) {
		words_tabs(w->to, w->at.depth);
		fprintf(w->to, "char text[%u] = \"\";\n", w->f->plan->blobs[text].size);
	}
	words_tabs(w->to, w->at.depth);
	fprintf(w->to, "uint32_t out[%u] = { ", (blob->size + 3) / 4);
	for (uint32_t i = 0; i < (blob->size + 3) / 4; i++) {
		uint32_t word = 0;

		if (blob->bytes)
			memcpy(&word, blob->bytes + 4 * (size_t)i, blob->size - 4 * i < 4 ? blob->size - 4 * i : 4);
		fprintf(w->to, "%s%u", i ? ", " : "", word);
	}
	fputs(" };\n", w->to);
}

/* The address of `text` into its place. */
static void point_out(struct writing *w, uint32_t out)
{
	const struct plan_blob *blob = &w->f->plan->blobs[out];

	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		if (blob->fixes[i].kind != FIX_BLOB || small_out(w->f, out) != blob->fixes[i].index)
			freeze_refuse(w->f, -EOPNOTSUPP, "hewn cannot freeze %s yet", blob->name ? blob->name : "what the kernel writes here");
		words_tabs(w->to, w->at.depth);
		fprintf(w->to, "memcpy(&out[%u], &(uint64_t){ ptr(text) }, 8);\n", blob->fixes[i].off / 4);
		w->f->uses[USE_PTR] = true;
	}
}

static void write_step(struct freeze *f, const struct plan_step *step, const char *number, const struct step_place *place, FILE *to)
{
	struct writing w = { .f = f, .step = step, .number = number, .at = *place, .needs = { .f = f }, .to = to };
	const uint32_t attr = attr_blob_of(f, step), out = small_out(f, attr);
	const bool on_same = place->attr && attr_alike(f, place->attr_blob, attr) && out == NONE;
	char var[16] = "";
	bool whole;

	if (step->loop && !place->loop) {
		write_why(&w);
		loop_write(f, step, number, place->depth, to);
		return;
	}
	walk_needs(f->plan, step, add_need, &w.needs);
	whole = w.needs.n && skips_whole(step);
	w.has_lack = w.needs.n && !whole;
	if (!place->keeps)
		write_why(&w);
	if (whole) {
		words_tabs(to, w.at.depth);
		fputs("if (", to);
		write_there(f, &w.needs, to);
		fputs(") {\n", to);
		w.at.depth++;
	}
	if (on_same) {
		snprintf(var, sizeof(var), "%s", place->attr);
		attr_change(f, step, place->attr_blob, attr, w.at.depth, var, to);
	} else if (attr != NONE) {
		if (!whole) {
			line(&w, 0, "{");
			w.at.depth++;
		}
		w.at.n_attrs++;
		snprintf(var, sizeof(var), w.at.n_attrs > 1 ? "attr%u" : "attr", w.at.n_attrs);
		if (out != NONE)
			declare_out(&w, out);
		attr_declare(f, step, attr, w.at.depth, var, to);
		putc('\n', to);
		if (out != NONE)
			point_out(&w, out);
	}
	w.at.attr = var[0] ? var : NULL;
	w.at.attr_blob = attr;
	write_tries(&w, var);
	write_alts(&w);
	write_expects(&w);
	if (attr != NONE && !on_same && !whole) {
		w.at.depth--;
		line(&w, 0, "}");
	}
	if (!place->keeps) {
		write_result(&w, may_skip(step, w.has_lack));
		write_keep(&w);
	}
	if (whole) {
		w.at.depth--;
		line(&w, 0, "}");
	}
}

void steps_write(struct freeze *f, const struct plan_step *steps, uint32_t n, uint32_t first, const struct step_place *at, FILE *to)
{
	for (uint32_t i = 0; i < n && !f->ret;) {
		struct walk_number number;
		uint32_t did;

		if (at->outer)
			number = walk_inner(at->outer, at->letter, i, n);
		else
			snprintf(number.text, sizeof(number.text), "%u", first + i + 1);
		if (i && !at->keeps && !at->outer)
			putc('\n', to);
		did = tracefs_write(f, &steps[i], n - i, at, number.text, to);
		if (!did)
			write_step(f, &steps[i], number.text, at, to);
		i += did ? did : 1;
	}
}
