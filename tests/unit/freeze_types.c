// SPDX-License-Identifier: MIT
/* loader/freeze/types: definitions of C from BTF that was made to keep us busy. A walk that doubles at each level never ends. */
#include <stdlib.h>
#include <unistd.h>

#include "loader/freeze/freeze.h"
#include "loader/object/object.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

#define LEVELS 30 /* 2^30 ways lead to the first type */

/* Unions that hold the one before twice; the last. Not named: only the last has a name. */
static uint32_t tower(struct btfmake *mk, bool named)
{
	uint32_t type = mk_int(mk, "int", 4, MK_SIGNED);

	for (uint32_t i = 0; i < LEVELS; i++) {
		const uint32_t below = type;
		char name[24];

		snprintf(name, sizeof(name), "level%u", i);
		type = mk_type(mk, BTF_UNION, named || i + 1 == LEVELS ? name : NULL, 2, 4);
		mk_named(mk, "a", below, 0);
		mk_named(mk, "b", below, 0);
	}
	return type;
}

/* What types_define() writes for the tower; to be freed. */
static char *define(bool named)
{
	static struct btfmake mk;
	struct hewn_object object = { 0 };
	struct freeze f = { .object = &object, .name = "x", .upper = "X" };
	struct hewn_err err = { 0 };
	struct types types;
	struct freeze_text text;
	uint32_t top;

	memset(&mk, 0, sizeof(mk));
	top = tower(&mk, named);
	if (!words_open(&text) || mk_open(&mk, &object.btf, &err) || types_open(&types, &f, text.to)) {
		printf("Bail out! %s\n", err.what);
		exit(1);
	}
	types_define(&types, top);
	types_close(&types);
	btf_close(&object.btf);
	return words_close(&text);
}

int main(void)
{
	char *text;

	alarm(20);
	text = define(true);
	has(text, "union x_level29 {", "unions_that_hold_unions_twice_are_written_once_each");
	free(text);
	text = define(false);
	has(text, "union x_level29 {", "unions_without_a_name_in_each_other_come_to_an_end");
	ok(strlen(text) < 4u << 20, "and_are_no_file_without_measure");
	has(text, "uint8_t b[4];", "where_they_are_too_many_their_bytes_are_written");
	free(text);
	return tap_done();
}
