// SPDX-License-Identifier: MIT OR GPL-2.0-only
/*
 * Reading the kernel's structs wherever this kernel has their members (CO-RE). Part of hewn.bpf.h.
 *
 * A program declares of a struct what it needs, and says that the compiler must not count on it:
 *
 *	struct sock_common {
 *		u16 skc_num;
 *	} __core;
 *	struct sock {
 *		struct sock_common __sk_common;
 *	} __core;
 *
 *	u16 port = BPF_CORE_READ(sk, __sk_common.skc_num);
 *
 * Each access becomes an instruction with a relocation beside it, by which the loader finds the
 * member in the kernel's own BTF, by its name. Order, size and what is left out do not matter. Two
 * declarations of one struct are told apart by a flavour: struct sock___old is the kernel's struct
 * sock too.
 *
 * clang 12 and newer; bpf_core_type_matches(): 15.
 */
#ifndef HEWN_CORE_BPF_H
#define HEWN_CORE_BPF_H

#define __core __attribute__((preserve_access_index))

// What is asked of a field, a type, an enumerator: the numbers that clang's builtins have for it.
enum {
	BPF_FIELD_BYTE_OFFSET = 0,
	BPF_FIELD_BYTE_SIZE = 1,
	BPF_FIELD_EXISTS = 2,
	BPF_FIELD_SIGNED = 3,
	BPF_FIELD_LSHIFT_U64 = 4,
	BPF_FIELD_RSHIFT_U64 = 5,
	BPF_TYPE_ID_LOCAL = 0,
	BPF_TYPE_ID_TARGET = 1,
	BPF_TYPE_EXISTS = 0,
	BPF_TYPE_SIZE = 1,
	BPF_TYPE_MATCHES = 2,
	BPF_ENUMVAL_EXISTS = 0,
	BPF_ENUMVAL_VALUE = 1,
};

// ---- Questions ----

/*
 * Of a field: sk->field, or bpf_core_field(struct sock, field) where there is no pointer. What is
 * not there has no size and no offset, so ask whether it exists first; the answer is a constant,
 * and the branch that is not taken is dead code for the verifier.
 */
#define bpf_core_field(type, field)  ((type *)0)->field
#define bpf_core_field_exists(field) __builtin_preserve_field_info(field, BPF_FIELD_EXISTS)
#define bpf_core_field_size(field)   __builtin_preserve_field_info(field, BPF_FIELD_BYTE_SIZE)
#define bpf_core_field_offset(field) __builtin_preserve_field_info(field, BPF_FIELD_BYTE_OFFSET)

// Of a type: struct sock. 0 for what is not there.
#define HEWN_TYPE_INFO(type, what)  __builtin_preserve_type_info(*(__typeof__(type) *)0, what)
#define bpf_core_type_exists(type)  HEWN_TYPE_INFO(type, BPF_TYPE_EXISTS)
#define bpf_core_type_size(type)    HEWN_TYPE_INFO(type, BPF_TYPE_SIZE)
#define bpf_core_type_matches(type) HEWN_TYPE_INFO(type, BPF_TYPE_MATCHES)
#define bpf_core_type_id_local(type)                                                               \
	__builtin_btf_type_id(*(__typeof__(type) *)0, BPF_TYPE_ID_LOCAL)
#define bpf_core_type_id_kernel(type)                                                              \
	__builtin_btf_type_id(*(__typeof__(type) *)0, BPF_TYPE_ID_TARGET)

// Of an enumerator: enum name, NAME.
#define HEWN_ENUM_INFO(type, name, what)                                                           \
	__builtin_preserve_enum_value(*(__typeof__(type) *)name, what)
#define bpf_core_enum_value_exists(type, name) HEWN_ENUM_INFO(type, name, BPF_ENUMVAL_EXISTS)
#define bpf_core_enum_value(type, name)	       HEWN_ENUM_INFO(type, name, BPF_ENUMVAL_VALUE)

// ---- Reading ----

// Like bpf_probe_read_kernel(), from an address that is made with ->, . and [].
#define bpf_core_read(to, size, from)                                                              \
	bpf_probe_read_kernel(to, size, (const void *)__builtin_preserve_access_index(from))
#define bpf_core_read_str(to, size, from)                                                          \
	bpf_probe_read_kernel_str(to, size, (const void *)__builtin_preserve_access_index(from))

// One field of what a pointer points to, as a value.
#define HEWN_CORE_GET(pointer, field)                                                              \
	({                                                                                         \
		__typeof__(pointer) hewn_at = (pointer);                                           \
		__typeof__(hewn_at->field) hewn_got;                                               \
		bpf_core_read(&hewn_got, sizeof(hewn_got), &hewn_at->field);                       \
		hewn_got;                                                                          \
	})

/*
 * BPF_CORE_READ(task, real_parent, tgid) is task->real_parent->tgid: a read for each pointer on the
 * way, at most 8; 0 where one is NULL. A step may go deeper by itself: __sk_common.skc_num.
 */
#define BPF_CORE_READ(pointer, ...)                                                                \
	HEWN_PASTE(HEWN_CORE_READ_, HEWN_CORE_COUNT(__VA_ARGS__))(pointer, __VA_ARGS__)
#define BPF_CORE_READ_INTO(to, pointer, ...)                                                       \
	({                                                                                         \
		*(to) = BPF_CORE_READ(pointer, __VA_ARGS__);                                       \
		0;                                                                                 \
	})

#define HEWN_CORE_COUNT_(_1, _2, _3, _4, _5, _6, _7, _8, n, ...) n
#define HEWN_CORE_COUNT(...)					 HEWN_CORE_COUNT_(__VA_ARGS__, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define HEWN_CORE_READ_1(pointer, a)				 HEWN_CORE_GET(pointer, a)
#define HEWN_CORE_READ_2(pointer, a, ...)			 HEWN_CORE_READ_1(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_3(pointer, a, ...)			 HEWN_CORE_READ_2(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_4(pointer, a, ...)			 HEWN_CORE_READ_3(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_5(pointer, a, ...)			 HEWN_CORE_READ_4(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_6(pointer, a, ...)			 HEWN_CORE_READ_5(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_7(pointer, a, ...)			 HEWN_CORE_READ_6(HEWN_CORE_GET(pointer, a), __VA_ARGS__)
#define HEWN_CORE_READ_8(pointer, a, ...)			 HEWN_CORE_READ_7(HEWN_CORE_GET(pointer, a), __VA_ARGS__)

// ---- Bitfields ----

/*
 * A bitfield has no address. What is read is a whole number that holds it, which is shifted left
 * until the field's first bit is the highest of 64, and right until its last bit is the lowest:
 * where, how much and with which sign are four relocations. Works for fields that are none, too.
 */
#define HEWN_CORE_SHIFT(number, field)                                                             \
	({                                                                                         \
		u64 hewn_bits = (number)                                                           \
				<< __builtin_preserve_field_info(field, BPF_FIELD_LSHIFT_U64);     \
		__builtin_preserve_field_info(field, BPF_FIELD_SIGNED)                             \
			? (u64)((s64)hewn_bits >>                                                  \
				__builtin_preserve_field_info(field, BPF_FIELD_RSHIFT_U64))        \
			: hewn_bits >> __builtin_preserve_field_info(field, BPF_FIELD_RSHIFT_U64); \
	})

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define HEWN_CORE_LOW(number, size) ((void *)&(number))
#else
#define HEWN_CORE_LOW(number, size) ((void *)&(number) + (8 - (size)))
#endif

// By a helper, from any pointer.
#define BPF_CORE_READ_BITFIELD_PROBED(pointer, field)                                              \
	({                                                                                         \
		u32 hewn_size = bpf_core_field_size((pointer)->field);                             \
		u64 hewn_number = 0;                                                               \
		bpf_probe_read_kernel(HEWN_CORE_LOW(hewn_number, hewn_size), hewn_size,            \
				      (const void *)(pointer) +                                    \
					      bpf_core_field_offset((pointer)->field));            \
		HEWN_CORE_SHIFT(hewn_number, (pointer)->field);                                    \
	})

// By a load, from a pointer that the verifier trusts: what tp_btf, fentry and the like get.
#define BPF_CORE_READ_BITFIELD(pointer, field)                                                     \
	({                                                                                         \
		const void *hewn_from =                                                            \
			(const void *)(pointer) + bpf_core_field_offset((pointer)->field);         \
		u64 hewn_number = 0;                                                               \
		barrier_var(hewn_from);                                                            \
		switch (bpf_core_field_size((pointer)->field)) {                                   \
		case 1:                                                                            \
			hewn_number = *(const u8 *)hewn_from;                                      \
			break;                                                                     \
		case 2:                                                                            \
			hewn_number = *(const u16 *)hewn_from;                                     \
			break;                                                                     \
		case 4:                                                                            \
			hewn_number = *(const u32 *)hewn_from;                                     \
			break;                                                                     \
		case 8:                                                                            \
			hewn_number = *(const u64 *)hewn_from;                                     \
			break;                                                                     \
		}                                                                                  \
		HEWN_CORE_SHIFT(hewn_number, (pointer)->field);                                    \
	})

#endif
