// SPDX-License-Identifier: MIT
/*
 * A file with BTF: raw, as the kernel shows it, or in a section of an ELF file. Mapped where the
 * kernel can, else read. Knows files; knows nothing of which is wanted.
 */
#ifndef LOADER_TARGET_KBTF_FILE_H
#define LOADER_TARGET_KBTF_FILE_H

#include "loader/hewn.h"
#include "loader/object/btf.h"

#ifndef KBTF_VMLINUX
#define KBTF_VMLINUX "/sys/kernel/btf/vmlinux" /* from 5.4; can be mapped from 6.16 */
#endif

struct kbtf_file {
	struct btf btf; /* lazy: btf_scan() makes its types */
	void *bytes;	/* of the BTF */
	size_t size;
	size_t mapped;	  /* bytes are a mapping of this size; 0: they are from malloc */
	struct btf *dist; /* a module's .BTF.base, which btf is split from */
	void *dist_bytes;
};

/* Opens BTF, split from `base` if not NULL. Closed by kbtf_file_close(), also after a failure. */
int kbtf_file_open(struct kbtf_file *file, const char *path, const struct btf *base,
		   struct hewn_err *err);
void kbtf_file_close(struct kbtf_file *file);

#endif
