// SPDX-License-Identifier: MIT
/*
 * The builder: instructions by the functions of insn.h, jumps to labels, maps and helpers by name.
 * No offset is counted by hand, and none is cut off.
 *
 *	struct build *b = build_open();
 *
 *	build_license(b, "GPL");
 *	build_section(b, "socket");
 *	build_func(b, "arp");
 *	build_insn(b, bpf_mov64_reg(BPF_REG_6, BPF_REG_1));
 *	build_insn(b, bpf_ld_abs(BPF_H, 12));
 *	build_insn(b, bpf_mov64_imm(BPF_REG_7, 0));
 *	build_jump(b, bpf_jmp_imm(BPF_JNE, BPF_REG_0, 0x806, 0), "drop");
 *	build_insn(b, bpf_mov64_imm(BPF_REG_7, 65535));
 *	build_label(b, "drop");
 *	build_insn(b, bpf_mov64_reg(BPF_REG_0, BPF_REG_7));
 *	build_insn(b, bpf_exit_insn());
 *	if (build_finish(b, &unit, &err))
 *		...
 *	build_close(b);
 *
 * Nothing that adds has a result: the first error sticks with its position, and build_finish()
 * tells it. Instructions, labels and comments share one list until then, so build_text() shows them
 * at any time. Everything grows without limit. Names and comments are copied.
 *
 * Knows nothing of files, text syntax (but to print it), ELF or the kernel.
 */
#ifndef INSN_BUILD_H
#define INSN_BUILD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/disasm.h"
#include "insn/err.h"
#include "insn/insn.h"
#include "insn/unit.h"

struct build;

/* NULL: no memory. */
struct build *build_open(void);

/* Accepts NULL. */
void build_close(struct build *b);

/*
 * Where what follows comes from, for errors and for the line information of the unit: a line and a
 * column, from 1, and the line's text, which is borrowed until build_close() (NULL: none).
 */
void build_at(struct build *b, uint32_t line, uint32_t col, const char *text, size_t size);

/* The first error so far; NULL: none. */
const struct insn_err *build_error(const struct build *b);

/* Records an error at the present position, for callers that find one themselves. */
void build_fail(struct build *b, int code, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void build_fail_hint(struct build *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* The whole unit. */
void build_source(struct build *b, const char *file);
void build_license(struct build *b, const char *license);
void build_order(struct build *b, bool big_endian);

/*
 * A map; its name must be new. What `inner` names may come later. build_value() puts a map or a
 * program, before or after, at a key of a map of maps or a prog_array.
 */
void build_map(struct build *b, const struct unit_map *map);
void build_value(struct build *b, const char *map, uint32_t key, const char *target);

/* What another place defines, the kernel or its configuration: an undefined symbol of the object.
 */
void build_extern(struct build *b, const char *name);

/* Of which fields the records of this map are, which comes before; at most 64. For hewn, which
 * prints them. */
void build_event(struct build *b, const char *map, const struct unit_field *fields, uint32_t n);

/*
 * Code that follows goes to this section, its programs under build_func(): global functions, what a
 * loader loads. build_sub() begins a subprogram, which lies in .text whatever the section; with
 * `global`, one that the verifier judges by itself. Code before any build_func() belongs to a
 * function named after the section.
 */
void build_section(struct build *b, const char *name);
void build_func(struct build *b, const char *name);
void build_sub(struct build *b, const char *name, bool global);

/*
 * A variable in a section .data, .rodata, .bss or one below these (".rodata.str"), and its bytes,
 * by one call or more (NULL: zeros). align: a power of two.
 */
void build_var(struct build *b, const char *section, const char *name, uint32_t align);
void build_bytes(struct build *b, const void *bytes, uint32_t size);

/* One instruction; ldimm64 takes two calls, the second with bpf_ld_imm64_hi(). */
void build_insn(struct build *b, struct bpf_insn insn);
void build_insns(struct build *b, const struct bpf_insn *insns, size_t n);
void build_ld_imm64(struct build *b, unsigned int dst, uint64_t imm);

/* An instruction that jumps (offset ignored) to a label of the same function, before or after. */
void build_jump(struct build *b, struct bpf_insn insn, const char *label);

/* Call a subprogram of this unit or a helper, "bpf_" or not, by name. */
void build_call(struct build *b, const char *name);

/* dst = the map; the address of the variable, plus addend bytes; the subprogram, as a callback. */
void build_ld_map(struct build *b, unsigned int dst, const char *map);
void build_ld_var(struct build *b, unsigned int dst, const char *name, int32_t addend);
void build_ld_func(struct build *b, unsigned int dst, const char *name);

/* Any instruction with a symbolic operand; hi: imm of the second slot of ldimm64. */
void build_ref(struct build *b, struct bpf_insn insn, uint32_t hi, enum insn_ref kind,
	       const char *name, size_t size, int64_t addend);

/* A label, once in a function. */
void build_label(struct build *b, const char *name);
void build_label_n(struct build *b, const char *name, size_t size);

/* A remark about what follows. */
void build_comment(struct build *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/*
 * Whether a jump over more than 16 bits may become gotol (kernel 6.6 and later), a condition turned
 * round where need be. Otherwise it is an error.
 */
void build_allow_gotol(struct build *b, bool allow);

/*
 * The register convention of the present function. BUILD_REG_IN: it holds `what` when the function
 * begins (without any: r1 in a program, r1 to r5 in a subprogram). BUILD_REG_FIXED: it holds `what`
 * from the one instruction that writes it to the end. Once stated for one register, build_finish()
 * checks these, and that no register is read that may be unset: nothing wrote it, or a call
 * destroyed it. build_check_regs() asks for the check without stating anything.
 */
#define BUILD_REG_IN	1u
#define BUILD_REG_FIXED 2u
void build_reg(struct build *b, unsigned int reg, const char *what, unsigned int flags);
void build_check_regs(struct build *b);

/* The program so far, as text that the assembler reads. To be freed by the caller; NULL: no memory.
 */
char *build_text(const struct build *b);

/*
 * Resolves everything and makes the unit, to be closed by the caller. Returns 0, or -errno with the
 * first error: in err, with position, and the unit is empty.
 */
int build_finish(struct build *b, struct unit *unit, struct insn_err *err);

#endif
