// SPDX-License-Identifier: MIT
/* loader/plan/context: functions once more, with the type of the context that kernels before 6.8 want. */
#include <linux/bpf.h>
#include <stdlib.h>

#include "loader/object/btf.h"
#include "loader/plan/planner.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

/* A tag "arg:ctx" of an argument. */
static void tag(struct btfmake *mk, uint32_t func, uint32_t arg)
{
	mk_type(mk, BTF_DECL_TAG, "arg:ctx", 0, func);
	mk_word(mk, arg);
}

/* The name of the struct that an argument of the function points to. */
static const char *struct_of(const struct btf *btf, uint32_t func, uint32_t arg)
{
	const struct btf_head *proto = btf_type(btf, btf_type(btf, func)->size_or_type);
	const struct btf_param *params = btf_body(proto);

	return btf_name(btf, btf_type(btf, params[arg].type)->size_or_type);
}

int main(void)
{
	static struct btfmake mk;
	const struct section_def def = { .prog_type = BPF_PROG_TYPE_XDP };
	struct obj_func prog = { .def = &def };
	struct hewn_object object = { .has_btf = true, .n_funcs = 1, .funcs = &prog };
	struct hewn_plan plan = { 0 };
	struct hewn_err err = { 0 };
	uint32_t slot = 0, pointer, proto, f, g, again;
	struct planner p = { .plan = &plan, .object = &object, .prog_slots = &slot, .err = &err };

	pointer = mk_type(&mk, BTF_PTR, NULL, 0, 0);
	proto = mk_type(&mk, BTF_FUNC_PROTO, NULL, 2, 0);
	mk_pair(&mk, "a", pointer);
	mk_pair(&mk, "b", pointer);
	f = mk_type(&mk, BTF_FUNC, "f", 1, proto);
	g = mk_type(&mk, BTF_FUNC, "g", 1, proto);
	tag(&mk, g, 0);
	tag(&mk, f, 1);
	tag(&mk, g, 1);
	tag(&mk, f, 2); /* which it has not */
	if (mk_open(&mk, &object.btf, &err)) {
		printf("Bail out! %s\n", err.what);
		return 1;
	}
	eq_int(plan_contexts(&p), 0, "contexts_are_found");
	eq_int(p.n_contexts, 2, "a_function_is_there_once_more_however_many_tags_it_has");
	again = plan_context_func(&p, f, BPF_PROG_TYPE_XDP);
	ok(again >= object.btf.n_types && again < p.types->n_types, "in_the_longer_BTF");
	eq_str(btf_name(p.types, again), "f", "by_its_name");
	eq_str(struct_of(p.types, again, 1), "xdp_md", "its_context_is_the_program_s");
	eq_str(struct_of(p.types, again, 0), "", "and_its_other_argument_what_it_was");
	again = plan_context_func(&p, g, BPF_PROG_TYPE_XDP);
	ok(!strcmp(struct_of(p.types, again, 0), "xdp_md") && !strcmp(struct_of(p.types, again, 1), "xdp_md"),
	   "tags_of_one_function_may_lie_apart");
	eq_int(plan_context_func(&p, f, BPF_PROG_TYPE_KPROBE), f, "other_programs_have_the_function_as_it_is");
	free(p.contexts);
	btf_close(&p.longer);
	btf_close(&object.btf);
	return tap_done();
}
