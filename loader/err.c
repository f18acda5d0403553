// SPDX-License-Identifier: MIT
/* Filling in and writing out a struct hewn_err. Knows nothing of what failed. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/json.h"

/* Objects, binaries and their paths are quoted, which may be anybody's: they must steer no terminal. */
static void blank_controls(char *text)
{
	for (; *text; text++)
		if (((unsigned char)*text < ' ' && *text != '\n' && *text != '\t') || *text == 0x7f)
			*text = '?';
}

/* "file:line: text" and so on may be longer than their place: the end is cut. */
static void put(char *to, size_t size, const char *fmt, va_list args)
{
	if (to[0])
		return;
	vsnprintf(to, size, fmt, args);
	blank_controls(to);
}

int err_set(struct hewn_err *err, int code, const char *fmt, ...)
{
	va_list args;

	if (!err || err->code)
		return err ? err->code : code;
	err->code = code;
	va_start(args, fmt);
	put(err->what, sizeof(err->what), fmt, args);
	va_end(args);
	return code;
}

int err_nomem(struct hewn_err *err)
{
	return err_set(err, -ENOMEM, "out of memory");
}

void err_hint(struct hewn_err *err, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, fmt);
	put(err->hint, sizeof(err->hint), fmt, args);
	va_end(args);
}

static void put_name(char *to, size_t size, const char *name)
{
	if (to[0] || !name)
		return;
	snprintf(to, size, "%s", name);
	blank_controls(to);
}

void err_object(struct hewn_err *err, const char *name)
{
	if (err)
		put_name(err->object, sizeof(err->object), name);
}

void err_section(struct hewn_err *err, const char *name)
{
	if (err)
		put_name(err->section, sizeof(err->section), name);
}

void err_program(struct hewn_err *err, const char *name)
{
	if (err)
		put_name(err->program, sizeof(err->program), name);
}

void err_symbol(struct hewn_err *err, const char *name)
{
	if (err)
		put_name(err->symbol, sizeof(err->symbol), name);
}

void err_insn(struct hewn_err *err, uint32_t insn)
{
	if (!err || err->has_insn)
		return;
	err->has_insn = true;
	err->insn = insn;
}

void err_source(struct hewn_err *err, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, fmt);
	put(err->source, sizeof(err->source), fmt, args);
	va_end(args);
}

void err_step(struct hewn_err *err, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return;
	va_start(args, fmt);
	put(err->step, sizeof(err->step), fmt, args);
	va_end(args);
}

void hewn_err_close(struct hewn_err *err)
{
	if (!err)
		return;
	free(err->log);
	memset(err, 0, sizeof(*err));
}

/* The errnos that these calls return, by name: strerrorname_np() is glibc's alone. */
static const struct {
	int code;
	const char *name;
} names[] = {
#define E(name) { name, #name }
	E(EPERM), E(ENOENT), E(ESRCH), E(EINTR), E(EIO), E(ENXIO), E(E2BIG), E(ENOEXEC), E(EBADF),
	E(ECHILD), E(EAGAIN), E(ENOMEM), E(EACCES), E(EFAULT), E(ENOTBLK), E(EBUSY), E(EEXIST), E(EXDEV),
	E(ENODEV), E(ENOTDIR), E(EISDIR), E(EINVAL), E(ENFILE), E(EMFILE), E(ENOTTY), E(ETXTBSY), E(EFBIG),
	E(ENOSPC), E(ESPIPE), E(EROFS), E(EMLINK), E(EPIPE), E(EDOM), E(ERANGE), E(EDEADLK),
	E(ENAMETOOLONG), E(ENOSYS), E(ENOTEMPTY), E(ELOOP), E(ENODATA), E(ETIME), E(EPROTO), E(EBADMSG),
	E(EOVERFLOW), E(EILSEQ), E(ENOTSOCK), E(EMSGSIZE), E(EPROTONOSUPPORT), E(EOPNOTSUPP),
	E(EADDRINUSE), E(ENETDOWN), E(ENOBUFS), E(ETIMEDOUT), E(EALREADY), E(EINPROGRESS), E(ESTALE),
	E(EDQUOT), E(ECANCELED), { 524, "ENOTSUPP" }, /* the kernel's own, leaks out of bpf(2) */
#undef E
};

const char *err_name(int code)
{
	static _Thread_local char number[24];

	code = code < 0 ? -code : code;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	snprintf(number, sizeof(number), "errno %d", code);
	return number;
}

/* ── for people ── */

#define LOG_TAIL 12 /* lines of the verifier's log that are shown unasked */

/* Where a log's own lines end: newer kernels (7.3) add a report of some 40 lines for people. */
static const char *log_end(const char *log)
{
	const char *report = strstr(log, "\n\nVerification failed: ");

	return report ? report + 1 : log + strlen(log);
}

static const char *tail(const char *log, const char *end, unsigned int lines)
{
	const char *at = end;

	while (at > log && at[-1] == '\n')
		at--;
	while (at > log) {
		if (at[-1] == '\n' && --lines == 0)
			break;
		at--;
	}
	return at;
}

static void indented(FILE *to, const char *text, const char *end, const char *margin)
{
	while (text < end) {
		size_t n = strcspn(text, "\n");

		fprintf(to, "%s%.*s\n", margin, (int)n, text);
		text += n + (text[n] == '\n');
	}
}

void hewn_err_print(const struct hewn_err *err, FILE *to, unsigned int flags)
{
	const char *red = flags & HEWN_ERR_COLOR ? "\033[1;31m" : "";
	const char *bold = flags & HEWN_ERR_COLOR ? "\033[1m" : "";
	const char *off = flags & HEWN_ERR_COLOR ? "\033[0m" : "";
	const char *log, *end;

	fprintf(to, "%shewn:%s %s%s%s%s%s\n", red, off, err->object, err->object[0] ? ": " : "", bold,
		err->what[0] ? err->what : err_name(err->code), off);
	if (err->section[0])
		fprintf(to, "  section      %s\n", err->section);
	if (err->program[0])
		fprintf(to, "  program      %s\n", err->program);
	if (err->symbol[0])
		fprintf(to, "  symbol       %s\n", err->symbol);
	if (err->has_insn)
		fprintf(to, "  instruction  %u\n", err->insn);
	if (err->source[0])
		fprintf(to, "  source       %s\n", err->source);
	if (err->step[0])
		fprintf(to, "  call         %s\n", err->step);
	if (err->code)
		fprintf(to, "  error        %s (%s)\n", err_name(err->code), strerror(-err->code));
	if (err->state[0]) {
		fprintf(to, "  state\n");
		indented(to, err->state, err->state + strlen(err->state), "    ");
	}
	if (err->log && err->log[0]) {
		end = flags & HEWN_ERR_LOG ? err->log + strlen(err->log) : log_end(err->log);
		log = flags & HEWN_ERR_LOG ? err->log : tail(err->log, end, LOG_TAIL);
		fprintf(to, "  the verifier's log%s\n",
			log > err->log || *end ? ", its end (--verbose shows it whole)" : "");
		indented(to, log, end, "    ");
	}
	if (err->hint[0])
		fprintf(to, "  %shint%s         %s\n", bold, off, err->hint);
}

/* ── for machines ── */

static void json_string(FILE *to, const char *key, const char *text)
{
	if (!text || !text[0])
		return;
	fprintf(to, ",\"%s\":", key);
	json_text(to, text, strlen(text));
}

void hewn_err_json(const struct hewn_err *err, FILE *to)
{
	fprintf(to, "{\"error\":\"%s\"", err_name(err->code));
	json_string(to, "what", err->what);
	json_string(to, "object", err->object);
	json_string(to, "section", err->section);
	json_string(to, "program", err->program);
	json_string(to, "symbol", err->symbol);
	if (err->has_insn)
		fprintf(to, ",\"instruction\":%u", err->insn);
	json_string(to, "source", err->source);
	json_string(to, "call", err->step);
	json_string(to, "state", err->state);
	json_string(to, "hint", err->hint);
	json_string(to, "log", err->log);
	fprintf(to, "}\n");
}
