// SPDX-License-Identifier: MIT
/*
 * The forms of classic BPF instructions.
 *
 * Knows nothing of text but these words. Where two forms share a name and an operand, the first is
 * read.
 */
#include <string.h>
#include <linux/filter.h>

#include "insn/cbpf_table.h"

#define BOTH(op, name, operand)                                                                    \
	{BPF_ALU | (op) | BPF_K, name, operand},                                                   \
	{                                                                                          \
		BPF_ALU | (op) | BPF_X, name, CBPF_X                                               \
	}
#define COND(op, name)                                                                             \
	{BPF_JMP | (op) | BPF_K, name, CBPF_HEX},                                                  \
	{                                                                                          \
		BPF_JMP | (op) | BPF_X, name, CBPF_X                                               \
	}

static const struct cbpf_form forms[] = {
	{BPF_LD | BPF_W | BPF_ABS, "ld", CBPF_ABS},
	{BPF_LD | BPF_H | BPF_ABS, "ldh", CBPF_ABS},
	{BPF_LD | BPF_B | BPF_ABS, "ldb", CBPF_ABS},
	{BPF_LD | BPF_W | BPF_IND, "ld", CBPF_IND},
	{BPF_LD | BPF_H | BPF_IND, "ldh", CBPF_IND},
	{BPF_LD | BPF_B | BPF_IND, "ldb", CBPF_IND},
	{BPF_LD | BPF_W | BPF_LEN, "ld", CBPF_LEN},
	{BPF_LD | BPF_IMM, "ld", CBPF_HEX},
	{BPF_LD | BPF_MEM, "ld", CBPF_MEM},
	{BPF_LDX | BPF_IMM, "ldx", CBPF_HEX},
	{BPF_LDX | BPF_MEM, "ldx", CBPF_MEM},
	{BPF_LDX | BPF_W | BPF_LEN, "ldx", CBPF_LEN},
	{BPF_LDX | BPF_B | BPF_MSH, "ldxb", CBPF_MSH},
	{BPF_ST, "st", CBPF_MEM},
	{BPF_STX, "stx", CBPF_MEM},
	BOTH(BPF_ADD, "add", CBPF_DEC),
	BOTH(BPF_SUB, "sub", CBPF_DEC),
	BOTH(BPF_MUL, "mul", CBPF_DEC),
	BOTH(BPF_DIV, "div", CBPF_DEC),
	BOTH(BPF_MOD, "mod", CBPF_DEC),
	BOTH(BPF_AND, "and", CBPF_HEX),
	BOTH(BPF_OR, "or", CBPF_HEX),
	BOTH(BPF_XOR, "xor", CBPF_HEX),
	BOTH(BPF_LSH, "lsh", CBPF_DEC),
	BOTH(BPF_RSH, "rsh", CBPF_DEC),
	{BPF_ALU | BPF_NEG, "neg", CBPF_NONE},
	{BPF_JMP | BPF_JA, "ja", CBPF_TARGET},
	COND(BPF_JEQ, "jeq"),
	COND(BPF_JGT, "jgt"),
	COND(BPF_JGE, "jge"),
	COND(BPF_JSET, "jset"),
	{BPF_RET | BPF_K, "ret", CBPF_DEC},
	{BPF_RET | BPF_A, "ret", CBPF_NONE},
	{BPF_MISC | BPF_TAX, "tax", CBPF_NONE},
	{BPF_MISC | BPF_TXA, "txa", CBPF_NONE},
};

#define N_FORMS (sizeof(forms) / sizeof(forms[0]))

const struct cbpf_form *cbpf_forms(size_t *n)
{
	*n = N_FORMS;
	return forms;
}

const struct cbpf_form *cbpf_form(uint16_t code)
{
	for (size_t i = 0; i < N_FORMS; i++)
		if (forms[i].code == code)
			return &forms[i];
	return NULL;
}

/* SKF_AD_… of <linux/filter.h> divided by four, by the names that tcpdump -d prints. */
static const char *const extras[] = {
	"proto",  "type", "ifidx", "nla",      "nlan",	"mark", "queue",  "hatype",
	"rxhash", "cpu",  "xor_x", "vlan_tci", "vlanp", "poff", "random", "vlan_tpid",
};

#define N_EXTRAS (sizeof(extras) / sizeof(extras[0]))

const char *cbpf_extra_name(uint32_t off)
{
	return off % 4 == 0 && off / 4 < N_EXTRAS ? extras[off / 4] : NULL;
}

int cbpf_extra(const char *name, size_t size)
{
	for (size_t i = 0; i < N_EXTRAS; i++)
		if (strlen(extras[i]) == size && !memcmp(extras[i], name, size))
			return (int)(4 * i);
	return -1;
}
