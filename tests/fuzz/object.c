// SPDX-License-Identifier: MIT
/*
 * libFuzzer: any bytes as an object: read, every program linked, the BTF encoded. Nothing may crash, and what opens must
 * hold what its types promise: indices in range, records sorted.
 */
#include <stdlib.h>

#include "loader/link/image.h"
#include "insn/insn.h"

static void need(bool holds)
{
	if (!holds)
		abort();
}

static bool sorted(uint32_t code, uint32_t insn, uint32_t next_code, uint32_t next_insn)
{
	return code < next_code || (code == next_code && insn < next_insn);
}

static void check_funcs(const struct hewn_object *o)
{
	for (uint32_t i = 0; i < o->n_funcs; i++) {
		const struct obj_func *f = &o->funcs[i];

		need(f->name && f->target && f->n_insns && f->code < o->n_codes);
		need(f->insn < o->codes[f->code].n_insns && f->n_insns <= o->codes[f->code].n_insns - f->insn);
		need(!f->type_id || btf_kind(btf_type(&o->btf, f->type_id)) == BTF_FUNC);
		need(object_func_at(o, f->code, f->insn) == i);
	}
}

static void check_relocs(const struct hewn_object *o)
{
	for (uint32_t i = 0; i < o->n_relocs; i++) {
		const struct obj_reloc *r = &o->relocs[i];
		bool is_map = r->kind == RELOC_MAP || r->kind == RELOC_DATA;

		need(r->code < o->n_codes && r->insn < o->codes[r->code].n_insns);
		need(r->index < (is_map ? o->n_maps : r->kind == RELOC_EXTERN ? o->n_externs : o->n_funcs));
		need(!i || sorted(r[-1].code, r[-1].insn, r->code, r->insn));
		need(r->kind != RELOC_DATA || (r->addend >= 0 && r->addend < o->maps[r->index].value_size));
	}
}

static void check_maps(const struct hewn_object *o)
{
	unsigned int sum = 0;

	for (uint32_t i = 0; i < o->n_maps; i++) {
		const struct obj_map *m = &o->maps[i];

		need(m->name && m->section && (m->inner == NONE || m->inner < o->n_maps));
		need(m->inner == NONE || o->maps[m->inner].inner == NONE);
		for (uint32_t k = 0; k < m->n_values; k++)
			need(m->values[k].index < (m->values[k].is_prog ? o->n_funcs : o->n_maps));
		for (uint32_t k = 0; m->data && k < m->value_size; k++)
			sum += m->data[k];
		need(!m->event_type || btf_size(&o->btf, m->event_type) >= 0);
	}
	need(sum < UINT32_MAX);
}

static void link_all(const struct hewn_object *o)
{
	struct hewn_err err = { 0 };
	struct image image;
	struct link link;

	need(!link_open(&link, o, NULL, &err));
	for (uint32_t i = 0; i < o->n_funcs; i++) {
		if (!image_open(&image, &link, i, &err)) {
			for (uint32_t k = 0; k < image.n_fixes; k++)
				need(image.fixes[k].insn + 1 < image.n_insns && image.fixes[k].index < o->n_maps);
			for (uint32_t k = 1; k < image.n_lines; k++)
				need(image.lines[k - 1].insn_off < image.lines[k].insn_off);
			image_err_at(&image, o, image.n_insns - 1, &err);
		}
		image_close(&image);
		hewn_err_close(&err);
	}
	link_close(&link);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct hewn_err err = { 0 };
	struct hewn_object *o;
	uint8_t *blob;
	uint32_t n;

	if (hewn_object_open_mem(&o, bytes, size, "fuzz.o", &err)) {
		need(!o && err.code < 0 && err.what[0]);
		hewn_err_close(&err);
		return 0;
	}
	check_funcs(o);
	check_relocs(o);
	check_maps(o);
	link_all(o);
	if (o->has_btf)
		for (int old = 0; old < 2; old++)
			if (!btf_encode(&o->btf, old ? 0x050800 : BTF_NEWEST, &blob, &n, NULL))
				free(blob);
	hewn_object_close(o);
	return 0;
}
