// SPDX-License-Identifier: MIT
/*
 * One program run for its result.
 *
 * No program type hands a program memory and a size, takes any access to it, and returns 64 bits.
 * So the program is put between two pieces:
 *
 *	r1 = address of the value of one map	the memory; r1 = 0 without
 *	r2 = its size
 *	... the program; its exits are jumps here:
 *	r1 = address of the value of another map
 *	*(u64 *)(r1 + 0) = r0
 *	r0 = 0
 *	exit
 *	... its subprograms
 *
 * It keeps its whole stack, since nothing calls it. The address of a value in an instruction
 * needs 5.2.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "loader/cmd/trial.h"
#include "loader/err.h"

#define N_BEFORE 3
#define N_AFTER	 5

static bool is_call(struct bpf_insn insn)
{
	return (insn.code == (BPF_JMP | BPF_CALL) && insn.src_reg == BPF_PSEUDO_CALL) ||
	       (insn.code == (BPF_LD | BPF_IMM | BPF_DW) && insn.src_reg == BPF_PSEUDO_FUNC);
}

static bool is_wide(struct bpf_insn insn)
{
	return insn.code == (BPF_LD | BPF_IMM | BPF_DW);
}

/* Where the first subprogram begins, which is where the main program ends. */
static uint32_t end_of_main(const struct bpf_insn *insns, uint32_t n)
{
	uint32_t end = n;

	for (uint32_t i = 0; i < n; i += 1 + is_wide(insns[i])) {
		int64_t to = (int64_t)i + 1 + insns[i].imm;

		if (is_call(insns[i]) && to > 0 && to < end)
			end = (uint32_t)to;
	}
	return end;
}

static bool ends_there(struct bpf_insn insn)
{
	return insn.code == (BPF_JMP | BPF_EXIT) || insn.code == (BPF_JMP | BPF_JA) ||
	       insn.code == (BPF_JMP32 | BPF_JA);
}

static void put_before(struct bpf_insn *out, int mem_fd, uint32_t size)
{
	out[0] = mem_fd >= 0 ? bpf_ld_map_value(BPF_REG_1, mem_fd) : bpf_ld_imm64(BPF_REG_1, 0);
	out[1] = bpf_ld_imm64_hi(0);
	out[2] = bpf_mov64_imm(BPF_REG_2, (int32_t)size);
}

static void put_after(struct bpf_insn *out, int result_fd)
{
	out[0] = bpf_ld_map_value(BPF_REG_1, result_fd);
	out[1] = bpf_ld_imm64_hi(0);
	out[2] = bpf_stx_mem(BPF_DW, BPF_REG_1, BPF_REG_0, 0);
	out[3] = bpf_mov64_imm(BPF_REG_0, 0);
	out[4] = bpf_exit_insn();
}

/*
 * The program that is really loaded, of *out_n slots, to be freed: memory and result are values of
 * maps, so the verifier knows their bounds. mem_fd: -1: no memory. NULL: err says why not.
 */
static struct bpf_insn *wrap(const struct bpf_insn *insns, uint32_t n, int mem_fd, uint32_t size,
			     int result_fd, uint32_t *out_n, struct hewn_err *err)
{
	uint32_t end = end_of_main(insns, n);
	struct bpf_insn *out;

	if (!n || end > INT16_MAX) {
		err_set(err, -EINVAL, "%u instructions, want 1 to %d before the first subprogram",
			end, INT16_MAX);
		return NULL;
	}
	/* What falls off its end must not fall into what is put behind it. */
	if (!ends_there(insns[end - 1])) {
		err_set(err, -EINVAL, "the last instruction is neither exit nor goto");
		err_insn(err, end - 1);
		return NULL;
	}
	*out_n = n + N_BEFORE + N_AFTER;
	out = malloc(*out_n * sizeof(*out));
	if (!out) {
		err_nomem(err);
		return NULL;
	}
	put_before(out, mem_fd, size);
	memcpy(out + N_BEFORE, insns, end * sizeof(*out));
	put_after(out + N_BEFORE + end, result_fd);
	memcpy(out + N_BEFORE + end + N_AFTER, insns + end, (n - end) * sizeof(*out));
	for (uint32_t i = 0; i < end; i += 1 + is_wide(insns[i])) {
		struct bpf_insn *insn = &out[N_BEFORE + i];

		if (insn->code == (BPF_JMP | BPF_EXIT))
			*insn = bpf_jmp_a((int)(end - i - 1));
		else if (is_call(*insn) && (int64_t)i + 1 + insn->imm >= end)
			insn->imm += N_AFTER;
	}
	return out;
}

/* A map of one value; its fd. */
static int value_map(const char *name, const void *value, uint32_t size, struct hewn_err *err)
{
	const uint32_t key = 0;
	int fd = hewn_map_create(BPF_MAP_TYPE_ARRAY, name, sizeof(key), size, 1, 0), code;

	if (fd == -EPERM)
		err_hint(err, "it wants CAP_BPF, or root; and before Linux 5.11 maps count as "
			      "locked memory: `ulimit -l unlimited`");
	if (fd < 0)
		return err_set(err, fd, "cannot make a map of %u bytes for the program's %s", size,
			       name);
	code = value ? hewn_map_update(fd, &key, value, BPF_ANY) : 0;
	if (!code)
		return fd;
	close(fd);
	return err_set(err, code, "cannot fill the map of the program's %s", name);
}

/* The packet that a test run wants, and does not matter here; 14 bytes are the least. */
static int test_run(int prog_fd, struct hewn_err *err)
{
	uint8_t packet[64] = {0};
	union bpf_attr attr;
	int code;

	memset(&attr, 0, sizeof(attr));
	attr.test.prog_fd = (uint32_t)prog_fd;
	attr.test.data_in = (uintptr_t)packet;
	attr.test.data_size_in = sizeof(packet);
	do
		code = hewn_bpf(BPF_PROG_TEST_RUN, &attr,
				offsetof(union bpf_attr, test.duration) +
					sizeof(attr.test.duration));
	while (code == -EINTR || code == -EAGAIN);
	return code < 0 ? err_set(err, code, "the program was loaded, but BPF_PROG_TEST_RUN failed")
			: 0;
}

static int run(const struct bpf_insn *insns, uint32_t n, int mem_fd, uint32_t size, int result_fd,
	       struct hewn_err *err)
{
	uint32_t out_n;
	struct bpf_insn *out = wrap(insns, n, mem_fd, size, result_fd, &out_n, err);
	int fd, code;

	if (!out)
		return err && err->code ? err->code : -EINVAL;
	fd = hewn_prog_load(BPF_PROG_TYPE_SCHED_CLS, "exec", out, out_n, "GPL", err);
	free(out);
	if (fd < 0)
		return fd;
	code = test_run(fd, err);
	close(fd);
	return code;
}

int trial_run(const struct bpf_insn *insns, uint32_t n, void *mem, uint32_t size, uint64_t *r0,
	      struct hewn_err *err)
{
	const uint32_t key = 0;
	int mem_fd = -1, result_fd, code;

	*r0 = 0;
	result_fd = value_map("result", NULL, sizeof(*r0), err);
	if (result_fd < 0)
		return result_fd;
	if (size)
		mem_fd = value_map("memory", mem, size, err);
	code = size && mem_fd < 0 ? mem_fd : run(insns, n, mem_fd, size, result_fd, err);
	if (!code)
		code = hewn_map_lookup(result_fd, &key, r0);
	if (!code && size)
		code = hewn_map_lookup(mem_fd, &key, mem);
	close(result_fd);
	if (mem_fd >= 0)
		close(mem_fd);
	return code;
}
