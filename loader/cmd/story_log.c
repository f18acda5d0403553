// SPDX-License-Identifier: MIT
/* The verifier's part of the story: what it says of each program, in words. Knows runs and logs. */
#include <errno.h>
#include <string.h>

#include "loader/cmd/story.h"
#include "loader/err.h"
#include "loader/kernel/verifier.h"
#include "loader/kernel/words.h"

struct telling {
	struct story *story;
	uint32_t lines;
	uint32_t n; /* programs so far */
};

static void put_log(struct story *story, const char *log, uint32_t lines)
{
	uint32_t left;

	if (story->ended)
		return;
	left = words_print(log, lines, story->to);
	if (left)
		story_say(story, 8, "… and %u lines more: --verbose shows all", left);
}

static void tell(void *ctx, const char *program, const char *log)
{
	struct telling *t = ctx;

	t->n++;
	fprintf(t->story->to, "  %s%s%s: accepted\n", t->story->bold, program, t->story->off);
	put_log(t->story, log, t->lines);
	story_rest(t->story);
}

static void put_cause(struct story *story, const struct verifier_cause *cause)
{
	story_say(story, 2, "The cause:       %s", cause->what);
	if (cause->has_insn)
		story_say(story, 2, "The instruction: %u", cause->insn);
	for (const char *at = cause->state; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
		const size_t len = strcspn(at, "\n");
		const char *equals = memchr(at, '=', len);
		char words[256];

		fprintf(story->to, "                   %.*s\n", (int)len, at);
		if (at[0] == 'R' && equals && words_value(equals + 1, len - (size_t)(equals + 1 - at), words, sizeof(words)))
			story_say(story, 21, "%s", words);
	}
	if (cause->hint[0])
		story_say(story, 2, "What to do:      %s", cause->hint);
}

void story_verifier(struct story *story, uint32_t lines)
{
	struct telling t = { story, lines, 0 };
	const struct hewn_run_opts opts = { .verified = tell, .ctx = &t };
	struct hewn_err err = { 0 };
	struct verifier_cause cause;
	struct hewn_run *run = NULL;
	int ret;

	if (!story_chapter(story, "The verifier", "loader/kernel/verifier.c: verifier_cause(), loader/kernel/words.c: words_print()"))
		return;
	story_say(story, 2, "The programs are loaded now, and let go at once, with a log of what the verifier thinks at each instruction: what "
			    "each register holds, R0 to R10, and each 8 bytes of the stack (fp-8 and so on).");
	putc('\n', story->to);
	fflush(story->to);
	ret = hewn_run_open(&run, story->plan, &opts, &err);
	hewn_run_close(run);
	if (ret && err.log && verifier_cause(err.log, &cause)) {
		fprintf(story->to, "  %s%s%s: refused\n", story->bold, err.program, story->off);
		put_log(story, err.log, lines);
		putc('\n', story->to);
		put_cause(story, &cause);
		if (err.source[0])
			story_say(story, 2, "The source:      %s", err.source);
	} else if (ret) {
		story_say(story, 2, "It could not be asked: %s (%s).%s%s", err.what, err_name(ret), err.hint[0] ? " " : "", err.hint);
	} else if (!t.n && !story->ended) {
		story_say(story, 2, "There was no program to look at.");
	}
	if (ret)
		story_rest(story);
	hewn_err_close(&err);
}

/* The last line of source before the cause: "; v->a++; @ prog.c:39". */
static void put_source(struct story *story, const char *log, const struct verifier_cause *cause)
{
	const char *source = NULL;
	char number[16];

	snprintf(number, sizeof(number), "%u: (", cause->insn);
	for (const char *at = log; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n')) {
		if (at[0] == ';' && at[1] == ' ' && at[2] > ' ')
			source = at + 2;
		if (cause->has_insn && !strncmp(at, number, strlen(number)) && source)
			break;
	}
	if (source)
		story_say(story, 2, "The source:      %.*s", (int)strcspn(source, "\n"), source);
}

/* A log has instructions, or at least the statistics at its end. */
static bool is_log(const char *log)
{
	for (const char *at = log; *at; at += strcspn(at, "\n") + (at[strcspn(at, "\n")] == '\n'))
		if (words_kind(at, strcspn(at, "\n")) == WORDS_INSN || !strncmp(at, "processed ", strlen("processed ")))
			return true;
	return false;
}

bool story_log(struct story *story, const char *log, uint32_t lines)
{
	struct verifier_cause cause;
	bool refused = verifier_cause(log, &cause);

	if (!is_log(log))
		return false;
	if (refused) {
		put_cause(story, &cause);
		put_source(story, log, &cause);
	} else {
		story_say(story, 2, "The verifier accepted this program.");
	}
	putc('\n', story->to);
	put_log(story, log, lines);
	story_rest(story);
	return true;
}
