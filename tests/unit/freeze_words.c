// SPDX-License-Identifier: MIT
/* Texts for a C file: what comes from an object cannot end a string or a comment, or be a keyword. */
#include <stdlib.h>
#include <string.h>

#include "loader/freeze/freeze.h"
#include "tests/tap.h"

static void is_text(char *got, const char *want, const char *name)
{
	eq_str(got, want, name);
	free(got);
}

static char *string(const char *bytes, size_t size)
{
	struct freeze_text text;

	if (!words_open(&text))
		return NULL;
	words_string(text.to, bytes, size);
	return words_close(&text);
}

static char *comment(const char *bytes)
{
	struct freeze_text text;

	if (!words_open(&text))
		return NULL;
	words_comment(text.to, bytes);
	return words_close(&text);
}

static char *number(uint64_t value)
{
	struct freeze_text text;

	if (!words_open(&text))
		return NULL;
	words_number(text.to, value);
	return words_close(&text);
}

static char *id(const char *from)
{
	char *to = calloc(1, 24);

	if (to)
		words_id(to, 24, from);
	return to;
}

int main(void)
{
	is_text(string("a\"b\\c\nd", 7), "\"a\\\"b\\\\c\\nd\"", "a_string_cannot_be_ended_by_what_is_in_it");
	is_text(string("?\?/", 3), "\"\\?\\?/\"", "three_characters_are_never_one");
	is_text(string("\0017\xff", 3), "\"\\0017\\377\"", "a_byte_takes_three_digits_and_no_more");
	is_text(comment("a */ b /* c"), "a * / b / * c", "a_comment_neither_ends_nor_begins_in_a_comment");
	is_text(comment("a\nb\\"), "a b?", "a_comment_stays_on_its_line");
	is_text(number(2147483647), "2147483647", "an_int_is_bare");
	is_text(number(2147483648u), "2147483648u", "above_it_a_number_is_unsigned");
	is_text(number(4294967296ull), "4294967296ull", "and_above_32_bits_long");
	is_text(id(".rodata.str1.1"), "rodata_str1_1", "dots_between_words_are_underscores");
	is_text(id("__blk"), "__blk", "a_names_own_underscores_stay");
	is_text(id("1st"), "n1st", "no_name_begins_with_a_digit");
	is_text(id("int"), "int_", "a_keyword_is_no_name");
	is_text(id("..."), "n", "nothing_is_a_name_too");
	is_text(id("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"), "aaaaaaaaaaaaaaaaaaaa", "a_long_name_is_cut");
	return tap_done();
}
