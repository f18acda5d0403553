// SPDX-License-Identifier: MIT
/* The verifier's log in plain words: what each kernel's way of writing a register says. */
#include <dirent.h>

#include "loader/kernel/words.h"
#include "tests/tap.h"

static const struct {
	const char *value, *words;
} values[] = {
	/* 5.10 */
	{ "inv0", "the number 0" },
	{ "inv-1", "the number -1" },
	{ "invP5", "a number of which nothing is known" },
	{ "inv(id=0)", "a number of which nothing is known" },
	{ "inv(id=0,umax_value=255,var_off=(0x0; 0xff))", "a number from 0 to 255" },
	{ "map_value_or_null(id=1,off=0,ks=4,vs=16,imm=0)",
	  "NULL, or an address inside a value of a map, values of 16 bytes: compare it with 0 before it is used" },
	{ "ctx(id=0,off=0,imm=0)", "the context that the kernel hands to the program" },
	{ "pkt(id=0,off=14,r=34,imm=0)",
	  "an address in the packet, 14 bytes behind its start, of which 34 bytes were compared with the end" },
	{ "mem(id=0,ref_obj_id=0,off=0,imm=0)", "memory of a known size" },
	/* 6.1 */
	{ "scalar()", "a number of which nothing is known" },
	{ "scalar(umin=1,umax=64,var_off=(0x0; 0x7f))", "a number from 1 to 64" },
	{ "scalar(smin=-4,smax=4)", "a number from -4 to 4" },
	{ "Pscalar()", "a number of which nothing is known" },
	{ "8192", "the number 8192" },
	/* 6.8 and later write what is equal once */
	{ "scalar(smin=smin32=0,smax=umax=smax32=umax32=64,var_off=(0x0; 0x7f))", "a number from 0 to 64" },
	{ "map_value(map=bytes,ks=4,vs=64,imm=8)", "an address inside a value of a map (\"bytes\"), values of 64 bytes" },
	{ "fp0", "the top of the program's stack" },
	{ "fp-16", "an address on the program's stack, 16 bytes below its top" },
	{ "trusted_ptr_task_struct()", "a kernel object that is certainly alive" },
	{ "ringbuf_mem_or_null(id=2,ref_obj_id=2,sz=24)",
	  "NULL, or a record that was reserved in a ring buffer: it must be submitted or discarded, which has 24 bytes: "
	  "compare it with 0 before it is used" },
	{ "arena", "an address in the arena" },
	{ "0xffff", "the number 0xffff" },
};

static void values_in_words(void)
{
	char words[256];

	for (size_t i = 0; i < sizeof(values) / sizeof(*values); i++) {
		bool known = words_value(values[i].value, strlen(values[i].value), words, sizeof(words));

		eq_str(known ? words : "unknown", values[i].words, values[i].value);
	}
	ok(!words_value("gremlin(id=3)", 13, words, sizeof(words)), "a_type_of_tomorrow_gets_no_words");
	ok(!words_value("", 0, words, sizeof(words)), "nothing_gets_no_words");
	words_value("map_value_or_null(map=a_map_with_a_long_name,vs=4)", 50, words, 40);
	eq_int((long long)strlen(words), 39, "words_end_in_their_buffer");
}

static char *print(const char *log, uint32_t lines, uint32_t *left)
{
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	*left = words_print(log, lines, to);
	fclose(to);
	return text;
}

static void lines_and_words(void)
{
	static const char log[] =
		"func#0 @0\n0: R1=ctx() R10=fp0\n; x @ a.c:1\n7: (b7) r1 = 1     ; R1=1 R10=fp0 fp-8=mmmm????\n"
		"from 5 to 9: R0=0 R10=fp0\nfrom 3 to 5: safe\nmark_precise: frame0: a\nmark_precise: frame0: b\n"
		"R0 !read_ok\nprocessed 3 insns";
	uint32_t left;
	char *text = print(log, 0, &left);

	has(text, "\tfunc#0 @0\n\t  a function begins at this instruction\n", "a_function_begins");
	has(text, "\t7: (b7) r1 = 1     ; R1=1 R10=fp0 fp-8=mmmm????\n\t  R1: the number 1\n\t  fp-8: 8 bytes of the stack: "
		  "4 written, 0 zero, 4 never written\n", "an_instruction_and_what_it_changed");
	has(text, "out of instruction 5: on from 9, with what was known there\n\t  R0: the number 0\n", "the_other_way");
	has(text, "out of instruction 3: on from 5, which an earlier path has shown to be safe\n", "a_safe_way");
	has(text, "goes back to where it came from\n\tmark_precise: frame0: b\n\tR0 !read_ok\n\tprocessed 3 insns\n\t  how many",
	    "a_search_is_explained_once");
	eq_int(left, 0, "nothing_is_left_out");
	free(text);
	text = print(log, 2, &left);
	eq_str(text, "\tfunc#0 @0\n\t  a function begins at this instruction\n\t0: R1=ctx() R10=fp0\n\t  R1: the context that the "
		     "kernel hands to the program\n", "as_many_lines_as_asked_for");
	eq_int(left, 8, "and_the_others_are_counted");
	free(text);
}

/* Real logs of five kernels: each line is there, in order. */
static void real_logs(void)
{
	DIR *dir = opendir("tests/logs");
	uint32_t n = 0, bad = 0;

	for (struct dirent *entry; dir && (entry = readdir(dir));) {
		char path[512], *log = NULL, *text, *at;
		size_t room = 0;
		uint32_t left;
		FILE *file;

		if (!strstr(entry->d_name, ".txt"))
			continue;
		snprintf(path, sizeof(path), "tests/logs/%s", entry->d_name);
		file = fopen(path, "re");
		if (!file || getdelim(&log, &room, '\0', file) < 0)
			bad++;
		else {
			at = text = print(log, 0, &left);
			for (char *line = strtok(log, "\n"); line; line = strtok(NULL, "\n")) {
				at = strstr(at, line);
				if (!at) {
					printf("# %s lacks: %s\n", path, line);
					bad++;
					break;
				}
				at += strlen(line);
			}
			free(text);
			n++;
		}
		free(log);
		if (file)
			fclose(file);
	}
	if (dir)
		closedir(dir);
	ok(n > 40 && !bad, "each_line_of_each_real_log_is_there");
}

int main(void)
{
	values_in_words();
	lines_and_words();
	real_logs();
	return tap_done();
}
