// SPDX-License-Identifier: MIT
/*
 * Linking one program: a walk through its instructions and those of the functions that it calls, as they are
 * called. The program is the first part; a function that is met for the first time is copied behind the parts
 * that are there, and the walk goes on in it before it comes back: libbpf has the same order, so a program has
 * the same tag with both. When nothing is left, every function has its place, and calls get their distances.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/link/externs.h"
#include "loader/link/image.h"
#include "loader/mem.h"

#define PSEUDO_FUNC 4 /* src_reg of a ld_imm64 of a function's address, 5.13 */
#define ARENA	    33 /* BPF_MAP_TYPE_ARENA, 6.9 */

/* A call or an address of a function, to be resolved at the end. */
struct site {
	uint32_t insn; /* in the image */
	uint32_t part;
};

/* Where the walk is in a part, and where it will come back to. */
struct frame {
	uint32_t part;
	uint32_t insn;  /* of the function: the next one */
	uint32_t reloc; /* of the object: the next one */
};

struct linker {
	struct image *image;
	struct link *link;
	const struct hewn_object *object;
	struct frame *frames;
	uint32_t n_frames;
	struct site *sites;
	uint32_t n_sites;
	struct hewn_err *err;
};

static bool is_ld_imm64(const struct bpf_insn *insn)
{
	return insn->code == (BPF_LD | BPF_IMM | BPF_DW);
}

static bool is_local_call(const struct bpf_insn *insn)
{
	return insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
}

/* An error at an instruction of a function, counted in its section. */
static int refuse(struct linker *l, const struct obj_func *func, uint32_t insn, const char *symbol, int code,
		  const char *what)
{
	object_err_at(l->object, func->code, insn, l->err);
	err_symbol(l->err, symbol);
	return err_set(l->err, code, "%s", what);
}

/* ── parts ── */

static int add_part(struct linker *l, uint32_t index, uint32_t *part)
{
	const struct obj_func *func = &l->object->funcs[index];
	struct image *image = l->image;
	struct image_part *added;
	struct bpf_insn *insns;
	struct frame *frame;

	for (uint32_t i = 0; i < image->n_parts; i++)
		if (image->parts[i].func == index) {
			*part = i;
			return 0;
		}
	added = mem_append(&image->parts, &image->n_parts, sizeof(*added));
	insns = realloc(image->insns, ((size_t)image->n_insns + func->n_insns) * sizeof(*insns));
	if (insns)
		image->insns = insns;
	frame = mem_append(&l->frames, &l->n_frames, sizeof(*frame));
	if (!added || !insns || !frame)
		return err_nomem(l->err);
	*part = image->n_parts - 1;
	frame->part = *part;
	frame->reloc = object_first_at(l->object->relocs, l->object->n_relocs, sizeof(*l->object->relocs),
				       func->code, func->insn);
	*added = (struct image_part){ .insn = image->n_insns, .n_insns = func->n_insns, .func = index };
	memcpy(insns + image->n_insns, l->object->codes[func->code].insns + func->insn, func->n_insns * sizeof(*insns));
	image->n_insns += func->n_insns;
	return 0;
}

static int add_site(struct linker *l, uint32_t insn, uint32_t func)
{
	struct site *site;
	uint32_t part = 0;
	int ret = add_part(l, func, &part);

	if (ret)
		return ret;
	site = mem_append(&l->sites, &l->n_sites, sizeof(*site));
	if (!site)
		return err_nomem(l->err);
	*site = (struct site){ .insn = insn, .part = part };
	return 0;
}

/* ── relocations ── */

static int add_fix(struct linker *l, uint32_t insn, enum link_fix kind, uint32_t index)
{
	struct image_fix *fix = mem_append(&l->image->fixes, &l->image->n_fixes, sizeof(*fix));

	if (!fix)
		return err_nomem(l->err);
	*fix = (struct image_fix){ .insn = insn, .kind = kind, .index = index };
	return 0;
}

/* What only a kernel can give. */
static int relocate_extern(struct linker *l, const struct obj_func *func, const struct obj_reloc *reloc, uint32_t at)
{
	struct bpf_insn *insn = &l->image->insns[at];
	struct link_left left;
	int ret = externs_apply(l->link, reloc->index, insn, is_ld_imm64(insn) && reloc->insn + 1 < func->insn + func->n_insns,
				&left, l->err);

	if (ret)
		return refuse(l, func, reloc->insn, reloc->symbol, ret, "an extern");
	return left.fix == LINK_DONE ? 0 : add_fix(l, at, left.fix, left.index);
}

/* The program's own copy of a jump table, whose numbers move with the part that they are of. */
static int add_table(struct linker *l, uint32_t part, const struct obj_reloc *reloc, uint32_t at)
{
	const struct obj_table *table = &l->object->tables[reloc->index];
	const struct image_part *of = &l->image->parts[part];
	const struct obj_func *func = &l->object->funcs[of->func];
	struct image_table *added;
	uint32_t i;

	for (i = 0; i < l->image->n_tables; i++)
		if (l->image->tables[i].table == reloc->index && l->image->tables[i].part == part)
			return add_fix(l, at, LINK_TABLE, i);
	for (i = 0; i < table->n_insns; i++)
		if (table->insns[i] < func->insn || table->insns[i] - func->insn >= func->n_insns)
			return refuse(l, func, reloc->insn, reloc->symbol, -EINVAL, "a jump table that leads out of the function");
	added = mem_append(&l->image->tables, &l->image->n_tables, sizeof(*added));
	if (!added)
		return err_nomem(l->err);
	*added = (struct image_table){ .table = reloc->index, .part = part, .n_insns = table->n_insns,
				       .insns = calloc((size_t)table->n_insns + 1, sizeof(*added->insns)) };
	if (!added->insns)
		return err_nomem(l->err);
	for (i = 0; i < table->n_insns; i++)
		added->insns[i] = table->insns[i] - func->insn + of->insn;
	return add_fix(l, at, LINK_TABLE, l->image->n_tables - 1);
}

static int relocate(struct linker *l, uint32_t part, const struct obj_reloc *reloc)
{
	const struct obj_func *func = &l->object->funcs[l->image->parts[part].func];
	const uint32_t at = l->image->parts[part].insn + (reloc->insn - func->insn);
	struct bpf_insn *insn = &l->image->insns[at];
	const struct obj_map *map;

	if (reloc->kind == RELOC_EXTERN)
		return relocate_extern(l, func, reloc, at);
	if (reloc->kind == RELOC_CALL) {
		if (insn->code != (BPF_JMP | BPF_CALL))
			return refuse(l, func, reloc->insn, reloc->symbol, -EINVAL, "a relocation for a call, where there is none");
		insn->src_reg = BPF_PSEUDO_CALL;
		return add_site(l, at, reloc->index);
	}
	if (!is_ld_imm64(insn) || reloc->insn + 1 >= func->insn + func->n_insns)
		return refuse(l, func, reloc->insn, reloc->symbol, -EINVAL,
			      "a relocation for a 64-bit load (ld_imm64), where there is none");
	insn[0].imm = 0;
	insn[1].imm = 0;
	switch (reloc->kind) {
	case RELOC_MAP:
		insn[0].src_reg = BPF_PSEUDO_MAP_FD;
		return add_fix(l, at, LINK_MAP, reloc->index);
	case RELOC_DATA: /* 5.2 */
		map = &l->object->maps[reloc->index];
		insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		insn[1].imm = (int32_t)((uint32_t)reloc->addend +
					(map->type == ARENA ? (uint32_t)link_arena_off(l->link, map) : 0));
		return add_fix(l, at, LINK_MAP, reloc->index);
	case RELOC_TABLE: /* 6.19 */
		insn[0].src_reg = BPF_PSEUDO_MAP_VALUE;
		return add_table(l, part, reloc, at);
	default:
		insn[0].src_reg = PSEUDO_FUNC;
		return add_site(l, at, reloc->index);
	}
}

/* A call within the section, which the compiler has resolved: it needs no relocation, but its target moves. */
static int resolved_call(struct linker *l, uint32_t part, uint32_t at)
{
	const struct obj_func *func = &l->object->funcs[l->image->parts[part].func];
	const uint32_t insn = func->insn + (at - l->image->parts[part].insn);
	const int64_t target = (int64_t)insn + 1 + l->image->insns[at].imm;
	uint32_t callee = NONE;

	if (target >= 0 && target < l->object->codes[func->code].n_insns)
		callee = object_func_at(l->object, func->code, (uint32_t)target);
	if (callee == NONE || l->object->funcs[callee].insn != target)
		return refuse(l, func, insn, NULL, -EINVAL, "a call to where no function begins");
	return add_site(l, at, callee);
}

static bool in_func(const struct obj_func *func, uint32_t code, uint32_t insn)
{
	return code == func->code && insn >= func->insn && insn - func->insn < func->n_insns;
}

/* One CO-RE relocation of the part that begins at `part`. */
static int apply_core(struct linker *l, uint32_t part, uint32_t reloc)
{
	const struct obj_core *core = &l->object->cores[reloc];
	const struct obj_func *func = &l->object->funcs[l->image->parts[part].func];
	const uint32_t at = core->insn - func->insn;
	const struct core_result *result = NULL;
	struct image_core *done;
	int ret = core_result(l->link, reloc, &result, l->err);

	if (!ret && result->ret) {
		if (result->hint)
			err_hint(l->err, "%s", result->hint);
		ret = err_set(l->err, result->ret, "%s", result->why ? result->why : "");
	}
	if (!ret)
		ret = core_patch(&l->image->insns[l->image->parts[part].insn + at], func->n_insns - at, &result->value, l->err);
	if (ret < 0)
		return refuse(l, func, core->insn, btf_name(&l->object->btf, core->type_id), ret, "a CO-RE relocation");
	done = mem_append(&l->image->cores, &l->image->n_cores, sizeof(*done));
	if (!done)
		return err_nomem(l->err);
	*done = (struct image_core){ .insn = l->image->parts[part].insn + at, .reloc = reloc, .value = result->value,
				     .is_poisoned = ret == 1 };
	if (result->why)
		done->why = strdup(result->why);
	return 0;
}

/* Those of the whole part, before the walk goes through it. */
static int apply_cores(struct linker *l, uint32_t part)
{
	const struct hewn_object *object = l->object;
	const struct obj_func *func = &object->funcs[l->image->parts[part].func];
	uint32_t i = object_first_at(object->cores, object->n_cores, sizeof(*object->cores), func->code, func->insn);
	int ret = 0;

	for (; i < object->n_cores && in_func(func, object->cores[i].code, object->cores[i].insn) && !ret; i++)
		ret = apply_core(l, part, i);
	return ret;
}

/* The next relocation of the function that the walk is in; NULL: none. */
static const struct obj_reloc *next_reloc(const struct linker *l, const struct frame *frame)
{
	const struct obj_func *func = &l->object->funcs[l->image->parts[frame->part].func];
	const struct obj_reloc *reloc;

	if (frame->reloc >= l->object->n_relocs)
		return NULL;
	reloc = &l->object->relocs[frame->reloc];
	return in_func(func, reloc->code, reloc->insn) ? reloc : NULL;
}

/*
 * The part that the walk is in, up to the next instruction that something is to be done with, and that one. It may push
 * another: `frame` is not valid afterwards.
 */
static int link_insn(struct linker *l, struct frame *frame)
{
	const struct image_part *part = &l->image->parts[frame->part];
	const struct obj_func *func = &l->object->funcs[part->func];
	const struct obj_reloc *reloc = next_reloc(l, frame);
	const struct bpf_insn *insns = l->image->insns + part->insn;
	const uint32_t end = reloc ? reloc->insn - func->insn : func->n_insns;
	uint32_t at, insn;

	while (frame->insn < end && !is_local_call(&insns[frame->insn]))
		frame->insn += is_ld_imm64(&insns[frame->insn]) ? 2 : 1;
	at = part->insn + frame->insn;
	insn = func->insn + frame->insn;
	/* At the end of the function, and where an instruction of two slots was stepped over. */
	if (reloc && (frame->insn >= func->n_insns || reloc->insn < insn))
		return refuse(l, func, reloc->insn, reloc->symbol, -EINVAL, "a relocation for half of an instruction");
	if (frame->insn >= func->n_insns) {
		l->n_frames--;
		return 0;
	}
	frame->insn += is_ld_imm64(&l->image->insns[at]) ? 2 : 1;
	if (reloc && reloc->insn == insn) {
		frame->reloc++;
		return relocate(l, frame->part, reloc);
	}
	return resolved_call(l, frame->part, at);
}

static int walk(struct linker *l)
{
	int ret = 0;

	while (l->n_frames && !ret) {
		struct frame *frame = &l->frames[l->n_frames - 1];

		if (!frame->insn)
			ret = apply_cores(l, frame->part);
		if (!ret)
			ret = link_insn(l, frame);
	}
	return ret;
}

/* Calls count from the next instruction; so do addresses of functions. */
static void resolve_sites(struct linker *l)
{
	for (uint32_t i = 0; i < l->n_sites; i++)
		l->image->insns[l->sites[i].insn].imm =
			(int32_t)(l->image->parts[l->sites[i].part].insn - l->sites[i].insn - 1);
}

/* ── what the BTF says of the instructions ── */

/* The kernel wants one for each function of the program, or none at all (5.0). */
static int add_func_infos(struct linker *l)
{
	struct image *image = l->image;

	image->func_infos = calloc(image->n_parts, sizeof(*image->func_infos));
	if (!image->func_infos)
		return err_nomem(l->err);
	for (uint32_t i = 0; i < image->n_parts; i++) {
		const struct obj_func *func = &l->object->funcs[image->parts[i].func];
		const struct obj_func_info *infos = l->object->func_infos;
		uint32_t at;

		at = object_first_at(infos, l->object->n_func_infos, sizeof(*infos), func->code, func->insn);
		if (at >= l->object->n_func_infos || infos[at].code != func->code || infos[at].insn != func->insn)
			return 0;
		image->func_infos[i] = (struct image_func_info){ image->parts[i].insn, infos[at].type_id };
	}
	image->n_func_infos = image->n_parts;
	return 0;
}

/* Sorted by instruction, and one at the start of each function, or none at all (5.0). */
static int add_lines(struct linker *l)
{
	const struct obj_line *lines = l->object->lines;
	struct image *image = l->image;

	for (uint32_t i = 0; i < image->n_parts; i++) {
		const struct obj_func *func = &l->object->funcs[image->parts[i].func];
		struct image_line_info *added;
		uint32_t at, n = 0;

		at = object_first_at(lines, l->object->n_lines, sizeof(*lines), func->code, func->insn);
		if (at >= l->object->n_lines || lines[at].code != func->code || lines[at].insn != func->insn) {
			image->n_lines = 0;
			return 0;
		}
		while (at + n < l->object->n_lines && in_func(func, lines[at + n].code, lines[at + n].insn))
			n++;
		added = realloc(image->lines, ((size_t)image->n_lines + n) * sizeof(*added));
		if (!added)
			return err_nomem(l->err);
		image->lines = added;
		for (added += image->n_lines; n; n--, at++, image->n_lines++)
			*added++ = (struct image_line_info){ image->parts[i].insn + (lines[at].insn - func->insn),
							     lines[at].file_off, lines[at].line_off, lines[at].line_col };
	}
	return 0;
}

static int by_insn(const void *a, const void *b)
{
	const struct image_core *x = a, *y = b;

	return (x->insn > y->insn) - (x->insn < y->insn);
}

const struct image_core *image_core_at(const struct image *image, uint32_t insn)
{
	const struct image_core key = { .insn = insn };

	return image->n_cores ? bsearch(&key, image->cores, image->n_cores, sizeof(key), by_insn) : NULL;
}

int image_open(struct image *image, struct link *link, uint32_t func, struct hewn_err *err)
{
	const struct hewn_object *object = link->object;
	struct linker l = { .image = image, .link = link, .object = object, .err = err };
	uint32_t first;
	int ret;

	memset(image, 0, sizeof(*image));
	image->func = func;
	ret = add_part(&l, func, &first);
	if (!ret)
		ret = walk(&l);
	if (!ret && object->funcs[func].exception != NONE) { /* nothing calls it but the kernel (6.7) */
		ret = add_part(&l, object->funcs[func].exception, &first);
		if (!ret)
			ret = walk(&l);
	}
	if (!ret) {
		resolve_sites(&l);
		ret = object->has_btf ? add_func_infos(&l) : 0;
	}
	if (!ret && image->n_func_infos)
		ret = add_lines(&l);
	if (!ret && image->n_cores)
		qsort(image->cores, image->n_cores, sizeof(*image->cores), by_insn);
	free(l.sites);
	free(l.frames);
	if (ret) {
		err_program(err, object->funcs[func].name);
		image_close(image);
	}
	return ret;
}

void image_close(struct image *image)
{
	for (uint32_t i = 0; i < image->n_cores; i++)
		free(image->cores[i].why);
	free(image->cores);
	free(image->insns);
	free(image->parts);
	free(image->fixes);
	for (uint32_t i = 0; i < image->n_tables; i++)
		free(image->tables[i].insns);
	free(image->tables);
	free(image->func_infos);
	free(image->lines);
	memset(image, 0, sizeof(*image));
}

void image_err_at(const struct image *image, const struct hewn_object *object, uint32_t insn, struct hewn_err *err)
{
	err_insn(err, insn); /* as the verifier counts: in the whole image */
	for (uint32_t i = 0; i < image->n_parts; i++) {
		const struct image_part *part = &image->parts[i];
		const struct obj_func *func = &object->funcs[part->func];

		if (insn >= part->insn && insn - part->insn < part->n_insns)
			object_err_at(object, func->code, func->insn + (insn - part->insn), err);
	}
	err_program(err, object->funcs[image->func].name);
}
