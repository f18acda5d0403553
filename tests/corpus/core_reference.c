// SPDX-License-Identifier: MIT
/* CO-RE relocations by libbpf's own functions, which its static library has. Does not know
 * libhewn.a. */
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "libbpf_internal.h"
#include "relo_core.h"

#include "tests/corpus/core.h"

static struct btf *target, *local;
static struct bpf_core_cand_list **lists; /* by type of the object */
static uint32_t n_lists;

static int silent(enum libbpf_print_level level, const char *format, va_list args)
{
	(void)level;
	return getenv("CORE_DEBUG") ? vfprintf(stderr, format, args) : 0;
}

int reference_target(const char *path)
{
	libbpf_set_print(silent);
	target = btf__parse(path, NULL);
	return libbpf_get_error(target) ? -1 : 0;
}

int reference_object(const char *path)
{
	for (uint32_t i = 0; i < n_lists; i++)
		if (lists[i])
			bpf_core_free_cands(lists[i]);
	free(lists);
	lists = NULL;
	n_lists = 0;
	btf__free(local);
	local = btf__parse(path, NULL);
	if (libbpf_get_error(local)) {
		local = NULL;
		return -1;
	}
	btf__set_pointer_size(local, 8);
	n_lists = btf__type_cnt(local);
	lists = calloc(n_lists, sizeof(*lists));
	return lists ? 0 : -1;
}

static struct bpf_core_cand_list *list_of(uint32_t type)
{
	struct bpf_core_cand root = {.btf = local, .id = type};
	const char *name = btf__name_by_offset(local, btf__type_by_id(local, type)->name_off);

	if (!name || !*name)
		return NULL;
	if (!lists[type]) {
		lists[type] = calloc(1, sizeof(**lists));
		if (bpf_core_add_cands(&root, bpf_core_essential_name_len(name), target, "target",
				       1, lists[type]))
			exit(1);
	}
	return lists[type];
}

int reference_relocate(uint32_t type, uint32_t access, uint32_t kind, struct bpf_insn *insn)
{
	struct bpf_core_relo relo = {.type_id = type, .access_str_off = access, .kind = kind};
	struct bpf_core_cand_list *list = NULL;
	struct bpf_core_spec specs[3];
	struct bpf_core_relo_res res;
	int ret;

	memset(specs, 0, sizeof(specs));
	if (type >= n_lists)
		return -EINVAL;
	if (kind != BPF_CORE_TYPE_ID_LOCAL) {
		list = list_of(type);
		if (!list)
			return -EINVAL;
	}
	ret = bpf_core_calc_relo_insn("", &relo, 0, local, list, specs, &res);
	return ret ? ret : bpf_core_patch_insn("", insn, 0, &relo, 0, &res);
}
