// SPDX-License-Identifier: MIT
/*
 * The tag of a program.
 *
 * Knows nothing of files.
 */
#include <string.h>

#include "insn/sha.h"
#include "insn/table.h"
#include "insn/tag.h"
#include "insn/unit.h"

static bool is_map(const struct bpf_insn *insn)
{
	return table_is_wide(insn->code) &&
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
		unit_encode(bytes, insn, big_endian);
		sha_add(&sha, bytes, sizeof(bytes));
	}
	sha_finish(&sha, digest);
	memcpy(tag, digest, TAG_SIZE);
}

bool tag_is_sha256(uint32_t version)
{
	return version >= (6u << 16 | 18u << 8);
}
