// SPDX-License-Identifier: MIT
/*
 * --target-prog: the program that others replace or trace, by its number or its pin. Its BTF is
 * read before the plan is made, as the files of the kernel are; changes nothing.
 */
#include "loader/cmd/cmd.h"
#include "loader/cmd/info.h"

#include "loader/err.h"

#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int open_pin(const char *path)
{
	union bpf_attr attr;

	memset(&attr, 0, sizeof(attr));
	attr.pathname = (uintptr_t)path;
	return hewn_bpf(BPF_OBJ_GET, &attr,
			offsetof(union bpf_attr, pathname) + sizeof(attr.pathname));
}

int target_prog_read(struct plan_args *args, struct hewn_target *target, struct hewn_err *err)
{
	struct bpf_prog_info info;
	const char *which = args->target_prog;
	char *end;
	uint32_t size = 0;
	void *bytes = NULL;
	int fd, ret;

	args->opts.target_prog = (uint32_t)strtoul(which, &end, 10);
	if (!*end && args->profile)
		return 0; /* the profile says what functions it has */
	fd = *end ? open_pin(which) : info_open(BPF_PROG_GET_FD_BY_ID, args->opts.target_prog);
	if (fd < 0) {
		err_hint(err, "bpftool prog list; a number, or where it is pinned");
		return err_set(err, fd, "there is no program \"%s\", or only root may open it",
			       which);
	}
	memset(&info, 0, sizeof(info));
	ret = info_read(fd, &info, sizeof(info));
	close(fd);
	if (ret)
		return err_set(err, ret, "\"%s\" is no program", which);
	args->opts.target_prog = info.id;
	if (!info.btf_id) {
		err_hint(err, "load it from an object with BTF: clang -g");
		return err_set(err, -ENOENT,
			       "program %u was loaded without BTF, so its functions have no names",
			       info.id);
	}
	ret = info_btf(info.btf_id, &bytes, &size);
	if (ret)
		err_set(err, ret, "cannot read the BTF of program %u", info.id);
	else
		ret = hewn_target_program(target, info.id, bytes, size, err);
	free(bytes);
	return ret;
}
