// SPDX-License-Identifier: MIT
/*
 * The table of section names: what SEC("kprobe/do_sys_openat2") means. The names are those that libbpf
 * made the field's standard. Knows names and numbers; knows nothing of ELF or of how to attach.
 */
#ifndef LOADER_OBJECT_SECTIONS_H
#define LOADER_OBJECT_SECTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "loader/hewn.h"

enum attach_how {
	ATTACH_NONE,          /* loads; whoever loaded it attaches it */
	ATTACH_KPROBE,
	ATTACH_KRETPROBE,
	ATTACH_KSYSCALL,
	ATTACH_KRETSYSCALL,
	ATTACH_TRACEPOINT,
	ATTACH_RAW_TRACEPOINT,
	ATTACH_UPROBE,
	ATTACH_URETPROBE,
	ATTACH_PERF_EVENT,
	ATTACH_KPROBE_MULTI,  /* many functions of the kernel by one link; so for the next, of a file */
	ATTACH_UPROBE_MULTI,
	ATTACH_USDT,
	ATTACH_TRACING,       /* what PROG_LOAD tied to a type of the kernel's BTF: fentry, tp_btf, lsm, freplace */
	ATTACH_TRACING_MULTI, /* many functions of the kernel's BTF */
	ATTACH_ITER,
	ATTACH_DEVICE,        /* where a person says: a network device, a cgroup, a network namespace */
	ATTACH_CGROUP,
	ATTACH_NETNS,
	ATTACH_STRUCT_OPS, /* by the map that has it, with others */
};

#define SEC_NEEDS_BTF_ID 1u  /* PROG_LOAD needs attach_btf_id: a type of the kernel's BTF */
#define SEC_SLEEPABLE    2u  /* BPF_F_SLEEPABLE */
#define SEC_XDP_FRAGS    4u  /* BPF_F_XDP_HAS_FRAGS */
#define SEC_ATTACH_OPT   8u  /* the kernel takes expected_attach_type or does without */
#define SEC_RETURN       16u /* of many probes: on the return */

struct section_def {
	const char *pattern;   /* "foo": that, or foo/ANYTHING; "foo/": foo or foo/TARGET */
	uint32_t prog_type;    /* BPF_PROG_TYPE_… */
	uint32_t attach_type;  /* expected_attach_type */
	uint32_t flags;
	enum attach_how how;
};

/*
 * The row for a section name (without a leading `?`), and in *target what follows the slash ("" if nothing
 * does), pointing into name. NULL: not in the table.
 */
const struct section_def *section_find(const char *name, const char **target);

/*
 * The pattern in the table that is nearest to a name that is not in it, for a hint: "kprobe/" for
 * "kprobes/do_exit", "tc" for "tc/mine". NULL: none is near.
 */
const char *section_nearest(const char *name);

/* The rows in the table's order, for lists and tests: NULL after the last. */
const struct section_def *section_row(uint32_t i);

#endif
