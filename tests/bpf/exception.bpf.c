// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A program that names the function which takes over when it throws: nothing calls it but the kernel. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

static __noinline int twice(int x)
{
	return 2 * x;
}

__noinline int caught(u64 cookie)
{
	return twice((int)cookie) + 1;
}

SEC("tc")
__attribute__((btf_decl_tag("exception_callback:caught")))
int throws(struct __sk_buff *skb)
{
	return twice(skb->len) ? 1 : 0;
}
