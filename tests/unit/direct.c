// SPDX-License-Identifier: MIT
/* loader/kernel/direct: a program that is loaded without a plan. */
#include <linux/bpf.h>

#include "tests/fake_kernel.h"

#include "loader/hewn.h"
#include "tests/tap.h"

/* What a load comes to that is interrupted so many times; and how many calls that takes. */
static void interrupted(int times, int want, int calls, const char *name)
{
	static const struct bpf_insn insns[] = { { .code = 0xb7 }, { .code = 0x95 } };
	int fd;

	fake_reset();
	fake.fail_at = times ? 1 : 0;
	fake.fail_n = times;
	fake.fail_with = EAGAIN;
	fd = hewn_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "prog", insns, 2, "GPL", NULL);
	eq_int(fd < 0 ? fd : 0, want, name);
	eq_int(fake.n_calls, calls, "after so many calls");
}

int main(void)
{
	interrupted(0, 0, 1, "a_program_is_loaded");
	interrupted(1, 0, 2, "a_signal_while_the_verifier_works_is_no_failure");
	interrupted(5, 0, 6, "nor_are_five");
	interrupted(100, -EAGAIN, 6, "more_are_one");
	return tap_done();
}
