// SPDX-License-Identifier: MIT
/*
 * The order of numbered instructions. A verifier's log shows them as they were walked: some twice,
 * some late. Those that come early wait, those that come again are compared with the first.
 *
 * Knows numbers; knows nothing of text.
 */
#ifndef INSN_ORDER_H
#define INSN_ORDER_H

#include "insn/err.h"
#include "insn/grammar.h"

struct parse_ops;
struct parse_pos;

struct order {
	const struct parse_ops *ops;
	void *ctx;
	long next;	       /* slot of the next instruction */
	struct bpf_insn *seen; /* handed on, by slot */
	size_t n_seen, room_seen;
	struct order_waiting *waiting;
	size_t n_waiting, room_waiting;
};

void order_open(struct order *order, const struct parse_ops *ops, void *ctx);
void order_close(struct order *order);

/* Numbers begin anew: another section. */
void order_restart(struct order *order);

/*
 * Notes a statement with its number, -1 if it has none. *done: the caller must not hand it on, it
 * waits or was seen. Those that waited for it are handed on after it, at the next call or at the
 * end. Returns 0, -ENOMEM, or -EINVAL for a number that was given to another instruction.
 */
int order_put(struct order *order, long number, const struct statement *statement,
	      const struct parse_pos *pos, bool *done, struct insn_err *err);

/* Hands on what waits; -EINVAL if an instruction before it never came. */
int order_finish(struct order *order, struct insn_err *err);

#endif
