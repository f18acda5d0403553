// SPDX-License-Identifier: MIT
/*
 * The functions of a program that the kernel has loaded, as facts: for programs that replace or
 * trace them. Knows the program's BTF; knows nothing of how it was read.
 */
#include "loader/target/program.h"

#include "loader/object/btf.h"

#include <errno.h>
#include <stdlib.h>

int hewn_target_program(struct hewn_target *target, uint32_t prog, const void *bytes, size_t size,
			struct hewn_err *err)
{
	char key[600], text[16];
	const struct btf_head *type;
	struct btf btf;
	int ret = btf_open(&btf, bytes, size, err);

	if (ret)
		return ret;
	for (uint32_t id = 1; !ret && (type = btf_type(&btf, id)); id++) {
		if (btf_kind(type) != BTF_FUNC)
			continue;
		snprintf(key, sizeof(key), TARGET_PROG_FUNC, prog, btf_name(&btf, id));
		snprintf(text, sizeof(text), "%u", id);
		if (!target_known(target, key) && !target_remember(target, key, text))
			ret = err_nomem(err);
	}
	btf_close(&btf);
	return ret;
}

uint32_t target_prog_func(struct hewn_target *target, uint32_t prog, const char *func)
{
	char key[600];
	const char *text;

	if ((size_t)snprintf(key, sizeof(key), TARGET_PROG_FUNC, prog, func) >= sizeof(key))
		return 0;
	text = target_known(target, key);
	return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}
