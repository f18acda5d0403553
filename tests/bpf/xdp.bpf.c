// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* XDP: counts packets by EtherType, and passes them on. */
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 64);
	__type(key, hewn_be16);
	__type(value, u64);
} counts SEC(".maps");

SEC("xdp")
int count(struct xdp_md *ctx)
{
	u8 *data = (u8 *)(long)ctx->data, *end = (u8 *)(long)ctx->data_end;
	hewn_be16 type;
	u64 *value, one = 1;

	if (data + 14 > end)
		return XDP_DROP;
	type = *(hewn_be16 *)(data + 12);
	value = bpf_map_lookup_elem(&counts, &type);
	if (value)
		__sync_fetch_and_add(value, 1);
	else
		bpf_map_update_elem(&counts, &type, &one, BPF_NOEXIST);
	return XDP_PASS;
}

SEC("?xdp.frags") // since 5.18
int pass(struct xdp_md *ctx)
{
	return XDP_PASS;
}
