// SPDX-License-Identifier: MIT
/* What the kernel tells of what it has loaded: see info.h. */
#include "loader/cmd/info.h"

#include "loader/hewn.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int info_open(int cmd, uint32_t id)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.prog_id = id;
	return hewn_bpf(cmd, &attr, offsetof(union bpf_attr, prog_id) + sizeof(attr.prog_id));
}

int info_read(int fd, void *info, size_t size)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.info.bpf_fd = (uint32_t)fd;
	attr.info.info_len = (uint32_t)size;
	attr.info.info = (uintptr_t)info;
	return hewn_bpf(BPF_OBJ_GET_INFO_BY_FD, &attr, sizeof(attr.info));
}

int info_btf(uint32_t id, void **bytes, uint32_t *size)
{
	struct bpf_btf_info info;
	int fd = info_open(BPF_BTF_GET_FD_BY_ID, id), ret;

	*bytes = NULL;
	if (fd < 0)
		return fd;
	memset(&info, 0, sizeof(info));
	ret = info_read(fd, &info, sizeof(info));
	*size = info.btf_size;
	*bytes = ret ? NULL : malloc((size_t)*size + 1);
	if (!ret && !*bytes)
		ret = -ENOMEM;
	info.btf = (uintptr_t)*bytes;
	if (!ret)
		ret = info_read(fd, &info, sizeof(info));
	close(fd);
	if (ret) {
		free(*bytes);
		*bytes = NULL;
	}
	return ret;
}
