// SPDX-License-Identifier: MIT
/* Pieces of eBPF objects for tests, on top of elf_write.h: instructions in either byte order, the usual file. */
#ifndef TESTS_UNIT_ELF_BPF_H
#define TESTS_UNIT_ELF_BPF_H

#include "insn/insn.h"
#include "loader/object/object.h"
#include "tests/tap.h"
#include "tests/unit/elf_write.h"

#ifndef EM_BPF
#define EM_BPF 247
#endif

/* Instructions as they are in a file of w's byte order. */
static inline void ew_insns(const struct ew *w, uint8_t *to, const struct bpf_insn *insns, size_t n)
{
	for (size_t i = 0; i < n; i++, to += 8) {
		unsigned int dst = insns[i].dst_reg, src = insns[i].src_reg;

		to[0] = insns[i].code;
		to[1] = (uint8_t)(w->big ? dst << 4 | src : src << 4 | dst);
		ew_put(w, to + 2, 2, (uint16_t)insns[i].off);
		ew_put(w, to + 4, 4, (uint32_t)insns[i].imm);
	}
}

/* An executable section with these instructions. */
static inline uint32_t ew_code(struct ew *w, const char *name, const struct bpf_insn *insns, size_t n)
{
	uint32_t section = ew_section(w, name, SHT_PROGBITS, SHF_ALLOC | SHF_EXECINSTR, NULL, 8 * n);

	ew_insns(w, w->sections[section].data, insns, n);
	return section;
}

static inline uint32_t ew_func(struct ew *w, const char *name, uint32_t section, uint32_t insn, uint32_t n)
{
	return ew_symbol(w, name, STB_GLOBAL, STT_FUNC, section, 8ull * insn, 8ull * n);
}

/* Finishes the file, opens it, and frees the file: the object must not need it. */
static inline int ew_object(struct ew *w, struct hewn_object **object, struct hewn_err *err)
{
	int rc;

	ew_finish(w);
	rc = hewn_object_open_mem(object, w->bytes, w->size, "test.o", err);
	ew_free(w);
	return rc;
}

/* Finishes the file, which must be refused with this code and this piece of a sentence. */
static inline void ew_refused(struct ew *w, int code, const char *piece, const char *name)
{
	struct hewn_err err = { 0 };
	struct hewn_object *object;

	eq_int(ew_object(w, &object, &err), code, name);
	has(err.what, piece, name);
	ok(!object, name);
	eq_str(err.object, "test.o", name);
	hewn_err_close(&err);
	hewn_object_close(object);
}

#endif
