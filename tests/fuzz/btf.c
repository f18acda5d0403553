// SPDX-License-Identifier: MIT
/*
 * libFuzzer: BTF from strangers. What opens is asked everything, and its copies for kernels must
 * open again with the same ids.
 */
#include <stdlib.h>
#include <string.h>

#include "loader/object/btf.h"
#include "loader/object/btf_scan.h"

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
	const char *what;
	struct btf again;
	uint8_t *bytes;
	uint32_t size;

	if (btf_encode(btf, old ? 0x050800 : BTF_NEWEST, &bytes, &size, &err))
		abort();
	/* A kind that nobody knows yet is left for a kernel that may; without the layouts only that can read it. */
	btf_newest_rule(btf_rules(btf), BTF_NEWEST, &what);
	if (!old && strstr(what, "not known")) {
		free(bytes);
		return;
	}
	if (btf_open(&again, bytes, size, &err) || again.n_types < btf->n_types)
		abort();
	if (old && btf_newest_rule(btf_rules(&again), BTF_NEWEST, &what) > 0x050800)
		abort();
	ask(&again);
	btf_close(&again);
	free(bytes);
}

static int found(void *ctx, uint32_t name, uint32_t id)
{
	const struct btf *btf = ctx;

	(void)name;
	if (id < btf->first_id)
		abort();
	return 0;
}

/* Only walked over: every type may refer to anything. */
static void ask_lazy(struct btf *btf)
{
	struct btf_names names = {0};
	struct hewn_err err = {0};

	btf_names_add(&names, "int");
	btf_names_add(&names, "a");
	btf_names_look_for(&names, "int");
	btf_names_look_for(&names, "a");
	if (!btf_scan(btf, &names, found, btf, &err)) {
		for (uint32_t id = 0; id <= btf->n_types; id++) {
			if (btf_size(btf, id) > UINT32_MAX || btf_skip(btf, id) >= btf->n_types)
				abort();
			if (strlen(btf_name(btf, id)) >
			    btf->size + (btf->base ? btf->base->size : 0))
				abort();
		}
		if (btf_scan(btf, &names, found, btf, &err)) /* the second has an index */
			abort();
		btf_check(btf, &err);
	} else if (!err.what[0]) {
		abort();
	}
	btf_names_close(&names);
}

/* The first half is the base of the second, if it is BTF. */
static void split(const uint8_t *bytes, size_t size)
{
	size_t half = size / 2 & ~(size_t)3;
	struct btf base, btf;

	if (btf_open_lazy(&base, NULL, bytes, half, NULL))
		return;
	ask_lazy(&base);
	if (!btf_open_lazy(&btf, &base, bytes + half, size - half, NULL))
		ask_lazy(&btf);
	btf_close(&btf);
	if (!btf_open_split(&btf, &base, bytes + half, size - half, NULL)) {
		btf_check(&btf, NULL);
		for (uint32_t id = 0; id <= btf.n_types; id++)
			btf_size(&btf, btf_skip(&btf, id));
	}
	btf_close(&btf);
	btf_close(&base);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct hewn_err err = {0};
	struct btf btf;

	split(bytes, size);
	if (!btf_open_lazy(&btf, NULL, bytes, size, NULL))
		ask_lazy(&btf);
	btf_close(&btf);

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
