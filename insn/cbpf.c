// SPDX-License-Identifier: MIT
/*
 * Classic BPF: the printer, and the kernel's checks. cbpf_parse.c reads.
 *
 * Knows nothing of eBPF, packets or system calls.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "insn/cbpf.h"
#include "insn/cbpf_table.h"

/* How each operand is written; %d or %x takes k. */
static const char *const formats[] = {
	[CBPF_NONE] = "",	[CBPF_X] = "x",
	[CBPF_DEC] = "#%d",	[CBPF_HEX] = "#0x%x",
	[CBPF_ABS] = "[%d]",	[CBPF_IND] = "[x + %d]",
	[CBPF_MEM] = "M[%d]",	[CBPF_MSH] = "4*([%d]&0xf)",
	[CBPF_LEN] = "#pktlen", [CBPF_TARGET] = "%d",
};

static bool is_condition(uint16_t code)
{
	return BPF_CLASS(code) == BPF_JMP && BPF_OP(code) != BPF_JA;
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
static void operand(const struct cbpf_form *form, struct sock_filter insn, uint32_t at, char *buf,
		    size_t size)
{
	const char *extra = cbpf_extra_name(insn.k - (uint32_t)SKF_AD_OFF);

	if (form->operand == CBPF_ABS && extra)
		snprintf(buf, size, "[%s]", extra);
	else
		snprintf(buf, size, formats[form->operand],
			 form->operand == CBPF_TARGET ? at + 1 + insn.k : insn.k);
}
#pragma GCC diagnostic pop

int cbpf_print(struct sock_filter insn, uint32_t at, char *buf, size_t size)
{
	const struct cbpf_form *form = cbpf_form(insn.code);
	char text[40];

	if (!form)
		return snprintf(buf, size, "(%03u) %-8s 0x%x", at, "unimp", insn.code);
	operand(form, insn, at, text, sizeof(text));
	if (is_condition(insn.code))
		return snprintf(buf, size, "(%03u) %-8s %-16s jt %u\tjf %u", at, form->name, text,
				at + 1 + insn.jt, at + 1 + insn.jf);
	return snprintf(buf, size, "(%03u) %-8s %s", at, form->name, text);
}

static int check(const struct sock_filter *insn, uint32_t at, uint32_t n, struct insn_err *err)
{
	const struct cbpf_form *form = cbpf_form(insn->code);
	unsigned int class = BPF_CLASS(insn->code), op = BPF_OP(insn->code);
	bool constant = class == BPF_ALU && BPF_SRC(insn->code) == BPF_K;

	if (!form)
		return insn_err_set(err, -EINVAL, (int)at, "code %#x is no classic instruction",
				    insn->code);
	if (constant && (op == BPF_DIV || op == BPF_MOD) && !insn->k)
		return insn_err_set(err, -EINVAL, (int)at, "division by the constant 0");
	if (constant && (op == BPF_LSH || op == BPF_RSH) && insn->k > 31)
		return insn_err_set(err, -EINVAL, (int)at, "shift by %u, want 0 to 31", insn->k);
	if (form->operand == CBPF_MEM && insn->k >= BPF_MEMWORDS)
		return insn_err_set(err, -EINVAL, (int)at, "M[%u], want M[0] to M[15]", insn->k);
	if (form->operand == CBPF_ABS && insn->k >= (uint32_t)SKF_AD_OFF && !cbpf_extra_name(insn->k - (uint32_t)SKF_AD_OFF))
		return insn_err_set(err, -EINVAL, (int)at, "[%d] is none of what Linux adds", (int32_t)insn->k);
	if (form->operand == CBPF_TARGET && insn->k >= n - at - 1)
		return insn_err_set(err, -EINVAL, (int)at, "jump to %llu of a program of %u",
				    (unsigned long long)at + 1 + insn->k, n);
	if (is_condition(insn->code) && (at + 1 + insn->jt >= n || at + 1 + insn->jf >= n))
		return insn_err_set(err, -EINVAL, (int)at, "jump to %u of a program of %u",
				    at + 1 + (insn->jt > insn->jf ? insn->jt : insn->jf), n);
	return 0;
}

/* What check_load_and_stores() of net/core/filter.c wants: no M[] is read that a path to there leaves unset. */
static int check_memory(const struct sock_filter *prog, uint32_t n, struct insn_err *err)
{
	uint16_t set[BPF_MAXINSNS], now = 0; /* a bit an M[] */

	memset(set, 0xff, sizeof(set));
	for (uint32_t i = 0; i < n; i++) {
		const struct sock_filter *insn = &prog[i];

		now &= set[i];
		if (insn->code == BPF_ST || insn->code == BPF_STX) {
			now |= (uint16_t)(1u << insn->k);
		} else if (insn->code == (BPF_LD | BPF_MEM) || insn->code == (BPF_LDX | BPF_MEM)) {
			if (!(now & 1u << insn->k))
				return insn_err_set(err, -EINVAL, (int)i, "M[%u] is read, which a path to here leaves unset", insn->k);
		} else if (BPF_CLASS(insn->code) == BPF_JMP) {
			const bool always = BPF_OP(insn->code) == BPF_JA;

			set[i + 1 + (always ? insn->k : insn->jt)] &= now;
			set[i + 1 + (always ? insn->k : insn->jf)] &= now;
			now = UINT16_MAX;
		}
	}
	return 0;
}

int cbpf_check(const struct sock_filter *prog, uint32_t n, struct insn_err *err)
{
	if (!n || n > BPF_MAXINSNS)
		return insn_err_set(err, -EINVAL, -1, "%u instructions, want 1 to %d", n,
				    BPF_MAXINSNS);
	for (uint32_t i = 0; i < n; i++) {
		int code = check(&prog[i], i, n, err);

		if (code)
			return code;
	}
	if (BPF_CLASS(prog[n - 1].code) != BPF_RET)
		return insn_err_set(err, -EINVAL, (int)n - 1, "the last instruction is no ret");
	return check_memory(prog, n, err);
}
