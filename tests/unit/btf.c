// SPDX-License-Identifier: MIT
/* BTF: what is accepted, what is refused and why, sizes, both byte orders, and the copy for old
 * kernels. */
#include <errno.h>
#include <string.h>

#include "loader/object/btf.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

static struct btfmake mk;

static struct btfmake *fresh(void)
{
	memset(&mk, 0, sizeof(mk));
	return &mk;
}

/* A type of each kind; ids are in the order below. */
enum {
	INT = 1,
	PTR,
	ARRAY,
	STRUCT,
	UNION,
	ENUM,
	FWD,
	TYPEDEF,
	VOLATILE,
	CONST,
	RESTRICT,
	PROTO,
	FUNC,
	VAR,
	DATASEC,
	FLOAT,
	DECL_TAG,
	TYPE_TAG,
	ENUM64
};

static void one_of_each(void)
{
	fresh();
	mk_int(&mk, "int", 4, MK_SIGNED);
	mk_type(&mk, BTF_PTR, NULL, 0, TYPE_TAG);
	mk_array(&mk, INT, 10);
	mk_type(&mk, BTF_STRUCT, "s", 2 | MK_KFLAG, 44);
	mk_named(&mk, "a", ARRAY, 0);
	mk_named(&mk, "bits", INT, 3u << 24 | 321);
	mk_type(&mk, BTF_UNION, "u", 1, 8);
	mk_named(&mk, "p", PTR, 0);
	mk_type(&mk, BTF_ENUM, "e", 2 | MK_KFLAG, 4);
	mk_pair(&mk, "minus", (uint32_t)-1);
	mk_pair(&mk, "one", 1);
	mk_type(&mk, BTF_FWD, "later", 0, 0);
	mk_type(&mk, BTF_TYPEDEF, "t", 0, VOLATILE);
	mk_type(&mk, BTF_VOLATILE, NULL, 0, CONST);
	mk_type(&mk, BTF_CONST, NULL, 0, INT);
	mk_type(&mk, BTF_RESTRICT, NULL, 0, PTR);
	mk_type(&mk, BTF_FUNC_PROTO, NULL, 1, INT);
	mk_pair(&mk, "x", INT);
	mk_type(&mk, BTF_FUNC, "f", 1, PROTO);
	mk_var(&mk, "v", STRUCT, 1);
	mk_type(&mk, BTF_DATASEC, "?data", 1, 0);
	mk_secvar(&mk, VAR, 0, 44);
	mk_type(&mk, BTF_FLOAT, "double", 0, 8);
	mk_type(&mk, BTF_DECL_TAG, "tag", 0, STRUCT);
	mk_word(&mk, (uint32_t)-1);
	mk_type(&mk, BTF_TYPE_TAG, "user", 0, INT);
	mk_type(&mk, BTF_ENUM64, "e64", 2, 8);
	mk_named(&mk, "big", 0, 1);
	mk_named(&mk, "small", 1, 0);
}

static void strings_steer_no_terminal(void)
{
	struct btf btf;

	memset(&mk, 0, sizeof(mk));
	mk_int(&mk, "a\033[2J\xc2\x9b\x7f\tb \xc3\xbc\xc2", 4, 0);
	ok(!mk_open(&mk, &btf, NULL), "a_name_with_control_characters_opens");
	eq_str(btf_name(&btf, 1), "a [2J   \tb \xc3\xbc\xc2", "and_has_blanks_for_them");
	btf_close(&btf);
}

static void answers(void)
{
	struct hewn_err err = {0};
	struct btf btf;
	const struct btf_member *members;

	one_of_each();
	if (!ok(!mk_open(&mk, &btf, &err), "every_kind_opens"))
		printf("# %s\n", err.what);
	eq_int(btf.n_types, 20, "ids_count_from_one");
	ok(!btf_type(&btf, 0) && !btf_type(&btf, 20), "void_and_unknown_ids_have_no_type");
	eq_str(btf_name(&btf, STRUCT), "s", "a_type_has_its_name");
	eq_str(btf_name(&btf, PTR), "", "no_name_is_empty");
	eq_str(btf_str(&btf, 1 << 30), "", "a_string_outside_is_empty");
	eq_int(btf_find(&btf, BTF_ENUM64, "e64"), ENUM64, "find_by_kind_and_name");
	eq_int(btf_find(&btf, BTF_ENUM, "e64"), 0, "find_wants_the_kind_too");
	eq_int(btf_skip(&btf, TYPEDEF), INT, "skip_goes_past_typedef_volatile_const");
	eq_int(btf_skip(&btf, TYPE_TAG), INT, "skip_goes_past_type_tags");
	eq_int(btf_skip(&btf, PTR), PTR, "skip_stops_at_a_pointer");
	eq_int(btf_size(&btf, ARRAY), 40, "size_of_an_array");
	eq_int(btf_size(&btf, TYPEDEF), 4, "size_past_a_typedef");
	eq_int(btf_size(&btf, PTR), 8, "pointers_of_bpf_have_8_bytes");
	eq_int(btf_size(&btf, VAR), 44, "size_of_a_variable_is_its_types");
	eq_int(btf_size(&btf, FWD), -EINVAL, "a_forward_declaration_has_no_size");
	eq_int(btf_size(&btf, FUNC), -EINVAL, "a_function_has_no_size");
	eq_int(btf_size(&btf, 0), -EINVAL, "void_has_no_size");
	members = btf_body(btf_type(&btf, STRUCT));
	eq_int(btf_member_bit(btf_type(&btf, STRUCT), &members[1]), 321,
	       "bitfield_offset_with_kind_flag");
	eq_int(btf_member_bits(btf_type(&btf, STRUCT), &members[1]), 3,
	       "bitfield_size_with_kind_flag");
	eq_int(btf_set_datasec_size(&btf, INT, 4), -EINVAL, "only_a_datasec_gets_a_size");
	eq_int(btf_set_secvar_offset(&btf, DATASEC, 1, 4), -EINVAL,
	       "only_a_variable_there_gets_an_offset");
	eq_int(btf_set_func_linkage(&btf, FUNC, 3), -EINVAL, "linkage_is_0_to_2");
	btf_close(&btf);
	btf_close(&btf);
	ok(!btf_type(&btf, 1), "closed_btf_has_no_types");
}

static void swapped_input(void)
{
	struct btf btf, host;
	uint32_t size;

	one_of_each();
	size = mk_blob(&mk);
	btf_open(&host, mk.blob, size, NULL);
	/* Everything but the first four bytes and the strings is 32-bit words. */
	mk.blob[0] ^= mk.blob[1], mk.blob[1] ^= mk.blob[0], mk.blob[0] ^= mk.blob[1];
	for (uint32_t i = 4; i < BTF_HEADER_SIZE + 4 * mk.n_words; i += 4) {
		uint32_t word;

		memcpy(&word, mk.blob + i, 4);
		word = __builtin_bswap32(word);
		memcpy(mk.blob + i, &word, 4);
	}
	eq_int(btf_open(&btf, mk.blob, size, NULL), 0, "the_other_byte_order_opens");
	ok(btf.swapped && !host.swapped, "swapped_says_so");
	ok(btf.size == host.size && !memcmp(btf.bytes, host.bytes, btf.size),
	   "swapped_and_host_are_equal_after_opening");
	btf_close(&btf);
	btf_close(&host);
}

/* ── refusals ── */

static void refuse_bytes(const void *bytes, uint32_t size, const char *why, const char *name)
{
	struct hewn_err err = {0};
	struct btf btf;
	int ret = btf_open(&btf, bytes, size, &err);

	if (ret != -EINVAL || !strstr(err.what, why))
		printf("# returned %d: %s\n", ret, err.what);
	ok(ret == -EINVAL && strstr(err.what, why) && !btf.bytes, name);
	btf_close(&btf);
}

static void refuse(const char *why, const char *name)
{
	uint32_t size = mk_blob(&mk);

	refuse_bytes(mk.blob, size, why, name);
}

/* The header with one field, a 32-bit word, changed. */
static void refuse_header(uint32_t word, uint32_t value, const char *why, const char *name)
{
	uint32_t size;

	one_of_each();
	size = mk_blob(&mk);
	memcpy(mk.blob + 4 * word, &value, 4);
	refuse_bytes(mk.blob, size, why, name);
}

static void bad_headers(void)
{
	uint32_t size;

	refuse_bytes("\x9f\xeb", 2, "2 bytes", "a_blob_shorter_than_its_header");
	refuse_header(0, 0x12345678, "begins with", "wrong_magic");
	one_of_each();
	size = mk_blob(&mk);
	mk.blob[2] = 2;
	refuse_bytes(mk.blob, size, "version 2", "wrong_version");
	refuse_header(1, 23, "header of 23", "a_header_too_short");
	refuse_header(1, UINT32_MAX, "header of", "a_header_longer_than_the_blob");
	refuse_header(2, 2, "multiples of 4", "unaligned_types");
	refuse_header(2, UINT32_MAX, "types end", "types_outside");
	refuse_header(3, 4 * 4096, "types end", "types_too_long");
	refuse_header(4, 8, "overlap", "sections_overlap");
	refuse_header(5, UINT32_MAX, "strings end", "strings_too_long");
	refuse_header(5, 0, "zero byte", "no_strings");
	refuse_header(5, 4, "zero byte", "the_last_string_does_not_end");
	refuse_header(3, 8, "cut off", "a_cut_head");
	refuse_header(3, 12, "cut off", "a_cut_body");
}

static void bad_types(void)
{
	uint32_t words[8] = {BTF_TYPEDEF, BTF_CONST,	BTF_PTR,	BTF_VAR,
			     BTF_FUNC,	  BTF_TYPE_TAG, BTF_FUNC_PROTO, BTF_DECL_TAG};
	char name[64];

	mk_type(fresh(), (enum btf_kind)20, "x", 0, 0);
	refuse("kind 20", "an_unknown_kind");
	mk_type(fresh(), (enum btf_kind)0, "x", 0, 0);
	refuse("kind 0", "kind_zero");
	mk_int(fresh(), "int", 4, 0);
	mk.types[0] = 1000;
	refuse("name at 1000", "a_name_outside");
	for (int i = 0; i < 8; i++) {
		mk_type(fresh(), (enum btf_kind)words[i], "x", 0, 7);
		mk_word(&mk, 0);
		if (words[i] != BTF_VAR && words[i] != BTF_DECL_TAG)
			mk.n_words--;
		snprintf(name, sizeof(name), "%s_of_a_type_that_does_not_exist",
			 btf_kind_name((enum btf_kind)words[i]));
		refuse("type 7, want at most 1", name);
	}
	mk_array(fresh(), 2, 1);
	refuse("element type 2", "an_array_of_no_type");
	mk_type(fresh(), BTF_STRUCT, "s", 1, 4);
	mk_named(&mk, "m", 2, 0);
	refuse("type of an element 2", "a_member_of_no_type");
	mk_type(fresh(), BTF_ENUM, "e", 1, 4);
	mk_word(&mk, 99);
	mk_word(&mk, 0);
	refuse("name of an element", "an_enumerator_with_a_name_outside");
	mk_type(fresh(), BTF_DATASEC, "d", 1, 4);
	mk_secvar(&mk, 2, 0, 4);
	refuse("variable 2", "a_datasec_of_no_type");
	mk_type(fresh(), BTF_DATASEC, "d", 1, 4);
	mk_secvar(&mk, 1, 0, 4);
	refuse("want VAR", "a_datasec_holds_variables_only");
	mk_int(fresh(), "int", 4, 0);
	mk_type(&mk, BTF_FUNC, "f", 0, 1);
	refuse("want FUNC_PROTO", "a_function_has_a_prototype");
	mk_int(fresh(), "int", 4, 0);
	mk.types[3] = 33;
	refuse("last bit 33", "an_int_has_no_more_bits_than_its_bytes");
	mk_int(fresh(), "int", 17, 0);
	refuse("size in bits 136", "an_int_has_at_most_16_bytes");
	mk_type(fresh(), BTF_FLOAT, "f", 0, 32);
	refuse("size in bits 256", "a_float_has_at_most_16_bytes");
	mk_type(fresh(), BTF_ENUM, "f", 0, 9);
	refuse("size in bits 72", "an_enum_has_at_most_8_bytes");
	mk_int(fresh(), "int", 4, 0);
	mk_type(&mk, BTF_STRUCT, "s", 1, 4);
	mk_named(&mk, "m", 1, 33);
	refuse("at bit 33", "a_member_begins_inside_its_struct");
}

static void cycles(void)
{
	struct btf btf;
	uint32_t id;

	mk_type(fresh(), BTF_TYPEDEF, "t", 0, 1);
	refuse("holds itself", "a_typedef_of_itself");
	mk_type(fresh(), BTF_CONST, NULL, 0, 2);
	mk_type(&mk, BTF_VOLATILE, NULL, 0, 1);
	refuse("holds itself", "const_volatile_const");
	mk_array(fresh(), 1, 0);
	refuse("holds itself", "an_array_of_itself");
	mk_type(fresh(), BTF_STRUCT, "s", 1, 8);
	mk_named(&mk, "s", 2, 0);
	mk_array(&mk, 1, 1);
	refuse("holds itself", "a_struct_in_itself");
	mk_var(fresh(), "v", 1, 0);
	refuse("holds itself", "a_variable_of_itself");
	mk_type(fresh(), BTF_STRUCT, "list", 1, 8);
	mk_named(&mk, "next", 2, 0);
	mk_type(&mk, BTF_PTR, NULL, 0, 1);
	eq_int(mk_open(&mk, &btf, NULL), 0, "a_pointer_to_its_own_struct_is_fine");
	btf_close(&btf);

	id = mk_int(fresh(), "int", 4, 0);
	for (int i = 1; i < BTF_MAX_DEPTH; i++)
		id = mk_type(&mk, BTF_CONST, NULL, 0, id);
	eq_int(mk_open(&mk, &btf, NULL), 0, "the_deepest_nesting");
	btf_close(&btf);
	mk_type(&mk, BTF_CONST, NULL, 0, id);
	refuse("nests deeper", "one_more_is_too_deep");
	/* The same with ids that fall: the recursion, not the memory of it, finds the depth. */
	fresh();
	for (uint32_t i = 0; i < BTF_MAX_DEPTH + 1; i++)
		mk_type(&mk, BTF_CONST, NULL, 0, i + 2);
	mk_int(&mk, "int", 4, 0);
	refuse("nests deeper", "too_deep_from_the_top");
}

static void sizes(void)
{
	struct btf btf;
	uint32_t id = mk_int(fresh(), "int", 4, 0), empty;

	for (int i = 0; i < 3; i++)
		id = mk_array(&mk, id, 65536);
	empty = mk_array(&mk, id, 0);
	eq_int(mk_open(&mk, &btf, NULL), 0, "arrays_of_terabytes_open");
	eq_int(btf_size(&btf, id), -EINVAL, "their_size_is_no_size");
	eq_int(btf_size(&btf, empty), 0, "none_of_them_has_no_bytes");
	btf_close(&btf);
}

/* ── the copy ── */

static struct btf encoded(const struct btf *btf, uint32_t kernel, const char *name)
{
	struct btf copy = {0};
	struct hewn_err err = {0};
	uint8_t *bytes;
	uint32_t size;
	int ret = btf_encode(btf, kernel, &bytes, &size, &err);

	if (!ret)
		ret = btf_open(&copy, bytes, size, &err);
	if (ret)
		printf("# %s\n", err.what);
	eq_int(ret, 0, name);
	free(bytes);
	return copy;
}

static void for_new_kernels(void)
{
	struct btf btf, copy;
	const struct btf_secvar *vars;
	uint32_t linkage, ext_func, ext_var, open_sec, sec;

	one_of_each();
	ext_func = mk_type(&mk, BTF_FUNC, "kfunc", 2, PROTO);
	ext_var = mk_var(&mk, "ksym", 0, 2);
	open_sec = mk_type(&mk, BTF_DATASEC, ".ksyms", 2, 0);
	mk_secvar(&mk, ext_func, 0, 0);
	mk_secvar(&mk, ext_var, 0, 0);
	sec = mk_type(&mk, BTF_DATASEC, ".data", 2, 0);
	mk_secvar(&mk, VAR, 0, 44);
	mk_secvar(&mk, mk.n_ids + 1, 0, 4);
	mk_var(&mk, "w", INT, 0);
	mk_type(&mk, BTF_DATASEC, "empty", 0, 0);
	mk_open(&mk, &btf, NULL);
	eq_int(btf_set_datasec_size(&btf, sec, 48), 0, "a_datasec_gets_its_size");
	eq_int(btf_set_secvar_offset(&btf, sec, 0, 4), 0, "a_variable_gets_its_offset");
	eq_int(btf_set_func_linkage(&btf, FUNC, 0), 0, "a_function_gets_its_linkage");
	copy = encoded(&btf, BTF_NEWEST, "the_copy_opens");
	eq_int(copy.n_types, btf.n_types + 1, "one_int_is_added_for_symbols_without_a_type");
	eq_int(btf_kind(btf_type(&copy, FLOAT)), BTF_FLOAT, "new_kinds_stay");
	eq_int(btf_vlen(btf_type(&copy, FUNC)), 0, "linkage_is_in_the_copy");
	eq_int(btf_kind(btf_type(&copy, ext_func)), BTF_TYPEDEF,
	       "extern_functions_become_typedefs");
	eq_str(btf_name(&copy, ext_func), "kfunc", "and_keep_their_name");
	memcpy(&linkage, btf_body(btf_type(&copy, ext_var)), 4);
	eq_int(linkage, 1, "extern_variables_become_allocated");
	eq_int(btf_size(&copy, ext_var), 4, "and_sized");
	eq_int(btf_kind(btf_type(&copy, open_sec)), BTF_INT, "a_datasec_of_externs_becomes_an_int");
	eq_int(btf_kind(btf_type(&copy, DATASEC)), BTF_INT, "so_does_one_whose_size_nobody_set");
	eq_int(btf_size(&copy, sec), 48, "a_laid_out_datasec_stays");
	vars = btf_body(btf_type(&copy, sec));
	ok(vars[0].offset == 0 && vars[0].size == 4 && vars[1].offset == 4,
	   "its_variables_are_sorted");
	btf_close(&copy);
	btf_set_secvar_offset(&btf, sec, 0, 3);
	copy = encoded(&btf, BTF_NEWEST, "a_copy_with_overlapping_variables");
	eq_int(btf_kind(btf_type(&copy, sec)), BTF_INT, "overlapping_variables_make_no_datasec");
	btf_close(&copy);
	btf_close(&btf);
}

static void for_old_kernels(void)
{
	static const uint32_t rungs[] = {0x060900, 0x060000, 0x051100, 0x051000, 0x050d00, 0x050600, 0x050200, 0x050000, 0};
	struct btf btf, copy;
	const char *what;
	static const struct {
		uint32_t id;
		enum btf_kind kind;
		int64_t size;
		const char *name;
	} want[] = {
		{FLOAT, BTF_STRUCT, 8, "float_becomes_a_struct"},
		{DECL_TAG, BTF_INT, 1, "decl_tag_becomes_an_int"},
		{TYPE_TAG, BTF_CONST, 4, "type_tag_becomes_const"},
		{ENUM64, BTF_INT, 8, "enum64_becomes_an_int"},
		{ENUM, BTF_ENUM, 4, "enum_stays"},
		{DATASEC, BTF_DATASEC, 44, "datasec_stays"},
		{STRUCT, BTF_STRUCT, 44, "struct_stays"},
	};

	one_of_each();
	mk_open(&mk, &btf, NULL);
	btf_set_datasec_size(&btf, DATASEC, 44);
	for (size_t i = 0; i < sizeof(rungs) / sizeof(rungs[0]); i++)
		eq_int(btf_newest_rule(btf_rules(&btf), i ? rungs[i - 1] - 1 : BTF_NEWEST, &what), rungs[i], "the_newest_kind_and_those_before_it");
	copy = encoded(&btf, 0x050800, "the_old_copy_opens");
	eq_int(copy.n_types, btf.n_types, "ids_do_not_move");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		ok(btf_kind(btf_type(&copy, want[i].id)) == want[i].kind &&
			   btf_size(&copy, want[i].id) == want[i].size,
		   want[i].name);
	ok(!btf_kind_flag(btf_type(&copy, ENUM)), "signed_enum_loses_its_flag");
	ok(btf_kind_flag(btf_type(&copy, STRUCT)), "a_struct_keeps_it");
	eq_str(btf_name(&copy, DATASEC), "_data", "a_question_mark_becomes_an_underscore");
	ok(btf_newest_rule(btf_rules(&copy), BTF_NEWEST, &what) < 0x050800, "no_new_kinds_are_left");
	btf_close(&copy);
	btf_close(&btf);
	mk_int(fresh(), "int", 4, 0);
	mk_open(&mk, &btf, NULL);
	ok(!btf_newest_rule(btf_rules(&btf), BTF_NEWEST, &what), "an_int_is_no_new_kind");
	btf_close(&btf);
	mk_type(fresh(), BTF_DATASEC, ".rodata", 0, 28); /* of constants without a name */
	mk_open(&mk, &btf, NULL);
	eq_int(btf_newest_rule(btf_rules(&btf), BTF_NEWEST, &what), 0x050c00, "a_section_without_variables_is_new");
	copy = encoded(&btf, BTF_NEWEST, "the_copy_opens");
	ok(btf_kind(btf_type(&copy, 1)) == BTF_DATASEC && btf_size(&copy, 1) == 28, "and_stays");
	btf_close(&copy);
	copy = encoded(&btf, 0x050800, "the_old_copy_of_it_opens");
	eq_int(btf_kind(btf_type(&copy, 1)), BTF_INT, "where_it_becomes_an_int");
	btf_close(&copy);
	btf_close(&btf);
	/* Types that grow when they are rewritten must have room. */
	fresh();
	for (int i = 0; i < 200; i++)
		mk_type(&mk, BTF_ENUM64, NULL, 0, 8);
	for (int i = 0; i < 200; i++)
		mk_type(&mk, BTF_DATASEC, NULL, 0, 0);
	mk_open(&mk, &btf, NULL);
	copy = encoded(&btf, 0x050800, "empty_types_may_grow");
	eq_int(copy.n_types, 401, "and_are_all_there");
	btf_close(&copy);
	btf_close(&btf);
}

/* 4.18, which has the kinds up to RESTRICT, and 5.1, which has FUNC too. */
static void for_the_oldest_kernels(void)
{
	static const struct {
		uint32_t id;
		enum btf_kind kind;
		int64_t size;
		const char *name;
	} want[] = {
		{VAR, BTF_INT, 1, "var_becomes_an_int"},
		{DATASEC, BTF_STRUCT, 50, "datasec_becomes_a_struct"},
		{PROTO, BTF_INT, 1, "func_proto_becomes_an_int"},
		{FUNC, BTF_TYPEDEF, 1, "func_becomes_a_typedef"},
		{STRUCT, BTF_STRUCT, 44, "a_struct_with_bitfields_stays"},
		{FWD, BTF_FWD, -EINVAL, "fwd_stays"},
	};
	struct btf btf, copy;
	const struct btf_member *members;
	uint32_t wide, local;

	one_of_each();
	wide = mk_int(&mk, "unsigned __int128", 16, 0);
	local = mk_type(&mk, BTF_DATASEC, ".data", 2, 50);
	mk_secvar(&mk, VAR, 0, 44);
	mk_secvar(&mk, mk.n_ids + 1, 46, 4);
	mk_var(&mk, "f.local", INT, 0);
	mk_open(&mk, &btf, NULL);
	btf_set_datasec_size(&btf, DATASEC, 50);
	copy = encoded(&btf, 0x050100, "the_copy_for_5.1_opens");
	eq_int(btf_kind(btf_type(&copy, FUNC)), BTF_FUNC, "5.1_has_functions");
	eq_int(btf_vlen(btf_type(&copy, FUNC)), 0, "which_are_static");
	ok(btf_kind_flag(btf_type(&copy, STRUCT)), "and_bitfields");
	eq_int(btf_kind(btf_type(&copy, wide)), BTF_STRUCT, "but_no_int_of_128_bits");
	eq_int(btf_size(&copy, wide), 16, "whose_room_is_kept");
	btf_close(&copy);

	copy = encoded(&btf, 0x041200, "the_copy_for_4.18_opens");
	eq_int(copy.n_types, btf.n_types, "where_ids_do_not_move");
	for (size_t i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		if (!ok(btf_kind(btf_type(&copy, want[i].id)) == want[i].kind && btf_size(&copy, want[i].id) == want[i].size, want[i].name))
			printf("# it is %s of %lld\n", btf_kind_name(btf_kind(btf_type(&copy, want[i].id))),
			       (long long)btf_size(&copy, want[i].id));
	ok(!btf_kind_flag(btf_type(&copy, STRUCT)) && btf_vlen(btf_type(&copy, STRUCT)) == 1, "without_them");
	members = btf_body(btf_type(&copy, local));
	eq_str(btf_str(&copy, members[0].name_off), "v", "a_variable_is_a_member");
	eq_int(members[0].type, STRUCT, "of_its_type");
	ok(members[1].offset == 46 * 8 && members[1].type == INT, "at_its_place");
	eq_str(btf_str(&copy, members[1].name_off), "", "a_name_with_a_dot_is_no_members");
	btf_close(&copy);
	btf_close(&btf);
}

int main(void)
{
	answers();
	strings_steer_no_terminal();
	swapped_input();
	bad_headers();
	bad_types();
	cycles();
	sizes();
	for_new_kernels();
	for_old_kernels();
	for_the_oldest_kernels();
	return tap_done();
}
