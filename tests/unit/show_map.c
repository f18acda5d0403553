// SPDX-License-Identifier: MIT
/* Maps as they are printed, with a kernel that is a list of entries. */
#include <errno.h>
#include <linux/bpf.h>
#include <string.h>

#include "loader/kernel/sys.h"
#include "loader/show/map.h"
#include "tests/btfmake.h"
#include "tests/tap.h"

/* ── the kernel ── */

static struct {
	uint32_t key_size, value_size; /* of all CPUs */
	uint32_t n;
	uint8_t keys[16][16];
	uint8_t values[16][1024];
	uint32_t delete_after; /* lookups; then the first key is gone. 0: never */
	uint32_t lookups;
	int error;	 /* of each lookup */
	uint32_t bucket; /* not 0: the kernel knows batches, and gives no fewer than so many */
} fake;

static void fake_put(const void *key, const void *value)
{
	memcpy(fake.keys[fake.n], key, fake.key_size);
	memcpy(fake.values[fake.n++], value, fake.value_size);
}

static uint32_t fake_find(const void *key)
{
	for (uint32_t i = 0; i < fake.n; i++)
		if (!memcmp(fake.keys[i], key, fake.key_size))
			return i;
	return fake.n;
}

/* As the kernel's hash: whole buckets; where it is, is a number of 4 bytes. */
static long fake_batch(union bpf_attr *attr)
{
	uint32_t at = 0, n = attr->batch.count;

	if (!fake.bucket)
		return -EINVAL;
	if (attr->batch.in_batch)
		memcpy(&at, (void *)(uintptr_t)attr->batch.in_batch, sizeof(at));
	if (n > fake.n - at)
		n = fake.n - at;
	if (attr->batch.count < fake.bucket)
		return -ENOSPC;
	if (n > 2)
		n = 2;
	for (uint32_t i = 0; i < n; i++) {
		memcpy((uint8_t *)(uintptr_t)attr->batch.keys + i * fake.key_size,
		       fake.keys[at + i], fake.key_size);
		memcpy((uint8_t *)(uintptr_t)attr->batch.values + i * fake.value_size,
		       fake.values[at + i], fake.value_size);
	}
	at += n;
	attr->batch.count = n;
	memcpy((void *)(uintptr_t)attr->batch.out_batch, &at, sizeof(at));
	return at == fake.n ? -ENOENT : 0;
}

long sys_trap(enum plan_call call, const long args[6])
{
	const union bpf_attr *attr = (const union bpf_attr *)args[1];
	const void *key = (const void *)(uintptr_t)attr->key;
	uint32_t i;

	(void)call;
	if (args[0] == BPF_MAP_LOOKUP_BATCH)
		return fake_batch((union bpf_attr *)args[1]);
	i = key ? fake_find(key) : fake.n;
	if (args[0] == BPF_MAP_LOOKUP_ELEM) {
		if (fake.error)
			return fake.error;
		if (fake.delete_after && ++fake.lookups == fake.delete_after) {
			fake.keys[i][0] ^= 0x80;
			return -ENOENT;
		}
		if (i == fake.n)
			return -ENOENT;
		memcpy((void *)(uintptr_t)attr->value, fake.values[i], fake.value_size);
		return 0;
	}
	if (args[0] != BPF_MAP_GET_NEXT_KEY)
		return -EINVAL;
	i = i == fake.n ? 0 : i + 1; /* a key that is not there begins again, as in the kernel */
	if (i >= fake.n)
		return -ENOENT;
	memcpy((void *)(uintptr_t)attr->next_key, fake.keys[i], fake.key_size);
	return 0;
}

/* ── the types ── */

static struct btfmake mk;
static struct btf btf;
static uint32_t u32, s32, u64, user, count, hist, slot, data;

static void types(void)
{
	uint32_t v1, v2;

	u32 = mk_int(&mk, "unsigned int", 4, 0);
	s32 = mk_int(&mk, "int", 4, MK_SIGNED);
	u64 = mk_int(&mk, "unsigned long long", 8, 0);
	user = mk_type(&mk, BTF_STRUCT, "user", 1, 4);
	mk_named(&mk, "uid", u32, 0);
	count = mk_type(&mk, BTF_STRUCT, "count", 1, 8);
	mk_named(&mk, "execs", u64, 0);
	hist = mk_type(&mk, BTF_TYPEDEF, "hewn_hist", 0, mk.n_ids + 2);
	mk_array(&mk, u32, 4);
	slot = mk_type(&mk, BTF_TYPEDEF, "hewn_hist", 0, u64);
	v1 = mk_var(&mk, "lost", u32, 1);
	v2 = mk_var(&mk, "limit", s32, 1);
	data = mk_type(&mk, BTF_DATASEC, ".bss", 2, 8);
	mk_secvar(&mk, v1, 0, 4);
	mk_secvar(&mk, v2, 4, 4);
	mk_open(&mk, &btf, NULL);
}

static char *output;
static size_t output_size;

static struct hewn_err err;

static int print(const struct show_map *map, bool json)
{
	FILE *to;
	int ret;

	free(output);
	output = NULL;
	memset(&err, 0, sizeof(err));
	to = open_memstream(&output, &output_size);
	ret = show_map_fd(map, 3, to, json, &err);
	fclose(to);
	return ret;
}

static struct show_map start(uint32_t type, uint32_t key_type, uint32_t value_type,
			     uint32_t value_size)
{
	struct show_map map = {
		.name = "counts",
		.type = type,
		.key_size = 4,
		.value_size = value_size,
		.max_entries = 4,
		.btf = &btf,
		.key_type = key_type,
		.value_type = value_type,
		.n_cpus = 3,
	};

	memset(&fake, 0, sizeof(fake));
	fake.key_size = 4;
	fake.value_size = value_size;
	return map;
}

static void hashes(void)
{
	struct show_map map = start(BPF_MAP_TYPE_HASH, user, count, 8);
	uint64_t values[3] = {7, 1, 30};
	int32_t keys[3] = {1000, 0, -1};

	for (int i = 0; i < 3; i++)
		fake_put(&keys[i], &values[i]);
	eq_int(print(&map, false), 3, "the_number_of_entries_is_returned");
	eq_str(output,
	       "map counts (3 entries)\n"
	       "       UID       EXECS\n"
	       "         0           1\n"
	       "      1000           7\n"
	       "4294967295          30\n",
	       "a_hash_sorted_by_its_key");
	print(&map, true);
	eq_str(output,
	       "{\"map\":\"counts\",\"key\":{\"uid\":0},\"value\":{\"execs\":1}}\n"
	       "{\"map\":\"counts\",\"key\":{\"uid\":1000},\"value\":{\"execs\":7}}\n"
	       "{\"map\":\"counts\",\"key\":{\"uid\":4294967295},\"value\":{\"execs\":30}}\n",
	       "a_line_an_entry_in_json");
	map.key_type = s32;
	print(&map, false);
	has(output, "(3 entries)\n    KEY       EXECS\n     -1          30\n      0           1\n",
	    "signed_keys_in_their_order");
	map.key_type = map.value_type = 0;
	print(&map, false);
	has(output, "KEY  VALUE\n", "without_types_there_are_two_columns");
	has(output, "     0x3e8    0x7\n", "and_numbers_are_hexadecimal");
	map.key_type = u64;
	print(&map, true);
	has(output, "{\"map\":\"counts\",\"key\":\"0x3e8\",\"value\":\"0x7\"}\n",
	    "a_type_of_another_size_is_no_type");
	fake.n = 0;
	eq_int(print(&map, false), 0, "an_empty_map");
	eq_str(output, "map counts (0 entries)\n", "has_a_heading_only");
}

static void busy(void)
{
	struct show_map map = start(BPF_MAP_TYPE_HASH, u32, u32, 4);

	for (uint32_t i = 1; i <= 3; i++)
		fake_put(&i, &i);
	fake.delete_after = 2;
	eq_int(print(&map, false), 3, "a_key_deleted_under_the_hand_brings_nothing_twice");
	start(BPF_MAP_TYPE_HASH, u32, u32, 4);
	fake_put(&(uint32_t){1}, &(uint32_t){1});
	fake.error = -EPERM;
	eq_int(print(&map, false), -EPERM, "a_lookup_that_fails_is_an_error");
	has(err.what, "map counts", "which_names_the_map");
	map.type = BPF_MAP_TYPE_PROG_ARRAY;
	eq_int(print(&map, false), -EOPNOTSUPP, "a_prog_array_has_no_values_to_show");
	map.type = BPF_MAP_TYPE_ARRAY;
	map.key_size = 8;
	eq_int(print(&map, false), -EINVAL, "an_array_with_keys_of_8_bytes");
	map.type = BPF_MAP_TYPE_PERCPU_HASH;
	map.n_cpus = 0;
	eq_int(print(&map, false), -EINVAL, "per_cpu_without_a_number_of_cpus");
}

static void arrays(void)
{
	struct show_map map = start(BPF_MAP_TYPE_ARRAY, u32, u32, 4);
	uint32_t values[4] = {0, 5, 0, 9};

	for (uint32_t i = 0; i < 4; i++)
		fake_put(&i, &values[i]);
	eq_int(print(&map, false), 4, "an_array");
	eq_str(output,
	       "map counts (2 of 4 entries are not zero)\n"
	       "    KEY    VALUE\n"
	       "      1        5\n"
	       "      3        9\n",
	       "its_zeros_are_counted");
	print(&map, true);
	has(output, "{\"map\":\"counts\",\"key\":0,\"value\":0}\n", "in_json_they_are_there");
}

/* The same maps, from a kernel that gives many entries at once. */
static void batches(void)
{
	struct show_map map = start(BPF_MAP_TYPE_HASH, u32, u32, 4);

	for (uint32_t i = 1; i <= 5; i++)
		fake_put(&i, &i);
	fake.bucket = 1;
	fake.error = -EPERM; /* no lookups one by one */
	eq_int(print(&map, false), 5, "several_batches");
	has(output, "      1        1\n      2        2\n", "hold_the_entries");
	fake.bucket = 1000;
	eq_int(print(&map, false), 5, "a_bucket_that_does_not_fit_is_asked_for_with_more_room");
	fake.bucket = UINT32_MAX;
	eq_int(print(&map, false), -EPERM, "a_bucket_that_never_fits_is_read_one_by_one");
	map.type = BPF_MAP_TYPE_PERCPU_HASH;
	map.value_type = 0;
	map.value_size = 3;
	fake.bucket = 1;
	fake.value_size = 24;
	eq_int(print(&map, true), 5, "values_of_cpus_are_rounded_up_in_a_batch");
	fake.n = 0;
	eq_int(print(&map, false), 0, "an_empty_batch");
}

static void per_cpu(void)
{
	struct show_map map = start(BPF_MAP_TYPE_PERCPU_HASH, u32, s32, 4);
	struct {
		int32_t value, room;
	} cpus[3] = {{-1, 0}, {0, 0}, {2, 0}}, zeros[3] = {{0, 0}, {0, 0}, {0, 0}};
	uint32_t key = 7, other = 8;

	fake.value_size = sizeof(cpus);
	fake_put(&key, cpus);
	fake_put(&other, zeros);
	eq_int(print(&map, false), 2, "a_hash_with_a_value_a_cpu");
	eq_str(output,
	       "map counts (2 entries)\n"
	       "    KEY  CPU    VALUE\n"
	       "      7    0       -1\n"
	       "      7    2        2\n"
	       "      8    0        0\n",
	       "a_row_a_cpu_that_is_not_zero");
	print(&map, true);
	has(output, "{\"map\":\"counts\",\"key\":7,\"values\":[-1,0,2]}\n", "all_cpus_in_json");
}

static void variables(void)
{
	struct show_map map = start(BPF_MAP_TYPE_ARRAY, 0, data, 8);
	int32_t values[2] = {3, -4};
	uint32_t zero = 0;

	map.max_entries = 1;
	fake_put(&zero, values);
	print(&map, false);
	eq_str(output, "map counts (2 variables)\nlost = 3\nlimit = -4\n",
	       "a_section_is_a_line_a_variable");
	print(&map, true);
	eq_str(output, "{\"map\":\"counts\",\"value\":{\"lost\":3,\"limit\":-4}}\n",
	       "a_section_in_json");
}

static void histograms(void)
{
	struct show_map map = start(BPF_MAP_TYPE_HASH, u32, hist, 16);
	uint32_t slots[4] = {1, 0, 4, 0}, key = 9;
	uint64_t most = 1ull << 63;

	fake_put(&key, slots);
	print(&map, false);
	has(output, "map counts (1 entry)\nkey 9\n", "a_histogram_has_the_key_above");
	has(output,
	    "   0 .. 1         1 |**********                   "
	    "           |\n",
	    "its_bars_are_to_scale");
	has(output,
	    "   4 .. 7         4 "
	    "|****************************************|\n",
	    "a_slot_is_a_power_of_two");
	ok(!strstr(output, " 8 .. 15"), "it_ends_with_the_last_that_is_not_zero");

	map = start(BPF_MAP_TYPE_ARRAY, u32, slot, 8);
	map.max_entries = 64;
	for (key = 0; key < 64; key++)
		if (key < 16)
			fake_put(&key, key == 10 ? &most : &(uint64_t){0});
	print(&map, false);
	has(output,
	    "1024 .. 2047  9223372036854775808 "
	    "|****************************************|\n",
	    "a_map_whose_key_is_the_slot");
}

int main(void)
{
	types();
	hashes();
	busy();
	arrays();
	batches();
	per_cpu();
	variables();
	histograms();
	btf_close(&btf);
	free(output);
	return tap_done();
}
