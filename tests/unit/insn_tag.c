// SPDX-License-Identifier: MIT
/* insn/tag.c: digests of the standard, and the tags that this machine's kernel reports. */
#include <errno.h>
#include <linux/version.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "tests/tap.h"
#include "insn/sha.h"
#include "insn/tag.h"

static const char *digest(enum sha_kind kind, const char *text, unsigned int times)
{
	static char hex[65];
	uint8_t bytes[32];
	struct sha sha;

	sha_open(&sha, kind);
	while (times--)
		sha_add(&sha, text, strlen(text));
	sha_finish(&sha, bytes);
	for (int i = 0; i < (kind == SHA_1 ? 20 : 32); i++)
		snprintf(hex + 2 * i, 3, "%02x", bytes[i]);
	return hex;
}

static void test_digests(void)
{
	eq_str(digest(SHA_1, "", 0), "da39a3ee5e6b4b0d3255bfef95601890afd80709", "sha1_of_nothing");
	eq_str(digest(SHA_1, "abc", 1), "a9993e364706816aba3e25717850c26c9cd0d89d", "sha1_of_abc");
	eq_str(digest(SHA_1, "a", 1000000), "34aa973cd4c4daa4f61eeb2bdbad27316534016f",
	       "sha1_of_a_million_a");
	eq_str(digest(SHA_256, "abc", 1),
	       "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad", "sha256_of_abc");
	eq_str(digest(SHA_256, "a", 1000000),
	       "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
	       "sha256_of_a_million_a");
	/* 55, 56 and 64 bytes: the length just fits, does not fit, a block is full. */
	eq_str(digest(SHA_1, "a", 55), "c1c8bbdc22796e28c0e15163d20899b65621d65a", "sha1_of_55");
	eq_str(digest(SHA_1, "a", 56), "c2db330f6083854c99d4b5bfb6e8f29f201be699", "sha1_of_56");
	eq_str(digest(SHA_1, "a", 64), "0098ba824b5c16427bd7a1122a5a442a25ec644d", "sha1_of_64");
}

static int map_fd;

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

/* Loads a socket filter; the tag that the kernel gives it. */
static int kernel_tag(const struct bpf_insn *insns, size_t n, uint8_t tag[TAG_SIZE])
{
	static char log[65536];
	int fds[1] = {map_fd};
	union bpf_attr attr = {
		.prog_type = BPF_PROG_TYPE_SOCKET_FILTER,
		.insns = (uintptr_t)insns,
		.insn_cnt = (uint32_t)n,
		.license = (uintptr_t) "GPL",
		.log_buf = (uintptr_t)log,
		.log_size = sizeof(log),
		.log_level = 1,
	};
	struct bpf_prog_info info = {0};
	union bpf_attr get = {0};
	int err = 0, fd;

	/* Kernels before 5.14 do not know fd_array, and refuse it. */
	if (insns[0].src_reg == BPF_PSEUDO_MAP_IDX_VALUE)
		attr.fd_array = (uintptr_t)fds;
	fd = (int)syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));
	if (fd < 0) {
		err = -errno;
		printf("# %s", log);
		return err;
	}
	get.info.bpf_fd = (uint32_t)fd;
	get.info.info = (uintptr_t)&info;
	get.info.info_len = sizeof(info);
	if (syscall(SYS_bpf, BPF_OBJ_GET_INFO_BY_FD, &get, sizeof(get)))
		err = -errno;
	close(fd);
	memcpy(tag, info.tag, TAG_SIZE);
	return err;
}

static bool this_is_big_endian(void)
{
	uint16_t one = 1;

	return !*(uint8_t *)&one;
}

static void compare(const char *fact, const struct bpf_insn *insns, size_t n, bool sha256)
{
	uint8_t ours[TAG_SIZE], theirs[TAG_SIZE] = {0};
	int err = kernel_tag(insns, n, theirs);

	tag_compute(insns, n, sha256, this_is_big_endian(), ours);
	if (!ok(!err && !memcmp(ours, theirs, TAG_SIZE), fact))
		printf("# error %d, kernel %02x%02x%02x%02x, ours %02x%02x%02x%02x\n", err,
		       theirs[0], theirs[1], theirs[2], theirs[3], ours[0], ours[1], ours[2],
		       ours[3]);
}

#define COMPARE(fact, ...)                                                                         \
	do {                                                                                       \
		struct bpf_insn insns[] = {__VA_ARGS__};                                           \
		compare(fact, insns, sizeof(insns) / sizeof(*insns), sha256);                      \
	} while (0)

static void test_kernel(void)
{
	struct utsname uts;
	unsigned int major = 0, minor = 0;
	bool sha256;

	uname(&uts);
	sscanf(uts.release, "%u.%u", &major, &minor);
	sha256 = tag_is_sha256(major << 16 | minor << 8);
	map_fd = make_map();
	if (map_fd < 0) {
		tap_skip("tags_are_those_of_the_kernel", strerror(errno));
		return;
	}
	COMPARE("tag_of_the_smallest_program", bpf_mov64_imm(BPF_REG_0, 0), bpf_exit_insn());
	COMPARE("constants_count", bpf_ld_imm64(BPF_REG_0, 0x1122334455667788),
		bpf_ld_imm64_hi(0x11223344), bpf_exit_insn());
	COMPARE("map_fds_do_not_count", bpf_ld_map_fd(BPF_REG_1, map_fd), bpf_ld_imm64_hi(0),
		bpf_mov64_imm(BPF_REG_0, 1), bpf_exit_insn());
	if (major > 5 || (major == 5 && minor >= 2))
		COMPARE("nor_do_offsets_in_map_values", bpf_ld_map_value(BPF_REG_1, map_fd),
			bpf_ld_imm64_hi(8), bpf_ldx_mem(BPF_W, BPF_REG_0, BPF_REG_1, 0),
			bpf_exit_insn());
	if (major > 5 || (major == 5 && minor >= 14))
		COMPARE("places_in_fd_array_count", bpf_ld_map_idx_value(BPF_REG_1, 0),
			bpf_ld_imm64_hi(16), bpf_ldx_mem(BPF_W, BPF_REG_0, BPF_REG_1, 0),
			bpf_exit_insn());
	if (major > 4 || (major == 4 && minor >= 16))
		COMPARE("subprograms_count", bpf_call_rel(1), bpf_exit_insn(),
			bpf_mov64_imm(BPF_REG_0, 7), bpf_exit_insn());
	close(map_fd);
}

int main(void)
{
	struct bpf_insn insns[] = {bpf_mov64_imm(BPF_REG_0, 5), bpf_exit_insn()};
	uint8_t little[TAG_SIZE], big[TAG_SIZE];

	test_digests();
	ok(!tag_is_sha256(KERNEL_VERSION(6, 17, 255)) && tag_is_sha256(KERNEL_VERSION(6, 18, 0)),
	   "sha256_came_with_6_18");
	tag_compute(insns, 2, false, false, little);
	tag_compute(insns, 2, false, true, big);
	ok(memcmp(little, big, TAG_SIZE) != 0, "byte_orders_have_different_tags");
	test_kernel();
	return tap_done();
}
