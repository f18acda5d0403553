// SPDX-License-Identifier: MIT
/*
 * The register convention of a function: that what it says holds, and that no register is read that
 * some path leaves unset.
 *
 * Knows what an instruction reads and writes; knows nothing of values, and so judges paths that can
 * never be taken too.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "insn/build_int.h"

#define CALLER_SAVED 0x3eu /* r1 to r5 */
#define UNREACHED    0xffffu

static void state(struct build *b, struct func *f, unsigned int reg, const char *what,
		  unsigned int flags)
{
	char *copy = strdup(what);

	if (!copy) {
		build_no_memory(b);
		return;
	}
	free(f->regs[reg].what);
	f->regs[reg] = (struct reg){.what = copy, .flags = flags};
	f->check_regs = true;
}

void build_reg(struct build *b, unsigned int reg, const char *what, unsigned int flags)
{
	if (b->func == BUILD_NONE)
		build_fail(b, -EINVAL, "a register convention outside of a function");
	else if (reg > 9)
		build_fail(b, -EINVAL, "r%u in a register convention, want r0 to r9", reg);
	else
		state(b, &b->funcs[b->func], reg, what, flags);
}

void build_check_regs(struct build *b)
{
	if (b->func == BUILD_NONE)
		build_fail(b, -EINVAL, "a register check outside of a function");
	else
		b->funcs[b->func].check_regs = true;
}

struct use {
	uint16_t reads, writes, unsets; /* a bit a register */
};

static struct use use_of_atomic(struct bpf_insn insn)
{
	uint16_t dst = (uint16_t)(1u << insn.dst_reg), src = (uint16_t)(1u << insn.src_reg);

	if (insn.imm == BPF_LOAD_ACQ)
		return (struct use){.reads = src, .writes = dst};
	if (insn.imm == BPF_CMPXCHG)
		return (struct use){.reads = dst | src | 1u, .writes = 1u};
	return (struct use){.reads = dst | src,
			    .writes = insn.imm != BPF_STORE_REL && insn.imm & BPF_FETCH ? src : 0};
}

static struct use use_of_jump(struct bpf_insn insn)
{
	uint16_t dst = (uint16_t)(1u << insn.dst_reg), src = (uint16_t)(1u << insn.src_reg);

	switch (BPF_OP(insn.code)) {
	case BPF_JA:
		return (struct use){.reads = BPF_SRC(insn.code) == BPF_X ? dst : 0};
	case BPF_JCOND:
		return (struct use){0};
	case BPF_CALL:
		return (struct use){.reads = BPF_SRC(insn.code) == BPF_X ? dst : 0,
				    .writes = 1u,
				    .unsets = CALLER_SAVED};
	case BPF_EXIT:
		return (struct use){.reads = 1u};
	default:
		return (struct use){.reads = BPF_SRC(insn.code) == BPF_X ? dst | src : dst};
	}
}

static struct use use_of(struct bpf_insn insn)
{
	uint16_t dst = (uint16_t)(1u << insn.dst_reg), src = (uint16_t)(1u << insn.src_reg);
	bool from_reg = BPF_SRC(insn.code) == BPF_X;

	switch (BPF_CLASS(insn.code)) {
	case BPF_ALU:
	case BPF_ALU64:
		if (BPF_OP(insn.code) == BPF_MOV)
			return (struct use){.reads = from_reg ? src : 0, .writes = dst};
		if (BPF_OP(insn.code) == BPF_END || BPF_OP(insn.code) == BPF_NEG)
			return (struct use){.reads = dst, .writes = dst};
		return (struct use){.reads = from_reg ? dst | src : dst, .writes = dst};
	case BPF_LD: /* the packet's bytes are fetched by a call in disguise */
		if (BPF_MODE(insn.code) == BPF_IMM)
			return (struct use){.writes = dst};
		return (struct use){.reads = (uint16_t)(BPF_MODE(insn.code) == BPF_IND
								? 1u << 6 | src
								: 1u << 6),
				    .writes = 1u,
				    .unsets = CALLER_SAVED};
	case BPF_LDX:
		return (struct use){.reads = src, .writes = dst};
	case BPF_ST:
		return (struct use){.reads = dst};
	case BPF_STX:
		if (BPF_MODE(insn.code) == BPF_ATOMIC)
			return use_of_atomic(insn);
		return (struct use){.reads = dst | src};
	default:
		return use_of_jump(insn);
	}
}

/* Registers that hold something when the function begins. */
static uint16_t set_at_entry(const struct func *f)
{
	unsigned int set = 0;

	for (unsigned int r = 0; r < 10; r++)
		if (f->regs[r].flags & BUILD_REG_IN)
			set |= 1u << r;
	if (!set)
		set = f->sub ? CALLER_SAVED : 1u << 1;
	return (uint16_t)(set | 1u << 10);
}

/* Whether what follows in the list may run next. */
static bool goes_on(struct bpf_insn insn)
{
	unsigned int op = BPF_OP(insn.code), class = BPF_CLASS(insn.code);

	return !((class == BPF_JMP && (op == BPF_EXIT || op == BPF_JA)) ||
		 (class == BPF_JMP32 && op == BPF_JA));
}

/* Gives `set` to an item on one more path; whether that is news. */
static bool meet(uint16_t *in, uint16_t set)
{
	uint16_t old = *in;

	*in &= set;
	return *in != old;
}

/* What is surely set before each item: the least of all paths, until nothing changes. */
static void flow(const struct build *b, const struct func *f, uint16_t *in)
{
	uint32_t n = f->end - f->first;
	bool again = true;

	for (uint32_t i = 0; i < n; i++)
		in[i] = UNREACHED;
	in[0] = set_at_entry(f);
	while (again) {
		again = false;
		for (uint32_t i = 0; i < n; i++) {
			const struct item *item = &b->items[f->first + i];
			uint16_t set = in[i];
			bool next = true;

			if (set == UNREACHED)
				continue;
			if (item->kind == ITEM_INSN) {
				struct use use = use_of(item->insn);

				set = (uint16_t)((set & ~use.unsets) | use.writes);
				next = goes_on(item->insn);
			}
			if (next && i + 1 < n)
				meet(&in[i + 1], set);
			if (item->target != BUILD_NONE) {
				uint32_t to = item->target - f->first;

				/* Forward, this pass still comes by. */
				again |= meet(&in[to], set) && to <= i;
			}
		}
	}
}

static void judge_reads(struct build *b, const struct func *f, uint32_t i, uint16_t missing)
{
	for (unsigned int r = 0; r < 11; r++) {
		if (!(missing & 1u << r))
			continue;
		build_fail_item(b, f, i, "reads r%u%s%s%s, which a path to here leaves unset", r,
				f->regs[r].what ? " (" : "", f->regs[r].what ? f->regs[r].what : "",
				f->regs[r].what ? ")" : "");
		if (CALLER_SAVED & 1u << r)
			build_fail_hint(b, "a call destroys r1 to r5; r6 to r9 outlive it");
		return;
	}
}

/* A fixed register is written once, or never if it comes in. */
static void judge_writes(struct build *b, const struct func *f, uint32_t i, uint16_t writes,
			 unsigned int *written)
{
	for (unsigned int r = 0; r < 10; r++) {
		if (!(f->regs[r].flags & BUILD_REG_FIXED) || !(writes & 1u << r))
			continue;
		if (*written & 1u << r) {
			build_fail_item(b, f, i, "writes r%u, which holds %s to the end", r,
					f->regs[r].what);
			return;
		}
		*written |= 1u << r;
	}
}

void build_judge_regs(struct build *b, const struct func *f)
{
	unsigned int written = 0;
	uint16_t *in;

	if (!f->check_regs || f->first == f->end)
		return;
	in = malloc((f->end - f->first) * sizeof(*in));
	if (!in) {
		build_no_memory(b);
		return;
	}
	flow(b, f, in);
	for (unsigned int r = 0; r < 10; r++)
		if (f->regs[r].flags & BUILD_REG_IN)
			written |= 1u << r;
	for (uint32_t i = f->first; i < f->end && !b->code; i++) {
		struct use use;

		if (b->items[i].kind != ITEM_INSN || in[i - f->first] == UNREACHED)
			continue;
		use = use_of(b->items[i].insn);
		judge_reads(b, f, i, (uint16_t)(use.reads & ~in[i - f->first]));
		judge_writes(b, f, i, (uint16_t)(use.writes | use.unsets), &written);
	}
	free(in);
}
