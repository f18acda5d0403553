// SPDX-License-Identifier: MIT
/*
 * Looking things up in the tables of the ABI, and reading and writing an attr through them. Knows
 * which member of a union is meant; knows no numbers of fields, those are commands.c's and
 * perf.c's.
 */
#include "loader/abi/abi.h"
#include "loader/abi/tables.h"

#include <errno.h>
#include <string.h>

enum {
	LINK_CREATE = 28,
	LINK_UPDATE = 29,
	PROG_LOAD = 5,
	PROG_ATTACH = 8,
	PROG_DETACH = 9,
	PROG_QUERY = 16
};
enum { PROG_TYPE_EXT = 28 };
enum { F_ID = 1 << 5 }; /* BPF_F_ID: an id and not an fd names the neighbour */

static const struct abi_cmd perf_event = {
	ABI_PERF_ATTR,
	"perf_event_attr",
	abi_perf_attr,
	V(2, 6),
	"what perf_event_open() is to count or sample",
};

const struct abi_cmd *abi_row(uint32_t i)
{
	return i < abi_n_commands ? &abi_commands[i] : NULL;
}

const struct abi_cmd *abi_cmd(uint32_t cmd)
{
	return cmd == ABI_PERF_ATTR ? &perf_event : abi_row(cmd);
}

/* "kprobe_multi.cnt": the case, and what follows. */
static bool names_case(const struct abi_field *field, const char *name)
{
	size_t len = field->only ? strlen(field->only) : 0;

	return len && !strncmp(name, field->only, len) && name[len] == '.' &&
	       !strcmp(name + len + 1, field->name);
}

const struct abi_field *abi_field(uint32_t cmd, const char *name)
{
	const struct abi_cmd *row = abi_cmd(cmd);
	const struct abi_field *found = NULL;
	uint32_t n = 0;

	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		if (f->only && f->only[0] == name[0] && names_case(f, name))
			return f;
		if (f->name[0] != name[0] || strcmp(f->name, name) != 0)
			continue;
		if (!f->only)
			return f;
		found = f;
		n++;
	}
	return n == 1 ? found : NULL;
}

/* A field that is known by its offset, read where the field's table is not at hand. */
static uint32_t word(const void *attr, size_t size, size_t off)
{
	uint32_t v = 0;

	if (attr && off < size)
		memcpy(&v, (const uint8_t *)attr + off, size - off < 4 ? size - off : 4);
	return v;
}

/* Which case of LINK_CREATE an attach type selects; the kernel switches on the program's type too.
 */
static const char *link_case(uint32_t attach_type)
{
	static const struct {
		uint32_t type;
		const char *name;
	} cases[] = {
		{23, "tracing"},       /* TRACE_RAW_TP */
		{24, "tracing"},       /* TRACE_FENTRY */
		{25, "tracing"},       /* TRACE_FEXIT */
		{26, "tracing"},       /* MODIFY_RETURN */
		{27, "tracing"},       /* LSM_MAC */
		{58, "tracing"},       /* TRACE_FSESSION */
		{28, "iter"},	       /* TRACE_ITER */
		{41, "perf_event"},    /* PERF_EVENT */
		{42, "kprobe_multi"},  /* TRACE_KPROBE_MULTI */
		{56, "kprobe_multi"},  /* TRACE_KPROBE_SESSION */
		{44, "struct_ops"},    /* STRUCT_OPS */
		{45, "netfilter"},     /* NETFILTER */
		{46, "tcx"},	       /* TCX_INGRESS */
		{47, "tcx"},	       /* TCX_EGRESS */
		{48, "uprobe_multi"},  /* TRACE_UPROBE_MULTI */
		{57, "uprobe_multi"},  /* TRACE_UPROBE_SESSION */
		{54, "netkit"},	       /* NETKIT_PRIMARY */
		{55, "netkit"},	       /* NETKIT_PEER */
		{59, "tracing_multi"}, /* TRACE_FENTRY_MULTI */
		{60, "tracing_multi"}, /* TRACE_FEXIT_MULTI */
		{61, "tracing_multi"}, /* TRACE_FSESSION_MULTI */
	};
	const char *name;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		if (cases[i].type == attach_type)
			return cases[i].name;
	name = abi_name(abi_attach_types, attach_type);
	return name && (!strncmp(name, "CGROUP_", 7) || !strcmp(name, "LSM_CGROUP")) ? "cgroup"
										     : NULL;
}

/* XDP, tcx and netkit attach to a network device. */
static bool to_device(uint32_t attach_type)
{
	return attach_type == 37 || attach_type == 46 || attach_type == 47 || attach_type == 54 ||
	       attach_type == 55;
}

/* The perf_event_attr fields that `type` and the bits decide: see perf.c. */
static bool perf_meant(const struct abi_field *field, const void *attr, size_t size)
{
	uint32_t type = word(attr, size, 0);
	uint64_t bits = 0;
	const char *only = field->only;

	for (const struct abi_field *f = abi_perf_attr; f->name; f++)
		if (f->names == abi_perf_bits)
			bits = abi_get(f, attr, size);
	for (const struct abi_name *bit = abi_perf_bits; bit->name; bit++) {
		if (!strcmp(only, bit->name))
			return bits & bit->value;
		if (only[0] == '!' && !strcmp(only + 1, bit->name))
			return !(bits & bit->value);
	}
	if (!strcmp(only, "hardware"))
		return type == 0;
	if (!strcmp(only, "software"))
		return type == 1;
	if (!strcmp(only, "tracepoint"))
		return type == 2;
	if (!strcmp(only, "breakpoint"))
		return type == 5;
	return !strcmp(only, "pmu") ? type == 3 || type == 4 || type > 5 : false;
}

static bool case_meant(uint32_t cmd, const struct abi_field *field, const void *attr, size_t size)
{
	uint32_t type = word(attr, size, cmd == PROG_QUERY ? 4 : 8);
	const char *link;

	if (cmd == ABI_PERF_ATTR)
		return perf_meant(field, attr, size);
	if (!strcmp(field->only, "ifindex"))
		return to_device(type);
	if (!strcmp(field->only, "fd"))
		return !to_device(type);
	if (cmd == PROG_LOAD)
		return (word(attr, size, 0) == PROG_TYPE_EXT) == !strcmp(field->only, "ext");
	link = cmd == LINK_CREATE ? link_case(type) : NULL;
	return link && !strcmp(field->only, link);
}

bool abi_meant(uint32_t cmd, const struct abi_field *field, const void *attr, size_t size)
{
	const struct abi_cmd *row = abi_cmd(cmd);

	if (field->only && !case_meant(cmd, field, attr, size))
		return false;
	/* relative_fd and relative_id share their bytes; the flags of all three commands are at 12.
	 */
	if (!strcmp(field->name, "relative_fd") || !strcmp(field->name, "relative_id"))
		return !!(word(attr, size, 12) & F_ID) == !strcmp(field->name, "relative_id");
	/* A field of no case gives way to one of a case: LINK_CREATE's map_fd is at prog_fd's
	 * place. */
	for (const struct abi_field *f = row && !field->only ? row->fields : NULL; f && f->name;
	     f++)
		if (f != field && f->only && f->off == field->off && case_meant(cmd, f, attr, size))
			return false;
	return true;
}

uint64_t abi_get(const struct abi_field *field, const void *attr, size_t size)
{
	uint8_t bytes[8] = {0};
	uint16_t v16;
	uint32_t v32;
	uint64_t v64;

	if (attr && field->off < size && field->size <= 8) {
		size_t left = size - field->off;

		memcpy(bytes, (const uint8_t *)attr + field->off,
		       left < field->size ? left : field->size);
	}
	memcpy(&v16, bytes, sizeof(v16));
	memcpy(&v32, bytes, sizeof(v32));
	memcpy(&v64, bytes, sizeof(v64));
	return field->size == 2 ? v16 : field->size == 4 ? v32 : field->size == 8 ? v64 : bytes[0];
}

bool abi_put(const struct abi_field *field, void *attr, uint64_t value)
{
	uint8_t *at = (uint8_t *)attr + field->off;
	uint16_t v16 = (uint16_t)value;
	uint32_t v32 = (uint32_t)value;

	if (field->size == 2 && value == v16)
		memcpy(at, &v16, sizeof(v16));
	else if (field->size == 4 && (value == v32 || (int64_t)value == (int32_t)v32))
		memcpy(at, &v32, sizeof(v32));
	else if (field->size == 8)
		memcpy(at, &value, sizeof(value));
	else
		return false;
	return true;
}

uint32_t abi_size(uint32_t cmd, const void *attr, size_t size)
{
	const struct abi_cmd *row = abi_cmd(cmd);
	const uint8_t *bytes = attr;
	uint32_t end;

	while (size && !bytes[size - 1])
		size--;
	end = (uint32_t)size;
	for (const struct abi_field *f = row ? row->fields : NULL; f && f->name; f++) {
		uint32_t last = (uint32_t)f->off + f->size;

		if (f->off < size && last > end && abi_meant(cmd, f, attr, size))
			end = last;
	}
	return end;
}

const char *abi_name(const struct abi_name *names, uint64_t value)
{
	for (; names && names->name; names++)
		if (names->value == value)
			return names->name;
	return NULL;
}

const char *abi_prefix(const struct abi_name *names)
{
	static const struct {
		const struct abi_name *names;
		const char *prefix;
	} prefixes[] = {
		{abi_map_types, "BPF_MAP_TYPE_"},
		{abi_prog_types, "BPF_PROG_TYPE_"},
		{abi_attach_types, "BPF_"},
		{abi_link_types, "BPF_LINK_TYPE_"},
		{abi_elem_flags, "BPF_"},
		{abi_stats_types, "BPF_STATS_"},
		{abi_log_levels, ""},
		{abi_fd_types, "BPF_FD_TYPE_"},
		{abi_streams, "BPF_STREAM_"},
		{abi_perf_ioctls, "PERF_EVENT_IOC_"},
		{abi_perf_types, "PERF_TYPE_"},
		{abi_perf_software, "PERF_COUNT_SW_"},
		{abi_perf_hardware, "PERF_COUNT_HW_"},
		{abi_perf_sample, "PERF_SAMPLE_"},
		{abi_perf_format, "PERF_FORMAT_"},
		{abi_perf_bits, ""},
		{abi_perf_open_flags, "PERF_FLAG_"},
		{abi_o_flags, "O_"},
		{abi_at_flags, "AT_"},
		{abi_mmap_prot, "PROT_"},
		{abi_mmap_flags, "MAP_"},
		{abi_epoll_ops, "EPOLL_CTL_"},
		{abi_epoll_events, "EPOLL"},
		{abi_epoll_flags, "EPOLL_"},
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (prefixes[i].names == names)
			return prefixes[i].prefix;
	return "BPF_F_";
}

/* snprintf() that goes on where the last one ended, and counts what did not fit. */
static int add(char *text, size_t size, int len, const char *prefix, const char *piece)
{
	size_t at = (size_t)len < size ? (size_t)len : size;

	return len +
	       snprintf(size ? text + at : NULL, size - at, "%s%s%s", len ? "|" : "", prefix, piece);
}

int abi_flags(const struct abi_name *names, uint64_t value, bool full, char *text, size_t size)
{
	const char *prefix = full ? abi_prefix(names) : "";
	char rest[24];
	int len = 0;

	if (!value)
		return snprintf(text, size, "0");
	for (; names && names->name; names++) {
		if (!names->value || (value & names->value) != names->value)
			continue;
		len = add(text, size, len, prefix, names->name);
		value &= ~names->value;
	}
	snprintf(rest, sizeof(rest), "%#llx", (unsigned long long)value);
	return value ? add(text, size, len, "", rest) : len;
}
