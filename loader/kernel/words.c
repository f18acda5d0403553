// SPDX-License-Identifier: MIT
/*
 * The verifier's log in plain words: see words.h. The names of what a register can hold are those of the
 * kernel's reg_type_str() (kernel/bpf/log.c; before 6.0 in verifier.c), from 5.10 to 7.3.
 */
#include "loader/kernel/words.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct span {
	const char *at;
	size_t len;
};

static bool begins(struct span s, const char *with)
{
	return s.len >= strlen(with) && !strncmp(s.at, with, strlen(with));
}

static struct span from(struct span s, size_t n)
{
	return n < s.len ? (struct span){ s.at + n, s.len - n } : (struct span){ s.at + s.len, 0 };
}

static struct span trimmed(struct span s)
{
	while (s.len && isspace((unsigned char)s.at[0]))
		s = from(s, 1);
	while (s.len && isspace((unsigned char)s.at[s.len - 1]))
		s.len--;
	return s;
}

/* Digits at the start, then `with`: how long both are; 0: it does not begin so. */
static size_t numbered(struct span s, const char *with)
{
	size_t n = 0;

	while (n < s.len && isdigit((unsigned char)s.at[n]))
		n++;
	return n && begins(from(s, n), with) ? n + strlen(with) : 0;
}

enum words_kind words_kind(const char *line, size_t len)
{
	struct span s = { line, len };
	size_t n;

	if (begins(s, ";"))
		return WORDS_SOURCE;
	if (begins(s, "mark_precise:") || begins(s, "regs=") || begins(s, "last_idx ") || begins(s, "parent "))
		return WORDS_SEARCH;
	if (numbered(s, ": ("))
		return WORDS_INSN;
	if (begins(s, "from ") || begins(s, " R") || begins(s, " frame"))
		return WORDS_STATE;
	n = numbered(s, ": ");
	return n && memchr(line + n, '=', len - n) ? WORDS_STATE : WORDS_OTHER;
}

/* ── what a register holds ── */

/*
 * "255" for umax of "scalar(umin=1,umax=255)", or of "scalar(smax=umax=umax32=255)" as kernels from 6.8 on write what
 * is equal; len 0: it is not there.
 */
static struct span detail(struct span value, const char *name)
{
	for (size_t i = 0; i < value.len; i++) {
		const bool first = i && strchr("(,=", value.at[i - 1]);
		struct span s = from(value, i);
		size_t end = 0;

		if (!first || !begins(s, name) || s.at[strlen(name)] != '=')
			continue;
		s = from(s, strlen(name) + 1);
		while (end < s.len && s.at[end] != ',' && s.at[end] != ')') {
			if (s.at[end++] == '=') {
				s = from(s, end);
				end = 0;
			}
		}
		return (struct span){ s.at, end };
	}
	return (struct span){ value.at, 0 };
}

/* The first that is there of two names: kernels before 5.18 have longer ones. */
static struct span either(struct span value, const char *name, const char *older)
{
	struct span s = detail(value, name);

	return s.len ? s : detail(value, older);
}

/* What each type of pointer is. "%s" is the name that goes with it, where there is one. */
static const struct {
	const char *type, *words;
} pointers[] = {
	{ "ctx", "the context that the kernel hands to the program" },
	{ "fp", "the top of the program's stack" },
	{ "map_ptr", "a map itself, to be given to a helper" },
	{ "map_value", "an address inside a value of a map" },
	{ "map_key", "an address inside a key of a map" },
	{ "pkt_meta", "an address in the room in front of the packet" },
	{ "pkt_end", "the end of the packet, only to be compared with" },
	{ "pkt", "an address in the packet" },
	{ "flow_keys", "the flow keys" },
	{ "sock_common", "a socket" },
	{ "sock", "a socket" },
	{ "tcp_sock", "a TCP socket" },
	{ "tp_buffer", "the buffer of a writable tracepoint" },
	{ "xdp_sock", "an XDP socket" },
	{ "ringbuf_mem", "a record that was reserved in a ring buffer: it must be submitted or discarded" },
	{ "alloc_mem", "memory that was reserved: it must be given back" },
	{ "mem", "memory of a known size" },
	{ "rdonly_mem", "memory of a known size that may only be read" },
	{ "rdwr_buf", "a buffer" },
	{ "rdonly_buf", "a buffer that may only be read" },
	{ "buf", "a buffer" },
	{ "percpu_ptr_", "a per-CPU variable of the kernel" },
	{ "trusted_ptr_", "a kernel object that is certainly alive" },
	{ "rcu_ptr_", "a kernel object that lives as long as the RCU lock is held" },
	{ "untrusted_ptr_", "a kernel object that may be gone: reads of it may give zeros" },
	{ "ptr_", "a kernel object, whose fields may be read" },
	{ "func", "the address of a function of the program" },
	{ "dynptr_ptr", "a dynptr" },
	{ "dynptr", "a dynptr" },
	{ "iter", "an iterator" },
	{ "arena", "an address in the arena" },
	{ "insn", "the address of an instruction, for a computed jump" },
};

/* "a number from 0 to 255": as much as is known of a scalar. */
static void scalar_words(struct span value, char *words, size_t size)
{
	struct span low = either(value, "umin", "umin_value"), high = either(value, "umax", "umax_value");
	struct span slow = either(value, "smin", "smin_value"), shigh = either(value, "smax", "smax_value");

	if (!high.len && (slow.len || shigh.len)) {
		low = slow;
		high = shigh;
	} else if (!low.len && high.len) {
		low = (struct span){ "0", 1 };
	}
	if (low.len && high.len)
		snprintf(words, size, "a number from %.*s to %.*s", (int)low.len, low.at, (int)high.len, high.at);
	else if (low.len)
		snprintf(words, size, "a number, %.*s or more", (int)low.len, low.at);
	else if (high.len)
		snprintf(words, size, "a number, %.*s at the most", (int)high.len, high.at);
	else if (detail(value, "var_off").len)
		snprintf(words, size, "a number of which some bits are known (var_off=value;mask of the unknown ones)");
	else
		snprintf(words, size, "a number of which nothing is known");
}

static bool is_number(struct span value)
{
	size_t at = value.len && value.at[0] == '-', digits = at;

	if (begins(from(value, at), "0x"))
		return true;
	while (digits < value.len && isdigit((unsigned char)value.at[digits]))
		digits++;
	return digits > at && digits == value.len;
}

/* ", in map values" and so on: the details that matter of a pointer. */
static void pointer_details(struct span value, char *words, size_t size)
{
	static const struct {
		const char *name, *words;
	} details[] = {
		{ "map", " (\"%.*s\")" },
		{ "off", ", %.*s bytes behind its start" },
		{ "vs", ", values of %.*s bytes" },
		{ "mem_size", ", which has %.*s bytes" },
		{ "sz", ", which has %.*s bytes" },
		{ "r", ", of which %.*s bytes were compared with the end" },
	};
	size_t used = strlen(words);

	for (size_t i = 0; i < sizeof(details) / sizeof(*details) && used < size; i++) {
		const struct span s = detail(value, details[i].name);

		if (!s.len || (s.len == 1 && s.at[0] == '0' && strcmp(details[i].name, "r") != 0))
			continue;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		used += (size_t)snprintf(words + used, size - used, details[i].words, (int)s.len, s.at);
#pragma GCC diagnostic pop
	}
}

bool words_value(const char *text, size_t len, char *words, size_t size)
{
	struct span value = { text, len };
	size_t type = 0;
	bool may_be_null;

	if (begins(value, "P")) /* the exact value is needed: "P0", "Pscalar()" */
		value = from(value, 1);
	if (begins(value, "inv") || begins(value, "scalar")) {
		const struct span number = from(value, 3);

		if (begins(value, "inv") && is_number(number))
			snprintf(words, size, "the number %.*s", (int)number.len, number.at);
		else
			scalar_words(value, words, size);
		return true;
	}
	if (is_number(value)) {
		snprintf(words, size, "the number %.*s", (int)value.len, value.at);
		return true;
	}
	while (type < value.len && (isalnum((unsigned char)value.at[type]) || value.at[type] == '_'))
		type++;
	may_be_null = type > 8 && !strncmp(value.at + type - 8, "_or_null", 8);
	for (size_t i = 0; i < sizeof(pointers) / sizeof(*pointers); i++) {
		if (!begins(value, pointers[i].type))
			continue;
		snprintf(words, size, "%s%s", may_be_null ? "NULL, or " : "", pointers[i].words);
		if (begins(value, "fp-"))
			snprintf(words, size, "an address on the program's stack, %.*s bytes below its top",
				 (int)value.len - 3, value.at + 3);
		pointer_details(value, words, size);
		if (may_be_null)
			strncat(words, ": compare it with 0 before it is used", size - strlen(words) - 1);
		return true;
	}
	return false;
}

/* "mmmm????": a letter a byte of eight bytes of the stack. */
static bool stack_words(struct span value, char *words, size_t size)
{
	unsigned int data = 0, zero = 0, unset = 0;

	if (value.len != 8)
		return false;
	for (size_t i = 0; i < value.len; i++) {
		if (!strchr("m0?rdi", value.at[i]))
			return false;
		data += value.at[i] == 'm' || value.at[i] == 'r';
		zero += value.at[i] == '0';
		unset += value.at[i] == '?';
	}
	if (!data && !zero && unset)
		return false;
	snprintf(words, size, "8 bytes of the stack: %u written, %u zero, %u never written", data, zero, unset);
	return true;
}

/* The end of "R1=map_value(…)": at the space outside of parentheses. */
static size_t token_len(struct span s)
{
	size_t n = 0;

	for (int depth = 0; n < s.len && (depth || !isspace((unsigned char)s.at[n])); n++)
		depth += s.at[n] == '(' ? 1 : s.at[n] == ')' ? -1 : 0;
	return n;
}

/* A line for each register and slot that a text of states names: "R1=… R10=fp0 fp-8=mmmm????". */
static void put_states(struct span s, FILE *to)
{
	char words[256];

	for (s = trimmed(s); s.len; s = trimmed(s)) {
		const struct span token = { s.at, token_len(s) };
		const char *equals = memchr(token.at, '=', token.len);
		struct span value;

		s = from(s, token.len ? token.len : 1);
		if (!equals || begins(token, "R10") || begins(token, "refs") || begins(token, "cb"))
			continue;
		value = from(token, (size_t)(equals - token.at) + 1);
		if (begins(token, "fp") && stack_words(value, words, sizeof(words)))
			fprintf(to, "\t  %.*s: %s\n", (int)(equals - token.at), token.at, words);
		else if (words_value(value.at, value.len, words, sizeof(words)))
			fprintf(to, "\t  %.*s: %s\n", (int)strcspn(token.at, "_="), token.at, words);
	}
}

/* ── lines ── */

static const struct {
	const char *begins, *words;
} lines[] = {
	{ "func#", "a function begins at this instruction" },
	{ "Live regs before insn", "which registers are still needed before each instruction; an old path that agrees in "
				   "these is not walked again" },
	{ "Validating ", "a global function is checked by itself, for any arguments" },
	{ "processed ", "how many instructions were looked at, on all paths together, and how many states were kept" },
	{ "verification time", "how long the verifier worked" },
	{ "stack depth", "how much of the stack each function uses; 512 bytes are all there is" },
	{ "max_states", "how many states were kept" },
	{ "arg#0 ", "what the BTF says of the program's argument; no error" },
	{ "Unrecognized arg#0", "what the BTF says of the program's argument; no error" },
	{ "caller:", "the state of the function that called" },
	{ "callee:", "the state of the function that is called" },
	{ "returning from callee", "the function returns: its result goes on in the caller" },
	{ "to caller at", "where the caller goes on" },
	{ "propagating ", "what was found holds for the paths that are like this one" },
	{ "verifier_log_", NULL },
};

static void put_from(struct span s, FILE *to)
{
	/* "from 5 to 7: R0=…", "from 5 to 7 (speculative execution): safe" */
	const char *colon = memchr(s.at, ':', s.len);
	unsigned long a = strtoul(s.at + strlen("from "), NULL, 10), b = 0;
	const char *at = memmem(s.at, s.len, " to ", 4);

	if (at)
		b = strtoul(at + 4, NULL, 10);
	fprintf(to, "\t  the other way out of instruction %lu: on from %lu%s\n", a, b,
		colon && memmem(colon, (size_t)(s.at + s.len - colon), "safe", 4) ?
			", which an earlier path has shown to be safe" : ", with what was known there");
	if (colon)
		put_states(from(s, (size_t)(colon - s.at) + 1), to);
}

static void put_words(struct span s, FILE *to)
{
	const char *states;
	size_t n;

	switch (words_kind(s.at, s.len)) {
	case WORDS_INSN:
		states = memmem(s.at, s.len, " ; ", 3);
		if (states)
			put_states(from(s, (size_t)(states - s.at) + 3), to);
		return;
	case WORDS_STATE:
		n = numbered(s, ": ");
		if (begins(s, "from "))
			put_from(s, to);
		else
			put_states(from(s, n), to);
		return;
	case WORDS_SOURCE:
	case WORDS_SEARCH:
		return;
	case WORDS_OTHER:
		for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
			if (begins(s, lines[i].begins) && lines[i].words)
				fprintf(to, "\t  %s\n", lines[i].words);
		return;
	}
}

uint32_t words_print(const char *log, uint32_t max, FILE *to)
{
	uint32_t n = 0, left = 0;
	bool searching = false;

	for (const char *at = log; *at;) {
		const size_t len = strcspn(at, "\n");
		const struct span s = { at, len };
		const bool search = words_kind(at, len) == WORDS_SEARCH;

		at += len + (at[len] == '\n');
		if (max && n >= max) {
			left++;
			continue;
		}
		n++;
		fprintf(to, "\t%.*s\n", (int)len, s.at);
		if (search && !searching)
			fputs("\t  a number's exact value matters here: the verifier goes back to where it came from\n", to);
		searching = search;
		put_words(s, to);
	}
	return left;
}
