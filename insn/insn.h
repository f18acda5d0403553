// SPDX-License-Identifier: MIT
/*
 * One function per form of eBPF instruction, RFC 9669 and later. Each returns the eight bytes of
 * one slot in the kernel's layout (struct bpf_insn of <linux/bpf.h>, in the byte order of this
 * machine), so it can stand in an initialiser or be handed to the builder:
 *
 *	struct bpf_insn prog[] = {
 *		bpf_mov64_imm(BPF_REG_0, 0),
 *		bpf_exit_insn(),
 *	};
 *
 * The names are those of the macros in the kernel's include/linux/filter.h, in lower case. Sizes
 * are BPF_B, BPF_H, BPF_W, BPF_DW; operations BPF_ADD, BPF_JEQ and so on; offsets of jumps count
 * slots from the next instruction. The functions do not validate: a register over 15 loses its
 * upper bits. insn_check() of insn/table.h judges, and insn/build.h counts jumps for you.
 *
 * Knows nothing of programs, labels, or whether a kernel would accept an instruction.
 */
#ifndef INSN_INSN_H
#define INSN_INSN_H

#include <stdint.h>
#include <linux/bpf.h>

/* What <linux/bpf.h> lacks, by the kernel that brought it. */
#ifndef BPF_JLT /* 4.14 */
#define BPF_JLT	 0xa0
#define BPF_JLE	 0xb0
#define BPF_JSLT 0xc0
#define BPF_JSLE 0xd0
#endif
#ifndef BPF_PSEUDO_CALL /* 4.16 */
#define BPF_PSEUDO_CALL 1
#endif
#ifndef BPF_JMP32 /* 5.1 */
#define BPF_JMP32 0x06
#endif
#ifndef BPF_PSEUDO_MAP_VALUE /* 5.2 */
#define BPF_PSEUDO_MAP_VALUE 2
#endif
#ifndef BPF_PSEUDO_BTF_ID /* 5.9 */
#define BPF_PSEUDO_BTF_ID 3
#endif
#ifndef BPF_ATOMIC /* 5.12; BPF_XADD before */
#define BPF_ATOMIC  0xc0
#define BPF_FETCH   0x01
#define BPF_XCHG    (0xe0 | BPF_FETCH)
#define BPF_CMPXCHG (0xf0 | BPF_FETCH)
#endif
#ifndef BPF_PSEUDO_KFUNC_CALL /* 5.13 */
#define BPF_PSEUDO_KFUNC_CALL 2
#endif
#ifndef BPF_PSEUDO_FUNC /* 5.13 */
#define BPF_PSEUDO_FUNC 4
#endif
#ifndef BPF_PSEUDO_MAP_IDX /* 5.14 */
#define BPF_PSEUDO_MAP_IDX	 5
#define BPF_PSEUDO_MAP_IDX_VALUE 6
#endif
#ifndef BPF_MEMSX /* 6.6 */
#define BPF_MEMSX 0x80
#endif
#ifndef BPF_JCOND /* 6.9 */
#define BPF_JCOND 0xe0
#endif
#ifndef BPF_LOAD_ACQ /* 6.15 */
#define BPF_LOAD_ACQ  0x100
#define BPF_STORE_REL 0x110
#endif

/* Arguments beyond the fifth, on the stack: read at +8, +16 ..., written for a callee at -8 ...; a
 * base for 64-bit loads and stores alone. In the kernel since 7.2, there an internal name. */
#ifndef BPF_REG_PARAMS
#define BPF_REG_PARAMS 11
#endif

/* Any instruction, field by field. */
static inline struct bpf_insn bpf_raw_insn(unsigned int code, unsigned int dst, unsigned int src,
					   int off, int64_t imm)
{
	struct bpf_insn insn = {
		.code = (uint8_t)code,
		.dst_reg = (uint8_t)(dst & 0xf),
		.src_reg = (uint8_t)(src & 0xf),
		.off = (int16_t)off,
		.imm = (int32_t)(uint32_t)imm,
	};

	return insn;
}

/*
 * Arithmetic: dst = dst op src. op: BPF_ADD SUB MUL DIV OR AND LSH RSH MOD XOR MOV ARSH. The 32-bit
 * forms clear the upper half of dst.
 */
static inline struct bpf_insn bpf_alu64_reg(unsigned int op, unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_OP(op) | BPF_X, dst, src, 0, 0);
}

static inline struct bpf_insn bpf_alu32_reg(unsigned int op, unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU | BPF_OP(op) | BPF_X, dst, src, 0, 0);
}

static inline struct bpf_insn bpf_alu64_imm(unsigned int op, unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_OP(op) | BPF_K, dst, 0, 0, imm);
}

static inline struct bpf_insn bpf_alu32_imm(unsigned int op, unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU | BPF_OP(op) | BPF_K, dst, 0, 0, imm);
}

/* dst = -dst */
static inline struct bpf_insn bpf_neg64(unsigned int dst)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_NEG | BPF_K, dst, 0, 0, 0);
}

static inline struct bpf_insn bpf_neg32(unsigned int dst)
{
	return bpf_raw_insn(BPF_ALU | BPF_NEG | BPF_K, dst, 0, 0, 0);
}

/* Signed division and remainder: BPF_DIV and BPF_MOD with an offset of 1. Since 6.6. */
static inline struct bpf_insn bpf_sdiv64_reg(unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_DIV | BPF_X, dst, src, 1, 0);
}

static inline struct bpf_insn bpf_sdiv32_reg(unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU | BPF_DIV | BPF_X, dst, src, 1, 0);
}

static inline struct bpf_insn bpf_sdiv64_imm(unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_DIV | BPF_K, dst, 0, 1, imm);
}

static inline struct bpf_insn bpf_sdiv32_imm(unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU | BPF_DIV | BPF_K, dst, 0, 1, imm);
}

static inline struct bpf_insn bpf_smod64_reg(unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_MOD | BPF_X, dst, src, 1, 0);
}

static inline struct bpf_insn bpf_smod32_reg(unsigned int dst, unsigned int src)
{
	return bpf_raw_insn(BPF_ALU | BPF_MOD | BPF_X, dst, src, 1, 0);
}

static inline struct bpf_insn bpf_smod64_imm(unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_MOD | BPF_K, dst, 0, 1, imm);
}

static inline struct bpf_insn bpf_smod32_imm(unsigned int dst, int32_t imm)
{
	return bpf_raw_insn(BPF_ALU | BPF_MOD | BPF_K, dst, 0, 1, imm);
}

static inline struct bpf_insn bpf_mov64_reg(unsigned int dst, unsigned int src)
{
	return bpf_alu64_reg(BPF_MOV, dst, src);
}

static inline struct bpf_insn bpf_mov32_reg(unsigned int dst, unsigned int src)
{
	return bpf_alu32_reg(BPF_MOV, dst, src);
}

/* The immediate is sign-extended to 64 bits. */
static inline struct bpf_insn bpf_mov64_imm(unsigned int dst, int32_t imm)
{
	return bpf_alu64_imm(BPF_MOV, dst, imm);
}

static inline struct bpf_insn bpf_mov32_imm(unsigned int dst, int32_t imm)
{
	return bpf_alu32_imm(BPF_MOV, dst, imm);
}

/* Move with sign extension from the low 8, 16 or 32 bits (8 or 16 to a 32-bit register). Since 6.6.
 */
static inline struct bpf_insn bpf_movsx64_reg(unsigned int dst, unsigned int src, int bits)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, bits, 0);
}

static inline struct bpf_insn bpf_movsx32_reg(unsigned int dst, unsigned int src, int bits)
{
	return bpf_raw_insn(BPF_ALU | BPF_MOV | BPF_X, dst, src, bits, 0);
}

/* dst = src of another address space; for arenas. Since 6.9. */
static inline struct bpf_insn bpf_addr_space_cast(unsigned int dst, unsigned int src,
						  uint16_t dst_space, uint16_t src_space)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 1,
			    (uint32_t)dst_space << 16 | src_space);
}

/* Byte order: to little endian, to big endian (both nothing or a swap), and always a swap (since
 * 6.6). bits: 16, 32 or 64; higher ones are cleared. */
static inline struct bpf_insn bpf_le(unsigned int dst, int bits)
{
	return bpf_raw_insn(BPF_ALU | BPF_END | BPF_TO_LE, dst, 0, 0, bits);
}

static inline struct bpf_insn bpf_be(unsigned int dst, int bits)
{
	return bpf_raw_insn(BPF_ALU | BPF_END | BPF_TO_BE, dst, 0, 0, bits);
}

static inline struct bpf_insn bpf_bswap(unsigned int dst, int bits)
{
	return bpf_raw_insn(BPF_ALU64 | BPF_END | BPF_TO_LE, dst, 0, 0, bits);
}

/* dst = *(size *)(src + off) */
static inline struct bpf_insn bpf_ldx_mem(unsigned int size, unsigned int dst, unsigned int src,
					  int off)
{
	return bpf_raw_insn(BPF_LDX | BPF_SIZE(size) | BPF_MEM, dst, src, off, 0);
}

/* The same with sign extension; size: BPF_B, BPF_H or BPF_W. Since 6.6. */
static inline struct bpf_insn bpf_ldx_memsx(unsigned int size, unsigned int dst, unsigned int src,
					    int off)
{
	return bpf_raw_insn(BPF_LDX | BPF_SIZE(size) | BPF_MEMSX, dst, src, off, 0);
}

/* *(size *)(dst + off) = src */
static inline struct bpf_insn bpf_stx_mem(unsigned int size, unsigned int dst, unsigned int src,
					  int off)
{
	return bpf_raw_insn(BPF_STX | BPF_SIZE(size) | BPF_MEM, dst, src, off, 0);
}

/* *(size *)(dst + off) = imm */
static inline struct bpf_insn bpf_st_mem(unsigned int size, unsigned int dst, int off, int32_t imm)
{
	return bpf_raw_insn(BPF_ST | BPF_SIZE(size) | BPF_MEM, dst, 0, off, imm);
}

/*
 * *(size *)(dst + off) op= src, as one step. op: BPF_ADD, OR, AND, XOR, each alone or | BPF_FETCH
 * (the old value goes to src), BPF_XCHG, BPF_CMPXCHG (compares with r0, the old value goes to r0).
 * size: BPF_W or BPF_DW. Since 5.12; BPF_ADD alone always.
 */
static inline struct bpf_insn bpf_atomic_op(unsigned int size, unsigned int op, unsigned int dst,
					    unsigned int src, int off)
{
	return bpf_raw_insn(BPF_STX | BPF_SIZE(size) | BPF_ATOMIC, dst, src, off, (int32_t)op);
}

/* dst = *(size *)(src + off), ordered before what follows. Any size. Since 6.15. */
static inline struct bpf_insn bpf_load_acquire(unsigned int size, unsigned int dst,
					       unsigned int src, int off)
{
	return bpf_atomic_op(size, BPF_LOAD_ACQ, dst, src, off);
}

/* *(size *)(dst + off) = src, ordered after what precedes. Any size. Since 6.15. */
static inline struct bpf_insn bpf_store_release(unsigned int size, unsigned int dst,
						unsigned int src, int off)
{
	return bpf_atomic_op(size, BPF_STORE_REL, dst, src, off);
}

/*
 * ldimm64 takes two slots: one of the next functions, and right after it bpf_ld_imm64_hi(), so that
 * an initialiser shows how far a jump goes:
 *
 *	bpf_ld_imm64(BPF_REG_1, v), bpf_ld_imm64_hi(v >> 32),
 *	bpf_ld_map_fd(BPF_REG_1, fd), bpf_ld_imm64_hi(0),
 *	bpf_ld_map_value(BPF_REG_1, fd), bpf_ld_imm64_hi(off),
 */
static inline struct bpf_insn bpf_ld_imm64_raw(unsigned int dst, unsigned int pseudo, int64_t imm)
{
	return bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, dst, pseudo, 0, imm);
}

static inline struct bpf_insn bpf_ld_imm64_hi(uint64_t imm)
{
	return bpf_raw_insn(0, 0, 0, 0, (uint32_t)imm);
}

/* dst = a 64-bit constant; here go its low 32 bits. */
static inline struct bpf_insn bpf_ld_imm64(unsigned int dst, uint64_t imm)
{
	return bpf_ld_imm64_raw(dst, 0, (uint32_t)imm);
}

static inline struct bpf_insn bpf_ld_map_fd(unsigned int dst, int fd)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_MAP_FD, fd);
}

/* The address of a map's value; the second slot has the offset into it. Since 5.2. */
static inline struct bpf_insn bpf_ld_map_value(unsigned int dst, int fd)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_MAP_VALUE, fd);
}

/* The address of a kernel variable; the second slot has the fd of a module's BTF or 0. Since 5.9.
 */
static inline struct bpf_insn bpf_ld_btf_id(unsigned int dst, uint32_t btf_id)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_BTF_ID, btf_id);
}

/* A subprogram as a callback; imm as in bpf_call_rel(). Since 5.13. */
static inline struct bpf_insn bpf_ld_func(unsigned int dst, int32_t imm)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_FUNC, imm);
}

/* A map by its place in the fd_array of BPF_PROG_LOAD. Since 5.14. */
static inline struct bpf_insn bpf_ld_map_idx(unsigned int dst, uint32_t idx)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_MAP_IDX, idx);
}

static inline struct bpf_insn bpf_ld_map_idx_value(unsigned int dst, uint32_t idx)
{
	return bpf_ld_imm64_raw(dst, BPF_PSEUDO_MAP_IDX_VALUE, idx);
}

/* r0 = the packet's bytes at imm, as a big-endian number; r6 must hold the skb. size: B, H, W. */
static inline struct bpf_insn bpf_ld_abs(unsigned int size, int32_t imm)
{
	return bpf_raw_insn(BPF_LD | BPF_SIZE(size) | BPF_ABS, 0, 0, 0, imm);
}

/* The same at src + imm. */
static inline struct bpf_insn bpf_ld_ind(unsigned int size, unsigned int src, int32_t imm)
{
	return bpf_raw_insn(BPF_LD | BPF_SIZE(size) | BPF_IND, 0, src, 0, imm);
}

/*
 * if dst op src goto off. op: BPF_JEQ JNE JGT JGE JLT JLE JSET JSGT JSGE JSLT JSLE. The 32-bit
 * forms (since 5.1) compare the low halves.
 */
static inline struct bpf_insn bpf_jmp_reg(unsigned int op, unsigned int dst, unsigned int src,
					  int off)
{
	return bpf_raw_insn(BPF_JMP | BPF_OP(op) | BPF_X, dst, src, off, 0);
}

static inline struct bpf_insn bpf_jmp_imm(unsigned int op, unsigned int dst, int32_t imm, int off)
{
	return bpf_raw_insn(BPF_JMP | BPF_OP(op) | BPF_K, dst, 0, off, imm);
}

static inline struct bpf_insn bpf_jmp32_reg(unsigned int op, unsigned int dst, unsigned int src,
					    int off)
{
	return bpf_raw_insn(BPF_JMP32 | BPF_OP(op) | BPF_X, dst, src, off, 0);
}

static inline struct bpf_insn bpf_jmp32_imm(unsigned int op, unsigned int dst, int32_t imm, int off)
{
	return bpf_raw_insn(BPF_JMP32 | BPF_OP(op) | BPF_K, dst, 0, off, imm);
}

/* goto off */
static inline struct bpf_insn bpf_jmp_a(int off)
{
	return bpf_raw_insn(BPF_JMP | BPF_JA, 0, 0, off, 0);
}

/* gotol: goto with 32 bits of offset, in imm. Since 6.6. */
static inline struct bpf_insn bpf_jmp32_a(int32_t off)
{
	return bpf_raw_insn(BPF_JMP32 | BPF_JA, 0, 0, 0, off);
}

/* gotox: goto the address in dst, read from a map of type insn_array. Since 6.19. */
static inline struct bpf_insn bpf_jmp_x(unsigned int dst)
{
	return bpf_raw_insn(BPF_JMP | BPF_JA | BPF_X, dst, 0, 0, 0);
}

/* may_goto: leaves a loop by goto off once the kernel's patience is used up. Since 6.9. */
static inline struct bpf_insn bpf_may_goto(int off)
{
	return bpf_raw_insn(BPF_JMP | BPF_JCOND, 0, 0, off, 0);
}

/* Call a helper by its number: BPF_FUNC_*. */
static inline struct bpf_insn bpf_call_func(int32_t func)
{
	return bpf_raw_insn(BPF_JMP | BPF_CALL, 0, 0, 0, func);
}

/* Call a subprogram: it begins imm slots after the next instruction. Since 4.16. */
static inline struct bpf_insn bpf_call_rel(int32_t imm)
{
	return bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_CALL, 0, imm);
}

/* Call a kernel function by BTF id; off: place of a module's BTF in fd_array, 0 for vmlinux. Since
 * 5.13. */
static inline struct bpf_insn bpf_call_kfunc(int off, int32_t btf_id)
{
	return bpf_raw_insn(BPF_JMP | BPF_CALL, 0, BPF_PSEUDO_KFUNC_CALL, off, btf_id);
}

/* callx: call the address in dst. Compilers emit it; no kernel accepts it yet. */
static inline struct bpf_insn bpf_call_x(unsigned int dst)
{
	return bpf_raw_insn(BPF_JMP | BPF_CALL | BPF_X, dst, 0, 0, 0);
}

static inline struct bpf_insn bpf_exit_insn(void)
{
	return bpf_raw_insn(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

#endif
