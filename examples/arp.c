// SPDX-License-Identifier: MIT
/*
 * A socket filter that keeps ARP, twice: in eBPF, by the builder, and in classic BPF, as `tcpdump
 * -d arp` prints it. Both are attached to a packet socket on lo; frames of ARP and of another type
 * are sent, and counted.
 *
 * usage: arp        Needs root. examples/arp.basm is the first one as text.
 */
#include <arpa/inet.h>
#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <hewn.h>
#include "insn/build.h"
#include "insn/cbpf.h"

#ifndef SO_ATTACH_BPF
#define SO_ATTACH_BPF 50
#endif

#define N_FRAMES 5

static const char classic[] = "	ldh [12]\n"
			      "	jeq #0x806, arp, drop\n"
			      "arp:	ret #262144\n"
			      "drop:	ret #0\n";

/* The eBPF filter's fd, or -1. */
static int ebpf_filter(void)
{
	struct build *b = build_open();
	struct hewn_err err = {0};
	struct insn_err failed;
	struct unit unit;
	char *text;
	int fd;

	if (!b)
		return -1;
	insn_err_clear(&failed);
	build_section(b, "socket");
	build_func(b, "arp");
	build_check_regs(b);
	build_comment(b, "ldabs looks for the packet in r6");
	build_insn(b, bpf_mov64_reg(BPF_REG_6, BPF_REG_1));
	build_insn(b, bpf_ld_abs(BPF_H, offsetof(struct ethhdr, h_proto)));
	build_jump(b, bpf_jmp_imm(BPF_JNE, BPF_REG_0, ETH_P_ARP, 0), "drop");
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 262144));
	build_insn(b, bpf_exit_insn());
	build_label(b, "drop");
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 0));
	build_insn(b, bpf_exit_insn());
	text = build_text(b);
	printf("eBPF:\n%s\n", text ? text : "");
	free(text);
	if (build_finish(b, &unit, &failed)) {
		fprintf(stderr, "instruction %d: %s\n", failed.insn, failed.msg);
		build_close(b);
		return -1;
	}
	build_close(b);
	/* One section, one function, no maps: the section is the program. */
	fd = hewn_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "arp", unit.sections[0].insns,
			    unit.sections[0].n_insns, "GPL", &err);
	if (fd < 0)
		hewn_err_print(&err, stderr, 0);
	hewn_err_close(&err);
	unit_close(&unit);
	return fd;
}

/* A packet socket without a protocol: nothing arrives before the filter is there. */
static int attach_ebpf(int fd)
{
	int prog = ebpf_filter();
	int failed = prog < 0 || setsockopt(fd, SOL_SOCKET, SO_ATTACH_BPF, &prog, sizeof(prog));

	if (prog >= 0)
		close(prog); /* the socket keeps it */
	return failed;
}

static int attach_classic(int fd)
{
	struct sock_fprog prog = {0};
	struct sock_filter *insns;
	struct insn_err err;
	char line[120];
	uint16_t n;
	int failed;

	if (cbpf_parse(classic, strlen(classic), &insns, &n, &err) || cbpf_check(insns, n, &err)) {
		insn_err_text(&err, NULL, line, sizeof(line));
		fputs(line, stderr);
		return -1;
	}
	puts("classic BPF:");
	for (uint32_t i = 0; i < n; i++) {
		cbpf_print(insns[i], i, line, sizeof(line));
		puts(line);
	}
	prog.len = n;
	prog.filter = insns;
	failed = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &prog, sizeof(prog));
	free(insns);
	return failed;
}

static int open_on_lo(int (*attach)(int fd))
{
	struct sockaddr_ll lo = {.sll_family = AF_PACKET,
				 .sll_protocol = htons(ETH_P_ALL),
				 .sll_ifindex = (int)if_nametoindex("lo")};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);

	if (fd < 0 || attach(fd) || bind(fd, (struct sockaddr *)&lo, sizeof(lo))) {
		perror("a packet socket on lo");
		return -1;
	}
	return fd;
}

static int send_frames(uint16_t type)
{
	struct sockaddr_ll lo = {
		.sll_family = AF_PACKET, .sll_ifindex = (int)if_nametoindex("lo"), .sll_halen = 6};
	struct {
		struct ethhdr eth;
		char body[46];
	} frame = {.eth.h_proto = htons(type)};
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0), sent = 0;

	for (int i = 0; fd >= 0 && i < N_FRAMES; i++)
		sent += sendto(fd, &frame, sizeof(frame), 0, (struct sockaddr *)&lo, sizeof(lo)) ==
			sizeof(frame);
	if (fd >= 0)
		close(fd);
	return sent;
}

/* What came through. lo shows each frame twice: as it leaves, and as it arrives; the second counts.
 */
static void receive(int fd, int *arp, int *others)
{
	struct sockaddr_ll from = {0};
	socklen_t size = sizeof(from);
	struct ethhdr eth;

	*arp = *others = 0;
	while (recvfrom(fd, &eth, sizeof(eth), MSG_DONTWAIT, (struct sockaddr *)&from, &size) > 0) {
		if (from.sll_pkttype == PACKET_OUTGOING)
			continue;
		if (ntohs(eth.h_proto) == ETH_P_ARP)
			++*arp;
		else
			++*others;
	}
}

int main(void)
{
	int ebpf = open_on_lo(attach_ebpf), old = open_on_lo(attach_classic);
	int arp[2], others[2], sent_arp, sent_others;

	if (ebpf < 0 || old < 0)
		return 1;
	sent_arp = send_frames(ETH_P_ARP);
	sent_others = send_frames(0x88b5); /* for local experiments, IEEE 802 */
	usleep(100000);
	receive(ebpf, &arp[0], &others[0]);
	receive(old, &arp[1], &others[1]);
	printf("\nsent on lo:          %d ARP, %d others\n", sent_arp, sent_others);
	printf("through eBPF:        %d ARP, %d others\n", arp[0], others[0]);
	printf("through classic BPF: %d ARP, %d others\n", arp[1], others[1]);
	close(ebpf);
	close(old);
	return arp[0] < sent_arp || arp[1] < sent_arp || others[0] || others[1];
}
