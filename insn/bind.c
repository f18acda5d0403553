// SPDX-License-Identifier: MIT
/*
 * The operands of a statement into the fields of an instruction. To the letters of table.h come:
 *
 *	n  a name	A  what is added to it		Q  64 bits, only after the prefix (18)
 *	I  immediate with its sign			0  a register that must be r0
 *	C X Y O  code, dst, src, off of raw
 *
 * Knows nothing of how the operands were found.
 */
#include <stdio.h>
#include <string.h>

#include "insn/bind.h"
#include "insn/helpers.h"

/* The form being tried, and the instruction that grows. */
struct attempt {
	struct bind *bind;
	const struct bind_form *way;
	struct statement out;
	bool has_dst, has_src;
};

void bind_open(struct bind *bind, struct statement *statement, const struct token *first, int code)
{
	bind->n_operands = 0;
	bind->code = code;
	bind->first = first;
	bind->statement = statement;
	bind->fault = NULL;
	bind->hint[0] = 0;
}

/* Records why it does not fit, unless an earlier form said so already. */
static bool refuse(struct bind *bind, const struct token *token, const char *want)
{
	if (bind->fault)
		return false;
	bind->fault = token;
	if (token->kind == LEX_END)
		snprintf(bind->found, sizeof(bind->found), "the line ends");
	else
		snprintf(bind->found, sizeof(bind->found), "found '%.*s'",
			 token->size > 40 ? 40 : (int)token->size, token->text);
	snprintf(bind->want, sizeof(bind->want), "%s", want);
	return false;
}

/* A number between min and max, both included. */
static bool number(struct bind *bind, const struct token *token, int64_t min, int64_t max,
		   int64_t *value)
{
	bool fits = token->negative ? token->value <= 0 - (uint64_t)min
				    : max >= 0 && token->value <= (uint64_t)max;
	char want[64];

	if (min > 0 || (min == 0 && token->negative && token->value))
		fits = false;
	if (fits) {
		*value = (int64_t)(token->negative ? 0 - token->value : token->value);
		return true;
	}
	snprintf(want, sizeof(want), "%lld to %lld", (long long)min, (long long)max);
	return refuse(bind, token, want);
}

static bool imm(struct attempt *a, const struct token *token, int64_t min, int64_t max)
{
	int64_t value = 0;

	if (!number(a->bind, token, min, max, &value))
		return false;
	a->out.insn[0].imm = (int32_t)(uint32_t)value;
	return true;
}

/* A constant of a 64-bit operation: the CPU extends its sign, which 0xffffffff hides. */
static bool imm_extended(struct attempt *a, const struct token *token)
{
	bool first = !a->bind->fault;

	if (imm(a, token, INT32_MIN, INT32_MAX))
		return true;
	if (!first || BPF_CLASS(a->out.insn[0].code) == BPF_LD)
		return false;
	if (!token->negative && token->value <= UINT32_MAX)
		snprintf(a->bind->hint, sizeof(a->bind->hint),
			 "the 32-bit constant would be sign-extended to 64 bits: write %d, or load "
			 "the number with \" ll\"",
			 (int32_t)(uint32_t)token->value);
	else
		snprintf(a->bind->hint, sizeof(a->bind->hint),
			 "a 64-bit constant is loaded with \" ll\" at the end: r1 = %s0x%llx ll",
			 token->negative ? "-" : "", (unsigned long long)token->value);
	return false;
}

static bool off(struct attempt *a, const struct token *token)
{
	int64_t value = 0;

	if (!number(a->bind, token, INT16_MIN, INT16_MAX, &value))
		return false;
	a->out.insn[0].off = (int16_t)value;
	return true;
}

static bool wide(struct attempt *a, const struct token *token)
{
	int64_t value = (int64_t)token->value;

	/* Above INT64_MAX there is no sign to check. */
	if (token->negative && !number(a->bind, token, INT64_MIN, INT64_MAX, &value))
		return false;
	a->out.insn[0].imm = (int32_t)(uint32_t)(uint64_t)value;
	a->out.insn[1].imm = (int32_t)(uint32_t)((uint64_t)value >> 32);
	return true;
}

/* r11 is no register but the way to arguments on the stack, and has forms of its own. */
static bool fits_form(struct attempt *a, const struct token *token, bool is_dst)
{
	const struct insn_form *form = a->way->form;
	int32_t want = INSN_ANY;

	if (form)
		want = is_dst ? form->dst : form->src;
	if (want != INSN_ANY)
		return token->value == (uint64_t)want;
	if (token->value < 11)
		return true;
	if (!a->bind->fault)
		snprintf(a->bind->hint, sizeof(a->bind->hint),
			 "r11 is only for arguments on the stack: *(u64 *)(r11 -8) = r1");
	return refuse(a->bind, token, "r0 to r10");
}

/* A register that the text names twice must be the same both times. */
static bool reg(struct attempt *a, const struct token *token, bool is_dst)
{
	struct bpf_insn *insn = &a->out.insn[0];
	bool *has = is_dst ? &a->has_dst : &a->has_src;
	unsigned int have = is_dst ? insn->dst_reg : insn->src_reg;
	char want[48];

	if (!fits_form(a, token, is_dst))
		return false;
	if (*has && have != token->value) {
		snprintf(want, sizeof(want), "%c%u, as before in the statement",
			 token->is_w ? 'w' : 'r', have);
		return refuse(a->bind, token, want);
	}
	*has = true;
	if (is_dst)
		insn->dst_reg = (uint8_t)(token->value & 0xf);
	else
		insn->src_reg = (uint8_t)(token->value & 0xf);
	return true;
}

static bool name(struct attempt *a, const struct token *token, enum insn_ref ref)
{
	a->out.ref = ref;
	a->out.name = token->text;
	a->out.name_size = token->size;
	return true;
}

static bool target(struct attempt *a, const struct operand *o, bool in_off)
{
	if (o->is_name)
		return name(a, o->token, in_off ? INSN_REF_JUMP : INSN_REF_JUMP32);
	return in_off ? off(a, o->token) : imm(a, o->token, INT32_MIN, INT32_MAX);
}

/* Number of the helper that a name means; -1 if none. The names of kfuncs begin with bpf_ too. */
static int helper_of(const struct token *token)
{
	if (token->size < 4 || memcmp(token->text, "bpf_", 4))
		return -1;
	return helpers_id(token->text, token->size);
}

static bool helper(struct attempt *a, const struct operand *o)
{
	int id;

	if (o->is_pc)
		return false;
	if (!o->is_name)
		return imm(a, o->token, INT32_MIN, INT32_MAX);
	id = helper_of(o->token);
	if (!o->id) {
		a->out.insn[0].imm = id;
		return id >= 0;
	}
	if (o->id->kind != LEX_NUM || (id < 0 && !lex_is(o->token, "unknown")))
		return false;
	return imm(a, o->id, INT32_MIN, INT32_MAX);
}

static bool subprogram(struct attempt *a, const struct operand *o)
{
	if (o->is_pc)
		return imm(a, o->token, INT32_MIN, INT32_MAX);
	return o->is_name && !o->id && name(a, o->token, INSN_REF_CALL);
}

static bool kfunc(struct attempt *a, const struct operand *o)
{
	if (!o->is_name || !o->id)
		return false;
	if (o->id->kind != LEX_NUM)
		return refuse(a->bind, o->id, "a number");
	return imm(a, o->id, INT32_MIN, INT32_MAX) && (!o->module || off(a, o->module));
}

/* Kind of ldimm64 by number, in LLVM's ld_pseudo: one form of the table has it. */
static bool pseudo(struct attempt *a, const struct token *token)
{
	if (!token->negative && token->value == a->out.insn[0].src_reg)
		return true;
	if (token->negative || token->value < 1 || token->value > 6)
		return refuse(a->bind, token, "1 to 6");
	return false;
}

static bool half(struct attempt *a, const struct token *token, unsigned int shift)
{
	int64_t value = 0;

	if (!number(a->bind, token, 0, UINT16_MAX, &value))
		return false;
	a->out.insn[0].imm = (int32_t)((uint32_t)a->out.insn[0].imm | (uint32_t)value << shift);
	return true;
}

/* A field of raw. */
static bool raw(struct attempt *a, char letter, const struct token *token)
{
	struct bpf_insn *insn = &a->out.insn[0];
	int64_t value = 0;

	if (!number(a->bind, token, 0, letter == 'C' ? 0xff : 0xf, &value))
		return false;
	if (letter == 'C')
		insn->code = (uint8_t)value;
	else if (letter == 'X')
		insn->dst_reg = (uint8_t)(value & 0xf);
	else
		insn->src_reg = (uint8_t)(value & 0xf);
	return true;
}

static bool field(struct attempt *a, char letter, const struct operand *o)
{
	const struct token *t = o->token;
	int64_t value = 0;

	switch (letter) {
	case 'd':
	case 'D':
		return reg(a, t, true);
	case 's':
	case 'S':
		return reg(a, t, false);
	case '0':
		return !t->value || refuse(a->bind, t, t->is_w ? "w0" : "r0");
	case 'o':
	case 'O':
		return off(a, t);
	case 'i':
		return imm_extended(a, t);
	case 'I':
	case 'f':
		return imm(a, t, INT32_MIN, INT32_MAX);
	case 'u':
	case 'x':
	case 'm':
		return imm(a, t, INT32_MIN, UINT32_MAX);
	case 'q':
		return wide(a, t);
	case 'Q':
		return a->bind->code == a->out.insn[0].code && wide(a, t);
	case 'v':
		if (!number(a->bind, t, 0, UINT32_MAX, &value))
			return false;
		a->out.insn[1].imm = (int32_t)(uint32_t)value;
		return true;
	case 'A':
		return number(a->bind, t, INT32_MIN, INT32_MAX, &a->out.addend);
	case 'n':
		return name(a, t, a->way->ref);
	case 'j':
		return target(a, o, true);
	case 'J':
		return target(a, o, false);
	case 'h':
		return helper(a, o);
	case 'c':
		return subprogram(a, o);
	case 'k':
		return kfunc(a, o);
	case 'p':
		return pseudo(a, t);
	case 'a':
		return half(a, t, 16);
	case 'b':
		return half(a, t, 0);
	default:
		return raw(a, letter, t);
	}
}

/* The fields that the form gives, before operands fill the others. */
static void preset(struct statement *out, const struct insn_form *form)
{
	struct bpf_insn *insn = &out->insn[0];

	insn->code = form->code;
	insn->dst_reg = (uint8_t)((form->dst == INSN_ANY ? 0 : form->dst) & 0xf);
	insn->src_reg = (uint8_t)((form->src == INSN_ANY ? 0 : form->src) & 0xf);
	insn->off = (int16_t)(form->off == INSN_ANY ? 0 : form->off);
	insn->imm = form->imm == INSN_ANY ? 0 : form->imm;
	out->n_slots = table_slots(form);
}

static bool prefix_fits(struct bind *bind, const struct insn_form *form)
{
	if (bind->code < 0 || form->code == bind->code)
		return true;
	if (!bind->fault) {
		refuse(bind, bind->first, "");
		snprintf(bind->found, sizeof(bind->found), "the prefix says (%02x)",
			 (unsigned int)bind->code);
		snprintf(bind->want, sizeof(bind->want), "(%02x) for this text", form->code);
	}
	return false;
}

bool bind_form(struct bind *bind, const struct bind_form *way)
{
	struct attempt a = {.bind = bind, .way = way, .out = {.n_slots = 1, .form = way->form}};

	if (way->form)
		preset(&a.out, way->form);
	for (size_t i = 0; i < bind->n_operands; i++) {
		if (!field(&a, way->letters[i], &bind->operands[i]))
			return false;
	}
	if (way->form && !prefix_fits(bind, way->form))
		return false;
	*bind->statement = a.out;
	return true;
}
