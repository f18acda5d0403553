// SPDX-License-Identifier: MIT
/*
 * Who opens which file, through a perf ring, without a compiler: examples/opens.basm by the
 * builder, for more than one architecture.
 *
 * usage: hand-opens [COUNT]        Needs root, and a kernel with kprobes.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <hewn.h>
#include "insn/build.h"
#include "insn/elfout.h"

/* Where the second argument of a kernel function is in struct pt_regs. */
#if defined(__x86_64__)
#define ARG2 104 /* si */
#elif defined(__aarch64__)
#define ARG2 8 /* x1 */
#elif defined(__riscv) && __riscv_xlen == 64
#define ARG2 88 /* a1 */
#elif defined(__s390x__)
#define ARG2 48 /* r3 */
#elif defined(__arm__)
#define ARG2 4 /* r1 */
#elif defined(__i386__)
#define ARG2 8 /* dx */
#else
#define ARG2 (-1)
#endif

struct event {
	uint32_t pid, uid;
	char comm[16];
	char path[64];
};

#define AT(member)                                                                                 \
	((int)offsetof(struct event, member) - (int)sizeof(struct event)) /* from r10              \
									   */

/* dst = r10 + off */
static void stack_address(struct build *b, unsigned int dst, int off)
{
	build_insn(b, bpf_mov64_reg(dst, BPF_REG_10));
	build_insn(b, bpf_alu64_imm(BPF_ADD, dst, off));
}

static void who(struct build *b)
{
	build_comment(b, "pid, uid, comm");
	build_call(b, "bpf_get_current_pid_tgid");
	build_insn(b, bpf_alu64_imm(BPF_RSH, BPF_REG_0, 32));
	build_insn(b, bpf_stx_mem(BPF_W, BPF_REG_10, BPF_REG_0, AT(pid)));
	build_call(b, "bpf_get_current_uid_gid");
	build_insn(b, bpf_stx_mem(BPF_W, BPF_REG_10, BPF_REG_0, AT(uid)));
	stack_address(b, BPF_REG_1, AT(comm));
	build_insn(b, bpf_mov64_imm(BPF_REG_2, sizeof(((struct event *)0)->comm)));
	build_call(b, "bpf_get_current_comm");
}

static void what(struct build *b)
{
	build_comment(b, "path: set as a whole first, since the text may be shorter");
	for (size_t i = 0; i < sizeof(((struct event *)0)->path); i += 8)
		build_insn(b, bpf_st_mem(BPF_DW, BPF_REG_10, AT(path) + (int)i, 0));
	stack_address(b, BPF_REG_1, AT(path));
	build_insn(b, bpf_mov64_imm(BPF_REG_2, sizeof(((struct event *)0)->path)));
	build_insn(b, bpf_mov64_reg(BPF_REG_3, BPF_REG_7));
	build_call(b, "bpf_probe_read_user_str");
	build_jump(b, bpf_jmp_imm(BPF_JSLE, BPF_REG_0, 0, 0), "out");
}

static struct build *program(void)
{
	struct build *b = build_open();

	if (!b)
		return NULL;
	build_license(b, "GPL");
	build_map(b, &(struct unit_map){.name = (char[]){"opens"},
					.type = BPF_MAP_TYPE_PERF_EVENT_ARRAY,
					.key_size = 4,
					.value_size = 4});
	build_section(b, "kprobe/do_sys_openat2");
	build_func(b, "opens_enter");
	build_reg(b, BPF_REG_6, "ctx", BUILD_REG_FIXED);
	build_reg(b, BPF_REG_7, "filename", BUILD_REG_FIXED);
	build_insn(b, bpf_mov64_reg(BPF_REG_6, BPF_REG_1));
	build_insn(b, bpf_ldx_mem(sizeof(long) == 8 ? BPF_DW : BPF_W, BPF_REG_7, BPF_REG_6, ARG2));
	who(b);
	what(b);
	build_comment(b, "to the ring of this CPU");
	build_insn(b, bpf_mov64_reg(BPF_REG_1, BPF_REG_6));
	build_ld_map(b, BPF_REG_2, "opens");
	build_insn(b, bpf_mov32_imm(BPF_REG_3, -1));
	stack_address(b, BPF_REG_4, AT(pid));
	build_insn(b, bpf_mov64_imm(BPF_REG_5, sizeof(struct event)));
	build_call(b, "bpf_perf_event_output");
	build_label(b, "out");
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 0));
	build_insn(b, bpf_exit_insn());
	return b;
}

static int make_object(struct hewn_object **object, struct hewn_err *err)
{
	struct build *b = program();
	struct insn_err failed;
	struct unit unit;
	uint8_t *bytes;
	size_t size;
	int code;

	*object = NULL;
	if (!b)
		return -1;
	insn_err_clear(&failed);
	code = build_finish(b, &unit, &failed);
	if (!code)
		code = elfout_write(&unit, &bytes, &size, &failed);
	build_close(b);
	unit_close(&unit);
	if (code) {
		fprintf(stderr, "instruction %d: %s\n", failed.insn, failed.msg);
		return code;
	}
	code = hewn_object_open_mem(object, bytes, size, "hand-opens", err);
	free(bytes);
	return code;
}

static int print(void *ctx, const struct hewn_event *event)
{
	struct event open;
	int *left = ctx;

	if (event->lost || event->size < sizeof(open)) {
		printf("%llu lost\n", (unsigned long long)event->lost);
		return 0;
	}
	memcpy(&open, event->data, sizeof(open));
	printf("%7u %7u  %-16s %s\n", open.pid, open.uid, open.comm, open.path);
	fflush(stdout);
	return --*left <= 0;
}

int main(int argc, char **argv)
{
	const struct hewn_plan_opts opts = {.attach = true, .rings = true};
	int left = argc > 1 ? (int)strtol(argv[1], NULL, 10) : 20, status = 0;
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_ring *ring = NULL;
	struct hewn_err err = {0};

	if (ARG2 < 0) {
		fputs("this example does not know struct pt_regs of this architecture\n", stderr);
		return 1;
	}
	if (make_object(&object, &err) || hewn_plan_open(&plan, object, NULL, &opts, &err) ||
	    hewn_run_open(&run, plan, NULL, &err) ||
	    hewn_ring_open(&ring, run, "opens", print, &left, &err)) {
		hewn_err_print(&err, stderr, 0);
		hewn_err_close(&err);
		status = 1;
	}
	while (!status && left > 0 && hewn_ring_poll(ring, 1000) >= 0 && left > 0)
		;
	hewn_ring_close(ring);
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return status;
}
