// SPDX-License-Identifier: MIT
/* struct hewn_err: the innermost fact stays, texts are cut and never overrun, JSON is escaped. */
#include <errno.h>

#include "loader/err.h"
#include "tests/tap.h"

static char text[8192];

static const char *printed(const struct hewn_err *err, bool json)
{
	FILE *to = fmemopen(text, sizeof(text), "w");

	if (json)
		hewn_err_json(err, to);
	else
		hewn_err_print(err, to, 0);
	fclose(to);
	return text;
}

int main(void)
{
	struct hewn_err err = { 0 };
	char longer[2000];

	eq_int(err_set(NULL, -EINVAL, "nobody asks"), -EINVAL, "no_err_still_gives_the_code");
	eq_int(err_set(&err, -ENOENT, "no map \"%s\"", "counts"), -ENOENT, "the_code_comes_back");
	eq_int(err_set(&err, -EINVAL, "cannot relocate"), -ENOENT, "the_innermost_code_stays");
	err_section(&err, "a\033[2Jb");
	eq_str(err.section, "a?[2Jb", "what_is_quoted_steers_no_terminal");
	err.section[0] = 0;
	eq_str(err.what, "no map \"counts\"", "the_innermost_cause_stays");
	err_insn(&err, 0);
	err_insn(&err, 7);
	err_section(&err, "kprobe/\"x\"");
	has(printed(&err, false), "instruction  0", "instruction_0_is_a_fact");
	has(printed(&err, false), "ENOENT", "the_errno_is_named");
	has(printed(&err, true), "\"section\":\"kprobe/\\\"x\\\"\"", "json_is_escaped");

	memset(longer, 'a', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = 0;
	err_hint(&err, "%s", longer);
	eq_int(strlen(err.hint), sizeof(err.hint) - 1, "a_long_text_is_cut");

	err.log = strdup("0: line\n1: line\n2: line\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\nlast\n");
	has(printed(&err, false), "    last", "the_log_ends_with_its_last_line");
	ok(!strstr(text, "1: line"), "only_the_tail_of_the_log_is_shown");
	free(err.log);
	err.log = strdup("0: (95) exit\nR0 !read_ok\n\nVerification failed: x\n\nReason:\n  y\n\nprocessed 1 insns\n");
	ok(strstr(printed(&err, false), "    R0 !read_ok\n") && !strstr(text, "Reason"),
	   "the_report_of_newer_kernels_is_not_in_the_tail");
	hewn_err_close(&err);
	eq_int(err.code, 0, "closed_is_empty");
	eq_str(err_name(-524), "ENOTSUPP", "the_kernels_own_errno_has_its_name");
	return tap_done();
}
