// SPDX-License-Identifier: MIT
/*
 * A program and a map together, still without a compiler: each run of the program adds one to element 0
 * of an array. The map's fd stands in the instruction that loads its address; the verifier replaces it,
 * which is why a program cannot be moved from one machine to another as it was loaded.
 *
 * Needs root (CAP_BPF and CAP_NET_ADMIN).
 */
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hewn.h>
#include <insn.h>

#define RUNS 1000

int main(void)
{
	int map = hewn_map_create(BPF_MAP_TYPE_ARRAY, "runs", sizeof(uint32_t), sizeof(uint64_t), 1, 0);
	const struct bpf_insn insns[] = {
		bpf_st_mem(BPF_W, BPF_REG_10, -4, 0),         /* *(u32 *)(r10 - 4) = 0: the key, on the stack */
		bpf_mov64_reg(BPF_REG_2, BPF_REG_10),         /* r2 = r10 */
		bpf_alu64_imm(BPF_ADD, BPF_REG_2, -4),        /* r2 += -4: the key's address */
		bpf_ld_map_fd(BPF_REG_1, map),                /* r1 = the map, in two slots */
		bpf_ld_imm64_hi(0),
		bpf_call_func(BPF_FUNC_map_lookup_elem),      /* r0 = the value's address, or 0 */
		bpf_jmp_imm(BPF_JEQ, BPF_REG_0, 0, 2),        /* the verifier wants this asked */
		bpf_mov64_imm(BPF_REG_1, 1),
		bpf_atomic_op(BPF_DW, BPF_ADD, BPF_REG_0, BPF_REG_1, 0), /* lock *(u64 *)(r0 + 0) += r1 */
		bpf_mov64_imm(BPF_REG_0, 0),
		bpf_exit_insn(),
	};
	unsigned char packet[64] = { 0 };
	struct hewn_err err = { 0 };
	union bpf_attr attr;
	uint32_t key = 0;
	uint64_t runs = 0;
	int prog, ret;

	if (map < 0) {
		fprintf(stderr, "BPF_MAP_CREATE: %s\n", strerror(-map));
		return 1;
	}
	prog = hewn_prog_load(BPF_PROG_TYPE_SOCKET_FILTER, "counter", insns, sizeof(insns) / sizeof(insns[0]),
			      "Dual MIT/GPL", &err);
	if (prog < 0) {
		hewn_err_print(&err, stderr, 0); /* what the verifier found, and its log */
		hewn_err_close(&err);
		return 1;
	}

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (uint32_t)prog;
	attr.test.data_in = (uintptr_t)packet;
	attr.test.data_size_in = sizeof(packet);
	attr.test.repeat = RUNS;
	ret = hewn_bpf(BPF_PROG_TEST_RUN, &attr, sizeof(attr));
	if (!ret)
		ret = hewn_map_lookup(map, &key, &runs);
	if (ret)
		fprintf(stderr, "%s\n", strerror(-ret));
	else
		printf("%d runs, the map says %llu; %u ns a run\n", RUNS, (unsigned long long)runs, attr.test.duration);
	close(prog);
	close(map);
	return ret || runs != RUNS;
}
