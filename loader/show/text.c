// SPDX-License-Identifier: MIT
/* Text that grows; strings for terminals and for JSON. Knows nothing of BTF. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/show/text.h"

void text_close(struct text *text)
{
	free(text->bytes);
	memset(text, 0, sizeof(*text));
}

static bool text_reserve(struct text *text, size_t n)
{
	size_t room = text->room ? text->room : 256;
	char *bytes;

	if (text->failed)
		return false;
	if (text->room - text->n >= n)
		return true;
	while (room - text->n < n)
		room *= 2;
	bytes = realloc(text->bytes, room);
	if (!bytes) {
		text->failed = true;
		return false;
	}
	text->bytes = bytes;
	text->room = room;
	return true;
}

void text_put(struct text *text, const char *bytes, size_t n)
{
	if (!n || !text_reserve(text, n))
		return;
	memcpy(text->bytes + text->n, bytes, n);
	text->n += n;
}

void text_puts(struct text *text, const char *s)
{
	text_put(text, s, strlen(s));
}

void text_fmt(struct text *text, const char *fmt, ...)
{
	char small[128];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(small, sizeof(small), fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if ((size_t)n < sizeof(small)) {
		text_put(text, small, (size_t)n);
		return;
	}
	if (!text_reserve(text, (size_t)n + 1))
		return;
	va_start(args, fmt);
	vsnprintf(text->bytes + text->n, (size_t)n + 1, fmt, args);
	va_end(args);
	text->n += (size_t)n;
}

void text_spaces(struct text *text, size_t n)
{
	if (!n || !text_reserve(text, n))
		return;
	memset(text->bytes + text->n, ' ', n);
	text->n += n;
}

/*
 * Reads one character. Returns its bytes, 1 to 4; 0 where no valid UTF-8 begins: cut, too long for
 * its number, a surrogate, or beyond U+10FFFF.
 */
static size_t utf8(const uint8_t *bytes, size_t n, uint32_t *c)
{
	static const uint32_t least[5] = {0, 0, 0x80, 0x800, 0x10000};
	size_t len;

	if (bytes[0] < 0x80) {
		*c = bytes[0];
		return 1;
	}
	len = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
	if (bytes[0] < 0xc2 || bytes[0] > 0xf4 || len > n)
		return 0;
	*c = bytes[0] & (0xffu >> (len + 1));
	for (size_t i = 1; i < len; i++) {
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
		*c = *c << 6 | (bytes[i] & 0x3f);
	}
	if (*c < least[len] || *c > 0x10ffff || (*c >= 0xd800 && *c <= 0xdfff))
		return 0;
	return len;
}

struct range {
	uint32_t first, last;
};

static bool in_ranges(const struct range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	return false;
}

#define IN(ranges, c) in_ranges(ranges, sizeof(ranges) / sizeof((ranges)[0]), c)

/* Characters that are obeyed rather than drawn: controls, directions, separators, invisible ones,
 * tags. */
static const struct range steering[] = {
	{0, 0x1f},	  {0x7f, 0x9f},	    {0xad, 0xad},     {0x61c, 0x61c},	{0x200b, 0x200f},
	{0x2028, 0x202e}, {0x2060, 0x206f}, {0xfeff, 0xfeff}, {0xfff9, 0xfffb}, {0xe0000, 0xe0fff},
};

static const struct range wide[] = {
	{0x1100, 0x115f},   {0x2e80, 0x303e},	{0x3041, 0xa4cf},   {0xac00, 0xd7a3},
	{0xf900, 0xfaff},   {0xfe30, 0xfe6f},	{0xff00, 0xff60},   {0xffe0, 0xffe6},
	{0x1f300, 0x1f64f}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd},
};

static const struct range combining[] = {
	{0x300, 0x36f},	  {0x483, 0x489},   {0x591, 0x5bd},   {0x610, 0x61a},	{0x64b, 0x65f},
	{0x1ab0, 0x1aff}, {0x1dc0, 0x1dff}, {0x20d0, 0x20ff}, {0xfe00, 0xfe0f}, {0xfe20, 0xfe2f},
};

/* How many bytes from here on are ASCII that is drawn as it is: nearly all, so they are copied at
 * once. */
static size_t plain(const uint8_t *bytes, size_t n, char quote)
{
	size_t i = 0;

	while (i < n && bytes[i] >= 0x20 && bytes[i] < 0x7f && bytes[i] != '\\' &&
	       bytes[i] != (uint8_t)quote)
		i++;
	return i;
}

void text_escape(struct text *text, const uint8_t *bytes, size_t n, char quote)
{
	uint32_t c = 0;
	size_t len;

	for (size_t i = 0; i < n; i += len) {
		len = plain(bytes + i, n - i, quote);
		text_put(text, (const char *)bytes + i, len);
		if (len)
			continue;
		len = utf8(bytes + i, n - i, &c);
		if (len && !IN(steering, c)) {
			if (c == '\\' || (quote && c == (unsigned char)quote))
				text_puts(text, "\\");
			text_put(text, (const char *)bytes + i, len);
			continue;
		}
		len = len ? len : 1;
		if (bytes[i] == '\n')
			text_puts(text, "\\n");
		else if (bytes[i] == '\t')
			text_puts(text, "\\t");
		else
			for (size_t k = 0; k < len; k++)
				text_fmt(text, "\\x%02x", bytes[i + k]);
	}
}

void text_json(struct text *text, const uint8_t *bytes, size_t n)
{
	uint32_t c = 0;
	size_t len;

	text_puts(text, "\"");
	for (size_t i = 0; i < n; i += len) {
		len = plain(bytes + i, n - i, '"');
		text_put(text, (const char *)bytes + i, len);
		if (len)
			continue;
		len = utf8(bytes + i, n - i, &c);
		if (!len) {
			text_fmt(text, "\\u%04x", bytes[i]);
			len = 1;
			continue;
		}
		if (IN(steering, c)) {
			if (c > 0xffff)
				text_fmt(text, "\\u%04x", 0xd800 + ((c - 0x10000) >> 10));
			text_fmt(text, "\\u%04x", c > 0xffff ? 0xdc00 + (c & 0x3ff) : c);
			continue;
		}
		if (c == '"' || c == '\\')
			text_puts(text, "\\");
		text_put(text, (const char *)bytes + i, len);
	}
	text_puts(text, "\"");
}

size_t text_fit(const char *bytes, size_t n, size_t width)
{
	size_t used = 0, len, columns;
	uint32_t c = 0;

	for (size_t i = 0; i < n; i += len) {
		len = utf8((const uint8_t *)bytes + i, n - i, &c);
		columns = !len ? 1 : IN(combining, c) ? 0 : IN(wide, c) ? 2 : 1;
		len = len ? len : 1;
		if (used + columns > width)
			return i;
		used += columns;
	}
	return n;
}

size_t text_width(const char *bytes, size_t n)
{
	size_t used = 0, len;
	uint32_t c = 0;

	for (size_t i = 0; i < n; i += len) {
		len = utf8((const uint8_t *)bytes + i, n - i, &c);
		used += !len || c < 0x300 ? 1 : IN(combining, c) ? 0 : IN(wide, c) ? 2 : 1;
		len = len ? len : 1;
	}
	return used;
}
