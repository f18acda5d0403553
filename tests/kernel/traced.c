// SPDX-License-Identifier: MIT
/*
 * traced FILE COMMAND [ARG...]: runs a command and writes to FILE each of its calls that a plan can have, with all the bytes
 * that it points to, so that the calls of two programs can be held side by side. What must differ between them is
 * written alike: an fd is the number of the call that made it, a process's number in a text is PID.
 *
 * Follows neither children nor threads. Leaves out what belongs to no plan: reading maps and rings, other files, and the
 * set of a loop, which has other sets in it and no rings.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <linux/perf_event.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loader/abi/abi.h"

#define MAX_FDS 4096

/* On 32 bits the offset is in units of 4096 bytes. */
#ifdef SYS_mmap2
#define CALL_MMAP   SYS_mmap2
#define OFFSET_UNIT 4096u
#else
#define CALL_MMAP   SYS_mmap
#define OFFSET_UNIT 1u
#endif

static pid_t child;
static FILE *out;
static struct {
	unsigned int made;  /* by which call, from 1; 0: by none that is written */
	bool is_file;       /* of tracefs */
	bool is_set;        /* of epoll; written when the first ring is added */
	uint32_t type, key_size, value_size; /* of a map */
} fds[MAX_FDS];
static unsigned int n_calls;

/* ── the child's memory ── */

/* Zeros where it cannot be read. The result is static. */
static const uint8_t *peek(uint64_t address, size_t size)
{
	static uint8_t *bytes;
	static size_t room;
	struct iovec here, there = { (void *)(uintptr_t)address, size };

	if (size + 1 > room) {
		free(bytes);
		room = size + 4096;
		bytes = malloc(room);
		if (!bytes)
			exit(125);
	}
	memset(bytes, 0, size + 1);
	here = (struct iovec){ bytes, size };
	if (size && process_vm_readv(child, &here, 1, &there, 1, 0) < 0)
		memset(bytes, 0, size);
	return bytes;
}

static const char *peek_string(uint64_t address)
{
	static char text[4096];

	for (size_t n = 0; n < sizeof(text) - 1; n++) {
		text[n] = (char)*peek(address + n, 1);
		text[n + 1] = 0;
		if (!text[n])
			break;
	}
	return text;
}

static void put_hex(const uint8_t *bytes, size_t size)
{
	for (size_t i = 0; i < size; i++)
		fprintf(out, "%02x", bytes[i]);
}

static void put_fd(int64_t fd)
{
	if (fd >= 0 && fd < MAX_FDS && fds[fd].made)
		fprintf(out, "#%u", fds[fd].made);
	else
		fprintf(out, "%" PRId64, fd);
}

/* A text in which ten digits are a process. */
static void put_text(const char *text)
{
	putc('"', out);
	while (*text)
		if (strspn(text, "0123456789") == 10) {
			fputs("PID", out);
			text += 10;
		} else {
			putc(*text++, out);
		}
	putc('"', out);
}

/* ── bpf(2) ── */

static uint64_t field_of(uint32_t cmd, const char *name, const uint8_t *attr, size_t size)
{
	const struct abi_field *field = abi_field(cmd, name);

	return field ? abi_get(field, attr, size) : 0;
}

static bool holds_fds(uint32_t type)
{
	return type == BPF_MAP_TYPE_PROG_ARRAY || type == BPF_MAP_TYPE_PERF_EVENT_ARRAY || type == BPF_MAP_TYPE_CGROUP_ARRAY ||
	       type == BPF_MAP_TYPE_ARRAY_OF_MAPS || type == BPF_MAP_TYPE_HASH_OF_MAPS;
}

static void put_insns(uint64_t address, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		struct bpf_insn insn;

		memcpy(&insn, peek(address + 8 * (uint64_t)i, 8), 8);
		if (insn.code == (BPF_LD | BPF_DW | BPF_IMM) && (insn.src_reg == BPF_PSEUDO_MAP_FD || insn.src_reg == BPF_PSEUDO_MAP_VALUE)) {
			put_fd(insn.imm);
			insn.imm = 0;
		}
		put_hex((const uint8_t *)&insn, sizeof(insn));
	}
}

/* What a pointer of an attr leads to. */
static void put_pointed(uint32_t cmd, const struct abi_field *field, const uint8_t *attr, size_t size)
{
	const uint64_t at = abi_get(field, attr, size), map = field_of(cmd, "map_fd", attr, size);
	const char *const name = field->name;
	char count[64];
	uint32_t fd;

	if (!strcmp(name, "insns")) {
		put_insns(at, (uint32_t)field_of(cmd, "insn_cnt", attr, size));
	} else if (!strcmp(name, "btf")) {
		const size_t n = (size_t)field_of(cmd, "btf_size", attr, size);
		put_hex(peek(at, n), n);
	} else if (!strcmp(name, "func_info") || !strcmp(name, "line_info")) {
		snprintf(count, sizeof(count), "%s_cnt", name);
		const size_t n = (size_t)field_of(cmd, count, attr, size);
		snprintf(count, sizeof(count), "%s_rec_size", name);
		const size_t each = (size_t)field_of(cmd, count, attr, size);
		put_hex(peek(at, n * each), n * each);
	} else if (!strcmp(name, "license") || !strcmp(name, "name") || !strcmp(name, "pathname")) {
		put_text(peek_string(at));
	} else if (!strcmp(name, "key") && map < MAX_FDS) {
		put_hex(peek(at, fds[map].key_size), fds[map].key_size);
	} else if (!strcmp(name, "value") && map < MAX_FDS && holds_fds(fds[map].type)) {
		memcpy(&fd, peek(at, 4), 4);
		put_fd(fd);
	} else if (!strcmp(name, "value") && map < MAX_FDS) {
		put_hex(peek(at, fds[map].value_size), fds[map].value_size);
	} else {
		fputs("pointer", out);
	}
}

static void put_attr(uint32_t cmd, uint64_t address, size_t size)
{
	const struct abi_field *fields = cmd == ABI_PERF_ATTR ? abi_perf_attr : abi_cmd(cmd) ? abi_cmd(cmd)->fields : NULL;
	uint8_t attr[256] = { 0 };
	uint32_t type;

	if (size > sizeof(attr))
		size = sizeof(attr);
	memcpy(attr, peek(address, size), size);
	memcpy(&type, attr, sizeof(type));
	for (const struct abi_field *f = fields; f && f->name; f++) {
		const uint64_t value = abi_get(f, attr, size);

		if (!abi_meant(cmd, f, attr, size) || (f->kind != ABI_STRING && !value))
			continue;
		fprintf(out, " %s=", f->name);
		if (f->kind == ABI_STRING)
			put_text((const char *)attr + f->off);
		else if (f->kind == ABI_FD)
			put_fd((int64_t)value);
		else if (cmd == ABI_PERF_ATTR && !strcmp(f->name, "config1") && type > PERF_TYPE_BREAKPOINT)
			put_text(peek_string(value));
		else if (f->kind == ABI_PTR)
			put_pointed(cmd, f, attr, size);
		else
			fprintf(out, "%" PRIu64, value);
	}
	fprintf(out, " (%zu bytes)", size);
}

/* ── calls ── */

struct entered {
	uint64_t nr, args[6];
	bool is_written;
	uint32_t type, key_size, value_size;
};

static bool enter_bpf(struct entered *call)
{
	const uint32_t cmd = (uint32_t)call->args[0];
	const size_t size = (size_t)(uint32_t)call->args[2];

	if (cmd == BPF_MAP_LOOKUP_ELEM || cmd == BPF_MAP_GET_NEXT_KEY || cmd == 24 /* BPF_MAP_LOOKUP_BATCH */)
		return false;
	if (cmd == BPF_MAP_CREATE) {
		uint8_t attr[16];

		memcpy(attr, peek(call->args[1], sizeof(attr)), sizeof(attr));
		call->type = (uint32_t)field_of(cmd, "map_type", attr, sizeof(attr));
		call->key_size = (uint32_t)field_of(cmd, "key_size", attr, sizeof(attr));
		call->value_size = (uint32_t)field_of(cmd, "value_size", attr, sizeof(attr));
	}
	fprintf(out, "bpf %s", abi_cmd(cmd) ? abi_cmd(cmd)->name : "?");
	put_attr(cmd, call->args[1], size);
	return true;
}

/* A file of tracefs that steps of a plan open; what a planner reads is not. */
static bool is_tracefs(const char *path)
{
	if (strstr(path, "/available_filter_functions"))
		return false;
	return !strncmp(path, "/sys/kernel/tracing/", 20) || !strncmp(path, "/sys/kernel/debug/tracing/", 26);
}

/* Writes a call with what it gets; false: it is not one of a plan. */
static bool enter(struct entered *call)
{
	const uint64_t *a = call->args;
	struct epoll_event event;

	switch (call->nr) {
	case SYS_bpf:
		return enter_bpf(call);
	case SYS_perf_event_open: {
		uint32_t size;

		memcpy(&size, peek(a[0] + 4, 4), 4);
		fputs("perf_event_open", out);
		put_attr(ABI_PERF_ATTR, a[0], size);
		fprintf(out, " pid %d cpu %d group %d flags %" PRIu64, (int)a[1], (int)a[2], (int)a[3], a[4]);
		return true;
	}
	case SYS_ioctl:
		if ((a[1] >> 8 & 0xff) != '$')
			return false;
		fprintf(out, "ioctl ");
		put_fd((int)a[0]);
		fprintf(out, " %#" PRIx64 " ", a[1]);
		put_fd((int64_t)a[2]);
		return true;
	case CALL_MMAP:
		if ((a[3] & 3) != MAP_SHARED)
			return false;
		fprintf(out, "mmap %" PRIu64 " bytes, prot %" PRIu64 " flags %" PRIu64 " of ", a[1], a[2], a[3]);
		put_fd((int)a[4]);
		fprintf(out, " at %" PRIu64, a[5] * OFFSET_UNIT);
		return true;
	case SYS_epoll_ctl:
		if (a[0] >= MAX_FDS || a[2] >= MAX_FDS || !fds[a[2]].made || fds[a[2]].is_set)
			return false;
		if (!fds[a[0]].made) {
			fds[a[0]].made = ++n_calls;
			fprintf(out, "epoll_create1 = #%u\n", n_calls);
		}
		memcpy(&event, peek(a[3], sizeof(event)), sizeof(event));
		fputs("epoll_ctl ", out);
		put_fd((int)a[0]);
		fprintf(out, " %" PRIu64 " ", a[1]);
		put_fd((int)a[2]);
		fprintf(out, " %u %" PRIu64, event.events, event.data.u64);
		return true;
	case SYS_openat:
		if (!is_tracefs(peek_string(a[1])))
			return false;
		fprintf(out, "openat %d ", (int)a[0]);
		put_text(peek_string(a[1]));
		fprintf(out, " %#" PRIx64 " %" PRIu64, a[2], a[3]);
		return true;
	case SYS_read:
	case SYS_write:
	case SYS_close:
		if (a[0] >= MAX_FDS || !fds[a[0]].is_file)
			return false;
		fputs(call->nr == SYS_read ? "read " : call->nr == SYS_write ? "write " : "close ", out);
		put_fd((int)a[0]);
		if (call->nr == SYS_read)
			fprintf(out, " %" PRIu64, a[2]);
		if (call->nr == SYS_write) {
			putc(' ', out);
			put_text((const char *)peek(a[1], (size_t)a[2]));
		}
		return true;
	case SYS_unlinkat:
	case SYS_mkdirat:
		fputs(call->nr == SYS_mkdirat ? "mkdirat " : "unlinkat ", out);
		put_text(peek_string(a[1]));
		fprintf(out, " %" PRIu64, a[2]);
		return true;
	default:
		return false;
	}
}

static bool makes_fd(const struct entered *call)
{
	const uint32_t cmd = (uint32_t)call->args[0];

	if (call->nr != SYS_bpf)
		return call->nr == SYS_perf_event_open || call->nr == SYS_openat;
	return cmd == BPF_MAP_CREATE || cmd == BPF_PROG_LOAD || cmd == BPF_BTF_LOAD || cmd == BPF_LINK_CREATE || cmd == BPF_OBJ_GET ||
	       cmd == BPF_RAW_TRACEPOINT_OPEN || cmd == BPF_BTF_GET_FD_BY_ID || cmd == BPF_ITER_CREATE;
}

static void leave(const struct entered *call, int64_t result)
{
	if (call->nr == SYS_close && call->args[0] < MAX_FDS)
		memset(&fds[call->args[0]], 0, sizeof(fds[0]));
	if (call->nr == SYS_epoll_create1 && result >= 0 && result < MAX_FDS)
		fds[result].is_set = true;
	if (!call->is_written)
		return;
	n_calls++;
	if (result < 0) {
		fprintf(out, " = %s\n", call->nr == CALL_MMAP ? "failed" : strerror((int)-result));
		return;
	}
	if (!makes_fd(call)) {
		fputs(" = ok\n", out);
		return;
	}
	if (result < MAX_FDS) {
		fds[result].made = n_calls;
		fds[result].is_file = call->nr == SYS_openat;
		fds[result].type = call->type;
		fds[result].key_size = call->key_size;
		fds[result].value_size = call->value_size;
	}
	fprintf(out, " = #%u\n", n_calls);
}

static int trace(void)
{
	struct entered call = { 0 };
	int status;

	for (;;) {
		struct __ptrace_syscall_info info = { 0 };
		int signal = 0;

		if (waitpid(child, &status, 0) < 0)
			return 125;
		if (WIFEXITED(status) || WIFSIGNALED(status))
			return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
		if (WSTOPSIG(status) != (SIGTRAP | 0x80)) {
			signal = WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
		} else if (ptrace(PTRACE_GET_SYSCALL_INFO, child, (void *)sizeof(info), &info) > 0) {
			if (info.op == PTRACE_SYSCALL_INFO_ENTRY) {
				call = (struct entered){ .nr = info.entry.nr };
				for (int i = 0; i < 6; i++)
					call.args[i] = info.entry.args[i];
				call.is_written = enter(&call);
			} else if (info.op == PTRACE_SYSCALL_INFO_EXIT) {
				leave(&call, info.exit.rval);
			}
		}
		ptrace(PTRACE_SYSCALL, child, NULL, (void *)(uintptr_t)signal);
	}
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 3)
		return 125;
	out = fopen(argv[1], "we");
	child = out ? fork() : -1;
	if (child < 0)
		return 125;
	if (!child) {
		ptrace(PTRACE_TRACEME, 0, NULL, NULL);
		raise(SIGSTOP);
		execvp(argv[2], argv + 2);
		_exit(127);
	}
	if (waitpid(child, &status, 0) < 0 || !WIFSTOPPED(status))
		return 125;
	ptrace(PTRACE_SETOPTIONS, child, NULL, (void *)(uintptr_t)(PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL));
	ptrace(PTRACE_SYSCALL, child, NULL, NULL);
	status = trace();
	return fclose(out) ? 125 : status;
}
