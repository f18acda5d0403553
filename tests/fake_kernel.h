// SPDX-License-Identifier: MIT
/*
 * A kernel that only keeps books: it defines sys_trap(), so the archive's own is not linked. It hands out
 * fds and mappings, takes them back, writes what a test tells it to, and fails the call that a test names.
 */
#ifndef TESTS_FAKE_KERNEL_H
#define TESTS_FAKE_KERNEL_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/kernel/sys.h"

#define FAKE_FIRST_FD 100
#define FAKE_MAX      4096

static struct {
	bool open[FAKE_MAX];       /* by fd - FAKE_FIRST_FD */
	int next_fd, n_open, n_mapped, n_probes, n_pins, n_calls;
	int fail_at;               /* this call, counted from 1; 0: none */
	int fail_with;             /* errno */
	int fail_n;                /* so many calls from there on; 0: one */
	int fail_cmd;              /* instead: every bpf(2) call of this command + 1 */
	bool is_old;               /* before 4.15: no BTF, and attrs of programs end before their names */
	const char *no_folder;     /* no file can be opened whose path begins so */
	const char *log;           /* not NULL: only PROG_LOADs fail, and write this into their log */
	int bad_closes;
	uint32_t maps[FAKE_MAX][5]; /* type, key size, value size, entries, flags */
	uint64_t extra[FAKE_MAX];   /* map_extra */
	uint32_t version;           /* as 0x060c00, 0: new; fake_reset() keeps it */
	bool (*takes_btf)(const void *bytes, uint32_t size); /* NULL: any; else BTF_LOAD fails with EINVAL */
	const char *btfs[8];        /* the names of BTF by id - 1; "-": it goes as it is opened; NULL ends */
	uint32_t btf_of[FAKE_MAX];  /* id of a BTF's fd; 0: another's */
	char trace[65536];         /* a line a call */
} fake;

static inline void fake_reset(void)
{
	const uint32_t version = fake.version;

	memset(&fake, 0, sizeof(fake));
	fake.version = version;
}

/* Everything that was taken was given back. */
static inline bool fake_is_clean(void)
{
	return !fake.n_open && !fake.n_mapped && !fake.n_probes && !fake.n_pins && !fake.bad_closes;
}

static inline long fake_fd(void)
{
	if (fake.next_fd >= FAKE_MAX)
		return -EMFILE;
	fake.open[fake.next_fd] = true;
	fake.n_open++;
	return FAKE_FIRST_FD + fake.next_fd++;
}

static inline long fake_close(long fd)
{
	long i = fd - FAKE_FIRST_FD;

	if (i < 0 || i >= FAKE_MAX || !fake.open[i]) {
		fake.bad_closes++;
		return -EBADF;
	}
	fake.open[i] = false;
	fake.n_open--;
	return 0;
}

/* BTF_GET_NEXT_ID: { u32 start, next } */
static inline long fake_next_btf(uint8_t *attr)
{
	uint32_t start;

	memcpy(&start, attr, sizeof(start));
	if (start >= sizeof(fake.btfs) / sizeof(*fake.btfs) || !fake.btfs[start])
		return -ENOENT;
	start++;
	memcpy(attr + 4, &start, sizeof(start));
	return 0;
}

static inline long fake_open_btf(const uint8_t *attr)
{
	uint32_t id;
	long fd;

	memcpy(&id, attr, sizeof(id));
	if (!id || id > sizeof(fake.btfs) / sizeof(*fake.btfs) || !strcmp(fake.btfs[id - 1], "-"))
		return -ENOENT;
	fd = fake_fd();
	if (fd >= 0)
		fake.btf_of[fd - FAKE_FIRST_FD] = id;
	return fd;
}

/* struct bpf_btf_info; BTF without a name is a program's. */
static inline long fake_btf_info(uint32_t id, uint8_t *info)
{
	uint32_t kernel = fake.btfs[id - 1][0] != '\0';
	uint64_t name;

	memcpy(&name, info + 16, sizeof(name));
	strcpy((char *)(uintptr_t)name, fake.btfs[id - 1]);
	memcpy(info + 28, &kernel, sizeof(kernel));
	return 0;
}

static inline long fake_bpf(const long a[6])
{
	uint8_t *attr = (uint8_t *)(uintptr_t)a[1];
	uint64_t info;
	uint32_t fd, size, kind;

	switch (a[0]) {
	case 0: { /* MAP_CREATE */
		long made = fake_fd();

		if (made < 0)
			return made;
		memcpy(fake.maps[made - FAKE_FIRST_FD], attr, a[2] < 20 ? (size_t)a[2] : 20);
		if (a[2] >= 72)
			memcpy(&fake.extra[made - FAKE_FIRST_FD], attr + 64, 8);
		kind = fake.maps[made - FAKE_FIRST_FD][0];
		if ((kind == 14 || kind == 25) && (!fake.version || fake.version >= 0x050300)) /* DEVMAP, DEVMAP_HASH */
			fake.maps[made - FAKE_FIRST_FD][4] |= 128; /* BPF_F_RDONLY_PROG */
		return made;
	}
	case 18: { /* BTF_LOAD: { u64 btf, log_buf; u32 size } */
		memcpy(&info, attr, sizeof(info));
		memcpy(&fd, attr + 16, sizeof(fd));
		if (fake.takes_btf && !fake.takes_btf((const void *)(uintptr_t)info, fd))
			return -EINVAL;
		return fake_fd();
	}
	case 5:  /* PROG_LOAD */
	case 17: /* RAW_TRACEPOINT_OPEN */
	case 28: /* LINK_CREATE */
		return fake_fd();
	case 6:  /* OBJ_PIN */
		fake.n_pins++;
		return 0;
	case 7:  /* OBJ_GET: nothing is pinned */
		return -ENOENT;
	case 15: /* OBJ_GET_INFO_BY_FD: { u32 fd, len; u64 info } */
		memcpy(&info, attr + 8, sizeof(info));
		memcpy(&fd, attr, sizeof(fd));
		if (!info || fd < FAKE_FIRST_FD || fd >= FAKE_FIRST_FD + FAKE_MAX)
			return -EBADF;
		if (fake.btf_of[fd - FAKE_FIRST_FD])
			return fake_btf_info(fake.btf_of[fd - FAKE_FIRST_FD], (uint8_t *)(uintptr_t)info);
		memcpy((void *)(uintptr_t)info, fake.maps[fd - FAKE_FIRST_FD], 4); /* struct bpf_map_info: type, id, … */
		memcpy((uint8_t *)(uintptr_t)info + 8, &fake.maps[fd - FAKE_FIRST_FD][1], 16);
		memcpy(&size, attr + 4, sizeof(size));
		if (size >= 88)
			memcpy((uint8_t *)(uintptr_t)info + 80, &fake.extra[fd - FAKE_FIRST_FD], 8);
		return 0;
	case 19: /* BTF_GET_FD_BY_ID */
		return fake_open_btf(attr);
	case 23:
		return fake_next_btf(attr);
	default:
		return 0;
	}
}

long sys_trap(enum plan_call call, const long a[6])
{
	size_t used = strlen(fake.trace);
	bool fail;

	fake.n_calls++;
	snprintf(fake.trace + used, sizeof(fake.trace) - used, "%s(%ld)\n", plan_call_name(call), a[0]);
	fail = fake.fail_at && fake.n_calls >= fake.fail_at &&
	       fake.n_calls < fake.fail_at + (fake.fail_n ? fake.fail_n : 1);
	fail = fail && (!fake.log || (call == CALL_BPF && a[0] == 5));
	fail |= fake.fail_cmd && call == CALL_BPF && a[0] + 1 == fake.fail_cmd;
	if (fail && call != CALL_CLOSE && call != CALL_MUNMAP && call != CALL_UNLINKAT) {
		if (fake.log && call == CALL_BPF && a[0] == 5) {
			uint64_t log = 0;

			memcpy(&log, (const uint8_t *)(uintptr_t)a[1] + 32, a[2] >= 40 ? sizeof(log) : 0);
			if (log)
				strcpy((char *)(uintptr_t)log, fake.log);
		}
		return -fake.fail_with;
	}
	switch (call) {
	case CALL_BPF:
		if (fake.is_old && (a[0] == 18 || (a[0] == 5 && a[2] > 48)))
			return a[0] == 5 ? -E2BIG : -EINVAL;
		return fake_bpf(a);
	case CALL_OPENAT:
		if (fake.no_folder && !strncmp((const char *)(uintptr_t)a[1], fake.no_folder, strlen(fake.no_folder)))
			return -ENOENT;
		return fake_fd();
	case CALL_PERF_EVENT_OPEN:
	case CALL_EPOLL_CREATE1:
		return fake_fd();
	case CALL_CLOSE:
		return fake_close(a[0]);
	case CALL_MMAP:
		fake.n_mapped++;
		return 0x10000;
	case CALL_MUNMAP:
		fake.n_mapped--;
		return 0;
	case CALL_READ:
		strcpy((char *)(uintptr_t)a[1], "1234\n");
		return 5;
	case CALL_WRITE: /* kprobe_events */
		fake.n_probes += ((const char *)(uintptr_t)a[1])[0] == '-' ? -1 : 1;
		return a[2];
	case CALL_MKDIRAT: /* of the pins: it goes as they do */
		fake.n_pins++;
		return 0;
	case CALL_UNLINKAT:
		fake.n_pins--;
		return 0;
	default:
		return 0;
	}
}

#endif
