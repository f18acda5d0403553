// SPDX-License-Identifier: MIT
/* The loop that finds the BTF of a module: planned, written, and run in a kernel that only keeps books. */
#include "tests/fake_kernel.h"

#include <linux/bpf.h>

#include "loader/kernel/run.h"
#include "loader/plan/planner.h"
#include "tests/tap.h"

static struct hewn_plan *a_plan(uint32_t *btf)
{
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	struct planner p = { .plan = plan };

	*btf = plan_module_btf(&p, "nf_nat");
	eq_int(plan_module_btf(&p, "nf_nat"), *btf, "a_module_is_looked_for_once");
	eq_int(plan->steps.n, 1, "all_rounds_are_one_step_of_the_plan");
	return plan;
}

static void kernel_has(const char *const *names, size_t n)
{
	fake_reset();
	memcpy(fake.btfs, names, n * sizeof(*names));
}

static char *printed(const struct hewn_plan *plan, const struct hewn_run *run, bool json)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	if (run && json)
		hewn_run_json(run, to);
	else if (run)
		hewn_run_print(run, to, HEWN_PLAN_BRIEF);
	else if (json)
		hewn_plan_json(plan, to);
	else
		hewn_plan_print(plan, to, 0);
	fclose(to);
	return text;
}

static void test_found(void)
{
	static const char *const names[] = { "vmlinux", "", "-", "nf_nat", "bpf_testmod" };
	struct hewn_run *run;
	struct hewn_plan *plan;
	uint32_t btf;
	char *text;

	kernel_has(names, 5);
	plan = a_plan(&btf);
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "the_module_is_found");
	eq_int(run_value(run, btf), FAKE_FIRST_FD + 2, "the_slot_is_the_fd_of_the_one_that_fits");
	eq_int(fake.n_open, 1, "the_others_are_closed");
	eq_int(run->n_log, 4 + 4 + 2 + 3, "each_call_is_in_the_log");
	text = printed(plan, run, false);
	has(text, "start_id=id(nf_nat)=0}, 8) = 0, id(nf_nat) = 1", "the_log_has_the_ids_of_the_first_round");
	has(text, "start_id=id(nf_nat)=3}, 8) = 0, id(nf_nat) = 4", "and_of_the_last");
	has(text, "{btf_id=id(nf_nat)=3}, 4) = -ENOENT", "an_id_that_goes_meanwhile_is_in_the_log_too");
	has(text, "1n  close(btf(nf_nat)=100)", "and_what_is_closed");
	has(text, "1r2  bpf(BPF_OBJ_GET_INFO_BY_FD, {bpf_fd=btf(nf_nat)=102", "and_what_is_asked");
	free(text);
	text = printed(plan, run, true);
	has(text, "{\"start_id\":{\"slot\":\"id(nf_nat)\",\"value\":1}},8]", "as_json_too");
	has(text, "\"yields\":{\"slot\":\"id(nf_nat)\",\"value\":2}", "with_what_each_call_yields");
	free(text);
	hewn_run_close(run);
	ok(fake_is_clean(), "closing_leaves_nothing");
	hewn_plan_close(plan);
}

static void test_not_found(void)
{
	static const char *const names[] = { "vmlinux", "" };
	struct hewn_err err = { 0 };
	struct hewn_run *run;
	struct hewn_plan *plan;
	uint32_t btf;

	kernel_has(names, 2);
	plan = a_plan(&btf);
	eq_int(hewn_run_open(&run, plan, NULL, &err), -ENOENT, "a_module_that_is_not_there_fails_the_run");
	eq_str(err.what, "the kernel has no BTF of a module \"nf_nat\"", "which_says_so");
	eq_str(err.hint, "modprobe nf_nat", "and_what_to_do");
	ok(fake_is_clean(), "nothing_is_left");
	hewn_run_close(run);
	hewn_plan_close(plan);
}

static void test_failure(void)
{
	static const char *const names[] = { "vmlinux", "nf_nat" };
	struct hewn_run *run;
	struct hewn_plan *plan;
	uint32_t btf;

	kernel_has(names, 2);
	fake.fail_at = 2;
	fake.fail_with = EPERM;
	plan = a_plan(&btf);
	eq_int(hewn_run_open(&run, plan, NULL, NULL), -EPERM, "another_failure_ends_the_loop");
	eq_int(run->n_log, 2, "at_once");
	ok(fake_is_clean(), "and_nothing_is_left");
	hewn_run_close(run);
	plan->steps.v[0].loop->limit = 1;
	fake_reset();
	memcpy(fake.btfs, names, sizeof(names));
	eq_int(hewn_run_open(&run, plan, NULL, NULL), -ELOOP, "the_rounds_are_limited");
	ok(fake_is_clean(), "after_which_nothing_is_left");
	hewn_run_close(run);
	hewn_plan_close(plan);
}

static void test_written(void)
{
	struct hewn_plan *plan;
	uint32_t btf;
	char *text;

	plan = a_plan(&btf);
	text = printed(plan, NULL, false);
	has(text, "   1  bpf(BPF_BTF_GET_NEXT_ID, {start_id=id(nf_nat)}, 8) = id(nf_nat)", "the_plan_has_the_head_of_the_loop");
	has(text, "a loop, id(nf_nat) being 0 at first: until these are done, 100000 rounds at the most", "and_says_what_it_is");
	has(text, "     1r1  bpf(BPF_BTF_GET_FD_BY_ID, {btf_id=id(nf_nat)}, 4) = btf(nf_nat)", "and_what_each_round_does");
	has(text, "on ENOENT: the next round: it has gone meanwhile", "and_how_a_round_ends");
	has(text, "its name must be \"nf_nat\"", "and_what_ends_it");
	has(text, "      1n  close(btf(nf_nat))", "and_what_comes_before_the_next_round");
	free(text);
	text = printed(plan, NULL, true);
	has(text, "\"loop\":{\"limit\":100000,\"steps\":[{\"n\":\"1r1\",", "as_json_too");
	has(text, "\"expects\":{\"name\":\"nf_nat\",\"kernel_btf\":1}", "with_what_is_expected");
	has(text, "\"next\":[{\"n\":\"1n\",\"call\":\"close\"", "and_what_comes_between");
	free(text);
	hewn_plan_close(plan);
}

/* Calls of functions of two modules, of which the first is not called here, and an address of one. */
static void test_programs(void)
{
	static const char *modules[] = { "one", "two", "three" };
	struct image_fix fixes[] = {
		{ 0, LINK_MODULE_CALL, 1 }, { 1, LINK_MODULE_CALL, 2 }, { 2, LINK_MODULE, 1 }, { 4, LINK_MODULE_CALL, 1 },
	};
	const struct image image = { .fixes = fixes, .n_fixes = 4 };
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	struct planner p = { .plan = plan, .link = { .modules = modules, .n_modules = 3 } };
	uint32_t insns = plan_blob(plan, BLOB_INSNS, NULL, 40), attr = plan_attr(plan, BPF_PROG_LOAD);
	const struct plan_blob *array;

	plan_externs(&p, &image, insns);
	plan_fd_array(&p, &image, attr);
	eq_int(plan->steps.n, 2, "each_module_is_looked_for_once");
	eq_int(plan->blobs[insns].n_fixes, 1, "an_address_of_a_function_holds_the_fd");
	eq_int(plan->blobs[insns].fixes[0].off, 3 * 8 + 4, "in_its_second_half");
	eq_int(plan->blobs[attr].n_fixes, 1, "calls_have_it_in_an_array");
	array = &plan->blobs[plan->blobs[attr].fixes[0].index];
	eq_int(array->size, 16, "which_has_a_place_for_vmlinux_and_each_module");
	ok(array->bytes && array->n_fixes == 2 && array->fixes[0].off == 8 && array->fixes[1].off == 12, "but_fds_of_those_only_that_are_called");
	eq_str(plan->slots[array->fixes[1].index].name, "btf(three)", "at_the_place_that_the_calls_have");
	ok(!plan->failed, "all_of_which_is_well");
	hewn_plan_close(plan);
}

int main(void)
{
	test_programs();
	test_found();
	test_not_found();
	test_failure();
	test_written();
	return tap_done();
}
