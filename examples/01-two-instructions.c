// SPDX-License-Identifier: MIT
/*
 * Two instructions written by hand, and BPF_PROG_LOAD written out field by field: all that a loader is,
 * once everything else is taken away. The program returns 42. It is a socket filter, the kind that needs
 * the least around it, and BPF_PROG_TEST_RUN runs it once on a packet of our own.
 *
 * Needs root (CAP_BPF and CAP_NET_ADMIN). docs/01-two-instructions.md goes through it line by line.
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hewn.h>

int main(void)
{
	/* An instruction has eight bytes: code, two registers of four bits, a 16-bit offset, a 32-bit immediate. */
	const struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = 42 }, /* r0 = 42 */
		{ .code = BPF_JMP | BPF_EXIT },                                           /* exit: r0 is the result */
	};
	unsigned char packet[64] = { 0 };
	char log[4096] = "";
	union bpf_attr attr;
	int fd, ret;

	/* Every byte that is not used must be zero, or an older kernel thinks that we want something newer. */
	memset(&attr, 0, sizeof(attr));
	attr.prog_type = BPF_PROG_TYPE_SOCKET_FILTER; /* decides what the context is, and which helpers there are */
	attr.insns = (uintptr_t)insns;                /* pointers are always 64 bits wide here */
	attr.insn_cnt = sizeof(insns) / sizeof(insns[0]);
	attr.license = (uintptr_t) "Dual MIT/GPL";    /* some helpers are for GPL-compatible programs only */
	attr.log_buf = (uintptr_t)log;                /* where the verifier says what it thinks */
	attr.log_size = sizeof(log);
	attr.log_level = 1;
	memcpy(attr.prog_name, "forty_two", 9);       /* what bpftool shows; at most 15 characters */

	fd = hewn_bpf(BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0) {
		fprintf(stderr, "BPF_PROG_LOAD: %s\n%s", strerror(-fd), log);
		return 1;
	}
	printf("the kernel took the program: fd %d\nits log:\n%s", fd, log);

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (uint32_t)fd;
	attr.test.data_in = (uintptr_t)packet;
	attr.test.data_size_in = sizeof(packet); /* at least an Ethernet header */
	ret = hewn_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	if (ret < 0) {
		fprintf(stderr, "BPF_PROG_TEST_RUN: %s\n", strerror(-ret));
		return 1;
	}
	printf("it ran for %u ns and returned %u\n", attr.test.duration, attr.test.retval);
	close(fd); /* the last fd: the program is gone */
	return attr.test.retval == 42 ? 0 : 1;
}
