// SPDX-License-Identifier: MIT
/*
 * libFuzzer: any bytes as an object: read, every program linked, the BTF encoded. Nothing may crash, and what opens must
 * hold what its types promise: indices in range, records sorted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "loader/link/image.h"
#include "insn/insn.h"

static void need_at(bool holds, int line)
{
	if (holds)
		return;
	fprintf(stderr, "line %d does not hold\n", line);
	abort();
}
#define need(holds) need_at((holds), __LINE__)

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
		need(r->index < (is_map ? o->n_maps :
				 r->kind == RELOC_EXTERN ? o->n_externs :
				 r->kind == RELOC_TABLE	 ? o->n_tables :
							   o->n_funcs));
		need(!i || sorted(r[-1].code, r[-1].insn, r->code, r->insn));
		if (r->kind == RELOC_DATA) {
			const struct obj_map *m = &o->maps[r->index];

			need(r->addend >= 0 && r->addend < (m->type == 33 /* ARENA */ ? m->data_size : m->value_size));
		}
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
		for (uint32_t k = 0; m->data && k < m->data_size; k++)
			sum += m->data[k];
		need(!m->event_type || btf_size(&o->btf, m->event_type) >= 0);
	}
	need(sum < UINT32_MAX);
}

/* A machine whose types are those of the first object that has some, and of which nothing else is known. */
static struct hewn_target *machine(const struct hewn_object *o)
{
	struct hewn_target *target = calloc(1, sizeof(*target));
	static char path[64];

	if (!path[0] && o->has_btf && o->btf.n_types > 20) {
		int fd = memfd_create("btf", 0);

		need(write(fd, o->btf.bytes, o->btf.size) == o->btf.size);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	}
	target->recorded = true;
	target->btf_path = path[0] ? strdup(path) : NULL;
	return target;
}

static void link_all(const struct hewn_object *o)
{
	struct hewn_target *target = machine(o);
	struct hewn_err err = { 0 };
	struct image image;
	struct link link;

	if (link_open(&link, o, target, &err)) {
		need(err.code < 0 && err.what[0]);
		hewn_err_close(&err);
		hewn_target_close(target);
		return;
	}
	for (uint32_t i = 0; i < o->n_funcs; i++) {
		if (!image_open(&image, &link, i, &err)) {
			for (uint32_t k = 0; k < image.n_fixes; k++)
				need(image.fixes[k].insn < image.n_insns &&
				     (image.fixes[k].kind != LINK_MAP || image.fixes[k].index < o->n_maps));
			for (uint32_t k = 1; k < image.n_lines; k++)
				need(image.lines[k - 1].insn_off < image.lines[k].insn_off);
			image_err_at(&image, o, image.n_insns - 1, &err);
		}
		image_close(&image);
		hewn_err_close(&err);
	}
	link_close(&link);
	hewn_target_close(target);
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
