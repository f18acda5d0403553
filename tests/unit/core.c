// SPDX-License-Identifier: MIT
/* loader/link/core: the CO-RE relocations of a whole object, and what an image has of them. */
#include <errno.h>
#include <unistd.h>

#include "insn/insn.h"
#include "loader/err.h"
#include "loader/link/image.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

static struct btfmake mk;
static char path[] = "/tmp/hewn-core-XXXXXX";

/* Writes what mk has as the BTF of a kernel, and opens a target with it. */
static struct hewn_target *open_target(void)
{
	struct hewn_target *target;
	struct hewn_err err = {0};
	uint32_t size = mk_blob(&mk);
	int fd = mkstemp(path);

	if (fd < 0 || write(fd, mk.blob, size) != (ssize_t)size ||
	    hewn_target_open(&target, NULL, &err) || hewn_target_btf(target, path, &err)) {
		printf("Bail out! %s\n", err.what);
		exit(1);
	}
	close(fd);
	return target;
}

/* The kernel: struct s { int more; int b; int a; }; struct twin twice, with x at 0 and at 4. */
static struct hewn_target *make_kernel(void)
{
	uint32_t i32;

	memset(&mk, 0, sizeof(mk));
	i32 = mk_int(&mk, "int", 4, MK_SIGNED);
	mk_type(&mk, BTF_STRUCT, "s", 3, 12);
	mk_named(&mk, "more", i32, 0);
	mk_named(&mk, "length", i32, 32);
	mk_named(&mk, "a", i32, 64);
	mk_type(&mk, BTF_STRUCT, "twin", 1, 4);
	mk_named(&mk, "x", i32, 0);
	mk_type(&mk, BTF_STRUCT, "twin", 2, 8);
	mk_named(&mk, "x", i32, 32);
	mk_named(&mk, "y", i32, 0);
	return open_target();
}

enum { READ_A, READ_B, HAS_B, HAS_LENGHT, READ_LENGHT, TWIN_Y, TWIN_X, N };

/*
 * The object: a program of one instruction each relocation, and one of its own for the last two, so
 * that the twins can be left out.
 */
struct made {
	struct hewn_object object;
	struct obj_code code;
	struct obj_func funcs[2];
	struct obj_core cores[N];
	struct bpf_insn insns[N + 2];
};

static uint32_t text_at(const struct btf *btf, const char *text)
{
	for (uint32_t i = 1; i < btf->strings_size; i++)
		if (!strcmp(btf->strings + i, text))
			return i;
	return 0;
}

static void make_object(struct made *m)
{
	uint32_t i32, s, twin;

	memset(m, 0, sizeof(*m));
	memset(&mk, 0, sizeof(mk));
	i32 = mk_int(&mk, "int", 4, MK_SIGNED);
	s = mk_type(&mk, BTF_STRUCT, "s", 3, 12);
	mk_named(&mk, "a", i32, 0);
	mk_named(&mk, "b", i32, 32);
	mk_named(&mk, "lenght", i32, 64);
	twin = mk_type(&mk, BTF_STRUCT, "twin___flavour", 2, 8);
	mk_named(&mk, "y", i32, 0);
	mk_named(&mk, "x", i32, 32);
	mk_str(&mk, "0:0");
	mk_str(&mk, "0:1");
	mk_str(&mk, "0:2");
	if (mk_open(&mk, &m->object.btf, NULL))
		exit(1);
	for (uint32_t i = 0; i < N; i++) {
		static const char *const accesses[N] = {"0:0", "0:1", "0:1", "0:2",
							"0:2", "0:0", "0:1"};
		bool asks = i == HAS_B || i == HAS_LENGHT;

		m->cores[i].insn = i < TWIN_Y ? i : i + 1;
		m->cores[i].type_id = i < TWIN_Y ? s : twin;
		m->cores[i].access_off = text_at(&m->object.btf, accesses[i]);
		m->cores[i].kind = asks ? CORE_FIELD_EXISTS : CORE_FIELD_OFFSET;
		m->insns[m->cores[i].insn] =
			bpf_mov64_imm(BPF_REG_1, asks ? 1 : 4 * (accesses[i][2] - '0'));
	}
	m->insns[TWIN_Y] = m->insns[N + 1] = bpf_exit_insn();
	m->code = (struct obj_code){"xdp", m->insns, N + 2};
	m->funcs[0] = (struct obj_func){.name = "one", .n_insns = TWIN_Y + 1, .is_prog = true};
	m->funcs[1] = (struct obj_func){
		.name = "twins", .insn = TWIN_Y + 1, .n_insns = 3, .is_prog = true};
	m->object.name = "made";
	m->object.has_btf = true;
	m->object.codes = &m->code;
	m->object.n_codes = 1;
	m->object.funcs = m->funcs;
	m->object.n_funcs = 2;
	m->object.cores = m->cores;
	m->object.n_cores = N;
}

static void an_image_has_the_kernels_numbers(struct hewn_target *target)
{
	struct hewn_err err = {0};
	struct image image;
	struct link link;
	struct made m;
	char text[200];

	make_object(&m);
	link_open(&link, &m.object, target, &err);
	eq_int(image_open(&image, &link, 0, &err), 0, "program_links");
	eq_int(image.insns[READ_A].imm, 8, "field_where_the_kernel_has_it");
	eq_int(image.insns[READ_B].imm, CORE_POISON, "field_that_is_not_there_is_poisoned");
	eq_int(image.insns[HAS_B].imm, 0, "and_asked_for_first");
	eq_int(image.n_cores, 5, "each_relocation_is_listed");
	ok(image_core_at(&image, READ_B)->is_poisoned &&
		   !image_core_at(&image, READ_A)->is_poisoned,
	   "poison_is_marked");
	ok(!image_core_at(&image, TWIN_Y), "an_instruction_without_a_relocation");
	has(image_core_at(&image, READ_LENGHT)->why, "struct s has no member lenght",
	    "why_is_said");
	core_describe(&m.object, READ_A, &image.cores[READ_A].value, text, sizeof(text));
	eq_str(text, "struct s.a: byte 8, was 0", "value_in_words");
	core_describe(&m.object, HAS_B, &image.cores[HAS_B].value, text, sizeof(text));
	eq_str(text, "struct s.b exists: no", "answer_in_words");
	core_describe(&m.object, READ_B, &image.cores[READ_B].value, text, sizeof(text));
	eq_str(text, "struct s.b: not in the kernel", "absence_in_words");
	eq_int(link.core.n_results, 7, "each_distinct_relocation_once");
	eq_int(m.insns[READ_A].imm, 0, "the_object_is_not_touched");
	image_close(&image);

	eq_int(image_open(&image, &link, 1, &err), 0,
	       "a_type_that_lacks_one_field_is_not_asked_again");
	eq_int(image.insns[1].imm, 4, "so_there_is_no_ambiguity");
	image_close(&image);
	link_close(&link);
	link_close(&link);
	btf_close(&m.object.btf);
}

/* Nobody asks whether it is there, so the program's author did not expect that it is not. */
static void unguarded_names_are_guessed(struct hewn_target *target)
{
	struct image image;
	struct link link;
	struct made m;

	make_object(&m);
	m.cores[HAS_LENGHT].access_off = m.cores[HAS_B].access_off;
	link_open(&link, &m.object, target, NULL);
	eq_int(image_open(&image, &link, 0, NULL), 0, "program_links");
	has(image_core_at(&image, READ_LENGHT)->why, "it has length", "nearest_name_is_guessed");
	image_close(&image);
	link_close(&link);
	btf_close(&m.object.btf);
}

static void twins_are_ambiguous(struct hewn_target *target)
{
	struct hewn_err err = {0};
	struct image image;
	struct link link;
	struct made m;

	make_object(&m);
	m.cores[TWIN_Y] = m.cores[TWIN_X];
	m.cores[TWIN_Y].insn--;
	m.insns[TWIN_Y + 1] = m.insns[TWIN_Y + 2];
	link_open(&link, &m.object, target, &err);
	eq_int(image_open(&image, &link, 0, &err), 0, "what_others_cannot_have_is_not_ours");
	image_close(&image);
	eq_int(image_open(&image, &link, 1, &err), -EINVAL, "two_types_that_differ");
	has(err.what, "ambiguous", "are_ambiguous");
	eq_str(err.symbol, "twin___flavour", "type_is_named");
	eq_str(err.program, "twins", "program_is_named");
	hewn_err_close(&err);
	link_close(&link);
	link_open(&link, &m.object, target, &err);
	link_skip(&link, 1, &err);
	eq_int(image_open(&image, &link, 0, &err), 0, "program_beside_a_skipped_one");
	eq_int(link.core.n_results, 5, "of_which_nothing_is_resolved");
	image_close(&image);
	eq_int(image_open(&image, &link, 1, &err), -EINVAL, "a_skipped_program_cannot_be_linked");
	hewn_err_close(&err);
	link_close(&link);
	btf_close(&m.object.btf);
}

static void without_a_kernel(void)
{
	struct hewn_err err = {0};
	struct image image;
	struct link link;
	struct made m;

	make_object(&m);
	m.object.n_cores = 1;
	link_open(&link, &m.object, NULL, &err);
	ok(image_open(&image, &link, 0, &err) < 0, "a_field_needs_a_kernel");
	has(err.what, "BTF", "which_is_said");
	hewn_err_close(&err);
	link_close(&link);
	m.cores[0].kind = CORE_TYPE_ID_LOCAL;
	m.cores[0].access_off = text_at(&m.object.btf, "0:0") + 2; /* "0" */
	link_open(&link, &m.object, NULL, &err);
	ok(!image_open(&image, &link, 0, &err) && image.insns[0].imm == (int)m.cores[0].type_id,
	   "an_id_in_the_object_needs_none");
	image_close(&image);
	link_close(&link);
	btf_close(&m.object.btf);
}

int main(void)
{
	struct hewn_target *target = make_kernel();

	an_image_has_the_kernels_numbers(target);
	unguarded_names_are_guessed(target);
	twins_are_ambiguous(target);
	without_a_kernel();
	hewn_target_close(target);
	unlink(path);
	return tap_done();
}
