// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Probes that a program declares of itself. The maps are what <bpf/usdt.bpf.h> of libbpf makes: the loader fills them, and
 * the cookie of the probe says which entry of the first is meant; before 5.15, when there were none, its address does.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct arg {
	u64 value;
	u8 kind; // 0: value; 1: a register; 2: memory at register + value
	u8 unused[5];
	s16 reg;
	bool is_signed;
	s8 shift;
	u8 end[6];
};

struct spec {
	struct arg args[12];
	u64 cookie;
	s16 n_args;
	u8 end[6];
};

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 16);
	__type(key, int);
	__type(value, struct spec);
} __bpf_usdt_specs SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 64);
	__type(key, long);
	__type(value, u32);
} __bpf_usdt_ip_to_spec_id SEC(".maps");

extern const bool LINUX_HAS_BPF_COOKIE __kconfig;

u64 passed, guarded;
s64 sum, last_constant, last_byte, n_args;

static s64 value_of(struct pt_regs *ctx, const struct arg *arg)
{
	u64 value = arg->value, reg;

	if (arg->kind) {
		if (bpf_probe_read_kernel(&reg, sizeof(reg), (char *)ctx + arg->reg))
			return 0;
		value = arg->kind == 1 ? reg : value + reg;
	}
	if (arg->kind == 2 && bpf_probe_read_user(&value, sizeof(value), (void *)value))
		return 0;
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	if (arg->kind == 2)
		value >>= arg->shift;
#endif
	value <<= arg->shift;
	return arg->is_signed ? (s64)value >> arg->shift : (s64)(value >> arg->shift);
}

static const struct arg *arg_at(struct pt_regs *ctx, u32 i)
{
	long ip = PT_REGS_IP(ctx);
	const struct spec *spec;
	const u32 *known;
	int id;

	if (LINUX_HAS_BPF_COOKIE) {
		id = (int)bpf_get_attach_cookie(ctx);
	} else {
		known = bpf_map_lookup_elem(&__bpf_usdt_ip_to_spec_id, &ip);
		if (!known)
			return NULL;
		id = (int)*known;
	}
	spec = bpf_map_lookup_elem(&__bpf_usdt_specs, &id);
	if (!spec || i >= 12)
		return NULL;
	n_args = spec->n_args;
	return &spec->args[i];
}

// the program is looked for in PATH
SEC("usdt/usdt:hewn:plain")
int plain(struct pt_regs *ctx)
{
	const struct arg *arg = arg_at(ctx, 0);

	if (arg)
		sum += value_of(ctx, arg);
	arg = arg_at(ctx, 1);
	if (arg)
		last_constant = value_of(ctx, arg);
	arg = arg_at(ctx, 2);
	if (arg)
		last_byte = value_of(ctx, arg);
	passed++;
	return 0;
}

// passed only where its semaphore says that somebody listens
SEC("usdt/usdt:hewn:guarded")
int listens(struct pt_regs *ctx)
{
	guarded++;
	return 0;
}
