// SPDX-License-Identifier: MIT
/* The runner on plans made by hand, in a kernel that only keeps books. */
#include <unistd.h>

#include "tests/fake_kernel.h"

#include "loader/kernel/run.h"
#include "tests/tap.h"

static struct hewn_plan *new_plan(void)
{
	return calloc(1, sizeof(struct hewn_plan));
}

static uint32_t open_file(struct hewn_plan *plan, struct plan_steps *to, const char *name)
{
	uint32_t slot = plan_slot(plan, SLOT_FD, OF_FILE, NONE, -1, "file(%s)", name);
	struct plan_step *step = plan_step(plan, to, CALL_OPENAT, "opens a file", 0, slot);

	step_int(step, -100);
	step_blob(step, plan_string(plan, name));
	step_int(step, 0);
	step_int(step, 0);
	return slot;
}

static struct plan_step *use(struct hewn_plan *plan, uint32_t slot)
{
	struct plan_step *step = plan_step(plan, &plan->steps, CALL_IOCTL, "uses the file", 0, NONE);

	step_slot(step, slot);
	return step;
}

/* Runs, closes everything, and returns the result. */
static int run_plan(struct hewn_plan *plan, struct hewn_err *err)
{
	struct hewn_run *run;
	int ret = hewn_run_open(&run, plan, NULL, err);

	hewn_run_close(run);
	hewn_plan_close(plan);
	return ret;
}

static void test_order(void)
{
	struct hewn_plan *plan = new_plan();
	struct hewn_run *run;

	fake_reset();
	open_file(plan, &plan->steps, "a");
	open_file(plan, &plan->steps, "b");
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "a_plan_runs");
	eq_int(fake.n_open, 2, "its_fds_stay_open");
	eq_int(run_value(run, 1), 101, "a_slot_has_the_result");
	hewn_run_close(run);
	hewn_plan_close(plan);
	eq_str(fake.trace, "openat(-100)\nopenat(-100)\nclose(101)\nclose(100)\n", "what_was_opened_last_is_closed_first");
	ok(fake_is_clean(), "closing_leaves_nothing");
}

static void test_failure(void)
{
	struct hewn_plan *plan = new_plan();
	struct hewn_err err = { 0 };
	struct plan_step *step;
	uint32_t file;

	fake_reset();
	fake.fail_at = 2;
	fake.fail_with = EINVAL;
	file = open_file(plan, &plan->steps, "a");
	step = use(plan, file);
	step_cause(plan, step, EPERM, "another cause", NULL);
	step_cause(plan, step, EINVAL, "the file is too blue", "paint it");
	eq_int(run_plan(plan, &err), -EINVAL, "a_call_that_fails_fails_the_run");
	ok(fake_is_clean(), "a_failure_leaves_nothing");
	eq_str(err.what, "the file is too blue", "the_plan_knows_what_the_errno_means");
	eq_str(err.hint, "paint it", "and_what_to_do");
	has(err.step, "ioctl", "the_call_is_named");
}

static void test_alternatives(void)
{
	struct hewn_plan *plan = new_plan();
	struct hewn_run *run;
	struct plan_step *step;
	struct plan_alt *alt;
	uint32_t file;

	fake_reset();
	fake.fail_at = 1;
	fake.fail_with = ENOENT;
	file = open_file(plan, &plan->steps, "a");
	alt = step_alt(plan, &plan->steps.v[0], ALT_STEPS, "elsewhere", EINVAL, ENOENT, 0);
	step = plan_step(plan, &alt->steps, CALL_OPENAT, "opens another", 0, file);
	step_int(step, -100);
	use(plan, file);
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "an_alternative_saves_the_run");
	eq_int(run_value(run, file), 100, "its_result_stands_in_the_same_slot");
	eq_int(run->n_log, 3, "the_log_has_the_failure_too");
	eq_int(run->log[0].outcome, RUN_ALT, "and_says_what_was_done");
	hewn_run_close(run);
	ok(fake_is_clean(), "the_alternative_is_undone_too");

	fake_reset();
	fake.fail_at = 1;
	fake.fail_with = EBUSY;
	eq_int(run_plan(plan, NULL), -EBUSY, "another_errno_does_not_take_it");
}

static void test_absent(void)
{
	struct hewn_plan *plan = new_plan();
	uint32_t file;

	fake_reset();
	fake.fail_at = 1;
	fake.fail_with = ENODEV;
	file = open_file(plan, &plan->steps, "cpu 7");
	step_alt(plan, &plan->steps.v[0], ALT_SKIP, "offline", ENODEV, 0);
	step_alt(plan, use(plan, file), ALT_SKIP, "offline", 0)->absent = true;
	eq_int(run_plan(plan, NULL), 0, "a_step_may_be_left_out");
	eq_str(fake.trace, "openat(-100)\n", "what_needs_it_is_not_called");

	plan = new_plan();
	fake_reset();
	fake.fail_at = 1;
	fake.fail_with = ENODEV;
	file = open_file(plan, &plan->steps, "cpu 7");
	step_alt(plan, &plan->steps.v[0], ALT_SKIP, "offline", ENODEV, 0);
	use(plan, file);
	eq_int(run_plan(plan, NULL), -ENODATA, "unless_it_cannot_do_without");
}

static void test_again(void)
{
	struct hewn_plan *plan = new_plan();

	fake_reset();
	fake.fail_at = 1;
	fake.fail_n = 3;
	fake.fail_with = EAGAIN;
	open_file(plan, &plan->steps, "a");
	step_alt(plan, &plan->steps.v[0], ALT_AGAIN, "busy", EAGAIN, 0)->limit = 5;
	eq_int(run_plan(plan, NULL), 0, "the_same_call_again");
	eq_int(fake.n_calls, 5, "as_often_as_needed");

	plan = new_plan();
	fake_reset();
	fake.fail_at = 1;
	fake.fail_n = 100;
	fake.fail_with = EAGAIN;
	open_file(plan, &plan->steps, "a");
	step_alt(plan, &plan->steps.v[0], ALT_AGAIN, "busy", EAGAIN, 0)->limit = 5;
	eq_int(run_plan(plan, NULL), -EAGAIN, "but_not_for_ever");
	eq_int(fake.n_calls, 6, "once_and_five_times_more");
}

static void test_undo(void)
{
	struct hewn_plan *plan = new_plan();
	struct plan_step *step;
	struct hewn_run *run;
	uint32_t text;

	fake_reset();
	step = plan_step(plan, &plan->steps, CALL_WRITE, "makes a probe", 0, NONE);
	text = plan_string(plan, "p:x");
	step_int(step, 1);
	step_blob(step, text);
	step_int(step, 3);
	step = plan_step(plan, &plan->steps.v[0].undo, CALL_WRITE, "takes it away", 0, NONE);
	text = plan_string(plan, "-:x");
	step_int(step, 1);
	step_blob(step, text);
	step_int(step, 3);
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "a_probe_is_made");
	eq_int(fake.n_probes, 1, "and_is_there");
	hewn_run_close(run);
	eq_int(fake.n_probes, 0, "closing_takes_it_away");

	plan->steps.v[0].undo_on_failure = true;
	eq_int(hewn_run_open(&run, plan, NULL, NULL), 0, "what_is_undone_only_on_failure");
	hewn_run_close(run);
	eq_int(fake.n_probes, 1, "stays_otherwise");
	hewn_plan_close(plan);
}

static void test_fixes(void)
{
	struct hewn_plan *plan = new_plan();
	uint32_t file = open_file(plan, &plan->steps, "a"), outer, pid;
	char digits[16];
	uint32_t last;
	struct plan_step *step;
	struct hewn_err err = { 0 };
	const struct plan_blob *blob;

	/* the bytes are seen where they are text: in the number that a read brings, and in an error */
	fake_reset();
	pid = plan_slot(plan, SLOT_NUMBER, OF_PID, NONE, -1, "pid");
	outer = plan_blob(plan, BLOB_VALUE, "1234................................", 36);
	plan_fix(plan, outer, 4, 4, FIX_SLOT, file);
	plan_fix(plan, outer, 8, 8, FIX_BLOB, plan_string(plan, "inner"));
	plan_fix(plan, outer, 16, 10, FIX_TEXT, pid);
	step = plan_step(plan, &plan->steps, CALL_MKDIRAT, "uses the bytes", 0, NONE);
	step_int(step, 0);
	step_blob(step, outer);
	step_expect(plan, step, outer, 4, 100, "file number");
	eq_int(run_plan(plan, &err), 0, "an_fd_stands_in_the_bytes");

	plan = new_plan();
	fake_reset();
	outer = plan_string(plan, "pid 0000000000");
	pid = plan_slot(plan, SLOT_NUMBER, OF_PID, NONE, -1, "pid");
	plan_fix(plan, outer, 4, 10, FIX_TEXT, pid);
	step = plan_step(plan, &plan->steps, CALL_MKDIRAT, "uses the bytes", 0, NONE);
	step_int(step, 0);
	step_blob(step, outer);
	snprintf(digits, sizeof(digits), "%010d", getpid());
	memcpy(&last, digits + 6, sizeof(last));
	step_expect(plan, step, outer, 10, last, "last digits");
	blob = &plan->blobs[outer];
	eq_str((const char *)blob->bytes, "pid 0000000000", "the_plan_itself_stays_as_it_is");
	eq_int(run_plan(plan, &err), 0, "a_number_stands_in_the_text");

	plan = new_plan();
	fake_reset();
	outer = plan_blob(plan, BLOB_VALUE, "\1\0\0\0", 4);
	step = plan_step(plan, &plan->steps, CALL_MKDIRAT, "asks", 0, NONE);
	step_int(step, 0);
	step_blob(step, outer);
	step_expect(plan, step, outer, 0, 0x1234, "key size");
	eq_int(run_plan(plan, &err), -EEXIST, "what_the_kernel_tells_can_be_wrong");
	has(err.what, "key size", "and_the_error_names_it");
}

static void test_stop(void)
{
	static const volatile sig_atomic_t stop = 1;
	const struct hewn_run_opts opts = { .stop = &stop };
	struct hewn_plan *plan = new_plan();
	struct hewn_run *run;

	fake_reset();
	open_file(plan, &plan->steps, "a");
	eq_int(hewn_run_open(&run, plan, &opts, NULL), -EINTR, "a_signal_stops_between_two_steps");
	eq_int(fake.n_calls, 0, "before_the_call");
	hewn_run_close(run);
	hewn_plan_close(plan);
}

static void test_caller_fds(void)
{
	struct hewn_plan *plan = new_plan();
	const int mine = 7;
	struct hewn_run *run;
	uint32_t slot;

	fake_reset();
	slot = plan_slot(plan, SLOT_FD, OF_MAP, 0, -1, "map");
	use(plan, slot);
	eq_int(run_open_with(&run, plan, &mine, 1, NULL, NULL), 0, "the_callers_fd_is_used");
	hewn_run_close(run);
	hewn_plan_close(plan);
	eq_str(fake.trace, "ioctl(7)\n", "and_never_closed");
}

int main(void)
{
	test_order();
	test_failure();
	test_alternatives();
	test_absent();
	test_again();
	test_undo();
	test_fixes();
	test_stop();
	test_caller_fds();
	return tap_done();
}
