// SPDX-License-Identifier: MIT
/* Lines of /proc/kallsyms, and addresses as facts of a target. */
#include "loader/target/ksyms.h"

#include <errno.h>
#include <unistd.h>

#include "tests/tap.h"

static const char *read_line(const char *line)
{
	static char text[100];
	const char *name;
	uint64_t addr;
	size_t len;

	if (!ksyms_line(line, &addr, &name, &len))
		return "no line";
	snprintf(text, sizeof(text), "%llx %.*s", (unsigned long long)addr, (int)len, name);
	return text;
}

static void test_lines(void)
{
	static const struct {
		const char *line, *want;
	} rows[] = {
		{ "ffffffff81000000 T _text", "ffffffff81000000 _text" },
		{ "0000000000000000 A fixed_percpu_data", "0 fixed_percpu_data" },
		{ "ffffffffc0a3b000 t nf_nat_init\t[nf_nat]", "ffffffffc0a3b000 nf_nat_init" },
		{ "c0008000 T stext", "c0008000 stext" },
		{ "ffffffff82a00000 d counter.llvm.1234567", "ffffffff82a00000 counter" },
		{ "ffffffff82a00000 t function.llvm.1234567", "ffffffff82a00000 function.llvm.1234567" },
		{ "ffffffff81000000 T", "no line" },
		{ "ffffffff81000000 T ", "no line" },
		{ "ffffffff81000000", "no line" },
		{ "", "no line" },
		{ "xyz T _text", "no line" },
		{ "ffffffff810000001 T _text", "no line" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		eq_str(read_line(rows[i].line), rows[i].want, rows[i].line);
}

static void test_profile(void)
{
	char path[] = "/tmp/hewn-profile-XXXXXX";
	struct hewn_target *target;
	struct ksym sym;
	int fd = mkstemp(path);

	if (fd < 0 || dprintf(fd, "# hewn target profile 1\nkallsyms known = ffffffff81234560\nkallsyms hidden = 0\n"
				  "kallsyms first = 0 absolute\nkallsyms twice = ffffffff81000000 ffffffff82000000\n") < 0)
		exit(1);
	eq_int(hewn_target_open(&target, path, NULL), 0, "a_profile_has_symbols");
	eq_int(target_ksym(target, "known", &sym), 0, "and_answers");
	ok(sym.is_there && !sym.is_hidden && !sym.is_ambiguous && sym.addr == 0xffffffff81234560, "with_the_address");
	target_ksym(target, "hidden", &sym);
	ok(sym.is_there && sym.is_hidden, "or_that_it_is_hidden");
	target_ksym(target, "first", &sym);
	ok(sym.is_there && !sym.is_hidden && !sym.addr, "or_that_it_is_really_0");
	target_ksym(target, "twice", &sym);
	ok(sym.is_there && sym.is_ambiguous, "or_that_there_are_two");
	target_ksym(target, "none", &sym);
	ok(!sym.is_there, "or_that_there_is_none");
	hewn_target_close(target);
	close(fd);
	unlink(path);
}

/* This machine's: the names are there for everyone. */
static void test_machine(void)
{
	struct hewn_target *target;
	struct ksym text, none;
	const char *fact;

	if (access("/proc/kallsyms", R_OK)) {
		tap_skip("a_symbol_of_this_kernel_is_found", "there is no /proc/kallsyms");
		return;
	}
	hewn_target_open(&target, NULL, NULL);
	target_ksym_want(target, "no_such_symbol_anywhere");
	target_ksym_want(target, "_stext");
	target_ksym_want(target, "_stext");
	eq_int(target_ksym(target, "_stext", &text), 0, "a_symbol_of_this_kernel_is_looked_for");
	ok(text.is_there && (text.addr || text.is_hidden), "and_found");
	ok(target_settled(target, "kallsyms no_such_symbol_anywhere", &fact) && !fact, "in_one_pass_for_all_that_are_wanted");
	target_ksym(target, "no_such_symbol_anywhere", &none);
	ok(!none.is_there, "what_is_not_there_is_not_found");
	hewn_target_close(target);
}

int main(void)
{
	test_lines();
	test_profile();
	test_machine();
	return tap_done();
}
