// SPDX-License-Identifier: MIT
/*
 * What a call points to, written for people or as JSON: attrs by the tables of the ABI, strings, and the rest by name
 * and size. See blob.h.
 */
#include "loader/plan/blob.h"

#include "loader/abi/abi.h"
#include "loader/json.h"
#include "loader/mem.h"
#include "loader/plan/bytes.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

void blob_word(const struct call_form *form, const char *text)
{
	if (form->json)
		json_text(form->to, text, strlen(text));
	else
		fputs(text, form->to);
}

void blob_break(const struct call_form *form)
{
	putc(',', form->to);
	if (!form->json)
		putc(CALL_BREAK, form->to);
}

const struct plan_fix *blob_fix(const struct plan_blob *blob, uint32_t off)
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

	if (!to) {
		*form->lost = true;
		return;
	}
	while (len && blob->bytes && !blob->bytes[len - 1])
		len--;
	while (blob->bytes && i < len) {
		const struct plan_fix *fix = blob_fix(blob, i);
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
	if (mem_written(to, &text))
		json_text(form->to, text, size);
	else
		*form->lost = true;
	free(text);
}

static void write_bytes(const struct call_form *form, uint32_t index)
{
	const struct plan_blob *blob = &form->plan->blobs[index];
	const char *const sep = form->json ? "" : " ";
	uint8_t *bytes = bytes_of(form->plan, index);

	*form->lost |= !bytes && blob->bytes;
	putc(form->json ? '"' : '[', form->to);
	for (uint32_t i = 0; i < blob->size; i++)
		fprintf(form->to, "%s%02x", i ? sep : "", bytes ? bytes[i] : 0);
	putc(form->json ? '"' : ']', form->to);
	free(bytes);
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
static void write_named(const struct call_form *form, uint32_t index)
{
	const struct plan_blob *blob = &form->plan->blobs[index];

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
	const uint32_t n = blob->size / kinds[blob->kind].size;

	if (form->json) {
		fputs("{\"bytes_of\":", form->to);
		json_text(form->to, name, strlen(name));
		fprintf(form->to, ",\"size\":%u", blob->size);
		if (form->numbers)
			fprintf(form->to, ",\"blob\":%u", index);
	} else {
		fprintf(form->to, blob->kind == BLOB_OUT ? "<%s: room for %u%s" : "<%s: %u%s", name, n,
			kinds[blob->kind].unit);
	}
	write_held(form, blob);
	putc(form->json ? '}' : '>', form->to);
}

static void write_epoll(const struct call_form *form, const struct plan_blob *blob)
{
	char events[64];
	uint32_t set;
	uint64_t data;

	bytes_get_epoll(blob, &set, &data);
	abi_flags(abi_epoll_events, set, true, events, sizeof(events));
	fprintf(form->to, form->json ? "{\"events\":\"%s\",\"data\":%" PRIu64 "}" : "{%s, %" PRIu64 "}",
		events, data);
}

#define SHOWN 6u /* words of an array that people are shown */

/* An array: ["vfs_read", "vfs_write", 40 more]. */
static void write_words(const struct call_form *form, const struct plan_blob *blob)
{
	const uint32_t n = blob->size / 8, shown = form->json || n <= SHOWN + 1 ? n : SHOWN;

	putc('[', form->to);
	for (uint32_t i = 0; i < shown; i++) {
		const struct plan_fix *fix = i < blob->n_fixes && blob->fixes[i].off == i * 8 ? &blob->fixes[i] : NULL;
		uint64_t word = 0;

		if (i)
			blob_break(form);
		if (blob->bytes)
			memcpy(&word, blob->bytes + (size_t)i * 8, 8);
		if (fix && fix->kind == FIX_BLOB)
			blob_write(form, fix->index);
		else
			fprintf(form->to, form->json ? "%" PRIu64 : "%#" PRIx64, word);
	}
	if (shown < n) {
		blob_break(form);
		fprintf(form->to, "%u more", n - shown);
	}
	putc(']', form->to);
}

/* ── attrs ── */

void blob_field(const struct call_form *form, const struct abi_field *f, const struct plan_blob *blob)
{
	const struct plan_fix *fix = blob_fix(blob, f->off);
	const uint64_t value = abi_get(f, blob->bytes, blob->size);
	const char *name = abi_name(f->names, value);
	char text[256];

	if (fix && fix->kind == FIX_SLOT) {
		call_slot(form, fix->index);
		return;
	}
	if (fix && fix->kind == FIX_BLOB) {
		blob_write(form, fix->index);
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
			blob_word(form, text);
		else
			fprintf(form->to, "%" PRIu64, value);
		return;
	case ABI_FLAGS:
		abi_flags(f->names, value, form->json, text, sizeof(text));
		blob_word(form, text);
		return;
	case ABI_VERSION:
		snprintf(text, sizeof(text), "%" PRIu64 ".%" PRIu64 ".%" PRIu64, value >> 16,
			 value >> 8 & 255, value & 255);
		blob_word(form, text);
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
	if (blob_fix(blob, f->off))
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

uint32_t blob_cmd(const struct plan_blob *blob)
{
	return blob->kind == BLOB_PERF_ATTR ? ABI_PERF_ATTR : blob->cmd;
}

/* Whether a field is written: it has something in it, and is the one of its union that is meant. */
bool blob_shows(const struct abi_field *f, const struct plan_blob *blob)
{
	return is_set(f, blob) && abi_meant(blob_cmd(blob), f, blob->bytes, blob->size);
}

void blob_field_name(const struct call_form *form, const struct abi_field *f, const struct plan_blob *blob)
{
	const bool with_case = needs_case(blob_cmd(blob), f, blob);
	char name[64];

	snprintf(name, sizeof(name), "%s%s%s", with_case ? f->only : "", with_case ? "." : "", f->name);
	blob_word(form, name);
}

static void write_attr(const struct call_form *form, const struct plan_blob *blob)
{
	const struct abi_cmd *row = abi_cmd(blob_cmd(blob));
	bool first = true;

	putc('{', form->to);
	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		if (!blob_shows(f, blob))
			continue;
		if (!first)
			blob_break(form);
		first = false;
		blob_field_name(form, f, blob);
		putc(form->json ? ':' : '=', form->to);
		blob_field(form, f, blob);
	}
	putc('}', form->to);
}

void blob_write(const struct call_form *form, uint32_t index)
{
	const struct plan_blob *blob = &form->plan->blobs[index];
	const struct plan_fix *fix = blob_fix(blob, 0);

	switch (blob->kind) {
	case BLOB_BPF_ATTR:
	case BLOB_PERF_ATTR:
		write_attr(form, blob);
		return;
	case BLOB_STRING:
		write_string(form, blob);
		return;
	case BLOB_WORDS:
		write_words(form, blob);
		return;
	case BLOB_EPOLL_EVENT:
		write_epoll(form, blob);
		return;
	case BLOB_KEY:
	case BLOB_VALUE:
		if (fix && fix->kind == FIX_SLOT && blob->size == fix->size)
			call_slot(form, fix->index);
		else if (!blob->n_fixes && blob->size <= 8)
			write_bytes(form, index);
		else
			write_named(form, index);
		return;
	case BLOB_INSNS:
	case BLOB_BTF:
	case BLOB_FUNC_INFO:
	case BLOB_LINE_INFO:
	case BLOB_OUT:
		write_named(form, index);
		return;
	}
}
