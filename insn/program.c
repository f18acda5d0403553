// SPDX-License-Identifier: MIT
/*
 * One program out of a unit: its function, then each subprogram that it reaches, once, with the
 * calls between them resolved. What libbpf and hewn do when they load an object, for those who have
 * none.
 *
 * Knows units; knows nothing of maps' fds.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/unit.h"

/* A function whose relocations are being followed, and how far. */
struct visit {
	uint32_t symbol, next;
};

struct program {
	const struct unit *unit;
	uint32_t *at; /* slot of the result where a symbol's code begins, UNIT_NONE: not there */
	struct visit *visits;
	uint32_t n_visits;
	struct bpf_insn *insns;
	uint32_t n;
	struct unit_reloc *relocs;
	uint32_t n_relocs;
};

static bool takes_func(enum unit_reloc_kind kind)
{
	return kind == UNIT_RELOC_CALL || kind == UNIT_RELOC_FUNC;
}

/* Whether the relocation lies in this function. */
static bool lies_in(const struct unit_reloc *reloc, const struct unit_symbol *func)
{
	return reloc->section == func->section && reloc->insn >= func->off &&
	       reloc->insn - func->off < func->size;
}

/* Puts a function behind what is there, if it is not there yet, to be followed next. */
static int append(struct program *p, uint32_t symbol)
{
	const struct unit_symbol *func = &p->unit->symbols[symbol];
	const struct unit_section *section = &p->unit->sections[func->section];
	struct bpf_insn *insns;

	if (p->at[symbol] != UNIT_NONE)
		return 0;
	if (section->kind != UNIT_CODE)
		return -ENOENT;
	insns = realloc(p->insns, ((size_t)p->n + func->size + 1) * sizeof(*insns));
	if (!insns)
		return -ENOMEM;
	p->insns = insns;
	if (func->size)
		memcpy(insns + p->n, section->insns + func->off, func->size * sizeof(*insns));
	p->at[symbol] = p->n;
	p->visits[p->n_visits++] = (struct visit){.symbol = symbol};
	p->n += func->size;
	return 0;
}

/* An instruction that names a map or data, as the kernel wants it but for the fd. */
static void list(struct program *p, const struct unit_reloc *reloc, uint32_t slot)
{
	struct bpf_insn *insn = &p->insns[slot];

	if (reloc->kind == UNIT_RELOC_MAP)
		insn[0].src_reg = BPF_PSEUDO_MAP_FD;
	if (reloc->kind == UNIT_RELOC_DATA) {
		insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		insn[1].imm = insn[0].imm + (int32_t)p->unit->symbols[reloc->target].off;
		insn[0].imm = 0;
	}
	p->relocs[p->n_relocs] = *reloc;
	p->relocs[p->n_relocs++].insn = slot;
}

/*
 * Follows the calls of the function visited last, up to the first that leads to a new one: that
 * comes first. So does libbpf, and the program's tag depends on the order.
 */
static int follow(struct program *p)
{
	struct visit *visit = &p->visits[p->n_visits - 1];
	const struct unit_symbol *func = &p->unit->symbols[visit->symbol];
	uint32_t before = p->n_visits;

	while (visit->next < p->unit->n_relocs) {
		const struct unit_reloc *reloc = &p->unit->relocs[visit->next++];
		int err = 0;

		if (!lies_in(reloc, func))
			continue;
		if (takes_func(reloc->kind))
			err = append(p, reloc->target);
		else
			list(p, reloc, reloc->insn - func->off + p->at[visit->symbol]);
		if (err || p->n_visits > before)
			return err;
	}
	p->n_visits--;
	return 0;
}

/* Now that each function has its place, calls count from the slot after them. */
static void resolve(struct program *p, uint32_t symbol)
{
	const struct unit_symbol *func = &p->unit->symbols[symbol];

	for (uint32_t i = 0; i < p->unit->n_relocs; i++) {
		const struct unit_reloc *reloc = &p->unit->relocs[i];
		struct bpf_insn *insn;
		uint32_t slot;

		if (!takes_func(reloc->kind) || !lies_in(reloc, func))
			continue;
		slot = reloc->insn - func->off + p->at[symbol];
		insn = &p->insns[slot];
		insn->src_reg = reloc->kind == UNIT_RELOC_CALL ? BPF_PSEUDO_CALL : BPF_PSEUDO_FUNC;
		insn->imm = (int32_t)(p->at[reloc->target] - slot - 1);
	}
}

static int gather(struct program *p, uint32_t main)
{
	int err = append(p, main);

	while (!err && p->n_visits)
		err = follow(p);
	for (uint32_t i = 0; !err && i < p->unit->n_symbols; i++)
		if (p->at[i] != UNIT_NONE)
			resolve(p, i);
	return err;
}

int unit_program(const struct unit *unit, const char *name, struct bpf_insn **insns, uint32_t *n,
		 struct unit_reloc **relocs, uint32_t *n_relocs)
{
	struct program p = {.unit = unit};
	uint32_t main = unit_find_symbol(unit, name);
	int err = -ENOMEM;

	*insns = NULL;
	*relocs = NULL;
	*n = *n_relocs = 0;
	if (main == UNIT_NONE)
		return -ENOENT;
	p.at = malloc(unit->n_symbols * sizeof(*p.at));
	p.visits = malloc(unit->n_symbols * sizeof(*p.visits));
	p.relocs = malloc((unit->n_relocs + 1) * sizeof(*p.relocs));
	if (p.at && p.visits && p.relocs) {
		for (uint32_t i = 0; i < unit->n_symbols; i++)
			p.at[i] = UNIT_NONE;
		err = gather(&p, main);
	}
	free(p.at);
	free(p.visits);
	if (err || !p.n_relocs) {
		free(p.relocs);
		p.relocs = NULL;
	}
	if (err) {
		free(p.insns);
		return err;
	}
	*insns = p.insns;
	*n = p.n;
	*relocs = p.relocs;
	*n_relocs = p.n_relocs;
	return 0;
}
