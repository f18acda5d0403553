// SPDX-License-Identifier: MIT
/*
 * The order of numbered instructions.
 *
 * Knows nothing of text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/order.h"
#include "insn/parse.h"

struct order_waiting {
	long number;
	struct statement statement;
	struct parse_pos pos;
};

void order_open(struct order *order, const struct parse_ops *ops, void *ctx)
{
	memset(order, 0, sizeof(*order));
	order->ops = ops;
	order->ctx = ctx;
}

void order_close(struct order *order)
{
	free(order->seen);
	free(order->waiting);
	memset(order, 0, sizeof(*order));
}

void order_restart(struct order *order)
{
	order->next = 0;
	order->n_seen = 0;
}

/* Room for one more of these; the array may move. */
static int grow(void **array, size_t *room, size_t n, size_t size)
{
	size_t more = *room ? *room * 2 : 64;
	void *moved;

	if (n < *room)
		return 0;
	moved = realloc(*array, more * size);
	if (!moved)
		return -ENOMEM;
	*array = moved;
	*room = more;
	return 0;
}

/* Notes an instruction that goes to the caller now. */
static int remember(struct order *order, const struct statement *statement)
{
	for (unsigned int i = 0; i < statement->n_slots; i++) {
		int err = grow((void **)&order->seen, &order->room_seen, order->n_seen,
			       sizeof(*order->seen));

		if (err)
			return err;
		order->seen[order->n_seen++] = statement->insn[i];
	}
	order->next += (long)statement->n_slots;
	return 0;
}

/* Of two with the same number, the one that came first. */
static bool is_before(const struct order_waiting *a, const struct order_waiting *b)
{
	return a->number != b->number ? a->number < b->number : a->pos.line < b->pos.line;
}

/* Those that wait are a heap: each is before the two at twice its place, plus one and plus two. */
static int wait_for(struct order *order, long number, const struct statement *statement,
		    const struct parse_pos *pos)
{
	const struct order_waiting one = {number, *statement, *pos};
	struct order_waiting *w;
	size_t i = order->n_waiting;
	int err = grow((void **)&order->waiting, &order->room_waiting, i, sizeof(*w));

	if (err)
		return err;
	for (w = order->waiting; i && is_before(&one, &w[(i - 1) / 2]); i = (i - 1) / 2)
		w[i] = w[(i - 1) / 2];
	w[i] = one;
	order->n_waiting++;
	return 0;
}

/* The lowest of those that wait, which no longer does. */
static struct order_waiting take(struct order *order)
{
	struct order_waiting *w = order->waiting;
	const struct order_waiting first = w[0], last = w[--order->n_waiting];
	size_t i = 0, child;

	while ((child = 2 * i + 1) < order->n_waiting) {
		child += child + 1 < order->n_waiting && is_before(&w[child + 1], &w[child]);
		if (!is_before(&w[child], &last))
			break;
		w[i] = w[child];
		i = child;
	}
	w[i] = last;
	return first;
}

static int again(struct order *order, long number, const struct statement *statement,
		 struct insn_err *err)
{
	if (!memcmp(&order->seen[number], statement->insn, sizeof(statement->insn[0])))
		return 0;
	return insn_err_set(err, -EINVAL, -1, "number %ld was given to another instruction before",
			    number);
}

/* Hands on what waited for the slot that is next. */
static int release(struct order *order, struct insn_err *err)
{
	while (order->n_waiting && order->waiting[0].number <= order->next) {
		const struct order_waiting w = take(order);
		int code;

		if (w.number < order->next) {
			code = again(order, w.number, &w.statement, err);
		} else {
			code = remember(order, &w.statement);
			if (!code && order->ops->insn)
				code = order->ops->insn(order->ctx, &w.statement, &w.pos, err);
		}
		if (code) {
			insn_err_at(err, w.pos.line, w.pos.col, w.pos.source, w.pos.source_size);
			return code;
		}
	}
	return 0;
}

int order_put(struct order *order, long number, const struct statement *statement,
	      const struct parse_pos *pos, bool *done, struct insn_err *err)
{
	int code = release(order, err);

	if (code)
		return code;
	*done = true;
	if (number >= 0 && number < order->next && (size_t)number < order->n_seen)
		return again(order, number, statement, err);
	if (number > order->next)
		return wait_for(order, number, statement, pos);
	*done = false;
	return remember(order, statement);
}

int order_finish(struct order *order, struct insn_err *err)
{
	int code = release(order, err);
	const struct order_waiting *w;

	if (code || !order->n_waiting)
		return code;
	w = &order->waiting[0];
	insn_err_set(err, -EINVAL, -1, "found number %ld, want %ld: instructions are missing",
		     w->number, order->next);
	insn_err_hint(err,
		      "a verifier's log shows only what it walked; take a dump of the program");
	insn_err_at(err, w->pos.line, w->pos.col, w->pos.source, w->pos.source_size);
	return -EINVAL;
}
