// SPDX-License-Identifier: MIT
/*
 * Who may do what, see privilege.h. The rules are those of bpf_prog_load(), map_create(), perf_event_open() and
 * security/lockdown of Linux 5.8 to 6.18; before 5.8 CAP_SYS_ADMIN stands for CAP_BPF and CAP_PERFMON.
 */
#include "loader/kernel/privilege.h"

#include "loader/abi/abi.h"
#include "loader/plan/needs.h"

#include <errno.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct answer {
	const struct privilege_call *call;
	const struct privilege_facts *facts;
	char *what, *hint;
	size_t what_size, hint_size;
};

static bool has(const struct privilege_facts *facts, enum privilege_cap cap)
{
	return facts->caps >> cap & 1;
}

/* Whether a capability of 5.8 is there, or the one that stands for it. */
static bool may(const struct privilege_facts *facts, enum privilege_cap cap)
{
	return has(facts, CAP_SYSADMIN) || has(facts, cap);
}

PRINTF_LIKE(2, 3) static void say_what(const struct answer *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(a->what, a->what_size, fmt, args);
	va_end(args);
}

PRINTF_LIKE(2, 3) static void say_hint(const struct answer *a, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vsnprintf(a->hint, a->hint_size, fmt, args);
	va_end(args);
}

/* ── what bpf(2) wants ── */

static bool is_in(uint32_t type, const uint8_t *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (list[i] == type)
			return true;
	return false;
}

/* The capabilities that a call of bpf(2) wants and the process lacks: "CAP_BPF and CAP_PERFMON". */
static size_t lacking(const struct answer *a, char *names, size_t names_size, char *setcap, size_t setcap_size)
{
	const struct privilege_facts *f = a->facts;
	const bool prog = a->call->cmd == BPF_PROG_LOAD;
	const struct {
		bool lacks;
		const char *name, *setcap;
	} wants[] = {
		{ !may(f, CAP_EBPF), "CAP_BPF", "cap_bpf" },
		{ prog && needs_perfmon(a->call->type) && !may(f, CAP_PERF), "CAP_PERFMON", "cap_perfmon" },
		{ prog && needs_net_admin(a->call->type) && !may(f, CAP_NETADMIN), "CAP_NET_ADMIN", "cap_net_admin" },
	};
	size_t n = 0;

	names[0] = setcap[0] = '\0';
	for (size_t i = 0; i < sizeof(wants) / sizeof(*wants); i++) {
		if (!wants[i].lacks)
			continue;
		snprintf(names + strlen(names), names_size - strlen(names), "%s%s", n ? " and " : "", wants[i].name);
		snprintf(setcap + strlen(setcap), setcap_size - strlen(setcap), "%s%s", n ? "," : "", wants[i].setcap);
		n++;
	}
	return n;
}

static const char *what_it_loads(const struct answer *a, char *text, size_t size)
{
	const struct abi_cmd *cmd = abi_cmd(a->call->cmd);
	const char *type = a->call->cmd == BPF_PROG_LOAD ? abi_name(abi_prog_types, a->call->type) : NULL;

	snprintf(text, size, "%s%s%s%s", cmd ? cmd->name : "bpf()", type ? " of a program of type " : "",
		 type ? type : "", a->call->cmd == BPF_PROG_LOAD && !type ? " of an unknown type" : "");
	return text;
}

static bool by_caps(const struct answer *a)
{
	char names[96], setcap[64], what[96];
	const struct privilege_facts *f = a->facts;

	what_it_loads(a, what, sizeof(what));
	if (f->version && f->version < KERNEL(5, 8)) {
		if (has(f, CAP_SYSADMIN))
			return false;
		say_what(a, "%s needs CAP_SYS_ADMIN in this kernel (before 5.8), and the process does not have it", what);
		say_hint(a, "run it as root (sudo)");
		return true;
	}
	if (!lacking(a, names, sizeof(names), setcap, sizeof(setcap)))
		return false;
	say_what(a, "%s needs %s, and the process does not have %s%s", what, names,
		 strstr(names, " and ") ? "them" : "it",
		 f->bpf_disabled > 0 && !may(f, CAP_EBPF) ? " (kernel.unprivileged_bpf_disabled is on)" : "");
	say_hint(a, "run it as root (sudo), or give the program the right: `setcap %s+ep FILE`%s", setcap,
		 a->call->cmd == BPF_PROG_LOAD || may(f, CAP_PERF) ? "" :
								      " (programs that trace need cap_perfmon too, those of the "
								      "network cap_net_admin)");
	return true;
}

/* ── the rules, the first that fits ── */

static bool in_user_namespace(const struct answer *a)
{
	if (!a->facts->user_ns || a->call->call == CALL_OPENAT)
		return false;
	say_what(a, "the process has its rights only in its own user namespace (a rootless container?), and the kernel wants "
		    "them in the first one");
	say_hint(a, "run it outside, as root; from 6.9 a BPF token can be delegated to a container through a bpffs");
	return true;
}

static bool pin_off_bpffs(const struct answer *a)
{
	if (a->call->call != CALL_BPF || a->call->cmd != BPF_OBJ_PIN || !a->call->off_bpffs)
		return false;
	say_what(a, "the folder of %s is not in a BPF file system", a->call->path);
	say_hint(a, "`mount -t bpf bpf /sys/fs/bpf`, and pin below it");
	return true;
}

static bool path_mode(const struct answer *a)
{
	if (a->call->call != CALL_BPF || a->call->code != -EACCES)
		return false;
	if (a->call->cmd != BPF_OBJ_PIN && a->call->cmd != BPF_OBJ_GET)
		return false;
	say_what(a, "the mode of %s, or of a folder above it, does not let this user in", a->call->path);
	say_hint(a, "bpffs is for root only unless it was mounted with another mode: `ls -ld` shows it");
	return true;
}

static bool frozen(const struct answer *a)
{
	if (a->call->call != CALL_BPF || !may(a->facts, CAP_EBPF))
		return false;
	if (a->call->cmd != BPF_MAP_UPDATE_ELEM && a->call->cmd != BPF_MAP_DELETE_ELEM &&
	    a->call->cmd != BPF_MAP_LOOKUP_ELEM && a->call->cmd != BPF_MAP_FREEZE)
		return false;
	say_what(a, "this map, or this fd of it, may not be %s from user space",
		 a->call->cmd == BPF_MAP_LOOKUP_ELEM ? "read" : "written");
	say_hint(a, "it was frozen (BPF_MAP_FREEZE), or made or opened with BPF_F_RDONLY or BPF_F_WRONLY");
	return true;
}

static bool by_id(const struct answer *a)
{
	static const uint8_t cmds[] = { BPF_PROG_GET_NEXT_ID, BPF_MAP_GET_NEXT_ID, BPF_PROG_GET_FD_BY_ID,
					BPF_MAP_GET_FD_BY_ID, BPF_BTF_GET_FD_BY_ID, BPF_BTF_GET_NEXT_ID,
					BPF_LINK_GET_FD_BY_ID, BPF_LINK_GET_NEXT_ID };

	if (a->call->call != CALL_BPF || !is_in(a->call->cmd, cmds, sizeof(cmds)) || has(a->facts, CAP_SYSADMIN))
		return false;
	say_what(a, "only CAP_SYS_ADMIN may look through everybody's maps, programs, links and BTF");
	say_hint(a, "run it as root (sudo); an object that is pinned can be opened by its path instead");
	return true;
}

static bool bpf_caps(const struct answer *a)
{
	return a->call->call == CALL_BPF && by_caps(a);
}

static bool memlock(const struct answer *a)
{
	const struct privilege_facts *f = a->facts;

	if (a->call->call != CALL_BPF || !f->version || f->version >= KERNEL(5, 11) || f->memlock == UINT64_MAX)
		return false;
	if (a->call->cmd != BPF_MAP_CREATE && a->call->cmd != BPF_PROG_LOAD && a->call->cmd != BPF_BTF_LOAD)
		return false;
	say_what(a, "before 5.11 maps and programs count as locked memory, of which RLIMIT_MEMLOCK allows %llu KiB",
		 (unsigned long long)(f->memlock / 1024));
	say_hint(a, "`ulimit -l unlimited` before it, or LimitMEMLOCK=infinity in the unit of systemd");
	return true;
}

static bool lockdown(const struct answer *a)
{
	if (strcmp(a->facts->lockdown, "confidentiality"))
		return false;
	say_what(a, "the kernel is locked down (confidentiality): nothing may read its memory, so no probes, no perf events on it");
	say_hint(a, "start it with lockdown=integrity or none; Secure Boot may turn lockdown on");
	return true;
}

/* ── perf events ── */

static bool debian_paranoid(const struct answer *a)
{
	if (a->call->call != CALL_PERF_EVENT_OPEN || a->facts->paranoid < 3 || has(a->facts, CAP_SYSADMIN))
		return false;
	say_what(a, "kernel.perf_event_paranoid is %d: above 2, where Debian's and Ubuntu's kernels give perf events to "
		    "CAP_SYS_ADMIN only, CAP_PERFMON does not do",
		 a->facts->paranoid);
	say_hint(a, "run it as root, or `sysctl kernel.perf_event_paranoid=2`");
	return true;
}

static bool paranoid(const struct answer *a)
{
	const struct privilege_facts *f = a->facts;
	const bool probe = a->call->type > PERF_TYPE_BREAKPOINT;

	if (a->call->call != CALL_PERF_EVENT_OPEN || may(f, CAP_PERF))
		return false;
	if (probe)
		say_what(a, "a kprobe or uprobe needs CAP_PERFMON, and the process does not have it");
	else if (a->call->type == PERF_TYPE_TRACEPOINT)
		say_what(a, "a tracepoint needs CAP_PERFMON while kernel.perf_event_paranoid is above -1 (it is %d)", f->paranoid);
	else if (a->call->pid == -1)
		say_what(a, "an event of all processes needs CAP_PERFMON while kernel.perf_event_paranoid is above 0 (it is %d)",
			 f->paranoid);
	else
		say_what(a, "a perf event of the kernel needs CAP_PERFMON while kernel.perf_event_paranoid is above 1 (it is %d)",
			 f->paranoid);
	say_hint(a, "run it as root (sudo), or `setcap cap_bpf,cap_perfmon+ep FILE`%s",
		 probe ? "" : ", or `sysctl kernel.perf_event_paranoid=-1`");
	return true;
}

static bool ring_memory(const struct answer *a)
{
	if (a->call->call != CALL_MMAP)
		return false;
	say_what(a, "the ring is larger than kernel.perf_event_mlock_kb and RLIMIT_MEMLOCK allow");
	say_hint(a, "fewer pages a ring, or `ulimit -l unlimited`, or CAP_IPC_LOCK");
	return true;
}

/* ── files ── */

static bool tracefs(const struct answer *a)
{
	if (a->call->call != CALL_OPENAT || !strstr(a->call->path, "/tracing/"))
		return false;
	if (a->call->code == -EPERM && !strcmp(a->facts->lockdown, "confidentiality"))
		return false;
	if (has(a->facts, CAP_DAC_READ))
		return false;
	say_what(a, "%s is for root only", a->call->path);
	say_hint(a, "run it as root (sudo); or give a group the right: `mount -o remount,gid=GROUP,mode=750 /sys/kernel/tracing`");
	return true;
}

/* ── when the rights are all there ── */

static bool seccomp(const struct answer *a)
{
	if (!a->facts->seccomp)
		return false;
	say_what(a, "the process has the rights, but a seccomp filter is on, which may refuse %s()", plan_call_name(a->call->call));
	say_hint(a, "in a container: a seccomp profile that allows it, or --privileged");
	return true;
}

static bool security_module(const struct answer *a)
{
	if (a->call->call != CALL_BPF && a->call->call != CALL_PERF_EVENT_OPEN)
		return false;
	say_what(a, "the process has the rights for %s(), and was refused all the same", plan_call_name(a->call->call));
	if (a->facts->lsm[0])
		say_hint(a, "a security module may do that: this kernel has %s; its reasons are in dmesg or the audit log",
			 a->facts->lsm);
	else
		say_hint(a, "a security module, the hypervisor or how this kernel was built may be why: see dmesg");
	return true;
}

bool privilege_explain(const struct privilege_call *call, const struct privilege_facts *facts, char *what,
		       size_t what_size, char *hint, size_t hint_size)
{
	static bool (*const rules[])(const struct answer *) = {
		pin_off_bpffs,	 path_mode, tracefs, in_user_namespace, by_id,	  frozen,  bpf_caps,
		debian_paranoid, paranoid,  memlock, ring_memory,	lockdown, seccomp, security_module,
	};
	const struct answer a = { call, facts, what, hint, what_size, hint_size };

	if (call->code != -EPERM && call->code != -EACCES)
		return false;
	if (call->call == CALL_BPF && call->cmd == BPF_PROG_LOAD && call->code == -EACCES)
		return false; /* what the verifier says of most mistakes: see its log */
	for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
		if (rules[i](&a))
			return true;
	return false;
}
