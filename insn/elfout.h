// SPDX-License-Identifier: MIT
/*
 * A unit as an ELF object, as clang's BPF target makes them: hewn, libbpf and other loaders read
 * it.
 *
 * Knows ELF's layout without libelf; knows nothing of loaders.
 */
#ifndef INSN_ELFOUT_H
#define INSN_ELFOUT_H

#include <stddef.h>
#include <stdint.h>

#include "insn/err.h"
#include "insn/unit.h"

/*
 * Makes the bytes of the object, which the caller frees. Returns 0; -EINVAL: the unit holds what an
 * object cannot (err says what); -ENOMEM.
 */
int elfout_write(const struct unit *unit, uint8_t **bytes, size_t *size, struct insn_err *err);

#endif
