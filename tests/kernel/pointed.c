// SPDX-License-Identifier: MIT
/*
 * pointed FILE COMMAND [ARG...]: runs a command, and writes to FILE each bpf(2) and perf_event_open(2) that it or a child
 * of it makes, with the bytes of the attr and of all that the attr points to: what strace(1) prints as an address. The
 * command may be strace itself: this asks for the calls by seccomp's notifications (5.5) and not by ptrace(2), so both
 * see one run. A line of JSON a call:
 *
 *	{"call":"bpf","args":[2,140733193388032,32],"attr":"…","pointed":{"8":"00000000","16":"…"}}
 *
 * in which the keys of "pointed" are offsets in the attr; at "24*" are the texts that an array of addresses at 24 leads to.
 * SIGINT and SIGTERM go on to who made the last call.
 * Knows the attrs by the table below, which is its own: nothing is taken from the loader, whose calls these are.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/filter.h>
#include <linux/perf_event.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static FILE *out;
static volatile pid_t caller;
static const char *sep; /* before the next of "pointed" */

/* ── what attrs point to ── */

enum what {
	TEXT,    /* up to its NUL */
	BYTES,   /* as many as the number at `n` says, times `each` */
	RECORDS, /* the number at `n`, times the number at `size` */
	TEXTS,   /* `n` addresses of texts */
	KEY,     /* of the map whose fd is at `n` */
	VALUE,
	FDS,     /* as many as the instructions ask for */
};

/* Numbers have four bytes. `when`: only where the attach type is that. */
static const struct pointer {
	uint32_t cmd;
	uint32_t off;
	enum what what;
	uint32_t n, each, size, when;
} pointers[] = {
	{ BPF_MAP_LOOKUP_ELEM, 8, KEY, 0, 0, 0, 0 },
	{ BPF_MAP_UPDATE_ELEM, 8, KEY, 0, 0, 0, 0 },
	{ BPF_MAP_UPDATE_ELEM, 16, VALUE, 0, 0, 0, 0 },
	{ BPF_MAP_DELETE_ELEM, 8, KEY, 0, 0, 0, 0 },
	{ BPF_PROG_LOAD, 8, BYTES, 4, 8, 0, 0 },          /* insns */
	{ BPF_PROG_LOAD, 16, TEXT, 0, 0, 0, 0 },          /* license */
	{ BPF_PROG_LOAD, 80, RECORDS, 88, 0, 76, 0 },     /* func_info */
	{ BPF_PROG_LOAD, 96, RECORDS, 104, 0, 92, 0 },    /* line_info */
	{ BPF_PROG_LOAD, 120, FDS, 4, 0, 0, 0 },          /* fd_array */
	{ BPF_PROG_LOAD, 128, RECORDS, 116, 0, 136, 0 },  /* core_relos */
	{ BPF_OBJ_PIN, 0, TEXT, 0, 0, 0, 0 },
	{ BPF_OBJ_GET, 0, TEXT, 0, 0, 0, 0 },
	{ BPF_OBJ_GET_INFO_BY_FD, 8, BYTES, 4, 1, 0, 0 }, /* info: sizes and addresses for what comes back */
	{ BPF_RAW_TRACEPOINT_OPEN, 0, TEXT, 0, 0, 0, 0 },
	{ BPF_BTF_LOAD, 0, BYTES, 16, 1, 0, 0 },
	{ 28 /* BPF_LINK_CREATE */, 16, BYTES, 24, 1, 0, 28 /* BPF_TRACE_ITER */ },
	{ 28, 24, TEXTS, 20, 0, 0, 42 /* BPF_TRACE_KPROBE_MULTI */ },
	{ 28, 32, BYTES, 20, 8, 0, 42 },                  /* addrs */
	{ 28, 40, BYTES, 20, 8, 0, 42 },                  /* cookies */
	{ 28, 24, TEXTS, 20, 0, 0, 56 /* BPF_TRACE_KPROBE_SESSION */ },
	{ 28, 32, BYTES, 20, 8, 0, 56 },
	{ 28, 40, BYTES, 20, 8, 0, 56 },
	{ 28, 16, TEXT, 0, 0, 0, 48 /* BPF_TRACE_UPROBE_MULTI */ },
	{ 28, 24, BYTES, 48, 8, 0, 48 },                  /* offsets */
	{ 28, 32, BYTES, 48, 8, 0, 48 },                  /* ref_ctr_offsets */
	{ 28, 40, BYTES, 48, 8, 0, 48 },                  /* cookies */
};

/* ── the caller's memory ── */

/* The caller frees it; what cannot be read is not there, and *size less. */
static uint8_t *peek(uint64_t address, size_t *size)
{
	uint8_t *bytes = calloc(1, *size + 1);
	struct iovec here = { bytes, *size }, there = { (void *)(uintptr_t)address, *size };
	ssize_t n = bytes && *size ? process_vm_readv(caller, &here, 1, &there, 1, 0) : 0;

	if (!bytes)
		exit(125);
	*size = n < 0 ? 0 : (size_t)n;
	return bytes;
}

static uint64_t number(const uint8_t *bytes, size_t size, uint32_t off, uint32_t width)
{
	uint32_t four = 0;
	uint64_t eight = 0;

	if (off + width > size)
		return 0;
	memcpy(width == 8 ? (void *)&eight : (void *)&four, bytes + off, width);
	return width == 8 ? eight : four;
}

static void put_hex(const uint8_t *bytes, size_t size)
{
	putc('"', out);
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
	putc('"', out);
}

static void put_bytes(uint64_t address, size_t size)
{
	uint8_t *bytes = peek(address, &size);

	put_hex(bytes, size);
	free(bytes);
}

static void put_text(uint64_t address)
{
	uint8_t text[4096];
	size_t n = 0, one = 1;

	while (n < sizeof(text)) {
		uint8_t *c = peek(address + n, &one);

		text[n] = *c;
		free(c);
		if (one != 1 || !text[n++])
			break;
	}
	put_hex(text, n);
}

/* ── sizes that the attr does not have ── */

/* A number of /proc/PID/fdinfo/FD, from the kernel. */
static uint32_t fact(uint64_t fd, const char *key)
{
	char path[64], line[256];
	uint32_t value = 0;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%" PRIu64, caller, fd);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (!strncmp(line, key, strlen(key)) && line[strlen(key)] == ':')
			value = (uint32_t)strtoul(line + strlen(key) + 1, NULL, 0);
	if (file)
		fclose(file);
	return value;
}

#define ALL_CPUS 16 /* BPF_F_ALL_CPUS, 7.0: one value for all */

static size_t value_size(uint64_t fd, uint64_t flags)
{
	const size_t size = fact(fd, "value_size");
	unsigned int first, last = 0;
	FILE *file;

	switch (flags & ALL_CPUS ? 0 : fact(fd, "map_type")) {
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		file = fopen("/sys/devices/system/cpu/possible", "re"); /* "0-1" */
		if (file && fscanf(file, "%u-%u", &first, &last) < 1)
			last = 0;
		if (file)
			fclose(file);
		return (size + 7) / 8 * 8 * (last + 1);
	default:
		return size;
	}
}

/* How many fds the instructions take from fd_array: those of modules' functions, and of maps by their place. */
static size_t n_fds(const uint8_t *attr, size_t size)
{
	size_t n = 8 * (size_t)number(attr, size, 4, 4), top = 0;
	uint8_t *bytes = peek(number(attr, size, 8, 8), &n);

	for (size_t i = 0; i + 8 <= n; i += 8) {
		struct bpf_insn insn;
		size_t place = 0;

		memcpy(&insn, bytes + i, sizeof(insn));
		if (insn.code == (BPF_JMP | BPF_CALL) && insn.src_reg == 2 && insn.off > 0)
			place = (size_t)insn.off;
		if (insn.code == (BPF_LD | BPF_DW | BPF_IMM) && (insn.src_reg == 5 || insn.src_reg == 6))
			place = (size_t)insn.imm;
		top = place > top ? place : top;
	}
	free(bytes);
	return top + 1;
}

/* ── calls ── */

static void put_texts(uint32_t off, uint64_t address, size_t n)
{
	size_t size = 8 * n;
	uint8_t *array = peek(address, &size);

	fprintf(out, ",\"%u*\":[", off);
	for (size_t i = 0; i + 8 <= size; i += 8) {
		fputs(i ? "," : "", out);
		put_text(number(array, size, (uint32_t)i, 8));
	}
	putc(']', out);
	free(array);
}

static void put_pointed(const struct pointer *p, const uint8_t *attr, size_t size)
{
	const uint64_t at = number(attr, size, p->off, 8), n = number(attr, size, p->n, 4);

	if (!at || (p->when && number(attr, size, 8, 4) != p->when))
		return;
	fprintf(out, "%s\"%u\":", sep, p->off);
	sep = ",";
	switch (p->what) {
	case TEXT:
		put_text(at);
		break;
	case BYTES:
		put_bytes(at, (size_t)n * p->each);
		break;
	case RECORDS:
		put_bytes(at, (size_t)n * (size_t)number(attr, size, p->size, 4));
		break;
	case TEXTS:
		put_bytes(at, 8 * (size_t)n);
		put_texts(p->off, at, (size_t)n);
		break;
	case KEY:
		put_bytes(at, fact(n, "key_size"));
		break;
	case VALUE:
		put_bytes(at, value_size(n, number(attr, size, 24, 8)));
		break;
	case FDS:
		put_bytes(at, 4 * n_fds(attr, size));
		break;
	}
}

/* The number of the PMU whose config1 is a text. */
static bool has_text(uint32_t type)
{
	static const char *const paths[] = { "/sys/bus/event_source/devices/kprobe/type", "/sys/bus/event_source/devices/uprobe/type" };
	unsigned int found = 0;

	for (size_t i = 0; i < 2; i++) {
		FILE *file = fopen(paths[i], "re");
		const bool is = file && fscanf(file, "%u", &found) == 1 && found == type;

		if (file)
			fclose(file);
		if (is)
			return true;
	}
	return false;
}

static void put_call(const struct seccomp_data *call)
{
	const bool is_bpf = call->nr == SYS_bpf;
	size_t size = (uint32_t)call->args[2], four = 4;
	uint8_t *attr;

	if (!is_bpf) {
		uint8_t *bytes = peek(call->args[0] + 4, &four);

		size = (size_t)number(bytes, four, 0, 4);
		free(bytes);
	}
	attr = peek(call->args[!is_bpf ? 0 : 1], &size);
	fprintf(out, "{\"call\":\"%s\",\"args\":[", is_bpf ? "bpf" : "perf_event_open");
	for (int i = 0; i < (is_bpf ? 3 : 5); i++)
		fprintf(out, "%s%" PRIu64, i ? "," : "", (uint64_t)call->args[i]);
	fputs("],\"attr\":", out);
	put_hex(attr, size);
	fputs(",\"pointed\":{", out);
	sep = "";
	for (size_t i = 0; is_bpf && i < sizeof(pointers) / sizeof(pointers[0]); i++)
		if (pointers[i].cmd == (uint32_t)call->args[0])
			put_pointed(&pointers[i], attr, size);
	if (!is_bpf && number(attr, size, 56, 8) && has_text((uint32_t)number(attr, size, 0, 4))) {
		fputs("\"56\":", out);
		put_text(number(attr, size, 56, 8));
	}
	fputs("}}\n", out);
	free(attr);
}

/* ── the notifications ── */

/* In the child: from here on its calls wait until they are written. The fd is shared with the parent until exec. */
static int listen_to_calls(void)
{
	struct sock_filter insns[] = {
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_bpf, 1, 0),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_perf_event_open, 0, 1),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	const struct sock_fprog prog = { sizeof(insns) / sizeof(insns[0]), insns };

	return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &prog);
}

static void pass_on(int number)
{
	if (caller)
		kill(caller, number);
}

/* Until nobody is left; that is known when the child was waited for. Returns how it ended. */
static int write_calls(int listener, pid_t child)
{
	const struct sigaction action = { .sa_handler = pass_on, .sa_flags = SA_RESTART };
	bool ended = false;
	int status = 0;

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	for (;;) {
		struct pollfd ready = { .fd = listener, .events = POLLIN };
		struct seccomp_notif call;
		struct seccomp_notif_resp answer;

		if (poll(&ready, 1, 50) < 0 && errno != EINTR)
			break;
		if (!ended)
			ended = waitpid(child, &status, WNOHANG) == child;
		if (ended && ready.revents & POLLHUP) /* 5.9 */
			break;
		memset(&call, 0, sizeof(call));
		if (!(ready.revents & POLLIN) || ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &call))
			continue;
		caller = (pid_t)call.pid;
		put_call(&call.data);
		memset(&answer, 0, sizeof(answer));
		answer.id = call.id;
		answer.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
		ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &answer);
	}
	return status;
}

int main(int argc, char **argv)
{
	int pair[2], listener = -1, status;
	pid_t child;

	out = argc > 2 ? fopen(argv[1], "we") : NULL;
	if (!out || pipe(pair))
		return 125;
	child = (pid_t)syscall(SYS_clone, CLONE_FILES | SIGCHLD, NULL, NULL, NULL, NULL);
	if (child < 0)
		return 125;
	if (!child) {
		listener = listen_to_calls();
		if (write(pair[1], &listener, sizeof(listener)) == sizeof(listener) && listener >= 0)
			execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (read(pair[0], &listener, sizeof(listener)) != sizeof(listener) || listener < 0) {
		fprintf(stderr, "pointed: no notifications of seccomp here (5.5, CONFIG_SECCOMP_FILTER)\n");
		return 125;
	}
	status = write_calls(listener, child);
	return fclose(out) ? 125 : WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
