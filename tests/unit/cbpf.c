// SPDX-License-Identifier: MIT
/* Classic BPF: the text of tcpdump -d to instructions and back, and the kernel's checks. */
#include <errno.h>

#include "insn/cbpf.h"
#include "insn/cbpf_table.h"
#include "tests/tap.h"

static struct insn_err err;

/* As `tcpdump -y EN10MB -d` prints it. */
static const char tcp[] = "(000) ldh      [12]\n"
			  "(001) jeq      #0x86dd          jt 2\tjf 8\n"
			  "(002) ldb      [20]\n"
			  "(003) jeq      #0x6             jt 4\tjf 19\n"
			  "(004) ldh      [54]\n"
			  "(005) jeq      #0x50            jt 18\tjf 6\n"
			  "(006) ldh      [56]\n"
			  "(007) jeq      #0x50            jt 18\tjf 19\n"
			  "(008) jeq      #0x800           jt 9\tjf 19\n"
			  "(009) ldb      [23]\n"
			  "(010) jeq      #0x6             jt 11\tjf 19\n"
			  "(011) ldh      [20]\n"
			  "(012) jset     #0x1fff          jt 19\tjf 13\n"
			  "(013) ldxb     4*([14]&0xf)\n"
			  "(014) ldh      [x + 14]\n"
			  "(015) jeq      #0x50            jt 18\tjf 16\n"
			  "(016) ldh      [x + 16]\n"
			  "(017) jeq      #0x50            jt 18\tjf 19\n"
			  "(018) ret      #262144\n"
			  "(019) ret      #0\n";

static void print_all(const struct sock_filter *prog, uint32_t n, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = 0;
	for (uint32_t i = 0; i < n && used < size; i++) {
		used += (size_t)cbpf_print(prog[i], i, buf + used, size - used);
		used += (size_t)snprintf(buf + used, size - used, "\n");
	}
}

static void what_tcpdump_prints(void)
{
	struct sock_filter *prog;
	char text[4096];
	uint16_t n;

	eq_int(cbpf_parse(tcp, strlen(tcp), &prog, &n, &err), 0, "the_text_of_tcpdump_d_assembles");
	eq_int(n, 20, "to_as_many_instructions");
	eq_int(prog[1].jf, 6, "numbers_become_offsets");
	eq_int(cbpf_check(prog, n, &err), 0, "the_kernel_would_take_it");
	print_all(prog, n, text, sizeof(text));
	eq_str(text, tcp, "and_prints_the_same");
	free(prog);
}

static void labels(void)
{
	static const char text[] =
		"ld [vlanp] ; a remark\njeq #1, out\nja end // on\nout: ret a\nend:\nret #-1\n";
	static const struct sock_filter wanted[] = {{0x20, 0, 0, 0xfffff030},
						    {0x15, 1, 0, 1},
						    {0x05, 0, 0, 1},
						    {0x16, 0, 0, 0},
						    {0x06, 0, 0, 0xffffffff}};
	struct sock_filter *prog;
	uint16_t n;

	eq_int(cbpf_parse(text, strlen(text), &prog, &n, &err), 0, "labels_and_remarks");
	ok(n == 5 && !memcmp(prog, wanted, sizeof(wanted)), "give the right instructions");
	free(prog);
}

/* Each form printed, read, and the same again. */
static void every_form(void)
{
	size_t n;
	const struct cbpf_form *forms = cbpf_forms(&n);
	bool same = true;

	for (size_t i = 0; i < n; i++) {
		struct sock_filter *prog, insn = {.code = forms[i].code};
		char text[200];
		uint16_t count;

		if (forms[i].operand >= CBPF_DEC && forms[i].operand <= CBPF_MSH)
			insn.k = 3;
		cbpf_print(insn, 0, text, sizeof(text) - 20);
		strcat(text, "\n(001) ret #0\n");
		if (cbpf_parse(text, strlen(text), &prog, &count, &err) || count != 2 ||
		    memcmp(&prog[0], &insn, sizeof(insn)) != 0) {
			printf("# %s# %s\n", text, err.msg);
			same = false;
		}
		free(prog);
	}
	ok(same, "every form reads back from its print");
}

static const struct {
	const char *text;
	int line, col;
	const char *piece;
} bad[] = {
	{"frob #1", 1, 1, "\"frob\" is no classic instruction"},
	{"ret #0\nld", 2, 1, "ld does not take this operand"},
	{"ld x", 1, 1, "does not take"},
	{"ret #0x100000000", 1, 6, "does not fit in 32 bits"},
	{"ret #-2147483649", 1, 6, "does not fit"},
	{"ret #zwei", 1, 6, "want a number"},
	{"ret 0", 1, 5, "unknown operand"},
	{"ld [12", 1, 7, "want ]"},
	{"ld [y + 1]", 1, 5, "want an offset"},
	{"ld [x + ]", 1, 9, "want a number"},
	{"ldxb 4*([14]&0xe)", 1, 12, "want ]&0xf)"},
	{"ld M[1", 1, 7, "want ]"},
	{"jeq #1", 1, 7, "want jt N jf N"},
	{"jeq #1 jt 1", 1, 12, "want jf"},
	{"jeq #1, ", 1, 9, "want a number or label"},
	{"jeq #1, out\nret #0", 1, 9, "no label \"out\""},
	{"jeq #1 jt 1 jf 2\nret #0", 1, 16, "jump to 2 of a program of 2"},
	{"ret #0\njeq #1 jt 1 jf 0\nret #0", 2, 11, "forward only"},
	{"ja 7\nret #0", 1, 4, "jump to 7"},
	{"a: ret #0\na: ret #0", 2, 1, "\"a\" is there already"},
	{"(001) ret #0", 1, 1, "number 1, want 0"},
	{"ret #0 #0", 1, 8, "want the end of the line"},
	{"ja end\nret #0\nend:", 1, 4, "jump to 2 of a program of 2"},
};

static void errors_have_their_place(void)
{
	struct sock_filter *prog;
	uint16_t n;

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		char name[100];
		int code = cbpf_parse(bad[i].text, strlen(bad[i].text), &prog, &n, &err);
		bool good = code == -EINVAL && err.line == bad[i].line && err.col == bad[i].col &&
			    strstr(err.msg, bad[i].piece);

		snprintf(name, sizeof(name), "bad text %zu, %s", i, bad[i].piece);
		for (char *c = name; *c; c++)
			*c = *c == '#' ? '.' : *c;
		ok(good, name);
		if (!good)
			printf("# %d %d:%d: %s\n", code, err.line, err.col, err.msg);
		free(prog);
	}
}

static void far_condition(void)
{
	static char text[5000];
	struct sock_filter *prog;
	uint16_t n;

	strcpy(text, "jeq #0, far\n");
	for (int i = 0; i < 256; i++)
		strcat(text, "tax\n");
	strcat(text, "far: ret #0\n");
	eq_int(cbpf_parse(text, strlen(text), &prog, &n, &err), -EINVAL, "a_condition_reaches_255");
	has(err.msg, "over 256 instructions, want at most 255", "and_the_error_says_so");
	free(prog);
}

static void checked(struct sock_filter insn, const char *piece)
{
	const struct sock_filter prog[] = {insn, {BPF_RET | BPF_K, 0, 0, 0}};

	insn_err_clear(&err);
	eq_int(cbpf_check(prog, 2, &err), -EINVAL, piece);
	has(err.msg, piece, "  it says");
}

static void the_kernels_checks(void)
{
	const struct sock_filter open = {BPF_LD | BPF_IMM, 0, 0, 0};
	const struct sock_filter set_on_one_path[] = {
		{BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0}, {BPF_ST, 0, 0, 15}, {BPF_JMP | BPF_JA, 0, 0, 0},
		{BPF_LD | BPF_MEM, 0, 0, 15}, {BPF_RET | BPF_A, 0, 0, 0},
	};

	checked((struct sock_filter){0xff, 0, 0, 0}, "code 0xff is no classic instruction");
	checked((struct sock_filter){BPF_ALU | BPF_DIV | BPF_K, 0, 0, 0},
		"division by the constant 0");
	checked((struct sock_filter){BPF_ALU | BPF_RSH | BPF_K, 0, 0, 32}, "shift by 32");
	checked((struct sock_filter){BPF_ST, 0, 0, 16}, "M[16]");
	checked((struct sock_filter){BPF_JMP | BPF_JA, 0, 0, 0xffffffff}, "jump to 4294967296");
	checked((struct sock_filter){BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0},
		"jump to 2 of a program of 2");
	checked((struct sock_filter){BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)SKF_AD_OFF + 1}, "[-4095]");
	checked((struct sock_filter){BPF_LDX | BPF_MEM, 0, 0, 3}, "M[3] is read");
	insn_err_clear(&err);
	eq_int(cbpf_check(set_on_one_path, 5, &err), -EINVAL, "memory_that_one_path_leaves_unset");
	insn_err_clear(&err);
	eq_int(cbpf_check(set_on_one_path + 1, 4, &err), 0, "is_taken_where_all_paths_set_it");
	insn_err_clear(&err);
	eq_int(cbpf_check(&open, 1, &err), -EINVAL, "a_program_without_ret_at_its_end");
	eq_int(cbpf_check(&open, 0, &err), -EINVAL, "an_empty_program");
}

int main(void)
{
	what_tcpdump_prints();
	labels();
	every_form();
	errors_have_their_place();
	far_condition();
	the_kernels_checks();
	return tap_done();
}
