// SPDX-License-Identifier: MIT
/* What the kernel tells of what it has loaded: by BPF_OBJ_GET_INFO_BY_FD. Changes nothing. */
#ifndef LOADER_CMD_INFO_H
#define LOADER_CMD_INFO_H

#include <stddef.h>
#include <stdint.h>

/* An fd of a program, map or BTF by its number: cmd is BPF_PROG_GET_FD_BY_ID or the like. -errno.
 */
int info_open(int cmd, uint32_t id);

/* Fills struct bpf_prog_info or the like. 0 or -errno. */
int info_read(int fd, void *info, size_t size);

/* The BTF of this number into allocated bytes, the caller's to free (NULL after an error). 0 or
 * -errno. */
int info_btf(uint32_t id, void **bytes, uint32_t *size);

#endif
