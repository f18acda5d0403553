// SPDX-License-Identifier: MIT
/* loader/target/usdt_args: where arguments are, as the assemblers write it. */
#include <errno.h>

#include "loader/target/usdt.h"
#include "tests/tap.h"

/* An argument as text: "reg 80 -4", "const -7 8", "mem 32 -16 1", "index 32 80 3 -96 1". */
static void show(const struct usdt_arg *a, char *text, size_t size)
{
	switch (a->kind) {
	case USDT_CONST:
		snprintf(text, size, "const %lld %d", (long long)a->value, a->size);
		return;
	case USDT_REG:
		snprintf(text, size, "reg %u %d", a->reg, a->size);
		return;
	case USDT_DEREF:
		snprintf(text, size, "mem %u %lld %d", a->reg, (long long)a->value, a->size);
		return;
	case USDT_INDEX:
		snprintf(text, size, "index %u %u %u %lld %d", a->reg, a->index, a->scale, (long long)a->value, a->size);
		return;
	}
}

static void one(const char *machine, const char *arg, const char *want)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	struct hewn_err err = { 0 };
	char text[100] = "refused", name[100];

	if (usdt_args(machine, arg, args, &err) == 1)
		show(&args[0], text, sizeof(text));
	snprintf(name, sizeof(name), "%s %s", machine, arg);
	eq_str(text, want, name);
}

int main(void)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	struct hewn_err err = { 0 };

	one("x86_64", "-4@%edi", "reg 112 -4");
	one("x86_64", "8@%r10", "reg 56 8");
	one("x86_64", "-1@%sil", "reg 104 -1");
	one("x86_64", "-8@$-7", "const -7 -8");
	one("x86_64", "8@$18446744073709551615", "const -1 8");
	one("x86_64", "-4@-1204(%rbp)", "mem 32 -1204 -4");
	one("x86_64", "8@(%rsp)", "mem 152 0 8");
	one("x86_64", "1@-96(%rbp,%rax,8)", "index 32 80 3 -96 1");
	one("x86_64", "1@(%rbp,%rax)", "index 32 80 0 0 1");
	one("x86_64", "1@-96(%rbp,%rax,3)", "refused");
	one("x86_64", "1@-96(%rbp,%rax,16)", "refused");
	one("x86_64", "3@%eax", "refused");
	one("x86_64", "4@%eaxx", "refused");
	one("x86_64", "4@%xmm0", "refused");
	one("x86_64", "4@counter(%rip)", "refused");
	one("x86_64", "4@8(%rbp", "refused");
	one("x86_64", "4@", "refused");
	one("x86_64", "4@%eax,", "refused");
	one("s390x", "-2@-28(%r15)", "mem 144 -28 -2");
	one("s390x", "-8@%r2", "reg 40 -8");
	one("s390x", "4@71", "const 71 4");
	one("aarch64", "-4@[sp, 96]", "mem 248 96 -4");
	one("aarch64", "-4@[sp]", "mem 248 0 -4");
	one("aarch64", "-8@x4", "reg 32 -8");
	one("aarch64", "4@5", "const 5 4");
	one("riscv64", "-8@-88(s0)", "mem 64 -88 -8");
	one("riscv64", "-8@a1", "reg 88 -8");
	one("armv7l", "-4@[fp, #96]", "mem 44 96 -4");
	one("armv7l", "4@#5", "const 5 4");
	one("armv7l", "-4@r4", "reg 16 -4");
	eq_int(usdt_args("x86_64", "", args, &err), 0, "no_arguments_are_none");
	eq_int(usdt_args("x86_64", "-4@%eax  8@-8(%rbp) -4@$5", args, &err), 3, "spaces_separate");
	eq_int(args[1].value, -8, "the_second_is_the_second");
	eq_int(usdt_args("aarch64", "-4@[sp, 96] 8@x1", args, &err), 2, "a_space_in_brackets_does_not");
	eq_int(usdt_args("x86_64", "1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al 1@%al", args, &err), -E2BIG,
	       "thirteen_are_too_many");
	hewn_err_close(&err);
	eq_int(usdt_args("vax", "4@r1", args, &err), -ENOTSUP, "another_architecture_is_said_to_be_unknown");
	return tap_done();
}
