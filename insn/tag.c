// SPDX-License-Identifier: MIT
/*
 * The tag of a program.
 *
 * Knows nothing of files.
 */
#include <string.h>

#include "insn/sha.h"
#include "insn/tag.h"

/* The bytes of a slot as a machine of this byte order has them: the halves of the register byte
 * change places too. */
static void encode(uint8_t to[8], const struct bpf_insn *insn, bool big_endian)
{
	uint32_t imm = (uint32_t)insn->imm;
	uint16_t off = (uint16_t)insn->off;

	to[0] = insn->code;
	to[1] = (uint8_t)(big_endian ? insn->dst_reg << 4 | insn->src_reg
				     : insn->src_reg << 4 | insn->dst_reg);
	for (unsigned int i = 0; i < 2; i++)
		to[2 + i] = (uint8_t)(off >> 8 * (big_endian ? 1 - i : i));
	for (unsigned int i = 0; i < 4; i++)
		to[4 + i] = (uint8_t)(imm >> 8 * (big_endian ? 3 - i : i));
}

static bool is_map(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_DW | BPF_IMM) &&
	       (insn->src_reg == BPF_PSEUDO_MAP_FD || insn->src_reg == BPF_PSEUDO_MAP_VALUE);
}

void tag_compute(const struct bpf_insn *insns, size_t n, bool sha256, bool big_endian,
		 uint8_t tag[TAG_SIZE])
{
	uint8_t digest[32];
	struct sha sha;
	bool was_map = false;

	sha_open(&sha, sha256 ? SHA_256 : SHA_1);
	for (size_t i = 0; i < n; i++) {
		struct bpf_insn insn = insns[i];
		bool map = !was_map && is_map(&insn);
		uint8_t bytes[8];

		if (map || (was_map && !insn.code && !insn.dst_reg && !insn.src_reg && !insn.off))
			insn.imm = 0;
		was_map = map;
		encode(bytes, &insn, big_endian);
		sha_add(&sha, bytes, sizeof(bytes));
	}
	sha_finish(&sha, digest);
	memcpy(tag, digest, TAG_SIZE);
}

bool tag_is_sha256(uint32_t version)
{
	return version >= (6u << 16 | 18u << 8);
}
