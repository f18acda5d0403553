// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * What a program for the kernel includes: types, SEC(), maps, helpers, registers, and the names by
 * which hewn prints a field. It needs no other header: no vmlinux.h, no libbpf, nothing of the
 * system. Do not include <linux/bpf.h> beside it: both define the same constants.
 *
 * The names are those that other loaders' headers use, where there is one; a program written for
 * libbpf's needs another include line. An object compiled with this header is loaded by libbpf as
 * well.
 */
#ifndef HEWN_BPF_H
#define HEWN_BPF_H

// ---- Types ----

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef signed char s8;
typedef short s16;
typedef int s32;
typedef long long s64;

typedef u8 __u8;
typedef u16 __u16;
typedef u32 __u32;
typedef u64 __u64;
typedef s8 __s8;
typedef s16 __s16;
typedef s32 __s32;
typedef s64 __s64;
typedef u16 __be16;
typedef u32 __be32;
typedef u64 __be64;

typedef unsigned long size_t;
typedef _Bool bool;
enum { false = 0, true = 1 };

#define NULL ((void *)0)
#ifndef offsetof
#define offsetof(type, member) __builtin_offsetof(type, member)
#endif

#define TASK_COMM_LEN 16

// ---- Sections and attributes ----

// Puts a function or a variable into a section of the object; for a program, the section says where
// it is attached.
#define SEC(name) __attribute__((section(name), used))

// Every object says under which license its programs are:
//	char LICENSE[] SEC("license") = "Dual MIT/GPL";
// (clang 14 fails on a variable named `license` in a section of that name.)

#define __always_inline inline __attribute__((always_inline))
#define __noinline	__attribute__((noinline))
#define __weak		__attribute__((weak))
#define __hidden	__attribute__((visibility("hidden")))

// What only the kernel can give. A variable `extern int CONFIG_HZ __kconfig;` is an option of its
// configuration (and LINUX_KERNEL_VERSION its version); `extern const void vfs_unlink __ksym;` has the
// address of a symbol; `extern int runqueues __ksym;` is a variable of the kernel, by its BTF;
// a function with __ksym is one that the kernel lets programs call. With __weak it may be missing: an
// option or address is 0 then.
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym	  __attribute__((section(".ksyms")))

// The value of an option that may be a module.
enum libbpf_tristate {
	TRI_NO = 0,
	TRI_YES = 1,
	TRI_MODULE = 2,
};

// Makes the compiler forget what it knows of a variable's value, so that a bound check stays where
// it was written.
#define barrier_var(var) asm volatile("" : "+r"(var))

// ---- Maps ----

/*
 * A map is a global (never static) variable in section .maps, of an anonymous struct whose members
 * are made by these macros. They hold nothing: what they say is in their types, which the loader
 * reads from the BTF.
 *
 *	struct {
 *		__uint(type, BPF_MAP_TYPE_HASH);
 *		__uint(max_entries, 1024);
 *		__type(key, u32);
 *		__type(value, struct count);
 *	} counts SEC(".maps");
 *
 * Fields: type, max_entries, map_flags, numa_node, map_extra (__ulong where it has more than 31
 * bits), key and value (by __type) or key_size and value_size (by __uint), pinning, and last values
 * (by __array): the inner maps or programs.
 */
#define __uint(name, number)  int(*name)[number]
#define __type(name, type)    __typeof__(type) *name
#define __array(name, type)   __typeof__(type) *name[]
#define HEWN_PASTE_(a, b)     a##b
#define HEWN_PASTE(a, b)      HEWN_PASTE_(a, b)
#define __ulong(name, number) enum { HEWN_PASTE(hewn_ulong_, __COUNTER__) = (number) } name

// Pinned at /sys/fs/bpf/NAME, and shared with whoever pinned it there first.
#define LIBBPF_PIN_BY_NAME 1
#define HEWN_PIN_BY_NAME   LIBBPF_PIN_BY_NAME

enum bpf_map_type {
	BPF_MAP_TYPE_UNSPEC = 0,
	BPF_MAP_TYPE_HASH = 1,
	BPF_MAP_TYPE_ARRAY = 2,
	BPF_MAP_TYPE_PROG_ARRAY = 3,
	BPF_MAP_TYPE_PERF_EVENT_ARRAY = 4,
	BPF_MAP_TYPE_PERCPU_HASH = 5,
	BPF_MAP_TYPE_PERCPU_ARRAY = 6,
	BPF_MAP_TYPE_STACK_TRACE = 7,
	BPF_MAP_TYPE_CGROUP_ARRAY = 8,
	BPF_MAP_TYPE_LRU_HASH = 9,
	BPF_MAP_TYPE_LRU_PERCPU_HASH = 10,
	BPF_MAP_TYPE_LPM_TRIE = 11,
	BPF_MAP_TYPE_ARRAY_OF_MAPS = 12,
	BPF_MAP_TYPE_HASH_OF_MAPS = 13,
	BPF_MAP_TYPE_DEVMAP = 14,
	BPF_MAP_TYPE_SOCKMAP = 15,
	BPF_MAP_TYPE_CPUMAP = 16,
	BPF_MAP_TYPE_XSKMAP = 17,
	BPF_MAP_TYPE_SOCKHASH = 18,
	BPF_MAP_TYPE_CGROUP_STORAGE = 19,
	BPF_MAP_TYPE_REUSEPORT_SOCKARRAY = 20,
	BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE = 21,
	BPF_MAP_TYPE_QUEUE = 22,
	BPF_MAP_TYPE_STACK = 23,
	BPF_MAP_TYPE_SK_STORAGE = 24,
	BPF_MAP_TYPE_DEVMAP_HASH = 25,
	BPF_MAP_TYPE_STRUCT_OPS = 26,
	BPF_MAP_TYPE_RINGBUF = 27,
	BPF_MAP_TYPE_INODE_STORAGE = 28,
	BPF_MAP_TYPE_TASK_STORAGE = 29,
	BPF_MAP_TYPE_BLOOM_FILTER = 30,
	BPF_MAP_TYPE_USER_RINGBUF = 31,
	BPF_MAP_TYPE_CGRP_STORAGE = 32,
	BPF_MAP_TYPE_ARENA = 33,
	BPF_MAP_TYPE_INSN_ARRAY = 34,
};

// map_flags.
enum {
	BPF_F_NO_PREALLOC = 1U << 0,
	BPF_F_NO_COMMON_LRU = 1U << 1,
	BPF_F_NUMA_NODE = 1U << 2,
	BPF_F_RDONLY = 1U << 3,
	BPF_F_WRONLY = 1U << 4,
	BPF_F_STACK_BUILD_ID = 1U << 5,
	BPF_F_ZERO_SEED = 1U << 6,
	BPF_F_RDONLY_PROG = 1U << 7,
	BPF_F_WRONLY_PROG = 1U << 8,
	BPF_F_CLONE = 1U << 9,
	BPF_F_MMAPABLE = 1U << 10,
	BPF_F_PRESERVE_ELEMS = 1U << 11,
	BPF_F_INNER_MAP = 1U << 12,
};

// Flags of map_update_elem.
enum {
	BPF_ANY = 0,
	BPF_NOEXIST = 1,
	BPF_EXIST = 2,
	BPF_F_LOCK = 4,
};

// Flags of perf_event_output, get_stackid, ringbuf_*, *_storage_get.
#define BPF_F_INDEX_MASK      0xffffffffULL
#define BPF_F_CURRENT_CPU     BPF_F_INDEX_MASK
#define BPF_F_CTXLEN_MASK     (0xfffffULL << 32)
#define BPF_F_SKIP_FIELD_MASK 0xffULL
#define BPF_F_USER_STACK      (1ULL << 8)
#define BPF_F_FAST_STACK_CMP  (1ULL << 9)
#define BPF_F_REUSE_STACKID   (1ULL << 10)
#define BPF_F_USER_BUILD_ID   (1ULL << 11)

enum {
	BPF_RB_NO_WAKEUP = 1U << 0,
	BPF_RB_FORCE_WAKEUP = 1U << 1,
	BPF_RB_AVAIL_DATA = 0, // what ringbuf_query asks for
	BPF_RB_RING_SIZE = 1,
	BPF_RB_CONS_POS = 2,
	BPF_RB_PROD_POS = 3,
	BPF_LOCAL_STORAGE_GET_F_CREATE = 1U << 0,
};

// ---- Helpers, registers, contexts ----

#include "hewn-helpers.bpf.h"
#include "hewn-regs.bpf.h"
#include "hewn-contexts.bpf.h"
#include "hewn-core.bpf.h"

// ---- What hewn prints ----

/*
 * hewn prints a record by its type: a column a field, the field's name as heading. char arrays are
 * text up to the first 0, enums are printed by name, u8 arrays as hex, integers in decimal. A field
 * of one of the types below is printed as its type's name says: they are plain integers for the
 * program, but their names are in the object's BTF.
 */
typedef u32 hewn_ipv4;	     // bytes as in a packet: 192.0.2.1
typedef u8 hewn_ipv6[16];    // bytes as in a packet: 2001:db8::1
typedef u16 hewn_port;	     // host byte order
typedef u16 hewn_be16;	     // as in a packet: printed as the number it stands for
typedef u32 hewn_hex32;	     // 0x...
typedef u64 hewn_hex64;	     // 0x...
typedef s64 hewn_result;     // a value, or the name of the error where it is -errno
typedef u64 hewn_ns;	     // a duration in nanoseconds, printed with the unit that fits
typedef u32 hewn_open_flags; // of open(2): O_RDONLY|O_CLOEXEC

/*
 * Counts by powers of two, as the value of a map: slot 0 is for the values 0 and 1, slot i for
 * those from 2^i on. Drawn as a histogram. Or, with hewn_hist_slot as value, a map whose u32 key
 * is the slot.
 */
typedef u64 hewn_hist[64];
typedef u64 hewn_hist_slot;

// The slot of a value: the number of its highest bit.
static __always_inline u32 hewn_log2(u64 value)
{
	u32 slot = 0;

	for (u32 half = 32; half; half /= 2)
		if (value >> half) {
			value >>= half;
			slot += half;
		}
	return slot;
}

/*
 * Strings one after another, each with its 0: how an argv is carried. The array is the space there
 * is; the strings end where the record does, or at the array's last byte that is not 0. Define
 * HEWN_STRINGS_MAX first for another size.
 */
#ifndef HEWN_STRINGS_MAX
#define HEWN_STRINGS_MAX 512
#endif
typedef char hewn_strings[HEWN_STRINGS_MAX];

/*
 * Says which type the records of a ring have: HEWN_EVENT(events, struct event); after the map
 * `events`. It makes a pointer variable in a section of its own, which brings the type into the
 * BTF; nothing of it reaches the kernel, and other loaders step over it. A record may be shorter
 * than its type, if the last field is an array.
 */
#define HEWN_EVENT(map, type) const type *const hewn_event_##map SEC(".hewn.event") = 0

/*
 * Prints to /sys/kernel/tracing/trace_pipe. At most three arguments, each an integer or, for %s, a
 * pointer into the kernel's memory. The text lies on the stack, which is small: 512 bytes; but so
 * the object needs no data section, and loads on kernels before 5.2 too.
 */
#define hewn_printk(fmt, args...)                                                                  \
	({                                                                                         \
		const char hewn_fmt[] = fmt;                                                       \
		bpf_trace_printk(hewn_fmt, sizeof(hewn_fmt), ##args);                              \
	})
#define bpf_printk(fmt, args...) hewn_printk(fmt, ##args)

// ---- Byte order ----

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define bpf_htons(x) ((u16)__builtin_bswap16(x))
#define bpf_htonl(x) ((u32)__builtin_bswap32(x))
#else
#define bpf_htons(x) ((u16)(x))
#define bpf_htonl(x) ((u32)(x))
#endif
#define bpf_ntohs(x) bpf_htons(x)
#define bpf_ntohl(x) bpf_htonl(x)

// ---- What tracepoint programs get ----

// Of every tracepoint, before its own fields. Those are in
// /sys/kernel/tracing/events/CATEGORY/NAME/format.
struct hewn_tracepoint {
	u16 type;
	u8 flags;
	u8 preempt_count;
	s32 pid;
};

// Of syscalls/sys_enter_* and sys_exit_*. For these, what is in `common` means nothing.
struct hewn_sys_enter {
	struct hewn_tracepoint common;
	s32 nr; // an int on newer kernels; of the older ones' long, this is half
	hewn_ulong args[6];
};
struct hewn_sys_exit {
	struct hewn_tracepoint common;
	s32 nr; // an int on newer kernels; of the older ones' long, this is half
	hewn_long ret;
};

#endif
