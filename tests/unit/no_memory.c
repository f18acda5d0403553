// SPDX-License-Identifier: MIT
/* Writing a plan, the log of a run, or types where memory is out: what is missing is not passed over. */
#include <errno.h>
#include <linux/bpf.h>

#include "tests/fake_kernel.h"

#include "loader/kernel/run.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

/* Before the C library's own. */
FILE *open_memstream(char **text, size_t *size)
{
	(void)text;
	(void)size;
	errno = ENOMEM;
	return NULL;
}

static void types(void)
{
	static struct btfmake vmlinux, module;
	struct btf base, split;
	uint8_t *bytes;
	uint32_t size;

	mk_int(&vmlinux, "int", 4, MK_SIGNED);
	mk_open(&vmlinux, &base, NULL);
	mk_type(&module, BTF_PTR, NULL, 0, 1);
	mk_blob(&module);
	eq_int(btf_open_split(&split, &base, module.blob, mk_blob(&module), NULL), 0, "split_types_open");
	eq_int(btf_relocate(&split, &base, &bytes, &size, NULL), -ENOMEM, "they_are_not_moved_in_part");
	ok(!bytes, "and_there_is_nothing_to_free");
	btf_close(&split);
	btf_close(&base);
}

int main(void)
{
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	uint32_t attr = plan_attr(plan, BPF_OBJ_PIN);
	struct hewn_run *run;
	FILE *to = tmpfile();

	attr_blob(plan, attr, "pathname", plan_string(plan, "/sys/fs/bpf/x"));
	plan_bpf(plan, &plan->steps, BPF_OBJ_PIN, attr, "a pin", KERNEL(4, 4), NONE);
	fake_reset();
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "the_plan_runs");
	eq_int(hewn_plan_print(plan, to, 0), -ENOMEM, "a_plan_that_is_not_whole_is_an_error");
	eq_int(hewn_plan_json(plan, to), -ENOMEM, "as_json_too");
	eq_int(hewn_run_print(run, to, 0), -ENOMEM, "and_the_log_of_a_run");
	eq_int(hewn_run_json(run, to), -ENOMEM, "and_that_as_json");
	hewn_run_close(run);
	hewn_plan_close(plan);
	fclose(to);
	types();
	return tap_done();
}
