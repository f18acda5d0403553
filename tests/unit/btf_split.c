// SPDX-License-Identifier: MIT
/* BTF that goes on where another ends, BTF that is only walked over, and headers of kernels to
 * come. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"
#include "loader/object/btf_scan.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

static struct btfmake base_mk, mk;

enum { INT = 1, STRUCT, N_BASE };
enum { PTR = N_BASE, MINE, TWICE };

static void make_base(void)
{
	memset(&base_mk, 0, sizeof(base_mk));
	mk_int(&base_mk, "int", 4, MK_SIGNED);
	mk_type(&base_mk, BTF_STRUCT, "task", 1, 4);
	mk_named(&base_mk, "pid", INT, 0);
}

/* Ids and string offsets go on from the base's. */
static void make_split(void)
{
	uint32_t first = base_mk.strings_size;

	memset(&mk, 0, sizeof(mk));
	mk.n_ids = base_mk.n_ids;
	mk_type(&mk, BTF_PTR, NULL, 0, STRUCT);
	mk_type(&mk, BTF_STRUCT, NULL, 1, 12);
	mk.types[mk.n_words - 3] = first + 1; /* "mine" */
	mk_word(&mk, 5);		      /* "task" of the base */
	mk_word(&mk, STRUCT);
	mk_word(&mk, 0);
	mk_type(&mk, BTF_TYPEDEF, NULL, 0, MINE);
	mk.types[mk.n_words - 3] = 5;
	memcpy(mk.strings, "\0mine", 6);
	mk.strings_size = 6;
}

static void turn(uint8_t *blob, uint32_t n_words)
{
	uint8_t first = blob[0];

	blob[0] = blob[1];
	blob[1] = first;
	for (uint32_t i = 1; i < BTF_HEADER_SIZE / 4 + n_words; i++) {
		uint32_t word;

		memcpy(&word, blob + 4 * i, 4);
		word = __builtin_bswap32(word);
		memcpy(blob + 4 * i, &word, 4);
	}
}

static void answers(const struct btf *split, const char *how)
{
	const struct btf_head *type = btf_type(split, MINE);

	printf("# %s\n", how);
	eq_int(split->n_types, TWICE + 1, "ids_go_on");
	eq_str(btf_name(split, INT), "int", "a_type_of_the_base");
	eq_str(btf_name(split, MINE), "mine", "a_name_of_its_own");
	eq_str(btf_name(split, TWICE), "task", "a_name_of_the_base");
	ok(type && btf_vlen(type) == 1, "a_type_of_its_own");
	eq_int(btf_size(split, TWICE), 12, "size_through_a_typedef");
	eq_int(btf_size(split, PTR), 8, "size_of_a_pointer");
	eq_int(btf_skip(split, TWICE), MINE, "skip");
	ok(!btf_type(split, 0) && !btf_type(split, TWICE + 1), "no_other_types");
	eq_str(btf_str(split, split->first_str + 6), "", "no_string_behind_the_last");
	eq_int(btf_find(split, BTF_STRUCT, "mine"), MINE, "find");
	eq_int(btf_find(split, BTF_STRUCT, "task"), 0, "find_leaves_the_base_out");
}

static int save(void *ctx, uint32_t name, uint32_t id)
{
	uint32_t *ids = ctx;

	ids[name] = id;
	return 0;
}

static const struct btf_names none;

static void split(void)
{
	struct btf_names names = {0};
	struct hewn_err err = {0};
	uint32_t size, ids[2] = {0}, *words;
	struct btf base, btf;
	uint8_t *copy;

	make_base();
	mk_open(&base_mk, &base, NULL);
	make_split();
	size = mk_blob(&mk);
	if (!ok(!btf_open_split(&btf, &base, mk.blob, size, &err), "split_opens"))
		printf("# %s\n", err.what);
	answers(&btf, "checked");
	ok(btf_encode(&btf, BTF_NEWEST, &copy, &size, NULL) == -EINVAL && !copy,
	   "split_is_not_for_btf_load");
	ok(btf_set_func_linkage(&btf, INT, 0) == -EINVAL, "the_base_is_not_written");
	btf_close(&btf);

	size = mk_blob(&mk);
	ok(!btf_open_lazy(&btf, &base, mk.blob, size, NULL) && !btf.copy, "lazy_copies_nothing");
	ok(!btf_type(&btf, MINE) && btf_type(&btf, INT), "before_the_walk_only_the_base");
	btf_names_add(&names, "mine");
	btf_names_add(&names, "task");
	btf_names_look_for(&names, "mine");
	btf_names_look_for(&names, "task");
	ok(!btf_scan(&btf, &names, save, ids, NULL), "walk");
	ok(ids[0] == MINE && ids[1] == TWICE, "names_of_its_own_and_of_the_base");
	answers(&btf, "lazy");
	btf_close(&btf);

	words = (uint32_t *)(void *)(mk.blob + BTF_HEADER_SIZE);
	turn(mk.blob, mk.n_words);
	ok(!btf_open_split(&btf, &base, mk.blob, size, NULL), "split_of_the_other_byte_order");
	answers(&btf, "turned around");
	btf_close(&btf);
	ok(!btf_open_lazy(&btf, &base, mk.blob, size, NULL), "lazy_of_the_other_byte_order");
	answers(&btf, "lazy, turned around");
	ids[0] = ids[1] = 0;
	ok(!btf_scan(&btf, &names, save, ids, NULL) && ids[0] == MINE && ids[1] == TWICE,
	   "a_walk_over_what_has_an_index");
	btf_close(&btf);
	btf_names_close(&names);

	mk_blob(&mk);
	words[6] = base.strings_size + 6; /* the member's name */
	ok(btf_open_split(&btf, &base, mk.blob, size, &err) == -EINVAL &&
		   strstr(err.what, "name of an element"),
	   "a_name_behind_the_last");
	hewn_err_close(&err);
	mk_blob(&mk);
	words[2] = TWICE + 1;
	ok(btf_open_split(&btf, &base, mk.blob, size, &err) == -EINVAL &&
		   strstr(err.what, "type 3, PTR"),
	   "a_type_behind_the_last");
	hewn_err_close(&err);

	mk.n_words = 3; /* no strings at all: only the PTR is left */
	size = mk_blob(&mk) - mk.strings_size;
	((struct btf_header *)(void *)mk.blob)->strings_size = 0;
	ok(!btf_open_split(&btf, &base, mk.blob, size, NULL) && !strcmp(btf_str(&btf, 5), "task"),
	   "split_needs_no_strings");
	btf_close(&btf);
	btf_close(&base);
}

/* The header with a layout; `extra` kinds after those that are known. */
static uint32_t with_layout(uint32_t extra, uint8_t once, uint8_t each)
{
	struct btf_header header = {.magic = BTF_MAGIC, .version = 1};
	uint32_t n = BTF_N_KINDS + extra, at = sizeof(header);

	header.header_size = sizeof(header);
	header.types_size = header.layout_off = 4 * mk.n_words;
	header.layout_size = 4 * n;
	header.strings_off = header.layout_off + header.layout_size;
	header.strings_size = mk.strings_size;
	memcpy(mk.blob, &header, sizeof(header));
	memcpy(mk.blob + at, mk.types, header.types_size);
	at += header.types_size;
	for (uint32_t i = 0; i < n; i++, at += 4) {
		const struct btf_layout *layout = btf_layout((enum btf_kind)i);
		bool known = i < BTF_N_KINDS;

		mk.blob[at] = known ? (uint8_t)(4 * layout->words) : once;
		mk.blob[at + 1] = known ? (uint8_t)(4 * layout->words_each) : each;
		mk.blob[at + 2] = mk.blob[at + 3] = 0;
	}
	memcpy(mk.blob + at, mk.strings, mk.strings_size);
	return at + mk.strings_size;
}

static void open_layout(uint32_t size, const char *why, const char *name)
{
	struct hewn_err err = {0}, lazy_err = {0};
	struct btf btf, lazy;
	int ret = btf_open(&btf, mk.blob, size, &err);
	int lazy_ret = btf_open_lazy(&lazy, NULL, mk.blob, size, &lazy_err);

	if (!lazy_ret)
		lazy_ret = btf_scan(&lazy, &none, save, NULL, &lazy_err);
	if (why)
		ok(ret == -EINVAL && lazy_ret == -EINVAL && strstr(err.what, why) &&
			   !strcmp(err.what, lazy_err.what),
		   name);
	else
		ok(!ret && !lazy_ret && !strcmp(btf_name(&btf, 3), "last") &&
			   !strcmp(btf_name(&lazy, 3), "last") && btf_size(&btf, 2) == -EINVAL,
		   name);
	if (err.what[0] && (!why || !strstr(err.what, why)))
		printf("# %s / %s\n", err.what, lazy_err.what);
	btf_close(&btf);
	btf_close(&lazy);
}

static void layout(void)
{
	struct btf_header *header = (void *)mk.blob;
	struct btf btf;
	uint8_t *copy;
	const char *what;
	uint32_t size;

	memset(&mk, 0, sizeof(mk));
	mk_int(&mk, "int", 4, MK_SIGNED);
	mk_type(&mk, (enum btf_kind)(BTF_N_KINDS + 1), "new", 2, 0);
	for (uint32_t i = 0; i < 5; i++)
		mk_word(&mk, 0xffffffff);
	mk_type(&mk, BTF_STRUCT, "last", 0, 0);
	open_layout(mk_blob(&mk), "has kind 21, known are 1 to 19",
		    "an_unknown_kind_of_unknown_size");
	size = with_layout(2, 4, 8);
	open_layout(size, NULL, "an_unknown_kind_whose_size_the_header_tells");
	btf_open(&btf, mk.blob, size, NULL);
	eq_int(btf_newest_rule(btf_rules(&btf), BTF_NEWEST, &what), 0xffff00, "which_is_a_new_kind");
	ok(!btf_encode(&btf, BTF_NEWEST, &copy, &size, NULL) && size == btf.size,
	   "kept_for_new_kernels");
	free(copy);
	ok(!btf_encode(&btf, 0x050800, &copy, &size, NULL), "encoded_for_old_kernels");
	btf_close(&btf);
	if (ok(!btf_open(&btf, copy, size, NULL), "an_old_kernel_gets_kinds_that_it_knows"))
		eq_int(btf_kind(btf_type(&btf, 2)), BTF_INT, "an_INT");
	btf_close(&btf);
	free(copy);
	open_layout(with_layout(0, 0, 0), "kind 21", "a_layout_without_that_kind");
	open_layout(with_layout(2, 2, 8), "want multiples of 4", "a_layout_of_odd_bytes");
	open_layout(with_layout(2, 252, 252), "is cut off", "a_layout_of_large_kinds");
	size = with_layout(2, 4, 8);
	header->layout_size += 4096;
	open_layout(size, "BTF kinds end at", "a_layout_beyond_the_end");
	size = with_layout(2, 4, 8);
	header->layout_off -= 4;
	open_layout(size, "overlap", "a_layout_inside_the_types");
	size = with_layout(2, 4, 8);
	header->layout_off++;
	open_layout(size, "want multiples of 4", "a_layout_at_an_odd_place");
}

static void essential_names(void)
{
	eq_int(btf_essential_size("task"), 4, "no_flavour");
	eq_int(btf_essential_size("task___old"), 4, "a_flavour");
	eq_int(btf_essential_size("a___b___c"), 5, "the_last_flavour_counts");
	eq_int(btf_essential_size("task__old"), 9, "two_underscores_are_no_flavour");
	eq_int(btf_essential_size("task____old"), 11, "nor_are_four");
	eq_int(btf_essential_size("task___"), 7, "nor_are_three_at_the_end");
	eq_int(btf_essential_size("___old"), 6, "nor_at_the_beginning");
	eq_int(btf_essential_size(""), 0, "no_name");
}

/* References that lead nowhere: walks over BTF that is only walked over end. */
static void loops(void)
{
	struct btf btf;

	memset(&mk, 0, sizeof(mk));
	mk_type(&mk, BTF_TYPEDEF, "self", 0, 1);
	mk_type(&mk, BTF_CONST, NULL, 0, 3);
	mk_type(&mk, BTF_VOLATILE, NULL, 0, 2);
	mk_array(&mk, 4, 1);
	mk_type(&mk, BTF_CONST, NULL, 0, 99);
	mk_var(&mk, "v", 6, 0);
	btf_open_lazy(&btf, NULL, mk.blob, mk_blob(&mk), NULL);
	btf_scan(&btf, &none, save, NULL, NULL);
	ok(!btf_skip(&btf, 1) && !btf_skip(&btf, 2) && !btf_skip(&btf, 5), "skip_ends");
	ok(btf_size(&btf, 4) == -EINVAL && btf_size(&btf, 6) == -EINVAL, "size_ends");
	eq_int(btf_check(&btf, NULL), -EINVAL, "the_check_finds_that");
	btf_close(&btf);
}

int main(void)
{
	split();
	layout();
	essential_names();
	loops();
	return tap_done();
}
