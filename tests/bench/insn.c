// SPDX-License-Identifier: MIT
/*
 * Assembles and disassembles a million instructions, beside llvm-mc and llvm-objdump in one run.
 *
 *	build/tests/bench/insn [instructions]
 *
 * The text is of the forms that both read. The times of LLVM's tools include starting them and
 * reading and writing files; ours include opening the parser.
 */
#include <stdio.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "tests/insn_text.h"

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Like a compiler's output: moves, loads, stores, arithmetic, short jumps, calls. */
static void fill(struct bpf_insn *insns, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		unsigned int a = (unsigned int)rand() % 10, b = (unsigned int)rand() % 10;
		int imm = rand() % 1000;

		switch (rand() % 10) {
		case 0:
			insns[i] = bpf_mov64_imm(a, imm);
			break;
		case 1:
			insns[i] = bpf_mov64_reg(a, b);
			break;
		case 2:
			insns[i] = bpf_ldx_mem(BPF_DW, a, b, 8 * (imm % 16));
			break;
		case 3:
			insns[i] = bpf_stx_mem(BPF_DW, 10, b, -8 * (1 + imm % 16));
			break;
		case 4:
			insns[i] = bpf_alu64_reg(BPF_ADD, a, b);
			break;
		case 5:
			insns[i] = bpf_alu64_imm(BPF_AND, a, imm);
			break;
		case 6:
			insns[i] = bpf_jmp_imm(BPF_JEQ, a, imm, imm % 8);
			break;
		case 7:
			insns[i] = bpf_jmp_reg(BPF_JSGT, a, b, imm % 8);
			break;
		case 8:
			insns[i] = bpf_call_func(1 + imm % 200);
			break;
		default:
			insns[i] = bpf_atomic_op(BPF_DW, BPF_ADD | BPF_FETCH, a, b, 8);
			break;
		}
	}
}

static double run(const char *command)
{
	double start = now();

	return system(command) ? -1 : now() - start;
}

static void report(const char *what, double ours, double theirs, const char *tool)
{
	printf("%-12s hewn %6.3f s", what, ours);
	if (theirs < 0)
		printf("   %s is not here\n", tool);
	else
		printf("   %s %6.3f s   %.1f times faster\n", tool, theirs, theirs / ours);
}

int main(int argc, char **argv)
{
	static const struct disasm_opts llvm = {.dialect = DISASM_LLVM, .exact = true};
	uint32_t n = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 0) : 1000000;
	struct bpf_insn *insns = calloc(n, sizeof(*insns));
	char folder[] = "/tmp/insn_bench.XXXXXX", command[256];
	struct grown text = {0};
	struct parser *parser;
	struct insn_err err;
	struct flat flat;
	double asm_time, disasm_time;
	FILE *f;

	if (!insns || !mkdtemp(folder) || chdir(folder))
		return 1;
	srand(3);
	fill(insns, n);

	disasm_time = now();
	listing_print(&llvm, insns, n, grow_text, &text);
	disasm_time = now() - disasm_time;

	asm_time = now();
	parser = parse_open();
	if (flat_assemble(parser, text.text, text.size, &flat, &err) || flat.n != n ||
	    memcmp(flat.insns, insns, n * sizeof(*insns))) {
		printf("the text does not give the bytes: %d:%d: %s\n", err.line, err.col, err.msg);
		return 1;
	}
	parse_close(parser);
	asm_time = now() - asm_time;

	f = fopen("a.s", "w");
	if (!f || fwrite(text.text, 1, text.size, f) != text.size || fclose(f))
		return 1;
	printf("%u instructions, %.1f MB of text\n", n, (double)text.size / 1e6);
	report("assemble", asm_time,
	       run("llvm-mc-19 -arch=bpf -mcpu=v4 -filetype=obj a.s -o a.o 2>/dev/null"),
	       "llvm-mc");
	report("disassemble", disasm_time,
	       run("llvm-objdump-19 -d --no-show-raw-insn --mcpu=v4 a.o 2>/dev/null >a.txt"),
	       "llvm-objdump");
	flat_free(&flat);
	free(text.text);
	free(insns);
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}
