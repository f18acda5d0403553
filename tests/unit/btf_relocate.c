// SPDX-License-Identifier: MIT
/* loader/object/btf_relocate: a module's types, split from an excerpt of one vmlinux, are split from another. */
#include <errno.h>

#include "loader/err.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

static struct btfmake vmlinux, excerpt, module;
static struct btf base, dist, split;

/* The kernel that runs: a FWD before the struct, other numbers, and a second "twice". */
enum { LONG = 1, PAIR_FWD, INT, PAIR, LIST, COLOR, TWICE_A, TWICE_B, N_BASE };

static void make_vmlinux(void)
{
	memset(&vmlinux, 0, sizeof(vmlinux));
	mk_int(&vmlinux, "long int", 8, MK_SIGNED);
	mk_type(&vmlinux, BTF_FWD, "pair", 0, 0);
	mk_int(&vmlinux, "int", 4, MK_SIGNED);
	mk_type(&vmlinux, BTF_STRUCT, "pair", 1, 24);
	mk_named(&vmlinux, "first", LONG, 0);
	mk_type(&vmlinux, BTF_STRUCT, "list", 1, 16);
	mk_named(&vmlinux, "next", LONG, 0);
	mk_type(&vmlinux, BTF_ENUM, "color", 1, 4);
	mk_pair(&vmlinux, "RED", 0);
	mk_type(&vmlinux, BTF_STRUCT, "twice", 0, 8);
	mk_type(&vmlinux, BTF_STRUCT, "twice", 0, 8);
	mk_open(&vmlinux, &base, NULL);
}

/* What the module was built with: in another order, structs without members. The last one is the test's. */
static void make_excerpt(enum btf_kind kind, const char *name, uint32_t size)
{
	memset(&excerpt, 0, sizeof(excerpt));
	mk_int(&excerpt, "int", 4, MK_SIGNED);			   /* 1 */
	mk_type(&excerpt, BTF_STRUCT, "list", 0, 16);		   /* 2 */
	mk_type(&excerpt, BTF_FWD, "pair", 0, 0);		   /* 3 */
	mk_type(&excerpt, BTF_ENUM, "color", 0, 4);		   /* 4 */
	mk_type(&excerpt, kind, name, 0, size);			   /* 5 */
	mk_open(&excerpt, &dist, NULL);
}

/* Ids 6 to 11. Names that the excerpt has are taken from there: "int" is at 1. */
static void make_module(void)
{
	memset(&module, 0, sizeof(module));
	mk_type(&module, BTF_PTR, NULL, 0, 3);
	mk_type(&module, BTF_STRUCT, "mine", 3, 32);
	mk_named(&module, "number", 1, 0);
	mk_named(&module, "links", 2, 64);
	mk_named(&module, NULL, 6, 192);
	mk_array(&module, 4, 7);
	mk_type(&module, BTF_FUNC_PROTO, NULL, 1, 1);
	mk_pair(&module, "of", 6);
	mk_type(&module, BTF_FUNC, "make", 1, 9);
	mk_type(&module, BTF_TYPEDEF, NULL, 0, 7);
	for (uint32_t i = 0, words = 0; words < module.n_words; i++) { /* own names count behind the excerpt's */
		struct btf_head *type = (struct btf_head *)(void *)&module.types[words];
		uint32_t *each = (uint32_t *)(void *)(type + 1), n = btf_layout(btf_kind(type))->words_each;

		type->name_off += type->name_off ? dist.strings_size : 0;
		for (uint32_t k = 0; n && k < btf_vlen(type); k++)
			each[k * n] += each[k * n] ? dist.strings_size : 0;
		if (btf_kind(type) == BTF_TYPEDEF)
			type->name_off = 1; /* "int", of the excerpt */
		words += 3 + btf_body_size(type) / 4;
	}
	mk_blob(&module);
	if (btf_open_split(&split, &dist, module.blob, mk_blob(&module), NULL))
		printf("# the module does not open\n");
}

static void finish(void)
{
	btf_close(&split);
	btf_close(&dist);
}

static void moves(void)
{
	const uint32_t mine = N_BASE + 1;
	const struct btf_member *members;
	struct hewn_err err = { 0 };
	struct btf moved;
	uint8_t *bytes;
	uint32_t size;

	make_excerpt(BTF_FLOAT, "none", 8);
	make_module();
	eq_int(btf_relocate(&split, &base, &bytes, &size, &err), -ESRCH, "a_type_that_vmlinux_has_not");
	has(err.what, "FLOAT 'none' of vmlinux, which has none", "is_named");
	hewn_err_close(&err);
	finish();
	make_excerpt(BTF_STRUCT, "twice", 8);
	make_module();
	eq_int(btf_relocate(&split, &base, &bytes, &size, &err), -ENOTUNIQ, "one_that_it_has_twice");
	hewn_err_close(&err);
	finish();
	make_excerpt(BTF_STRUCT, "pair", 16);
	make_module();
	eq_int(btf_relocate(&split, &base, &bytes, &size, NULL), -ESRCH, "one_of_another_size");
	finish();

	make_excerpt(BTF_FWD, "twice", 0);
	make_module();
	if (!ok(!btf_relocate(&split, &base, &bytes, &size, &err) && !btf_open_split(&moved, &base, bytes, size, &err), "types_are_moved"))
		printf("# %s\n", err.what);
	eq_int(moved.n_types, N_BASE + 6, "all_of_them");
	eq_int(btf_type(&moved, N_BASE)->size_or_type, PAIR, "a_pointer_goes_to_the_struct_before_the_declaration");
	members = btf_body(btf_type(&moved, mine));
	ok(members[0].type == INT && members[1].type == LIST && members[2].type == N_BASE, "members_have_the_kernels_types");
	eq_int(btf_size(&moved, members[1].type), 16, "with_their_size");
	eq_str(btf_name(&moved, mine), "mine", "names_of_the_module_stay");
	eq_str(btf_str(&moved, members[1].name_off), "links", "of_members_too");
	ok(((const struct btf_array *)btf_body(btf_type(&moved, N_BASE + 2)))->type == COLOR, "elements_of_arrays_move");
	ok(((const struct btf_param *)btf_body(btf_type(&moved, N_BASE + 3)))->type == N_BASE, "parameters_too");
	eq_str(btf_name(&moved, N_BASE + 4), "make", "a_function_is_found");
	eq_str(btf_name(&moved, N_BASE + 5), "int", "a_name_that_only_the_excerpt_had_comes_along");
	btf_close(&moved);
	free(bytes);
	finish();
	eq_int(btf_relocate(&base, &base, &bytes, &size, NULL), -EINVAL, "what_is_not_split_is_not_moved");
}

int main(void)
{
	make_vmlinux();
	moves();
	btf_close(&base);
	return tap_done();
}
