// SPDX-License-Identifier: MIT
/* Externs: see externs.h. */
#include "loader/link/externs.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>

#include "loader/err.h"

int externs_open(struct link *link, struct hewn_err *err)
{
	return externs_options(link, err);
}

void externs_close(struct link *link)
{
	free(link->kconfig);
}

/* The address of an option in the map. The addend is what the instruction would have loaded. */
static int apply_option(const struct obj_extern *ext, struct bpf_insn *insn, bool is_load, enum link_fix *fix, uint32_t *index,
			struct hewn_err *err)
{
	if (!is_load || insn[0].imm < 0 || (uint32_t)insn[0].imm >= ext->size || insn[1].imm)
		return err_set(err, -EINVAL, "an option of the kernel's configuration is %s",
			       is_load ? "read beyond its end" : "no function");
	insn[0].src_reg = BPF_PSEUDO_MAP_VALUE; /* 5.2 */
	insn[1].imm = (int32_t)(ext->off + (uint32_t)insn[0].imm);
	insn[0].imm = 0;
	*fix = LINK_MAP;
	*index = ext->map;
	return 0;
}

int externs_apply(struct link *link, uint32_t i, struct bpf_insn *insn, bool is_load, enum link_fix *fix, uint32_t *index,
		  struct hewn_err *err)
{
	const struct obj_extern *ext = &link->object->externs[i];

	*fix = LINK_DONE;
	switch (ext->kind) {
	case EXTERN_KCONFIG:
		return apply_option(ext, insn, is_load, fix, index, err);
	case EXTERN_KSYM:
		return err_set(err, -EOPNOTSUPP, "needs the address of a kernel symbol (extern … __ksym), which hewn does not look up yet");
	case EXTERN_KFUNC:
		return err_set(err, -EOPNOTSUPP, "calls a kernel function (extern … __ksym), which hewn does not look up yet");
	default:
		err_hint(err, is_load ? "a variable that is only declared? define it in this file, or link the object with the other's" :
					"a function that is only declared? a helper is called by its number, which hewn.bpf.h has");
		return err_set(err, -ENOENT, "the symbol is defined nowhere");
	}
}
