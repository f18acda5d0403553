// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* A socket filter that keeps ARP, and counts packets by their EtherType's first byte. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 256);
	__type(key, u32);
	__type(value, u64);
} counts SEC(".maps");

SEC("socket")
int keep_arp(struct __sk_buff *skb)
{
	u8 type[2] = {};
	u32 key;
	u64 *count;

	if (bpf_skb_load_bytes(skb, 12, type, sizeof(type)))
		return 0;
	key = type[0];
	count = bpf_map_lookup_elem(&counts, &key);
	if (count)
		__sync_fetch_and_add(count, 1);
	return type[0] == 0x08 && type[1] == 0x06 ? skb->len : 0; // bytes to keep
}
