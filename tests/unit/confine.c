// SPDX-License-Identifier: MIT
/* The fence of a plan: the filter is run here, call by call, as the kernel would run it. */
#include "insn/cbpf.h"
#include "loader/kernel/confine.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>

/* What the filter says of a call, or 1 where it does what a filter may not. */
static uint32_t filter_run(const struct sock_filter *prog, uint16_t n, const struct seccomp_data *data)
{
	uint32_t a = 0;

	for (uint16_t i = 0; i < n; i++) {
		const struct sock_filter *insn = &prog[i];

		switch (insn->code) {
		case BPF_LD | BPF_W | BPF_ABS:
			if (insn->k % 4 || insn->k + 4 > sizeof(*data))
				return 1;
			memcpy(&a, (const uint8_t *)data + insn->k, 4);
			break;
		case BPF_JMP | BPF_JEQ | BPF_K:
			i = (uint16_t)(i + (a == insn->k ? insn->jt : insn->jf));
			break;
		case BPF_JMP | BPF_JSET | BPF_K:
			i = (uint16_t)(i + (a & insn->k ? insn->jt : insn->jf));
			break;
		case BPF_ALU | BPF_AND | BPF_K:
			a &= insn->k;
			break;
		case BPF_ALU | BPF_OR | BPF_K:
			a |= insn->k;
			break;
		case BPF_RET | BPF_K:
			return insn->k;
		case BPF_RET | BPF_A:
			return a;
		default:
			return 1;
		}
	}
	return 1;
}

static struct sock_filter *filter;
static uint16_t n_insns;

static void compile(const struct hewn_plan *plan, unsigned int stages, int child)
{
	uint32_t n = 0;
	struct confine_rule *rules = confine_rules(plan, stages, child, &n);
	struct insn_err err;
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	confine_text(rules, n, to);
	fclose(to);
	free(filter);
	eq_int(cbpf_parse(text, size, &filter, &n_insns, &err), 0, "the_text_of_a_filter_assembles");
	eq_int(cbpf_check(filter, n_insns, &err), 0, "and_is_what_the_kernel_takes");
	free(rules);
	free(text);
}

static uint32_t ask(long number, uint64_t a, uint64_t b, uint64_t c)
{
	struct seccomp_data data = { .nr = (int)number, .args = { a, b, c } };
	const struct sock_filter *arch = &filter[1]; /* jeq #arch */

	data.arch = arch->k;
	return filter_run(filter, n_insns, &data);
}

static bool allows(long number, uint64_t a, uint64_t b, uint64_t c)
{
	return ask(number, a, b, c) == SECCOMP_RET_ALLOW;
}

/* A map, or instead of it a map of another kind of attr; a probe in tracefs, which is taken away at the end. */
static struct hewn_plan *a_plan(void)
{
	struct hewn_plan *plan = calloc(1, sizeof(*plan));
	struct plan_step *step = plan_bpf(plan, &plan->steps, BPF_MAP_CREATE, plan_attr(plan, BPF_MAP_CREATE), "a map", 0, NONE);

	plan_bpf(plan, &step_alt(plan, step, ALT_STEPS, "no such thing", EINVAL, 0)->steps, BPF_OBJ_GET,
		 plan_attr(plan, BPF_OBJ_GET), "a pinned one", 0, NONE);
	step = plan_step(plan, &plan->steps, CALL_WRITE, "a probe", 0, NONE);
	step = plan_step(plan, &step->undo, CALL_OPENAT, "where it is taken away", 0, NONE);
	step_int(step, AT_FDCWD);
	step_blob(step, plan_string(plan, "/sys/kernel/tracing/kprobe_events"));
	step_int(step, O_WRONLY | O_APPEND);
	step_int(step, 0);
	return plan;
}

static void test_steps(const struct hewn_plan *plan)
{
	compile(plan, CONFINE_STEPS | CONFINE_LOOP, 0);
	ok(allows(SYS_bpf, BPF_MAP_CREATE, 0, 0), "a_command_of_the_plan_passes");
	ok(allows(SYS_bpf, BPF_MAP_CREATE | 1ull << 32, 0, 0), "the_kernel_takes_32_bits_of_it_and_so_does_the_filter");
	ok(allows(SYS_bpf, BPF_OBJ_GET, 0, 0), "so_does_that_of_an_alternative");
	eq_int(ask(SYS_bpf, BPF_PROG_LOAD, 0, 0), (int)(SECCOMP_RET_TRAP | BPF_PROG_LOAD), "another_one_is_trapped_with_its_number");
	eq_int(ask(SYS_getppid, 0, 0, 0), (int)SECCOMP_RET_TRAP, "a_call_that_no_plan_has_is_trapped");
	ok(!allows(SYS_perf_event_open, 0, 0, 0) && !allows(SYS_execve, 0, 0, 0), "and_one_that_this_plan_has_not");
	ok(allows(SYS_openat, 0, 0, O_RDONLY | O_CLOEXEC), "files_can_be_read_to_say_why_a_step_failed");
	ok(allows(SYS_openat, 0, 0, O_WRONLY | O_APPEND), "and_opened_as_the_plan_does");
	ok(!allows(SYS_openat, 0, 0, O_RDWR) && !allows(SYS_openat, 0, 0, O_WRONLY | O_APPEND | O_CREAT), "and_not_otherwise");
#ifdef SYS_mmap2
	ok(allows(SYS_mmap2, 0, 0, PROT_READ) && !allows(SYS_mmap2, 0, 0, PROT_EXEC), "memory_has_no_new_code");
#else
	ok(allows(SYS_mmap, 0, 0, PROT_READ) && !allows(SYS_mmap, 0, 0, PROT_EXEC), "memory_has_no_new_code");
#endif
	ok(allows(SYS_prlimit64, 0, 3, 0) && !allows(SYS_prlimit64, 0, 3, 1ull << 40), "limits_can_be_asked_for_and_not_set");
	ok(allows(SYS_seccomp, 1, 0, 0) && !allows(SYS_seccomp, 0, 0, 0), "a_second_filter_can_be_added");
}

static void test_loop(const struct hewn_plan *plan)
{
	struct seccomp_data foreign = { .nr = SYS_write, .arch = 0x12345678 };

	compile(plan, CONFINE_LOOP, 77);
	eq_int((int)filter_run(filter, n_insns, &foreign), (int)SECCOMP_RET_KILL_PROCESS, "another_ABI_of_the_kernel_is_the_end");
	ok(allows(SYS_write, 1, 0, 0) && allows(SYS_epoll_pwait, 0, 0, 0) && allows(SYS_exit_group, 0, 0, 0),
	   "the_loop_waits_prints_and_ends");
	ok(!allows(SYS_bpf, BPF_MAP_CREATE, 0, 0) && !allows(SYS_seccomp, 1, 0, 0), "and_makes_nothing_new");
	ok(!allows(SYS_epoll_create1, 0, 0, 0) && !allows(SYS_epoll_ctl, 3, 1, 4) && !allows(SYS_signalfd4, 0, 0, 0),
	   "nor_waits_for_anything_else");
	ok(!allows(SYS_ppoll, 0, 0, 0) && !allows(SYS_rt_sigaction, 10, 0, 0), "nor_in_another_way");
	ok(allows(SYS_openat, 0, 0, O_WRONLY | O_APPEND) && !allows(SYS_openat, 0, 0, O_RDONLY), "it_takes_away_what_the_plan_made");
	ok(allows(SYS_kill, 77, 15, 0) && !allows(SYS_kill, 1, 15, 0), "signals_go_to_the_command_only");
	compile(plan, CONFINE_LOOP | CONFINE_MAPS, 0);
	ok(allows(SYS_bpf, BPF_MAP_LOOKUP_ELEM, 0, 0) && !allows(SYS_bpf, BPF_MAP_UPDATE_ELEM, 0, 0), "maps_are_read_if_asked_for");
	ok(!allows(SYS_kill, 77, 15, 0), "no_command_no_signal");
}

int main(void)
{
	struct hewn_plan *plan = a_plan();

	test_steps(plan);
	test_loop(plan);
	hewn_plan_close(plan);
	free(filter);
	return tap_done();
}
