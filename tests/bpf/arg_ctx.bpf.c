// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Global functions that take the context of their program, and say so by a tag (6.8): as nothing but a pointer, as what
 * the kernel calls the context, and once for two arguments. The kernel checks each alone.
 */
#include "hewn.bpf.h"

#define __arg_ctx __attribute__((btf_decl_tag("arg:ctx")))

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct pt_regs;

__weak __noinline u64 stack_of(void *ctx __arg_ctx)
{
	u64 at[1] = {};

	bpf_get_stack(ctx, at, sizeof(at), 0);
	return at[0];
}

__weak __noinline u64 twice(int n, void *ctx __arg_ctx, const void *again __arg_ctx)
{
	return stack_of(ctx) + stack_of((void *)again) + n;
}

__weak __noinline u64 probed(struct pt_regs *ctx __arg_ctx)
{
	return stack_of(ctx);
}

__weak __noinline u64 traced(u64 *ctx __arg_ctx)
{
	return ctx[0] + stack_of(ctx);
}

__weak __noinline u64 length(void *ctx __arg_ctx)
{
	return ((struct __sk_buff *)ctx)->len;
}

__weak __noinline u64 received(void *ctx __arg_ctx)
{
	return ((struct xdp_md *)ctx)->ingress_ifindex;
}

SEC("kprobe/do_nanosleep")
int in_kprobe(void *ctx)
{
	return twice(1, ctx, ctx) + probed(ctx) > 5;
}

SEC("raw_tp/sys_enter")
int in_raw_tp(void *ctx)
{
	return twice(2, ctx, ctx) + traced(ctx) > 5;
}

SEC("perf_event")
int in_perf_event(void *ctx)
{
	return stack_of(ctx) > 5;
}

SEC("socket")
int in_socket(struct __sk_buff *ctx)
{
	return length(ctx) > 5;
}

SEC("tc")
int in_tc(struct __sk_buff *ctx)
{
	return length(ctx) > 5;
}

SEC("xdp")
int in_xdp(struct xdp_md *ctx)
{
	return received(ctx) > 5 ? 2 : 1;
}
