// SPDX-License-Identifier: MIT OR GPL-2.0-only
/* One record with a field of each kind that is printed by its type: for the tests of the printer.
 */
#define HEWN_STRINGS_MAX 32
#include "hewn.bpf.h"

char LICENSE[] SEC("license") = "Dual MIT/GPL";

enum colour {
	RED,
	GREEN = 5,
	BLUE = -1,
};

struct point {
	s16 x;
	s16 y;
};

struct record {
	char comm[TASK_COMM_LEN];
	enum colour colour;
	u8 small;
	bool yes;
	s8 negative;
	hewn_port port;
	hewn_be16 port_in_packet;
	hewn_hex32 flags;
	hewn_ipv4 v4;
	hewn_ipv6 v6;
	hewn_hex64 address;
	hewn_result good;
	hewn_result bad;
	hewn_ns took;
	u32 low : 3, high : 5;
	struct point points[2];
	union {
		u32 whole;
		u8 parts[4];
	};
	u64 numbers[3];
	hewn_strings argv;
};

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} records SEC(".maps");
HEWN_EVENT(records, struct record);

SEC("tracepoint/syscalls/sys_enter_getpid")
int getpid_enter(void *ctx)
{
	struct record *record = bpf_ringbuf_reserve(&records, sizeof(*record), 0);

	if (!record)
		return 0;
	__builtin_memset(record, 0, sizeof(*record));
	__builtin_memcpy(record->comm, "shown", 6);
	record->colour = GREEN;
	record->small = 200;
	record->yes = true;
	record->negative = -7;
	record->port = 443;
	record->port_in_packet = bpf_htons(8080);
	record->flags = 0x88000;
	record->v4 = bpf_htonl(0xc0000201); // 192.0.2.1
	record->v6[0] = 0x20;
	record->v6[1] = 0x01;
	record->v6[2] = 0x0d;
	record->v6[3] = 0xb8;
	record->v6[15] = 1; // 2001:db8::1
	record->address = 0xffffffff81000000;
	record->good = 3;
	record->bad = -2; // ENOENT
	record->took = 1500000;
	record->low = 5;
	record->high = 17;
	record->points[0].x = -1;
	record->points[1].y = 2;
	record->whole = 0x01020304;
	record->numbers[2] = 18446744073709551615ULL;
	__builtin_memcpy(record->argv, "ls\0-l\0a b\0", 10);
	bpf_ringbuf_submit(record, 0);
	return 0;
}
