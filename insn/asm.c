// SPDX-License-Identifier: MIT
/*
 * The assembler of whole programs: hands instructions, labels and directives to the builder.
 *
 * Knows directives; the syntax of instructions is in parse.c, that of data and maps in asm_data.c.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm_int.h"

/* The builder's first error becomes the text's. */
static int built(const struct asm_state *a, struct insn_err *err)
{
	const struct insn_err *failed = build_error(a->b);

	if (!failed)
		return 0;
	if (err && !err->msg[0])
		*err = *failed;
	return -EINVAL;
}

static void at(const struct asm_state *a, const struct parse_pos *pos)
{
	build_at(a->b, (uint32_t)pos->line, (uint32_t)(pos->name_col ? pos->name_col : pos->col),
		 pos->source, pos->source_size);
}

static int on_insn(void *ctx, const struct statement *st, const struct parse_pos *pos,
		   struct insn_err *err)
{
	struct asm_state *a = ctx;

	if (a->section)
		return insn_err_set(err, -EINVAL, -1,
				    "an instruction in %s, want data; .section begins code",
				    a->section);
	at(a, pos);
	if (st->ref != INSN_REF_NONE)
		build_ref(a->b, st->insn[0], (uint32_t)st->insn[1].imm, st->ref, st->name,
			  st->name_size, st->addend);
	else
		build_insns(a->b, st->insn, st->n_slots);
	return built(a, err);
}

static int on_label(void *ctx, const char *name, size_t size, const struct parse_pos *pos,
		    struct insn_err *err)
{
	struct asm_state *a = ctx;
	char *copy;

	at(a, pos);
	if (!a->section) {
		build_label_n(a->b, name, size);
		return built(a, err);
	}
	copy = strndup(name, size);
	if (!copy)
		return -ENOMEM;
	build_var(a->b, a->section, copy, a->align);
	free(copy);
	a->has_var = true;
	a->align = 1;
	return built(a, err);
}

static int do_license(struct asm_state *a)
{
	char *name = NULL;
	int err = asm_name(a, &name, "the license, as \"GPL\"");

	if (err)
		return err;
	build_license(a->b, name);
	free(name);
	return 0;
}

static int do_section(struct asm_state *a)
{
	char *name = NULL;
	int err = asm_name(a, &name, "the section's name");

	if (err)
		return err;
	free(a->section);
	a->section = NULL;
	a->has_var = false;
	a->align = 1;
	if (unit_kind_of(name) != UNIT_CODE) {
		a->section = name;
		return 0;
	}
	build_section(a->b, name);
	free(name);
	return 0;
}

static int do_extern(struct asm_state *a)
{
	char *name = NULL;
	int err = asm_name(a, &name, "a name");

	if (err)
		return err;
	build_extern(a->b, name);
	free(name);
	return 0;
}

/* Back from data to code. */
static void to_code(struct asm_state *a)
{
	free(a->section);
	a->section = NULL;
}

static int do_func(struct asm_state *a)
{
	char *name = NULL;
	int err = asm_name(a, &name, "the function's name");

	if (err)
		return err;
	to_code(a);
	build_func(a->b, name);
	free(name);
	return 0;
}

static int do_sub(struct asm_state *a)
{
	bool global = false;
	struct word word = {NULL, 0};
	char *name = NULL;
	int err = asm_name(a, &name, "the subprogram's name");

	if (err)
		return err;
	if (!asm_at_end(a)) {
		err = asm_word(a, &word, "global, or nothing");
		global = !err && asm_is(&word, "global");
		if (!err && !global)
			err = asm_fail(a, word.text, "\"%.*s\", want global, or nothing",
				       (int)(word.size > 40 ? 40 : word.size), word.text);
	}
	if (!err) {
		to_code(a);
		build_sub(a->b, name, global);
	}
	free(name);
	return err;
}

/* .reg r6 ctx [in] [fixed] */
static int do_reg(struct asm_state *a)
{
	unsigned int flags = 0, reg;
	struct word word = {NULL, 0};
	char *what = NULL;
	int err = asm_word(a, &word, "a register, r0 to r9");

	if (err)
		return err;
	if (word.size != 2 || word.text[0] != 'r' || word.text[1] < '0' || word.text[1] > '9')
		return asm_fail(a, word.text, "\"%.*s\", want a register, r0 to r9",
				(int)(word.size > 40 ? 40 : word.size), word.text);
	reg = (unsigned int)(word.text[1] - '0');
	err = asm_name(a, &what, "what the register holds");
	if (err)
		return err;
	while (!err && !asm_at_end(a)) {
		err = asm_word(a, &word, "in or fixed");
		if (!err && asm_is(&word, "in"))
			flags |= BUILD_REG_IN;
		else if (!err && asm_is(&word, "fixed"))
			flags |= BUILD_REG_FIXED;
		else if (!err)
			err = asm_fail(a, word.text, "\"%.*s\", want in or fixed",
				       (int)(word.size > 40 ? 40 : word.size), word.text);
	}
	if (!err)
		build_reg(a->b, reg, what, flags);
	free(what);
	return err;
}

static int do_checkregs(struct asm_state *a)
{
	build_check_regs(a->b);
	return 0;
}

static int do_gotol(struct asm_state *a)
{
	build_allow_gotol(a->b, true);
	return 0;
}

static int do_order(struct asm_state *a)
{
	struct word word = {NULL, 0};
	int err = asm_word(a, &word, "big or little");

	if (err)
		return err;
	a->big_endian = asm_is(&word, "big");
	if (!a->big_endian && !asm_is(&word, "little"))
		return asm_fail(a, word.text, "byte order \"%.*s\", want big or little",
				(int)(word.size > 40 ? 40 : word.size), word.text);
	build_order(a->b, a->big_endian);
	return 0;
}

static const struct {
	const char *name;
	int (*run)(struct asm_state *a);
} directives[] = {
	{".license", do_license},     /* NAME */
	{".map", asm_map},	      /* NAME type=… key_size=… and so on */
	{".extern", do_extern},	      /* NAME: what the kernel defines */
	{".event", asm_event},	      /* MAP NAME:TYPE…: the records of a ring */
	{".value", asm_value},	      /* MAP KEY NAME: a map in a map, a program in a prog_array */
	{".section", do_section},     /* NAME: of code, or .data .rodata .bss and below */
	{".func", do_func},	      /* NAME: a program */
	{".sub", do_sub},	      /* NAME [global]: a subprogram, in .text */
	{".reg", do_reg},	      /* rN WHAT [in] [fixed]: the register convention */
	{".checkregs", do_checkregs}, /* no register is read unset */
	{".gotol", do_gotol},	      /* a jump too far may become gotol */
	{".order", do_order},	      /* big or little: the byte order of the target */
};

#define N_DIRECTIVES (sizeof(directives) / sizeof(directives[0]))

static int dispatch(struct asm_state *a)
{
	struct word word = {NULL, 0};
	int err = asm_word(a, &word, "a directive");

	if (err)
		return err;
	for (size_t i = 0; i < N_DIRECTIVES; i++)
		if (asm_is(&word, directives[i].name)) {
			err = directives[i].run(a);
			return err ? err : asm_end(a);
		}
	err = asm_data(a, &word);
	if (err <= 0)
		return err ? err : asm_end(a);
	asm_fail(a, word.text, "no directive \"%.*s\"", (int)(word.size > 40 ? 40 : word.size),
		 word.text);
	insn_err_hint(a->err, "directives are .license .map .value .extern .event .section .func "
			      ".sub .reg .checkregs "
			      ".gotol .order, and "
			      ".u8 to .u64, .ascii, .asciz, .zero, .align for data");
	return -EINVAL;
}

static int on_directive(void *ctx, const char *text, size_t size, const struct parse_pos *pos,
			struct insn_err *err)
{
	struct asm_state *a = ctx;
	int failed;

	at(a, pos);
	a->text = a->p = text;
	a->end = text + size;
	a->pos = pos;
	a->err = err;
	failed = dispatch(a);
	return failed ? failed : built(a, err);
}

int asm_build(struct build *b, const char *text, size_t size, struct insn_err *err)
{
	static const struct parse_ops ops = {
		.insn = on_insn, .label = on_label, .directive = on_directive};
	struct asm_state a = {.b = b, .align = 1};
	struct parser *parser = parse_open();
	struct unit host;
	int failed;

	if (!parser)
		return insn_err_set(err, -ENOMEM, -1, "out of memory");
	unit_open(&host);
	a.big_endian = host.big_endian;
	failed = parse_text(parser, text, size, &ops, &a, err);
	parse_close(parser);
	free(a.section);
	return failed;
}

int asm_unit(const char *text, size_t size, const char *file, struct unit *unit,
	     struct insn_err *err)
{
	struct build *b = build_open();
	struct insn_err own;
	int failed;

	unit_open(unit);
	if (!err)
		err = &own;
	insn_err_clear(err);
	if (!b)
		return insn_err_set(err, -ENOMEM, -1, "out of memory");
	if (file)
		build_source(b, file);
	failed = asm_build(b, text, size, err);
	if (!failed)
		failed = build_finish(b, unit, err);
	build_close(b);
	return failed;
}
