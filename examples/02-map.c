// SPDX-License-Identifier: MIT
/*
 * A map: memory that the kernel keeps, and that programs and processes share. A hash from user ids to
 * counters is made, filled, walked and emptied, each with one call of bpf(2). No program yet.
 *
 * Needs root (CAP_BPF).
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <hewn.h>

static int failed(const char *what, int ret)
{
	fprintf(stderr, "%s: %s\n", what, strerror(-ret));
	return 1;
}

int main(void)
{
	const uint32_t uids[] = { 0, 1000, 65534 };
	uint32_t uid, next;
	uint64_t count;
	int fd, ret;

	/* BPF_MAP_CREATE: what it is, how wide a key and a value are, and how many there can be */
	fd = hewn_map_create(BPF_MAP_TYPE_HASH, "counts", sizeof(uint32_t), sizeof(uint64_t), 1024, 0);
	if (fd < 0)
		return failed("BPF_MAP_CREATE", fd);

	for (size_t i = 0; i < sizeof(uids) / sizeof(uids[0]); i++) {
		count = 10 * (i + 1);
		ret = hewn_map_update(fd, &uids[i], &count, BPF_NOEXIST); /* refuses a key that is there */
		if (ret)
			return failed("BPF_MAP_UPDATE_ELEM", ret);
	}
	ret = hewn_map_update(fd, &uids[0], &count, BPF_NOEXIST);
	printf("a second BPF_NOEXIST of the same key: %s\n", strerror(-ret));
	if (ret != -EEXIST)
		return failed("BPF_MAP_UPDATE_ELEM", ret);

	/* A hash is walked key by key, in an order of its own; -ENOENT is the end. */
	ret = hewn_map_next_key(fd, NULL, &next);
	while (!ret) {
		uid = next;
		ret = hewn_map_lookup(fd, &uid, &count);
		if (ret)
			return failed("BPF_MAP_LOOKUP_ELEM", ret);
		printf("uid %5u: %llu\n", uid, (unsigned long long)count);
		ret = hewn_map_next_key(fd, &uid, &next);
	}
	if (ret != -ENOENT)
		return failed("BPF_MAP_GET_NEXT_KEY", ret);

	ret = hewn_map_delete(fd, &uids[1]);
	if (ret)
		return failed("BPF_MAP_DELETE_ELEM", ret);
	ret = hewn_map_lookup(fd, &uids[1], &count);
	printf("uid %5u after deleting it: %s\n", uids[1], strerror(-ret));
	close(fd); /* the last fd: the map is gone, and what was in it */
	return ret == -ENOENT ? 0 : 1;
}
