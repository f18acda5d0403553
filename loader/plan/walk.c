// SPDX-License-Identifier: MIT
/* Walks through a plan: see walk.h. */
#include "loader/plan/walk.h"

#include <stdio.h>

struct walk_number walk_inner(const struct walk_number *outer, char letter, uint32_t i, uint32_t n)
{
	struct walk_number number;

	if (n > 1)
		snprintf(number.text, sizeof(number.text), "%.20s%c%u", outer->text, letter, i + 1);
	else
		snprintf(number.text, sizeof(number.text), "%.20s%c", outer->text, letter);
	return number;
}

char walk_letter(const struct plan_step *step, uint32_t i)
{
	char letter = 'a';

	for (uint32_t k = 0; k < i && letter < 'm'; k++) /* n and r are a loop's, u is undo's */
		letter = (char)(letter + (step->alts[k].kind == ALT_STEPS));
	return letter;
}

static bool number_in(const struct plan_step *at, const struct walk_number *number,
		      const struct plan_step *wanted, struct walk_number *found);

static bool number_below(const struct plan_steps *steps, char letter, const struct walk_number *outer,
			 const struct plan_step *wanted, struct walk_number *found)
{
	for (uint32_t i = 0; i < steps->n; i++) {
		const struct walk_number number = walk_inner(outer, letter, i, steps->n);

		if (number_in(&steps->v[i], &number, wanted, found))
			return true;
	}
	return false;
}

static bool number_in(const struct plan_step *at, const struct walk_number *number,
		      const struct plan_step *wanted, struct walk_number *found)
{
	if (at == wanted) {
		*found = *number;
		return true;
	}
	for (uint32_t i = 0; i < at->n_alts; i++)
		if (number_below(&at->alts[i].steps, walk_letter(at, i), number, wanted, found))
			return true;
	if (at->loop && (number_below(&at->loop->steps, 'r', number, wanted, found) ||
			 number_below(&at->loop->next, 'n', number, wanted, found)))
		return true;
	return number_below(&at->undo, 'u', number, wanted, found);
}

struct walk_number walk_number(const struct hewn_plan *plan, const struct plan_step *step)
{
	struct walk_number number, found = { "" };

	for (uint32_t i = 0; i < plan->steps.n; i++) {
		snprintf(number.text, sizeof(number.text), "%u", i + 1);
		if (number_in(&plan->steps.v[i], &number, step, &found))
			break;
	}
	return found;
}

static bool may_lack(const struct plan_steps *steps, uint32_t slot)
{
	for (uint32_t i = 0; i < steps->n; i++) {
		if (steps->v[i].loop && may_lack(&steps->v[i].loop->steps, slot))
			return true;
		for (uint32_t k = 0; k < steps->v[i].n_alts; k++) {
			const struct plan_alt *alt = &steps->v[i].alts[k];

			if ((alt->kind == ALT_SKIP && steps->v[i].slot == slot) || may_lack(&alt->steps, slot))
				return true;
		}
	}
	return false;
}

bool walk_may_lack(const struct hewn_plan *plan, uint32_t slot)
{
	return may_lack(&plan->steps, slot);
}

static void blob_needs(const struct hewn_plan *plan, uint32_t index, void (*fn)(void *, uint32_t), void *ctx)
{
	const struct plan_blob *blob = &plan->blobs[index];

	for (uint32_t i = 0; i < blob->n_fixes; i++)
		if (blob->fixes[i].kind == FIX_BLOB)
			blob_needs(plan, blob->fixes[i].index, fn, ctx);
		else
			fn(ctx, blob->fixes[i].index);
}

void walk_needs(const struct hewn_plan *plan, const struct plan_step *step, void (*fn)(void *ctx, uint32_t slot),
		void *ctx)
{
	for (uint32_t i = 0; i < step->n_args; i++)
		if (step->args[i].kind == ARG_SLOT)
			fn(ctx, (uint32_t)step->args[i].value);
		else if (step->args[i].kind == ARG_BLOB)
			blob_needs(plan, (uint32_t)step->args[i].value, fn, ctx);
}
