// SPDX-License-Identifier: MIT
/*
 * The ABI of bpf(2) as data: every command, and every field of its attr with offset, size, kind and the
 * kernel that brought it. One table encodes attrs, decodes them for the plan and the log, sizes them and
 * makes docs/syscalls.md. Carries the numbers itself, because distributions' headers lag by years.
 * Knows nothing of plans or of how a call is made. A room of its own, because plan/ encodes with it and
 * kernel/ comes after plan/.
 */
#ifndef LOADER_ABI_ABI_H
#define LOADER_ABI_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

enum abi_kind {
	ABI_INT,      /* decimal */
	ABI_HEX,
	ABI_FD,
	ABI_PTR,      /* address of `count` field's number of things, or of a string */
	ABI_STRING,   /* char array in the attr itself (prog_name) */
	ABI_ENUM,     /* one of `names` */
	ABI_FLAGS,    /* a set of `names` */
};

struct abi_name {
	uint64_t value;
	const char *name;
	uint32_t since;
};

struct abi_field {
	const char *name;
	uint16_t off, size;
	enum abi_kind kind;
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

const struct abi_cmd *abi_cmd(uint32_t cmd);           /* NULL: unknown */
const struct abi_cmd *abi_row(uint32_t i);             /* NULL after the last */
const struct abi_field *abi_field(uint32_t cmd, const char *name);

/* "kprobe" for (abi_prog_types, 2); NULL: unknown. Tables, each ending with a NULL name. */
const char *abi_name(const struct abi_name *names, uint64_t value);
extern const struct abi_name abi_map_types[], abi_prog_types[], abi_attach_types[], abi_map_flags[],
	abi_prog_flags[], abi_link_types[];

/* ioctl requests on perf events and perf_event_attr, as tables of the same kind. */
extern const struct abi_name abi_perf_ioctls[];
extern const struct abi_field abi_perf_attr[];

#endif
