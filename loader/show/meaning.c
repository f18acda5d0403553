// SPDX-License-Identifier: MIT
/*
 * The typedefs of hewn.bpf.h, each printed as what its name says. JSON gets numbers where a reader
 * would compute with them, and text where the number would have to be taken apart again.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>

#include "loader/err.h"
#include "loader/show/value.h"

#define SIZE(n)	  (1u << (n))
#define SIZES_ANY (SIZE(1) | SIZE(2) | SIZE(4) | SIZE(8))

uint64_t value_load(const uint8_t *bytes, uint32_t size, bool is_signed)
{
	uint64_t value = 0;
	uint16_t value2;
	uint32_t value4;

	switch (size) {
	case 1:
		return is_signed ? (uint64_t)(int8_t)bytes[0] : bytes[0];
	case 2:
		memcpy(&value2, bytes, 2);
		return is_signed ? (uint64_t)(int16_t)value2 : value2;
	case 4:
		memcpy(&value4, bytes, 4);
		return is_signed ? (uint64_t)(int32_t)value4 : value4;
	case 8:
		memcpy(&value, bytes, 8);
		return value;
	default:
		return 0;
	}
}

static void put_address(struct show *show, int family, const uint8_t *bytes)
{
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(family, bytes, text, sizeof(text));
	text_fmt(show->to, show->json ? "\"%s\"" : "%s", text);
}

static void put_ipv4(struct show *show, const uint8_t *bytes, uint32_t size)
{
	(void)size;
	put_address(show, AF_INET, bytes);
}

static void put_ipv6(struct show *show, const uint8_t *bytes, uint32_t size)
{
	(void)size;
	put_address(show, AF_INET6, bytes);
}

static void put_decimal(struct show *show, const uint8_t *bytes, uint32_t size)
{
	text_fmt(show->to, "%llu", (unsigned long long)value_load(bytes, size, false));
}

static void put_be16(struct show *show, const uint8_t *bytes, uint32_t size)
{
	(void)size;
	text_fmt(show->to, "%u", (unsigned int)bytes[0] << 8 | bytes[1]);
}

static void put_hex(struct show *show, const uint8_t *bytes, uint32_t size)
{
	text_fmt(show->to, show->json ? "%llu" : "0x%llx",
		 (unsigned long long)value_load(bytes, size, false));
}

#define MAX_ERRNO 4095 /* include/linux/err.h */

static void put_result(struct show *show, const uint8_t *bytes, uint32_t size)
{
	int64_t value = (int64_t)value_load(bytes, size, true);

	if (value < 0 && value >= -MAX_ERRNO && !show->json)
		text_fmt(show->to, "-%s", err_name((int)value));
	else
		text_fmt(show->to, "%lld", (long long)value);
}

/* Three digits that matter, and the unit: 999ns, 1.00us, 12.3ms, 456s. */
static void put_ns(struct show *show, const uint8_t *bytes, uint32_t size)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};
	uint64_t ns = value_load(bytes, size, false), scale = 1;
	uint32_t unit = 0;

	while (unit < 3 && ns / scale >= 1000) {
		scale *= 1000;
		unit++;
	}
	if (show->json)
		text_fmt(show->to, "%llu", (unsigned long long)ns);
	else if (unit == 0 || ns / scale >= 100)
		text_fmt(show->to, "%llu%s", (unsigned long long)(ns / scale), units[unit]);
	else if (ns / scale >= 10)
		text_fmt(show->to, "%llu.%llu%s", (unsigned long long)(ns / scale),
			 (unsigned long long)(ns / (scale / 10) % 10), units[unit]);
	else
		text_fmt(show->to, "%llu.%02llu%s", (unsigned long long)(ns / scale),
			 (unsigned long long)(ns / (scale / 100) % 100), units[unit]);
}

static bool needs_quotes(const uint8_t *word, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!word[i] || strchr(" '\"\\$`*?[]{}()<>|&;#~!\n\t", word[i]))
			return true;
	return n == 0;
}

/*
 * An argv: words as a shell would take them. The array is the space there is, so zeros at its end
 * are not empty words; a word without a zero at its end was cut, unless it ends with the array.
 */
static void put_strings(struct show *show, const uint8_t *bytes, uint32_t size)
{
	uint32_t at = 0;

	while (size && !bytes[size - 1])
		size--;
	if (show->json)
		text_puts(show->to, "[");
	while (at < size && show->budget) {
		const uint8_t *end = memchr(bytes + at, 0, size - at);
		uint32_t n = end ? (uint32_t)(end - (bytes + at)) : size - at;

		show->budget--;
		if (at)
			text_puts(show->to, show->json ? "," : " ");
		if (show->json) {
			text_json(show->to, bytes + at, n);
		} else if (needs_quotes(bytes + at, n)) {
			text_puts(show->to, "\"");
			text_escape(show->to, bytes + at, n, '"');
			text_puts(show->to, "\"");
		} else {
			text_escape(show->to, bytes + at, n, 0);
		}
		at += n + 1;
	}
	if (show->json)
		text_puts(show->to, "]");
}

/* The kernel sets it for every open(2) of a 64-bit process; libcs define it as 0 there. */
#if defined(__mips__)
#define LARGEFILE 020000u
#elif defined(__sparc__)
#define LARGEFILE 0x40000u
#elif defined(__arm__) || defined(__aarch64__)
#define LARGEFILE 0400000u
#elif defined(__powerpc__)
#define LARGEFILE 0200000u
#elif defined(__hppa__)
#define LARGEFILE 04000u
#else
#define LARGEFILE 0100000u
#endif

/* Flags with several bits before those whose bits they contain. */
static const struct {
	uint32_t bits;
	const char *name;
} open_flags[] = {
#define F(name)                                                                                    \
	{                                                                                          \
		(uint32_t)(name), #name                                                            \
	}
	F(O_CREAT),	F(O_EXCL),     F(O_NOCTTY),  F(O_TRUNC),
	F(O_APPEND),	F(O_NONBLOCK), F(O_SYNC),    F(O_DSYNC),
#ifdef O_TMPFILE
	F(O_TMPFILE),
#endif
	F(O_DIRECTORY), F(O_NOFOLLOW), F(O_CLOEXEC), F(O_ASYNC),
#ifdef O_DIRECT
	F(O_DIRECT),
#endif
#ifdef O_NOATIME
	F(O_NOATIME),
#endif
#ifdef O_PATH
	F(O_PATH),
#endif
#undef F
};

static void put_open_flags(struct show *show, const uint8_t *bytes, uint32_t size)
{
	static const char *const access[4] = {"O_RDONLY", "O_WRONLY", "O_RDWR", "O_ACCMODE"};
	uint64_t left = value_load(bytes, size, false);

	if (show->json)
		text_puts(show->to, "\"");
	text_puts(show->to, access[left & 3]);
	left &= ~((uint64_t)LARGEFILE | 3);
	for (size_t i = 0; i < sizeof(open_flags) / sizeof(open_flags[0]); i++) {
		uint64_t bits = open_flags[i].bits;

		if (!bits || (left & bits) != bits)
			continue;
		text_fmt(show->to, "|%s", open_flags[i].name);
		left &= ~bits;
	}
	if (left)
		text_fmt(show->to, "|0x%llx", (unsigned long long)left);
	if (show->json)
		text_puts(show->to, "\"");
}

static const struct meaning meanings[] = {
	{"hewn_ipv4", SIZE(4), false, 15, put_ipv4},
	{"hewn_ipv6", SIZE(16), false, 25, put_ipv6},
	{"hewn_port", SIZE(2), true, 5, put_decimal},
	{"hewn_be16", SIZE(2), true, 5, put_be16},
	{"hewn_hex32", SIZES_ANY, true, 10, put_hex},
	{"hewn_hex64", SIZES_ANY, true, 18, put_hex},
	{"hewn_result", SIZE(4) | SIZE(8), true, 7, put_result},
	{"hewn_ns", SIZES_ANY, true, 6, put_ns},
	{"hewn_strings", 0, false, 40, put_strings},
	{"hewn_open_flags", SIZE(4) | SIZE(8), false, 24, put_open_flags},
};

static const struct meaning *find(const char *name)
{
	if (strncmp(name, "hewn_", 5) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (!strcmp(meanings[i].name, name))
			return &meanings[i];
	return NULL;
}

const struct meaning *meaning_of(const struct btf *btf, uint32_t id)
{
	const struct btf_head *type = btf_type(btf, id);
	const struct meaning *meaning = NULL;
	int64_t size;

	for (; type && btf_layout(btf_kind(type))->holds;
	     type = btf_type(btf, type->size_or_type)) {
		if (btf_kind(type) == BTF_TYPEDEF && !meaning)
			meaning = find(btf_str(btf, type->name_off));
		id = type->size_or_type;
	}
	if (!meaning)
		return NULL;
	if (!meaning->sizes) {
		const struct btf_array *array = btf_kind(type) == BTF_ARRAY ? btf_body(type) : NULL;

		return array && btf_size(btf, array->type) == 1 ? meaning : NULL;
	}
	size = btf_size(btf, id);
	return size > 0 && size <= 16 && meaning->sizes >> size & 1 ? meaning : NULL;
}

bool value_is_called(const struct btf *btf, uint32_t id, const char *name)
{
	const struct btf_head *type = btf_type(btf, id);

	for (; type; type = btf_type(btf, type->size_or_type)) {
		if (!strcmp(btf_str(btf, type->name_off), name))
			return true;
		if (!btf_layout(btf_kind(type))->holds)
			return false;
	}
	return false;
}
