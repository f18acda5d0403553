// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* Mistake: a field of the context that is not for this type of program. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

SEC("socket")
int filter(struct __sk_buff *skb)
{
	return skb->data_end - skb->data;
}
