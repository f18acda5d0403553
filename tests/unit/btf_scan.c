// SPDX-License-Identifier: MIT
/* The pass over large BTF: the same types and names as one walk after the other finds, also where
 * something looks like types that is none, and where types are cut off. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"
#include "loader/object/btf_scan.h"
#include "tests/tap.h"

#define N_TYPES 20000u

/* Strings at fixed places: "task" at 1, "int" at 6, "task___x" at 10, "ab" at 19, the last. */
static const char strings[] = "\0task\0int\0task___x\0ab";

static uint32_t *blob;
static uint32_t n_words, at[N_TYPES + 1]; /* where each type is */

static void word(uint32_t w)
{
	blob[n_words++] = w;
}

static void type(uint32_t name_off, enum btf_kind kind, uint32_t vlen, uint32_t size_or_type)
{
	word(name_off);
	word((uint32_t)kind << 24 | vlen);
	word(size_or_type);
}

/* Types of many sizes; with `decoys`, half of the blob is an ENUM whose values look like PTRs. */
static uint32_t make(uint32_t decoys)
{
	struct btf_header header = {
		.magic = BTF_MAGIC, .version = 1, .header_size = BTF_HEADER_SIZE};

	n_words = BTF_HEADER_SIZE / 4;
	type(6, BTF_INT, 0, 4);
	word(32);
	at[1] = BTF_HEADER_SIZE;
	for (uint32_t id = 2; id <= N_TYPES; id++) {
		at[id] = 4 * n_words;
		if (id == N_TYPES / 2 && decoys) {
			type(0, BTF_ENUM, 3 * decoys / 2, 4);
			for (uint32_t i = 0; i < decoys; i++)
				type(0, BTF_PTR, 0, 1);
		} else if (id % 7 == 0) {
			type(id % 5 ? 0 : 10, BTF_STRUCT, id % 4, id);
			for (uint32_t i = 0; i < id % 4; i++)
				type(6, 0, 1, 0); /* a member of type 1 */
		} else if (id % 3 == 0) {
			type(id % 4 ? 1 : 19, BTF_TYPEDEF, 0, 1);
		} else {
			type(0, BTF_PTR, 0, id - 1);
		}
	}
	header.types_size = header.strings_off = 4 * n_words - BTF_HEADER_SIZE;
	header.strings_size = sizeof(strings);
	memcpy(blob, &header, BTF_HEADER_SIZE);
	memcpy(blob + n_words, strings, sizeof(strings));
	return 4 * n_words + (uint32_t)sizeof(strings);
}

static uint32_t n_found, sum, last;
static bool in_order;

static int found(void *ctx, uint32_t name, uint32_t id)
{
	(void)ctx;
	n_found++;
	sum += id * (name + 1);
	in_order &= id > last;
	last = id;
	return 0;
}

/* n_parts: in which it is walked. */
static void same_as_one_walk(uint32_t size, uint32_t n_parts, const char *name)
{
	static const char *const wanted[] = {"task", "ab", "int", "none"};
	struct btf_names names = {0};
	struct btf lazy;
	uint32_t wrong = 0, want = 0, want_n = 0;
	int ret;

	btf_open_lazy(&lazy, NULL, blob, size, NULL);
	for (uint32_t i = 0; i < 4; i++) {
		btf_names_add(&names, wanted[i]);
		btf_names_look_for(&names, wanted[i]);
	}
	for (uint32_t pass = 0; pass < 2; pass++) { /* the second has an index already */
		n_found = sum = last = 0;
		in_order = true;
		ret = btf_scan(&lazy, &names, found, NULL, NULL);
	}
	for (uint32_t id = 1; id <= N_TYPES; id++) {
		const char *is = strings + blob[at[id] / 4];

		wrong += btf_type(&lazy, id) != (const void *)(lazy.bytes + at[id]);
		for (uint32_t i = 0; i < 4; i++)
			if (strlen(wanted[i]) == btf_essential_size(is) &&
			    !strncmp(is, wanted[i], strlen(wanted[i]))) {
				want += id * (i + 1);
				want_n++;
			}
	}
	if (!ok(!ret && lazy.n_types == N_TYPES + 1 && lazy.n_parts == n_parts && !wrong, name))
		printf("# %d, %u types in %u parts, %u wrong\n", ret, lazy.n_types, lazy.n_parts, wrong);
	ok(n_found == want_n && sum == want && in_order, "the_names_of_one_walk");
	ok(!btf_type(&lazy, lazy.n_types), "no_type_behind_the_last");
	btf_names_close(&names);
	btf_close(&lazy);
}

/* The message is that of one walk. */
static void refused(uint32_t size, const char *name)
{
	struct hewn_err err = {0}, lazy_err = {0};
	struct btf btf, lazy;

	btf_open(&btf, blob, size, &err);
	ok(!btf_open_lazy(&lazy, NULL, blob, size, NULL) &&
		   btf_scan(&lazy, NULL, NULL, NULL, &lazy_err) == -EINVAL && !lazy.types &&
		   lazy.n_types == 1 && err.what[0] && !strcmp(err.what, lazy_err.what),
	   name);
	btf_close(&lazy);
	btf_close(&btf);
}

static int stop(void *ctx, uint32_t name, uint32_t id)
{
	(void)ctx, (void)name;
	return id == 1 ? -ENOMEM : 0;
}

int main(void)
{
	struct btf_names names = {0};
	struct btf btf;
	uint32_t size;

	blob = malloc(1 << 21);
	size = make(0);
	same_as_one_walk(size, BTF_PARTS, "each_type_of_all_parts");
	blob[3] -= 4;
	refused(size, "a_last_type_that_is_cut_off");
	make(0);
	blob[BTF_HEADER_SIZE / 4 + 10001] |= 0x7f000000;
	refused(size, "a_kind_in_the_middle_that_is_none");
	make(0);
	blob[BTF_HEADER_SIZE / 4 + 5] |= 0xffffff; /* the first PTR becomes longer than all */
	blob[BTF_HEADER_SIZE / 4 + 5] = (uint32_t)BTF_STRUCT << 24 | 0xffffff;
	refused(size, "a_type_longer_than_the_rest");

	same_as_one_walk(make(30000), 1, "parts_that_begin_inside_a_type");
	same_as_one_walk(make(10000), 1, "one_part_that_does");

	size = make(0);
	btf_names_add(&names, "int");
	btf_names_look_for(&names, "int");
	btf_open_lazy(&btf, NULL, blob, size, NULL);
	ok(btf_scan(&btf, &names, stop, NULL, NULL) == -ENOMEM && !btf.types && btf.n_types == 1,
	   "found_ends_the_pass");
	btf_close(&btf);
	btf_names_close(&names);
	free(blob);
	return tap_done();
}
