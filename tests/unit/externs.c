// SPDX-License-Identifier: MIT
/* Symbols and functions of the kernel: what each becomes in the instructions, for a kernel with hand-made BTF. */
#include "loader/link/externs.h"

#include <errno.h>
#include <linux/bpf.h>
#include <unistd.h>

#include "loader/link/image.h"
#include "tests/btfmake.h"
#include "tests/unit/elf_bpf.h"

static struct ew w;
static struct btfmake mk, kernel;

enum { FUNC_OF_INT = 1, FUNC_OF_PTR, VAR_INT, VAR_VOID, VAR_LONG_ARRAY };

struct symbol {
	const char *name;
	int type;
	bool weak, is_call;
};

/* Types that both sides have: int, a pointer to it, int f(int), int f(int *), an array. The id of each in ids. */
static void shared_types(struct btfmake *m, uint32_t *ids)
{
	const uint32_t number = mk_int(m, "int", 4, MK_SIGNED), pointer = mk_type(m, BTF_PTR, NULL, 0, number);

	ids[VAR_INT] = number;
	ids[VAR_VOID] = 0;
	ids[VAR_LONG_ARRAY] = mk_array(m, number, 3);
	ids[FUNC_OF_INT] = mk_type(m, BTF_FUNC_PROTO, NULL, 1, number);
	mk_pair(m, "x", number);
	ids[FUNC_OF_PTR] = mk_type(m, BTF_FUNC_PROTO, NULL, 1, number);
	mk_pair(m, "x", pointer);
}

/* An object whose one program calls each symbol, or loads its address. */
static struct hewn_object *object_of(const struct symbol *symbols, uint32_t n)
{
	struct bpf_insn insns[64];
	uint32_t ids[8], types[32], places[32], code, size, at = 0;
	struct hewn_object *o;

	memset(&mk, 0, sizeof(mk));
	shared_types(&mk, ids);
	for (uint32_t i = 0; i < n; i++)
		types[i] = symbols[i].type <= FUNC_OF_PTR ? mk_type(&mk, BTF_FUNC, symbols[i].name, 2, ids[symbols[i].type]) :
							    mk_var(&mk, symbols[i].name, ids[symbols[i].type], 2);
	mk_type(&mk, BTF_DATASEC, ".ksyms", n, 0);
	for (uint32_t i = 0; i < n; i++)
		mk_secvar(&mk, types[i], 0, 0);
	size = mk_blob(&mk);
	ew_open(&w, 64, false, ET_REL, EM_BPF);
	ew_section(&w, ".BTF", SHT_PROGBITS, 0, mk.blob, size);
	for (uint32_t i = 0; i < n; i++) {
		places[i] = at;
		if (symbols[i].is_call) {
			insns[at++] = bpf_raw_insn(BPF_JMP | BPF_CALL, 0, 0, 0, -1);
			continue;
		}
		insns[at++] = bpf_raw_insn(BPF_LD | BPF_DW | BPF_IMM, BPF_REG_1, 0, 0, 0);
		insns[at++] = bpf_raw_insn(0, 0, 0, 0, 0);
	}
	insns[at++] = bpf_exit_insn();
	code = ew_code(&w, "socket", insns, at);
	ew_func(&w, "prog", code, 0, at);
	for (uint32_t i = 0; i < n; i++)
		ew_rel(&w, code, 8ull * places[i],
		       ew_symbol(&w, symbols[i].name, symbols[i].weak ? STB_WEAK : STB_GLOBAL, STT_NOTYPE, SHN_UNDEF, 0, 0),
		       symbols[i].is_call ? 10 : 1);
	if (ew_object(&w, &o, NULL))
		exit(1);
	return o;
}

static void write_file(char *path, const void *bytes, size_t size)
{
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, bytes, size) != (ssize_t)size)
		exit(1);
	close(fd);
}

/* A kernel with two functions and a variable in its BTF, and some symbols. */
static struct hewn_target *a_target(char *btf_path, uint32_t *id_of_int, uint32_t *id_of_ptr, uint32_t *id_of_var)
{
	static const char profile[] = "# hewn target profile 1\nkallsyms here = ffffffff81234560\nkallsyms hidden = 0\n"
				      "kallsyms twice = 1 2\nkallsyms first = 0 absolute\n";
	char path[] = "/tmp/hewn-profile-XXXXXX";
	struct hewn_target *target;
	uint32_t ids[8];

	memset(&kernel, 0, sizeof(kernel));
	mk_int(&kernel, "something before", 2, 0);
	shared_types(&kernel, ids);
	mk_type(&kernel, BTF_TYPEDEF, "bpf_of_int", 0, ids[VAR_INT]); /* another kind of the same name */
	*id_of_int = mk_type(&kernel, BTF_FUNC, "bpf_of_int", 1, ids[FUNC_OF_INT]);
	mk_type(&kernel, BTF_FUNC, "bpf_of_int_longer", 1, ids[FUNC_OF_INT]);
	*id_of_ptr = mk_type(&kernel, BTF_FUNC, "bpf_of_ptr", 1, ids[FUNC_OF_PTR]);
	*id_of_var = mk_var(&kernel, "runqueues", ids[VAR_INT], 1);
	write_file(btf_path, kernel.blob, mk_blob(&kernel));
	write_file(path, profile, sizeof(profile) - 1);
	if (hewn_target_open(&target, path, NULL) || hewn_target_btf(target, btf_path, NULL))
		exit(1);
	unlink(path);
	return target;
}

struct linked {
	struct hewn_object *object;
	struct hewn_target *target;
	struct link link;
	struct image image;
	struct hewn_err err;
	uint32_t of_int, of_ptr, var;
	int ret;
};

static void link_them(struct linked *l, const struct symbol *symbols, uint32_t n)
{
	char btf_path[] = "/tmp/hewn-btf-XXXXXX";

	memset(l, 0, sizeof(*l));
	l->object = object_of(symbols, n);
	l->target = a_target(btf_path, &l->of_int, &l->of_ptr, &l->var);
	l->ret = link_open(&l->link, l->object, l->target, &l->err);
	if (!l->ret)
		l->ret = image_open(&l->image, &l->link, 0, &l->err);
	unlink(btf_path);
}

static void unlink_them(struct linked *l)
{
	image_close(&l->image);
	link_close(&l->link);
	hewn_target_close(l->target);
	hewn_object_close(l->object);
	hewn_err_close(&l->err);
}

static void test_functions(void)
{
	static const struct symbol symbols[] = {
		{ "bpf_of_int", FUNC_OF_INT, false, true },	       { "bpf_of_ptr___here", FUNC_OF_PTR, false, true },
		{ "bpf_none", FUNC_OF_INT, true, true },	       { "bpf_none", FUNC_OF_INT, true, false },
		{ "bpf_of_int", FUNC_OF_INT, false, false },	       { "bpf_of_int___other", FUNC_OF_PTR, true, true },
	};
	struct linked l;

	link_them(&l, symbols, 6);
	eq_int(l.ret, 0, "a_program_that_calls_the_kernel_links");
	ok(l.image.insns[0].src_reg == 2 && l.image.insns[0].imm == (int)l.of_int && !l.image.insns[0].off, "a_call_has_the_functions_id");
	ok(l.image.insns[1].src_reg == 2 && l.image.insns[1].imm == (int)l.of_ptr, "a_flavour_does_not_count");
	ok(!l.image.insns[2].src_reg && l.image.insns[2].imm == 2002000000, "a_missing_one_that_is_weak_is_a_helper_that_no_kernel_has");
	eq_str(externs_poisoned(l.object, &l.image.insns[2]), "bpf_none", "from_which_its_name_is_known");
	ok(!l.image.insns[3].src_reg && !l.image.insns[3].imm && !l.image.insns[4].imm, "its_address_is_0");
	ok(l.image.insns[5].src_reg == 3 && l.image.insns[5].imm == (int)l.of_int && !l.image.insns[6].imm, "an_address_of_one_is_its_id");
	eq_int(l.image.insns[7].imm, 2002000002, "another_type_is_as_good_as_missing_where_it_is_weak");
	eq_str(externs_poisoned(l.object, &l.image.insns[7]), "bpf_of_int___other", "which_counts_externs_by_name");
	ok(!externs_poisoned(l.object, &l.image.insns[0]), "a_call_that_is_well_has_no_such_name");
	eq_int(l.image.n_fixes, 0, "nothing_is_left_for_the_run");
	unlink_them(&l);
}

static void test_variables(void)
{
	static const struct symbol symbols[] = {
		{ "runqueues", VAR_INT, false, false }, { "no_queues", VAR_INT, true, false },	{ "here", VAR_VOID, false, false },
		{ "nowhere", VAR_VOID, true, false },	{ "hidden", VAR_VOID, false, false }, { "first", VAR_VOID, false, false },
	};
	struct linked l;

	link_them(&l, symbols, 6);
	eq_int(l.ret, 0, "a_program_with_symbols_links");
	ok(l.image.insns[0].src_reg == 3 && l.image.insns[0].imm == (int)l.var, "a_variable_is_its_id");
	ok(!l.image.insns[2].src_reg && !l.image.insns[2].imm, "or_0");
	ok(!l.image.insns[4].src_reg && (uint32_t)l.image.insns[4].imm == 0x81234560 && l.image.insns[5].imm == -1, "a_symbol_is_its_address");
	ok(!l.image.insns[6].imm && !l.image.insns[7].imm, "which_is_0_where_there_is_none");
	ok(l.image.n_fixes == 1 && l.image.fixes[0].insn == 8 && l.image.fixes[0].kind == LINK_ADDRESS, "one_that_is_hidden_is_left_for_the_run");
	eq_str(l.object->externs[l.image.fixes[0].index].name, "hidden", "by_name");
	ok(!l.image.insns[10].imm && !l.image.insns[11].imm, "one_that_is_really_0_is_not");
	unlink_them(&l);
}

static void test_refused(void)
{
	static const struct {
		struct symbol symbol;
		int ret;
		const char *what, *near;
	} rows[] = {
		{ { "bpf_none", FUNC_OF_INT, false, true }, -ENOENT, "the kernel has no function bpf_none", NULL },
		{ { "bpf_of_itn", FUNC_OF_INT, false, true }, -ENOENT, "the kernel has no function bpf_of_itn", "`bpf_of_int`" },
		{ { "run_queues", VAR_INT, false, false }, -ENOENT, "the kernel's BTF has no variable run_queues", "`runqueues`" },
		{ { "bpf_of_int", FUNC_OF_PTR, false, true }, -EINVAL, "the kernel's bpf_of_int has another type", NULL },
		{ { "bpf_of_int___x", FUNC_OF_PTR, false, false }, -EINVAL, "the kernel's bpf_of_int has another type", NULL },
		{ { "no_queues", VAR_INT, false, false }, -ENOENT, "the kernel's BTF has no variable no_queues", NULL },
		{ { "runqueues", VAR_LONG_ARRAY, false, false }, -EINVAL, "the kernel's runqueues has another type", NULL },
		{ { "nowhere", VAR_VOID, false, false }, -ENOENT, "the kernel has no symbol nowhere", NULL },
		{ { "twice", VAR_VOID, false, false }, -EINVAL, "the kernel has two symbols twice", NULL },
		{ { "here", VAR_VOID, false, true }, -EINVAL, "a call of a variable", NULL },
	};
	struct linked l;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		link_them(&l, &rows[i].symbol, 1);
		eq_int(l.ret, rows[i].ret, rows[i].what);
		has(l.err.what, rows[i].what, "the_reason_is_told");
		eq_str(l.err.symbol, rows[i].symbol.name, "and_the_symbol");
		if (rows[i].near)
			has(l.err.hint, rows[i].near, "and_what_is_near");
		unlink_them(&l);
	}
}

/* What is in a module has its BTF's fd in the second half, or in fd_array. */
static void test_modules(void)
{
	static const struct symbol symbols[] = { { "bpf_of_int", FUNC_OF_INT, false, true }, { "bpf_of_int", FUNC_OF_INT, false, false } };
	struct bpf_insn insns[2] = { { .code = BPF_JMP | BPF_CALL }, { 0 } };
	struct link_left left;
	struct linked l;

	link_them(&l, symbols, 2);
	l.link.symbols[0].module = 2;
	eq_int(externs_apply(&l.link, 0, insns, false, &left, NULL), 0, "a_call_of_a_module's_function_is_patched");
	ok(insns[0].off == 2 && left.fix == LINK_MODULE_CALL && left.index == 1, "to_the_place_in_fd_array");
	insns[0] = (struct bpf_insn){ .code = BPF_LD | BPF_IMM | BPF_DW };
	eq_int(externs_apply(&l.link, 0, insns, true, &left, NULL), 0, "so_is_its_address");
	ok(insns[0].imm == (int)l.of_int && left.fix == LINK_MODULE && left.index == 1, "whose_fd_is_for_the_run");
	unlink_them(&l);
}

int main(void)
{
	test_functions();
	test_variables();
	test_refused();
	test_modules();
	return tap_done();
}
