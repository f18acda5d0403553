// SPDX-License-Identifier: MIT
/*
 * Reading the verifier's log: see verifier.h. A log is lines, and what a line is shows in how it begins:
 *
 *	; v->a++; @ prog.c:39                            the source
 *	7: (79) r1 = *(u64 *)(r0 +0)     ; R1=scalar()   an instruction, from 5.18 with what it changed
 *	7: R0=map_value_or_null(id=1) R10=fp0            the state, "from 5 to 7: …" after a jump
 *	R0 invalid mem access 'map_value_or_null'        anything else at the end: the cause
 *	processed 7 insns (limit 1000000) …              statistics
 *
 * Newer kernels (7.3 does, 6.18 does not) add a report between the cause and the statistics, for people:
 *
 *	Verification failed: Register Type Safety: Invalid dereference
 *	Reason:
 *	  R0 may be NULL here …
 *	At: … Causal path: … Suggestion:
 *	  Add a NULL check before the access …
 *
 * Kernels before 5.18 print the state in lines of its own, which begin with a space, and registers as
 * R1_w=inv(id=0). A state after a line "regs=…" is an older one, looked at to find where a number came from.
 */
#include "loader/kernel/verifier.h"

#include "loader/kernel/hints.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct line {
	const char *text;
	size_t len;
};

/* The line before the one given; the last one of the log where line->text is NULL. */
static bool line_before(const char *log, struct line *line)
{
	const char *end = line->text ? line->text : log + strlen(log);

	if (end == log)
		return false;
	if (line->text)
		end--; /* the newline between the two */
	line->text = end;
	while (line->text > log && line->text[-1] != '\n')
		line->text--;
	line->len = (size_t)(end - line->text);
	return true;
}

static bool starts(const struct line *line, const char *with)
{
	return line->len >= strlen(with) && !strncmp(line->text, with, strlen(with));
}

/* "7: (79) …": an instruction, and its number. */
static bool is_insn(const struct line *line, uint32_t *insn)
{
	size_t digits = 0;
	uint32_t n = 0;

	for (; digits < line->len && isdigit((unsigned char)line->text[digits]); digits++)
		n = n * 10 + (uint32_t)(line->text[digits] - '0');
	if (!digits || line->len - digits < 3 || strncmp(line->text + digits, ": (", 3) != 0)
		return false;
	*insn = n;
	return true;
}

/* What is between an instruction and the cause without being a part of either. */
static bool is_noise(const struct line *line)
{
	static const char *const noise[] = {
		";",	     "processed ",   "verification time", "stack depth", "mark_precise:", "last_idx ",
		"regs=",     "parent ",	     "from ",		  "func#",	 "caller:",	  "callee:",
		" frame",    "frame",	     "safe",		  "propagating", "arg#",	  "Live regs",
		"old state", "cur state",    "max_states",	  "to caller at", "returning from callee",
		"Validating ", "Func#", "Unrecognized arg#",	     "insns_processed",	  "btf_vmlinux is malformed",
		"BPF program is accepted", "-- BEGIN", "-- END", " R", "the rest of", "\t",
	};

	for (size_t i = 0; i < sizeof(noise) / sizeof(*noise); i++)
		if (starts(line, noise[i]))
			return true;
	if (!line->len)
		return true;
	/* "7: R0=…" */
	return isdigit((unsigned char)line->text[0]) && memchr(line->text, ':', line->len) && memchr(line->text, '=', line->len);
}

static void copy(char *to, size_t size, const char *text, size_t len)
{
	snprintf(to, size, "%.*s", (int)(len < size ? len : size), text);
}

/* Puts a line before what is there, with "; " between. */
static void prepend(char *what, size_t size, const struct line *line)
{
	char joined[1280];

	snprintf(joined, sizeof(joined), "%.*s%s%s", (int)(line->len < size ? line->len : size), line->text,
		 what[0] ? "; " : "", what);
	copy(what, size, joined, strlen(joined));
}

/* ── registers ── */

/* The length of a register's state: to the space that is in no parentheses. */
static size_t state_len(const char *text, const char *end)
{
	const char *at = text;

	for (int depth = 0; at < end && (depth || !isspace((unsigned char)*at)); at++)
		depth += *at == '(' ? 1 : *at == ')' ? -1 : 0;
	return (size_t)(at - text);
}

/* In a line, the last "R3=…" of this register; or "R3_rw=…", where the letters say that it was read or written. */
static bool find_state(const struct line *line, unsigned int reg, struct line *state)
{
	const char *end = line->text + line->len;
	char name[8];
	bool found = false;

	snprintf(name, sizeof(name), "R%u", reg);
	for (const char *at = line->text; at < end; at++) {
		const bool begins = at == line->text || at[-1] == ' ';
		const struct line rest = { at, (size_t)(end - at) };
		const char *mark = at + strlen(name);

		if (!begins || !starts(&rest, name))
			continue;
		while (mark < end && strchr("_rw", *mark))
			mark++;
		if (mark == end || *mark != '=')
			continue;
		*state = (struct line){ at, state_len(at, end) };
		found = true;
	}
	return found;
}

/* A line of states that belongs to the search for where a number came from. */
static bool is_older(const char *log, const struct line *line)
{
	struct line before = *line;

	return line->text[0] == ' ' && line_before(log, &before) && starts(&before, "regs=");
}

/* Whether a line is an instruction that leaves something else in a register. A call forgets R1 to R5. */
static bool overwrites(const struct line *line, unsigned int reg)
{
	const char *at;
	uint32_t insn;

	if (!is_insn(line, &insn))
		return false;
	at = memmem(line->text, line->len, ") ", 2);
	if (!at)
		return false;
	at += 2;
	if (!strncmp(at, "call", 4))
		return reg <= 5;
	return (at[0] == 'r' || at[0] == 'w') && isdigit((unsigned char)at[1]) &&
	       strtoul(at + 1, NULL, 10) == reg;
}

/* Adds a line with the latest state of a register that the log has before the instruction, or at it. */
static void add_state(const char *log, const struct line *insn, unsigned int reg, char *text, size_t size)
{
	struct line line = { NULL, 0 }, state;
	size_t used = strlen(text);

	while (line_before(log, &line)) {
		if (!line.len || line.text[0] == ';' || is_older(log, &line))
			continue;
		if (!find_state(&line, reg, &state)) {
			if (line.text < insn->text && overwrites(&line, reg))
				return; /* what the log said before is no longer true */
			continue;
		}
		snprintf(text + used, size - used, "\n%.*s", (int)(state.len < size ? state.len : size), state.text);
		return;
	}
}

/* The registers that a text names with this letter: a bit each. "R1", or "r1" and "w1" in instructions. */
static unsigned int registers(const char *text, size_t len, const char *letters)
{
	unsigned int set = 0;

	for (size_t i = 0; i + 1 < len; i++) {
		const bool begins = !i || !isalnum((unsigned char)text[i - 1]);
		unsigned long reg;

		if (!begins || !strchr(letters, text[i]) || !isdigit((unsigned char)text[i + 1]))
			continue;
		reg = strtoul(text + i + 1, NULL, 10);
		if (reg <= 10)
			set |= 1u << reg;
	}
	return set;
}

static void describe(const char *log, const struct line *insn, struct verifier_cause *cause)
{
	const char *comment = memmem(insn->text, insn->len, " ; ", 3);
	size_t len = comment ? (size_t)(comment - insn->text) : insn->len;
	unsigned int set = registers(cause->what, strlen(cause->what), "R");

	while (len && insn->text[len - 1] == ' ')
		len--;
	copy(cause->state, sizeof(cause->state), insn->text, len);
	if (!set)
		set = registers(insn->text, len, "rw") & ~(1u << 10);
	for (unsigned int reg = 0; reg <= 10; reg++)
		if (set & 1u << reg)
			add_state(log, insn, reg, cause->state, sizeof(cause->state));
}

/* ── the cause ── */

/* Causes found before the first instruction is judged name theirs in words. */
static void insn_in_words(struct verifier_cause *cause)
{
	static const char *const words[] = { "at insn ", "from insn ", "unreachable insn ", "insn " };

	for (size_t i = 0; i < sizeof(words) / sizeof(*words) && !cause->has_insn; i++) {
		const char *at = strstr(cause->what, words[i]);

		if (!at || !isdigit((unsigned char)at[strlen(words[i])]))
			continue;
		cause->has_insn = true;
		cause->insn = (uint32_t)strtoul(at + strlen(words[i]), NULL, 10);
	}
}

/* ── the report of newer kernels ── */

struct report {
	const char *from, *to; /* NULL: there is none */
};

static struct report find_report(const char *log)
{
	struct report report = { strstr(log, "Verification failed: "), NULL };
	const char *suggestion = report.from ? strstr(report.from, "\nSuggestion:\n") : NULL;

	if (!report.from || (report.from != log && report.from[-1] != '\n'))
		return (struct report){ NULL, NULL };
	report.to = suggestion ? strstr(suggestion, "\n\n") : NULL;
	if (!report.to)
		report.to = report.from + strlen(report.from);
	return report;
}

/* The text below a heading of the report, on one line. */
static void paragraph(const struct report *report, const char *heading, char *text, size_t size)
{
	const char *at = report->from ? strstr(report->from, heading) : NULL;
	size_t used = 0;

	text[0] = '\0';
	if (!at || at >= report->to)
		return;
	at += strlen(heading);
	while (at < report->to && at[0] == ' ') {
		const size_t indent = strspn(at, " "), len = strcspn(at + indent, "\n");

		used += (size_t)snprintf(text + used, size - used, "%s%.*s", used ? " " : "",
					 (int)(len < size ? len : size), at + indent);
		if (used >= size)
			return;
		at += indent + len + (at[indent + len] == '\n');
	}
}

bool verifier_cause(const char *log, struct verifier_cause *cause)
{
	struct line line = { NULL, 0 };
	struct report report;
	unsigned int n = 0;
	const char *hint;

	memset(cause, 0, sizeof(*cause));
	if (!log)
		return false;
	report = find_report(log);
	while (line_before(log, &line)) {
		if (is_insn(&line, &cause->insn)) {
			cause->has_insn = true;
			break;
		}
		if (is_noise(&line) || (report.from && line.text >= report.from && line.text < report.to))
			continue;
		/* The last line is the cause, the two before it at the most say more of it. */
		if (n++ < 3)
			prepend(cause->what, sizeof(cause->what), &line);
	}
	if (!cause->what[0]) /* cut off just before the report */
		paragraph(&report, "\nReason:\n", cause->what, sizeof(cause->what));
	if (!cause->what[0]) {
		memset(cause, 0, sizeof(*cause));
		return false;
	}
	if (cause->has_insn && line.text)
		describe(log, &line, cause);
	insn_in_words(cause);
	hint = hints_find(cause->what, cause->state);
	if (hint)
		copy(cause->hint, sizeof(cause->hint), hint, strlen(hint));
	else
		paragraph(&report, "\nSuggestion:\n", cause->hint, sizeof(cause->hint));
	return true;
}
