// SPDX-License-Identifier: MIT
/*
 * core BTF OBJECT…: makes each CO-RE relocation of the objects twice, by hewn and by libbpf, for
 * the kernel whose BTF that is, and compares the instructions. Loads nothing. Does not know libbpf.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/link.h"
#include "tests/corpus/core.h"

static unsigned int n_same, n_other, n_refused, n_poisoned;

static bool has_two(const struct obj_code *code, uint32_t insn)
{
	return code->insns[insn].code == (BPF_LD | BPF_IMM | BPF_DW) && insn + 1 < code->n_insns;
}

static void compare(const char *path, struct link *link, uint32_t i)
{
	const struct hewn_object *o = link->object;
	const struct obj_core *reloc = &o->cores[i];
	const struct obj_code *code = &o->codes[reloc->code];
	const struct core_result *result;
	struct bpf_insn ours[2] = {{0}}, theirs[2];
	struct hewn_err err = {0};
	size_t size = (has_two(code, reloc->insn) ? 2 : 1) * sizeof(*ours);
	int ret, reference;

	memcpy(ours, &code->insns[reloc->insn], size);
	memcpy(theirs, ours, sizeof(theirs));
	reference = reference_relocate(reloc->type_id, reloc->access_off, reloc->kind, theirs);
	ret = core_result(link, i, &result, &err);
	if (!ret)
		ret = result->ret;
	if (!ret)
		ret = core_patch(ours, (uint32_t)(size / sizeof(*ours)), &result->value, &err);
	n_poisoned += ret == 1;
	n_refused += ret < 0;
	if ((ret < 0) == (reference < 0) && (ret < 0 || !memcmp(ours, theirs, sizeof(ours)))) {
		n_same++;
	} else {
		n_other++;
		printf("%s: %s:%u kind %u type %u %s access %s: hewn %d %02x %d %d, libbpf %d %02x "
		       "%d %d: %s %s\n",
		       path, code->name, reloc->insn, reloc->kind, reloc->type_id,
		       btf_name(&o->btf, reloc->type_id), btf_str(&o->btf, reloc->access_off), ret,
		       ours->code, ours->off, ours->imm, reference, theirs->code, theirs->off,
		       theirs->imm, err.what, !ret && result->ret ? result->why : "");
	}
	hewn_err_close(&err);
}

static void compare_object(const char *path, struct hewn_target *target)
{
	struct hewn_object *object;
	struct hewn_err err = {0};
	struct link link;

	if (hewn_object_open(&object, path, &err)) {
		hewn_err_close(&err);
		return;
	}
	if (object->n_cores && !reference_object(path) && !link_open(&link, object, target, &err)) {
		for (uint32_t i = 0; i < object->n_cores; i++)
			if (object_func_at(object, object->cores[i].code, object->cores[i].insn) !=
			    NONE)
				compare(path, &link, i);
		link_close(&link);
	}
	hewn_err_close(&err);
	hewn_object_close(object);
}

int main(int argc, char **argv)
{
	struct hewn_target *target;
	struct hewn_err err = {0};

	if (argc < 2 || hewn_target_open(&target, NULL, &err) ||
	    hewn_target_btf(target, argv[1], &err) || reference_target(argv[1])) {
		fprintf(stderr, "usage: core BTF OBJECT…: %s\n", err.what);
		return 2;
	}
	for (int i = 2; i < argc; i++)
		compare_object(argv[i], target);
	hewn_target_close(target);
	printf("%u the same (%u refused by both, %u poisoned), %u not\n", n_same, n_refused,
	       n_poisoned, n_other);
	return n_other != 0;
}
