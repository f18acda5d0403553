// SPDX-License-Identifier: MIT
/*
 * libFuzzer: BTF from strangers. What opens is asked everything, and its copies for kernels must
 * open again with the same ids.
 */
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void ask(const struct btf *btf)
{
	for (uint32_t id = 0; id <= btf->n_types; id++) {
		const struct btf_head *type = btf_type(btf, id);

		btf_size(btf, id);
		if (strlen(btf_name(btf, id)) && id < 64 &&
		    !btf_find(btf, btf_kind(type), btf_name(btf, id)))
			abort();
		if (btf_layout(btf_kind(btf_type(btf, btf_skip(btf, id))))->holds &&
		    btf_kind(btf_type(btf, btf_skip(btf, id))) != BTF_VAR)
			abort();
	}
}

/* Lays each section out as a loader would, so that it is kept. */
static void lay_out(struct btf *btf)
{
	for (uint32_t id = 1; id < btf->n_types; id++) {
		const struct btf_head *type = btf_type(btf, id);
		const struct btf_secvar *vars = btf_body(type);
		uint32_t off = 0;

		if (btf_kind(type) != BTF_DATASEC)
			continue;
		for (uint32_t i = 0; i < btf_vlen(type); i++) {
			btf_set_secvar_offset(btf, id, i, off);
			off += vars[i].size;
		}
		btf_set_datasec_size(btf, id, off);
	}
}

static void copy(const struct btf *btf, bool old)
{
	struct hewn_err err = {0};
	struct btf again;
	uint8_t *bytes;
	uint32_t size;

	if (btf_encode(btf, old, &bytes, &size, &err))
		abort();
	if (btf_open(&again, bytes, size, &err) || again.n_types < btf->n_types)
		abort();
	if (old && btf_has_new_kinds(&again))
		abort();
	ask(&again);
	btf_close(&again);
	free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct hewn_err err = {0};
	struct btf btf;

	if (btf_open(&btf, bytes, size, &err)) {
		if (!err.code || !err.what[0])
			abort();
		return 0;
	}
	ask(&btf);
	copy(&btf, false);
	lay_out(&btf);
	copy(&btf, true);
	btf_close(&btf);
	return 0;
}
