// SPDX-License-Identifier: MIT
/* Programs, and each of their relocations with the instruction before and after. Knows objects, images and plans. */
#include <linux/bpf.h>
#include <string.h>

#include "insn/disasm.h"
#include "loader/abi/abi.h"
#include "loader/cmd/story.h"

void story_programs(struct story *story)
{
	const struct hewn_object *object = story->object;

	if (!story_chapter(story, "The programs", "loader/object/funcs.c: funcs_read(), loader/link/image.c: image_open()"))
		return;
	story_say(story, 2, "A program is a function in a section whose name says what it is for. The functions that it calls are "
			    "appended to it, because the kernel takes each program whole.");
	putc('\n', story->to);
	for (uint32_t i = 0; i < object->n_funcs && !story->ended; i++) {
		const struct obj_func *f = &object->funcs[i];
		const char *type = f->def ? abi_name(abi_prog_types, f->def->prog_type) : NULL;

		if (!f->is_prog)
			continue;
		fprintf(story->to, "  %s%s%s, section \"%s\", type %s\n", story->bold, f->name, story->off,
			object->codes[f->code].name, type ? type : "unknown");
		for (uint32_t k = 0; story->plan && k < story->plan->n_images; k++) {
			const struct image *image = &story->plan->images[k];

			if (image->func != i)
				continue;
			for (uint32_t p = 0; p < image->n_parts; p++)
				fprintf(story->to, "      instructions %u to %u: %s\n", image->parts[p].insn,
					image->parts[p].insn + image->parts[p].n_insns - 1,
					object->funcs[image->parts[p].func].name);
		}
	}
	story_rest(story);
}

/* ── relocations ── */

/* Where an instruction of a section came to in an image. False: in none. */
static bool placed(const struct story *story, uint32_t code, uint32_t insn, const struct image **image, uint32_t *at)
{
	uint32_t func = object_func_at(story->object, code, insn);

	for (uint32_t i = 0; story->plan && i < story->plan->n_images; i++) {
		*image = &story->plan->images[i];
		for (uint32_t p = 0; p < (*image)->n_parts; p++) {
			const struct image_part *part = &(*image)->parts[p];

			if (part->func != func)
				continue;
			*at = part->insn + (insn - story->object->funcs[func].insn);
			return true;
		}
	}
	return false;
}

static void put_steps_insns(const struct plan_steps *steps, uint32_t image, uint32_t *attr)
{
	for (uint32_t i = 0; i < steps->n && *attr == NONE; i++)
		if (steps->v[i].image == image)
			*attr = (uint32_t)steps->v[i].args[1].value;
}

/* The slot whose value goes into these bytes of the image at the run; NULL: none does. */
static const char *slot_at(const struct story *story, const struct image *image, uint32_t at, uint32_t slots)
{
	const struct hewn_plan *plan = story->plan;
	const struct plan_blob *insns = NULL;
	uint32_t attr = NONE;

	put_steps_insns(&plan->steps, (uint32_t)(image - plan->images), &attr);
	for (uint32_t i = 0; attr != NONE && i < plan->blobs[attr].n_fixes; i++) {
		const struct plan_fix *fix = &plan->blobs[attr].fixes[i];

		if (fix->kind == FIX_BLOB && plan->blobs[fix->index].kind == BLOB_INSNS)
			insns = &plan->blobs[fix->index];
	}
	for (uint32_t i = 0; insns && i < insns->n_fixes; i++)
		if (insns->fixes[i].kind == FIX_SLOT && insns->fixes[i].off >= at * 8 &&
		    insns->fixes[i].off < (at + slots) * 8)
			return plan->slots[insns->fixes[i].index].name;
	return NULL;
}

static void put_insn(struct story *story, const char *when, const struct bpf_insn *insns, uint32_t n, uint32_t at)
{
	const uint32_t slots = disasm_slots(insns + at, n - at, false);
	uint8_t bytes[16];
	char text[200];

	memcpy(bytes, insns + at, slots * sizeof(*insns));
	disasm_insn(NULL, insns, n, at, text, sizeof(text));
	fprintf(story->to, "      %-7s ", when);
	story_bytes(story, bytes, slots * sizeof(*insns), slots == 2 ? 16 : 8);
	fprintf(story->to, "  %s%s%s\n", story->bold, text, story->off);
}

/* Both forms of the instruction. */
static void put_change(struct story *story, uint32_t code, uint32_t insn)
{
	const struct obj_code *from = &story->object->codes[code];
	const struct image *image;
	const char *slot;
	uint32_t at;

	put_insn(story, "before", from->insns, from->n_insns, insn);
	if (!placed(story, code, insn, &image, &at)) {
		story_say(story, 6, "after   (not in a program that is loaded)");
		return;
	}
	put_insn(story, "after", image->insns, image->n_insns, at);
	slot = slot_at(story, image, at, disasm_slots(image->insns + at, image->n_insns - at, false));
	if (slot)
		story_say(story, 6, "        and its number is %s, which is known when a call has made it", slot);
}

static void say_reloc(struct story *story, const struct obj_reloc *r)
{
	const struct hewn_object *object = story->object;
	const struct obj_extern *ext;

	switch (r->kind) {
	case RELOC_MAP:
		story_say(story, 6, "wants the map \"%s\". A program knows a map by its fd: src_reg becomes 1 (BPF_PSEUDO_MAP_FD), and "
				    "the kernel puts the map's address there.", object->maps[r->index].name);
		return;
	case RELOC_DATA:
		story_say(story, 6, "wants the address of a variable: byte %lld of the value of the map \"%s\". src_reg becomes 2 "
				    "(BPF_PSEUDO_MAP_VALUE), and the second half holds the offset.",
			  (long long)r->addend, object->maps[r->index].name);
		return;
	case RELOC_CALL:
		story_say(story, 6, "calls the function \"%s\". src_reg becomes 1 (BPF_PSEUDO_CALL), and the number is the distance from "
				    "the next instruction.", object->funcs[r->index].name);
		return;
	case RELOC_FUNC:
		story_say(story, 6, "wants the address of the function \"%s\", for a helper that calls it back. src_reg becomes 4 "
				    "(BPF_PSEUDO_FUNC).", object->funcs[r->index].name);
		return;
	case RELOC_TABLE:
		story_say(story, 6, "wants the jump table \"%s\", of %u places. It becomes a map of numbers of instructions, and src_reg 2 "
				    "(BPF_PSEUDO_MAP_VALUE).", object->tables[r->index].name, object->tables[r->index].n_insns);
		return;
	case RELOC_EXTERN:
		ext = &object->externs[r->index];
		story_say(story, 6, "wants \"%s\", which only a kernel can give: %s.", ext->name,
			  ext->kind == EXTERN_KCONFIG ? "a value of its configuration" :
			  ext->kind == EXTERN_KSYM    ? "one of its variables" :
			  ext->kind == EXTERN_KFUNC   ? "one of its functions" :
							"defined nowhere");
		return;
	}
}

/* The ELF record behind a relocation: found again by its place. */
static bool find_record(const struct story *story, const struct obj_reloc *r, struct elf_reloc *record, uint32_t *section)
{
	const struct elf *elf = story->elf;
	const char *name = story->object->codes[r->code].name;

	for (uint32_t s = 0; s < elf->n_sections; s++) {
		const uint32_t n = elf_n_relocs(elf, s);

		if (!n || elf->sections[s].info >= elf->n_sections || strcmp(elf->sections[elf->sections[s].info].name, name) != 0)
			continue;
		*section = s;
		for (uint32_t i = 0; i < n; i++)
			if (elf_reloc(elf, s, i, record) && record->offset == r->insn * 8ull)
				return true;
	}
	return false;
}

static const char *reloc_name(uint32_t type)
{
	/* llvm/include/llvm/BinaryFormat/ELFRelocs/BPF.def */
	return type == 1  ? "R_BPF_64_64" :
	       type == 2  ? "R_BPF_64_ABS64" :
	       type == 3  ? "R_BPF_64_ABS32" :
	       type == 4  ? "R_BPF_64_NODYLD32" :
	       type == 10 ? "R_BPF_64_32" :
			    "of an unknown type";
}

static void put_reloc(struct story *story, const struct obj_reloc *r)
{
	const struct hewn_object *object = story->object;
	const uint32_t func = object_func_at(object, r->code, r->insn);
	struct elf_reloc record;
	uint32_t section;

	fprintf(story->to, "  %s%s%s, instruction %u of section \"%s\"\n", story->bold, func != NONE ? object->funcs[func].name : "?",
		story->off, r->insn, object->codes[r->code].name);
	if (find_record(story, r, &record, &section))
		story_say(story, 6, "%s in \"%s\": offset %#llx, symbol %u (%s)", reloc_name(record.type),
			  story->elf->sections[section].name, (unsigned long long)record.offset, record.symbol,
			  r->symbol && r->symbol[0] ? r->symbol : "a section");
	say_reloc(story, r);
	put_change(story, r->code, r->insn);
	story_rest(story);
}

static void put_core(struct story *story, const struct obj_core *core)
{
	/* enum bpf_core_relo_kind, 5.17 */
	static const char *const kinds[] = {
		"the offset of a field", "the size of a field", "whether a field exists", "whether a field is signed",
		"the left shift of a bitfield", "the right shift of a bitfield", "the id of a type here",
		"the id of a type in the kernel", "whether a type exists", "the size of a type",
		"whether an enumerator exists", "the value of an enumerator", "whether a type matches",
	};
	const struct hewn_object *object = story->object;
	const uint32_t func = object_func_at(object, core->code, core->insn);
	const struct obj_line *line = object_line_at(object, core->code, core->insn);

	fprintf(story->to, "  %s%s%s, instruction %u of section \"%s\"\n", story->bold, func != NONE ? object->funcs[func].name : "?",
		story->off, core->insn, object->codes[core->code].name);
	story_say(story, 6, "CO-RE, from .BTF.ext: wants %s of \"%s\", access \"%s\": the kernel's own types say what it is there.",
		  core->kind < sizeof(kinds) / sizeof(*kinds) ? kinds[core->kind] : "something new", btf_name(&object->btf, core->type_id),
		  btf_str(&object->btf, core->access_off));
	if (line)
		story_say(story, 6, "source: %s", btf_str(&object->btf, line->line_off) +
						     strspn(btf_str(&object->btf, line->line_off), " \t"));
	put_change(story, core->code, core->insn);
	story_rest(story);
}

void story_relocs(struct story *story)
{
	const struct hewn_object *object = story->object;

	if (!story_chapter(story, "The relocations", "loader/object/relocs.c: relocs_read(), loader/link/image.c: image_open()"))
		return;
	story_say(story, 2, "The compiler leaves a hole wherever an instruction needs what only a loader can know, and a record that says "
			    "what goes there. This object has %u such records in its programs%s.",
		  object->n_relocs, object->n_relocs ? ", here with the instruction before and after" : "");
	putc('\n', story->to);
	for (uint32_t i = 0; i < object->n_relocs && !story->ended; i++)
		put_reloc(story, &object->relocs[i]);
	for (uint32_t i = 0; i < object->n_cores && !story->ended; i++)
		put_core(story, &object->cores[i]);
}
