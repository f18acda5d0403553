// SPDX-License-Identifier: MIT
/*
 * The table of instructions, and what can be asked of it.
 *
 * Encodings: RFC 9669; after it: Documentation/bpf/standardization of newer kernels (load-acquire
 * and store-release of 6.15), <linux/bpf.h> (may_goto, addr_space_cast of 6.9), the kernel's
 * disassembler (gotox of 6.19). Knows nothing of programs.
 */
#include <errno.h>
#include <stdio.h>

#include "insn/table.h"

#define ANY INSN_ANY

/* A row: code, kernel, cpu, the fields, the texts, the function. */
#define ROW(code, since, cpu, d, s, o, i, text, llvm, call)                                        \
	{                                                                                          \
		code, 0, cpu, d, s, o, i, 0, text, llvm, call, since                               \
	}
#define ROW_FLAG(flag, code, since, cpu, d, s, o, i, text, llvm, call)                             \
	{                                                                                          \
		code, flag, cpu, d, s, o, i, 0, text, llvm, call, since                            \
	}

#define LDIMM64 (BPF_LD | BPF_DW | BPF_IMM)
#define PSEUDO(since, s, hi, text, llvm, call)                                                     \
	{                                                                                          \
		LDIMM64, 0, 1, ANY, s, 0, ANY, hi, text, llvm, call, since                         \
	}

/* Absolute and indirect loads of a packet. */
#define SKB(size, C)                                                                               \
	ROW(BPF_LD | size | BPF_ABS, "3.18", 1, 0, 0, 0, ANY, "r0 = *(" C " *)skb[%i]", NULL,      \
	    "bpf_ld_abs(" #size ", imm)")
#define SKB_IND(size, C)                                                                           \
	ROW(BPF_LD | size | BPF_IND, "3.18", 1, 0, ANY, 0, 0, "r0 = *(" C " *)skb[%s + %i]",       \
	    "r0 = *(" C " *)skb[%s]", "bpf_ld_ind(" #size ", src, 0)"),                            \
		ROW(BPF_LD | size | BPF_IND, "3.18", 1, 0, ANY, 0, ANY,                            \
		    "r0 = *(" C " *)skb[%s + %i]", NULL, "bpf_ld_ind(" #size ", src, imm)")

/* LLVM loads and stores up to 32 bits by w registers, from v3. */
#define LDX(size, C, W)                                                                            \
	ROW(BPF_LDX | size | BPF_MEM, "3.18", 1, ANY, ANY, ANY, 0, "%d = *(" C " *)(%s %o)",       \
	    W " = *(" C " *)(%s %o)", "bpf_ldx_mem(" #size ", dst, src, off)")
#define LDSX(size, C)                                                                              \
	ROW(BPF_LDX | size | BPF_MEMSX, "6.6", 4, ANY, ANY, ANY, 0, "%d = *(" C " *)(%s %o)",      \
	    NULL, "bpf_ldx_memsx(" #size ", dst, src, off)")
#define ST(size, C, I, cpu)                                                                        \
	ROW(BPF_ST | size | BPF_MEM, "3.18", cpu, ANY, 0, ANY, ANY, "*(" C " *)(%d %o) = " I,      \
	    NULL, "bpf_st_mem(" #size ", dst, off, imm)")
#define STX(size, C, W)                                                                            \
	ROW(BPF_STX | size | BPF_MEM, "3.18", 1, ANY, ANY, ANY, 0, "*(" C " *)(%d %o) = %s",       \
	    "*(" C " *)(%d %o) = " W, "bpf_stx_mem(" #size ", dst, src, off)")

#define ATOMIC(size, since, cpu, op, text, llvm)                                                   \
	ROW(BPF_STX | size | BPF_ATOMIC, since, cpu, ANY, ANY, ANY, op, text, llvm,                \
	    "bpf_atomic_op(" #size ", " #op ", dst, src, off)")
#define ATOMIC_ALU(size, C, W, N, since, op, name, sign)                                           \
	ATOMIC(size, since, 3, op, "lock *(" C " *)(%d %o) " sign " %s",                           \
	       "lock *(" C " *)(%d %o) " sign " " W),                                              \
		ATOMIC(size, "5.12", 3, op | BPF_FETCH,                                            \
		       "%s = atomic" N "_fetch_" name "((" C " *)(%d %o), %s)",                    \
		       W " = atomic_fetch_" name "((" C " *)(%d %o), " W ")")
#define ACQUIRE(size, C, W)                                                                        \
	ROW(BPF_STX | size | BPF_ATOMIC, "6.15", 0, ANY, ANY, ANY, BPF_LOAD_ACQ,                   \
	    "%d = load_acquire((" C " *)(%s %o))", W " = load_acquire((" C " *)(%s %o))",          \
	    "bpf_load_acquire(" #size ", dst, src, off)")
#define RELEASE(size, C, W)                                                                        \
	ROW(BPF_STX | size | BPF_ATOMIC, "6.15", 0, ANY, ANY, ANY, BPF_STORE_REL,                  \
	    "store_release((" C " *)(%d %o), %s)", "store_release((" C " *)(%d %o), " W ")",       \
	    "bpf_store_release(" #size ", dst, src, off)")

/* Immediate, then register form, of one operation of one class. */
#define ALU(class, fn, D, S, I, op, sign)                                                          \
	ROW(class | op | BPF_K, "3.18", 1, ANY, 0, 0, ANY, D " " sign " " I, NULL,                 \
	    "bpf_" fn "_imm(" #op ", dst, imm)"),                                                  \
		ROW(class | op | BPF_X, "3.18", 1, ANY, ANY, 0, 0, D " " sign " " S, NULL,         \
		    "bpf_" fn "_reg(" #op ", dst, src)")
/* The same with the signed twin, told apart by an offset of 1. */
#define DIV(class, n, D, S, I, op, name, sign)                                                     \
	ROW(class | op | BPF_K, "3.18", 1, ANY, 0, 0, ANY, D " " sign " " I, NULL,                 \
	    "bpf_alu" n "_imm(" #op ", dst, imm)"),                                                \
		ROW(class | op | BPF_K, "6.6", 4, ANY, 0, 1, ANY, D " s" sign " " I, NULL,         \
		    "bpf_s" name n "_imm(dst, imm)"),                                              \
		ROW(class | op | BPF_X, "3.18", 1, ANY, ANY, 0, 0, D " " sign " " S, NULL,         \
		    "bpf_alu" n "_reg(" #op ", dst, src)"),                                        \
		ROW(class | op | BPF_X, "6.6", 4, ANY, ANY, 1, 0, D " s" sign " " S, NULL,         \
		    "bpf_s" name n "_reg(dst, src)")
#define MOVSX(class, n, D, S, bits)                                                                \
	ROW(class | BPF_MOV | BPF_X, "6.6", 4, ANY, ANY, bits, 0, D " = (s" #bits ")" S, NULL,     \
	    "bpf_movsx" n "_reg(dst, src, " #bits ")")
#define END(class, order, since, cpu, bits, name)                                                  \
	ROW(class | BPF_END | order, since, cpu, ANY, 0, 0, bits, "%d = " name #bits " %d", NULL,  \
	    "bpf_" name "(dst, " #bits ")")

#define JMP(class, fn, D, S, since, cpu, op, sign)                                                 \
	ROW(class | op | BPF_K, since, cpu, ANY, 0, ANY, ANY, "if " D " " sign " %x goto %j",      \
	    NULL, "bpf_" fn "_imm(" #op ", dst, imm, off)"),                                       \
		ROW(class | op | BPF_X, since, cpu, ANY, ANY, ANY, 0,                              \
		    "if " D " " sign " " S " goto %j", NULL,                                       \
		    "bpf_" fn "_reg(" #op ", dst, src, off)")

#define R64 "alu64", "%d", "%s", "%i"
#define R32 "alu32", "%D", "%S", "%u"
#define J64 "jmp", "%d", "%s"
#define J32 "jmp32", "%D", "%S"

/* Expands a list in brackets, so that R64 counts as four arguments. */
#define ALU_(...) ALU(__VA_ARGS__)
#define JMP_(...) JMP(__VA_ARGS__)

static const struct insn_form forms[] = {
	/* BPF_LD */
	PSEUDO("3.18", 0, ANY, "%d = %q ll", NULL, "bpf_ld_imm64(dst, imm)"),
	PSEUDO("3.18", BPF_PSEUDO_MAP_FD, 0, "%d = map[fd:%m]", "ld_pseudo\t%d, %p, %m",
	       "bpf_ld_map_fd(dst, fd)"),
	PSEUDO("5.2", BPF_PSEUDO_MAP_VALUE, 0, "%d = map[fd:%m][0]+0", "ld_pseudo\t%d, %p, %m",
	       "bpf_ld_map_value(dst, fd)"),
	PSEUDO("5.2", BPF_PSEUDO_MAP_VALUE, ANY, "%d = map[fd:%m][0]%v", NULL,
	       "bpf_ld_map_value(dst, fd)"),
	PSEUDO("5.9", BPF_PSEUDO_BTF_ID, 0, "%d = btf[id:%m]", "ld_pseudo\t%d, %p, %m",
	       "bpf_ld_btf_id(dst, id)"),
	PSEUDO("5.11", BPF_PSEUDO_BTF_ID, ANY, "%d = btf[id:%m]%v", NULL, "bpf_ld_btf_id(dst, id)"),
	PSEUDO("5.13", BPF_PSEUDO_FUNC, 0, "%d = subprog[%f]", "ld_pseudo\t%d, %p, %m",
	       "bpf_ld_func(dst, imm)"),
	PSEUDO("5.14", BPF_PSEUDO_MAP_IDX, 0, "%d = map[idx:%m]", "ld_pseudo\t%d, %p, %m",
	       "bpf_ld_map_idx(dst, idx)"),
	PSEUDO("5.14", BPF_PSEUDO_MAP_IDX_VALUE, 0, "%d = map[idx:%m][0]+0",
	       "ld_pseudo\t%d, %p, %m", "bpf_ld_map_idx_value(dst, idx)"),
	PSEUDO("5.14", BPF_PSEUDO_MAP_IDX_VALUE, ANY, "%d = map[idx:%m][0]%v", NULL,
	       "bpf_ld_map_idx_value(dst, idx)"),
	SKB(BPF_W, "u32"),
	SKB(BPF_H, "u16"),
	SKB(BPF_B, "u8"),
	SKB_IND(BPF_W, "u32"),
	SKB_IND(BPF_H, "u16"),
	SKB_IND(BPF_B, "u8"),

	/* BPF_LDX */
	LDX(BPF_W, "u32", "%D"),
	LDX(BPF_H, "u16", "%D"),
	LDX(BPF_B, "u8", "%D"),
	LDX(BPF_DW, "u64", "%d"),
	ROW(BPF_LDX | BPF_DW | BPF_MEM, "7.2", 0, ANY, BPF_REG_PARAMS, ANY, 0,
	    "%d = *(u64 *)(%s %o)", NULL, "bpf_ldx_mem(BPF_DW, dst, BPF_REG_PARAMS, off)"),
	LDSX(BPF_W, "s32"),
	LDSX(BPF_H, "s16"),
	LDSX(BPF_B, "s8"),

	/* BPF_ST */
	ST(BPF_W, "u32", "%u", 4),
	ST(BPF_H, "u16", "%u", 4),
	ST(BPF_B, "u8", "%u", 4),
	ST(BPF_DW, "u64", "%i", 4),
	ROW(BPF_ST | BPF_DW | BPF_MEM, "7.2", 0, BPF_REG_PARAMS, 0, ANY, ANY,
	    "*(u64 *)(%d %o) = %i", NULL, "bpf_st_mem(BPF_DW, BPF_REG_PARAMS, off, imm)"),
	ROW_FLAG(INSN_INTERNAL, BPF_ST | BPF_W | 0xc0, "5.13", 0, 0, 0, 0, 0, "nospec", NULL, ""),

	/* BPF_STX */
	STX(BPF_W, "u32", "%S"),
	STX(BPF_H, "u16", "%S"),
	STX(BPF_B, "u8", "%S"),
	STX(BPF_DW, "u64", "%s"),
	ROW(BPF_STX | BPF_DW | BPF_MEM, "7.2", 0, BPF_REG_PARAMS, ANY, ANY, 0,
	    "*(u64 *)(%d %o) = %s", NULL, "bpf_stx_mem(BPF_DW, BPF_REG_PARAMS, src, off)"),
	ATOMIC_ALU(BPF_W, "u32", "%S", "", "3.18", BPF_ADD, "add", "+="),
	ATOMIC_ALU(BPF_W, "u32", "%S", "", "5.12", BPF_OR, "or", "|="),
	ATOMIC_ALU(BPF_W, "u32", "%S", "", "5.12", BPF_AND, "and", "&="),
	ATOMIC_ALU(BPF_W, "u32", "%S", "", "5.12", BPF_XOR, "xor", "^="),
	ATOMIC(BPF_W, "5.12", 3, BPF_XCHG, "%s = atomic_xchg((u32 *)(%d %o), %s)",
	       "%S = xchg32_32(%d %o, %S)"),
	ATOMIC(BPF_W, "5.12", 3, BPF_CMPXCHG, "r0 = atomic_cmpxchg((u32 *)(%d %o), r0, %s)",
	       "w0 = cmpxchg32_32(%d %o, w0, %S)"),
	ACQUIRE(BPF_W, "u32", "%D"),
	RELEASE(BPF_W, "u32", "%S"),
	ACQUIRE(BPF_H, "u16", "%D"),
	RELEASE(BPF_H, "u16", "%S"),
	ACQUIRE(BPF_B, "u8", "%D"),
	RELEASE(BPF_B, "u8", "%S"),
	ATOMIC_ALU(BPF_DW, "u64", "%s", "64", "3.18", BPF_ADD, "add", "+="),
	ATOMIC_ALU(BPF_DW, "u64", "%s", "64", "5.12", BPF_OR, "or", "|="),
	ATOMIC_ALU(BPF_DW, "u64", "%s", "64", "5.12", BPF_AND, "and", "&="),
	ATOMIC_ALU(BPF_DW, "u64", "%s", "64", "5.12", BPF_XOR, "xor", "^="),
	ATOMIC(BPF_DW, "5.12", 3, BPF_XCHG, "%s = atomic64_xchg((u64 *)(%d %o), %s)",
	       "%s = xchg_64(%d %o, %s)"),
	ATOMIC(BPF_DW, "5.12", 3, BPF_CMPXCHG, "r0 = atomic64_cmpxchg((u64 *)(%d %o), r0, %s)",
	       "r0 = cmpxchg_64(%d %o, r0, %s)"),
	ACQUIRE(BPF_DW, "u64", "%d"),
	RELEASE(BPF_DW, "u64", "%s"),

	/* BPF_ALU */
	ALU_(BPF_ALU, R32, BPF_ADD, "+="),
	ALU_(BPF_ALU, R32, BPF_SUB, "-="),
	ALU_(BPF_ALU, R32, BPF_MUL, "*="),
	DIV(BPF_ALU, "32", "%D", "%S", "%u", BPF_DIV, "div", "/="),
	ALU_(BPF_ALU, R32, BPF_OR, "|="),
	ALU_(BPF_ALU, R32, BPF_AND, "&="),
	ALU_(BPF_ALU, R32, BPF_LSH, "<<="),
	ALU_(BPF_ALU, R32, BPF_RSH, ">>="),
	ROW(BPF_ALU | BPF_NEG, "3.18", 1, ANY, 0, 0, 0, "%D = -%D", NULL, "bpf_neg32(dst)"),
	DIV(BPF_ALU, "32", "%D", "%S", "%u", BPF_MOD, "mod", "%="),
	ALU_(BPF_ALU, R32, BPF_XOR, "^="),
	ROW(BPF_ALU | BPF_MOV | BPF_K, "3.18", 1, ANY, 0, 0, ANY, "%D = %u", NULL,
	    "bpf_mov32_imm(dst, imm)"),
	ROW(BPF_ALU | BPF_MOV | BPF_X, "3.18", 1, ANY, ANY, 0, 0, "%D = %S", NULL,
	    "bpf_mov32_reg(dst, src)"),
	MOVSX(BPF_ALU, "32", "%D", "%S", 8),
	MOVSX(BPF_ALU, "32", "%D", "%S", 16),
	ALU_(BPF_ALU, R32, BPF_ARSH, "s>>="),
	END(BPF_ALU, BPF_TO_LE, "3.18", 1, 16, "le"),
	END(BPF_ALU, BPF_TO_LE, "3.18", 1, 32, "le"),
	END(BPF_ALU, BPF_TO_LE, "3.18", 1, 64, "le"),
	END(BPF_ALU, BPF_TO_BE, "3.18", 1, 16, "be"),
	END(BPF_ALU, BPF_TO_BE, "3.18", 1, 32, "be"),
	END(BPF_ALU, BPF_TO_BE, "3.18", 1, 64, "be"),

	/* BPF_JMP */
	ROW(BPF_JMP | BPF_JA, "3.18", 1, 0, 0, ANY, 0, "goto %j", NULL, "bpf_jmp_a(off)"),
	ROW(BPF_JMP | BPF_JA | BPF_X, "6.19", 0, ANY, 0, 0, 0, "gotox %d", NULL, "bpf_jmp_x(dst)"),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JEQ, "=="),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JGT, ">"),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JGE, ">="),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JSET, "&"),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JNE, "!="),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JSGT, "s>"),
	JMP_(BPF_JMP, J64, "3.18", 1, BPF_JSGE, "s>="),
	ROW(BPF_JMP | BPF_CALL, "3.18", 1, 0, 0, 0, ANY, "call %h", NULL, "bpf_call_func(id)"),
	ROW(BPF_JMP | BPF_CALL, "4.16", 1, 0, BPF_PSEUDO_CALL, 0, ANY, "call %c", NULL,
	    "bpf_call_rel(imm)"),
	ROW(BPF_JMP | BPF_CALL, "5.13", 1, 0, BPF_PSEUDO_KFUNC_CALL, ANY, ANY, "call %k", NULL,
	    "bpf_call_kfunc(off, id)"),
	ROW_FLAG(INSN_FUTURE, BPF_JMP | BPF_CALL | BPF_X, "", 1, ANY, 0, 0, 0, "callx %d", NULL,
		 "bpf_call_x(dst)"),
	ROW(BPF_JMP | BPF_EXIT, "3.18", 1, 0, 0, 0, 0, "exit", NULL, "bpf_exit_insn()"),
	JMP_(BPF_JMP, J64, "4.14", 2, BPF_JLT, "<"),
	JMP_(BPF_JMP, J64, "4.14", 2, BPF_JLE, "<="),
	JMP_(BPF_JMP, J64, "4.14", 2, BPF_JSLT, "s<"),
	JMP_(BPF_JMP, J64, "4.14", 2, BPF_JSLE, "s<="),
	ROW(BPF_JMP | BPF_JCOND, "6.9", 4, 0, 0, ANY, 0, "may_goto %j", NULL, "bpf_may_goto(off)"),

	/* BPF_JMP32 */
	ROW(BPF_JMP32 | BPF_JA, "6.6", 4, 0, 0, 0, ANY, "gotol %J", NULL, "bpf_jmp32_a(imm)"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JEQ, "=="),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JGT, ">"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JGE, ">="),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JSET, "&"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JNE, "!="),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JSGT, "s>"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JSGE, "s>="),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JLT, "<"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JLE, "<="),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JSLT, "s<"),
	JMP_(BPF_JMP32, J32, "5.1", 3, BPF_JSLE, "s<="),

	/* BPF_ALU64 */
	ALU_(BPF_ALU64, R64, BPF_ADD, "+="),
	ALU_(BPF_ALU64, R64, BPF_SUB, "-="),
	ALU_(BPF_ALU64, R64, BPF_MUL, "*="),
	DIV(BPF_ALU64, "64", "%d", "%s", "%i", BPF_DIV, "div", "/="),
	ALU_(BPF_ALU64, R64, BPF_OR, "|="),
	ALU_(BPF_ALU64, R64, BPF_AND, "&="),
	ALU_(BPF_ALU64, R64, BPF_LSH, "<<="),
	ALU_(BPF_ALU64, R64, BPF_RSH, ">>="),
	ROW(BPF_ALU64 | BPF_NEG, "3.18", 1, ANY, 0, 0, 0, "%d = -%d", NULL, "bpf_neg64(dst)"),
	DIV(BPF_ALU64, "64", "%d", "%s", "%i", BPF_MOD, "mod", "%="),
	ALU_(BPF_ALU64, R64, BPF_XOR, "^="),
	ROW(BPF_ALU64 | BPF_MOV | BPF_K, "3.18", 1, ANY, 0, 0, ANY, "%d = %i", NULL,
	    "bpf_mov64_imm(dst, imm)"),
	ROW(BPF_ALU64 | BPF_MOV | BPF_X, "3.18", 1, ANY, ANY, 0, 0, "%d = %s", NULL,
	    "bpf_mov64_reg(dst, src)"),
	MOVSX(BPF_ALU64, "64", "%d", "%s", 8),
	MOVSX(BPF_ALU64, "64", "%d", "%s", 16),
	MOVSX(BPF_ALU64, "64", "%d", "%s", 32),
	ROW(BPF_ALU64 | BPF_MOV | BPF_X, "6.9", 4, ANY, ANY, 1, ANY,
	    "%d = addr_space_cast(%s, %a, %b)", NULL,
	    "bpf_addr_space_cast(dst, src, dst_space, src_space)"),
	ROW_FLAG(INSN_INTERNAL, BPF_ALU64 | BPF_MOV | BPF_X, "6.10", 0, ANY, ANY, -1, 0,
		 "%d = &(void __percpu *)(%s)", NULL, ""),
	ALU_(BPF_ALU64, R64, BPF_ARSH, "s>>="),
	END(BPF_ALU64, BPF_TO_LE, "6.6", 4, 16, "bswap"),
	END(BPF_ALU64, BPF_TO_LE, "6.6", 4, 32, "bswap"),
	END(BPF_ALU64, BPF_TO_LE, "6.6", 4, 64, "bswap"),
};

#define N_FORMS (sizeof(forms) / sizeof(*forms))

const struct insn_form *table_forms(size_t *n)
{
	*n = N_FORMS;
	return forms;
}

/* The order of the table: by class, then by the rest of the code. */
static unsigned int rank(uint8_t code)
{
	return (unsigned int)BPF_CLASS(code) << 5 | code >> 3;
}

static const struct insn_form *first_of(uint8_t code)
{
	size_t lo = 0, hi = N_FORMS;

	while (lo < hi) {
		size_t mid = (lo + hi) / 2;

		if (rank(forms[mid].code) < rank(code))
			lo = mid + 1;
		else
			hi = mid;
	}
	return lo < N_FORMS && forms[lo].code == code ? &forms[lo] : NULL;
}

static const struct insn_form *next_of(const struct insn_form *form)
{
	return form + 1 < forms + N_FORMS && form[1].code == form->code ? form + 1 : NULL;
}

/* The fields of an instruction, numbered so that checking them is a loop. */
enum field { DST, SRC, OFF, IMM, HI, N_FIELDS };

static const char *const field_names[N_FIELDS] = {"dst", "src", "off", "imm",
						  "imm of the second slot"};

static int32_t field(const struct bpf_insn *insn, enum field f)
{
	switch (f) {
	case DST:
		return insn->dst_reg;
	case SRC:
		return insn->src_reg;
	case OFF:
		return insn->off;
	case IMM:
		return insn->imm;
	default:
		return table_is_wide(insn->code) ? insn[1].imm : 0;
	}
}

static int32_t wanted(const struct insn_form *form, enum field f)
{
	switch (f) {
	case DST:
		return form->dst;
	case SRC:
		return form->src;
	case OFF:
		return form->off;
	case IMM:
		return form->imm;
	default:
		return form->hi;
	}
}

/* A field that only some forms of a code use, and that a kernel may leave behind when it rewrites
 * an instruction. src of a call, and fields of memory instructions, tell forms apart. */
static bool may_be_loose(const struct insn_form *form, enum field f)
{
	bool jump_or_alu = BPF_CLASS(form->code) & 0x04;

	if (f == HI) /* of a subprogram's address: its number */
		return true;
	return jump_or_alu && !(f == SRC && BPF_OP(form->code) == BPF_CALL);
}

static bool fits(const struct insn_form *form, enum field f, int32_t have, bool loose)
{
	int32_t want = wanted(form, f);

	/* r11, or r12 from 7.2, is the kernel's own: it appears where it rewrote something. */
	if (want == ANY)
		return (f != DST && f != SRC) || have < (loose ? 13 : 11);
	return have == want || (loose && !want && may_be_loose(form, f));
}

/* matches() without looseness, written out: most of the time of a listing is spent here. */
static bool matches_exactly(const struct insn_form *form, const struct bpf_insn *insn)
{
	return (form->off == ANY || form->off == insn->off) &&
	       (form->imm == ANY || form->imm == insn->imm) &&
	       (form->dst == ANY ? insn->dst_reg < 11 : form->dst == insn->dst_reg) &&
	       (form->src == ANY ? insn->src_reg < 11 : form->src == insn->src_reg) &&
	       (form->hi == ANY || form->hi == (table_is_wide(insn->code) ? insn[1].imm : 0));
}

static bool matches(const struct insn_form *form, const struct bpf_insn *insn, bool loose)
{
	for (enum field f = DST; f < N_FIELDS; f++) {
		if (!fits(form, f, field(insn, f), loose))
			return false;
	}
	return true;
}

/* The second slot of ldimm64 has nothing but an immediate. */
static bool second_is_plain(const struct bpf_insn *insn)
{
	return !insn[1].code && !insn[1].dst_reg && !insn[1].src_reg && !insn[1].off;
}

const struct insn_form *table_find(const struct bpf_insn *insn, size_t n, bool loose)
{
	const struct insn_form *first = n ? first_of(insn->code) : NULL;

	if (!first || (table_is_wide(insn->code) && (n < 2 || !second_is_plain(insn))))
		return NULL;
	for (const struct insn_form *form = first; form; form = next_of(form)) {
		if (matches_exactly(form, insn))
			return form;
	}
	for (const struct insn_form *form = loose ? first : NULL; form; form = next_of(form)) {
		if (matches(form, insn, true))
			return form;
	}
	return NULL;
}

/* How many fields stand in the way of a form, and which is the last. */
static unsigned int misfits(const struct insn_form *form, const struct bpf_insn *insn,
			    enum field *which)
{
	unsigned int n = 0;

	for (enum field f = DST; f < N_FIELDS; f++) {
		if (!fits(form, f, field(insn, f), false)) {
			*which = f;
			n++;
		}
	}
	return n;
}

/* "imm is 17, want 16, 32 or 64": the values that forms allow, which differ in nothing else. */
static void list_values(const struct insn_form *first, const struct bpf_insn *insn, enum field f,
			char *buf, size_t size)
{
	size_t used = 0;
	int32_t last = ANY;

	buf[0] = 0;
	for (const struct insn_form *form = first; form; form = next_of(form)) {
		enum field which = N_FIELDS;
		int32_t want = wanted(form, f);

		if (misfits(form, insn, &which) != 1 || which != f || want == ANY || want == last)
			continue;
		if (used < size)
			used += (size_t)snprintf(buf + used, size - used, "%s%d",
						 used ? " or " : "", want);
		last = want;
	}
}

int table_check(const struct bpf_insn *insn, size_t n, int at, struct insn_err *err)
{
	const struct insn_form *first = n ? first_of(insn->code) : NULL, *best = first;
	enum field which = DST, f = DST;
	unsigned int fewest = N_FIELDS + 1;
	char values[96];

	if (!n)
		return insn_err_set(err, -EINVAL, at, "the program ends, want an instruction");
	if (!first)
		return insn_err_set(err, -EINVAL, at, "0x%02x is the code of no instruction",
				    insn->code);
	if (table_is_wide(insn->code) && n < 2)
		return insn_err_set(
			err, -EINVAL, at,
			"the program ends within ldimm64 (0x18), which takes two slots");
	if (table_is_wide(insn->code) && !second_is_plain(insn))
		return insn_err_set(
			err, -EINVAL, at + 1,
			"second slot of ldimm64 has code 0x%02x, dst %u, src %u, off %d, "
			"want 0 in all",
			insn[1].code, insn[1].dst_reg, insn[1].src_reg, insn[1].off);
	for (const struct insn_form *form = first; form; form = next_of(form)) {
		unsigned int m = misfits(form, insn, &f);

		if (!m)
			return 0;
		if (m < fewest) {
			fewest = m;
			which = f;
			best = form;
		}
	}
	if (wanted(best, which) == ANY)
		return insn_err_set(err, -EINVAL, at, "%s is r%d, want r0 to r10",
				    field_names[which], field(insn, which));
	list_values(first, insn, which, values, sizeof(values));
	if (!values[0])
		snprintf(values, sizeof(values), "%d", wanted(best, which));
	return insn_err_set(err, -EINVAL, at, "code 0x%02x: %s is %d, want %s", insn->code,
			    field_names[which], field(insn, which), values);
}
