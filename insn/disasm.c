// SPDX-License-Identifier: MIT
/*
 * One instruction to text, by the templates of the table.
 *
 * Knows nothing of lines, labels or blocks: listing.c does. Names of labels come through
 * opts->ref like others.
 */
#include <stdio.h>
#include <string.h>

#include "insn/disasm.h"
#include "insn/helpers.h"
#include "insn/table.h"

/* Where the text grows; bytes that do not fit are counted, not written. */
struct out {
	char *buf;
	size_t size, used;
};

/* What printing one instruction needs. */
struct job {
	const struct disasm_opts *opts;
	const struct bpf_insn *insn;
	bool llvm;
	struct disasm_ref ref;
	struct out out;
};

static void put_char(struct out *out, char c)
{
	if (out->used < out->size)
		out->buf[out->used] = c;
	out->used++;
}

static void put_text(struct out *out, const char *text)
{
	while (*text)
		put_char(out, *text++);
}

static void put_number(struct out *out, uint64_t value, unsigned int base)
{
	char digits[24];
	unsigned int n = 0;

	do {
		digits[n++] = "0123456789abcdef"[value % base];
		value /= base;
	} while (value);
	while (n)
		put_char(out, digits[--n]);
}

static void put_hex(struct out *out, uint64_t value)
{
	put_text(out, "0x");
	put_number(out, value, 16);
}

/* Signed, in the number style of the dialect: -5, or -0x5. */
static void put_signed(struct job *job, int64_t value)
{
	uint64_t size = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;

	if (value < 0)
		put_char(&job->out, '-');
	if (job->llvm)
		put_hex(&job->out, size);
	else
		put_number(&job->out, size, 10);
}

static void put_unsigned(struct job *job, uint64_t value)
{
	if (job->llvm)
		put_hex(&job->out, value);
	else
		put_number(&job->out, value, 10);
}

/* With a sign in any case: +1. */
static void put_offset(struct job *job, int64_t value)
{
	if (value >= 0)
		put_char(&job->out, '+');
	put_signed(job, value);
}

static void put_memory_offset(struct job *job, int off)
{
	if (!job->llvm) {
		put_offset(job, off);
		return;
	}
	put_text(&job->out, off < 0 ? "- " : "+ ");
	put_hex(&job->out, (uint64_t)(off < 0 ? -off : off));
}

static void put_reg(struct job *job, char letter, unsigned int reg)
{
	put_char(&job->out, letter);
	put_number(&job->out, reg, 10);
}

/* The target of a jump: a label, pc+1, or LLVM's +0x1. */
static void put_target(struct job *job, int64_t offset)
{
	if (job->ref.name) {
		put_text(&job->out, job->ref.name);
		return;
	}
	if (!job->llvm)
		put_text(&job->out, "pc");
	put_offset(job, offset);
}

/* The target of a call. LLVM writes the number alone, which could as well be a helper's. */
static void put_call(struct job *job)
{
	if (job->ref.name) {
		put_text(&job->out, job->ref.name);
	} else if (job->llvm && job->opts->exact) {
		put_signed(job, job->insn->imm);
	} else {
		put_text(&job->out, "pc");
		put_offset(job, job->opts->loaded ? job->insn->off : job->insn->imm);
	}
}

static void put_helper(struct job *job)
{
	const char *name = helpers_name(job->insn->imm);

	if (job->llvm) {
		put_signed(job, job->insn->imm);
		return;
	}
	if (job->ref.name) {
		put_text(&job->out, job->ref.name);
	} else if (name) {
		put_text(&job->out, "bpf_");
		put_text(&job->out, name);
	} else {
		put_text(&job->out, "unknown");
	}
	put_char(&job->out, '#');
	put_signed(job, job->insn->imm);
}

static void put_kfunc(struct job *job)
{
	if (job->llvm && job->opts->exact) {
		put_signed(job, job->insn->imm);
		return;
	}
	put_text(&job->out, job->ref.name ? job->ref.name : "kernel-function");
	put_char(&job->out, '#');
	put_signed(job, job->insn->imm);
	if (job->insn->off && !job->opts->exact) {
		put_char(&job->out, '@');
		put_signed(job, job->insn->off);
	}
}

static uint64_t wide(const struct bpf_insn *insn)
{
	return (uint64_t)(uint32_t)insn[1].imm << 32 | (uint32_t)insn->imm;
}

/* One field, by its letter; see table.h. */
static void put_field(struct job *job, char letter)
{
	const struct bpf_insn *insn = job->insn;

	switch (letter) {
	case 'd':
	case 'D':
		put_reg(job, letter == 'd' ? 'r' : 'w', insn->dst_reg);
		break;
	case 's':
	case 'S':
		put_reg(job, letter == 's' ? 'r' : 'w', insn->src_reg);
		break;
	case 'o':
		put_memory_offset(job, insn->off);
		break;
	case 'i':
	case 'u':
		put_signed(job, insn->imm);
		break;
	case 'x':
		if (job->llvm)
			put_signed(job, insn->imm);
		else
			put_hex(&job->out, (uint32_t)insn->imm);
		break;
	case 'j':
		put_target(job, insn->off);
		break;
	case 'J':
		put_target(job, insn->imm);
		break;
	case 'c':
		put_call(job);
		break;
	case 'f':
		if (job->ref.name)
			put_text(&job->out, job->ref.name);
		else
			put_offset(job, insn->imm);
		break;
	case 'h':
		put_helper(job);
		break;
	case 'k':
		put_kfunc(job);
		break;
	case 'q':
		if (job->llvm)
			put_signed(job, (int64_t)wide(insn));
		else
			put_hex(&job->out, wide(insn));
		break;
	case 'm':
		put_unsigned(job, (uint32_t)insn->imm);
		break;
	case 'v':
		put_char(&job->out, '+');
		put_unsigned(job, (uint32_t)insn[1].imm);
		break;
	case 'p':
		put_unsigned(job, insn->src_reg);
		break;
	case 'a':
		put_unsigned(job, (uint32_t)insn->imm >> 16);
		break;
	case 'b':
		put_unsigned(job, (uint16_t)insn->imm);
		break;
	default:
		put_char(&job->out, letter);
		break;
	}
}

static void put_template(struct job *job, const char *text)
{
	for (; *text; text++) {
		if (*text == '%' && text[1] != '=')
			put_field(job, *++text);
		else
			put_char(&job->out, *text);
	}
}

/* ldimm64 whose operand has a name. */
static void put_named_wide(struct job *job)
{
	put_reg(job, 'r', job->insn->dst_reg);
	put_text(&job->out, " = ");
	/* LLVM has one text for all; a relocation tells them apart, which a subprogram that was
	 * given a label does not have. */
	switch (job->llvm && (job->opts->exact || job->ref.kind != INSN_REF_FUNC) ? INSN_REF_SYMBOL
										  : job->ref.kind) {
	case INSN_REF_MAP:
	case INSN_REF_MAP_VALUE:
		put_text(&job->out, "map[");
		put_text(&job->out, job->ref.name);
		put_char(&job->out, ']');
		if (job->ref.kind == INSN_REF_MAP_VALUE) {
			put_text(&job->out, "[0]");
			put_offset(job, job->ref.addend);
		}
		break;
	case INSN_REF_FUNC:
		put_text(&job->out, "subprog[");
		put_text(&job->out, job->ref.name);
		put_char(&job->out, ']');
		break;
	default:
		put_text(&job->out, job->ref.name);
		if (job->ref.addend)
			put_offset(job, job->ref.addend);
		put_text(&job->out, " ll");
		break;
	}
}

/* ldimm64 without a name. A dumped program has ids and addresses, and bpftool says so. */
static void put_wide(struct job *job, const struct insn_form *form)
{
	const struct bpf_insn *insn = job->insn;
	bool is_map = insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE;

	if (job->llvm && job->opts->exact && insn->src_reg) {
		put_template(job, "ld_pseudo\t%d, %p, %m"); /* without the second slot */
	} else if (job->llvm) {
		put_template(job, form->llvm ? form->llvm : form->text);
	} else if (job->opts->loaded && is_map) {
		put_template(job, "%d = map[id:%m]");
		if (insn->src_reg == BPF_PSEUDO_MAP_VALUE)
			put_template(job, "[0]%v");
	} else if (insn->src_reg == 0 || (job->opts->loaded && insn->src_reg != BPF_PSEUDO_FUNC)) {
		put_template(job, job->opts->exact ? "%d = %q" : "%d = %q ll");
	} else {
		put_template(job, form->text);
	}
}

/* What is no instruction. llvm-objdump does not say more than this. */
static void put_raw(struct job *job)
{
	const struct bpf_insn *insn = job->insn;

	if (job->llvm && job->opts->exact) {
		put_text(&job->out, "<unknown>");
		return;
	}
	put_text(&job->out, "raw ");
	put_hex(&job->out, insn->code);
	put_text(&job->out, ", ");
	put_number(&job->out, insn->dst_reg, 10);
	put_text(&job->out, ", ");
	put_number(&job->out, insn->src_reg, 10);
	put_text(&job->out, ", ");
	put_signed(job, insn->off);
	put_text(&job->out, ", ");
	put_signed(job, insn->imm);
}

unsigned int disasm_slots(const struct bpf_insn *insn, size_t n, bool loaded)
{
	return n && table_is_wide(insn->code) && table_find(insn, n, loaded) ? 2 : 1;
}

static void put_insn(struct job *job, const struct insn_form *form)
{
	if (!form) {
		put_raw(job);
	} else if (table_is_wide(form->code)) {
		if (job->ref.name)
			put_named_wide(job);
		else
			put_wide(job, form);
	} else {
		/* objdump drops the displacement: it prints all by the form without one, which
		 * stands before the other in the table. */
		if (job->llvm && job->opts->exact && !form->llvm &&
		    BPF_CLASS(form->code) == BPF_LD && BPF_MODE(form->code) == BPF_IND)
			form--;
		put_template(job, job->llvm && form->llvm ? form->llvm : form->text);
	}
}

int disasm_insn(const struct disasm_opts *opts, const struct bpf_insn *insns, uint32_t n,
		uint32_t at, char *buf, size_t size)
{
	static const struct disasm_opts plain;
	struct job job = {
		.opts = opts ? opts : &plain,
		.insn = &insns[at],
		.out = {.buf = buf, .size = size},
	};
	const struct insn_form *form;

	job.llvm = job.opts->dialect == DISASM_LLVM;
	form = table_find(job.insn, n - at, job.opts->loaded);
	if (!form || !job.opts->ref || !job.opts->ref(job.opts->ctx, at, job.insn, &job.ref))
		job.ref.name = NULL;
	put_insn(&job, form);
	if (size)
		buf[job.out.used < size ? job.out.used : size - 1] = 0;
	return (int)job.out.used;
}

int64_t disasm_target(const struct bpf_insn *insns, uint32_t n, uint32_t at, bool loaded)
{
	const struct bpf_insn *insn = &insns[at];
	bool may_jump = BPF_CLASS(insn->code) == BPF_JMP || BPF_CLASS(insn->code) == BPF_JMP32 ||
			table_is_wide(insn->code);
	const struct insn_form *form = may_jump ? table_find(insn, n - at, loaded) : NULL;
	const char *field = form ? strchr(form->text, '%') : NULL;
	bool in_off = loaded && insn->code == (BPF_JMP | BPF_CALL), in_imm = false;

	for (; field; field = strchr(field + 1, '%')) {
		in_off |= field[1] == 'j';
		in_imm |= field[1] == 'J' || field[1] == 'c' || field[1] == 'f';
	}
	if (!in_imm && (!in_off || BPF_OP(insn->code) == BPF_CALL))
		return -1;
	return (int64_t)at + 1 + (in_off ? insn->off : insn->imm);
}
