// SPDX-License-Identifier: MIT
/*
 * Files of small programs with the results that they must have, run one by one.
 *
 * A file is a list of tests; each begins with a line "-- test NAME" and has sections that begin
 * with "-- ": asm (the text), mem (hexadecimal), result (r0) or error (it must be refused), needs
 * (the oldest kernel), order (little or big: the only byte order that it is for).
 *
 * Knows the format; what a program does, trial.c finds out.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "loader/cmd/hexin.h"
#include "loader/cmd/input.h"
#include "loader/cmd/suite.h"
#include "loader/cmd/trial.h"
#include "loader/err.h"

struct piece {
	const char *text;
	size_t size;
};

struct test {
	struct piece name, text, mem, result, needs, order;
	bool refused;
};

/* The line at *p without its end; *p moves behind it. False at the end. */
static bool next_line(const char **p, const char *end, struct piece *line)
{
	const char *newline;

	if (*p >= end)
		return false;
	newline = memchr(*p, '\n', (size_t)(end - *p));
	line->text = *p;
	line->size = (size_t)((newline ? newline : end) - *p);
	*p = newline ? newline + 1 : end;
	return true;
}

static bool begins(struct piece line, const char *text)
{
	return line.size >= strlen(text) && !memcmp(line.text, text, strlen(text));
}

static struct piece rest(struct piece line, size_t n)
{
	while (n < line.size && line.text[n] == ' ')
		n++;
	return (struct piece){line.text + n, line.size - n};
}

/* A section's lines, up to the next "-- ". */
static struct piece body(const char **p, const char *end)
{
	struct piece all = {*p, 0}, line;

	for (const char *q = *p; next_line(&q, end, &line) && !begins(line, "-- "); *p = q)
		all.size = (size_t)(line.text + line.size - all.text);
	return all;
}

/* Reads the test whose first line was found. -EINVAL: a section that is none. */
static int read_test(const char **p, const char *end, struct test *test, struct piece *unknown)
{
	struct piece line;

	for (const char *q = *p; next_line(&q, end, &line) && !begins(line, "-- test"); q = *p) {
		*p = q;
		if (begins(line, "-- asm"))
			test->text = body(p, end);
		else if (begins(line, "-- mem"))
			test->mem = body(p, end);
		else if (begins(line, "-- result"))
			test->result = body(p, end);
		else if (begins(line, "-- needs"))
			test->needs = rest(line, 8);
		else if (begins(line, "-- order"))
			test->order = rest(line, 8);
		else if (begins(line, "-- error"))
			test->refused = true;
		else if (begins(line, "-- ")) {
			*unknown = line;
			return -EINVAL;
		}
	}
	return 0;
}

/* "6.12.3-x" */
static void version(const char *text, unsigned long parts[2])
{
	char *end;

	parts[0] = strtoul(text, &end, 10);
	parts[1] = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;
}

/* Why this test is not for this machine, or NULL. */
static const char *not_here(const struct test *test)
{
	static char why[96];
	unsigned long want[2], have[2];
	const uint16_t one = 1;
	bool little = *(const uint8_t *)&one;
	struct utsname u;
	char needs[16];

	if (test->order.size && begins(test->order, "little") != little)
		return "it is for the other byte order";
	if (!test->needs.size || uname(&u))
		return NULL;
	snprintf(needs, sizeof(needs), "%.*s", (int)(test->needs.size > 15 ? 15 : test->needs.size),
		 test->needs.text);
	version(needs, want);
	version(u.release, have);
	if (have[0] > want[0] || (have[0] == want[0] && have[1] >= want[1]))
		return NULL;
	snprintf(why, sizeof(why), "it needs Linux %s, this is %lu.%lu", needs, have[0], have[1]);
	return why;
}

/* The text's program with its subprograms; NULL with err. */
static struct bpf_insn *assemble(const struct test *test, const char *path, uint32_t *n,
				 struct hewn_err *err)
{
	struct bpf_insn *insns = NULL;
	struct unit_reloc *relocs = NULL;
	uint32_t n_relocs = 0, first = UNIT_NONE;
	struct unit unit;

	*n = 0;
	if (input_unit(path, test->text.text, test->text.size, &unit, err))
		return NULL;
	for (uint32_t i = unit.n_symbols; i--;)
		if (unit.symbols[i].global &&
		    unit.sections[unit.symbols[i].section].kind == UNIT_CODE)
			first = i;
	if (first == UNIT_NONE)
		err_set(err, -EINVAL, "no program");
	else if (unit_program(&unit, unit.symbols[first].name, &insns, n, &relocs, &n_relocs))
		err_nomem(err);
	if (n_relocs)
		err_set(err, -EINVAL,
			"the program names a map or data, which a test here cannot have");
	unit_close(&unit);
	free(relocs);
	if (!n_relocs)
		return insns;
	free(insns);
	return NULL;
}

/* Runs it; r0 or an error. */
static int run(const struct test *test, const char *path, uint64_t *r0, struct hewn_err *err)
{
	uint8_t *mem;
	size_t at;
	int64_t size = hexin_read(test->mem.text ? test->mem.text : "", test->mem.size, &mem, &at);
	struct bpf_insn *insns;
	uint32_t n;
	int code;

	if (size < 0)
		return err_set(err, (int)size, "its memory is no hexadecimal");
	insns = assemble(test, path, &n, err);
	code = insns ? trial_run(insns, n, mem, (uint32_t)size, r0, err) : err->code;
	free(insns);
	free(mem);
	return code;
}

/* An error of many lines as TAP's remarks. */
static void remark(const struct hewn_err *err)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	bool begin = true;

	if (!to)
		return;
	hewn_err_print(err, to, 0);
	fclose(to);
	for (size_t i = 0; i < size; i++) {
		if (begin)
			fputs("# ", stdout);
		putchar(text[i]);
		begin = text[i] == '\n';
	}
	free(text);
}

static void report(struct suite *suite, const struct test *test, const char *path)
{
	const char *skip = not_here(test);
	struct hewn_err err = {0};
	uint64_t r0 = 0, want = test->result.text ? strtoull(test->result.text, NULL, 0) : 0;
	int code = skip ? 0 : run(test, path, &r0, &err);
	/* A refusal for want of privilege shows nothing: it has no log. */
	bool refused =
		code == -EINVAL || code == -EACCES || code == -E2BIG || (code == -EPERM && err.log);
	bool good = skip || (test->refused ? refused : !code && r0 == want);

	suite->run++;
	suite->failed += !good;
	suite->skipped += skip != NULL;
	printf("%sok %u - %.*s%s%s\n", good ? "" : "not ", suite->run, (int)test->name.size,
	       test->name.text, skip ? " # SKIP " : "", skip ? skip : "");
	if (!good && !code)
		printf("# r0 is %#llx, want %s%#llx\n", (unsigned long long)r0,
		       test->refused ? "a refusal, not " : "", (unsigned long long)want);
	if (!good && code)
		remark(&err);
	hewn_err_close(&err);
}

int suite_run(struct suite *suite, const char *path, struct hewn_err *err)
{
	struct piece line, unknown = {0};
	unsigned int before = suite->run;
	char *text;
	size_t size;
	int code = input_read(path, &text, &size, err);
	const char *p = text, *end = text + size;

	while (!code && next_line(&p, end, &line)) {
		struct test test = {.name = rest(line, 7)};

		if (!begins(line, "-- test"))
			continue;
		code = read_test(&p, end, &test, &unknown);
		if (code)
			err_set(err, code, "\"%.*s\" is no section of a test",
				(int)(unknown.size > 60 ? 60 : unknown.size), unknown.text);
		else if (!test.text.text || (!test.result.text && !test.refused))
			code = err_set(
				err, -EINVAL, "test %.*s has no asm, or no result and no error",
				(int)(test.name.size > 60 ? 60 : test.name.size), test.name.text);
		else
			report(suite, &test, path);
	}
	if (!code && suite->run == before)
		code = err_set(err, -EINVAL,
			       "no test in it, want lines that begin with \"-- test\"");
	free(text);
	return code;
}
