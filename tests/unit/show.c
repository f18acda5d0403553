// SPDX-License-Identifier: MIT
/* What records look like: each kind of type, the typedefs of hewn.bpf.h, tables, JSON, hexdumps. */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>

#include "loader/object/object.h"
#include "loader/show/show.h"
#include "loader/show/text.h"
#include "tests/btfmake.h"
#include "tests/show_value.h"
#include "tests/tap.h"

static struct btfmake mk;
static struct btf btf;

/* What was written to `to` since start(), as a string that lives until the next start(). */
static FILE *to;
static char *output;
static size_t output_size;

static FILE *start(void)
{
	free(output);
	output = NULL;
	to = open_memstream(&output, &output_size);
	return to;
}

static const char *written(void)
{
	fclose(to);
	return output;
}

static struct btfmake *fresh(void)
{
	btf_close(&btf);
	memset(&mk, 0, sizeof(mk));
	return &mk;
}

static void open_types(void)
{
	struct hewn_err err = {0};

	btf_close(&btf);
	if (mk_open(&mk, &btf, &err))
		printf("# the test's own BTF is bad: %s\n", err.what);
}

static const char *text_of(uint32_t type, const void *bytes, uint32_t size)
{
	show_value(&btf, type, bytes, size, start(), false);
	return written();
}

static const char *json_of(uint32_t type, const void *bytes, uint32_t size)
{
	show_value(&btf, type, bytes, size, start(), true);
	return written();
}

#define TEXT(type, value, want, name) eq_str(text_of(type, &(value), sizeof(value)), want, name)
#define JSON(type, value, want, name) eq_str(json_of(type, &(value), sizeof(value)), want, name)

static void numbers(void)
{
	uint32_t s8, u8, s32, u64, boolean, wide, flt, dbl, ptr, chr;
	int8_t minus = -5;
	uint8_t two = 2, one = 1;
	int32_t least = INT32_MIN;
	uint64_t most = UINT64_MAX, address = 0xffff888000000000;
	float tenth = 0.1f;
	double third = 1.0 / 3, nothing = NAN, all = INFINITY, whole = 3;
	uint8_t big[16] = {0};

	fresh();
	s8 = mk_int(&mk, "signed char", 1, MK_SIGNED);
	u8 = mk_int(&mk, "unsigned char", 1, 0);
	s32 = mk_int(&mk, "int", 4, MK_SIGNED);
	u64 = mk_int(&mk, "unsigned long long", 8, 0);
	boolean = mk_int(&mk, "_Bool", 1, MK_BOOL);
	wide = mk_int(&mk, "unsigned __int128", 16, 0);
	flt = mk_type(&mk, BTF_FLOAT, "float", 0, 4);
	dbl = mk_type(&mk, BTF_FLOAT, "double", 0, 8);
	ptr = mk_type(&mk, BTF_PTR, NULL, 0, s32);
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	open_types();
	TEXT(s8, minus, "-5", "a_signed_char_is_a_number");
	TEXT(u8, minus, "251", "an_unsigned_char_has_no_sign");
	TEXT(chr, minus, "-5", "one_char_is_a_number");
	TEXT(s32, least, "-2147483648", "the_least_int");
	TEXT(u64, most, "18446744073709551615", "the_largest_u64");
	JSON(u64, most, "18446744073709551615", "u64_is_a_number_in_json");
	TEXT(boolean, one, "true", "bool_by_name");
	JSON(boolean, two, "2", "a_bool_that_is_neither_is_a_number");
	big[0] = big[15] = 1;
	TEXT(wide, big, "0x01000000000000000000000000000001", "128_bits_are_hexadecimal");
	TEXT(flt, tenth, "0.1", "a_float_has_the_digits_it_needs");
	TEXT(dbl, third, "0.3333333333333333", "a_double_too");
	TEXT(dbl, whole, "3", "a_whole_double");
	TEXT(dbl, nothing, "nan", "not_a_number");
	JSON(dbl, all, "null", "json_knows_no_infinity");
	TEXT(ptr, address, "0xffff888000000000", "a_pointer_is_hexadecimal");
	JSON(ptr, address, "\"0xffff888000000000\"", "a_pointer_in_json_is_a_string");
	eq_str(text_of(s32, &least, 3), "-", "bytes_that_are_missing_are_a_dash");
	eq_str(json_of(s32, &least, 3), "null", "bytes_that_are_missing_are_null");
	eq_str(text_of(0, &least, 4), "-", "void_has_no_value");
	eq_str(text_of(1000, &least, 4), "-", "a_type_that_does_not_exist_has_no_value");
}

static void enums(void)
{
	uint32_t small, large;
	int32_t minus = -1, one = 1, seven = 7;
	uint64_t big = 1ull << 32;
	uint16_t ffff = 0xffff;
	uint32_t old;

	fresh();
	small = mk_type(&mk, BTF_ENUM, "e", 2 | MK_KFLAG, 4);
	mk_pair(&mk, "MINUS", (uint32_t)-1);
	mk_pair(&mk, "ONE", 1);
	large = mk_type(&mk, BTF_ENUM64, "e64", 1, 8);
	mk_named(&mk, "BIG", 0, 1);
	old = mk_type(&mk, BTF_ENUM, "short", 1, 2);
	mk_pair(&mk, "NONE", (uint32_t)-1);
	open_types();
	TEXT(small, minus, "MINUS", "a_negative_enumerator_by_name");
	JSON(small, one, "\"ONE\"", "an_enumerator_in_json");
	TEXT(small, seven, "7", "a_value_without_a_name_is_a_number");
	TEXT(large, big, "BIG", "enum64_by_name");
	TEXT(old, ffff, "NONE", "clang_14_does_not_say_that_an_enum_is_signed");
}

static void arrays(void)
{
	uint32_t chr, s32, u8, text, ints, bytes, matrix, empties, nothing;
	int32_t four[4] = {1, -2, 3, 4};
	uint8_t three[3] = {0xde, 0xad, 0x01};

	fresh();
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	s32 = mk_int(&mk, "int", 4, MK_SIGNED);
	u8 = mk_int(&mk, "unsigned char", 1, 0);
	text = mk_array(&mk, chr, 8);
	ints = mk_array(&mk, s32, 2);
	bytes = mk_array(&mk, u8, 3);
	matrix = mk_array(&mk, ints, 2);
	nothing = mk_type(&mk, BTF_STRUCT, "nothing", 0, 0);
	empties = mk_array(&mk, nothing, UINT32_MAX);
	open_types();
	eq_str(text_of(text, "ab\0defg", 8), "\"ab\"", "chars_are_text_up_to_the_first_zero");
	eq_str(text_of(text, "abcdefgh", 8), "\"abcdefgh\"", "text_that_fills_its_array_is_whole");
	eq_str(text_of(text, "abc", 3), "\"abc\"…", "text_that_ends_with_the_record_was_cut");
	eq_str(text_of(text, "a\"\\\n\t\x1b[31m", 8), "\"a\\\"\\\\\\n\\t\\x1b[3\"",
	       "what_a_terminal_would_obey_is_escaped");
	eq_str(text_of(text, "\xc3\xa4\xff\xc2\x9b\xc3", 7), "\"\xc3\xa4\\xff\\xc2\\x9b\\xc3\"",
	       "utf8_stays_stray_bytes_and_c1_do_not");
	eq_str(json_of(text, "\xc3\xa4\xff\"\\\x01", 7), "\"\xc3\xa4\\u00ff\\\"\\\\\\u0001\"",
	       "json_strings_are_valid_utf8");
	eq_str(json_of(text, "\xc2\x9b\xf3\xa0\x80\x81", 7), "\"\\u009b\\udb40\\udc01\"",
	       "a_terminal_obeys_nothing_of_json");
	eq_str(json_of(text, "\xed\xa0\x80\xc0\x80", 6), "\"\\u00ed\\u00a0\\u0080\\u00c0\\u0080\"",
	       "surrogates_and_long_forms_are_no_utf8");
	eq_str(text_of(ints, four, 8), "[1, -2]", "an_array_of_numbers");
	eq_str(json_of(matrix, four, 16), "[[1,-2],[3,4]]", "an_array_of_arrays");
	eq_str(text_of(matrix, four, 12), "[[1, -2], …]", "elements_that_are_missing_are_marked");
	eq_str(text_of(bytes, three, 3), "dead01", "unsigned_chars_are_hexadecimal");
	eq_str(json_of(bytes, three, 3), "\"dead01\"", "also_in_json");
	eq_str(text_of(empties, three, 3), "[]", "four_billion_of_nothing_end_soon");
}

static void structs(void)
{
	uint32_t s32, u8, inner, outer, chr, path, flex, rest;
	struct {
		int32_t a;
		uint8_t bits;
		uint8_t pad[3];
		int32_t x, y;
	} value = {7, 0, {0}, 1, 2};

	/* a, then three bits and five bits, and x and y in a member without a name */
	fresh();
	s32 = mk_int(&mk, "int", 4, MK_SIGNED);
	u8 = mk_int(&mk, "unsigned char", 1, 0);
	inner = mk_type(&mk, BTF_STRUCT, NULL, 2, 8);
	mk_named(&mk, "x", s32, 0);
	mk_named(&mk, "y", s32, 32);
	outer = mk_type(&mk, BTF_STRUCT, "outer", 6 | MK_KFLAG, 16);
	mk_named(&mk, "a", s32, 0);
	mk_named(&mk, "low", u8, 3u << 24 | 32);
	mk_named(&mk, "high", s32, 5u << 24 | 35);
	mk_named(&mk, "__pad", s32, 0);
	mk_named(&mk, "", inner, 64);
	mk_named(&mk, "in", inner, 64);
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	path = mk_array(&mk, chr, 0);
	flex = mk_type(&mk, BTF_STRUCT, "flex", 2, 4);
	mk_named(&mk, "n", s32, 0);
	mk_named(&mk, "path", path, 32);
	rest = mk_type(&mk, BTF_UNION, "u", 2, 4);
	mk_named(&mk, "n", s32, 0);
	mk_named(&mk, "b", u8, 0);
	open_types();
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	value.bits = 5 | 0x1e << 3;
#else
	value.bits = 5 << 5 | 0x1e;
#endif
	TEXT(outer, value,
	     "{ .a = 7, .low = 5, .high = -2, .x = 1, .y = 2, .in = { .x = 1, .y = 2 } }",
	     "a_struct_with_bitfields_and_a_member_without_a_name");
	JSON(outer, value,
	     "{\"a\":7,\"low\":5,\"high\":-2,\"x\":1,\"y\":2,\"in\":{\"x\":1,\"y\":2}}",
	     "the_same_in_json");
	eq_str(json_of(outer, &value, 4),
	       "{\"a\":7,\"low\":null,\"high\":null,\"x\":null,\"y\":null,\"in\":null}",
	       "a_short_record_shows_what_is_there");
	eq_str(text_of(flex, "\0\0\0\0abc", 8), "{ .n = 0, .path = \"abc\" }",
	       "an_array_without_a_length_takes_the_rest");
	value.a = 0x07000007; /* the same from both ends */
	eq_str(json_of(rest, &value, 4), "{\"n\":117440519,\"b\":7}", "a_union_shows_each_view");
}

/* ── the typedefs of hewn.bpf.h ── */

static uint32_t named(const char *name, uint32_t type)
{
	return mk_type(&mk, BTF_TYPEDEF, name, 0, type);
}

static void meanings(void)
{
	uint32_t u16, u32, s64, u64, chr, u8, ip4, ip6, port, be, hex, hex64, res, ns, str, flags,
		again;
	uint8_t ip[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
	uint16_t ssh = 22;
	uint32_t beef = 0xbeef;
	uint64_t large = 1ull << 63;
	int64_t two = -2, fd = 3, far = -5000;
	static const struct {
		uint64_t ns;
		const char *want;
	} times[] = {
		{0, "0ns"},
		{999, "999ns"},
		{1000, "1.00us"},
		{12345, "12.3us"},
		{999999, "999us"},
		{1500000, "1.50ms"},
		{2000000000, "2.00s"},
		{3600000000000, "3600s"},
	};
	uint32_t open_for_reading = O_RDONLY | O_CLOEXEC;
	uint32_t open_new = O_WRONLY | O_CREAT | O_TRUNC | O_SYNC, open_odd = O_RDWR | 0x40000000u;

	fresh();
	u16 = mk_int(&mk, "unsigned short", 2, 0);
	u32 = mk_int(&mk, "unsigned int", 4, 0);
	s64 = mk_int(&mk, "long long", 8, MK_SIGNED);
	u64 = mk_int(&mk, "unsigned long long", 8, 0);
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	u8 = mk_int(&mk, "unsigned char", 1, 0);
	ip4 = named("hewn_ipv4", u32);
	ip6 = named("hewn_ipv6", mk_array(&mk, u8, 16));
	port = named("hewn_port", u16);
	be = named("hewn_be16", u16);
	hex = named("hewn_hex32", u32);
	hex64 = named("hewn_hex64", u64);
	res = named("hewn_result", s64);
	ns = named("hewn_ns", u64);
	str = named("hewn_strings", mk_array(&mk, chr, 32));
	flags = named("hewn_open_flags", u32);
	again = named("mine", mk_type(&mk, BTF_CONST, NULL, 0, hex));
	named("hewn_ipv6", u32);
	open_types();
	eq_str(text_of(ip4, "\x7f\0\0\1", 4), "127.0.0.1", "an_ipv4_address");
	eq_str(json_of(ip4, "\x7f\0\0\1", 4), "\"127.0.0.1\"", "an_ipv4_address_in_json");
	TEXT(ip6, ip, "2001:db8::1", "an_ipv6_address");
	TEXT(port, ssh, "22", "a_port_in_host_order");
	eq_str(text_of(be, "\0\x50", 2), "80", "a_port_as_in_a_packet");
	TEXT(hex, beef, "0xbeef", "hexadecimal");
	JSON(hex, beef, "48879", "hexadecimal_is_a_number_in_json");
	TEXT(hex64, large, "0x8000000000000000", "64_bits_of_it");
	TEXT(res, two, "-ENOENT", "a_negative_result_is_an_error");
	JSON(res, two, "-2", "in_json_its_number");
	TEXT(res, fd, "3", "a_result_that_is_a_value");
	TEXT(res, far, "-5000", "a_number_too_low_for_an_error");
	for (size_t i = 0; i < sizeof(times) / sizeof(times[0]); i++)
		TEXT(ns, times[i].ns, times[i].want, "a_duration_in_the_unit_that_fits");
	JSON(ns, times[3].ns, "12345", "nanoseconds_in_json");
	eq_str(text_of(str, "ls\0-l\0my file\0\0", 16), "ls -l \"my file\"", "words_of_an_argv");
	eq_str(json_of(str, "ls\0-l\0my file\0\0", 16), "[\"ls\",\"-l\",\"my file\"]",
	       "words_in_json");
	eq_str(text_of(str, "a\0\0b\0", 6), "a \"\" b", "an_empty_word_has_quotes");
	eq_str(text_of(str, "sh\0-c\0echo \"$x\"\0", 17), "sh -c \"echo \\\"$x\\\"\"",
	       "quotes_in_words");
	eq_str(text_of(str, "", 0), "-", "no_bytes_no_words");
	TEXT(flags, open_for_reading, "O_RDONLY|O_CLOEXEC", "flags_of_open");
	TEXT(flags, open_new, "O_WRONLY|O_CREAT|O_TRUNC|O_SYNC", "sync_is_not_also_dsync");
	JSON(flags, open_odd, "\"O_RDWR|0x40000000\"", "flags_without_a_name_are_hexadecimal");
	TEXT(again, beef, "0xbeef", "a_typedef_of_a_typedef_means_the_same");
	TEXT(mk.n_ids, beef, "48879", "a_meaning_wants_the_right_size");
}

/* ── tables ── */

struct record {
	uint32_t pid;
	char comm[16];
	int32_t x, y;
	char path[64];
};

static uint32_t record_type(void)
{
	uint32_t u32, s32, chr, point, record;

	fresh();
	u32 = mk_int(&mk, "unsigned int", 4, 0);
	s32 = mk_int(&mk, "int", 4, MK_SIGNED);
	chr = mk_int(&mk, "char", 1, MK_SIGNED);
	point = mk_type(&mk, BTF_STRUCT, "point", 2, 8);
	mk_named(&mk, "x", s32, 0);
	mk_named(&mk, "y", s32, 32);
	record = mk_type(&mk, BTF_STRUCT, "record", 4, 92);
	mk_named(&mk, "pid", u32, 0);
	mk_named(&mk, "comm", mk.n_ids + 1, 32);
	mk_named(&mk, "at", point, 160);
	mk_named(&mk, "path", mk.n_ids + 2, 224);
	mk_array(&mk, chr, 16);
	mk_array(&mk, chr, 64);
	open_types();
	return record;
}

static void tables(void)
{
	uint32_t type = record_type();
	struct record a = {42, "sh", -1, 2, "/etc/passwd"},
		      b = {1234567890, "a b\x1b[m", 10, 20, ""};
	struct show_table table;

	memset(b.path, 'x', sizeof(b.path));
	eq_int(show_table_open(&table, &btf, type, NULL), 0, "a_table_of_a_struct");
	show_row(&table, &a, sizeof(a), start());
	show_row(&table, &b, sizeof(b), to);
	show_row(&table, &a, 92 - 53, to);
	show_row(&table, &a, 22, to);
	eq_str(written(),
	       "    PID  COMM                AT.X     AT.Y  PATH\n"
	       "     42  sh                    -1        2  /etc/passwd\n"
	       "1234567890  a b\\x1b[m             10       20  "
	       "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n"
	       "        42  sh                    -1        2  /etc/passwd…\n"
	       "        42  sh                     -        -  -\n",
	       "numbers_right_text_left_columns_grow");
	show_table_close(&table);

	show_table_open(&table, &btf, type, NULL);
	table.width = 66;
	table.color = true;
	show_row(&table, &b, sizeof(b), start());
	has(written(), "       20  xxxxxxxxxxxxxxxxxx…\n",
	    "the_last_column_ends_at_the_terminals_edge");
	has(output, "\033[1m", "a_heading_in_bold");
	show_table_close(&table);

	show_table_open(&table, &btf, type, NULL);
	table.json = true;
	show_row(&table, &a, sizeof(a), start());
	eq_str(written(),
	       "{\"pid\":42,\"comm\":\"sh\",\"at\":{\"x\":-1,\"y\":2},\"path\":\"/etc/passwd\"}\n",
	       "one_object_a_line");
	show_table_close(&table);
	show_table_close(&table);
}

static void other_tables(void)
{
	struct show_table table;
	struct hewn_err err = {0};
	uint32_t record = record_type(), number = 5;
	uint8_t pair[16] = {0};
	struct show_entry entry = {.key = 1, .key_size = 4, .value = 2, .value_size = 4};

	eq_int(show_table_open(&table, &btf, 99, &err), -ENOENT, "a_type_that_does_not_exist");
	has(err.what, "type 99", "is_named");
	show_table_close(&table);

	show_table_open(&table, &btf, 1, NULL);
	show_row(&table, &number, 4, start());
	eq_str(written(), "  VALUE\n      5\n", "a_number_is_a_column_named_value");
	table.json = true;
	show_row(&table, &number, 4, start());
	eq_str(written(), "{\"value\":5}\n", "and_an_object_in_json");
	show_table_close(&table);

	memcpy(pair, &number, 4);
	show_table_open_entry(&table, &btf, &entry, NULL);
	show_row(&table, pair, 8, start());
	eq_str(written(), "    KEY    VALUE\n      5        0\n", "a_key_and_its_value");
	show_table_close(&table);
	entry.per_cpu = true;
	entry.value = 0;
	entry.value_size = 3;
	show_table_open_entry(&table, &btf, &entry, NULL);
	show_row(&table, pair, 11, start());
	eq_str(written(), "    KEY  CPU   VALUE\n      5    0  000000\n",
	       "a_value_without_a_type_of_a_cpu");
	show_table_close(&table);

	show_table_open(&table, &btf, 0, NULL);
	show_row(&table, "hello, wide world\n", 18, start());
	eq_str(written(),
	       "0000  68 65 6c 6c 6f 2c 20 77  69 64 65 20 77 6f 72 6c  |hello, wide worl|\n"
	       "0010  64 0a                                             |d.|\n",
	       "no_type_is_a_hexdump");
	table.json = true;
	show_row(&table, "hi", 2, start());
	eq_str(written(), "{\"bytes\":\"6869\"}\n", "no_type_in_json");
	show_table_close(&table);
	(void)record;
}

/* Unions in unions multiply: the walk must end. */
static void hostile(void)
{
	uint32_t id = mk_int(fresh(), "int", 4, 0);
	int32_t one = 1;

	for (int i = 0; i < BTF_MAX_DEPTH - 1; i++) {
		uint32_t inner = id;

		id = mk_type(&mk, BTF_UNION, "u", 2, 4);
		mk_named(&mk, i % 2 ? "a" : "", inner, 0);
		mk_named(&mk, i % 2 ? "b" : "", inner, 0);
	}
	open_types();
	json_of(id, &one, 4);
	ok(output_size > 1000 && output_size < 100u << 20, "two_to_the_63_views_of_an_int_end");
}

static void widths(void)
{
	eq_int((long long)text_width("a\xc3\xa4z", 4), 3,
	       "a_character_of_two_bytes_takes_one_column");
	eq_int((long long)text_width("\xe6\xbc\xa2", 3), 2, "an_east_asian_one_takes_two");
	eq_int((long long)text_width("e\xcc\x81", 3), 1, "a_combining_one_takes_none");
	eq_int((long long)text_fit("\xe6\xbc\xa2\xe6\xbc\xa2", 6, 3), 3,
	       "half_a_character_does_not_fit");
}

/* ── types as clang writes them ── */

static void compiled(const char *self)
{
	struct {
		uint32_t pid, uid;
		char comm[16];
		uint32_t flags;
		uint32_t room;
		int64_t result;
		char path[256];
	} record = {7, 1000, "cat", O_RDONLY | O_CLOEXEC, 0, -EACCES, "/etc/shadow"};
	const char *name = "a_record_of_opens_by_its_types";
	struct hewn_object *object;
	struct show_table table;
	char path[256];
	const char *top = strstr(self, "tests/unit/");

	snprintf(path, sizeof(path), "%.*sbpf/opens.bpf.o", top ? (int)(top - self) : 0, self);
	if (hewn_object_open(&object, path, NULL)) {
		tap_skip(name, "bpf/opens.bpf.o was not built");
		return;
	}
	show_table_open(&table, &object->btf, object->maps[object_map(object, "opens")].event_type,
			NULL);
	show_row(&table, &record, sizeof(record), start());
	eq_str(written(),
	       "    PID      UID  COMM             FLAGS                      RESULT  PATH\n"
	       "      7     1000  cat              O_RDONLY|O_CLOEXEC        -EACCES  "
	       "/etc/shadow\n",
	       name);
	show_table_close(&table);
	hewn_object_close(object);
}

int main(int argc, char **argv)
{
	numbers();
	enums();
	arrays();
	structs();
	meanings();
	tables();
	other_tables();
	hostile();
	widths();
	compiled(argc ? argv[0] : "");
	fresh();
	free(output);
	return tap_done();
}
