// SPDX-License-Identifier: MIT
/* loader/link/core_value: what each kind of CO-RE relocation comes to, from two small BTFs. */
#include <errno.h>

#include "loader/link/core_match.h"
#include "loader/link/core_value.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

static struct btfmake ours, theirs;
static struct btf local, target;
static struct hewn_err err;

static void begin(void)
{
	memset(&ours, 0, sizeof(ours));
	memset(&theirs, 0, sizeof(theirs));
}

static void end(void)
{
	btf_close(&local);
	btf_close(&target);
	hewn_err_close(&err);
}

static void open_both(void)
{
	if (mk_open(&ours, &local, &err) || mk_open(&theirs, &target, &err)) {
		printf("Bail out! %s\n", err.what);
		exit(1);
	}
}

/* The value for one candidate, or none (id 0). */
static int value_of(enum core_kind kind, uint32_t root, const char *access, uint32_t id, bool big,
		    struct core_value *v)
{
	struct core_candidate candidate = {&target, id, NULL};
	struct core_spec spec;
	uint32_t n = id != 0;
	int ret;

	hewn_err_close(&err);
	memset(&err, 0, sizeof(err));
	memset(v, 0, sizeof(*v));
	ret = core_spec_read(&spec, &local, root, kind, access, &err);
	return ret ? ret : core_value(&spec, &candidate, &n, big, v, &err);
}

/* A field at `target`, where the object has it at `local`; -1: none. */
static void field(uint32_t root, const char *access, uint32_t id, long long at, long long there,
		  const char *name)
{
	struct core_value v;
	int ret = value_of(CORE_FIELD_OFFSET, root, access, id, false, &v);

	if (!ok(!ret && v.local == (uint64_t)at &&
			(there < 0 ? v.poison : v.target == (uint64_t)there && !v.poison),
		name))
		printf("# %d: %llu -> %llu%s, want %lld -> %lld: %s\n", ret,
		       (unsigned long long)v.local, (unsigned long long)v.target,
		       v.poison ? " poison" : "", at, there, err.what);
}

/* ── fields ── */

/*
 * Ours: struct s { int a; struct { int b; int c[4]; }; struct t { int x; int y; } t; int tail[]; }
 * Theirs has the members in another order, more of them, and none without a name.
 */
static void fields_are_found_by_their_names(void)
{
	uint32_t i32, array, anon, t, flex, s, u32, their_array, their_t, their_flex, their_s, u;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	array = mk_array(&ours, i32, 4);
	anon = mk_type(&ours, BTF_STRUCT, NULL, 2, 20);
	mk_named(&ours, "b", i32, 0);
	mk_named(&ours, "c", array, 32);
	t = mk_type(&ours, BTF_STRUCT, "t", 2, 8);
	mk_named(&ours, "x", i32, 0);
	mk_named(&ours, "y", i32, 32);
	flex = mk_array(&ours, i32, 0);
	s = mk_type(&ours, BTF_STRUCT, "s___mine", 4, 32);
	mk_named(&ours, "a", i32, 0);
	mk_named(&ours, NULL, anon, 32);
	mk_named(&ours, "t", t, 192);
	mk_named(&ours, "tail", flex, 256);

	u32 = mk_int(&theirs, "unsigned int", 4, 0);
	their_array = mk_array(&theirs, u32, 3);
	their_t = mk_type(&theirs, BTF_STRUCT, "t_v2", 3, 12);
	mk_named(&theirs, "more", u32, 0);
	mk_named(&theirs, "y", u32, 32);
	mk_named(&theirs, "x", u32, 64);
	their_flex = mk_array(&theirs, u32, 0);
	u = mk_type(&theirs, BTF_UNION, NULL, 2, 12);
	mk_named(&theirs, "t", their_t, 0);
	mk_named(&theirs, "other", u32, 0);
	their_s = mk_type(&theirs, BTF_STRUCT, "s", 5, 40);
	mk_named(&theirs, "c", their_array, 32);
	mk_named(&theirs, NULL, u, 128);
	mk_named(&theirs, "a", u32, 256);
	mk_named(&theirs, "b", their_array, 0);
	mk_named(&theirs, "tail", their_flex, 320);
	open_both();

	field(s, "0:0", their_s, 0, 32, "member_by_name");
	field(s, "1:0", their_s, 32, 72, "element_of_the_pointer_counts_the_kernels_size");
	field(s, "0:2:1", their_s, 28, 20, "member_of_a_member_that_is_in_an_anonymous_union");
	field(s, "0:2:0", their_s, 24, 24, "types_of_other_names_do");
	field(s, "0:1:1:2", their_s, 16, 12, "element_of_an_array_in_an_anonymous_struct");
	field(s, "0:1:1:3", their_s, 20, -1, "element_beyond_the_kernels_array");
	field(s, "0:1:0", their_s, 4, -1, "a_number_is_no_array");
	field(s, "0:3:5", their_s, 52, 60, "flexible_array_at_the_end");
	field(s, "0:3", their_s, 32, 40, "flexible_array_itself");
	field(s, "0:0", 0, 0, -1, "no_candidate_at_all");
	field(s, "0:0", their_t, 0, -1, "candidate_without_the_member");
	end();
}

static void access_that_the_btf_has_not(void)
{
	static const struct {
		const char *access, *why, *name;
	} cases[] = {
		{"", "numbers", "empty_access"},
		{":0", "numbers", "access_that_begins_with_a_colon"},
		{"0:", "numbers", "access_that_ends_with_a_colon"},
		{"0:x", "numbers", "access_with_letters"},
		{"0:1", "no such member", "member_beyond_the_last"},
		{"0:0:0", "neither a struct", "member_of_a_number"},
		{"99999999999:0", "numbers", "number_too_large"},
		{"2147483647:0", "too far", "element_too_far"},
	};
	struct core_value v;
	uint32_t i32, s;
	char deep[400] = "0";

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	s = mk_type(&ours, BTF_STRUCT, "s", 1, 4);
	mk_named(&ours, "a", i32, 0);
	open_both();
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		value_of(CORE_FIELD_OFFSET, s, cases[i].access, 0, false, &v);
		has(err.what, cases[i].why, cases[i].name);
	}
	eq_int(value_of(CORE_TYPE_SIZE, s, "0:0", 0, false, &v), -EINVAL, "type_with_an_access");
	eq_int(value_of(CORE_ENUM_VALUE, s, "0", 0, false, &v), -EINVAL, "enumerator_of_a_struct");
	eq_int(value_of(CORE_FIELD_OFFSET, 99, "0", 0, false, &v), -EINVAL,
	       "type_that_is_not_there");
	for (int i = 0; i < 100; i++)
		strcat(deep, ":0");
	ok(value_of(CORE_FIELD_OFFSET, s, deep, 0, false, &v) < 0, "access_too_deep");
	end();
}

static void properties_of_a_field(void)
{
	uint32_t i32, u16, s, i64, their_i32, their_s;
	struct core_value v;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	u16 = mk_int(&ours, "short", 2, 0);
	s = mk_type(&ours, BTF_STRUCT, "s", 3, 12);
	mk_named(&ours, "a", i32, 0);
	mk_named(&ours, "b", u16, 32);
	mk_named(&ours, "gone", u16, 48);
	i64 = mk_int(&theirs, "long", 8, MK_SIGNED);
	their_i32 = mk_int(&theirs, "int", 4, MK_SIGNED);
	their_s = mk_type(&theirs, BTF_STRUCT, "s", 2, 24);
	mk_named(&theirs, "a", i64, 64);
	mk_named(&theirs, "b", their_i32, 128);
	open_both();

	value_of(CORE_FIELD_SIZE, s, "0:0", their_s, false, &v);
	ok(v.local == 4 && v.target == 8 && v.checked, "size");
	value_of(CORE_FIELD_EXISTS, s, "0:0", their_s, false, &v);
	ok(v.target == 1 && v.found && !v.poison, "exists");
	value_of(CORE_FIELD_EXISTS, s, "0:2", their_s, false, &v);
	ok(v.local == 1 && v.target == 0 && !v.found && !v.poison, "exists_not");
	value_of(CORE_FIELD_SIGNED, s, "0:1", their_s, false, &v);
	ok(v.local == 0 && v.target == 1, "signed");
	value_of(CORE_FIELD_LSHIFT, s, "0:1", their_s, false, &v);
	ok(v.local == 48 && v.target == 32, "left_shift_of_a_plain_field");
	value_of(CORE_FIELD_RSHIFT, s, "0:1", their_s, false, &v);
	ok(v.local == 48 && v.target == 32, "right_shift_of_a_plain_field");
	value_of(CORE_FIELD_LSHIFT, s, "0:1", their_s, true, &v);
	ok(v.local == 48 && v.target == 32, "left_shift_big_endian");
	value_of(CORE_FIELD_SIZE, s, "0:2", their_s, false, &v);
	ok(v.poison, "size_of_what_is_not_there");
	end();
}

/* unsigned f : 3 at bit 30 of ours; at bit 5, 36 bits wide, signed, and of an enum, in theirs. */
static void bitfields(void)
{
	uint32_t u32, s, i64, e, u8, their_s;
	struct core_value v;

	begin();
	u32 = mk_int(&ours, "unsigned int", 4, 0);
	s = mk_type(&ours, BTF_STRUCT, "s", 4 | MK_KFLAG, 16);
	mk_named(&ours, "f", u32, 33 | 3u << 24);
	mk_named(&ours, "g", u32, 96 | 3u << 24);
	mk_named(&ours, "e", u32, 64 | 4u << 24);
	mk_named(&ours, "h", u32, 100 | 4u << 24);
	i64 = mk_int(&theirs, "long", 8, MK_SIGNED);
	u8 = mk_int(&theirs, "unsigned char", 1, 0);
	e = mk_type(&theirs, BTF_ENUM, "e", 1 | MK_KFLAG, 4);
	mk_pair(&theirs, "minus", (uint32_t)-1);
	their_s = mk_type(&theirs, BTF_STRUCT, "s", 3 | MK_KFLAG, 24);
	mk_named(&theirs, "f", i64, 69 | 36u << 24);
	mk_named(&theirs, "g", u8, 7 | 4u << 24);
	mk_named(&theirs, "h", i64, 60 | 36u << 24);
	(void)e;
	open_both();

	value_of(CORE_FIELD_OFFSET, s, "0:0", their_s, false, &v);
	ok(v.local == 4 && v.target == 8 && !v.checked && !v.local_size && !v.target_size,
	   "bitfield_offset_is_aligned_and_never_resized");
	value_of(CORE_FIELD_SIZE, s, "0:0", their_s, false, &v);
	ok(v.local == 4 && v.target == 8, "bitfield_size_is_what_is_loaded");
	value_of(CORE_FIELD_LSHIFT, s, "0:0", their_s, false, &v);
	ok(v.local == 60 && v.target == 23, "bitfield_left_shift");
	value_of(CORE_FIELD_LSHIFT, s, "0:0", their_s, true, &v);
	ok(v.local == 33 && v.target == 5, "bitfield_left_shift_big_endian");
	value_of(CORE_FIELD_RSHIFT, s, "0:0", their_s, false, &v);
	ok(v.local == 61 && v.target == 28 && v.checked, "bitfield_right_shift");
	value_of(CORE_FIELD_SIGNED, s, "0:0", their_s, false, &v);
	ok(v.local == 0 && v.target == 1, "bitfield_signed");
	value_of(CORE_FIELD_SIZE, s, "0:1", their_s, false, &v);
	ok(v.target == 2, "bitfield_over_a_bound_is_loaded_by_more");
	value_of(CORE_FIELD_LSHIFT, s, "0:1", their_s, false, &v);
	eq_int(v.target, 64 - 11, "its_left_shift");
	eq_int(value_of(CORE_FIELD_SIZE, s, "0:3", their_s, false, &v), -E2BIG,
	       "bitfield_over_eight_bytes_bound");
	end();
}

/* Ours: u32 a[4], b[4]; theirs: u32 a[21]; u64 b[4]. A load of an array is one of an element, whatever the array's size. */
static void arrays_are_loaded_by_their_elements(void)
{
	uint32_t u32, u64, array, s, other, their_s;
	struct core_value v;

	begin();
	u32 = mk_int(&ours, "unsigned int", 4, 0);
	array = mk_array(&ours, u32, 4);
	s = mk_type(&ours, BTF_STRUCT, "s", 2, 32);
	mk_named(&ours, "a", array, 0);
	mk_named(&ours, "b", array, 128);
	u32 = mk_int(&theirs, "unsigned int", 4, 0);
	u64 = mk_int(&theirs, "unsigned long", 8, 0);
	array = mk_array(&theirs, u32, 21);
	other = mk_array(&theirs, u64, 4);
	their_s = mk_type(&theirs, BTF_STRUCT, "s", 2, 120);
	mk_named(&theirs, "a", array, 0);
	mk_named(&theirs, "b", other, 704);
	open_both();

	value_of(CORE_FIELD_OFFSET, s, "0:0", their_s, false, &v);
	ok(v.local_size == 4 && v.target_size == 4 && !v.misfit, "arrays_are_loaded_by_their_elements");
	value_of(CORE_FIELD_OFFSET, s, "0:1", their_s, false, &v);
	ok(v.local_size == 4 && v.target_size == 8 && v.misfit, "elements_of_another_size_do_not_fit");
	value_of(CORE_FIELD_SIZE, s, "0:0", their_s, false, &v);
	ok(v.local == 16 && v.target == 84, "the_size_of_an_array_is_that_of_all");
	end();
}

/* ── compatibility ── */

static void fields_of_other_types(void)
{
	enum { N = 8 };
	uint32_t i32, f, p, fwd_a, e_a, st, a, their_i64, their_f, their_p, s, their_s, td, td2;
	uint32_t fwd_b, e_b, e64, un, their_a, old;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	f = mk_type(&ours, BTF_FLOAT, "float", 0, 4);
	p = mk_type(&ours, BTF_PTR, NULL, 0, i32);
	fwd_a = mk_type(&ours, BTF_FWD, "fwd___x", 0, 0);
	e_a = mk_type(&ours, BTF_ENUM, "en", 0, 4);
	st = mk_type(&ours, BTF_STRUCT, "st", 0, 4);
	a = mk_array(&ours, p, 2);
	td = mk_type(&ours, BTF_TYPEDEF, "td", 0, mk_type(&ours, BTF_CONST, NULL, 0, i32));
	(void)fwd_a;
	s = mk_type(&ours, BTF_STRUCT, "s", N, 64);
	mk_named(&ours, "i", td, 0);
	mk_named(&ours, "f", f, 32);
	mk_named(&ours, "p", p, 64);
	mk_named(&ours, "e", e_a, 128);
	mk_named(&ours, "st", st, 160);
	mk_named(&ours, "a", a, 192);
	mk_named(&ours, "e2", e_a, 320);
	mk_named(&ours, "i2", i32, 352);

	their_i64 = mk_int(&theirs, "long", 8, 0);
	their_f = mk_type(&theirs, BTF_FLOAT, "double", 0, 8);
	their_p = mk_type(&theirs, BTF_PTR, NULL, 0, 0);
	fwd_b = mk_type(&theirs, BTF_FWD, "fwd", 0, 0);
	e_b = mk_type(&theirs, BTF_ENUM, "en___flavour", 0, 4);
	e64 = mk_type(&theirs, BTF_ENUM64, "other", 0, 8);
	un = mk_type(&theirs, BTF_UNION, "un", 0, 4);
	their_a = mk_array(&theirs, their_p, 9);
	td2 = mk_type(&theirs, BTF_VOLATILE, NULL, 0, their_i64);
	old = mk_type(&theirs, BTF_INT, "bits", 0, 4);
	mk_word(&theirs, 4u << 16 | 8); /* 8 bits at bit 4 */
	(void)fwd_b;
	their_s = mk_type(&theirs, BTF_STRUCT, "s", N, 80);
	mk_named(&theirs, "i", td2, 0);
	mk_named(&theirs, "f", their_f, 64);
	mk_named(&theirs, "p", their_p, 128);
	mk_named(&theirs, "e", e_b, 192);
	mk_named(&theirs, "st", un, 224);
	mk_named(&theirs, "a", their_a, 256);
	mk_named(&theirs, "e2", e64, 384);
	mk_named(&theirs, "i2", old, 448);
	open_both();

	field(s, "0:0", their_s, 0, 0, "numbers_of_any_size_and_sign");
	field(s, "0:1", their_s, 4, 8, "floats_of_any_size");
	field(s, "0:2", their_s, 8, 16, "pointers_to_anything");
	field(s, "0:3", their_s, 16, 24, "enums_of_one_name");
	field(s, "0:4", their_s, 20, 28, "struct_and_union");
	field(s, "0:5", their_s, 24, 32, "arrays_of_any_length");
	field(s, "0:6", their_s, 40, -1, "enums_of_other_names_do_not");
	field(s, "0:7", their_s, 44, -1, "numbers_that_were_bitfields_do_not");
	eq_int(core_fields_compatible(&local, fwd_a, &target, fwd_b), 1, "forward_of_one_name");
	eq_int(core_fields_compatible(&local, i32, &target, their_f), 0, "number_and_float");
	end();
}

static void names_have_flavours(void)
{
	eq_int(btf_essential_size("task_struct___old"), 11, "flavour_is_cut_off");
	eq_int(btf_essential_size("a___b___c"), 5, "the_last_one_only");
	eq_int(btf_essential_size("a____b"), 6, "four_underscores_are_none");
	eq_int(btf_essential_size("a___"), 4, "nothing_behind_is_none");
	eq_int(btf_essential_size("___a"), 4, "nothing_before_is_none");
	eq_int(btf_essential_size(""), 0, "empty_name");
	ok(core_same_name("x___1", "x___2") && core_same_name("x", "x___2"), "flavours_are_equal");
	ok(!core_same_name("x", "xy") && !core_same_name("", "x") && core_same_name("", ""),
	   "other_names_are_not");
}

/* ── types ── */

static void properties_of_a_type(void)
{
	uint32_t i32, s, td, p, their_s, their_td, fwd;
	struct core_value v;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	s = mk_type(&ours, BTF_STRUCT, "s", 1, 4);
	mk_named(&ours, "a", i32, 0);
	td = mk_type(&ours, BTF_TYPEDEF, "td", 0, s);
	p = mk_type(&ours, BTF_TYPEDEF, "pt", 0, mk_type(&ours, BTF_PTR, NULL, 0, s));
	(void)p;
	mk_int(&theirs, "filler", 4, 0);
	their_s = mk_type(&theirs, BTF_STRUCT, "s", 0, 400);
	their_td = mk_type(&theirs, BTF_TYPEDEF, "td", 0, their_s);
	fwd = mk_type(&theirs, BTF_FWD, "s", 0, 0);
	open_both();

	value_of(CORE_TYPE_ID_LOCAL, td, "0", 0, false, &v);
	ok(v.target == td && !v.checked && !v.poison && v.found,
	   "id_in_the_object_needs_no_kernel");
	value_of(CORE_TYPE_ID_TARGET, s, "0", their_s, false, &v);
	ok(v.target == their_s && !v.checked, "id_in_the_kernel");
	value_of(CORE_TYPE_EXISTS, td, "0", their_td, false, &v);
	ok(v.target == 1, "typedef_exists");
	value_of(CORE_TYPE_EXISTS, td, "0", their_s, false, &v);
	ok(v.target == 0 && !v.poison, "typedef_is_not_what_it_stands_for");
	value_of(CORE_TYPE_EXISTS, s, "0", fwd, false, &v);
	eq_int(v.target, 0, "forward_declaration_is_no_struct");
	value_of(CORE_TYPE_SIZE, s, "0", their_s, false, &v);
	ok(v.local == 4 && v.target == 400, "size_of_a_type");
	value_of(CORE_TYPE_SIZE, s, "0", 0, false, &v);
	ok(v.target == 0 && !v.poison, "size_of_what_is_not_there");
	value_of(CORE_TYPE_ID_TARGET, s, "0", 0, false, &v);
	ok(v.target == 0 && !v.poison, "id_of_what_is_not_there");
	end();
}

/* int fn(int, T *), by the return type and the second parameter. */
static uint32_t make_fn(struct btfmake *mk, uint32_t ret, uint32_t i32, uint32_t second, uint32_t n)
{
	uint32_t id = mk_type(mk, BTF_FUNC_PROTO, NULL, n, ret);

	mk_pair(mk, "a", i32);
	if (n > 1)
		mk_pair(mk, "b", second);
	return id;
}

static void functions_are_compared_by_their_parameters(void)
{
	uint32_t i32, p, f, t32, tp, same, fewer, other, deep;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	p = mk_type(&ours, BTF_PTR, NULL, 0, i32);
	f = make_fn(&ours, 0, i32, p, 2);
	deep = f;
	for (int i = 0; i < 34; i++)
		deep = make_fn(&ours, 0, deep, 0, 1);
	t32 = mk_int(&theirs, "u64", 8, 0);
	tp = mk_type(&theirs, BTF_PTR, NULL, 0, t32);
	same = make_fn(&theirs, 0, t32, tp, 2);
	fewer = make_fn(&theirs, 0, t32, 0, 1);
	other = make_fn(&theirs, 0, t32, t32, 2);
	open_both();
	eq_int(core_types_compatible(&local, f, &target, same), 1, "same_parameters");
	eq_int(core_types_compatible(&local, f, &target, fewer), 0, "fewer_parameters");
	eq_int(core_types_compatible(&local, f, &target, other), 0, "a_number_for_a_pointer");
	eq_int(core_types_compatible(&local, deep, &local, deep), -EINVAL, "too_deep_to_tell");
	eq_int(core_types_match(&local, deep, &local, deep), -EINVAL, "too_deep_to_match");
	eq_int(core_types_match(&local, f, &target, same), 0, "matching_wants_equal_numbers");
	eq_int(core_types_match(&local, f, &local, f), 1, "function_matches_itself");
	end();
}

/* Ours: struct s { int a; struct t *p; } and struct t { int q; }. */
static void types_match_in_all_their_parts(void)
{
	uint32_t i32, t, p, s, fwd_s, fwd_u, pf, pu, un, u32, more, fwd, pfwd, with_fwd, less, sign;
	uint32_t by_value, p_by_value, their_u, e, e_more, e_less, e_size;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	t = mk_type(&ours, BTF_STRUCT, "t", 1, 4);
	mk_named(&ours, "q", i32, 0);
	p = mk_type(&ours, BTF_PTR, NULL, 0, t);
	s = mk_type(&ours, BTF_STRUCT, "s", 2, 16);
	mk_named(&ours, "a", i32, 0);
	mk_named(&ours, "p", p, 64);
	fwd_s = mk_type(&ours, BTF_FWD, "t", 0, 0);
	fwd_u = mk_type(&ours, BTF_FWD, "un", MK_KFLAG, 0);
	pf = mk_type(&ours, BTF_PTR, NULL, 0, fwd_s);
	pu = mk_type(&ours, BTF_PTR, NULL, 0, fwd_u);
	un = mk_type(&ours, BTF_UNION, "un", 0, 4);
	e = mk_type(&ours, BTF_ENUM, "e", 1, 4);
	mk_pair(&ours, "one___mine", 1);

	u32 = mk_int(&theirs, "int", 4, 0);
	their_u = mk_int(&theirs, "int", 4, MK_SIGNED);
	by_value = mk_type(&theirs, BTF_STRUCT, "t", 0, 4);
	p_by_value = mk_type(&theirs, BTF_PTR, NULL, 0, by_value);
	fwd = mk_type(&theirs, BTF_FWD, "t", 0, 0);
	pfwd = mk_type(&theirs, BTF_PTR, NULL, 0, fwd);
	with_fwd = mk_type(&theirs, BTF_STRUCT, "s", 3, 24);
	mk_named(&theirs, "more", u32, 32);
	mk_named(&theirs, "p", pfwd, 64);
	mk_named(&theirs, "a", their_u, 128);
	less = mk_type(&theirs, BTF_STRUCT, "s", 1, 4);
	mk_named(&theirs, "a", their_u, 0);
	sign = mk_type(&theirs, BTF_STRUCT, "s", 2, 16);
	mk_named(&theirs, "a", u32, 0);
	mk_named(&theirs, "p", pfwd, 64);
	more = mk_type(&theirs, BTF_UNION, "un", 0, 4);
	e_more = mk_type(&theirs, BTF_ENUM, "e", 2, 4);
	mk_pair(&theirs, "zero", 7);
	mk_pair(&theirs, "one", 9);
	e_less = mk_type(&theirs, BTF_ENUM, "e", 1, 4);
	mk_pair(&theirs, "two", 1);
	e_size = mk_type(&theirs, BTF_ENUM64, "e", 1, 8);
	mk_named(&theirs, "one", 1, 0);
	open_both();

	eq_int(core_types_match(&local, s, &target, with_fwd), 1,
	       "more_members_and_a_forward_behind_a_pointer");
	eq_int(core_types_match(&local, s, &target, less), 0, "fewer_members");
	eq_int(core_types_match(&local, s, &target, sign), 0, "member_of_another_sign");
	eq_int(core_types_match(&local, t, &target, by_value), 0, "struct_without_the_member");
	eq_int(core_types_match(&local, p, &target, pfwd), 1, "struct_and_forward_behind_pointers");
	eq_int(core_types_match(&local, p, &target, p_by_value), 1,
	       "struct_behind_a_pointer_by_its_name");
	eq_int(core_types_match(&local, pf, &target, pfwd), 1, "two_forwards_behind_pointers");
	eq_int(core_types_match(&local, fwd_s, &target, by_value), 0,
	       "forward_is_no_struct_without_a_pointer");
	eq_int(core_types_match(&local, fwd_s, &target, fwd), 1, "two_forwards");
	eq_int(core_types_match(&local, fwd_u, &local, un), 0, "forward_union_without_a_pointer");
	eq_int(core_types_match(&local, pu, &local, pu), 1, "forward_unions");
	eq_int(core_types_match(&local, un, &target, more), 1, "unions");
	eq_int(core_types_match(&local, e, &target, e_more), 1, "enumerators_by_name");
	eq_int(core_types_match(&local, e, &target, e_less), 0, "enumerator_that_is_not_there");
	eq_int(core_types_match(&local, e, &target, e_size), 0, "enum_of_another_size");
	end();
}

/* ── enumerators ── */

static void enumerators(void)
{
	uint32_t e, e64, s32, their, their64;
	struct core_value v;

	begin();
	e = mk_type(&ours, BTF_ENUM, "e___x", 3, 4);
	mk_pair(&ours, "A", 1);
	mk_pair(&ours, "B___mine", 2);
	mk_pair(&ours, "GONE", 3);
	s32 = mk_type(&ours, BTF_ENUM, "s", 1 | MK_KFLAG, 4);
	mk_pair(&ours, "A", (uint32_t)-5);
	e64 = mk_type(&ours, BTF_ENUM64, "big", 1, 8);
	mk_named(&ours, "A", 1, 1);
	their = mk_type(&theirs, BTF_ENUM, "e", 2, 4);
	mk_pair(&theirs, "B", 20);
	mk_pair(&theirs, "A", 0xfffffff6);
	their64 = mk_type(&theirs, BTF_ENUM64, "e", 1, 8);
	mk_named(&theirs, "A", 5, 7);
	open_both();

	value_of(CORE_ENUM_VALUE, e, "0", their64, false, &v);
	ok(v.local == 1 && v.target == 0x700000005, "value_in_64_bits");
	value_of(CORE_ENUM_VALUE, e, "1", their, false, &v);
	eq_int(v.target, 20, "flavour_of_an_enumerator");
	value_of(CORE_ENUM_VALUE, s32, "0", their, false, &v);
	ok(v.local == (uint64_t)-5 && v.target == (uint64_t)-10, "negative_values");
	value_of(CORE_ENUM_VALUE, e64, "0", their64, false, &v);
	eq_int(v.local, 0x100000001, "value_of_ours_in_64_bits");
	value_of(CORE_ENUM_EXISTS, e, "1", their, false, &v);
	ok(v.local == 1 && v.target == 1, "enumerator_exists");
	value_of(CORE_ENUM_EXISTS, e, "2", their, false, &v);
	ok(v.target == 0 && !v.poison, "enumerator_exists_not");
	value_of(CORE_ENUM_VALUE, e, "2", their, false, &v);
	ok(v.poison, "value_of_what_is_not_there");
	eq_int(value_of(CORE_ENUM_VALUE, e, "3", their, false, &v), -EINVAL,
	       "enumerator_beyond_the_last");
	end();
}

/* ── several candidates ── */

static void candidates_must_agree(void)
{
	struct core_candidate c[4];
	uint32_t i32, s, t32, one, two, twin, n = 4;
	struct core_spec a, b, none;
	struct core_value v;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	s = mk_type(&ours, BTF_STRUCT, "s", 3, 12);
	mk_named(&ours, "a", i32, 0);
	mk_named(&ours, "b", i32, 32);
	mk_named(&ours, "c", i32, 64);
	t32 = mk_int(&theirs, "int", 4, MK_SIGNED);
	one = mk_type(&theirs, BTF_STRUCT, "s", 1, 8);
	mk_named(&theirs, "a", t32, 32);
	two = mk_type(&theirs, BTF_STRUCT, "s___2", 2, 16);
	mk_named(&theirs, "a", t32, 64);
	mk_named(&theirs, "b", t32, 96);
	twin = mk_type(&theirs, BTF_STRUCT, "s", 2, 20);
	mk_named(&theirs, "b", t32, 96);
	mk_named(&theirs, "a", t32, 64);
	open_both();
	c[0] = (struct core_candidate){&target, one, NULL};
	c[1] = (struct core_candidate){&target, two, NULL};
	c[2] = (struct core_candidate){&target, twin, "mod"};
	c[3] = (struct core_candidate){&target, t32, NULL};
	core_spec_read(&a, &local, s, CORE_FIELD_OFFSET, "0:0", &err);
	core_spec_read(&b, &local, s, CORE_FIELD_OFFSET, "0:1", &err);
	core_spec_read(&none, &local, s, CORE_FIELD_OFFSET, "0:2", &err);

	eq_int(core_value(&a, c, &n, false, &v, &err), -EINVAL, "candidates_that_disagree");
	has(err.what, "ambiguous", "are_called_so");
	has(err.what, "4 in type 2 of vmlinux, and 8 in type 3 of vmlinux", "and_named");
	hewn_err_close(&err);
	c[0] = (struct core_candidate){&target, one, NULL};
	n = 4;
	ok(!core_value(&none, c, &n, false, &v, NULL) && v.poison && n == 4,
	   "what_none_has_drops_none");
	ok(!core_value(&b, c, &n, false, &v, NULL) && v.target == 12 && n == 2,
	   "those_without_the_field_are_dropped");
	ok(!core_value(&a, c, &n, false, &v, NULL) && v.target == 8 && n == 2,
	   "so_that_the_rest_agrees");
	end();
}

/* A kernel's BTF is not checked beforehand: what holds itself must not keep us busy for ever. */
static void hostile_btf_ends(void)
{
	uint32_t i32, s, loop;
	struct core_candidate c = {&target, 0, NULL};
	struct core_spec spec;
	struct core_value v;
	uint32_t n = 1;

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	s = mk_type(&ours, BTF_STRUCT, "s", 1, 4);
	mk_named(&ours, "a", i32, 0);
	loop = mk_type(&theirs, BTF_STRUCT, "s", 2, 8);
	mk_named(&theirs, NULL, 0, 0);
	mk_named(&theirs, NULL, 0, 0);
	open_both();
	/* Behind the back of the checks of btf_open(): both members are of the struct itself. */
	((struct btf_member *)(uintptr_t)btf_body(btf_type(&target, loop)))[0].type = loop;
	((struct btf_member *)(uintptr_t)btf_body(btf_type(&target, loop)))[1].type = loop;
	c.id = loop;
	core_spec_read(&spec, &local, s, CORE_FIELD_OFFSET, "0:0", NULL);
	ok(core_value(&spec, &c, &n, false, &v, NULL) < 0, "member_of_itself");
	eq_int(core_types_match(&target, loop, &target, loop), -EINVAL, "match_of_itself");
	end();
}

static void text_of_a_field(void)
{
	uint32_t i32, array, t, s;
	struct core_spec spec;
	char text[64], tiny[12];

	begin();
	i32 = mk_int(&ours, "int", 4, MK_SIGNED);
	array = mk_array(&ours, i32, 4);
	t = mk_type(&ours, BTF_STRUCT, NULL, 1, 16);
	mk_named(&ours, "c", array, 0);
	s = mk_type(&ours, BTF_UNION, "s", 1, 16);
	mk_named(&ours, NULL, t, 0);
	open_both();
	core_spec_read(&spec, &local, s, CORE_FIELD_OFFSET, "1:0:0:3", NULL);
	core_spec_text(&spec, text, sizeof(text));
	eq_str(text, "union s[1].c[3]", "text_of_an_access");
	core_spec_text(&spec, tiny, sizeof(tiny));
	eq_str(tiny, "union s[1].", "text_is_cut_to_fit");
	end();
}

int main(void)
{
	fields_are_found_by_their_names();
	access_that_the_btf_has_not();
	properties_of_a_field();
	bitfields();
	arrays_are_loaded_by_their_elements();
	fields_of_other_types();
	names_have_flavours();
	properties_of_a_type();
	functions_are_compared_by_their_parameters();
	types_match_in_all_their_parts();
	enumerators();
	candidates_must_agree();
	hostile_btf_ends();
	text_of_a_field();
	return tap_done();
}
