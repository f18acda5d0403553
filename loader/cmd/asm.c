// SPDX-License-Identifier: MIT
/* hewn asm: text of the assembler to an ELF object, to bare instructions, or classic BPF. */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "insn/asm.h"
#include "insn/cbpf.h"
#include "insn/elfout.h"
#include "insn/tag.h"
#include "loader/cmd/cmd.h"
#include "loader/cmd/input.h"
#include "loader/err.h"

static const char help[] =
	"usage: hewn asm [OPTION…] FILE           a .basm; - is standard input\n\n"
	"Assembles a text: instructions as the kernel's verifier, bpftool or llvm-objdump print "
	"them, and\n"
	"directives for sections, maps and data. libbpf loads the object too.\n\n"
	"  -o, --output FILE   the object (FILE with .o instead of .basm)\n"
	"      --hex           print the first program's instructions as hexadecimal bytes "
	"instead\n"
	"      --tag           print the tag of each program instead, as kernels report it\n"
	"      --classic       the text is classic BPF, as tcpdump -d prints it; print it as C\n"
	"  -h, --help          this\n";

struct args {
	const char *output;
	bool hex, tag, classic;
};

/* With the line and a caret, which struct hewn_err has no place for. */
static int fail(const struct insn_err *err, const char *path)
{
	char text[1024];

	insn_err_text(err, path, text, sizeof(text));
	fprintf(stderr, "hewn: %s", text);
	return STATUS_FAILED;
}

static int classic(const char *path, const char *text, size_t size)
{
	struct sock_filter *prog;
	struct insn_err err;
	char line[120];
	uint16_t n;
	int code = cbpf_parse(text, size, &prog, &n, &err);

	if (!code)
		code = cbpf_check(prog, n, &err);
	for (uint32_t i = 0; !code && i < n; i++) {
		cbpf_print(prog[i], i, line, sizeof(line));
		printf("{ %#04x, %2u, %2u, %#010x }, /* %s */\n", prog[i].code, prog[i].jt,
		       prog[i].jf, prog[i].k, line);
	}
	free(prog);
	return code ? fail(&err, path) : STATUS_OK;
}

/* The first program, with what it calls. */
static int print_hex(const struct unit *unit)
{
	struct bpf_insn *insns = NULL;
	struct unit_reloc *relocs = NULL;
	uint32_t n = 0, n_relocs = 0;
	uint8_t slot[8];

	for (uint32_t i = 0; !insns && i < unit->n_symbols; i++)
		if (unit->symbols[i].global &&
		    unit->sections[unit->symbols[i].section].kind == UNIT_CODE)
			unit_program(unit, unit->symbols[i].name, &insns, &n, &relocs, &n_relocs);
	for (uint32_t i = 0; insns && i < n; i++) {
		unit_encode(slot, insns[i], unit->big_endian);
		for (unsigned int j = 0; j < 8; j++)
			printf("%02x%s", slot[j], j == 7 ? "\n" : " ");
	}
	free(insns);
	free(relocs);
	if (n)
		return STATUS_OK;
	fputs("hewn: no program in the text\n", stderr);
	return STATUS_FAILED;
}

static void print_tag(const struct bpf_insn *insns, uint32_t n, bool sha256, bool big_endian)
{
	uint8_t tag[TAG_SIZE];

	tag_compute(insns, n, sha256, big_endian, tag);
	for (size_t i = 0; i < sizeof(tag); i++)
		printf("%02x", tag[i]);
	fputs("  ", stdout);
}

static int print_tags(const struct unit *unit)
{
	struct bpf_insn *insns;
	struct unit_reloc *relocs;
	uint32_t n, n_relocs;

	printf("%-16s  %-16s  %s\n", "UP TO 6.17", "FROM 6.18", "PROGRAM");
	for (uint32_t i = 0; i < unit->n_symbols; i++) {
		const struct unit_symbol *s = &unit->symbols[i];

		if (!s->global || unit->sections[s->section].kind != UNIT_CODE ||
		    unit_program(unit, s->name, &insns, &n, &relocs, &n_relocs))
			continue;
		print_tag(insns, n, false, unit->big_endian);
		print_tag(insns, n, true, unit->big_endian);
		puts(s->name);
		free(insns);
		free(relocs);
	}
	return STATUS_OK;
}

static int write_out(const char *path, const uint8_t *bytes, size_t size)
{
	bool standard = !strcmp(path, "-");
	FILE *file = standard ? stdout : fopen(path, "we");
	bool good = file && fwrite(bytes, 1, size, file) == size;
	struct stat st;

	if (file && !standard)
		good = !fclose(file) && good;
	if (!good)
		fprintf(stderr, "hewn: %s cannot be written: %s\n", path, strerror(errno));
	if (!good && file && !standard && !stat(path, &st) && S_ISREG(st.st_mode))
		unlink(path); /* half an object */
	return good ? STATUS_OK : STATUS_FAILED;
}

/* prog.basm gives prog.o; to be freed. */
static char *output_of(const char *path)
{
	size_t n = strlen(path) - (input_is_text(path) ? 5 : 0);
	char *output = malloc(n + 3);

	if (output)
		snprintf(output, n + 3, "%.*s.o", (int)n, path);
	return output;
}

static int assemble(const struct args *args, const char *path, const char *text, size_t size)
{
	struct insn_err err;
	struct unit unit;
	uint8_t *bytes = NULL;
	char *output = NULL;
	int status;

	if (asm_unit(text, size, path, &unit, &err))
		return fail(&err, path);
	if (args->hex) {
		status = print_hex(&unit);
	} else if (args->tag) {
		status = print_tags(&unit);
	} else if (elfout_write(&unit, &bytes, &size, &err)) {
		status = fail(&err, path);
	} else {
		output = args->output ? NULL : output_of(path);
		status = write_out(args->output ? args->output
				   : output	? output
						: "-",
				   bytes, size);
	}
	unit_close(&unit);
	free(bytes);
	free(output);
	return status;
}

int cmd_asm(int argc, char **argv)
{
	static const struct option options[] = {
		{"output", required_argument, NULL, 'o'}, {"hex", no_argument, NULL, 'x'},
		{"tag", no_argument, NULL, 't'},	  {"classic", no_argument, NULL, 'c'},
		{"help", no_argument, NULL, 'h'},	  {0},
	};
	struct args args = {0};
	struct hewn_err err = {0};
	const char *path;
	int option, status;
	size_t size;
	char *text;

	while ((option = getopt_long(argc, argv, "ho:", options, NULL)) != -1) {
		if (option == 'h') {
			fputs(help, stdout);
			return cmd_finish(STATUS_OK);
		}
		if (option == '?')
			return STATUS_USAGE;
		args.output = option == 'o' ? optarg : args.output;
		args.hex |= option == 'x';
		args.tag |= option == 't';
		args.classic |= option == 'c';
	}
	if (optind + 1 != argc)
		return cmd_usage("asm", "want one file");
	path = argv[optind];
	if (!args.output && !args.hex && !args.tag && !args.classic && !input_is_text(path))
		return cmd_usage("asm", "want -o FILE, since %s does not end in .basm", path);
	if (input_read(path, &text, &size, &err)) {
		hewn_err_print(&err, stderr, 0);
		hewn_err_close(&err);
		return cmd_finish(STATUS_FAILED);
	}
	status = args.classic ? classic(path, text, size) : assemble(&args, path, text, size);
	free(text);
	return cmd_finish(status);
}
