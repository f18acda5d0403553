// SPDX-License-Identifier: MIT
/*
 * Where the arguments of a USDT probe are, as the assembler of an architecture writes it: see
 * usdt.h. One grammar for all, because none says with the same letters what another says otherwise:
 *
 *	SIZE@$NUMBER SIZE@#NUMBER SIZE@NUMBER     a constant
 *	SIZE@%REG SIZE@REG                        a register
 *	SIZE@OFF(%REG) SIZE@(REG)                 memory
 *	SIZE@[REG] SIZE@[REG, OFF] SIZE@[REG, #OFF]
 *	SIZE@OFF(%REG,%INDEX,SCALE)               memory of an array
 */
#include "loader/target/usdt.h"

#include "loader/arch/arch.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

struct reader {
	const char *at;
	const struct arch *arch;
};

static void skip_space(struct reader *r)
{
	while (isspace((unsigned char)*r->at))
		r->at++;
}

static bool take(struct reader *r, char c)
{
	skip_space(r);
	if (*r->at != c)
		return false;
	r->at++;
	return true;
}

static bool number(struct reader *r, int64_t *value)
{
	char *end;

	skip_space(r);
	if (!isdigit((unsigned char)*r->at) && *r->at != '-' && *r->at != '+')
		return false;
	errno = 0;
	*value = strtoll(r->at, &end, 0);
	if (errno == ERANGE && *r->at != '-') /* 8@$18446744073709551615 */
		*value = (int64_t)strtoull(r->at, &end, 0);
	if (end == r->at)
		return false;
	r->at = end;
	return true;
}

static bool reg(struct reader *r, uint16_t *off)
{
	const struct arch_reg *found;
	size_t len;

	skip_space(r);
	if (*r->at == '%')
		r->at++;
	for (len = 0; isalnum((unsigned char)r->at[len]);)
		len++;
	found = len ? arch_reg(r->arch, r->at, len) : NULL;
	if (!found)
		return false;
	*off = found->off;
	r->at += len;
	return true;
}

/* What follows "(": "%rbp)", "%rbp,%rax)", "%rbp,%rax,8)". */
static bool in_parentheses(struct reader *r, struct usdt_arg *arg)
{
	int64_t scale = 1;

	arg->kind = USDT_DEREF;
	if (!reg(r, &arg->reg))
		return false;
	if (take(r, ')'))
		return true;
	arg->kind = USDT_INDEX;
	if (!take(r, ',') || !reg(r, &arg->index) || (take(r, ',') && !number(r, &scale)) ||
	    !take(r, ')'))
		return false;
	while (scale > 1 && !(scale & 1)) {
		scale >>= 1;
		arg->scale++;
	}
	return scale == 1 && arg->scale <= 3;
}

/* What follows "[": "sp]", "sp, 96]", "fp, #96]". */
static bool in_brackets(struct reader *r, struct usdt_arg *arg)
{
	arg->kind = USDT_DEREF;
	if (!reg(r, &arg->reg))
		return false;
	if (take(r, ']'))
		return true;
	if (!take(r, ','))
		return false;
	take(r, '#');
	return number(r, &arg->value) && take(r, ']');
}

static bool one(struct reader *r, struct usdt_arg *arg)
{
	int64_t size;

	memset(arg, 0, sizeof(*arg));
	if (!number(r, &size) || !take(r, '@') ||
	    (size != 1 && size != 2 && size != 4 && size != 8 && size != -1 && size != -2 &&
	     size != -4 && size != -8))
		return false;
	arg->size = (int)size;
	if (take(r, '['))
		return in_brackets(r, arg);
	if (take(r, '$') || take(r, '#'))
		return number(r, &arg->value);
	if (number(r, &arg->value))
		return !take(r, '(') || in_parentheses(r, arg);
	if (take(r, '('))
		return in_parentheses(r, arg);
	arg->kind = USDT_REG;
	return reg(r, &arg->reg);
}

int usdt_args(const char *machine, const char *text, struct usdt_arg args[USDT_MAX_ARGS],
	      struct hewn_err *err)
{
	struct reader r = {.at = text, .arch = arch_by_name(machine)};
	int n = 0;

	if (!r.arch || !r.arch->usdt)
		return err_set(err, -ENOTSUP, "the registers of architecture \"%s\" are not known",
			       machine);
	for (skip_space(&r); *r.at; skip_space(&r)) {
		const char *start = r.at;

		if ((uint32_t)n == USDT_MAX_ARGS)
			return err_set(err, -E2BIG,
				       "the probe has more than %u arguments: \"%.200s\"",
				       USDT_MAX_ARGS, text);
		if (!one(&r, &args[n]) || (*r.at && !isspace((unsigned char)*r.at)))
			return err_set(
				err, -EINVAL,
				"argument %d of the probe is of no form that is known: \"%.80s\"",
				n + 1, start);
		n++;
	}
	return n;
}
