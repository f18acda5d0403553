// SPDX-License-Identifier: MIT
/*
 * The verifier's dialect against the kernel's own: programs are loaded, and what
 * "bpftool prog dump xlated" prints of them is what our printer makes of the same instructions; and
 * it assembles to them. The verifier's log, too, assembles to the program.
 */
#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/tap.h"
#include "tests/insn_text.h"

static int map_fd;
static struct parser *parser;
static char log_text[1 << 20];

static int make_map(void)
{
	union bpf_attr attr = {
		.map_type = BPF_MAP_TYPE_ARRAY,
		.key_size = 4,
		.value_size = 64,
		.max_entries = 1,
	};

	return (int)syscall(SYS_bpf, BPF_MAP_CREATE, &attr, 72);
}

static int load(const struct bpf_insn *insns, uint32_t n)
{
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = n,
		.license = (uintptr_t) "GPL",
		.log_buf = (uintptr_t)log_text,
		.log_size = sizeof(log_text),
		.log_level = 2,
	};

	log_text[0] = 0;
	return (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
}

/* The instructions of a loaded program as the kernel shows them. */
static uint32_t dump(int fd, struct bpf_insn *insns, uint32_t room, uint32_t *id)
{
	struct bpf_prog_info info = {
		.xlated_prog_insns = (uintptr_t)insns,
		.xlated_prog_len = (uint32_t)(room * sizeof(*insns)),
	};
	union bpf_attr attr = {0};

	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info = (uintptr_t)&info;
	attr.info.info_len = sizeof(info);
	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr)))
		return 0;
	*id = info.id;
	return info.xlated_prog_len / (uint32_t)sizeof(*insns);
}

static char *bpftool(uint32_t id)
{
	struct grown g = {0};
	char line[1024];
	FILE *f;

	snprintf(line, sizeof(line), "bpftool prog dump xlated id %u 2>&1", id);
	f = popen(line, "r");
	grow_text(&g, "", 0);
	while (fgets(line, sizeof(line), f))
		grow_text(&g, line, strlen(line));
	pclose(f);
	return g.text;
}

/* How much of a line to compare: what the kernel calls at an address is not known to us. */
static size_t line_size(const char *line)
{
	size_t size = strcspn(line, "\n");
	const char *call = strstr(line, "(85) call ");

	if (!call || call > line + size)
		return size;
	return !strncmp(call + 10, "pc", 2) ? strcspn(line, "#\n") : (size_t)(call - line);
}

/* A bpftool older than the kernel does not know the newest instructions. */
static bool is_old(const char *bpftool)
{
	size_t size = strcspn(bpftool, "\n");
	const char *bug = strstr(bpftool, ": BUG_");
	const char *percpu = strstr(bpftool, "(bf) r0 = r0\n");

	return (bug && bug < bpftool + size) || (percpu && percpu < bpftool + size);
}

static bool same_lines(const char *a, const char *b)
{
	while (*a && *b) {
		size_t size_a = line_size(a), size_b = line_size(b);

		if (!is_old(b) && (size_a != size_b || memcmp(a, b, size_a))) {
			printf("# ours:    %.*s\n# bpftool: %.*s\n", (int)size_a, a, (int)size_b,
			       b);
			return false;
		}
		a += strcspn(a, "\n");
		b += strcspn(b, "\n");
		a += *a == '\n';
		b += *b == '\n';
	}
	return !*a && !*b;
}

/* The Debian 12 bpftool is older than the instructions of 6.6. */
static bool bpftool_knows_v4(void)
{
	unsigned int major = 0, minor = 0;
	FILE *f = popen("bpftool --version", "r");
	bool read = fscanf(f, "bpftool v%u.%u", &major, &minor) == 2;

	pclose(f);
	return read && (major > 7 || (major == 7 && minor >= 3));
}

static void compare_dump(const char *name, int fd)
{
	static const struct disasm_opts opts = {
		.exact = true, .loaded = true, .numbers = true, .codes = true};
	struct bpf_insn insns[1024];
	struct grown ours = {0};
	char fact[128], *theirs;
	uint32_t n, id = 0;

	snprintf(fact, sizeof(fact), "%s_is_printed_as_bpftool_does", name);
	if (system("command -v bpftool >/dev/null")) {
		tap_skip(fact, "bpftool is not here");
		return;
	}
	if (!strcmp(name, "v4") && !bpftool_knows_v4()) {
		tap_skip(fact, "bpftool is older than 7.3");
		return;
	}
	n = dump(fd, insns, 1024, &id);
	theirs = bpftool(id);
	grow_text(&ours, "", 0);
	listing_print(&opts, insns, n, grow_text, &ours);
	ok(n && same_lines(ours.text, theirs), fact);
	free(theirs);
	free(ours.text);
}

/* The log hides fds and shows addresses. */
static bool is_hidden(const struct bpf_insn *insn)
{
	return insn->code == 0x18 && insn->src_reg;
}

/* Each instruction as we print it stands in the log. */
static bool log_says(const struct bpf_insn *insns, uint32_t n)
{
	static const struct disasm_opts opts = {.exact = true};

	for (uint32_t i = 0; i < n; i += disasm_slots(&insns[i], n - i, false)) {
		char text[128], line[192];
		int size;

		if (is_hidden(&insns[i]))
			continue;
		disasm_insn(&opts, insns, n, i, text, sizeof(text));
		size = snprintf(line, sizeof(line), "\n%u: (%02x) %s", i, insns[i].code, text);
		if (!strstr(log_text, line) || !strchr(" \n", strstr(log_text, line)[size])) {
			printf("# not in the log: %s\n", line + 1);
			return false;
		}
	}
	return true;
}

static bool log_assembles(const struct bpf_insn *insns, uint32_t n)
{
	struct insn_err err;
	struct flat flat;
	bool same = !flat_assemble(parser, log_text, strlen(log_text), &flat, &err) && flat.n == n;

	for (uint32_t i = 0; same && i < n; i += disasm_slots(&insns[i], n - i, false))
		same = is_hidden(&insns[i]) || !memcmp(&flat.insns[i], &insns[i], 8);
	if (!same)
		printf("# %d:%d: %s\n# %s\n", err.line, err.col, err.msg, err.source);
	flat_free(&flat);
	return same;
}

static void compare(const char *name, const char *text)
{
	struct insn_err err;
	struct flat flat;
	char fact[128];
	int fd;

	snprintf(fact, sizeof(fact), "log_of_%s_has_our_text", name);
	if (flat_assemble(parser, text, strlen(text), &flat, &err)) {
		ok(false, fact);
		printf("# %d:%d: %s\n", err.line, err.col, err.msg);
		return;
	}
	for (uint32_t i = 0; i < flat.n; i++) {
		if (is_hidden(&flat.insns[i]) && flat.insns[i].src_reg <= 2)
			flat.insns[i].imm = map_fd;
	}
	fd = load(flat.insns, flat.n);
	if (fd < 0) {
		char why[128];

		snprintf(why, sizeof(why), "this kernel refuses the program: %s", strerror(errno));
		tap_skip(fact, why);
	} else {
		ok(log_says(flat.insns, flat.n), fact);
		snprintf(fact, sizeof(fact), "log_of_%s_assembles", name);
		ok(log_assembles(flat.insns, flat.n), fact);
		compare_dump(name, fd);
		close(fd);
	}
	flat_free(&flat);
}

static const struct {
	const char *name, *text;
} programs[] = {
	{"alu64", "r0 = 7\nr1 = 3\nr0 += r1\nr0 -= 1\nr0 *= -5\nr0 /= 3\nr0 |= 8\nr0 &= r1\n"
		  "r0 <<= 2\nr0 >>= 1\nr0 = -r0\nr0 %= 7\nr0 ^= r1\nr0 s>>= 1\nr0 = r1\nexit\n"},
	{"alu32", "w0 = 7\nw1 = 3\nw0 += w1\nw0 -= 1\nw0 *= -5\nw0 /= 3\nw0 |= 8\nw0 &= w1\n"
		  "w0 <<= 2\nw0 >>= 1\nw0 = -w0\nw0 %= 7\nw0 ^= w1\nw0 s>>= 1\nw0 = w1\nexit\n"},
	{"v4",
	 "r0 = 7\nr1 = 3\nr0 s/= r1\nr0 s%= 4\nw0 s/= w1\nw0 s%= 5\nr0 = (s8)r1\nr0 = (s16)r1\n"
	 "r0 = (s32)r1\nw0 = (s8)w1\nw0 = (s16)w1\nr0 = bswap16 r0\nr0 = bswap32 r0\n"
	 "r0 = bswap64 r0\ngotol pc+0\nexit\n"},
	{"endian", "r0 = 7\nr0 = be16 r0\nr0 = be32 r0\nr0 = be64 r0\nr0 = le16 r0\nr0 = le32 r0\n"
		   "r0 = le64 r0\nexit\n"},
	{"memory",
	 "r1 = -1\n*(u64 *)(r10 -8) = r1\n*(u32 *)(r10 -16) = r1\n*(u16 *)(r10 -12) = r1\n"
	 "*(u8 *)(r10 -10) = r1\n*(u8 *)(r10 -9) = 5\n*(u64 *)(r10 -16) = -7\n"
	 "*(u16 *)(r10 -2) = 3\n*(u32 *)(r10 -4) = 4\nr0 = *(u64 *)(r10 -8)\n"
	 "r0 = *(u32 *)(r10 -8)\nr0 = *(u16 *)(r10 -8)\nr0 = *(u8 *)(r10 -8)\n"
	 "r0 = *(s32 *)(r10 -8)\nr0 = *(s16 *)(r10 -8)\nr0 = *(s8 *)(r10 -8)\nexit\n"},
	{"atomics",
	 "r1 = 1\n*(u64 *)(r10 -8) = r1\nr0 = 1\nlock *(u64 *)(r10 -8) += r1\n"
	 "lock *(u64 *)(r10 -8) |= r1\nlock *(u64 *)(r10 -8) &= r1\n"
	 "lock *(u64 *)(r10 -8) ^= r1\nlock *(u32 *)(r10 -8) += r1\n"
	 "r1 = atomic64_fetch_add((u64 *)(r10 -8), r1)\n"
	 "r1 = atomic64_fetch_or((u64 *)(r10 -8), r1)\n"
	 "r1 = atomic_fetch_and((u32 *)(r10 -8), r1)\n"
	 "r1 = atomic_fetch_xor((u32 *)(r10 -8), r1)\n"
	 "r1 = atomic64_xchg((u64 *)(r10 -8), r1)\nr1 = atomic_xchg((u32 *)(r10 -8), r1)\n"
	 "r0 = atomic64_cmpxchg((u64 *)(r10 -8), r0, r1)\n"
	 "r0 = atomic_cmpxchg((u32 *)(r10 -8), r0, r1)\nexit\n"},
	{"acquire_release", "r1 = 1\n*(u64 *)(r10 -8) = r1\nr0 = load_acquire((u64 *)(r10 -8))\n"
			    "store_release((u32 *)(r10 -8), r1)\nexit\n"},
	{"jumps",
	 "r0 = *(u32 *)(r1 +0)\nr2 = *(u32 *)(r1 +4)\nif r0 == 5 goto pc+1\nif r0 > r2 goto pc+0\n"
	 "if r0 >= 0xffffffff goto pc+0\nif r0 & 3 goto pc+0\nif r0 != r2 goto pc+0\n"
	 "if r0 s> -1 goto pc+0\nif r0 s>= r2 goto pc+0\nif r0 < 3 goto pc+0\n"
	 "if r0 <= r2 goto pc+0\nif r0 s< 3 goto pc+0\nif r0 s<= r2 goto pc+0\n"
	 "if w0 == 5 goto pc+0\nif w0 s> w2 goto pc+0\nif w0 & w2 goto out\nr0 = 1\n"
	 "goto pc+1\nout: r0 = 2\nexit\n"},
	{"branches",
	 "r0 = *(u32 *)(r1 +0)\nr2 = *(u32 *)(r1 +4)\nif r0 > 7 goto a\nif r2 == 1 goto b\n"
	 "a: r0 += 1\nif r2 < 9 goto b\nr0 = 3\nb: exit\n"},
	{"wide", "r0 = 0x1122334455667788 ll\nr1 = 5 ll\nr2 = -1 ll\nexit\n"},
	{"map", "r1 = map[fd:0]\nr2 = r10\nr2 += -4\nw0 = 0\n*(u32 *)(r2 +0) = r0\n"
		"call bpf_map_lookup_elem\nif r0 == 0 goto pc+1\nr0 = *(u64 *)(r0 +0)\nexit\n"},
	{"map_value", "r1 = map[fd:0][0]+8\nr0 = *(u64 *)(r1 +0)\nexit\n"},
	{"packet", "r6 = r1\nr0 = *(u16 *)skb[12]\nr7 = 1\nr0 = *(u8 *)skb[r7 + 2]\nexit\n"},
	{"subprograms", "r1 = 1\ncall pc+2\ncall f\nexit\nr0 = r1\nexit\nf: r0 = 3\nexit\n"},
	{"helpers",
	 "call bpf_ktime_get_ns\ncall bpf_get_prandom_u32#7\ncall bpf_get_smp_processor_id\n"
	 "r0 = 0\nexit\n"},
	{"may_goto", "r0 = 0\nl: r0 += 1\nmay_goto pc+1\ngoto l\nr0 = 5\nexit\n"},
};

int main(void)
{
	map_fd = make_map();
	if (map_fd < 0) {
		tap_skip("programs_are_printed_as_bpftool_does", strerror(errno));
		return tap_done();
	}
	parser = parse_open();
	for (size_t i = 0; i < sizeof(programs) / sizeof(*programs); i++)
		compare(programs[i].name, programs[i].text);
	parse_close(parser);
	close(map_fd);
	return tap_done();
}
