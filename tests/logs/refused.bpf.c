// SPDX-License-Identifier: MIT
/*
 * Programs that a verifier must refuse, one for each name: a learner's usual mistakes. tests/logs/make compiles
 * each alone and keeps what the kernel says of it.
 */
#include "../../bpf/hewn.bpf.h"

#ifdef NOT_GPL
char LICENSE[] SEC("license") = "Proprietary";
#else
char LICENSE[] SEC("license") = "Dual MIT/GPL";
#endif

struct value {
	u64 a, b;
};

struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 16);
	__type(key, u32);
	__type(value, struct value);
} values SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, u32);
	__type(value, u8[64]);
} bytes SEC(".maps");

#ifdef ONLY_null_map_value
SEC("raw_tp/sys_enter")
int null_map_value(void *ctx)
{
	u32 key = 1;
	struct value *v = bpf_map_lookup_elem(&values, &key);

	v->a++;
	return 0;
}
#endif

#ifdef ONLY_scalar_as_pointer
SEC("raw_tp/sys_enter")
int scalar_as_pointer(u64 *ctx)
{
	int *p = (int *)ctx[0];

	return *p;
}
#endif

#ifdef ONLY_unbounded_index
SEC("raw_tp/sys_enter")
int unbounded_index(u64 *ctx)
{
	u32 key = 0;
	u8 *v = bpf_map_lookup_elem(&bytes, &key);

	return v ? v[ctx[1]] : 0;
}
#endif

#ifdef ONLY_negative_index
SEC("raw_tp/sys_enter")
int negative_index(u64 *ctx)
{
	u32 key = 0;
	u8 *v = bpf_map_lookup_elem(&bytes, &key);
	s64 i = (s64)ctx[1];

	if (!v || i > 63)
		return 0;
	return v[i];
}
#endif

#ifdef ONLY_index_too_large
SEC("raw_tp/sys_enter")
int index_too_large(u64 *ctx)
{
	u32 key = 0;
	u8 *v = bpf_map_lookup_elem(&bytes, &key);
	u64 i = ctx[1];

	if (!v || i > 64)
		return 0;
	return v[i];
}
#endif

#ifdef ONLY_beyond_value
SEC("raw_tp/sys_enter")
int beyond_value(void *ctx)
{
	u32 key = 0;
	u8 *v = bpf_map_lookup_elem(&bytes, &key);

	return v ? v[64] : 0;
}
#endif

#ifdef ONLY_stack_too_large
static __noinline int inner(u64 *ctx)
{
	u8 buf[400];

	bpf_skb_load_bytes(ctx, 0, buf, sizeof(buf));
	return buf[255];
}

SEC("socket")
int stack_too_large(u64 *ctx)
{
	u8 buf[400];

	bpf_skb_load_bytes(ctx, 0, buf, sizeof(buf));
	return inner(ctx) + buf[255];
}
#endif

#ifdef ONLY_below_the_stack
SEC("raw_tp/sys_enter")
__attribute__((naked)) int below_the_stack(void)
{
	asm volatile("r1 = 0; *(u64 *)(r10 -520) = r1; r0 = 0; exit");
}
#endif

#ifdef ONLY_no_result
SEC("raw_tp/sys_enter")
__attribute__((naked)) int no_result(void)
{
	asm volatile("exit");
}
#endif

#ifdef ONLY_uninitialised_register
SEC("raw_tp/sys_enter")
__attribute__((naked)) int uninitialised_register(void)
{
	asm volatile("r0 = r7; exit");
}
#endif

#ifdef ONLY_uninitialised_stack
SEC("raw_tp/sys_enter")
__attribute__((naked)) int uninitialised_stack(void)
{
	asm volatile("r2 = r10; r2 += -4; r1 = %[values] ll; call %[lookup]; r0 = 0; exit" ::[lookup] "i"(1),
		     [values] "i"(&values));
}
#endif

#ifdef ONLY_unreachable
SEC("raw_tp/sys_enter")
__attribute__((naked)) int unreachable(void)
{
	asm volatile("r0 = 0; exit; r0 = 1; exit");
}
#endif

#ifdef ONLY_no_exit
SEC("raw_tp/sys_enter")
__attribute__((naked)) int no_exit(void)
{
	asm volatile("r0 = 0; r1 = 1");
}
#endif

#ifdef ONLY_infinite_loop
SEC("raw_tp/sys_enter")
__attribute__((naked)) int infinite_loop(void)
{
	asm volatile("r0 = 0; 1: goto 1b; exit");
}
#endif

#ifdef ONLY_endless_loop
SEC("raw_tp/sys_enter")
int endless_loop(u64 *ctx)
{
	u64 n = 0;

	for (u64 i = 0; i != ctx[1]; i++) {
		n += i;
		barrier_var(n);
	}
	return (int)n;
}
#endif

#ifdef ONLY_gpl_only_helper

SEC("raw_tp/sys_enter")
int gpl_only_helper(u64 *ctx)
{
	char c;

	return (int)bpf_probe_read_kernel(&c, 1, (void *)ctx[0]);
}
#endif

#ifdef ONLY_helper_of_other_type
SEC("socket")
int helper_of_other_type(u64 *ctx)
{
	char c = 0;

	bpf_perf_event_output(ctx, &bytes, 0, &c, 1);
	return (int)bpf_override_return((void *)ctx, 1);
}
#endif

#ifdef ONLY_unknown_helper
SEC("raw_tp/sys_enter")
__attribute__((naked)) int unknown_helper(void)
{
	asm volatile("call 9999; r0 = 0; exit");
}
#endif

#ifdef ONLY_bad_context
SEC("socket")
int bad_context(u64 *ctx)
{
	return (int)ctx[100];
}
#endif

#ifdef ONLY_write_to_context
SEC("tracepoint/sched/sched_switch")
int write_to_context(u64 *ctx)
{
	ctx[2] = 1;
	return 0;
}
#endif

#ifdef ONLY_leaked_reference
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} ring SEC(".maps");

SEC("raw_tp/sys_enter")
int leaked_reference(void *ctx)
{
	u64 *e = bpf_ringbuf_reserve(&ring, 8, 0);

	if (e)
		*e = 1;
	return 0;
}
#endif

#ifdef ONLY_misaligned
SEC("raw_tp/sys_enter")
__attribute__((naked)) int misaligned(void)
{
	asm volatile("r1 = 0; *(u64 *)(r10 -12) = r1; r0 = 0; exit");
}
#endif

#ifdef ONLY_pointer_arithmetic
SEC("raw_tp/sys_enter")
__attribute__((naked)) int pointer_arithmetic(void)
{
	asm volatile("r1 *= 2; r0 = 0; exit");
}
#endif

#ifdef ONLY_packet_without_check
struct xdp {
	u32 data, data_end;
};

SEC("xdp")
int packet_without_check(struct xdp *ctx)
{
	u8 *data = (u8 *)(long)ctx->data;

	return data[12];
}
#endif

#ifdef ONLY_wrong_return_value
SEC("cgroup/dev")
int wrong_return_value(void *ctx)
{
	return 7;
}
#endif

#ifdef ONLY_helper_wants_pointer
SEC("raw_tp/sys_enter")
__attribute__((naked)) int helper_wants_pointer(void)
{
	asm volatile("r1 = 5; r2 = 6; call 1; r0 = 0; exit");
}
#endif

#ifdef ONLY_zero_size
SEC("raw_tp/sys_enter")
int zero_size(u64 *ctx)
{
	char buf[16];
	u64 n = ctx[1];

	if (n > 16)
		return 0;
	return (int)bpf_probe_read_kernel(buf, n * 2, (void *)ctx[0]);
}
#endif

#ifdef ONLY_write_constant
const volatile u32 limit = 5;

SEC("raw_tp/sys_enter")
int write_constant(void *ctx)
{
	*(volatile u32 *)&limit = 6;
	return 0;
}
#endif

#ifdef ONLY_too_many_frames
#define F(n, m) static __noinline int f##n(u64 *c) { u64 x = c[0]; barrier_var(x); return f##m(c) + (int)x; }
static __noinline int f0(u64 *c) { return (int)c[1]; }
F(1, 0) F(2, 1) F(3, 2) F(4, 3) F(5, 4) F(6, 5) F(7, 6) F(8, 7) F(9, 8)
SEC("raw_tp/sys_enter")
int too_many_frames(u64 *ctx)
{
	return f9(ctx);
}
#endif
