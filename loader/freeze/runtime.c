// SPDX-License-Identifier: MIT
/*
 * The parts of the generated file that are always the same, each written only where something uses it. C in
 * strings: knows nothing of what is frozen but its name.
 */
#include "loader/freeze/freeze.h"

static const struct {
	enum freeze_use use;
	const char *text;
} parts[] = {
	{ USE_INSN,
	  "/* An instruction of eBPF. Which of its registers is in the lower half of a byte is the byte order's. */\n"
	  "struct insn {\n"
	  "\tuint8_t code, regs;\n"
	  "\tint16_t off;\n"
	  "\tint32_t imm;\n"
	  "};\n"
	  "#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n"
	  "#define REGS(dst, src) ((dst) << 4 | (src))\n"
	  "#else\n"
	  "#define REGS(dst, src) ((dst) | (src) << 4)\n"
	  "#endif\n" },
	{ USE_PERF_BIT,
	  "/* The bits of struct perf_event_attr, counted from the first that it declares. */\n"
	  "#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n"
	  "#define PERF_BIT(n) (1ull << (63 - (n)))\n"
	  "#else\n"
	  "#define PERF_BIT(n) (1ull << (n))\n"
	  "#endif\n" },
	{ USE_LOG,
	  "/* Where the verifier says why it refuses a program. Memory that is not written to costs none. */\n"
	  "static char verifier_log[UINT32_MAX >> 8];\n" },
	{ USE_CALL,
	  "static int call(long ret)\n"
	  "{\n"
	  "\treturn ret < 0 ? -errno : (int)ret;\n"
	  "}\n" },
	{ USE_BPF,
	  "static int sys_bpf(int cmd, void *attr, unsigned int size)\n"
	  "{\n"
	  "\treturn call(syscall(SYS_bpf, cmd, attr, size));\n"
	  "}\n" },
	{ USE_BPF_AGAIN,
	  "/* The same again on EAGAIN, at most so many times: a signal came while the verifier worked. */\n"
	  "static int sys_bpf_again(int cmd, void *attr, unsigned int size, int times)\n"
	  "{\n"
	  "\tint ret;\n"
	  "\n"
	  "\tdo\n"
	  "\t\tret = sys_bpf(cmd, attr, size);\n"
	  "\twhile (ret == -EAGAIN && times-- > 0);\n"
	  "\treturn ret;\n"
	  "}\n" },
	{ USE_PTR,
	  "static uint64_t ptr(const void *p)\n"
	  "{\n"
	  "\treturn (uintptr_t)p;\n"
	  "}\n" },
	{ USE_PERF,
	  "static int sys_perf_event_open(void *attr, int pid, int cpu)\n"
	  "{\n"
	  "\treturn call(syscall(SYS_perf_event_open, attr, pid, cpu, -1, 8 /* PERF_FLAG_FD_CLOEXEC */));\n"
	  "}\n" },
	{ USE_IOCTL,
	  "static int sys_ioctl(int fd, unsigned long request, long arg)\n"
	  "{\n"
	  "\treturn call(syscall(SYS_ioctl, fd, request, arg));\n"
	  "}\n" },
	{ USE_WATCH,
	  "static int watch(int epoll, int fd, int cpu)\n"
	  "{\n"
	  "\tstruct epoll_event event = { .events = EPOLLIN };\n"
	  "\n"
	  "\tevent.data.u64 = (uint64_t)cpu;\n"
	  "\treturn call(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event));\n"
	  "}\n" },
	{ USE_PAGES,
	  "/* Looked up here: the size of a page. */\n"
	  "static size_t page_size(void)\n"
	  "{\n"
	  "\treturn (size_t)getpagesize();\n"
	  "}\n" },
	{ USE_WHOLE,
	  "/* The size of a ring buffer is a power of two, and whole pages. */\n"
	  "static uint32_t whole_pages(uint32_t wanted)\n"
	  "{\n"
	  "\tuint32_t size = (uint32_t)page_size();\n"
	  "\n"
	  "\twhile (size < wanted && size << 1)\n"
	  "\t\tsize <<= 1;\n"
	  "\treturn size;\n"
	  "}\n" },
	{ USE_MAP,
	  "static int map_memory(void **memory, int fd, size_t size, int prot, off_t off)\n"
	  "{\n"
	  "\t*memory = mmap(NULL, size, prot, MAP_SHARED, fd, off);\n"
	  "\treturn *memory == MAP_FAILED ? -errno : 0;\n"
	  "}\n" },
	{ USE_ARENA,
	  "/* At a place of its own choice (0x100000: MAP_FIXED_NOREPLACE), or anywhere. */\n"
	  "static int map_arena(void **memory, uint64_t place, int fd, size_t size)\n"
	  "{\n"
	  "\t*memory = mmap((void *)(uintptr_t)place, size, PROT_READ | PROT_WRITE, MAP_SHARED | (place ? 0x100000 : 0), fd, 0);\n"
	  "\treturn *memory == MAP_FAILED ? -errno : 0;\n"
	  "}\n" },
	{ USE_UNMAP,
	  "static void unmap(void **memory, size_t size)\n"
	  "{\n"
	  "\tif (*memory != MAP_FAILED)\n"
	  "\t\tmunmap(*memory, size);\n"
	  "\t*memory = MAP_FAILED;\n"
	  "}\n" },
	{ USE_READ,
	  "/* A small file as text: what fits, ended by a zero. */\n"
	  "static int read_text(const char *path, char *text, size_t size)\n"
	  "{\n"
	  "\tint fd = call(syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0)), n;\n"
	  "\n"
	  "\tif (fd < 0)\n"
	  "\t\treturn fd;\n"
	  "\tn = call(syscall(SYS_read, fd, text, size - 1));\n"
	  "\tsyscall(SYS_close, fd);\n"
	  "\ttext[n < 0 ? 0 : n] = 0;\n"
	  "\treturn n < 0 ? n : 0;\n"
	  "}\n" },
	{ USE_NUMBER,
	  "/* Decimal digits at *text, which moves behind them; -1: none. */\n"
	  "static int take_number(const char **text)\n"
	  "{\n"
	  "\tint n = -1;\n"
	  "\n"
	  "\tfor (; **text >= '0' && **text <= '9' && n < 100000000; (*text)++)\n"
	  "\t\tn = (n < 0 ? 0 : n) * 10 + (**text - '0');\n"
	  "\treturn n;\n"
	  "}\n" },
	{ USE_CPUS,
	  "/* Looked up here: which CPUs there may be, a list like 0-3,8. */\n"
	  "static char possible_cpus[1024];\n"
	  "\n"
	  "static bool is_possible(int cpu, int *highest)\n"
	  "{\n"
	  "\tconst char *list = possible_cpus;\n"
	  "\tbool found = false;\n"
	  "\n"
	  "\twhile (*list) {\n"
	  "\t\tconst int first = take_number(&list);\n"
	  "\t\tint last = first;\n"
	  "\n"
	  "\t\tif (first < 0)\n"
	  "\t\t\tbreak;\n"
	  "\t\tif (*list == '-') {\n"
	  "\t\t\tlist++;\n"
	  "\t\t\tlast = take_number(&list);\n"
	  "\t\t}\n"
	  "\t\tif (cpu >= first && cpu <= last)\n"
	  "\t\t\tfound = true;\n"
	  "\t\tif (highest && last > *highest)\n"
	  "\t\t\t*highest = last;\n"
	  "\t\tif (*list == ',')\n"
	  "\t\t\tlist++;\n"
	  "\t}\n"
	  "\treturn found;\n"
	  "}\n"
	  "\n"
	  "static int count_cpus(void)\n"
	  "{\n"
	  "\tint highest = 0;\n"
	  "\n"
	  "\tif (read_text(\"/sys/devices/system/cpu/possible\", possible_cpus, sizeof(possible_cpus))) {\n"
	  "\t\tunsigned long mask[16] = { 0 }; /* a kernel without sysfs: those that we may run on */\n"
	  "\n"
	  "\t\tsyscall(SYS_sched_getaffinity, 0, sizeof(mask), mask);\n"
	  "\t\tfor (int cpu = 0; cpu < (int)(8 * sizeof(mask)); cpu++)\n"
	  "\t\t\tif (mask[(size_t)cpu / (8 * sizeof(mask[0]))] >> (size_t)cpu % (8 * sizeof(mask[0])) & 1)\n"
	  "\t\t\t\thighest = cpu;\n"
	  "\t\tmemcpy(possible_cpus, \"0-9999999\", 10);\n"
	  "\t} else {\n"
	  "\t\tis_possible(0, &highest);\n"
	  "\t}\n"
	  "\treturn highest + 1;\n"
	  "}\n" },
	{ USE_PMU,
	  "/* Looked up here: the number of a perf PMU. Negative: the kernel has none of this name. */\n"
	  "static int pmu_number(const char *path)\n"
	  "{\n"
	  "\tchar text[64];\n"
	  "\tconst char *at = text;\n"
	  "\tint ret = read_text(path, text, sizeof(text));\n"
	  "\n"
	  "\tif (ret < 0)\n"
	  "\t\treturn ret;\n"
	  "\tif (!strncmp(text, \"config:\", 7))\n"
	  "\t\tat += 7;\n"
	  "\treturn take_number(&at);\n"
	  "}\n" },
	{ USE_VERSION,
	  "/* Looked up here: KERNEL_VERSION of the running kernel, as `uname -r` tells it. */\n"
	  "static uint32_t kernel_version(void)\n"
	  "{\n"
	  "\tstruct utsname name;\n"
	  "\tconst char *at = name.release;\n"
	  "\tint part[3] = { 0, 0, 0 };\n"
	  "\n"
	  "\tuname(&name);\n"
	  "\tfor (int i = 0; i < 3; i++) {\n"
	  "\t\tpart[i] = take_number(&at);\n"
	  "\t\tif (part[i] < 0)\n"
	  "\t\t\tpart[i] = 0;\n"
	  "\t\tif (*at == '.')\n"
	  "\t\t\tat++;\n"
	  "\t}\n"
	  "\treturn (uint32_t)part[0] << 16 | (uint32_t)part[1] << 8 | (uint32_t)(part[2] > 255 ? 255 : part[2]);\n"
	  "}\n" },
	{ USE_PID,
	  "/* The ten zeros in a text become the number of this process. */\n"
	  "static const char *with_pid(char *text)\n"
	  "{\n"
	  "\tchar *at = text;\n"
	  "\tint pid = getpid();\n"
	  "\n"
	  "\twhile (*at && strncmp(at, \"0000000000\", 10) != 0)\n"
	  "\t\tat++;\n"
	  "\tfor (int i = 9; *at && i >= 0; i--, pid /= 10)\n"
	  "\t\tat[i] = (char)('0' + pid % 10);\n"
	  "\treturn text;\n"
	  "}\n" },
	{ USE_TRACEFS,
	  "/* A file of tracefs: at its place, or else at the one that debugfs has for it. */\n"
	  "static int tracefs_open(const char *path, int flags)\n"
	  "{\n"
	  "\tstatic const char *const places[] = { \"/sys/kernel/tracing/\", \"/sys/kernel/debug/tracing/\" };\n"
	  "\tchar full[160];\n"
	  "\tint fd = -ENOENT;\n"
	  "\n"
	  "\tfor (int i = 0; i < 2 && fd == -ENOENT; i++) {\n"
	  "\t\tconst size_t n = strlen(places[i]), more = strlen(path) + 1;\n"
	  "\n"
	  "\t\tif (n + more > sizeof(full))\n"
	  "\t\t\treturn -ENAMETOOLONG;\n"
	  "\t\tmemcpy(full, places[i], n);\n"
	  "\t\tmemcpy(full + n, path, more);\n"
	  "\t\tfd = call(syscall(SYS_openat, AT_FDCWD, full, flags | O_CLOEXEC, 0));\n"
	  "\t}\n"
	  "\treturn fd;\n"
	  "}\n" },
	{ USE_TRACEFS_NUMBER,
	  "/* Looked up here: the number in a file of tracefs. */\n"
	  "static int tracefs_number(const char *path, int64_t *number)\n"
	  "{\n"
	  "\tchar text[32] = { 0 };\n"
	  "\tconst char *at = text;\n"
	  "\tint fd = tracefs_open(path, O_RDONLY), ret;\n"
	  "\n"
	  "\tif (fd < 0)\n"
	  "\t\treturn fd;\n"
	  "\tret = call(syscall(SYS_read, fd, text, sizeof(text) - 1));\n"
	  "\tsyscall(SYS_close, fd);\n"
	  "\t*number = take_number(&at);\n"
	  "\treturn ret < 0 ? ret : *number < 0 ? -EBADMSG : 0;\n"
	  "}\n" },
	{ USE_TRACEFS_WRITE,
	  "static int tracefs_write(const char *path, const char *line)\n"
	  "{\n"
	  "\tint fd = tracefs_open(path, O_WRONLY | O_APPEND), ret;\n"
	  "\n"
	  "\tif (fd < 0)\n"
	  "\t\treturn fd;\n"
	  "\tret = call(syscall(SYS_write, fd, line, strlen(line)));\n"
	  "\tsyscall(SYS_close, fd);\n"
	  "\treturn ret < 0 ? ret : 0;\n"
	  "}\n" },
};

/* What a helper calls is needed too. */
static const struct {
	enum freeze_use use, needs;
} needs[] = {
	{ USE_VERSION, USE_NUMBER }, { USE_PMU, USE_READ },	{ USE_PMU, USE_NUMBER },	     { USE_CPUS, USE_READ },
	{ USE_CPUS, USE_NUMBER },    { USE_WHOLE, USE_PAGES },	{ USE_TRACEFS_NUMBER, USE_NUMBER },  { USE_READ, USE_CALL },
	{ USE_BPF, USE_CALL },	     { USE_PERF, USE_CALL },	{ USE_IOCTL, USE_CALL },	     { USE_WATCH, USE_CALL }, { USE_SET, USE_WATCH },
	{ USE_PERF_RING, USE_PAGES }, { USE_RINGBUF, USE_PAGES },
};

void runtime_helpers(struct freeze *f, FILE *to)
{
	for (size_t i = 0; i < sizeof(needs) / sizeof(needs[0]); i++)
		f->uses[needs[i].needs] |= f->uses[needs[i].use];
	if (f->uses[USE_NOT_MADE] || f->uses[USE_WITHOUT])
		fputs("/* Besides an errno: a call was not made, because what it needs is absent; and: go on without its result. */\n", to);
	if (f->uses[USE_NOT_MADE] && f->uses[USE_WITHOUT])
		fputs("enum { NOT_MADE = -100000, WITHOUT };\n\n", to);
	else if (f->uses[USE_NOT_MADE] || f->uses[USE_WITHOUT])
		fprintf(to, "enum { %s = -100000 };\n\n", f->uses[USE_NOT_MADE] ? "NOT_MADE" : "WITHOUT");
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (f->uses[parts[i].use])
			fprintf(to, "%s\n", parts[i].text);
}

/* ── the walks over the rings ── */

static const char position_text[] =
	"/*\n"
	" * Positions in memory that the kernel writes at the same time. They are read as a word, which is whole on\n"
	" * every machine: of a perf ring's 64 bits the lower half is enough on one of 32 bits.\n"
	" */\n"
	"static unsigned long *position(void *page, size_t off)\n"
	"{\n"
	"#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__\n"
	"\toff += sizeof(uint64_t) - sizeof(unsigned long);\n"
	"#endif\n"
	"\treturn (unsigned long *)(void *)((uint8_t *)page + off);\n"
	"}\n\n";

static const char perf_text[] =
	"/*\n"
	" * A perf ring: a page with positions, and records in a power of two of pages. A record is 8 bytes of header\n"
	" * (type, flags, size) and then, for PERF_RECORD_SAMPLE (9), the size of the data and the data; for\n"
	" * PERF_RECORD_LOST (2), an id and the count. See perf_event_open(2).\n"
	" */\n"
	"typedef int record_fn(struct NAME *o, const void *data, uint32_t size, int cpu);\n"
	"\n"
	"static int perf_walk(struct NAME *o, void *page, size_t size, int cpu, record_fn *fn)\n"
	"{\n"
	"\tstatic uint8_t copy[UINT16_MAX + 1]; /* of a record that goes over the end */\n"
	"\tunsigned long *const at = position(page, 1032 /* data_tail */);\n"
	"\tconst unsigned long head = __atomic_load_n(position(page, 1024 /* data_head */), __ATOMIC_ACQUIRE);\n"
	"\tuint8_t *const data = (uint8_t *)page + page_size();\n"
	"\tunsigned long tail = *at;\n"
	"\tint n = 0, stop = 0;\n"
	"\n"
	"\twhile (tail != head && !stop) {\n"
	"\t\tuint8_t *record = data + (tail & (size - 1));\n"
	"\t\tconst size_t first = size - (tail & (size - 1));\n"
	"\t\tuint32_t type, data_size;\n"
	"\t\tuint16_t record_size;\n"
	"\t\tuint64_t lost;\n"
	"\n"
	"\t\tmemcpy(&type, record, sizeof(type));\n"
	"\t\tmemcpy(&record_size, record + 6, sizeof(record_size));\n"
	"\t\tif (record_size < 8 || record_size > head - tail) {\n"
	"\t\t\ttail = head; /* damaged: nothing before the head can be trusted */\n"
	"\t\t\tstop = -EIO;\n"
	"\t\t\tbreak;\n"
	"\t\t}\n"
	"\t\tif (record_size > first) {\n"
	"\t\t\tmemcpy(copy, record, first);\n"
	"\t\t\tmemcpy(copy + first, data, record_size - first);\n"
	"\t\t\trecord = copy;\n"
	"\t\t}\n"
	"\t\tif (type == 9 && record_size >= 12) {\n"
	"\t\t\tmemcpy(&data_size, record + 8, sizeof(data_size));\n"
	"\t\t\tif (data_size <= record_size - 12u) {\n"
	"\t\t\t\tstop = fn(o, record + 12, data_size, cpu);\n"
	"\t\t\t\tn++;\n"
	"\t\t\t}\n"
	"\t\t} else if (type == 2 && record_size >= 24) {\n"
	"\t\t\tmemcpy(&lost, record + 16, sizeof(lost));\n"
	"\t\t\to->lost += lost;\n"
	"\t\t}\n"
	"\t\ttail += record_size;\n"
	"\t}\n"
	"\t__atomic_store_n(at, tail, __ATOMIC_RELEASE);\n"
	"\treturn stop ? stop : n;\n"
	"}\n\n";

static const char ringbuf_text[] =
	"/*\n"
	" * A BPF ring buffer: a page with the reader's position, one with the writer's, and the data twice in a row, so\n"
	" * that no record is cut. A record is 8 bytes, of which the first 4 are its length and two bits, and its data.\n"
	" * See Documentation/bpf/ringbuf.rst.\n"
	" */\n"
	"static int ringbuf_walk(struct NAME *o, void *consumer, void *producer, size_t size,\n"
	"\t\t\tint (*fn)(struct NAME *o, const void *data, uint32_t size, int cpu))\n"
	"{\n"
	"\tunsigned long *const position_out = consumer, at = *position_out;\n"
	"\tconst unsigned long end = __atomic_load_n((unsigned long *)producer, __ATOMIC_ACQUIRE);\n"
	"\tuint8_t *const data = (uint8_t *)producer + page_size();\n"
	"\tunsigned long pos = at;\n"
	"\tint n = 0, stop = 0;\n"
	"\n"
	"\twhile (pos != end && !stop) {\n"
	"\t\tuint8_t *const record = data + (pos & (size - 1));\n"
	"\t\tconst uint32_t head = __atomic_load_n((uint32_t *)(void *)record, __ATOMIC_ACQUIRE);\n"
	"\t\tconst uint32_t len = head & 0x3fffffff;\n"
	"\n"
	"\t\tif (head >> 31) /* busy: its program is still writing */\n"
	"\t\t\tbreak;\n"
	"\t\tpos += (len + 8 + 7) & ~7ul;\n"
	"\t\tif (head >> 30 & 1) /* discarded */\n"
	"\t\t\tcontinue;\n"
	"\t\tstop = fn(o, record + 8, len, -1);\n"
	"\t\tn++;\n"
	"\t}\n"
	"\t__atomic_store_n(position_out, pos, __ATOMIC_RELEASE);\n"
	"\treturn stop ? stop : n;\n"
	"}\n\n";

/* NAME in the text is the program's. */
static void with_name(const struct freeze *f, const char *text, FILE *to)
{
	for (; *text; text++)
		if (text[0] == 'N' && text[1] == 'A' && text[2] == 'M' && text[3] == 'E' && text[4] != 'T') {
			fputs(f->name, to);
			text += 3;
		} else {
			putc(*text, to);
		}
}

void runtime_ring_walks(struct freeze *f, FILE *to)
{
	if (f->uses[USE_PERF_RING]) {
		fputs(position_text, to);
		with_name(f, perf_text, to);
	}
	if (f->uses[USE_RINGBUF])
		with_name(f, ringbuf_text, to);
}
