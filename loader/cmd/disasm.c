// SPDX-License-Identifier: MIT
/* hewn disasm: instructions as text, from an object, a loaded program, bytes or hexadecimal. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "insn/unit.h"
#include "loader/cmd/cmd.h"
#include "loader/cmd/dump.h"
#include "loader/cmd/hexin.h"
#include "loader/cmd/input.h"
#include "loader/err.h"
#include "loader/link/link.h"
#include "loader/target/kbtf.h"

static const char help[] =
	"usage: hewn disasm [OPTION…] FILE        an object or a .basm; - is standard input\n"
	"       hewn disasm [OPTION…] --hex FILE  instructions as hexadecimal bytes\n"
	"       hewn disasm [OPTION…] --raw FILE  instructions as they are\n"
	"       hewn disasm [OPTION…] --id ID     a program that is loaded; needs privilege\n\n"
	"Prints instructions in the syntax of the kernel's verifier. Of an object it is a whole "
	"text that\n"
	"`hewn asm` reads back.\n\n"
	"      --dot           the control-flow graph instead, for Graphviz\n"
	"      --dialect D     verifier, or llvm for that of llvm-objdump\n"
	"      --exact         to the letter of the kernel or LLVM, even where that loses "
	"something\n"
	"      --func NAME     this function of the object only\n"
	"      --lines         the source lines in between\n"
	"      --btf FILE      CO-RE as the kernel has it whose BTF this is: "
	"/sys/kernel/btf/vmlinux\n"
	"      --numbers       instruction numbers in front\n"
	"      --codes         opcodes, as the verifier prints them\n"
	"      --bytes         the bytes of each instruction\n"
	"      --big-endian    --hex and --raw are of a big-endian machine\n"
	"  -h, --help          this\n";

struct args {
	struct dump dump;
	const char *btf;
	bool hex, raw, big_endian, has_id;
	uint32_t id;
};

static int bare(const struct args *args, const uint8_t *bytes, size_t size, struct hewn_err *err)
{
	struct disasm_opts opts = args->dump.opts;
	uint32_t n = (uint32_t)(size / 8);
	struct bpf_insn *insns;
	int code;

	if (!size || size % 8 || size > UINT32_MAX)
		return err_set(err, -EINVAL, "%zu bytes, want a multiple of 8", size);
	insns = malloc(size);
	if (!insns)
		return err_nomem(err);
	for (uint32_t i = 0; i < n; i++)
		insns[i] = unit_decode(bytes + 8 * (size_t)i, args->big_endian);
	opts.labels = !opts.numbers && !opts.exact;
	code = dump_insns(&args->dump, &opts, insns, n);
	free(insns);
	return code ? err_set(err, code, "cannot be printed") : 0;
}

static int from_hex(const struct args *args, const char *text, size_t size, struct hewn_err *err)
{
	uint8_t *bytes;
	size_t at = 0;
	int64_t got = hexin_read(text, size, &bytes, &at);
	int code;

	if (got == -ENOMEM)
		return err_nomem(err);
	if (got < 0)
		return err_set(err, -EINVAL, "byte %zu of the input is no hexadecimal", at);
	code = bare(args, bytes, (size_t)got, err);
	free(bytes);
	return code;
}

/* The object, with the relocations made for the kernel that --btf names. */
static int for_kernel(const struct args *args, const struct hewn_object *object,
		      struct hewn_err *err)
{
	struct hewn_target *target = NULL;
	struct dump dump = args->dump;
	struct link link = {0};
	const struct btf *btf;
	int code;

	if (!args->btf)
		return dump_object(&dump, object, err);
	code = hewn_target_open(&target, NULL, err);
	if (!code)
		code = hewn_target_btf(target, args->btf, err);
	if (!code)
		code = target_btf(target, &btf, err); /* at once, so that it is told */
	if (!code)
		code = link_open(&link, object, target, err);
	dump.link = &link;
	if (!code)
		code = dump_object(&dump, object, err);
	link_close(&link);
	hewn_target_close(target);
	return code;
}

static int from_file(const struct args *args, const char *path, struct hewn_err *err)
{
	struct hewn_object *object = NULL;
	char *text = NULL;
	size_t size;
	int code;

	if (args->hex || args->raw) {
		code = input_read(path, &text, &size, err);
		if (!code)
			code = args->hex ? from_hex(args, text, size, err)
					 : bare(args, (const uint8_t *)text, size, err);
		free(text);
		return code;
	}
	code = input_object(&object, path, err);
	if (!code)
		code = for_kernel(args, object, err);
	hewn_object_close(object);
	return code;
}

/* Takes one option; false: it was said what is wrong. */
static bool take(struct args *args, int option, const char *value)
{
	struct dump *dump = &args->dump;

	switch (option) {
	case 'g':
		return dump->dot = true;
	case 'd':
		dump->opts.dialect = !strcmp(value, "llvm") ? DISASM_LLVM : DISASM_VERIFIER;
		if (!strcmp(value, "llvm") || !strcmp(value, "verifier"))
			return true;
		cmd_usage("disasm", "dialect \"%s\", want verifier or llvm", value);
		return false;
	case 'e':
		return dump->opts.exact = true;
	case 'f':
		dump->func = value;
		return true;
	case 'k':
		args->btf = value;
		return true;
	case 'l':
		return dump->lines = true;
	case 'n':
		return dump->opts.numbers = true;
	case 'c':
		return dump->opts.codes = true;
	case 'b':
		return dump->opts.bytes = true;
	case 'B':
		return args->big_endian = true;
	case 'x':
		return args->hex = true;
	case 'r':
		return args->raw = true;
	case 'i':
		args->has_id = true;
		return cmd_number("id", value, &args->id);
	default:
		return false;
	}
}

int cmd_disasm(int argc, char **argv)
{
	static const struct option options[] = {
		{"dot", no_argument, NULL, 'g'},
		{"dialect", required_argument, NULL, 'd'},
		{"exact", no_argument, NULL, 'e'},
		{"func", required_argument, NULL, 'f'},
		{"lines", no_argument, NULL, 'l'},
		{"numbers", no_argument, NULL, 'n'},
		{"codes", no_argument, NULL, 'c'},
		{"bytes", no_argument, NULL, 'b'},
		{"hex", no_argument, NULL, 'x'},
		{"raw", no_argument, NULL, 'r'},
		{"id", required_argument, NULL, 'i'},
		{"big-endian", no_argument, NULL, 'B'},
		{"btf", required_argument, NULL, 'k'},
		{"help", no_argument, NULL, 'h'},
		{0},
	};
	struct args args = {.dump.to = stdout};
	struct hewn_err err = {0};
	struct unit host;
	int option, code;

	unit_open(&host);
	args.big_endian = host.big_endian;
	while ((option = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return cmd_finish(STATUS_OK);
		}
		if (!take(&args, option, optarg))
			return STATUS_USAGE;
	}
	if (optind + !args.has_id != argc)
		return cmd_usage("disasm",
				 args.has_id ? "want no file beside --id" : "want one file");
	code = args.has_id ? dump_loaded(&args.dump, args.id, &err)
			   : from_file(&args, argv[optind], &err);
	if (code)
		hewn_err_print(&err, stderr, 0);
	hewn_err_close(&err);
	return cmd_finish(code ? STATUS_FAILED : STATUS_OK);
}
