// SPDX-License-Identifier: MIT
/*
 * Classic BPF, which sockets (SO_ATTACH_FILTER) and seccomp still take: text to instructions and
 * back, in the syntax of `tcpdump -d`:
 *
 *	(000) ldh      [12]
 *	(001) jeq      #0x806           jt 2	jf 3
 *	(002) ret      #262144
 *	(003) ret      #0
 *
 * Numbers in front are optional, and labels may stand for them:
 *
 *		ldh [12]
 *		jeq #0x806, arp, drop
 *	arp:	ret #262144
 *	drop:	ret #0
 *
 * Knows nothing of eBPF, packets or system calls.
 */
#ifndef INSN_CBPF_H
#define INSN_CBPF_H

#include <stddef.h>
#include <stdint.h>
#include <linux/filter.h>

#include "insn/err.h"

/* Prints the instruction at `at` as tcpdump -d does, without newline; what is none as "unimp".
 * Returns the length, as snprintf() does. */
int cbpf_print(struct sock_filter insn, uint32_t at, char *buf, size_t size);

/*
 * Reads a program of at most 4096 instructions (BPF_MAXINSNS); the caller frees *prog. Returns 0;
 * -EINVAL: err has line, column, found and wanted; -ENOMEM.
 */
int cbpf_parse(const char *text, size_t size, struct sock_filter **prog, uint16_t *n,
	       struct insn_err *err);

/*
 * Whether the kernel's own checks (bpf_check_classic() in net/core/filter.c) would pass: known
 * codes, jumps inside, no division by a zero constant, shifts below 32, memory below 16 and set
 * before it is read, a ret at the end. Returns 0, or -EINVAL with the instruction in err.
 */
int cbpf_check(const struct sock_filter *prog, uint32_t n, struct insn_err *err);

#endif
