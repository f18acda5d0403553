// SPDX-License-Identifier: MIT
/*
 * libFuzzer on whole programs, without a loader. The first byte says what the others are:
 *
 *	even	text of the assembler: to a unit, to an ELF object, and each program taken out; and
 *		what the builder prints of it assembles to the same object
 *	odd	classic BPF: what it assembles to is printed, and assembles to the same again
 *
 * A difference aborts, as a finding.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "insn/asm.h"
#include "insn/cbpf.h"
#include "insn/elfout.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take_out(const struct unit *unit)
{
	struct unit_reloc *relocs;
	struct bpf_insn *insns;
	uint32_t n, n_relocs;

	for (uint32_t i = 0; i < unit->n_symbols; i++) {
		if (unit_program(unit, unit->symbols[i].name, &insns, &n, &relocs, &n_relocs))
			continue;
		free(insns);
		free(relocs);
	}
}

/* The object that a text gives, without lines, which its print has elsewhere; false: none. */
static bool object_of(const char *text, size_t text_size, uint8_t **bytes, size_t *size,
		      char **print)
{
	struct build *b = build_open();
	struct insn_err err;
	struct unit unit;
	bool good;

	if (!b)
		return false;
	insn_err_clear(&err);
	good = !asm_build(b, text, text_size, &err);
	*print = good ? build_text(b) : NULL;
	good = good && !build_finish(b, &unit, &err);
	if (good) {
		take_out(&unit);
		for (uint32_t i = 0; i < unit.n_lines; i++)
			free(unit.lines[i].text);
		unit.n_lines = 0;
		good = !elfout_write(&unit, bytes, size, &err);
		unit_close(&unit);
	} else if (!err.msg[0] && !build_error(b)) {
		abort(); /* a failure that says nothing */
	}
	build_close(b);
	return good;
}

static void whole(const char *text, size_t size)
{
	uint8_t *first = NULL, *second = NULL;
	size_t first_size, second_size;
	char *print = NULL, *again = NULL;

	if (object_of(text, size, &first, &first_size, &print) && print) {
		if (!object_of(print, strlen(print), &second, &second_size, &again) ||
		    second_size != first_size || memcmp(first, second, first_size) != 0)
			abort();
	}
	free(first);
	free(second);
	free(print);
	free(again);
}

static void classic(const char *text, size_t size)
{
	struct sock_filter *prog, *again;
	static char print[BPF_MAXINSNS * 80];
	size_t used = 0;
	struct insn_err err;
	uint16_t n, m;

	if (cbpf_parse(text, size, &prog, &n, &err))
		return;
	cbpf_check(prog, n, &err);
	for (uint32_t i = 0; i < n; i++) {
		used += (size_t)cbpf_print(prog[i], i, print + used, sizeof(print) - used);
		print[used++] = '\n';
	}
	if (cbpf_parse(print, used, &again, &m, &err) || m != n ||
	    memcmp(again, prog, n * sizeof(*prog)) != 0)
		abort();
	free(prog);
	free(again);
}

/* Whether a number is so long that the data may be (".zero 99999999"): that only takes time. */
static bool has_large_number(const uint8_t *data, size_t size)
{
	unsigned int digits = 0;

	for (size_t i = 0; i < size && digits < 6; i++)
		digits = data[i] >= '0' && data[i] <= '9' ? digits + 1 : 0;
	return digits == 6;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (has_large_number(data, size))
		return 0;
	if (size > 1 && data[0] & 1)
		classic((const char *)data + 1, size - 1);
	else if (size > 1)
		whole((const char *)data + 1, size - 1);
	return 0;
}
