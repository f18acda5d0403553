// SPDX-License-Identifier: MIT
/* One call as text or JSON: see call.h. The arguments of a call are a row of a table here. */
#include "loader/plan/call.h"

#include "loader/abi/abi.h"
#include "loader/plan/blob.h"

#include <fcntl.h>
#include <inttypes.h>
#include <string.h>

enum arg_form { DEC, HEX, OCTAL, DIR, ADDRESS, COMMAND, ONE, FLAGS };

struct arg {
	enum arg_form form;
	const struct abi_name *names;
};

static const struct arg call_args[CALL_N][6] = {
	[CALL_BPF] = { { COMMAND, NULL }, { DEC, NULL }, { DEC, NULL } },
	[CALL_PERF_EVENT_OPEN] = { { DEC, NULL },
				   { DEC, NULL },
				   { DEC, NULL },
				   { DEC, NULL },
				   { FLAGS, abi_perf_open_flags } },
	[CALL_IOCTL] = { { DEC, NULL }, { ONE, abi_perf_ioctls }, { DEC, NULL } },
	[CALL_MMAP] = { { ADDRESS, NULL },
			{ DEC, NULL },
			{ FLAGS, abi_mmap_prot },
			{ FLAGS, abi_mmap_flags },
			{ DEC, NULL },
			{ HEX, NULL } },
	[CALL_OPENAT] = { { DIR, NULL }, { DEC, NULL }, { FLAGS, abi_o_flags }, { OCTAL, NULL } },
	[CALL_EPOLL_CREATE1] = { { FLAGS, abi_epoll_flags } },
	[CALL_EPOLL_CTL] = { { DEC, NULL }, { ONE, abi_epoll_ops }, { DEC, NULL }, { DEC, NULL } },
	[CALL_UNLINKAT] = { { DIR, NULL }, { DEC, NULL }, { FLAGS, abi_at_flags } },
	[CALL_MKDIRAT] = { { DIR, NULL }, { DEC, NULL }, { OCTAL, NULL } },
};

void call_slot(const struct call_form *form, uint32_t index)
{
	const char *name = index < form->plan->n_slots ? form->plan->slots[index].name : "?";
	const bool mapping = index < form->plan->n_slots &&
			     form->plan->slots[index].kind == SLOT_MAPPING;
	int64_t value = 0;
	const bool known = form->value && form->value(form->ctx, index, &value);

	if (form->json)
		fputs("{\"slot\":", form->to);
	blob_word(form, name);
	if (known && form->json)
		fprintf(form->to, ",\"value\":%" PRId64, value);
	else if (known && mapping)
		fprintf(form->to, "=%#" PRIx64, (uint64_t)value);
	else if (known)
		fprintf(form->to, "=%" PRId64, value);
	if (form->json)
		putc('}', form->to);
}

/* ── arguments ── */

static void write_int(const struct call_form *form, const struct arg *arg, int64_t value)
{
	const struct abi_cmd *cmd;
	char text[256];
	size_t len = 0;

	switch (arg->form) {
	case COMMAND:
		cmd = abi_cmd((uint32_t)value);
		snprintf(text, sizeof(text), "%" PRId64, value);
		blob_word(form, cmd ? cmd->name : text);
		return;
	case ONE:
		snprintf(text, sizeof(text), "%s%s", abi_prefix(arg->names),
			 abi_name(arg->names, (uint64_t)value) ? abi_name(arg->names, (uint64_t)value) : "");
		if (abi_name(arg->names, (uint64_t)value))
			blob_word(form, text);
		else
			fprintf(form->to, "%" PRId64, value);
		return;
	case FLAGS:
		if (arg->names == abi_o_flags && !(value & O_ACCMODE)) /* 0 is a mode of its own */
			len = (size_t)snprintf(text, sizeof(text), value ? "O_RDONLY|" : "O_RDONLY");
		if (value || !len)
			abi_flags(arg->names, (uint64_t)value, true, text + len, sizeof(text) - len);
		blob_word(form, text);
		return;
	case DIR:
		if (value == AT_FDCWD)
			blob_word(form, "AT_FDCWD");
		else
			fprintf(form->to, "%" PRId64, value);
		return;
	case ADDRESS:
		if (!value)
			fputs(form->json ? "0" : "NULL", form->to);
		else
			fprintf(form->to, form->json ? "%" PRIu64 : "%#" PRIx64, (uint64_t)value);
		return;
	case OCTAL:
		fprintf(form->to, form->json ? "%" PRId64 : "%#" PRIo64, value);
		return;
	case HEX:
		fprintf(form->to, form->json ? "%" PRId64 : value ? "%#" PRIx64 : "%" PRIx64, value);
		return;
	case DEC:
		fprintf(form->to, "%" PRId64, value);
		return;
	}
}

void call_write(const struct call_form *form, const struct plan_step *step)
{
	fprintf(form->to, form->json ? "\"call\":\"%s\",\"args\":[" : "%s(", plan_call_name(step->call));
	for (uint32_t i = 0; i < step->n_args; i++) {
		/* A number alone at the beginning of a line says little. */
		if (i && step->args[i].kind == ARG_INT && call_args[step->call][i].form != FLAGS && !form->json)
			fputs(", ", form->to);
		else if (i)
			blob_break(form);
		if (step->args[i].kind == ARG_SLOT)
			call_slot(form, (uint32_t)step->args[i].value);
		else if (step->args[i].kind == ARG_BLOB)
			blob_write(form, (uint32_t)step->args[i].value);
		else
			write_int(form, &call_args[step->call][i], step->args[i].value);
	}
	putc(form->json ? ']' : ')', form->to);
}

/* ── a call that is nearly another one ── */

/* The argument that is an attr; -1: there is none. */
static int attr_arg(const struct call_form *form, const struct plan_step *step)
{
	for (uint32_t i = 0; i < step->n_args; i++) {
		const struct plan_blob *blob;

		if (step->args[i].kind != ARG_BLOB)
			continue;
		blob = &form->plan->blobs[step->args[i].value];
		if (blob->kind == BLOB_BPF_ATTR || blob->kind == BLOB_PERF_ATTR)
			return (int)i;
	}
	return -1;
}

/* Whether two calls differ in an attr and its size at the most. */
static bool is_alike(const struct call_form *form, const struct plan_step *a, const struct plan_step *b)
{
	const int attr = attr_arg(form, a);

	if (a->call != b->call || a->n_args != b->n_args || attr < 0 || attr != attr_arg(form, b))
		return false;
	for (int i = 0; i < (int)a->n_args; i++) {
		if (i == attr || (a->call == CALL_BPF && i == 2))
			continue;
		if (a->args[i].kind != b->args[i].kind || a->args[i].value != b->args[i].value)
			return false;
	}
	return true;
}

static bool same_field(const struct abi_field *f, const struct plan_blob *a, const struct plan_blob *b)
{
	const struct plan_fix *x = blob_fix(a, f->off), *y = blob_fix(b, f->off);

	if (x && y)
		return x->kind == y->kind && x->index == y->index;
	if (x || y)
		return false;
	return f->kind == ABI_STRING ? !memcmp(a->bytes + f->off, b->bytes + f->off, f->size) :
				       abi_get(f, a->bytes, a->size) == abi_get(f, b->bytes, b->size);
}

bool call_write_change(const struct call_form *form, const struct plan_step *step, const struct plan_step *from)
{
	static const char list[] = { ',', CALL_BREAK, '\0' };
	const struct plan_blob *now, *before;
	const struct abi_cmd *row;
	const char *sep = " with ";
	int attr;

	if (form->json || !is_alike(form, step, from))
		return false;
	attr = attr_arg(form, step);
	now = &form->plan->blobs[step->args[attr].value];
	before = &form->plan->blobs[from->args[attr].value];
	row = abi_cmd(blob_cmd(now));
	fputs("the same", form->to);
	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		if (!blob_shows(f, now) || (blob_shows(f, before) && same_field(f, now, before)))
			continue;
		fputs(sep, form->to);
		blob_field_name(form, f, now);
		putc('=', form->to);
		blob_field(form, f, now);
		sep = list;
	}
	sep = " without ";
	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		if (blob_shows(f, now) || !blob_shows(f, before))
			continue;
		fputs(sep, form->to);
		blob_field_name(form, f, before);
		sep = list;
	}
	if (now->size != before->size)
		fprintf(form->to, " (%u bytes)", now->size);
	return true;
}

void call_wrap(FILE *to, const char *text, unsigned int at, unsigned int hang)
{
	unsigned int column = at;

	while (*text) {
		const size_t len = strcspn(text, (char[]){ CALL_BREAK, '\0' });

		fprintf(to, "%.*s", (int)len, text);
		column += (unsigned int)len;
		text += len;
		if (!*text)
			return;
		text++;
		if (column + 1 + strcspn(text, (char[]){ CALL_BREAK, '\0' }) > 99) {
			fprintf(to, "\n%*s", (int)hang, "");
			column = hang;
		} else {
			putc(' ', to);
			column++;
		}
	}
}
