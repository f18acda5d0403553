// SPDX-License-Identifier: MIT
/* loader/plan/uprobe: what a section may ask of a probe in a file, and what it may not. */
#include <errno.h>

#include "loader/plan/plan.h"
#include "tests/tap.h"
#include "tests/unit/elf_bpf.h"

static int plan_of(const char *section, struct hewn_err *err)
{
	static const struct bpf_insn nothing[] = { { .code = 0xb7 }, { .code = 0x95 } };
	const struct hewn_plan_opts opts = { .attach = true };
	const uint16_t one = 1;
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct ew w;
	uint32_t code;
	int ret;

	ew_open(&w, 64, !*(const uint8_t *)&one, ET_REL, EM_BPF);
	code = ew_code(&w, section, nothing, 2);
	ew_func(&w, "prog", code, 0, 2);
	ret = ew_object(&w, &object, err);
	if (!ret)
		ret = hewn_plan_open(&plan, object, NULL, &opts, err);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return ret;
}

int main(void)
{
	struct hewn_err err = { 0 };

	eq_int(plan_of("uprobe//proc/self/exe:main+1", &err), 0, "a_probe_has_an_offset");
	eq_int(plan_of("uretprobe//proc/self/exe:main", &err), 0, "a_return_probe_has_none");
	eq_int(plan_of("uretprobe//proc/self/exe:main+1", &err), -EINVAL, "one_with_an_offset_is_refused");
	has(err.what, "a return probe has no offset", "and_that_is_said");
	eq_str(err.program, "prog", "of_its_program");
	hewn_err_close(&err);
	return tap_done();
}
