// SPDX-License-Identifier: MIT
/*
 * The forms of classic BPF instructions, for the printer, the reader and the check.
 *
 * Knows nothing of text but these words.
 */
#ifndef INSN_CBPF_TABLE_H
#define INSN_CBPF_TABLE_H

#include <stddef.h>
#include <stdint.h>

enum cbpf_operand {
	CBPF_NONE,
	CBPF_X,	     /* x */
	CBPF_DEC,    /* #12 */
	CBPF_HEX,    /* #0xc */
	CBPF_ABS,    /* [12], or [vlanp] for what Linux adds */
	CBPF_IND,    /* [x + 12] */
	CBPF_MEM,    /* M[3] */
	CBPF_MSH,    /* 4*([14]&0xf) */
	CBPF_LEN,    /* #pktlen */
	CBPF_TARGET, /* 12: of ja */
};

struct cbpf_form {
	uint16_t code;
	const char *name;
	enum cbpf_operand operand;
};

const struct cbpf_form *cbpf_forms(size_t *n);

/* NULL: no such code. */
const struct cbpf_form *cbpf_form(uint16_t code);

/* What Linux adds at negative offsets: the name by number (offset - SKF_AD_OFF, NULL: none), and
 * the number by name (-1: none). */
const char *cbpf_extra_name(uint32_t off);
int cbpf_extra(const char *name, size_t size);

#endif
