// SPDX-License-Identifier: MIT
/* Why the kernel said EPERM: first from facts made up here, then from a child that gave its rights away. */
#include "loader/kernel/privilege.h"
#include "loader/kernel/sys.h"
#include "tests/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#define ALL UINT64_MAX
#define CAP(name) (1ull << (name))

static const struct privilege_facts root = {
	.caps = ALL, .version = KERNEL(6, 1), .memlock = UINT64_MAX, .bpf_disabled = 2, .paranoid = 2
};

static char what[400], hint[400];

static bool explain(const struct privilege_call *call, const struct privilege_facts *facts)
{
	what[0] = hint[0] = '\0';
	return privilege_explain(call, facts, what, sizeof(what), hint, sizeof(hint));
}

static void bpf_names_what_is_missing(void)
{
	struct privilege_facts facts = root;
	struct privilege_call load = { .call = CALL_BPF, .cmd = BPF_PROG_LOAD, .code = -EPERM,
				       .type = BPF_PROG_TYPE_KPROBE };
	struct privilege_call map = { .call = CALL_BPF, .cmd = BPF_MAP_CREATE, .code = -EPERM };

	facts.caps = 0;
	explain(&load, &facts);
	eq_str(what,
	       "BPF_PROG_LOAD of a program of type KPROBE needs CAP_BPF and CAP_PERFMON, and the process does not have them "
	       "(kernel.unprivileged_bpf_disabled is on)",
	       "a_probe_needs_two_capabilities");
	has(hint, "setcap cap_bpf,cap_perfmon+ep", "and_setcap_gives_them");
	explain(&map, &facts);
	has(what, "BPF_MAP_CREATE needs CAP_BPF, and the process does not have it", "a_map_needs_one");
	has(hint, "cap_bpf+ep FILE` (programs that trace need cap_perfmon too", "and_what_comes_next_is_said");
	facts.caps = CAP(CAP_EBPF);
	explain(&load, &facts);
	has(what, "needs CAP_PERFMON, and the process does not have it", "what_is_there_is_not_named");
	ok(!strstr(what, "unprivileged_bpf_disabled"), "nor_a_switch_that_does_not_matter");
	load.type = BPF_PROG_TYPE_XDP;
	explain(&load, &facts);
	has(what, "needs CAP_NET_ADMIN", "xdp_needs_net_admin");
	load.type = BPF_PROG_TYPE_EXT;
	explain(&load, &facts);
	has(what, "CAP_PERFMON and CAP_NET_ADMIN", "freplace_needs_both");
	facts.caps = 0;
	facts.version = KERNEL(5, 4);
	explain(&map, &facts);
	has(what, "CAP_SYS_ADMIN", "before_5_8_there_is_sys_admin_only");
	load.code = -EACCES;
	ok(!explain(&load, &facts), "the_verifier_s_eacces_is_not_a_question_of_rights");
	load.code = -EINVAL;
	ok(!explain(&load, &facts), "einval_is_not_a_question_of_rights");
}

static void root_can_be_refused_too(void)
{
	struct privilege_facts facts = root;
	struct privilege_call map = { .call = CALL_BPF, .cmd = BPF_MAP_CREATE, .code = -EPERM };

	facts.version = KERNEL(5, 10);
	facts.memlock = 65536;
	explain(&map, &facts);
	has(what, "RLIMIT_MEMLOCK allows 64 KiB", "before_5_11_memory_is_counted");
	facts.version = KERNEL(5, 11);
	explain(&map, &facts);
	ok(!strstr(what, "MEMLOCK"), "from_5_11_it_is_not");
	facts.user_ns = true;
	explain(&map, &facts);
	has(what, "own user namespace", "root_of_a_user_namespace_is_not_root");
	facts.user_ns = false;
	facts.seccomp = true;
	explain(&map, &facts);
	has(what, "seccomp", "a_filter_may_refuse");
	facts.seccomp = false;
	strcpy(facts.lsm, "lockdown,capability,selinux");
	explain(&map, &facts);
	has(hint, "this kernel has lockdown,capability,selinux", "a_security_module_may_refuse");
	strcpy(facts.lockdown, "confidentiality");
	explain(&map, &facts);
	has(what, "locked down", "lockdown_is_named");
	map.cmd = BPF_MAP_UPDATE_ELEM;
	explain(&map, &facts);
	has(what, "may not be written", "a_frozen_map_is_named");
	map = (struct privilege_call){ .call = CALL_BPF, .cmd = BPF_OBJ_PIN, .code = -EPERM, .path = "/tmp/x",
				       .off_bpffs = true };
	explain(&map, &facts);
	has(what, "the folder of /tmp/x is not in a BPF file system", "a_pin_elsewhere_is_named");
}

static void perf_names_the_switch(void)
{
	struct privilege_facts facts = root;
	struct privilege_call open = { .call = CALL_PERF_EVENT_OPEN, .code = -EACCES, .type = 8, .pid = -1 };

	facts.caps = CAP(CAP_EBPF);
	explain(&open, &facts);
	has(what, "kprobe or uprobe needs CAP_PERFMON", "a_probe_always_needs_perfmon");
	open.type = PERF_TYPE_SOFTWARE;
	explain(&open, &facts);
	has(what, "perf_event_paranoid is above 0 (it is 2)", "an_event_of_all_processes_depends_on_a_switch");
	facts.paranoid = 3;
	facts.caps = CAP(CAP_EBPF) | CAP(CAP_PERF);
	explain(&open, &facts);
	has(what, "perf_event_paranoid is 3", "debian_s_third_level_wants_sys_admin");
	has(hint, "perf_event_paranoid=2", "and_the_switch_is_in_the_hint");
	open = (struct privilege_call){ .call = CALL_OPENAT, .code = -EACCES,
					.path = "/sys/kernel/tracing/events/sched/sched_switch/id" };
	explain(&open, &facts);
	has(what, "for root only", "tracefs_is_for_root");
}

/* ── a real refusal ── */

/* In a child without rights: the call, and what is said of it, through a pipe. */
static void child(int to, enum plan_call kind)
{
	static const uint64_t insns[2] = { 0xb7, 0x95 };
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_KPROBE, .insn_cnt = 2,
				.insns = (uintptr_t)insns, .license = (uintptr_t) "GPL" };
	struct perf_event_attr perf = { .type = PERF_TYPE_TRACEPOINT, .size = PERF_ATTR_SIZE_VER0, .config = 1 };
	const long bpf[6] = { BPF_PROG_LOAD, (long)(uintptr_t)&attr, 48 };
	const long event[6] = { (long)(uintptr_t)&perf, -1, 0, -1, 0 };
	const long *args = kind == CALL_BPF ? bpf : event;
	struct hewn_err err = { 0 };
	long result;

	if (setgid(65534) || setuid(65534))
		_exit(1);
	result = sys_trap(kind, args);
	privilege_err(kind, args, result, &err);
	dprintf(to, "%ld\n%s\n%s\n", result, err.what, err.hint);
	_exit(0);
}

static char *said_without_rights(enum plan_call kind)
{
	static char text[1024];
	ssize_t n;
	pid_t pid;
	int fds[2];

	if (pipe(fds))
		return NULL;
	pid = fork();
	if (!pid)
		child(fds[1], kind);
	close(fds[1]);
	n = read(fds[0], text, sizeof(text) - 1);
	text[n > 0 ? n : 0] = '\0';
	close(fds[0]);
	waitpid(pid, NULL, 0);
	return text;
}

static void a_process_without_rights_is_told(void)
{
	const char *said;

	if (geteuid()) {
		tap_skip("a_process_without_rights_is_told", "only root can give its rights away");
		return;
	}
	said = said_without_rights(CALL_BPF);
	if (!strncmp(said, "-1\n", 3))
		has(said, "of type KPROBE needs CAP_BPF and CAP_PERFMON", "a_child_without_rights_is_told_of_both");
	else
		tap_skip("a_child_without_rights_is_told_of_both", "bpf(2) did not say EPERM");
	said = said_without_rights(CALL_PERF_EVENT_OPEN);
	if (!strncmp(said, "-1\n", 3) || !strncmp(said, "-13\n", 4))
		has(said, "perf_event_paranoid", "and_of_the_switch_of_perf_events");
	else
		tap_skip("and_of_the_switch_of_perf_events", "perf_event_open(2) did not say EPERM or EACCES");
}

int main(void)
{
	bpf_names_what_is_missing();
	root_can_be_refused_too();
	perf_names_the_switch();
	a_process_without_rights_is_told();
	return tap_done();
}
