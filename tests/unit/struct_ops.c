// SPDX-License-Identifier: MIT
/* loader/object/ops, loader/link/struct_ops: structs whose function pointers are programs, on both sides. */
#include <errno.h>
#include <unistd.h>

#include "loader/link/struct_ops.h"
#include "tests/btfmake.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;
static struct btfmake mk;
static char path[64]; /* of the kernel's BTF: opened when it is first asked for */

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = 0, .imm = 0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

/* What may be wrong with the object. */
enum wrong { FINE, NO_BTF, NO_STRUCT, TOO_SHORT, NO_POINTER, NO_PROGRAM, NO_VARIABLE, FLAVOUR, NO_PROG_AT_ALL, TWICE };

/*
 * struct ops { char name[8]; void (*run)(void); int flags; void *unknown; } of section `section`, with name "hewn",
 * flags 7, and the program for run.
 */
static int open_ops(struct hewn_object **o, const char *section, enum wrong wrong, struct hewn_err *err)
{
	uint32_t t_int, name, run, ptr, type, code, data, prog;
	uint8_t bytes[32] = "hewn";

	ew_open(&w, 64, false, ET_REL, EM_BPF);
	memset(&mk, 0, sizeof(mk));
	t_int = mk_int(&mk, "int", 4, MK_SIGNED);
	name = mk_array(&mk, mk_int(&mk, "char", 1, MK_SIGNED), 8);
	run = mk_type(&mk, BTF_PTR, NULL, 0, mk_type(&mk, BTF_FUNC_PROTO, NULL, 0, 0));
	ptr = mk_type(&mk, BTF_PTR, NULL, 0, 0);
	type = mk_type(&mk, BTF_STRUCT, wrong == FLAVOUR ? "ops___6_12" : "ops", 4, 32);
	mk_named(&mk, "name", name, 0);
	mk_named(&mk, "run", run, 64);
	mk_named(&mk, "flags", t_int, 128);
	mk_named(&mk, "unknown", ptr, 192);
	mk_var(&mk, "one", wrong == NO_STRUCT ? t_int : type, 1);
	mk_type(&mk, BTF_DATASEC, section, wrong == TWICE ? 2 : 1, 0);
	for (int i = 0; i <= (wrong == TWICE); i++)
		mk_secvar(&mk, mk.n_ids - 1, 0, 32);
	ew_put(&w, bytes + 16, 4, 7);
	data = ew_section(&w, section, SHT_PROGBITS, SHF_ALLOC | SHF_WRITE, bytes, wrong == TOO_SHORT ? 31 : 32);
	ew_symbol(&w, "one", STB_GLOBAL, STT_OBJECT, data, 0, 32);
	code = ew_code(&w, wrong == NO_PROGRAM ? "xdp" : "struct_ops/run", nothing, 2);
	prog = ew_func(&w, "prog", code, 0, 2);
	if (wrong != NO_PROG_AT_ALL)
		ew_rel(&w, data, wrong == NO_POINTER ? 0 : wrong == NO_VARIABLE ? 99 : 8, prog, 2);
	if (wrong != NO_BTF) {
		uint32_t size = mk_blob(&mk);

		ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, size);
	}
	return ew_object(&w, o, err);
}

static void variables_become_maps_with_programs(void)
{
	struct hewn_object *o;
	const struct obj_map *map;

	eq_int(open_ops(&o, ".struct_ops", FINE, NULL), 0, "struct_ops_open");
	map = &o->maps[0];
	ok(o->n_maps == 1 && map->origin == MAP_STRUCT_OPS && map->type == BPF_MAP_TYPE_STRUCT_OPS, "one_map");
	eq_str(map->name, "one", "named_as_the_variable");
	ok(map->key_size == 4 && map->max_entries == 1 && map->data_size == 32 && !map->optional && !map->flags,
	   "with_one_value");
	eq_str((const char *)map->data, "hewn", "of_its_bytes");
	ok(map->n_values == 1 && map->values[0].is_prog && map->values[0].key == 1 &&
	   map->values[0].index == object_func(o, "prog"), "and_a_program_by_the_number_of_its_member");
	hewn_object_close(o);
	eq_int(open_ops(&o, "?.struct_ops.link", FINE, NULL), 0, "others_by_link");
	ok(o->maps[0].optional && o->maps[0].flags == 1u << 13, "on_request");
	hewn_object_close(o);
}

static void bad_variables_are_refused(void)
{
	static const struct {
		enum wrong wrong;
		const char *what;
	} cases[] = {
		{ NO_BTF, "BTF says nothing" },		{ NO_STRUCT, "no struct" },
		{ TOO_SHORT, "section has 31" },	{ NO_POINTER, "no pointer to a function" },
		{ NO_PROGRAM, "no program of section" }, { NO_VARIABLE, "in no variable" },
		{ TWICE, "lies over others" },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct hewn_err err = { 0 };
		struct hewn_object *o;

		eq_int(open_ops(&o, ".struct_ops", cases[i].wrong, &err), -EINVAL, "bad_struct_ops_are_refused");
		has(err.what, cases[i].what, "with_the_reason");
		eq_str(err.section, ".struct_ops", "and_the_section");
		hewn_err_close(&err);
	}
}

/* ── the kernel's side ── */

enum kernel { SAME, WITHOUT_RUN, OTHER_SIZE, OTHER_KIND, NO_FUNCTION, BITFIELD, WITHOUT_FLAGS, NO_OPS, NO_VALUE, SHORT, NO_DATA };

/*
 * struct ops { int flags; void (*run)(void); char name[8]; } and struct bpf_struct_ops_ops { char common[16]; struct ops
 * data; }
 */
static struct hewn_target *kernel(enum kernel k)
{
	uint32_t t_int, t_char, run, type, n, flag;
	struct hewn_target *target = NULL;
	int fd;

	memset(&mk, 0, sizeof(mk));
	t_int = mk_int(&mk, "int", 4, MK_SIGNED);
	t_char = mk_int(&mk, "char", 1, MK_SIGNED);
	run = mk_type(&mk, BTF_PTR, NULL, 0, k == NO_FUNCTION ? t_int : mk_type(&mk, BTF_FUNC_PROTO, NULL, 0, 0));
	flag = mk_type(&mk, BTF_FLOAT, "float", 0, 4);
	type = mk_array(&mk, t_char, k == OTHER_SIZE ? 16 : 8);
	type = mk_type(&mk, BTF_STRUCT, k == NO_OPS ? "other" : "ops", 3 | (k == BITFIELD ? MK_KFLAG : 0), k == SHORT ? 16 : 24);
	mk_named(&mk, k == WITHOUT_FLAGS ? "else" : "flags", k == OTHER_KIND ? flag : t_int, k == BITFIELD ? 3u << 24 : 0);
	mk_named(&mk, k == WITHOUT_RUN ? "walk" : "run", run, 64);
	mk_named(&mk, "name", type - 1, 128);
	n = mk_array(&mk, t_char, 16);
	mk_type(&mk, BTF_STRUCT, k == NO_VALUE ? "bpf_struct_ops_op" : "bpf_struct_ops_ops", 2, k == SHORT ? 32 : 40);
	mk_named(&mk, "common", n, 0);
	mk_named(&mk, "data", k == NO_DATA ? n : type, 128);
	n = mk_blob(&mk);
	strcpy(path, "/tmp/hewn-ops-XXXXXX");
	fd = mkstemp(path);
	if (fd < 0 || write(fd, mk.blob, n) != (ssize_t)n || hewn_target_open(&target, NULL, NULL) ||
	    hewn_target_btf(target, path, NULL))
		exit(1);
	close(fd);
	return target;
}

static int bring(struct struct_ops *ops, enum wrong wrong, enum kernel k, struct hewn_err *err)
{
	struct hewn_target *target = kernel(k);
	struct hewn_object *o;
	int ret;

	if (open_ops(&o, ".struct_ops", wrong, NULL))
		exit(1);
	eq_int(struct_ops_want(target, o), 0, "its_types_are_wanted");
	ret = struct_ops_open(ops, target, o, 0, err);
	hewn_object_close(o);
	hewn_target_close(target);
	unlink(path);
	return ret;
}

static void members_go_where_the_kernel_has_them(enum wrong flavour)
{
	struct hewn_err err = { 0 };
	struct struct_ops ops;

	eq_int(bring(&ops, flavour, SAME, &err), 0, "struct_ops_are_brought_over");
	if (err.code)
		printf("# %s\n", err.what);
	ok(ops.value_size == 40 && ops.word == 8, "in_the_size_of_the_kernel_s");
	ok(!memcmp(ops.value + 16, (const uint8_t[]){ 7, 0, 0, 0 }, 4), "a_number_has_its_place"); /* in the object's order */
	eq_str((const char *)ops.value + 32, "hewn", "and_an_array");
	ok(ops.n_funcs == 1 && ops.funcs[0].off == 24 && ops.funcs[0].member == 1, "and_a_program");
	ok(ops.type_id && ops.value_type_id > ops.type_id && !ops.module, "with_the_kernel_s_ids");
	struct_ops_close(&ops);
	struct_ops_close(&ops);
}

static void what_the_kernel_lacks_must_be_zero(void)
{
	static const struct {
		enum kernel k;
		int code;
		const char *what;
	} bad[] = {
		{ WITHOUT_RUN, -EINVAL, "`run` of struct ops has a program" },
		{ WITHOUT_FLAGS, -EINVAL, "`flags` of struct ops is not zero" },
		{ OTHER_SIZE, -EINVAL, "`name` of struct ops has another size" },
		{ OTHER_KIND, -EINVAL, "`flags` of struct ops is of another kind" },
		{ NO_FUNCTION, -EINVAL, "no pointer to a function" },
		{ BITFIELD, -EINVAL, "bitfield" },
		{ SHORT, -EINVAL, NULL },
		{ NO_OPS, -ENOENT, "no struct ops" },
		{ NO_VALUE, -ENOENT, "no bpf_struct_ops_ops" },
		{ NO_DATA, -EINVAL, "no member of struct ops" },
	};
	struct struct_ops ops;

	eq_int(bring(&ops, NO_PROG_AT_ALL, WITHOUT_RUN, NULL), 0, "a_member_that_is_not_there_is_left_out_if_it_is_zero");
	eq_int(ops.n_funcs, 0, "and_is_no_program");
	struct_ops_close(&ops);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct hewn_err err = { 0 };

		eq_int(bring(&ops, FINE, bad[i].k, &err), bad[i].code, "what_does_not_fit_is_refused");
		if (bad[i].what)
			has(err.what, bad[i].what, "with_the_member");
		eq_str(err.symbol, "one", "and_the_variable");
		ok(!ops.value && !ops.funcs, "and_leaves_nothing");
		hewn_err_close(&err);
	}
}

int main(void)
{
	variables_become_maps_with_programs();
	bad_variables_are_refused();
	members_go_where_the_kernel_has_them(FINE);
	members_go_where_the_kernel_has_them(FLAVOUR);
	what_the_kernel_lacks_must_be_zero();
	return tap_done();
}
