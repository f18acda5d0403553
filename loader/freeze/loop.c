// SPDX-License-Identifier: MIT
/*
 * The one loop that a plan can have, which looks for the BTF of a module by its name: see struct plan_loop. Knows its
 * form; knows nothing of BTF.
 */
#include <errno.h>
#include <string.h>

#include "loader/freeze/step.h"

void loop_write(struct freeze *f, const struct plan_step *step, const char *number, unsigned int depth, FILE *to)
{
	const uint32_t attr = attr_blob_of(f, step);
	struct walk_number outer;
	struct step_place at = { .depth = depth + 2, .outer = &outer, .letter = 'r', .loop = step->loop, .n_attrs = 1 };

	if (attr == NONE || step->call != CALL_BPF) {
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze this loop");
		return;
	}
	snprintf(outer.text, sizeof(outer.text), "%.30s", number);
	words_tabs(to, depth);
	fputs("{\n", to);
	words_tabs(to, depth + 1);
	fputs("uint32_t id = 0, rounds = 0;\n\n", to);
	words_tabs(to, depth + 1);
	fputs("for (;;) {\n", to);
	attr_declare(f, step, attr, depth + 2, "attr", to);
	attr_add(f, attr, "next_id");
	putc('\n', to);
	words_tabs(to, depth + 2);
	fprintf(to, "if (rounds++ == %u)\n", step->loop->limit);
	words_tabs(to, depth + 3);
	fprintf(to, "return failed(o, \"%s: too many rounds\", -ELOOP);\n", number);
	words_tabs(to, depth + 2);
	fputs("ret = ", to);
	step_call(f, step, "attr", to);
	fputs(";\n", to);
	words_tabs(to, depth + 2);
	fputs(step->n_causes ? "if (ret < 0) {\n" : "if (ret < 0)\n", to);
	step_failed(step, number, depth + 3, "ret", to);
	if (step->n_causes) {
		words_tabs(to, depth + 2);
		fputs("}\n", to);
	}
	words_tabs(to, depth + 2);
	fputs("id = attr.next_id;\n\n", to);
	steps_write(f, step->loop->steps.v, step->loop->steps.n, 0, &at, to);
	words_tabs(to, depth + 2);
	fputs("break;\n", to);
	words_tabs(to, depth + 1);
	fputs("}\n", to);
	words_tabs(to, depth);
	fputs("}\n", to);
}
