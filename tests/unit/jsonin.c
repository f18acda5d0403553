// SPDX-License-Identifier: MIT
/* The reader of JSON: every kind of value, and every way to be none. */
#include "loader/jsonin.h"
#include "tests/tap.h"

#include <errno.h>
#include <string.h>

static int read_text(struct jsonin *root, const char *text, struct hewn_err *err)
{
	memset(err, 0, sizeof(*err));
	return jsonin_open(root, text, strlen(text), "a.json", err);
}

static void test_values(void)
{
	struct hewn_err err;
	struct jsonin root;
	const struct jsonin *array;

	eq_int(read_text(&root, " {\"a\": [1, -2.5e3, true, null, \"x\\n\\\"\\u0041\\u00e9\\u20ac\"], \"b\" : {} }\n", &err), 0, "an_object_is_read");
	array = jsonin_get(&root, "a");
	eq_int(array->n, 5, "with_all_items_of_its_array");
	eq_str(jsonin_text(&array->items[1]), "-2.5e3", "a_number_stays_as_it_was_written");
	eq_int(array->items[2].kind, JSONIN_BOOL, "true_is_a_bool");
	eq_int(array->items[3].kind, JSONIN_NULL, "null_is_null");
	eq_str(jsonin_text(&array->items[4]), "x\n\"A\xe9\xe2\x82\xac", "escapes_are_what_they_stand_for");
	eq_int(jsonin_get(&root, "b")->kind, JSONIN_OBJECT, "an_object_may_be_empty");
	eq_int(jsonin_get(&root, "c")->kind, JSONIN_NULL, "what_is_not_there_is_null");
	eq_str(jsonin_text(jsonin_get(array, "c")), "", "and_has_no_text");
	jsonin_close(&root);
}

static void test_errors(void)
{
	static const char *const bad[] = {
		"", "{", "[1,", "[1 2]", "{\"a\" 1}", "{a:1}", "{\"a\":}", "\"a", "\"\\q\"", "\"\\u12g4\"", "\"\\", "tru", "01x", "-", "1 2",
		"[1]]", "{\"a\":1,}", "\"\t\"", "+1", "nan", "inf",
	};
	struct hewn_err err;
	struct jsonin root;
	char deep[1000];

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		eq_int(read_text(&root, bad[i], &err), -EINVAL, bad[i][0] ? bad[i] : "nothing");
		jsonin_close(&root);
	}
	eq_int(read_text(&root, "{\n \"a\": x}", &err), -EINVAL, "a_word_is_no_value");
	eq_str(err.what, "a.json:2:7: \"x}\", want a value", "the_error_says_where");
	jsonin_close(&root);
	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = '\0';
	eq_int(read_text(&root, deep, &err), -EINVAL, "values_in_values_have_an_end");
	jsonin_close(&root);
}

int main(void)
{
	test_values();
	test_errors();
	return tap_done();
}
