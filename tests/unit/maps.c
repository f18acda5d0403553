// SPDX-License-Identifier: MIT
/* loader/object/maps, legacy, data, datasec: maps by their types, by their bytes, and of variables. */
#include <errno.h>
#include <linux/bpf.h>

#include "loader/plan/plan.h"
#include "loader/target/target.h"
#include "tests/btfmake.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;
static struct btfmake mk;

/* ── Definitions by BTF ── */

/* The fields of one map, which become a struct. */
struct field {
	const char *name;
	uint32_t type;
};

static uint32_t t_int, t_u64;

static void start(void)
{
	ew_open(&w, 64, false, ET_REL, EM_BPF);
	memset(&mk, 0, sizeof(mk));
	t_int = mk_int(&mk, "int", 4, MK_SIGNED);
	t_u64 = mk_int(&mk, "u64", 8, 0);
}

static uint32_t ptr(uint32_t type)
{
	return mk_type(&mk, BTF_PTR, NULL, 0, type);
}

/* __uint(field, n) */
static uint32_t number(uint32_t n)
{
	return ptr(mk_array(&mk, t_int, n));
}

static uint32_t structure(const struct field *fields, uint32_t n)
{
	uint32_t id = mk_type(&mk, BTF_STRUCT, NULL, n, 8 * n);

	for (uint32_t i = 0; i < n; i++)
		mk_named(&mk, fields[i].name, fields[i].type, 64 * i);
	return id;
}

/* Section .maps of maps with 64 bytes each; types are the structs. Returns the section. */
static uint32_t maps_section(const char *const *names, const uint32_t *types, uint32_t n, uint32_t linkage)
{
	uint32_t section = ew_section(&w, ".maps", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, NULL, 64 * n), vars[8];

	for (uint32_t i = 0; i < n; i++) {
		vars[i] = mk_var(&mk, names[i], types[i], linkage);
		ew_symbol(&w, names[i], linkage ? STB_GLOBAL : STB_LOCAL, STT_OBJECT, section, 64ull * i, 64);
	}
	mk_type(&mk, BTF_DATASEC, ".maps", n, 0);
	for (uint32_t i = 0; i < n; i++)
		mk_secvar(&mk, vars[i], 0, 64);
	return section;
}

static void add_btf(void)
{
	uint32_t n = mk_blob(&mk);

	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, n);
}

/* One map of these fields, which must open. */
static struct hewn_object *one_map(const struct field *fields, uint32_t n)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	uint32_t type = structure(fields, n);

	maps_section((const char *const[]){ "m" }, &type, 1, 1);
	add_btf();
	if (ew_object(&w, &o, &err))
		printf("# %s\n", err.what);
	ok(o && o->n_maps >= 1, "a_map_opens");
	if (!o)
		exit(1);
	return o;
}

static void one_bad_map(const struct field *fields, uint32_t n, const char *piece, const char *name)
{
	uint32_t type = structure(fields, n);

	maps_section((const char *const[]){ "m" }, &type, 1, 1);
	add_btf();
	ew_refused(&w, -EINVAL, piece, name);
}

static void fields_are_read(void)
{
	struct hewn_object *o;
	const struct obj_map *m;
	uint32_t extra;

	start();
	extra = mk_type(&mk, BTF_ENUM64, NULL, 1, 8);
	mk_named(&mk, "x", 5, 1);
	o = one_map((struct field[]){ { "type", number(1) }, { "max_entries", number(1024) },
				      { "key", ptr(t_int) }, { "value", ptr(t_u64) },
				      { "map_flags", number(1) }, { "map_extra", extra },
				      { "numa_node", number(2) }, { "pinning", number(1) } }, 8);
	m = &o->maps[0];
	eq_str(m->name, "m", "map_has_its_name");
	ok(m->type == 1 && m->max_entries == 1024 && m->flags == 1, "numbers_are_lengths_of_arrays");
	ok(m->key_size == 4 && m->value_size == 8 && m->key_type == t_int && m->value_type == t_u64,
	   "types_give_sizes_and_ids");
	eq_int(m->extra, 0x100000005, "wide_numbers_are_enumerators");
	ok(m->has_numa_node && m->numa_node == 2 && m->pin_by_name, "node_and_pinning_are_read");
	ok(m->origin == MAP_BTF && m->inner == NONE && !m->is_template && !m->n_values, "nothing_else_is_set");
	hewn_object_close(o);
	start();
	o = one_map((struct field[]){ { "type", number(4) }, { "key_size", number(4) }, { "value_size", number(4) } }, 3);
	ok(o->maps[0].key_size == 4 && !o->maps[0].key_type && !o->maps[0].max_entries, "sizes_alone_have_no_types");
	hewn_object_close(o);
}

static void bad_fields_are_refused(void)
{
	uint32_t big;

	start();
	one_bad_map((struct field[]){ { "max_entries", number(1) } }, 1, "the map has no type", "map_without_a_type");
	start();
	one_bad_map((struct field[]){ { "type", number(1) }, { "max_entires", number(1) } }, 2,
		    "unknown field `max_entires`", "unknown_field");
	start();
	one_bad_map((struct field[]){ { "type", t_int } }, 1, "field `type` is no number", "number_that_is_none");
	start();
	one_bad_map((struct field[]){ { "type", number(1) }, { "key", t_int } }, 2, "field `key` is no pointer",
		    "type_that_is_none");
	start();
	one_bad_map((struct field[]){ { "type", number(1) }, { "key", ptr(0) } }, 2, "has no size", "void_as_key");
	start();
	one_bad_map((struct field[]){ { "type", number(1) }, { "key_size", number(8) }, { "key", ptr(t_int) } }, 3,
		    "field `key` means 4 bytes, but another field said 8", "sizes_that_disagree");
	start();
	one_bad_map((struct field[]){ { "type", number(1) }, { "pinning", number(2) } }, 2, "pinning is 2",
		    "pinning_of_another_kind");
	start();
	big = mk_type(&mk, BTF_ENUM64, NULL, 1, 8);
	mk_named(&mk, "x", 0, 1);
	one_bad_map((struct field[]){ { "type", number(1) }, { "max_entries", big } }, 2,
		    "max_entries` is 4294967296", "number_of_more_than_32_bits");
}

static void hints_guess_the_field(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	uint32_t type;

	start();
	type = structure((struct field[]){ { "type", number(1) }, { "max_entry", number(1) } }, 2);
	maps_section((const char *const[]){ "m" }, &type, 1, 1);
	add_btf();
	eq_int(ew_object(&w, &o, &err), -EINVAL, "misspelt_field_is_refused");
	has(err.hint, "did you mean `max_entries`?", "and_the_right_one_is_guessed");
	hewn_err_close(&err);
}

static void bad_variables_are_refused(void)
{
	uint32_t type;

	start();
	type = structure((struct field[]){ { "type", number(1) } }, 1);
	maps_section((const char *const[]){ "m" }, &type, 1, 0);
	add_btf();
	ew_refused(&w, -EINVAL, "the map is static", "static_map");
	start();
	maps_section((const char *const[]){ "m" }, &t_int, 1, 1);
	add_btf();
	ew_refused(&w, -EINVAL, "the map's type is no struct", "int_as_map");
	start();
	maps_section((const char *const[]){ "m" }, &t_int, 1, 1);
	ew_refused(&w, -EINVAL, "no BTF", "maps_without_btf");
	start();
	type = structure((struct field[]){ { "type", number(1) } }, 1);
	maps_section((const char *const[]){ "m" }, &type, 1, 1);
	w.names[w.symbols[1].name] = 'x';
	add_btf();
	ew_refused(&w, -EINVAL, "but no symbol", "map_without_a_symbol");
}

/* ── Maps of maps and programs ── */

static void inner_maps_are_templates(void)
{
	const char *const names[] = { "outer", "plain" };
	uint32_t types[2], section, plain;
	struct hewn_object *o;

	start();
	types[1] = structure((struct field[]){ { "type", number(2) }, { "max_entries", number(1) },
					       { "key", ptr(t_int) }, { "value", ptr(t_u64) } }, 4);
	types[0] = structure((struct field[]){ { "type", number(12) }, { "max_entries", number(4) },
					       { "key", ptr(t_int) },
					       { "values", mk_array(&mk, ptr(types[1]), 0) } }, 4);
	section = maps_section(names, types, 2, 1);
	plain = 2; /* the second symbol */
	ew_rel(&w, section, 24 + 8 * 3, plain, 2);
	ew_rel(&w, section, 24, plain, 2);
	add_btf();
	eq_int(ew_object(&w, &o, NULL), 0, "map_of_maps_opens");
	eq_int(o->n_maps, 3, "template_is_a_map_of_its_own");
	eq_str(o->maps[0].name, "outer.inner", "template_is_named_after_its_outer");
	ok(o->maps[0].is_template && o->maps[0].value_size == 8, "template_is_marked");
	ok(o->maps[1].inner == 0 && o->maps[1].value_size == 4, "outer_map_knows_its_template");
	ok(o->maps[1].n_values == 2 && o->maps[1].values[0].key == 3 && o->maps[1].values[0].index == 2 &&
	   o->maps[1].values[1].key == 0 && !o->maps[1].values[0].is_prog, "initial_values_are_read");
	hewn_object_close(o);
}

static void programs_fill_program_arrays(void)
{
	const char *const name = "jumps";
	struct bpf_insn insns[] = { bpf_mov64_imm(BPF_REG_0, 0), bpf_exit_insn() };
	uint32_t type, section, prog, text;
	struct hewn_object *o;

	for (int wrong = 0; wrong < 3; wrong++) {
		start();
		type = mk_type(&mk, BTF_FUNC_PROTO, NULL, 0, t_int);
		type = structure((struct field[]){ { "type", number(3) }, { "max_entries", number(2) },
						   { "key_size", number(4) },
						   { "values", mk_array(&mk, ptr(type), 0) } }, 4);
		section = maps_section(&name, &type, 1, 1);
		prog = ew_func(&w, "prog", ew_code(&w, "xdp", insns, 2), 0, 2);
		text = ew_func(&w, "sub", ew_code(&w, ".text", insns, 2), 0, 2);
		ew_rel(&w, section, wrong == 2 ? 24 + 16 : 24 + 8, wrong == 1 ? text : prog, 2);
		add_btf();
		if (wrong) {
			ew_refused(&w, -EINVAL, wrong == 1 ? "`sub`, which is no program" : "initial value 2, but max_entries is 2",
				   "wrong_value_of_a_program_array");
			continue;
		}
		eq_int(ew_object(&w, &o, NULL), 0, "program_array_opens");
		ok(o->maps[0].n_values == 1 && o->maps[0].values[0].key == 1 && o->maps[0].values[0].is_prog &&
		   o->maps[0].values[0].index == object_func(o, "prog"), "programs_are_values");
		hewn_object_close(o);
	}
}

static void maps_nest_once(void)
{
	uint32_t inner, middle;

	start();
	inner = structure((struct field[]){ { "type", number(2) } }, 1);
	middle = structure((struct field[]){ { "type", number(12) }, { "values", mk_array(&mk, ptr(inner), 0) } }, 2);
	one_bad_map((struct field[]){ { "type", number(12) }, { "values", mk_array(&mk, ptr(middle), 0) } }, 2,
		    "maps nest only once", "map_of_maps_of_maps");
	start();
	inner = structure((struct field[]){ { "type", number(2) }, { "pinning", number(1) } }, 2);
	one_bad_map((struct field[]){ { "type", number(12) }, { "values", mk_array(&mk, ptr(inner), 0) } }, 2,
		    "an inner map cannot be pinned", "pinned_inner_map");
	start();
	inner = structure((struct field[]){ { "type", number(2) } }, 1);
	one_bad_map((struct field[]){ { "type", number(1) }, { "values", mk_array(&mk, ptr(inner), 0) } }, 2,
		    "field `values` holds maps, but the map's type is 1", "values_in_a_hash");
	start();
	one_bad_map((struct field[]){ { "type", number(12) }, { "values", mk_array(&mk, t_int, 0) } }, 2,
		    "field `values` is no array of maps or programs", "values_of_another_kind");
}

static void addresses_outside_of_values_are_refused(void)
{
	uint32_t type, section;

	start();
	one_bad_map((struct field[]){ { "type", number(12) }, { "max_entries", number(1) } }, 2,
		    "does not say which maps go into it", "map_of_unknown_maps");

	start();
	type = structure((struct field[]){ { "type", number(2) } }, 1);
	section = maps_section((const char *const[]){ "m" }, &type, 1, 1);
	ew_rel(&w, section, 8, 1, 2);
	add_btf();
	ew_refused(&w, -EINVAL, "in no field `values`", "address_outside_of_values");
}

/* ── Definitions by bytes ── */

static void legacy(const uint32_t *words, uint32_t each, uint32_t n, uint32_t bind)
{
	static const char *const names[] = { "first", "second", "third" };
	uint32_t section;
	uint8_t bytes[512];

	ew_open(&w, 64, true, ET_REL, EM_BPF);
	for (uint32_t i = 0; i < each * n / 4; i++)
		ew_put(&w, bytes + 4 * i, 4, words[i]);
	section = ew_section(&w, "maps", SHT_PROGBITS, SHF_ALLOC, bytes, each * n);
	for (uint32_t i = n; i-- > 0;)
		ew_symbol(&w, names[i], bind, STT_OBJECT, section, (uint64_t)each * i, each);
}

static void legacy_maps_are_told_apart_by_size(void)
{
	struct hewn_object *o;

	legacy((uint32_t[]){ 1, 4, 8, 16, 1, 2, 4, 4, 1, 0 }, 20, 2, STB_GLOBAL);
	eq_int(ew_object(&w, &o, NULL), 0, "legacy_maps_open");
	ok(o->n_maps == 2 && o->maps[0].type == 1 && o->maps[0].value_size == 8 && o->maps[0].flags == 1,
	   "legacy_map_has_its_five_numbers");
	eq_str(o->maps[1].name, "second", "maps_are_in_the_order_of_the_file");
	eq_int(o->maps[0].origin, MAP_LEGACY, "legacy_maps_are_marked");
	hewn_object_close(o);

	legacy((uint32_t[]){ 1, 4, 8, 16 }, 16, 1, STB_GLOBAL);
	eq_int(ew_object(&w, &o, NULL), 0, "legacy_map_without_flags_opens");
	hewn_object_close(o);

	legacy((uint32_t[]){ 13, 4, 4, 16, 0, 1, 2, 7, 0xffffffff, 2, 4, 8, 1, 0, 7, 0, 0, 3,
			     2, 4, 8, 1, 0, 8, 0, 0, 3 }, 36, 3, STB_GLOBAL);
	eq_int(ew_object(&w, &o, NULL), 0, "maps_of_iproute2_open");
	ok(o->maps[0].inner == 1 && o->maps[0].pin_by_name && !o->maps[1].pin_by_name, "inner_map_is_found_by_id");
	ok(o->maps[0].n_values == 1 && o->maps[0].values[0].key == 3 && o->maps[0].values[0].index == 1,
	   "inner_map_takes_its_place");
	hewn_object_close(o);

	legacy((uint32_t[]){ 12, 4, 4, 16, BPF_F_NUMA_NODE, 1, 3, 2, 4, 8, 1, 0, 0, 0 }, 28, 2, STB_GLOBAL);
	eq_int(ew_object(&w, &o, NULL), 0, "maps_of_the_kernels_samples_open");
	ok(o->maps[0].inner == 1 && o->maps[0].has_numa_node && o->maps[0].numa_node == 3,
	   "inner_map_is_found_by_index");
	hewn_object_close(o);

	legacy((uint32_t[]){ 1, 4, 8, 16, 0, 0, 0, 0 }, 32, 1, STB_GLOBAL);
	eq_int(ew_object(&w, &o, NULL), 0, "longer_map_with_zeros_opens");
	hewn_object_close(o);
}

static void bad_legacy_maps_are_refused(void)
{
	legacy((uint32_t[]){ 1, 4, 8, 16, 0, 0, 0, 9 }, 32, 1, STB_GLOBAL);
	ew_refused(&w, -EOPNOTSUPP, "byte 28 is not zero", "longer_map_with_more");
	legacy((uint32_t[]){ 1, 4, 8, 16, 0 }, 20, 1, STB_LOCAL);
	ew_refused(&w, -EINVAL, "the map is static", "static_legacy_map");
	legacy((uint32_t[]){ 1, 4 }, 8, 1, STB_GLOBAL);
	ew_refused(&w, -EINVAL, "8 bytes for 1 maps", "too_short_a_map");
	legacy((uint32_t[]){ 12, 4, 4, 16, 0, 0, 0, 9, 0 }, 36, 1, STB_GLOBAL);
	ew_refused(&w, -EINVAL, "does not say which map is its inner one", "outer_map_without_an_inner");
	legacy((uint32_t[]){ 12, 4, 4, 16, 0, 7, 0, 7, 0, 12, 4, 4, 16, 0, 7, 0, 7, 0 }, 36, 2, STB_GLOBAL);
	ew_refused(&w, -EINVAL, "maps nest only once", "two_outer_maps_in_each_other");
	legacy((uint32_t[]){ 1, 4, 8, 16, 0, 2, 4, 8, 1, 0 }, 20, 2, STB_GLOBAL);
	w.symbols[1].value = 24;
	ew_refused(&w, -EINVAL, "map at byte 24, want 20", "maps_with_gaps");
	legacy((uint32_t[]){ 1, 4, 8, 16, 0 }, 20, 1, STB_GLOBAL);
	w.n_symbols = 1;
	ew_refused(&w, -EINVAL, "20 bytes for 0 maps", "maps_without_symbols");
}

/* ── Variables ── */

static void variables_become_maps(void)
{
	struct hewn_object *o;
	uint32_t data, rodata, bss, one, two, found;
	uint8_t *bytes;
	uint32_t size;

	start();
	data = ew_section(&w, ".data", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "abcdefgh", 8);
	rodata = ew_section(&w, ".rodata.mine", SHT_PROGBITS, SHF_ALLOC, "xyz", 4);
	bss = ew_section(&w, ".bss", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 100);
	ew_section(&w, ".rodata.str1.1", SHT_PROGBITS, SHF_ALLOC, "unused", 7);
	ew_section(&w, ".database", SHT_PROGBITS, SHF_ALLOC, "1234", 4);
	ew_symbol(&w, "second", STB_GLOBAL, STT_OBJECT, data, 4, 4);
	ew_symbol(&w, "first", STB_GLOBAL, STT_OBJECT, data, 0, 4);
	ew_symbol(&w, "constant", STB_GLOBAL, STT_OBJECT, rodata, 0, 4);
	ew_symbol(&w, "zero", STB_GLOBAL, STT_OBJECT, bss, 0, 4);
	one = mk_var(&mk, "second", t_int, 1);
	two = mk_var(&mk, "first", t_int, 1);
	mk_type(&mk, BTF_DATASEC, ".data", 2, 0);
	mk_secvar(&mk, one, 0, 4);
	mk_secvar(&mk, two, 0, 4);
	add_btf();
	eq_int(ew_object(&w, &o, NULL), 0, "variables_open");
	eq_int(o->n_maps, 4, "and_so_does_a_section_that_nothing_refers_to");
	ok(o->maps[0].origin == MAP_DATA && o->maps[0].type == BPF_MAP_TYPE_ARRAY && o->maps[0].key_size == 4 &&
	   o->maps[0].value_size == 8 && o->maps[0].max_entries == 1, "variables_are_an_array_of_one");
	ok(!memcmp(o->maps[0].data, "abcdefgh", 8) && !o->maps[0].readonly && o->maps[0].data_size == 8, "with_their_bytes");
	eq_str(o->maps[0].kernel_name, "test.data", "the_kernel_sees_the_file_in_the_name");
	eq_str(o->maps[1].kernel_name, ".rodata.mine", "but_not_of_sections_of_ones_own");
	eq_str(o->maps[0].name, ".data", "here_it_is_the_section");
	ok(o->maps[0].flags == BPF_F_MMAPABLE && !o->maps[2].flags, "a_process_may_map_what_has_global_variables");
	ok(o->maps[1].readonly && o->maps[1].flags == BPF_F_RDONLY_PROG, "constants_cannot_be_written");
	ok(!o->maps[2].data && o->maps[2].value_size == 100, "bss_has_no_bytes");
	found = btf_find(&o->btf, BTF_DATASEC, ".data");
	eq_int(o->maps[0].value_type, found, "datasec_is_the_type_of_the_value");
	eq_int(btf_size(&o->btf, found), 8, "datasec_gets_its_size");
	eq_int(((const struct btf_secvar *)btf_body(btf_type(&o->btf, found)))[0].offset, 4,
	       "variables_get_their_places");
	eq_int(btf_encode(&o->btf, BTF_NEWEST, &bytes, &size, NULL), 0, "the_btf_can_be_encoded");
	free(bytes);
	hewn_object_close(o);
}

static void variables_of_each_cpu_become_maps(void)
{
	struct hewn_object *o;
	uint32_t section, var;

	start();
	section = ew_section(&w, ".percpu", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "abcd", 4);
	ew_section(&w, ".percpu.more", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 16);
	ew_symbol(&w, "here", STB_GLOBAL, STT_OBJECT, section, 0, 4);
	var = mk_var(&mk, "here", t_int, 1);
	mk_type(&mk, BTF_DATASEC, ".percpu", 1, 4);
	mk_secvar(&mk, var, 0, 4);
	add_btf();
	eq_int(ew_object(&w, &o, NULL), 0, "variables_of_each_cpu_open");
	eq_int(o->n_maps, 2, "and_are_a_map_a_section");
	ok(o->maps[0].type == BPF_MAP_TYPE_PERCPU_ARRAY && o->maps[0].value_size == 4 && o->maps[0].max_entries == 1 &&
	   !memcmp(o->maps[0].data, "abcd", 4), "of_one_value_for_each_cpu");
	ok(o->maps[0].value_type == btf_find(&o->btf, BTF_DATASEC, ".percpu") && !o->maps[0].key_type,
	   "whose_type_is_the_datasec");
	ok(!o->maps[0].flags && !o->maps[1].flags, "which_no_process_can_map");
	hewn_object_close(o);
}

static void names_fit_the_kernel(void)
{
	static const struct {
		const char *file, *section, *name;
	} cases[] = {
		{ "dir.d/long-name-of-object.bpf.o", ".data", "long_nam.data" },
		{ "long-name-of-object.bpf.o", ".rodata", "long_nam.rodata" },
		{ "", ".bss", ".bss" },
		{ "x.o", ".percpu", ".percpu" },
		{ "x.o", ".data.a_very_long_name", ".data.a_very_long_name" },
		{ "x.o", ".data_mine", NULL },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hewn_object *o;
		uint32_t section;

		start();
		section = ew_section(&w, cases[i].section, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "1234", 4);
		ew_symbol(&w, "v", STB_GLOBAL, STT_OBJECT, section, 0, 4);
		ew_finish(&w);
		eq_int(hewn_object_open_mem(&o, w.bytes, w.size, cases[i].file, NULL), 0, "an_object_with_data_opens");
		ew_free(&w);
		if (cases[i].name)
			eq_str(o->maps[0].kernel_name, cases[i].name, "name_of_a_section_for_the_kernel");
		else
			eq_int(o->n_maps, 0, "other_sections_are_no_maps");
		hewn_object_close(o);
	}
}

/* An object with variables in n sections .addr_space.1, and one map. Returns what opening it gives. */
static int with_pages(uint32_t kind, uint32_t entries, int n, struct hewn_object **o, struct hewn_err *err)
{
	static const struct bpf_insn insns[] = {
		{ .code = BPF_LD | BPF_DW | BPF_IMM, .dst_reg = 1 }, { 0 }, { .code = BPF_JMP | BPF_EXIT },
	};
	uint32_t type, section = 0, symbol, code;

	start();
	type = structure((struct field[]){ { "type", number(kind) }, { "max_entries", number(entries) } }, 2);
	maps_section((const char *const[]){ "arena" }, &type, 1, 1);
	while (n--)
		section = ew_section(&w, ".addr_space.1", SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, "abcdefgh", 8);
	symbol = ew_symbol(&w, "v", STB_GLOBAL, STT_OBJECT, section, 4, 4);
	code = ew_code(&w, "syscall", insns, 3);
	ew_func(&w, "f", code, 0, 3);
	ew_rel(&w, code, 0, symbol, 1);
	add_btf();
	return ew_object(&w, o, err);
}

/* Its map has ten entries. */
static int with_arena(uint32_t kind, int n, struct hewn_object **o, struct hewn_err *err)
{
	return with_pages(kind, 10, n, o, err);
}

static void an_arena_must_have_room_for_its_variables(void)
{
	struct hewn_plan *plan;
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	eq_int(with_pages(33, 1, 1, &o, NULL), 0, "an_arena_of_one_page_opens");
	eq_int(hewn_plan_open(&plan, o, NULL, NULL, NULL), 0, "and_has_room_for_8_bytes");
	hewn_plan_close(plan);
	hewn_object_close(o);
	eq_int(with_pages(33, 0, 1, &o, NULL), 0, "an_arena_of_no_page_opens");
	eq_int(hewn_plan_open(&plan, o, NULL, NULL, &err), -E2BIG, "but_its_variables_have_no_room");
	has(err.what, "8 bytes of variables in an arena of 0", "both_sizes_are_said");
	hewn_err_close(&err);
	hewn_object_close(o);
}

/* Where the variables of an arena of ten pages lie on a kernel, and where the program looks for the second word of them. */
static void arena_place(const char *release, uint64_t at, const char *name)
{
	struct hewn_target *target = calloc(1, sizeof(*target));
	struct hewn_plan *plan = NULL;
	struct hewn_object *o;
	const struct plan_step *map = NULL;

	target->recorded = true;
	target_remember(target, "uname -r", release);
	target_remember(target, "getconf PAGESIZE", "4096");
	eq_int(with_arena(33, 1, &o, NULL) || hewn_plan_open(&plan, o, target, NULL, NULL), 0, name);
	for (uint32_t i = 0; plan && i < plan->steps.n; i++)
		if (plan->steps.v[i].call == CALL_MMAP)
			map = &plan->steps.v[i];
	ok(map && map->fill_at == at, "there_they_are_copied");
	ok(plan && plan->n_images == 1 && (uint32_t)plan->images[0].insns[1].imm == at + 4, "and_there_they_are_looked_for");
	hewn_plan_close(plan);
	hewn_object_close(o);
	hewn_target_close(target);
}

static void variables_may_lie_in_an_arena(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	eq_int(with_arena(33, 1, &o, NULL), 0, "arena_opens");
	eq_int(o->n_maps, 1, "its_variables_are_no_map_of_their_own");
	ok(o->maps[0].data_size == 8 && !memcmp(o->maps[0].data, "abcdefgh", 8), "but_its_first_bytes");
	ok(o->n_relocs == 1 && o->relocs[0].kind == RELOC_DATA && o->relocs[0].index == 0 && o->relocs[0].addend == 4,
	   "which_instructions_refer_to");
	hewn_object_close(o);
	eq_int(with_arena(2, 1, &o, &err), -ENOENT, "no_arena_for_variables_of_one");
	has(err.what, "the object has none", "and_that_is_said");
	hewn_err_close(&err);
	eq_int(with_arena(33, 2, &o, &err), -EEXIST, "an_arena_has_one_section_of_variables");
	hewn_err_close(&err);
}

/* Compilers write the zeros too, and libbpf knows no other. A small file could ask for much memory. */
static void a_section_without_bytes_is_none_of_an_arena(void)
{
	struct hewn_object *o;
	uint32_t type;

	start();
	type = structure((struct field[]){ { "type", number(33) }, { "max_entries", number(600000) } }, 2);
	maps_section((const char *const[]){ "arena" }, &type, 1, 1);
	ew_section(&w, ".addr_space.1", SHT_NOBITS, SHF_ALLOC | SHF_WRITE, NULL, 0x70000000);
	add_btf();
	eq_int(ew_object(&w, &o, NULL), 0, "such_an_object_opens");
	ok(o && o->n_maps == 1 && !o->maps[0].data && !o->maps[0].data_size, "its_arena_has_no_variables");
	hewn_object_close(o);
}

static int with_two_arenas(uint32_t second, struct hewn_object **o, struct hewn_err *err)
{
	uint32_t types[2];

	start();
	types[0] = structure((struct field[]){ { "type", number(33) }, { "max_entries", number(10) } }, 2);
	types[1] = structure((struct field[]){ { "type", number(second) }, { "max_entries", number(1) } }, 2);
	maps_section((const char *const[]){ "arena", "other" }, types, 2, 1);
	add_btf();
	return ew_object(&w, o, err);
}

static void an_object_has_one_arena(void)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;

	eq_int(with_two_arenas(33, &o, &err), -EINVAL, "two_arenas_are_refused");
	has(err.what, "two arenas, \"arena\" and \"other\"", "and_both_are_named");
	hewn_err_close(&err);
	eq_int(with_two_arenas(22, &o, NULL), 0, "one_beside_another_map_is_fine");
	eq_int(o->n_maps, 2, "though_nothing_uses_it");
	hewn_object_close(o);
}

static void rings_say_what_they_carry(void)
{
	uint32_t ring, event, var, section;
	struct hewn_object *o;

	for (int wrong = 0; wrong < 3; wrong++) {
		start();
		ring = structure((struct field[]){ { "type", number(4) } }, 1);
		event = mk_type(&mk, BTF_STRUCT, "event", 1, 8);
		mk_named(&mk, "when", t_u64, 0);
		maps_section((const char *const[]){ "events" }, &ring, 1, 1);
		section = ew_section(&w, ".hewn.event", SHT_PROGBITS, SHF_ALLOC, NULL, 8);
		ew_symbol(&w, "hewn_event_events", STB_GLOBAL, STT_OBJECT, section, 0, 8);
		var = mk_var(&mk, wrong == 1 ? "hewn_event_event" : "hewn_event_events",
			     wrong == 2 ? t_int : ptr(mk_type(&mk, BTF_CONST, NULL, 0, event)), 1);
		mk_type(&mk, BTF_DATASEC, ".hewn.event", 1, 0);
		mk_secvar(&mk, var, 0, 8);
		add_btf();
		if (wrong) {
			ew_refused(&w, -EINVAL, wrong == 1 ? "there is no such map" : "is no pointer",
				   "wrong_word_on_a_ring");
			continue;
		}
		eq_int(ew_object(&w, &o, NULL), 0, "ring_opens");
		eq_int(btf_skip(&o->btf, o->maps[0].event_type), event, "ring_knows_its_records");
		eq_int(o->n_maps, 1, "the_section_is_no_map");
		hewn_object_close(o);
	}
}

int main(void)
{
	fields_are_read();
	bad_fields_are_refused();
	hints_guess_the_field();
	bad_variables_are_refused();
	inner_maps_are_templates();
	programs_fill_program_arrays();
	maps_nest_once();
	addresses_outside_of_values_are_refused();
	legacy_maps_are_told_apart_by_size();
	bad_legacy_maps_are_refused();
	variables_become_maps();
	variables_of_each_cpu_become_maps();
	names_fit_the_kernel();
	variables_may_lie_in_an_arena();
	a_section_without_bytes_is_none_of_an_arena();
	arena_place("6.19.3", 0, "variables_lie_at_the_beginning_of_an_arena");
	arena_place("7.0.1", 9 * 4096, "and_from_linux_7_0_on_at_its_end");
	an_object_has_one_arena();
	an_arena_must_have_room_for_its_variables();
	rings_say_what_they_carry();
	return tap_done();
}
