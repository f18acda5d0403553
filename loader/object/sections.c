// SPDX-License-Identifier: MIT
/* The table of section names. Knows names and numbers; knows nothing of ELF or of how to attach. */
#include <linux/bpf.h>
#include <string.h>

#include "loader/object/near.h"
#include "loader/object/sections.h"

/* Types of attachment and programs that came after 6.1, whose <linux/bpf.h> many machines have. */
enum {
	NETFILTER = 45,	  /* 6.4 */
	TCX_INGRESS = 46, /* 6.6, and the next two */
	TCX_EGRESS = 47,
	UPROBE_MULTI = 48,
	CGROUP_UNIX_CONNECT = 49, /* 6.7, and those up to 55 */
	CGROUP_UNIX_SENDMSG = 50,
	CGROUP_UNIX_RECVMSG = 51,
	CGROUP_UNIX_GETPEERNAME = 52,
	CGROUP_UNIX_GETSOCKNAME = 53,
	NETKIT_PRIMARY = 54,
	NETKIT_PEER = 55,
	KPROBE_SESSION = 56, /* 6.10 */
	UPROBE_SESSION = 57, /* 6.13 */
	FSESSION = 58,	     /* 7.0 */
	FENTRY_MULTI = 59,   /* 7.2, and the next two */
	FEXIT_MULTI = 60,
	FSESSION_MULTI = 61,

	PROG_NETFILTER = 32, /* 6.4 */
};

#define P(type) BPF_PROG_TYPE_##type

/* clang-format off */
static const struct section_def rows[] = {
	{ "socket", P(SOCKET_FILTER), 0, 0, ATTACH_NONE },
	{ "sk_reuseport/migrate", P(SK_REUSEPORT), BPF_SK_REUSEPORT_SELECT_OR_MIGRATE, 0, ATTACH_NONE },
	{ "sk_reuseport", P(SK_REUSEPORT), BPF_SK_REUSEPORT_SELECT, 0, ATTACH_NONE },
	{ "kprobe/", P(KPROBE), 0, 0, ATTACH_KPROBE },
	{ "uprobe/", P(KPROBE), 0, 0, ATTACH_UPROBE },
	{ "uprobe.s/", P(KPROBE), 0, SEC_SLEEPABLE, ATTACH_UPROBE },
	{ "kretprobe/", P(KPROBE), 0, 0, ATTACH_KRETPROBE },
	{ "uretprobe/", P(KPROBE), 0, 0, ATTACH_URETPROBE },
	{ "uretprobe.s/", P(KPROBE), 0, SEC_SLEEPABLE, ATTACH_URETPROBE },
	{ "kprobe.multi/", P(KPROBE), BPF_TRACE_KPROBE_MULTI, 0, ATTACH_KPROBE_MULTI },
	{ "kretprobe.multi/", P(KPROBE), BPF_TRACE_KPROBE_MULTI, SEC_RETURN, ATTACH_KPROBE_MULTI },
	{ "kprobe.session/", P(KPROBE), KPROBE_SESSION, 0, ATTACH_KPROBE_MULTI },
	{ "uprobe.multi/", P(KPROBE), UPROBE_MULTI, 0, ATTACH_UPROBE_MULTI },
	{ "uretprobe.multi/", P(KPROBE), UPROBE_MULTI, SEC_RETURN, ATTACH_UPROBE_MULTI },
	{ "uprobe.session/", P(KPROBE), UPROBE_SESSION, 0, ATTACH_UPROBE_MULTI },
	{ "uprobe.multi.s/", P(KPROBE), UPROBE_MULTI, SEC_SLEEPABLE, ATTACH_UPROBE_MULTI },
	{ "uretprobe.multi.s/", P(KPROBE), UPROBE_MULTI, SEC_SLEEPABLE | SEC_RETURN, ATTACH_UPROBE_MULTI },
	{ "uprobe.session.s/", P(KPROBE), UPROBE_SESSION, SEC_SLEEPABLE, ATTACH_UPROBE_MULTI },
	{ "ksyscall/", P(KPROBE), 0, 0, ATTACH_KSYSCALL },
	{ "kretsyscall/", P(KPROBE), 0, 0, ATTACH_KRETSYSCALL },
	{ "usdt/", P(KPROBE), 0, 0, ATTACH_USDT },
	{ "usdt.s/", P(KPROBE), 0, SEC_SLEEPABLE, ATTACH_USDT },
	{ "tc/ingress", P(SCHED_CLS), TCX_INGRESS, 0, ATTACH_DEVICE },
	{ "tc/egress", P(SCHED_CLS), TCX_EGRESS, 0, ATTACH_DEVICE },
	{ "tcx/ingress", P(SCHED_CLS), TCX_INGRESS, 0, ATTACH_DEVICE },
	{ "tcx/egress", P(SCHED_CLS), TCX_EGRESS, 0, ATTACH_DEVICE },
	{ "tc", P(SCHED_CLS), 0, 0, ATTACH_DEVICE },
	{ "classifier", P(SCHED_CLS), 0, 0, ATTACH_DEVICE },
	{ "action", P(SCHED_ACT), 0, 0, ATTACH_NONE },
	{ "netkit/primary", P(SCHED_CLS), NETKIT_PRIMARY, 0, ATTACH_DEVICE },
	{ "netkit/peer", P(SCHED_CLS), NETKIT_PEER, 0, ATTACH_DEVICE },
	{ "tracepoint/", P(TRACEPOINT), 0, 0, ATTACH_TRACEPOINT },
	{ "tp/", P(TRACEPOINT), 0, 0, ATTACH_TRACEPOINT },
	{ "tracepoint.s/", P(TRACEPOINT), 0, SEC_SLEEPABLE, ATTACH_TRACEPOINT },
	{ "tp.s/", P(TRACEPOINT), 0, SEC_SLEEPABLE, ATTACH_TRACEPOINT },
	{ "raw_tracepoint/", P(RAW_TRACEPOINT), 0, 0, ATTACH_RAW_TRACEPOINT },
	{ "raw_tp/", P(RAW_TRACEPOINT), 0, 0, ATTACH_RAW_TRACEPOINT },
	{ "raw_tracepoint.s/", P(RAW_TRACEPOINT), 0, SEC_SLEEPABLE, ATTACH_RAW_TRACEPOINT },
	{ "raw_tp.s/", P(RAW_TRACEPOINT), 0, SEC_SLEEPABLE, ATTACH_RAW_TRACEPOINT },
	{ "raw_tracepoint.w/", P(RAW_TRACEPOINT_WRITABLE), 0, 0, ATTACH_RAW_TRACEPOINT },
	{ "raw_tp.w/", P(RAW_TRACEPOINT_WRITABLE), 0, 0, ATTACH_RAW_TRACEPOINT },
	{ "tp_btf/", P(TRACING), BPF_TRACE_RAW_TP, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "tp_btf.s/", P(TRACING), BPF_TRACE_RAW_TP, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "fentry/", P(TRACING), BPF_TRACE_FENTRY, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "fmod_ret/", P(TRACING), BPF_MODIFY_RETURN, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "fexit/", P(TRACING), BPF_TRACE_FEXIT, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "fentry.s/", P(TRACING), BPF_TRACE_FENTRY, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "fmod_ret.s/", P(TRACING), BPF_MODIFY_RETURN, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "fexit.s/", P(TRACING), BPF_TRACE_FEXIT, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "fsession/", P(TRACING), FSESSION, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "fsession.s/", P(TRACING), FSESSION, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "fsession.multi/", P(TRACING), FSESSION_MULTI, 0, ATTACH_TRACING_MULTI },
	{ "fsession.multi.s/", P(TRACING), FSESSION_MULTI, SEC_SLEEPABLE, ATTACH_TRACING_MULTI },
	{ "fentry.multi/", P(TRACING), FENTRY_MULTI, 0, ATTACH_TRACING_MULTI },
	{ "fexit.multi/", P(TRACING), FEXIT_MULTI, 0, ATTACH_TRACING_MULTI },
	{ "fentry.multi.s/", P(TRACING), FENTRY_MULTI, SEC_SLEEPABLE, ATTACH_TRACING_MULTI },
	{ "fexit.multi.s/", P(TRACING), FEXIT_MULTI, SEC_SLEEPABLE, ATTACH_TRACING_MULTI },
	{ "freplace/", P(EXT), 0, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "lsm/", P(LSM), BPF_LSM_MAC, SEC_NEEDS_BTF_ID, ATTACH_TRACING },
	{ "lsm.s/", P(LSM), BPF_LSM_MAC, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_TRACING },
	{ "lsm_cgroup/", P(LSM), BPF_LSM_CGROUP, SEC_NEEDS_BTF_ID, ATTACH_CGROUP },
	{ "iter/", P(TRACING), BPF_TRACE_ITER, SEC_NEEDS_BTF_ID, ATTACH_ITER },
	{ "iter.s/", P(TRACING), BPF_TRACE_ITER, SEC_NEEDS_BTF_ID | SEC_SLEEPABLE, ATTACH_ITER },
	{ "syscall", P(SYSCALL), 0, SEC_SLEEPABLE, ATTACH_NONE },
	{ "xdp.frags/devmap", P(XDP), BPF_XDP_DEVMAP, SEC_XDP_FRAGS, ATTACH_NONE },
	{ "xdp/devmap", P(XDP), BPF_XDP_DEVMAP, 0, ATTACH_NONE },
	{ "xdp.frags/cpumap", P(XDP), BPF_XDP_CPUMAP, SEC_XDP_FRAGS, ATTACH_NONE },
	{ "xdp/cpumap", P(XDP), BPF_XDP_CPUMAP, 0, ATTACH_NONE },
	{ "xdp.frags", P(XDP), BPF_XDP, SEC_XDP_FRAGS, ATTACH_DEVICE },
	{ "xdp", P(XDP), BPF_XDP, SEC_ATTACH_OPT, ATTACH_DEVICE },
	{ "perf_event", P(PERF_EVENT), 0, 0, ATTACH_PERF_EVENT },
	{ "lwt_in", P(LWT_IN), 0, 0, ATTACH_NONE },
	{ "lwt_out", P(LWT_OUT), 0, 0, ATTACH_NONE },
	{ "lwt_xmit", P(LWT_XMIT), 0, 0, ATTACH_NONE },
	{ "lwt_seg6local", P(LWT_SEG6LOCAL), 0, 0, ATTACH_NONE },
	{ "sockops", P(SOCK_OPS), BPF_CGROUP_SOCK_OPS, SEC_ATTACH_OPT, ATTACH_CGROUP },
	{ "sk_skb/stream_parser", P(SK_SKB), BPF_SK_SKB_STREAM_PARSER, SEC_ATTACH_OPT, ATTACH_NONE },
	{ "sk_skb/stream_verdict", P(SK_SKB), BPF_SK_SKB_STREAM_VERDICT, SEC_ATTACH_OPT, ATTACH_NONE },
	{ "sk_skb/verdict", P(SK_SKB), BPF_SK_SKB_VERDICT, SEC_ATTACH_OPT, ATTACH_NONE },
	{ "sk_skb", P(SK_SKB), 0, 0, ATTACH_NONE },
	{ "sk_msg", P(SK_MSG), BPF_SK_MSG_VERDICT, SEC_ATTACH_OPT, ATTACH_NONE },
	{ "lirc_mode2", P(LIRC_MODE2), BPF_LIRC_MODE2, SEC_ATTACH_OPT, ATTACH_NONE },
	{ "flow_dissector", P(FLOW_DISSECTOR), BPF_FLOW_DISSECTOR, SEC_ATTACH_OPT, ATTACH_NETNS },
	{ "cgroup_skb/ingress", P(CGROUP_SKB), BPF_CGROUP_INET_INGRESS, SEC_ATTACH_OPT, ATTACH_CGROUP },
	{ "cgroup_skb/egress", P(CGROUP_SKB), BPF_CGROUP_INET_EGRESS, SEC_ATTACH_OPT, ATTACH_CGROUP },
	{ "cgroup/skb", P(CGROUP_SKB), 0, 0, ATTACH_NONE },
	{ "cgroup/sock_create", P(CGROUP_SOCK), BPF_CGROUP_INET_SOCK_CREATE, 0, ATTACH_CGROUP },
	{ "cgroup/sock_release", P(CGROUP_SOCK), BPF_CGROUP_INET_SOCK_RELEASE, 0, ATTACH_CGROUP },
	{ "cgroup/sock", P(CGROUP_SOCK), BPF_CGROUP_INET_SOCK_CREATE, SEC_ATTACH_OPT, ATTACH_CGROUP },
	{ "cgroup/post_bind4", P(CGROUP_SOCK), BPF_CGROUP_INET4_POST_BIND, 0, ATTACH_CGROUP },
	{ "cgroup/post_bind6", P(CGROUP_SOCK), BPF_CGROUP_INET6_POST_BIND, 0, ATTACH_CGROUP },
	{ "cgroup/bind4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET4_BIND, 0, ATTACH_CGROUP },
	{ "cgroup/bind6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET6_BIND, 0, ATTACH_CGROUP },
	{ "cgroup/connect4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET4_CONNECT, 0, ATTACH_CGROUP },
	{ "cgroup/connect6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET6_CONNECT, 0, ATTACH_CGROUP },
	{ "cgroup/connect_unix", P(CGROUP_SOCK_ADDR), CGROUP_UNIX_CONNECT, 0, ATTACH_CGROUP },
	{ "cgroup/sendmsg4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_UDP4_SENDMSG, 0, ATTACH_CGROUP },
	{ "cgroup/sendmsg6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_UDP6_SENDMSG, 0, ATTACH_CGROUP },
	{ "cgroup/sendmsg_unix", P(CGROUP_SOCK_ADDR), CGROUP_UNIX_SENDMSG, 0, ATTACH_CGROUP },
	{ "cgroup/recvmsg4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_UDP4_RECVMSG, 0, ATTACH_CGROUP },
	{ "cgroup/recvmsg6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_UDP6_RECVMSG, 0, ATTACH_CGROUP },
	{ "cgroup/recvmsg_unix", P(CGROUP_SOCK_ADDR), CGROUP_UNIX_RECVMSG, 0, ATTACH_CGROUP },
	{ "cgroup/getpeername4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET4_GETPEERNAME, 0, ATTACH_CGROUP },
	{ "cgroup/getpeername6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET6_GETPEERNAME, 0, ATTACH_CGROUP },
	{ "cgroup/getpeername_unix", P(CGROUP_SOCK_ADDR), CGROUP_UNIX_GETPEERNAME, 0, ATTACH_CGROUP },
	{ "cgroup/getsockname4", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET4_GETSOCKNAME, 0, ATTACH_CGROUP },
	{ "cgroup/getsockname6", P(CGROUP_SOCK_ADDR), BPF_CGROUP_INET6_GETSOCKNAME, 0, ATTACH_CGROUP },
	{ "cgroup/getsockname_unix", P(CGROUP_SOCK_ADDR), CGROUP_UNIX_GETSOCKNAME, 0, ATTACH_CGROUP },
	{ "cgroup/sysctl", P(CGROUP_SYSCTL), BPF_CGROUP_SYSCTL, 0, ATTACH_CGROUP },
	{ "cgroup/getsockopt", P(CGROUP_SOCKOPT), BPF_CGROUP_GETSOCKOPT, 0, ATTACH_CGROUP },
	{ "cgroup/setsockopt", P(CGROUP_SOCKOPT), BPF_CGROUP_SETSOCKOPT, 0, ATTACH_CGROUP },
	{ "cgroup/dev", P(CGROUP_DEVICE), BPF_CGROUP_DEVICE, SEC_ATTACH_OPT, ATTACH_CGROUP },
	{ "struct_ops/", P(STRUCT_OPS), 0, 0, ATTACH_STRUCT_OPS },
	{ "struct_ops.s/", P(STRUCT_OPS), 0, SEC_SLEEPABLE, ATTACH_STRUCT_OPS },
	{ "sk_lookup", P(SK_LOOKUP), BPF_SK_LOOKUP, 0, ATTACH_NETNS },
	{ "netfilter", PROG_NETFILTER, NETFILTER, 0, ATTACH_NONE },
};
/* clang-format on */

#define N_ROWS (sizeof(rows) / sizeof(*rows))

/* Whether the name is of this row, and how many characters of it are the row's. */
static bool matches(const char *pattern, const char *name, size_t *size)
{
	size_t n = strlen(pattern);
	bool has_target = pattern[n - 1] == '/';

	if (!has_target) {
		*size = n;
		return !strcmp(name, pattern);
	}
	*size = n - 1;
	return !strncmp(name, pattern, n - 1) && (name[n - 1] == '/' || !name[n - 1]);
}

/*
 * The longest row that takes no target, but whose name is followed by one: "socket/mine", "tc/mine". Loaders
 * of old took such names, and objects in use still have them; what is behind the slash says nothing.
 */
static const struct section_def *find_named(const char *name, const char **target)
{
	const struct section_def *best = NULL;
	size_t size, longest = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		size = strlen(rows[i].pattern);
		if (rows[i].pattern[size - 1] == '/' || rows[i].how == ATTACH_PERF_EVENT || size <= longest ||
		    strncmp(name, rows[i].pattern, size) != 0 || name[size] != '/')
			continue;
		best = &rows[i];
		longest = size;
	}
	if (best)
		*target = name + longest + 1;
	return best;
}

const struct section_def *section_find(const char *name, const char **target)
{
	size_t size;

	*target = "";
	for (size_t i = 0; i < N_ROWS; i++) {
		if (!matches(rows[i].pattern, name, &size))
			continue;
		*target = name[size] == '/' ? name + size + 1 : name + size;
		return &rows[i];
	}
	return find_named(name, target);
}

/* The part of a name to compare with a row: what a row with a target says is in front of the slash.
 */
static size_t compared(const char *name, const char *pattern)
{
	size_t n = strlen(pattern);

	return pattern[n - 1] == '/' ? strcspn(name, "/") : strlen(name);
}

/* The longest pattern that the name begins with before a separator: "xdp" of "xdp_prog" and
 * "xdp/mine". */
static const char *begins_with(const char *name, const char *separators)
{
	const char *found = NULL;
	size_t longest = 0;

	for (size_t i = 0; i < N_ROWS; i++) {
		const char *pattern = rows[i].pattern;
		size_t n = strcspn(pattern, "/");

		if (pattern[n] && pattern[n + 1])
			continue;
		if (n > longest && !strncmp(name, pattern, n) && name[n] &&
		    strchr(separators, name[n])) {
			longest = n;
			found = pattern;
		}
	}
	return found;
}

const char *section_nearest(const char *name)
{
	const char *found = begins_with(name, "/");
	unsigned int best = found ? 0 : NEAR_FAR;

	for (size_t i = 0; i < N_ROWS && best; i++) {
		const char *pattern = rows[i].pattern;
		size_t n = strlen(pattern), size = compared(name, pattern);
		unsigned int d;

		n -= pattern[n - 1] == '/';
		if (!size)
			continue;
		d = near_distance(name, size, pattern, n);
		/* A third of the letters may be wrong, at least one. */
		if (d < best && (d <= 1 || d <= n / 3)) {
			best = d;
			found = pattern;
		}
	}
	return found ? found : begins_with(name, "_-.:");
}

const struct section_def *section_row(uint32_t i)
{
	return i < N_ROWS ? &rows[i] : NULL;
}
