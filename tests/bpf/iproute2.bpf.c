// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Maps as tc and ip declare them: the struct of section `maps` goes on with an id, a way to pin,
 * and an inner map. One object, and so one section, has structs of one length only.
 */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct bpf_elf_map {
	u32 type, size_key, size_value, max_elem, flags, id, pinning, inner_id, inner_idx;
};

struct bpf_elf_map packets SEC("maps") = {
	.type = BPF_MAP_TYPE_ARRAY,
	.size_key = sizeof(u32),
	.size_value = sizeof(u64),
	.max_elem = 2,
	.id = 7,
};

struct bpf_elf_map bytes SEC("maps") = {
	.type = BPF_MAP_TYPE_PERCPU_ARRAY,
	.size_key = sizeof(u32),
	.size_value = sizeof(u64),
	.max_elem = 2,
};

SEC("classifier")
int count(struct __sk_buff *skb)
{
	u32 key = skb->pkt_type == 0;
	u64 *value = bpf_map_lookup_elem(&packets, &key);

	if (value)
		__sync_fetch_and_add(value, 1);
	value = bpf_map_lookup_elem(&bytes, &key);
	if (value)
		*value += skb->len;
	return TC_ACT_OK;
}
