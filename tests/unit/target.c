// SPDX-License-Identifier: MIT
/* Facts of a kernel: versions, CPU lists, PMUs, and profiles written and read back. */
#include "loader/target/functions.h"
#include "loader/target/target.h"
#include "tests/tap.h"

#include <errno.h>
#include <sys/utsname.h>
#include <unistd.h>

#define HEAD "# hewn target profile 1\n"

/* Opens a profile of this text. */
static int open_text(struct hewn_target **target, const char *text, size_t size, struct hewn_err *err)
{
	char path[] = "/tmp/hewn-target-XXXXXX";
	int fd = mkstemp(path), ret;

	if (fd < 0 || write(fd, text, size) != (ssize_t)size) {
		perror(path);
		exit(1);
	}
	close(fd);
	ret = hewn_target_open(target, path, err);
	unlink(path);
	return ret;
}

static struct hewn_target *profile(const char *text)
{
	struct hewn_target *target;
	struct hewn_err err = { 0 };

	if (open_text(&target, text, strlen(text), &err)) {
		printf("# %s\n", err.what);
		exit(1);
	}
	return target;
}

static void versions(void)
{
	static const struct {
		const char *text;
		uint32_t version;
		const char *name;
	} rows[] = {
		{ "uname -r = 6.18.44-fc\n", 0x06122c, "version_is_that_of_uname_r" },
		{ "uname -r = 6.18-rc3\n", 0x061200, "version_without_sublevel" },
		{ "uname -r = 4.14.336\n", 0x040eff, "sublevel_stays_at_255_in_4_14" },
		{ "uname -r = 4.9.256\n", 0x0409ff, "sublevel_stays_at_255_in_4_9" },
		{ "uname -r = 4.4.302-st1\n", 0x0404ff, "sublevel_stays_at_255_in_4_4" },
		{ "uname -r = 4.19.99999999999\n", 0x0413ff, "sublevel_of_many_digits" },
		{ "uname -r = 6.1.0-18-amd64\nuname -v = #1 SMP PREEMPT_DYNAMIC Debian 6.1.76-1 (2024-02-01)\n",
		  0x06014c, "debian_has_its_version_in_uname_v" },
		{ "uname -r = 4.15.0-20-generic\n/proc/version_signature = Ubuntu 4.15.0-20.21-generic 4.15.17\n",
		  0x040f11, "ubuntu_has_its_version_in_the_signature" },
		{ "uname -r = 5.4.0\nuname -v = #1 SMP Debian soon\n", 0x050400, "a_debian_without_version_is_passed_over" },
		{ "uname -r = linux\n", 0, "no_version_is_zero" },
		{ "uname -r = 6.\n", 0, "half_a_version_is_zero" },
		{ "no uname -r\n", 0, "no_release_is_zero" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct hewn_target *target;

		snprintf(text, sizeof(text), HEAD "%s", rows[i].text);
		target = profile(text);
		eq_int(target_version(target), rows[i].version, rows[i].name);
		hewn_target_close(target);
	}
}

static void cpus(void)
{
	struct hewn_target *target = profile(HEAD "/sys/devices/system/cpu/possible = 0-3,8\n");

	eq_int(target_possible_cpus(target), 9, "cpus_are_the_highest_number_and_one");
	hewn_target_close(target);
	target = profile(HEAD "/sys/devices/system/cpu/possible = 0\n");
	eq_int(target_possible_cpus(target), 1, "one_cpu");
	hewn_target_close(target);
	target = profile(HEAD "getconf _NPROCESSORS_CONF = 6\n");
	eq_int(target_possible_cpus(target), 6, "without_sysfs_the_c_library_is_asked");
	hewn_target_close(target);
	target = profile(HEAD "/sys/devices/system/cpu/possible = 0-3,2147483645\n");
	eq_int(target_possible_cpus(target), 4, "cpus_that_no_machine_has_are_none");
	hewn_target_close(target);
	target = profile(HEAD "/sys/devices/system/cpu/possible = 0-2147483645\ngetconf _NPROCESSORS_CONF = 6\n");
	eq_int(target_possible_cpus(target), 6, "and_a_range_up_to_them_is_no_list");
	hewn_target_close(target);
	target = profile(HEAD);
	eq_int(target_possible_cpus(target), 1, "of_unknown_cpus_there_is_one");
	hewn_target_close(target);

	ok(target_cpu_in("0-3,8", 3) && target_cpu_in("0-3,8", 8), "cpu_is_in_the_list");
	ok(!target_cpu_in("0-3,8", 4) && !target_cpu_in("0-3,8", 9), "cpu_is_not_in_the_list");
	ok(!target_cpu_in("", 0) && !target_cpu_in(NULL, 0) && !target_cpu_in("x", 0) &&
		   !target_cpu_in("3-1", 2) && !target_cpu_in("0-", 0) && !target_cpu_in("99999999999", 1),
	   "no_cpu_is_in_what_is_no_list");
}

static void pmus(void)
{
	struct hewn_target *target = profile(HEAD
		"/sys/bus/event_source/devices/kprobe/type = 8\n"
		"/sys/bus/event_source/devices/kprobe/format/retprobe = config:0\n"
		"/sys/bus/event_source/devices/uprobe/type = 9\n"
		"/sys/bus/event_source/devices/uprobe/format/retprobe = event\n"
		"/sys/bus/event_source/devices/odd/type = many\n");
	uint32_t type = 0, bit = 7;

	eq_int(target_pmu(target, "kprobe", &type, &bit), 0, "pmu_is_found");
	eq_int(type, 8, "pmu_type");
	eq_int(bit, 0, "pmu_return_bit");
	eq_int(target_pmu(target, "none", &type, &bit), -ENOENT, "pmu_that_is_missing");
	eq_int(target_pmu(target, "uprobe", &type, &bit), -EINVAL, "pmu_with_a_format_that_is_unknown");
	eq_int(target_pmu(target, "odd", &type, &bit), -EINVAL, "pmu_with_a_type_that_is_no_number");
	hewn_target_close(target);
}

static void running_kernel(void)
{
	struct hewn_target *target, *again;
	struct hewn_err err = { 0 };
	struct utsname uts;
	char *text = NULL;
	size_t size = 0;
	FILE *to;

	uname(&uts);
	eq_int(hewn_target_open(&target, NULL, &err), 0, "running_kernel_opens");
	eq_int(target->n_facts, 0, "nothing_is_read_before_it_is_asked_for");
	eq_str(target_fact(target, "uname -r"), uts.release, "release_of_this_kernel");
	eq_int(target_page_size(target), sysconf(_SC_PAGESIZE), "page_size_of_this_kernel");
	ok(target_version(target) > 0x040000, "version_of_this_kernel");
	ok(target_fact(target, "/no/such/file") == NULL, "a_missing_file_is_absent");
	ok(target_fact(target, "uname -x") == NULL && target_fact(target, "getconf X") == NULL,
	   "an_unknown_question_is_absent");
	ok(target_fact(target, "uname -m") == target_fact(target, "uname -m"), "a_fact_is_read_once");

	to = open_memstream(&text, &size);
	eq_int(hewn_target_save(target, to, &err), 0, "profile_is_written");
	fclose(to);
	has(text, "\nno /no/such/file\n", "profile_holds_what_is_absent");
	eq_int(open_text(&again, text, size, &err), 0, "profile_is_read_back");
	eq_int(target_version(again), target_version(target), "profile_has_the_same_version");
	eq_int(target_possible_cpus(again), target_possible_cpus(target), "profile_has_the_same_cpus");
	ok(target_fact(again, "/proc/uptime") == NULL, "with_a_profile_no_file_is_read");
	hewn_target_close(again);
	free(text);
	text = NULL;

	/* What a path or a binary's own text says must not become a fact of its own. */
	target_fact(target, "/no/such\nuname -r = 1.0");
	to = open_memstream(&text, &size);
	eq_int(hewn_target_save(target, to, &err), -EINVAL, "a_fact_of_two_lines_is_not_written");
	fclose(to);
	has(err.what, "a profile cannot hold", "and_the_error_says_so");
	ok(!strstr(text, "uname -r = 1.0"), "nor_any_of_it");
	hewn_target_close(target);
	hewn_target_close(NULL);
	free(text);
}

static void bad(const char *text, size_t size, const char *piece, const char *name)
{
	struct hewn_target *target;
	struct hewn_err err = { 0 };

	eq_int(open_text(&target, text, size, &err), -EINVAL, name);
	has(err.what, piece, name);
	ok(target == NULL, name);
}

#define BAD(text, piece, name) bad(text, sizeof(text) - 1, piece, name)

static void check_patterns(void)
{
	static const struct {
		const char *pattern, *name;
		bool fits;
	} rows[] = {
		{ "vfs_read", "vfs_read", true },	{ "vfs_read", "vfs_rea", false },
		{ "vfs_rea", "vfs_read", false },	{ "*", "", true },
		{ "*", "anything", true },		{ "", "", true },
		{ "", "x", false },			{ "?", "", false },
		{ "?", "x", true },			{ "vfs_?ead", "vfs_read", true },
		{ "vfs_*", "vfs_", true },		{ "vfs_*", "xvfs_read", false },
		{ "*_read", "vfs_read", true },		{ "*_read", "vfs_read_iter", false },
		{ "*aab*", "aaaab", true },		{ "*a?c*d", "xabcabacd", true },
		{ "a*b*c", "abbbbbc", true },		{ "a*b*c", "abbbbb", false },
		{ "**x**", "x", true },			{ "x**", "xy", true },
		{ "?*?", "x", false },			{ "?*?", "xy", true },
		{ "[a-z]", "b", false },		{ "[a-z]", "[a-z]", true },
	};
	bool fits = true;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (target_matches(rows[i].pattern, rows[i].name) != rows[i].fits) {
			fits = false;
			printf("# \"%s\" of \"%s\"\n", rows[i].pattern, rows[i].name);
		}
	ok(fits, "patterns_mean_names");
	ok(target_is_pattern("a*") && target_is_pattern("?") && !target_is_pattern("[a]"), "what_is_a_pattern");
}

int main(void)
{
	struct hewn_target *target;
	struct hewn_err err = { 0 };

	versions();
	cpus();
	pmus();
	running_kernel();
	BAD("", "is empty", "an_empty_profile");
	BAD("\177ELF\1", "want \"# hewn target profile 1\"", "a_profile_that_is_none");
	BAD(HEAD "\nnonsense\n", ":3: found \"nonsense\"", "a_line_that_is_no_fact");
	BAD(HEAD "a = b\na = c\n", ":3: \"a\" is there twice", "a_fact_that_is_there_twice");
	BAD(HEAD "a = b\0c\n", ":2: a zero byte", "a_zero_byte");
	eq_int(hewn_target_open(&target, "/no/such/profile", &err), -ENOENT, "profile_that_is_missing");
	has(err.what, "/no/such/profile", "profile_that_is_missing_is_named");
	check_patterns();
	return tap_done();
}
