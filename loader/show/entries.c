// SPDX-License-Identifier: MIT
/*
 * Gathers the entries of a map and sorts them by key. Makes its lookups through hewn.h; knows
 * nothing of how an entry looks.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/show/entries.h"
#include "loader/show/value.h"

static uint32_t round8(uint32_t size)
{
	return (size + 7) & ~7u;
}

bool show_map_can(uint32_t type)
{
	switch (type) {
	case BPF_MAP_TYPE_HASH:
	case BPF_MAP_TYPE_ARRAY:
	case BPF_MAP_TYPE_PERCPU_HASH:
	case BPF_MAP_TYPE_PERCPU_ARRAY:
	case BPF_MAP_TYPE_LRU_HASH:
	case BPF_MAP_TYPE_LRU_PERCPU_HASH:
	case BPF_MAP_TYPE_LPM_TRIE:
		return true;
	default:
		return false;
	}
}

bool entries_per_cpu(uint32_t type)
{
	return type == BPF_MAP_TYPE_PERCPU_HASH || type == BPF_MAP_TYPE_PERCPU_ARRAY ||
	       type == BPF_MAP_TYPE_LRU_PERCPU_HASH;
}

/* ── Gathering ── */

static int prepare(struct entries *entries, const struct show_map *map, struct hewn_err *err)
{
	uint64_t stride;

	memset(entries, 0, sizeof(*entries));
	entries->map = map;
	entries->per_cpu = entries_per_cpu(map->type);
	entries->is_array =
		map->type == BPF_MAP_TYPE_ARRAY || map->type == BPF_MAP_TYPE_PERCPU_ARRAY;
	entries->has_key_type =
		map->btf && map->key_type && btf_size(map->btf, map->key_type) == map->key_size;
	entries->has_value_type = map->btf && map->value_type &&
				  btf_size(map->btf, map->value_type) == map->value_size;
	entries->n_values = entries->per_cpu ? map->n_cpus : 1;
	if (!show_map_can(map->type))
		return err_set(err, -EOPNOTSUPP, "map %s: entries of type %u cannot be listed",
			       map->name, map->type);
	if (!map->key_size || !map->value_size || map->key_size > INT32_MAX ||
	    map->value_size > INT32_MAX)
		return err_set(err, -EINVAL, "map %s: keys of %u bytes, values of %u", map->name,
			       map->key_size, map->value_size);
	if (!entries->n_values || entries->n_values > 1u << 16)
		return err_set(err, -EINVAL, "map %s: a value a CPU, of %u CPUs", map->name,
			       entries->n_values);
	if (entries->is_array && map->key_size != sizeof(uint32_t))
		return err_set(err, -EINVAL, "map %s: an array's keys of %u bytes, want 4",
			       map->name, map->key_size);
	entries->key_room = round8(map->key_size);
	entries->value_room = round8(map->value_size);
	stride = entries->key_room + (uint64_t)entries->n_values * entries->value_room;
	if (stride > SIZE_MAX / 4)
		return err_set(err, -EFBIG, "map %s: an entry of %llu bytes", map->name,
			       (unsigned long long)stride);
	entries->stride = (size_t)stride;
	return 0;
}

/* Room for one entry more, zeroed; NULL: out of memory. */
static uint8_t *entries_next(struct entries *entries)
{
	if (entries->n == entries->room) {
		size_t room = entries->room ? 2 * entries->room : 16;
		uint8_t *bytes = room < SIZE_MAX / entries->stride
					 ? realloc(entries->bytes, room * entries->stride)
					 : NULL;

		if (!bytes)
			return NULL;
		entries->bytes = bytes;
		entries->room = room;
	}
	return memset(entries->bytes + entries->n * entries->stride, 0, entries->stride);
}

/* The value of the key that is in the entry. What a program has just deleted is left out. */
static int look_up(struct entries *entries, int fd, uint8_t *entry, struct hewn_err *err)
{
	int ret = hewn_map_lookup(fd, entry, entry + entries->key_room);

	if (!ret)
		entries->n++;
	else if (ret != -ENOENT)
		return err_set(err, ret, "map %s: an entry cannot be read", entries->map->name);
	return 0;
}

static int gather_array(struct entries *entries, int fd, struct hewn_err *err)
{
	int ret = 0;

	for (uint32_t i = 0; !ret && i < entries->map->max_entries; i++) {
		uint8_t *entry = entries_next(entries);

		if (!entry)
			return err_nomem(err);
		memcpy(entry, &i, sizeof(i));
		ret = look_up(entries, fd, entry, err);
	}
	return ret;
}

/*
 * When the key it stands on is deleted, the kernel begins again with the first: keys may come
 * twice, and a busy map might never end. So there is a limit, and sorting finds what came twice.
 */
static int gather_keys(struct entries *entries, int fd, struct hewn_err *err)
{
	uint8_t *last = malloc(entries->key_room);
	uint64_t left = 2 * (uint64_t)entries->map->max_entries + 1000;
	bool is_first = true;
	int ret = 0;

	if (!last)
		return err_nomem(err);
	while (!ret && left--) {
		uint8_t *entry = entries_next(entries);

		if (!entry) {
			ret = err_nomem(err);
			break;
		}
		ret = hewn_map_next_key(fd, is_first ? NULL : last, entry);
		if (ret) {
			ret = ret == -ENOENT
				      ? 0
				      : err_set(err, ret, "map %s: its keys cannot be listed",
						entries->map->name);
			break;
		}
		memcpy(last, entry, entries->map->key_size);
		is_first = false;
		ret = look_up(entries, fd, entry, err);
	}
	free(last);
	return ret;
}

/* ── Many at a time: BPF_MAP_LOOKUP_BATCH (5.6), five times faster than one by one ── */

#define BATCH	  256
#define MAX_BATCH (1u << 20)

struct batch {
	uint32_t n;		/* entries that fit */
	uint32_t value_size;	/* as the kernel lays them out: only those of CPUs are rounded up */
	uint8_t *keys, *values; /* owned */
	uint8_t *at, *next;	/* where the kernel is in the map: 4 bytes, or a key; owned */
};

static void batch_close(struct batch *batch)
{
	free(batch->keys);
	free(batch->values);
	free(batch->at);
	free(batch->next);
}

static int batch_open(struct batch *batch, const struct entries *entries, uint32_t n)
{
	uint64_t value_size = entries->per_cpu ? (uint64_t)entries->value_room * entries->n_values
					       : entries->map->value_size;

	memset(batch, 0, sizeof(*batch));
	if (value_size > SIZE_MAX / 4 / n || value_size > UINT32_MAX ||
	    entries->key_room > SIZE_MAX / 4 / n)
		return -ENOMEM;
	batch->n = n;
	batch->value_size = (uint32_t)value_size;
	batch->keys = malloc((size_t)n * entries->map->key_size);
	batch->values = malloc((size_t)n * batch->value_size);
	batch->at = malloc(entries->key_room);
	batch->next = malloc(entries->key_room);
	if (batch->keys && batch->values && batch->at && batch->next)
		return 0;
	batch_close(batch);
	return -ENOMEM;
}

/* Asks for the next ones. *n: how many came. -ENOENT: these were the last. */
static int batch_read(struct batch *batch, int fd, bool is_first, uint32_t *n)
{
	union bpf_attr attr;
	uint8_t *at = batch->at;
	int ret;

	memset(&attr, 0, sizeof(attr));
	attr.batch.in_batch = is_first ? 0 : (uintptr_t)batch->at;
	attr.batch.out_batch = (uintptr_t)batch->next;
	attr.batch.keys = (uintptr_t)batch->keys;
	attr.batch.values = (uintptr_t)batch->values;
	attr.batch.count = batch->n;
	attr.batch.map_fd = (uint32_t)fd;
	ret = hewn_bpf(BPF_MAP_LOOKUP_BATCH, &attr,
		       offsetof(union bpf_attr, batch.flags) + sizeof(attr.batch.flags));
	*n = ret && ret != -ENOENT ? 0 : attr.batch.count < batch->n ? attr.batch.count : batch->n;
	if (!ret) {
		batch->at = batch->next;
		batch->next = at;
	}
	return ret;
}

static int batch_keep(const struct batch *batch, struct entries *entries, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		uint8_t *entry = entries_next(entries);

		if (!entry)
			return -ENOMEM;
		memcpy(entry, batch->keys + (size_t)i * entries->map->key_size,
		       entries->map->key_size);
		memcpy(entry + entries->key_room, batch->values + (size_t)i * batch->value_size,
		       batch->value_size);
		entries->n++;
	}
	return 0;
}

/* Returns 0; -ENOSPC: a bucket of the hash has more than n entries; or what the kernel says. */
static int gather_batches(struct entries *entries, int fd, uint32_t size)
{
	struct batch batch;
	uint32_t n;
	bool is_first = true;
	int ret = batch_open(&batch, entries, size), kept;

	if (ret)
		return ret;
	do {
		ret = batch_read(&batch, fd, is_first, &n);
		is_first = false;
		kept = batch_keep(&batch, entries, n);
	} while (!ret && !kept);
	batch_close(&batch);
	return kept ? kept : ret == -ENOENT ? 0 : ret;
}

static int gather_hash(struct entries *entries, int fd, struct hewn_err *err)
{
	int ret = -ENOSPC;

	for (uint32_t n = BATCH; ret == -ENOSPC && n <= MAX_BATCH; n *= 4) {
		entries->n = 0;
		ret = gather_batches(entries, fd, n);
	}
	if (!ret)
		return 0;
	entries->n = 0; /* an older kernel, or too little memory for batches: one by one, which says
			   what is wrong */
	return gather_keys(entries, fd, err);
}

/* ── Sorting ── */

static int compare_bytes(const struct btf *btf, uint32_t id, const uint8_t *a, const uint8_t *b,
			 uint32_t size)
{
	const struct btf_head *type = btf_type(btf, btf_skip(btf, id));
	const struct btf_member *members = btf_body(type);
	const uint32_t *word = btf_body(type);
	uint64_t x, y;

	switch (btf_kind(type)) {
	case BTF_INT:
		if (meaning_of(btf, id) && !meaning_of(btf, id)->is_number)
			return memcmp(a, b, size); /* an address: as in a packet */
		if (size != 1 && size != 2 && size != 4 && size != 8)
			return memcmp(a, b, size);
		x = value_load(a, size, *word >> 24 & 1);
		y = value_load(b, size, *word >> 24 & 1);
		if (*word >> 24 & 1)
			return (int64_t)x < (int64_t)y ? -1 : (int64_t)x > (int64_t)y;
		return x < y ? -1 : x > y;
	case BTF_STRUCT:
		for (uint32_t i = 0; i < btf_vlen(type); i++) {
			uint32_t off = btf_member_bit(type, &members[i]) / 8;
			int64_t each = btf_size(btf, members[i].type);
			int order;

			if (each < 0 || off + (uint64_t)each > size ||
			    btf_member_bits(type, &members[i]))
				return memcmp(a, b, size);
			order = compare_bytes(btf, members[i].type, a + off, b + off,
					      (uint32_t)each);
			if (order)
				return order;
		}
		return memcmp(a, b,
			      size); /* what lies between the members makes keys differ, too */
	default:
		return memcmp(a, b, size);
	}
}

static _Thread_local const struct entries
	*sorted; /* qsort() hands nothing on, and qsort_r() is not everywhere */

static int by_key(const void *a, const void *b)
{
	const struct show_map *map = sorted->map;

	if (!sorted->has_key_type)
		return memcmp(a, b, map->key_size);
	return compare_bytes(map->btf, map->key_type, a, b, map->key_size);
}

static void sort(struct entries *entries)
{
	size_t kept = 0;

	if (entries->is_array || !entries->n)
		return;
	sorted = entries;
	qsort(entries->bytes, entries->n, entries->stride, by_key);
	for (size_t i = 0; i < entries->n; i++) {
		if (kept && !memcmp(entry_at(entries, kept - 1), entry_at(entries, i),
				    entries->map->key_size))
			continue;
		if (kept != i)
			memcpy(entry_at(entries, kept), entry_at(entries, i), entries->stride);
		kept++;
	}
	entries->n = kept;
}

/* ── The whole ── */

int entries_open(struct entries *entries, const struct show_map *map, int fd, struct hewn_err *err)
{
	int ret = prepare(entries, map, err);

	if (!ret)
		ret = entries->is_array ? gather_array(entries, fd, err)
					: gather_hash(entries, fd, err);
	if (!ret)
		sort(entries);
	return ret;
}

void entries_close(struct entries *entries)
{
	free(entries->bytes);
	memset(entries, 0, sizeof(*entries));
}
