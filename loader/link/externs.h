// SPDX-License-Identifier: MIT
/*
 * Externs: what an object refers to and only a kernel can give. Options of its configuration become the bytes of
 * the map .kconfig; symbols and kernel functions become ids or addresses in the instructions. Knows one object
 * and one kernel's facts; knows nothing of programs and plans.
 */
#ifndef LOADER_LINK_EXTERNS_H
#define LOADER_LINK_EXTERNS_H

#include "loader/link/link.h"

/*
 * Finds the options: -ENOENT for one that is not set and not weak, -EINVAL or -ERANGE for a value that its variable
 * cannot hold. A target that is not known (NULL) leaves all of them unset. Called by link_open().
 */
int externs_open(struct link *link, struct hewn_err *err);
void externs_close(struct link *link);

/*
 * Patches an instruction that refers to an extern of the object: a ld_imm64, of which is_load says that both halves are
 * there, or a call. *left: what is left for the run. -ENOENT: the kernel has no such thing; -EINVAL: it has, but it is
 * something else. A weak one that the kernel has not is 0, its call EXTERNS_POISON.
 */
struct bpf_insn;
int externs_apply(struct link *link, uint32_t ext, struct bpf_insn *insn, bool is_load, struct link_left *left,
		  struct hewn_err *err);

/*
 * The helper that stands for a missing function, and the extern's rank added to it: libbpf's number, so that tags are
 * the same. The verifier refuses it as "invalid func unknown#2002000000" where the call can be reached.
 */
#define EXTERNS_POISON 2002000000u

/* The function that such a call stands for; NULL: it is another instruction. */
const char *externs_poisoned(const struct hewn_object *object, const struct bpf_insn *insn);

/* externs_symbols.c: says which symbols will be looked for; finds all of them, once. -ENOMEM only. */
int externs_want(struct link *link, struct hewn_err *err);
int externs_find(struct link *link, struct hewn_err *err);

/* externs_kconfig.c: the bytes of .kconfig, into link->kconfig. */
int externs_options(struct link *link, struct hewn_err *err);

/*
 * Writes an option's value as the file of the configuration has it to the place of the extern's variable in
 * value. cut: a text that was too long. -EINVAL: another kind of value; -ERANGE.
 */
int externs_set_text(const struct obj_extern *ext, const char *text, bool big_endian, uint8_t *value, bool *cut, struct hewn_err *err);

#endif
