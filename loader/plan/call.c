// SPDX-License-Identifier: MIT
/* One call as text or JSON: see call.h. The arguments of a call are a row of a table here. */
#include "loader/plan/call.h"

#include "loader/abi/abi.h"
#include "loader/json.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

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

static void write_blob(const struct call_form *form, uint32_t index);

static void text_break(const struct call_form *form)
{
	putc(',', form->to);
	if (!form->json)
		putc(CALL_BREAK, form->to);
}

/* A word that JSON quotes and people read bare. */
static void word(const struct call_form *form, const char *text)
{
	if (form->json)
		json_text(form->to, text, strlen(text));
	else
		fputs(text, form->to);
}

void call_slot(const struct call_form *form, uint32_t index)
{
	const char *name = index < form->plan->n_slots ? form->plan->slots[index].name : "?";
	const bool mapping = index < form->plan->n_slots &&
			     form->plan->slots[index].kind == SLOT_MAPPING;
	int64_t value = 0;
	const bool known = form->value && form->value(form->ctx, index, &value);

	if (form->json)
		fputs("{\"slot\":", form->to);
	word(form, name);
	if (known && form->json)
		fprintf(form->to, ",\"value\":%" PRId64, value);
	else if (known && mapping)
		fprintf(form->to, "=%#" PRIx64, (uint64_t)value);
	else if (known)
		fprintf(form->to, "=%" PRId64, value);
	if (form->json)
		putc('}', form->to);
}

/* ── blobs ── */

static const struct plan_fix *fix_at(const struct plan_blob *blob, uint32_t off)
{
	for (uint32_t i = 0; i < blob->n_fixes; i++)
		if (blob->fixes[i].off == off)
			return &blob->fixes[i];
	return NULL;
}

/* A string's characters, in which the digits of a process's number may not be known yet. */
static void write_string(const struct call_form *form, const struct plan_blob *blob)
{
	uint32_t len = blob->size, i = 0;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (!to)
		return;
	while (len && blob->bytes && !blob->bytes[len - 1])
		len--;
	while (blob->bytes && i < len) {
		const struct plan_fix *fix = fix_at(blob, i);
		int64_t value;

		if (!fix || fix->kind != FIX_TEXT) {
			putc(blob->bytes[i++], to);
			continue;
		}
		if (form->value && form->value(form->ctx, fix->index, &value))
			fprintf(to, "%0*" PRId64, (int)fix->size, value);
		else
			fprintf(to, "<%s>", form->plan->slots[fix->index].name);
		i += fix->size;
	}
	fclose(to);
	if (text)
		json_text(form->to, text, size);
	free(text);
}

static void write_bytes(const struct call_form *form, const struct plan_blob *blob)
{
	const char *const sep = form->json ? "" : " ";

	putc(form->json ? '"' : '[', form->to);
	for (uint32_t i = 0; i < blob->size; i++)
		fprintf(form->to, "%s%02x", i ? sep : "", blob->bytes ? blob->bytes[i] : 0);
	putc(form->json ? '"' : ']', form->to);
}

/* Each slot that the bytes of a blob hold, once: "map(starts), map(events)". */
static void write_held(const struct call_form *form, const struct plan_blob *blob)
{
	bool any = false;

	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		bool seen = blob->fixes[i].kind != FIX_SLOT;

		for (uint32_t k = 0; k < i && !seen; k++)
			seen = blob->fixes[k].kind == FIX_SLOT && blob->fixes[k].index == blob->fixes[i].index;
		if (seen)
			continue;
		fputs(any ? (form->json ? "," : ", ") : (form->json ? ",\"holds\":[" : ", with "), form->to);
		call_slot(form, blob->fixes[i].index);
		any = true;
	}
	if (any && form->json)
		putc(']', form->to);
}

/* Bytes that are only named and counted. */
static void write_named(const struct call_form *form, const struct plan_blob *blob)
{
	static const struct {
		const char *name, *unit;
		uint32_t size;
	} kinds[] = {
		[BLOB_INSNS] = { "instructions", "", 8 },
		[BLOB_BTF] = { "types", " bytes", 1 },
		[BLOB_KEY] = { "a key", " bytes", 1 },
		[BLOB_VALUE] = { "a value", " bytes", 1 },
		[BLOB_FUNC_INFO] = { "functions", "", 8 },
		[BLOB_LINE_INFO] = { "lines", "", 16 },
		[BLOB_OUT] = { "what the kernel writes", " bytes", 1 },
	};
	const char *name = blob->name ? blob->name : kinds[blob->kind].name;
	uint32_t n = blob->size / kinds[blob->kind].size;

	if (form->json) {
		fputs("{\"bytes_of\":", form->to);
		json_text(form->to, name, strlen(name));
		fprintf(form->to, ",\"size\":%u", blob->size);
	} else {
		fprintf(form->to, blob->kind == BLOB_OUT ? "<%s: room for %u%s" : "<%s: %u%s", name, n,
			kinds[blob->kind].unit);
	}
	write_held(form, blob);
	putc(form->json ? '}' : '>', form->to);
}

static void write_epoll(const struct call_form *form, const struct plan_blob *blob)
{
	struct epoll_event event = { 0 };
	char events[64];

	if (blob->bytes && blob->size >= sizeof(event))
		memcpy(&event, blob->bytes, sizeof(event));
	abi_flags(abi_epoll_events, event.events, true, events, sizeof(events));
	fprintf(form->to, form->json ? "{\"events\":\"%s\",\"data\":%" PRIu64 "}" : "{%s, %" PRIu64 "}",
		events, event.data.u64);
}

/* ── attrs ── */

static void write_field(const struct call_form *form, const struct abi_field *f, const struct plan_blob *blob)
{
	const struct plan_fix *fix = fix_at(blob, f->off);
	const uint64_t value = abi_get(f, blob->bytes, blob->size);
	const char *name = abi_name(f->names, value);
	char text[256];

	if (fix && fix->kind == FIX_SLOT) {
		call_slot(form, fix->index);
		return;
	}
	if (fix && fix->kind == FIX_BLOB) {
		write_blob(form, fix->index);
		return;
	}
	switch (f->kind) {
	case ABI_STRING:
		json_text(form->to, (const char *)blob->bytes + f->off,
			  strnlen((const char *)blob->bytes + f->off, f->size));
		return;
	case ABI_ENUM:
		snprintf(text, sizeof(text), "%s%s", form->json ? abi_prefix(f->names) : "", name ? name : "");
		if (name)
			word(form, text);
		else
			fprintf(form->to, "%" PRIu64, value);
		return;
	case ABI_FLAGS:
		abi_flags(f->names, value, form->json, text, sizeof(text));
		word(form, text);
		return;
	case ABI_VERSION:
		snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64 ".%" PRIu64, value >> 16,
			 value >> 8 & 255, value & 255);
		word(form, text);
		return;
	case ABI_SINT:
		fprintf(form->to, "%" PRId64, f->size == 8 ? (int64_t)value : (int32_t)value);
		return;
	case ABI_HEX:
	case ABI_PTR:
		fprintf(form->to, form->json ? "%" PRIu64 : "%#" PRIx64, value);
		return;
	case ABI_INT:
	case ABI_FD:
		fprintf(form->to, "%" PRIu64, value);
		return;
	}
}

/* Whether a field has anything in it. */
static bool is_set(const struct abi_field *f, const struct plan_blob *blob)
{
	if (fix_at(blob, f->off))
		return true;
	for (uint32_t i = f->off; blob->bytes && i < (uint32_t)f->off + f->size && i < blob->size; i++)
		if (blob->bytes[i])
			return true;
	return false;
}

/* Another member of that name is meant as well: LINK_CREATE's flags, and its kprobe_multi.flags. */
static bool needs_case(uint32_t cmd, const struct abi_field *f, const struct plan_blob *blob)
{
	for (const struct abi_field *g = abi_cmd(cmd)->fields; f->only && g->name; g++)
		if (g != f && !strcmp(g->name, f->name) && abi_meant(cmd, g, blob->bytes, blob->size))
			return true;
	return false;
}

static void write_attr(const struct call_form *form, const struct plan_blob *blob)
{
	const uint32_t cmd = blob->kind == BLOB_PERF_ATTR ? ABI_PERF_ATTR : blob->cmd;
	const struct abi_cmd *row = abi_cmd(cmd);
	bool first = true;

	putc('{', form->to);
	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		char name[64];

		if (!is_set(f, blob) || !abi_meant(cmd, f, blob->bytes, blob->size))
			continue;
		if (!first)
			text_break(form);
		first = false;
		snprintf(name, sizeof(name), "%s%s%s", needs_case(cmd, f, blob) ? f->only : "",
			 needs_case(cmd, f, blob) ? "." : "", f->name);
		word(form, name);
		putc(form->json ? ':' : '=', form->to);
		write_field(form, f, blob);
	}
	putc('}', form->to);
}

static void write_blob(const struct call_form *form, uint32_t index)
{
	const struct plan_blob *blob = &form->plan->blobs[index];
	const struct plan_fix *fix = fix_at(blob, 0);

	switch (blob->kind) {
	case BLOB_BPF_ATTR:
	case BLOB_PERF_ATTR:
		write_attr(form, blob);
		return;
	case BLOB_STRING:
		write_string(form, blob);
		return;
	case BLOB_EPOLL_EVENT:
		write_epoll(form, blob);
		return;
	case BLOB_KEY:
	case BLOB_VALUE:
		if (fix && fix->kind == FIX_SLOT && blob->size == fix->size)
			call_slot(form, fix->index);
		else if (!blob->n_fixes && blob->size <= 8)
			write_bytes(form, blob);
		else
			write_named(form, blob);
		return;
	case BLOB_INSNS:
	case BLOB_BTF:
	case BLOB_FUNC_INFO:
	case BLOB_LINE_INFO:
	case BLOB_OUT:
		write_named(form, blob);
		return;
	}
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
		word(form, cmd ? cmd->name : text);
		return;
	case ONE:
		snprintf(text, sizeof(text), "%s%s", abi_prefix(arg->names),
			 abi_name(arg->names, (uint64_t)value) ? abi_name(arg->names, (uint64_t)value) : "");
		if (abi_name(arg->names, (uint64_t)value))
			word(form, text);
		else
			fprintf(form->to, "%" PRId64, value);
		return;
	case FLAGS:
		if (arg->names == abi_o_flags && !(value & O_ACCMODE)) /* 0 is a mode of its own */
			len = (size_t)snprintf(text, sizeof(text), value ? "O_RDONLY|" : "O_RDONLY");
		if (value || !len)
			abi_flags(arg->names, (uint64_t)value, true, text + len, sizeof(text) - len);
		word(form, text);
		return;
	case DIR:
		if (value == AT_FDCWD)
			word(form, "AT_FDCWD");
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
		if (i)
			text_break(form);
		if (step->args[i].kind == ARG_SLOT)
			call_slot(form, (uint32_t)step->args[i].value);
		else if (step->args[i].kind == ARG_BLOB)
			write_blob(form, (uint32_t)step->args[i].value);
		else
			write_int(form, &call_args[step->call][i], step->args[i].value);
	}
	putc(form->json ? ']' : ')', form->to);
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
