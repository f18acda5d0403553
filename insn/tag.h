// SPDX-License-Identifier: MIT
/*
 * The tag of a program: eight bytes by which the kernel, bpftool and perf name it, computed without
 * a kernel.
 *
 * Knows instructions; knows nothing of files. The tag is that of the program as it is handed to
 * BPF_PROG_LOAD, with all but map fds relocated.
 */
#ifndef INSN_TAG_H
#define INSN_TAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "insn/insn.h"

#define TAG_SIZE 8

/*
 * The tag of n slots. The kernel hashes the instructions in its own byte order (big_endian), by
 * SHA-1 up to 6.17 and by SHA-256 from 6.18 (sha256); it takes the first eight bytes of the digest.
 * What ldimm64 of a map fd or of a map's value holds is zero to the hash.
 */
void tag_compute(const struct bpf_insn *insns, size_t n, bool sha256, bool big_endian,
		 uint8_t tag[TAG_SIZE]);

/* Whether a kernel of this version (KERNEL_VERSION(): major << 16 | minor << 8 | patch) uses
 * SHA-256. */
bool tag_is_sha256(uint32_t version);

#endif
