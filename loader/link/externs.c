// SPDX-License-Identifier: MIT
/* Externs: what each becomes in an instruction. See externs.h. */
#include "loader/link/externs.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>

#include "loader/err.h"

#define PSEUDO_BTF_ID	  3 /* src_reg of a ld_imm64 of a kernel's variable or function, 5.9 */
#define PSEUDO_KFUNC_CALL 2 /* src_reg of a call of a kernel's function, 5.13 */

int externs_open(struct link *link, struct hewn_err *err)
{
	int ret = externs_options(link, err);

	return ret ? ret : externs_want(link, err);
}

void externs_close(struct link *link)
{
	for (uint32_t i = 0; link->symbols && i < link->object->n_externs; i++)
		free(link->symbols[i].why);
	free(link->symbols);
	free(link->modules);
	free(link->kconfig);
}

/* The address of an option in the map. The addend is what the instruction would have loaded. */
static int apply_option(const struct obj_extern *ext, struct bpf_insn *insn, bool is_load, struct link_left *left, struct hewn_err *err)
{
	if (!is_load || insn[0].imm < 0 || (uint32_t)insn[0].imm >= ext->size || insn[1].imm)
		return err_set(err, -EINVAL, "an option of the kernel's configuration is %s",
			       is_load ? "read beyond its end" : "no function");
	insn[0].src_reg = BPF_PSEUDO_MAP_VALUE; /* 5.2 */
	insn[1].imm = (int32_t)(ext->off + (uint32_t)insn[0].imm);
	insn[0].imm = 0;
	*left = (struct link_left){ LINK_MAP, ext->map };
	return 0;
}

/* An id of BTF, an address, or 0 for what is weak and not there. */
static void apply_load(const struct link_symbol *sym, uint32_t i, struct bpf_insn *insn, struct link_left *left)
{
	insn[0].imm = (int32_t)sym->addr;
	insn[1].imm = (int32_t)(sym->addr >> 32);
	if (sym->btf_id) {
		insn[0].src_reg = PSEUDO_BTF_ID;
		insn[0].imm = (int32_t)sym->btf_id;
	}
	if (sym->module)
		*left = (struct link_left){ LINK_MODULE, sym->module - 1 };
	else if (sym->is_hidden)
		*left = (struct link_left){ LINK_ADDRESS, i };
}

/* A call of the function; or, where it is weak and not there, of a helper that no kernel has: dead code may have it. */
static void apply_call(const struct link_symbol *sym, const struct obj_extern *ext, struct bpf_insn *insn, struct link_left *left)
{
	if (!sym->btf_id) {
		insn->dst_reg = insn->src_reg = 0;
		insn->off = 0;
		insn->imm = (int32_t)(EXTERNS_POISON + ext->rank);
		return;
	}
	insn->src_reg = PSEUDO_KFUNC_CALL;
	insn->imm = (int32_t)sym->btf_id;
	insn->off = (int16_t)sym->module; /* 5.14 */
	if (sym->module)
		*left = (struct link_left){ LINK_MODULE_CALL, sym->module - 1 };
}

static int apply_symbol(struct link *link, uint32_t i, struct bpf_insn *insn, bool is_load, struct link_left *left, struct hewn_err *err)
{
	const struct obj_extern *ext = &link->object->externs[i];
	const struct link_symbol *sym;
	int ret = externs_find(link, err);

	if (ret)
		return ret;
	sym = &link->symbols[i];
	if (sym->ret && !ext->is_weak) {
		if (sym->near)
			err_hint(err, "did you mean `%s`?", sym->near);
		if (sym->hint)
			err_hint(err, "%s", sym->hint);
		return err_set(err, sym->ret, "%s", sym->why ? sym->why : "");
	}
	if (is_load)
		apply_load(sym, i, insn, left);
	else if (ext->kind == EXTERN_KFUNC)
		apply_call(sym, ext, insn, left);
	else
		return err_set(err, -EINVAL, "a call of a variable");
	return 0;
}

int externs_apply(struct link *link, uint32_t i, struct bpf_insn *insn, bool is_load, struct link_left *left, struct hewn_err *err)
{
	*left = (struct link_left){ LINK_DONE, 0 };
	switch (link->object->externs[i].kind) {
	case EXTERN_KCONFIG:
		return apply_option(&link->object->externs[i], insn, is_load, left, err);
	case EXTERN_KSYM:
	case EXTERN_KFUNC:
		return apply_symbol(link, i, insn, is_load, left, err);
	default:
		err_hint(err, is_load ? "a variable that is only declared? define it in this file, or link the object with the other's" :
					"a function that is only declared? a helper is called by its number, which hewn.bpf.h has");
		return err_set(err, -ENOENT, "the symbol is defined nowhere");
	}
}

const char *externs_poisoned(const struct hewn_object *object, const struct bpf_insn *insn)
{
	const uint32_t rank = (uint32_t)insn->imm - EXTERNS_POISON;

	if (insn->code != (BPF_JMP | BPF_CALL) || insn->src_reg || rank >= object->n_externs)
		return NULL;
	for (uint32_t i = 0; i < object->n_externs; i++)
		if (object->externs[i].rank == rank && object->externs[i].kind == EXTERN_KFUNC)
			return object->externs[i].name;
	return NULL;
}
