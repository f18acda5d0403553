// SPDX-License-Identifier: MIT
/* One CO-RE relocation as libbpf does it, without a kernel: for tests/corpus/core.c. */
#ifndef TESTS_CORPUS_CORE_H
#define TESTS_CORPUS_CORE_H

#include <linux/bpf.h>
#include <stdint.h>

/* The kernel's BTF, once. The object's, for each object. */
int reference_target(const char *path);
int reference_object(const char *path);

/* Patches the instruction, or both halves of it. 0, or libbpf's error. */
int reference_relocate(uint32_t type, uint32_t access, uint32_t kind, struct bpf_insn *insn);

#endif
