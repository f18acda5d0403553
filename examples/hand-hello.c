// SPDX-License-Identifier: MIT
/*
 * A probe without a compiler: the builder makes the instructions, an ELF object is made of them in
 * memory, and that goes the way of every object. The same as examples/hello.basm, which it prints
 * first.
 *
 * usage: hand-hello [SECONDS]      Needs root, and a kernel with kprobes.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <hewn.h>
#include "insn/build.h"
#include "insn/elfout.h"

static const char format[] = "hello from process %d\n";

/* Each jump, name and register is checked by build_finish(); nothing here can fail. */
static struct build *program(void)
{
	struct build *b = build_open();

	if (!b)
		return NULL;
	build_license(b, "GPL");
	build_var(b, ".rodata", "fmt", 1);
	build_bytes(b, format, sizeof(format));
	build_section(b, "ksyscall/execve");
	build_func(b, "hello");
	build_check_regs(b);
	build_comment(b, "process in the upper half, thread in the lower");
	build_call(b, "bpf_get_current_pid_tgid");
	build_insn(b, bpf_mov64_reg(BPF_REG_3, BPF_REG_0));
	build_insn(b, bpf_alu64_imm(BPF_RSH, BPF_REG_3, 32));
	build_comment(b, "a format and its size, then what it prints");
	build_ld_var(b, BPF_REG_1, "fmt", 0);
	build_insn(b, bpf_mov32_imm(BPF_REG_2, sizeof(format)));
	build_call(b, "bpf_trace_printk");
	build_insn(b, bpf_mov64_imm(BPF_REG_0, 0));
	build_insn(b, bpf_exit_insn());
	return b;
}

/* The builder's program as an object; errors say which instruction. */
static int make_object(struct hewn_object **object, struct hewn_err *err)
{
	struct build *b = program();
	struct insn_err failed;
	struct unit unit;
	uint8_t *bytes;
	size_t size;
	char *text;
	int code;

	*object = NULL;
	if (!b)
		return -1;
	text = build_text(b);
	printf("%s\n", text ? text : "");
	free(text);
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
	code = hewn_object_open_mem(object, bytes, size, "hand-hello", err);
	free(bytes);
	return code;
}

static void copy_lines(int seconds)
{
	struct pollfd pipe = {.fd = open("/sys/kernel/tracing/trace_pipe", O_RDONLY | O_NONBLOCK),
			      .events = POLLIN};
	char line[1024];
	ssize_t n;

	for (int i = 0; pipe.fd >= 0 && i < seconds * 10; i++) {
		poll(&pipe, 1, 100);
		while ((n = read(pipe.fd, line, sizeof(line))) > 0)
			fwrite(line, 1, (size_t)n, stdout);
		fflush(stdout);
	}
	if (pipe.fd >= 0)
		close(pipe.fd);
}

int main(int argc, char **argv)
{
	const struct hewn_plan_opts opts = {.attach = true};
	struct hewn_object *object = NULL;
	struct hewn_plan *plan = NULL;
	struct hewn_run *run = NULL;
	struct hewn_err err = {0};
	int status = 0;

	if (make_object(&object, &err) || hewn_plan_open(&plan, object, NULL, &opts, &err) ||
	    hewn_run_open(&run, plan, NULL, &err)) {
		hewn_err_print(&err, stderr, 0);
		hewn_err_close(&err);
		status = 1;
	} else {
		hewn_run_print(run, stdout, HEWN_PLAN_BRIEF);
		copy_lines(argc > 1 ? (int)strtol(argv[1], NULL, 10) : 10);
	}
	hewn_run_close(run);
	hewn_plan_close(plan);
	hewn_object_close(object);
	return status;
}
