// SPDX-License-Identifier: MIT
/*
 * The ABI of bpf(2) as data: every command, and every field of its attr with offset, size, kind and the
 * kernel that brought it. One table encodes attrs, decodes them for the plan and the log, sizes them and
 * makes docs/syscalls.md. Carries the numbers itself, because distributions' headers lag by years.
 * Knows nothing of plans or of how a call is made. A room of its own, because plan/ encodes with it and
 * kernel/ comes after plan/.
 *
 * Source of the numbers: include/uapi/linux/bpf.h and perf_event.h of Linux 7.3, and BTF of the kernels
 * before it. Source of `since`: the commits that added a field, as far as they are known.
 */
#ifndef LOADER_ABI_ABI_H
#define LOADER_ABI_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum abi_kind {
	ABI_INT,      /* decimal */
	ABI_SINT,     /* decimal, may be negative */
	ABI_HEX,
	ABI_FD,
	ABI_PTR,      /* address of bytes, of a string, or of an array that another field counts */
	ABI_STRING,   /* char array in the attr itself (prog_name) */
	ABI_ENUM,     /* one of `names` */
	ABI_FLAGS,    /* a set of `names` */
	ABI_VERSION,  /* a kernel version: major << 16 | minor << 8 | patch */
};

/* Names lack what all of the table share: "HASH" for BPF_MAP_TYPE_HASH. See abi_prefix(). */
struct abi_name {
	uint64_t value;
	const char *name;
	uint32_t since;
};

struct abi_field {
	const char *name;
	uint16_t off, size;
	enum abi_kind kind;
	bool out;                     /* the kernel writes it */
	const struct abi_name *names; /* ends with a NULL name */
	uint32_t since;               /* major << 16 | minor << 8 */
	const char *only;             /* a union: the case in which this member is meant ("perf_event", "kprobe_multi"); NULL: always */
};

struct abi_cmd {
	uint32_t cmd;
	const char *name;             /* "BPF_MAP_CREATE" */
	const struct abi_field *fields; /* ends with a NULL name; in the order of offsets */
	uint32_t since;
	const char *does;             /* one line, for docs */
};

/* Not a command of bpf(2): struct perf_event_attr, which is described in the same way. */
#define ABI_PERF_ATTR UINT32_MAX

const struct abi_cmd *abi_cmd(uint32_t cmd);           /* NULL: unknown */
const struct abi_cmd *abi_row(uint32_t i);             /* NULL after the last; bpf(2)'s commands only */

/*
 * A field by its name, NULL: there is none. The names are those of union bpf_attr, without those of the
 * structs around them, so "insns", "bpf_cookie". (cmd, name) is one field at the most: where members of
 * several cases of a union have one name ("cnt", "cookies"), a bare name is that member which belongs to no
 * case ("flags" of LINK_CREATE is offset 12), or none, and the case goes in front: "kprobe_multi.cnt",
 * "uprobe_multi.flags". The form with the case works for every member of a case.
 */
const struct abi_field *abi_field(uint32_t cmd, const char *name);

/*
 * Whether a field is meant, in an attr of this command: not the other members of its union, judged by the
 * attr's other fields (LINK_CREATE: by attach_type and flags).
 */
bool abi_meant(uint32_t cmd, const struct abi_field *field, const void *attr, size_t size);

/* A field's value, in host byte order; bytes beyond `size` are zero, and all of a NULL attr. Not for ABI_STRING. */
uint64_t abi_get(const struct abi_field *field, const void *attr, size_t size);

/* Sets an integer field of a full-size attr. False: the value does not fit. */
bool abi_put(const struct abi_field *field, void *attr, uint64_t value);

/* The end of an attr's last byte that is not zero, rounded up to the end of its field: what to give as size. */
uint32_t abi_size(uint32_t cmd, const void *attr, size_t size);

/* "KPROBE" for (abi_prog_types, 2); NULL: unknown. Tables, each ending with a NULL name. */
const char *abi_name(const struct abi_name *names, uint64_t value);

/* What the constants of a table begin with: "BPF_PROG_TYPE_"; "" for none. */
const char *abi_prefix(const struct abi_name *names);

/*
 * Writes a set of flags as "NO_PREALLOC|MMAPABLE", with the prefix of each if `full`, what has no name as a
 * hex number at the end, 0 as "0". Returns the length as snprintf() does.
 */
int abi_flags(const struct abi_name *names, uint64_t value, bool full, char *text, size_t size);

/* Of bpf(2). */
extern const struct abi_name abi_map_types[], abi_prog_types[], abi_attach_types[], abi_map_flags[],
	abi_prog_flags[], abi_link_types[], abi_elem_flags[], abi_attach_flags[], abi_query_flags[],
	abi_test_flags[], abi_obj_flags[], abi_open_flags[], abi_link_flags[], abi_kprobe_multi_flags[],
	abi_uprobe_multi_flags[], abi_netfilter_flags[], abi_stats_types[], abi_log_levels[],
	abi_btf_flags[], abi_fd_types[], abi_streams[];

/* Of perf events: ioctl requests, perf_event_attr and what its fields hold. */
extern const struct abi_name abi_perf_ioctls[], abi_perf_types[], abi_perf_software[], abi_perf_hardware[],
	abi_perf_sample[], abi_perf_format[], abi_perf_bits[], abi_perf_open_flags[];
extern const struct abi_field abi_perf_attr[];

/* Of the other calls that a plan makes. As the C library of this build has them. */
extern const struct abi_name abi_o_flags[], abi_at_flags[], abi_mmap_prot[], abi_mmap_flags[],
	abi_epoll_ops[], abi_epoll_events[], abi_epoll_flags[];

#endif
