// SPDX-License-Identifier: MIT
/*
 * Byte for byte against LLVM: what llvm-mc assembles gives the same bytes from our parser, and
 * llvm-objdump prints what our printer does. Every form of the table that LLVM 19 knows.
 */
#include <unistd.h>

#include "tests/tap.h"
#include "tests/insn_text.h"

#define EACH 25 /* instructions of each form */
#define ROOM (EACH * 400)
#define ARCH (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? "bpfeb" : "bpfel") /* LLVM may be another machine's */

static char folder[] = "/tmp/insn_llvm.XXXXXX";
static char path[64];
static struct bpf_insn insns[2 * ROOM];
static uint32_t n;
static const struct disasm_opts exact = {.dialect = DISASM_LLVM, .exact = true};

static const char *file(const char *name)
{
	snprintf(path, sizeof(path), "%s/%s", folder, name);
	return path;
}

static char *read_all(FILE *f)
{
	struct grown g = {0};
	char buf[4096];
	size_t size;

	grow_text(&g, "", 0);
	while ((size = fread(buf, 1, sizeof(buf), f)) > 0)
		grow_text(&g, buf, size);
	return g.text;
}

/* Whether llvm-mc reads what llvm-objdump prints for it, and gets the same: it does not for calls
 * of subprograms, second slots of pseudo ldimm64, displacements of ldind, gotol over 16 bits. */
static bool is_readable(const struct bpf_insn *insn)
{
	if (insn->code == (BPF_JMP | BPF_CALL))
		return !insn->src_reg;
	if (table_is_wide(insn->code))
		return !insn->src_reg || !insn[1].imm;
	if (BPF_CLASS(insn->code) == BPF_LD && BPF_MODE(insn->code) == BPF_IND)
		return !insn->imm;
	if (insn->code == (BPF_JMP32 | BPF_JA))
		return insn->imm == (int16_t)insn->imm;
	return true;
}

/* Some of each form that LLVM knows. */
static void fill(bool readable)
{
	size_t n_forms;
	const struct insn_form *forms = table_forms(&n_forms);

	n = 0;
	for (size_t i = 0; i < n_forms * EACH; i++) {
		const struct insn_form *form = &forms[i / EACH];
		struct bpf_insn insn[2];

		if (!form->cpu)
			continue;
		random_insn(form, insn);
		if (readable && !is_readable(insn))
			continue;
		insns[n++] = insn[0];
		if (table_slots(form) == 2)
			insns[n++] = insn[1];
	}
}

/* Our text through llvm-mc, and its bytes. */
static void test_mc(void)
{
	struct grown text = {0};
	char command[256], *bytes;
	size_t have = 0, differ = 0;
	FILE *f;

	fill(true);
	listing_print(&exact, insns, n, grow_text, &text);
	f = fopen(file("a.s"), "w");
	fwrite(text.text, 1, text.size, f);
	fclose(f);
	snprintf(command, sizeof(command),
		 "cd %s && llvm-mc-19 -arch=%s -mcpu=v4 -show-encoding a.s 2>&1 | sed -n "
		 "'s/.*encoding: .//p; /error/p' | tr -d 'x[],]'",
		 folder, ARCH);
	f = popen(command, "r");
	bytes = read_all(f);
	pclose(f);
	/* "0f210000...\n", each byte as 0 and two digits: "00f021...". */
	for (char *p = bytes; *p; p++) {
		unsigned int byte;
		char digits[4] = {p[0], p[1], p[1] ? p[2] : 0, 0};

		if (*p == '\n')
			continue;
		if (sscanf(digits, "%x", &byte) != 1 || digits[0] != '0') {
			printf("# %.80s\n", p);
			differ++;
			break;
		}
		if (have < n * 8 && ((uint8_t *)insns)[have] != byte) {
			if (differ++ < 5)
				printf("# slot %zu byte %zu: ours %02x, LLVM's %02x\n", have / 8,
				       have % 8, ((uint8_t *)insns)[have], byte);
		}
		have++;
		p += 2;
	}
	ok(n > 3000 && have == n * 8 && !differ, "llvm_mc_makes_our_bytes_of_our_text");
	free(bytes);
	free(text.text);
}

/* What llvm-objdump prints for our bytes, without numbers, bytes and where targets are. */
static char *objdump(void)
{
	char command[512];
	char *text;
	FILE *f = fopen(file("b.s"), "w");

	for (size_t i = 0; i < n * 8; i++)
		fprintf(f, ".byte %u\n", ((uint8_t *)insns)[i]);
	fclose(f);
	snprintf(command, sizeof(command),
		 "cd %s && llvm-mc-19 -arch=%s -filetype=obj b.s -o b.o && "
		 "llvm-objdump-19 -d --mcpu=v4 --no-show-raw-insn b.o | "
		 "sed -n 's/^ *[0-9]*:\\t//; t p; b; :p; s/ <.text.*//; p'",
		 folder, ARCH);
	f = popen(command, "r");
	text = read_all(f);
	pclose(f);
	return text;
}

static void test_objdump(void)
{
	struct grown ours = {0};
	char *theirs, *a, *b;
	int differ = 0;
	size_t lines = 0;

	fill(false);
	listing_print(&exact, insns, n, grow_text, &ours);
	theirs = objdump();
	for (a = ours.text, b = theirs; *a && *b; lines++) {
		size_t size_a = strcspn(a, "\n"), size_b = strcspn(b, "\n");

		if ((size_a != size_b || memcmp(a, b, size_a)) && differ++ < 10)
			printf("# ours: %.*s\n# LLVM: %.*s\n", (int)size_a, a, (int)size_b, b);
		a += size_a + 1;
		b += size_b + 1;
	}
	ok(lines > 3000 && !*a && !*b && !differ, "llvm_objdump_prints_our_text");
	free(theirs);
	free(ours.text);
}

/* What llvm-objdump prints, as it stands, with numbers and bytes, becomes the bytes again. */
static void test_paste(void)
{
	struct parser *parser = parse_open();
	struct insn_err err;
	struct flat flat;
	char command[256], *text;
	FILE *f;
	bool same;

	fill(true);
	free(objdump());
	snprintf(command, sizeof(command), "cd %s && llvm-objdump-19 -d --mcpu=v4 b.o", folder);
	f = popen(command, "r");
	text = read_all(f);
	pclose(f);
	same = !flat_assemble(parser, text, strlen(text), &flat, &err) && flat.n == n &&
	       !memcmp(flat.insns, insns, n * 8);
	if (!ok(same, "output_of_llvm_objdump_assembles"))
		printf("# %d:%d: %s\n# %s\n", err.line, err.col, err.msg, err.source);
	flat_free(&flat);
	free(text);
	parse_close(parser);
}

int main(void)
{
	char command[128];

	if (system("command -v llvm-mc-19 llvm-objdump-19 >/dev/null")) {
		tap_skip("same_bytes_and_text_as_llvm",
			 "llvm-mc-19 and llvm-objdump-19 are not here");
		return tap_done();
	}
	if (!mkdtemp(folder)) {
		ok(false, "temporary_folder");
		return tap_done();
	}
	srand(2);
	test_mc();
	test_objdump();
	test_paste();
	snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command) ? 1 : tap_done();
}
