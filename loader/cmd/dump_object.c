// SPDX-License-Identifier: MIT
/*
 * An object as text of the assembler. Of externs the name is kept, and not their types.
 *
 * Knows objects and the assembler's directives.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "insn/listing.h"
#include "insn/maptype.h"
#include "loader/cmd/dump.h"
#include "loader/err.h"
#include "loader/link/link.h"
#include "loader/object/object.h"

struct asked {
	const struct dump *dump;
	const struct hewn_object *object;
	const struct obj_func *func;
	const char *last_text; /* of the last source line printed */
	char line[320], note[640];
};

static int emit(void *ctx, const char *text, size_t size)
{
	return fwrite(text, 1, size, ctx) == size ? 0 : -EIO;
}

int dump_insns(const struct dump *dump, const struct disasm_opts *opts,
	       const struct bpf_insn *insns, uint32_t n)
{
	return (dump->dot ? listing_dot : listing_print)(opts, insns, n, emit, dump->to);
}

/* A string in quotes, with escapes, as the assembler reads it. */
static void put_string(FILE *to, const uint8_t *bytes, size_t size)
{
	fputc('"', to);
	for (size_t i = 0; i < size; i++) {
		if (bytes[i] == '"' || bytes[i] == '\\')
			fprintf(to, "\\%c", bytes[i]);
		else if (bytes[i] == '\n')
			fputs("\\n", to);
		else if (bytes[i] >= ' ' && bytes[i] < 0x7f)
			fputc(bytes[i], to);
		else
			fprintf(to, "\\x%02x", bytes[i]);
	}
	fputc('"', to);
}

/* The relocation at an instruction; NULL: none. */
static const struct obj_reloc *reloc_at(const struct hewn_object *object, uint32_t code,
					uint32_t insn)
{
	uint32_t low = 0, high = object->n_relocs;

	while (low < high) {
		uint32_t mid = low + (high - low) / 2;
		const struct obj_reloc *r = &object->relocs[mid];

		if (r->code == code && r->insn == insn)
			return r;
		if (r->code < code || (r->code == code && r->insn < insn))
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static bool name_of(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	const struct asked *asked = ctx;
	const struct obj_reloc *r =
		reloc_at(asked->object, asked->func->code, asked->func->insn + at);

	ref->addend = 0;
	if (!r)
		return false;
	switch (r->kind) {
	case RELOC_MAP:
		ref->kind = INSN_REF_MAP;
		ref->name = asked->object->maps[r->index].name;
		return true;
	case RELOC_DATA:
		ref->kind = INSN_REF_MAP_VALUE;
		ref->name = asked->object->maps[r->index].section;
		ref->addend = r->addend;
		return true;
	case RELOC_TABLE:
		ref->kind = INSN_REF_SYMBOL;
		ref->name = asked->object->tables[r->index].name;
		return true;
	case RELOC_CALL:
	case RELOC_FUNC:
		ref->kind = r->kind == RELOC_CALL ? INSN_REF_CALL : INSN_REF_FUNC;
		ref->name = asked->object->funcs[r->index].name;
		return true;
	default:
		ref->kind = BPF_CLASS(insn->code) == BPF_JMP ? INSN_REF_CALL : INSN_REF_SYMBOL;
		ref->name = asked->object->externs[r->index].name;
		return true;
	}
}

/* The CO-RE relocation of an instruction; NONE: it has none. */
static uint32_t core_at(const struct hewn_object *object, uint32_t code, uint32_t insn)
{
	uint32_t i =
		object_first_at(object->cores, object->n_cores, sizeof(*object->cores), code, insn);

	return i < object->n_cores && object->cores[i].code == code && object->cores[i].insn == insn
		       ? i
		       : NONE;
}

/* What it asks for, or what the kernel answers. */
static const char *core_note(struct asked *asked, uint32_t reloc)
{
	const struct core_result *result = NULL;
	struct link *link = asked->dump->link;
	struct hewn_err err = {0};
	char text[256];

	if (link && core_result(link, reloc, &result, &err)) {
		hewn_err_close(&err);
		return NULL;
	}
	core_describe(asked->object, reloc, result ? &result->value : NULL, text, sizeof(text));
	if (result && result->why)
		snprintf(asked->note, sizeof(asked->note), "CO-RE: %s (%.300s)", text, result->why);
	else
		snprintf(asked->note, sizeof(asked->note), "CO-RE: %s", text);
	return asked->note;
}

/* The instructions with the kernel's numbers in them; what has none there stays as it is. */
static int patch_cores(const struct dump *dump, const struct hewn_object *object,
		       const struct obj_func *f, struct bpf_insn *insns)
{
	uint32_t i = object_first_at(object->cores, object->n_cores, sizeof(*object->cores),
				     f->code, f->insn);
	int err = 0;

	for (; dump->link && i < object->n_cores && !err; i++) {
		const struct obj_core *core = &object->cores[i];
		const struct core_result *result;

		if (core->code != f->code || core->insn - f->insn >= f->n_insns)
			break;
		err = core_result(dump->link, i, &result, NULL);
		if (!err && !result->ret)
			core_patch(&insns[core->insn - f->insn],
				   f->n_insns - (core->insn - f->insn), &result->value, NULL);
	}
	return err;
}

/* The source line, where a new one begins. */
static const char *line_note(struct asked *asked, uint32_t at)
{
	const struct hewn_object *object = asked->object;
	const struct obj_line *line =
		object_line_at(object, asked->func->code, asked->func->insn + at);
	const char *text, *file;

	if (!line || line->insn != asked->func->insn + at || line->code != asked->func->code)
		return NULL;
	text = btf_str(&object->btf, line->line_off);
	file = btf_str(&object->btf, line->file_off);
	if (!text || text == asked->last_text)
		return NULL;
	asked->last_text = text;
	snprintf(asked->line, sizeof(asked->line), "%.80s:%u: %.200s", file ? file : "?",
		 line->line_col >> 10, text + strspn(text, " \t"));
	return asked->line;
}

/* A CO-RE relocation is in no other place of the text, so it is always told. */
static const char *note_at(void *ctx, uint32_t at)
{
	struct asked *asked = ctx;
	uint32_t reloc = core_at(asked->object, asked->func->code, asked->func->insn + at);
	const char *line = asked->dump->lines ? line_note(asked, at) : NULL, *core;
	size_t used;

	core = reloc != NONE ? core_note(asked, reloc) : NULL;
	if (!core || !line)
		return core ? core : line;
	used = strlen(asked->note);
	snprintf(asked->note + used, sizeof(asked->note) - used, "; %s", line);
	return core;
}

static void put_map(FILE *to, const struct hewn_object *object, const struct obj_map *map)
{
	const char *type = maptype_name(map->type);

	fprintf(to, ".map %s ", map->name);
	if (type)
		fprintf(to, "type=%s", type);
	else
		fprintf(to, "type=%u", map->type);
	fprintf(to, " key_size=%u value_size=%u max_entries=%u", map->key_size, map->value_size,
		map->max_entries);
	if (map->flags)
		fprintf(to, " map_flags=%#x", map->flags);
	if (map->has_numa_node)
		fprintf(to, " numa_node=%u", map->numa_node);
	if (map->extra)
		fprintf(to, " map_extra=%#llx", (unsigned long long)map->extra);
	if (map->inner != NONE)
		fprintf(to, " inner=%s", object->maps[map->inner].name);
	fprintf(to, "%s%s\n", map->pin_by_name ? " pinning=by_name" : "",
		map->is_template ? " template=1" : "");
}

static void put_value(FILE *to, const struct hewn_object *object, const struct obj_map *map,
		      const struct obj_map_value *value)
{
	fprintf(to, ".value %s %u %s\n", map->name, value->key,
		value->is_prog ? object->funcs[value->index].name
			       : object->maps[value->index].name);
}

/* A data section as one variable: the places in it are named by the section and an offset. */
static void put_data(FILE *to, const struct obj_map *map)
{
	fprintf(to, "\n.section %s\n.align 8\n", map->section);
	for (const char *c = map->section + (map->section[0] == '.'); *c; c++)
		fputc(*c == '.' ? '_' : *c, to);
	fputs("_bytes:\n", to);
	if (!map->data) {
		fprintf(to, "\t.zero %u\n", map->value_size);
		return;
	}
	for (uint32_t off = 0; off < map->value_size; off += 32) {
		fputs("\t.ascii ", to);
		put_string(to, map->data + off,
			    map->value_size - off < 32 ? map->value_size - off : 32);
		fputc('\n', to);
	}
}

static int put_func(const struct dump *dump, const struct hewn_object *object,
		    const struct obj_func *f)
{
	struct asked asked = {.dump = dump, .object = object, .func = f};
	const struct obj_code *code = &object->codes[f->code];
	struct disasm_opts opts = dump->opts;
	struct bpf_insn *insns = malloc(f->n_insns * sizeof(*insns) + 1);
	int err;

	if (!insns)
		return -ENOMEM;
	memcpy(insns, code->insns + f->insn, f->n_insns * sizeof(*insns));
	err = patch_cores(dump, object, f, insns);
	/* What a relocation will fill in leads nowhere yet: no label for it. */
	for (uint32_t i = 0; i < f->n_insns; i++)
		if (!opts.bytes && insns[i].code == (BPF_JMP | BPF_CALL) &&
		    reloc_at(object, f->code, f->insn + i))
			insns[i].imm = INT32_MAX;
	opts.ctx = &asked;
	opts.ref = name_of;
	opts.note = note_at;
	opts.labels = !opts.exact;
	if (!dump->dot && strcmp(code->name, ".text") != 0)
		fprintf(dump->to, "\n.section %s\n.func %s\n", code->name, f->name);
	else if (!dump->dot)
		fprintf(dump->to, "\n.sub %s%s\n", f->name, f->is_global ? " global" : "");
	if (!err)
		err = dump_insns(dump, &opts, insns, f->n_insns);
	free(insns);
	return err;
}

static void put_head(const struct dump *dump, const struct hewn_object *object)
{
	const uint16_t one = 1;

	if (object->big_endian == (*(const uint8_t *)&one == 1))
		fprintf(dump->to, ".order %s\n", object->big_endian ? "big" : "little");
	if (object->license[0]) {
		fputs(".license ", dump->to);
		put_string(dump->to, (const uint8_t *)object->license, strlen(object->license));
		fputc('\n', dump->to);
	}
	for (uint32_t i = 0; i < object->n_maps; i++)
		if (object->maps[i].origin != MAP_DATA)
			put_map(dump->to, object, &object->maps[i]);
	for (uint32_t i = 0; i < object->n_maps; i++)
		dump_event(dump->to, object, &object->maps[i]);
	for (uint32_t i = 0; i < object->n_externs; i++)
		fprintf(dump->to, ".extern %s\n", object->externs[i].name);
	for (uint32_t i = 0; i < object->n_maps; i++)
		for (uint32_t v = 0; v < object->maps[i].n_values; v++)
			put_value(dump->to, object, &object->maps[i], &object->maps[i].values[v]);
	for (uint32_t i = 0; i < object->n_maps; i++)
		if (object->maps[i].origin == MAP_DATA)
			put_data(dump->to, &object->maps[i]);
}

int dump_object(const struct dump *dump, const struct hewn_object *object, struct hewn_err *err)
{
	bool found = false;
	int code = 0;

	if (dump->func && object_func(object, dump->func) == NONE)
		return err_set(err, -ENOENT, "no function \"%s\"", dump->func);
	if (!dump->func && !dump->dot)
		put_head(dump, object);
	for (uint32_t i = 0; i < object->n_funcs && !code; i++)
		if (!dump->func || !strcmp(object->funcs[i].name, dump->func)) {
			code = put_func(dump, object, &object->funcs[i]);
			found = true;
		}
	if (!found)
		return err_set(err, -ENOENT, "no function in the object");
	return code ? err_set(err, code, "cannot be printed") : 0;
}
