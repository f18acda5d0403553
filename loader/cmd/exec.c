// SPDX-License-Identifier: MIT
/* hewn exec: runs a program once, as a function of some memory, and prints what it returns. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm.h"
#include "loader/cmd/cmd.h"
#include "loader/cmd/hexin.h"
#include "loader/cmd/input.h"
#include "loader/cmd/suite.h"
#include "loader/cmd/trial.h"
#include "loader/err.h"

static const char help[] =
	"usage: hewn exec [OPTION…]               a program from standard input\n"
	"       hewn exec --suite FILE…           programs with the results that they must have\n\n"
	"Reads instructions as hexadecimal bytes, runs them once in the kernel (BPF_PROG_TEST_RUN) "
	"and prints r0.\n"
	"The program begins with r1 pointing to the memory and r2 = its size; without --mem both "
	"are 0. Needs\n"
	"Linux 5.2 and the right to load programs. Exit status 1: the kernel refuses it.\n\n"
	"      --mem HEX       the memory\n"
	"      --asm           standard input is text of the assembler\n"
	"      --print-mem     print the memory too, as it is afterwards\n"
	"  -v, --verbose       of a refused program: the verifier's whole log\n"
	"  -h, --help          this\n";

struct args {
	const char *mem;
	bool text, print_mem, suite, verbose;
};

/* The program of a text, its first. */
static int from_text(const char *text, size_t size, struct bpf_insn **insns, uint32_t *n,
		     struct hewn_err *err)
{
	struct unit_reloc *relocs = NULL;
	uint32_t n_relocs = 0;
	struct unit unit;
	int code = input_unit("standard input", text, size, &unit, err);

	if (code)
		return code;
	code = -ENOENT;
	for (uint32_t i = 0; code == -ENOENT && i < unit.n_symbols; i++)
		if (unit.symbols[i].global &&
		    unit.sections[unit.symbols[i].section].kind == UNIT_CODE)
			code = unit_program(&unit, unit.symbols[i].name, insns, n, &relocs,
					    &n_relocs);
	unit_close(&unit);
	free(relocs);
	if (code)
		return err_set(err, code, "no program in the text");
	if (n_relocs) {
		err_hint(err, "hewn run takes programs with maps");
		return err_set(err, -EINVAL, "the program names a map or data, want one with none");
	}
	return 0;
}

static int from_hex(const char *text, size_t size, struct bpf_insn **insns, uint32_t *n,
		    struct hewn_err *err)
{
	uint8_t *bytes;
	size_t at = 0;
	int64_t got = hexin_read(text, size, &bytes, &at);

	if (got == -EINVAL) {
		err_hint(err, "for text of the assembler there is --asm");
		return err_set(err, -EINVAL, "byte %zu of the input is no hexadecimal", at);
	}
	if (got < 0)
		return err_nomem(err);
	if (!got || got % 8) {
		free(bytes);
		return err_set(err, -EINVAL, "%lld bytes, want a multiple of 8", (long long)got);
	}
	*insns = malloc((size_t)got);
	if (!*insns) {
		free(bytes);
		return err_nomem(err);
	}
	memcpy(*insns, bytes, (size_t)got);
	free(bytes);
	*n = (uint32_t)(got / 8);
	return 0;
}

static void print_bytes(const uint8_t *bytes, int64_t size)
{
	for (int64_t i = 0; i < size; i++)
		printf("%02x%s", bytes[i], i + 1 == size || i % 16 == 15 ? "\n" : " ");
}

static int exec(const struct args *args, struct hewn_err *err)
{
	struct bpf_insn *insns = NULL;
	uint8_t *mem = NULL;
	char *text = NULL;
	size_t size, at;
	uint64_t r0 = 0;
	uint32_t n = 0;
	int64_t mem_size = hexin_read(args->mem ? args->mem : "", args->mem ? strlen(args->mem) : 0,
				      &mem, &at);
	int code = 0;

	if (mem_size < 0)
		code = err_set(err, (int)mem_size, "--mem is no hexadecimal at its character %zu",
			       at);
	if (!code)
		code = input_read("-", &text, &size, err);
	if (!code)
		code = args->text ? from_text(text, size, &insns, &n, err)
				  : from_hex(text, size, &insns, &n, err);
	if (!code)
		code = trial_run(insns, n, mem, (uint32_t)mem_size, &r0, err);
	if (!code)
		printf("0x%llx\n", (unsigned long long)r0);
	if (!code && args->print_mem)
		print_bytes(mem, mem_size);
	free(text);
	free(insns);
	free(mem);
	return code;
}

static int suites(char **paths, struct hewn_err *err)
{
	struct suite suite = {0};
	int code = 0;

	while (*paths && !code)
		code = suite_run(&suite, *paths++, err);
	printf("1..%u\n", suite.run);
	return code ? code : suite.failed ? 1 : 0;
}

int cmd_exec(int argc, char **argv)
{
	static const struct option options[] = {
		{"mem", required_argument, NULL, 'm'},
		{"asm", no_argument, NULL, 'a'},
		{"print-mem", no_argument, NULL, 'M'},
		{"suite", no_argument, NULL, 's'},
		{"verbose", no_argument, NULL, 'v'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct args args = {0};
	struct hewn_err err = {0};
	int option, code;

	while ((option = getopt_long(argc, argv, "hv", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return cmd_finish(STATUS_OK);
		}
		if (option == '?')
			return STATUS_USAGE;
		args.mem = option == 'm' ? optarg : args.mem;
		args.text |= option == 'a';
		args.print_mem |= option == 'M';
		args.suite |= option == 's';
		args.verbose |= option == 'v';
	}
	if (args.suite ? optind == argc : optind != argc)
		return cmd_usage("exec", args.suite ? "want files of tests"
						    : "want the program on standard input");
	code = args.suite ? suites(argv + optind, &err) : exec(&args, &err);
	if (err.code)
		hewn_err_print(&err, stderr, args.verbose ? HEWN_ERR_LOG : 0);
	hewn_err_close(&err);
	return cmd_finish(code ? STATUS_FAILED : STATUS_OK);
}
