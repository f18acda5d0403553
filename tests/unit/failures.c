// SPDX-License-Identifier: MIT
/*
 * Each call of each object's plan fails in turn, with every errno that such a call returns, in a kernel
 * that only keeps books: either an alternative of the plan saves the run, or there is an error that says
 * why; and whatever happens, no fd, mapping, probe or pin is left.
 */
#include <glob.h>

#include "tests/fake_kernel.h"

#include "loader/kernel/run.h"
#include "tests/tap.h"

static const int errnos[] = { EPERM, ENOENT, EINTR, EIO, E2BIG, EAGAIN, ENOMEM, EACCES, EFAULT, EBUSY, EEXIST,
			      ENODEV, EINVAL, ENFILE, EMFILE, ENOSPC, ENOSYS, EOPNOTSUPP, EADDRNOTAVAIL, EILSEQ, 524 };

struct tally {
	int runs, saved, refused, dirty, silent, wrong;
};

/* One run with call `at` failing. */
static void fail_one(const struct hewn_plan *plan, int at, int with, const char *log, struct tally *tally)
{
	struct hewn_err err = { 0 };
	struct hewn_run *run;
	int ret;

	fake_reset();
	fake.fail_at = at;
	fake.fail_with = with;
	fake.fail_n = log ? 2 : 1; /* the try with a log fails too */
	fake.log = log;
	ret = hewn_run_open(&run, plan, NULL, &err);
	tally->runs++;
	if (ret) {
		tally->refused++;
		tally->silent += !err.what[0] || !err.step[0];
		tally->wrong += err.code != ret || fake.n_open || fake.n_mapped || fake.n_probes || fake.n_pins;
	} else {
		tally->saved++;
		fake.n_pins = 0; /* pins outlive a run that worked */
	}
	hewn_run_close(run);
	if (!fake_is_clean()) {
		tally->dirty++;
		printf("# call %d failing with %d leaves %d fds, %d mappings, %d probes, %d pins; bad closes %d\n", at, with,
		       fake.n_open, fake.n_mapped, fake.n_probes, fake.n_pins, fake.bad_closes);
	}
	hewn_err_close(&err);
}

static void check_object(const char *path, const char *profile)
{
	static const char log[] = "0: (b7) r0 = 1\n1: (95) exit\nR1 type=scalar expected=fp\n";
	const struct hewn_plan_opts opts = { .attach = true, .rings = true, .pin = "/sys/fs/bpf/test", .optional = true };
	struct hewn_object *object = NULL;
	struct hewn_target *target = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_err err = { 0 };
	struct tally tally = { 0 };
	char name[256];
	int n_calls, ret;

	if (hewn_object_open(&object, path, &err) || hewn_target_open(&target, profile, &err) ||
	    hewn_plan_open(&plan, object, target, &opts, &err)) {
		snprintf(name, sizeof(name), "%s on %s", path, profile);
		ok(err.what[0], name);
		printf("# no plan: %s\n", err.what);
		goto out;
	}
	fake.version = plan->version;
	fake_reset();
	ret = hewn_run_open(&run, plan, NULL, &err);
	snprintf(name, sizeof(name), "%s on %s runs", path, profile);
	if (!eq_int(ret, 0, name))
		hewn_err_print(&err, stdout, 0);
	n_calls = fake.n_calls;
	fake.n_pins = 0;
	hewn_run_close(run);
	ok(fake_is_clean(), "and leaves nothing");

	fake_reset();
	fake.no_folder = "/sys/kernel/tracing/"; /* where only debugfs is mounted */
	eq_int(hewn_run_open(&run, plan, NULL, &err), 0, "with the tracefs that debugfs has it runs too");
	fake.n_pins = 0;
	hewn_run_close(run);
	ok(fake_is_clean(), "and leaves nothing there");

	if (!strstr(path, "/tests/")) { /* some of those have programs that are newer */
		fake_reset();
		fake.is_old = true;
		eq_int(hewn_run_open(&run, plan, NULL, &err), 0, "on an old kernel it does without names and types");
		fake.n_pins = 0;
		hewn_run_close(run);
		ok(fake_is_clean(), "and leaves nothing on it");
	}

	for (int at = 1; at <= n_calls; at++) {
		for (size_t i = 0; i < sizeof(errnos) / sizeof(errnos[0]); i++)
			fail_one(plan, at, errnos[i], NULL, &tally);
		fail_one(plan, at, EACCES, log, &tally);
		fail_one(plan, at, EINVAL, log, &tally);
	}
	printf("# %d calls; of %d runs %d were saved by an alternative, %d refused\n", n_calls, tally.runs, tally.saved,
	       tally.refused);
	eq_int(tally.dirty, 0, "a failing call leaves nothing");
	eq_int(tally.silent, 0, "every failure says why and where");
	eq_int(tally.wrong, 0, "and has undone everything by then");
	ok(tally.refused > 0, "some failures are for good");
out:
	hewn_err_close(&err);
	hewn_plan_close(plan);
	hewn_target_close(target);
	hewn_object_close(object);
}

int main(int argc, char **argv)
{
	static const char *const patterns[] = { "/bpf/*.bpf.o", "/tests/bpf/*.bpf.o" };
	char build[256], pattern[300];
	glob_t found;

	/* the objects are beside this program: BUILD/tests/unit/failures */
	snprintf(build, sizeof(build), "%s", argc > 0 ? argv[0] : "");
	for (int i = 0; i < 3 && strrchr(build, '/'); i++)
		*strrchr(build, '/') = 0;
	for (size_t p = 0; p < sizeof(patterns) / sizeof(patterns[0]); p++) {
		snprintf(pattern, sizeof(pattern), "%s%s", build, patterns[p]);
		if (glob(pattern, 0, NULL, &found))
			continue;
		for (size_t i = 0; i < found.gl_pathc; i++) {
			check_object(found.gl_pathv[i], "tests/profiles/6.1-x86_64");
			check_object(found.gl_pathv[i], "tests/profiles/4.14-x86_64");
		}
		globfree(&found);
	}
	if (!tap_run)
		tap_skip("no objects", "bpf/ is not compiled");
	return tap_done();
}
