// SPDX-License-Identifier: MIT
/*
 * Programs by function and instruction, and blobs byte by byte: see json_tables.h. Knows how an instruction is printed
 * and hashed; knows nothing of steps' order.
 */
#include "loader/plan/json_tables.h"

#include "insn/disasm.h"
#include "insn/helpers.h"
#include "insn/sha.h"
#include "insn/table.h"
#include "insn/tag.h"
#include "loader/abi/abi.h"
#include "loader/json.h"
#include "loader/plan/bytes.h"

#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

void json_member(FILE *to, const char *key, const char *text)
{
	fprintf(to, "\"%s\":", key);
	if (text)
		json_text(to, text, strlen(text));
	else
		fputs("null", to);
}

static void write_hex(FILE *to, const uint8_t *bytes, size_t size)
{
	static const char digits[] = "0123456789abcdef";
	char text[128];
	size_t n = 0;

	putc('"', to);
	for (size_t i = 0; i < size; i++) {
		text[n++] = digits[bytes[i] >> 4];
		text[n++] = digits[bytes[i] & 15];
		if (n == sizeof(text)) {
			fwrite(text, 1, n, to);
			n = 0;
		}
	}
	if (n)
		fwrite(text, 1, n, to);
	putc('"', to);
}

static void write_sha256(FILE *to, const uint8_t *bytes, uint32_t size)
{
	uint8_t digest[32];
	struct sha sha;

	sha_open(&sha, SHA_256);
	sha_add(&sha, bytes, size);
	sha_finish(&sha, digest);
	fputs("\"sha256\":", to);
	write_hex(to, digest, sizeof(digest));
}

/* ── programs ── */

struct program {
	const struct call_form *form;
	const struct plan_blob *blob;   /* its instructions, in this machine's byte order */
	const struct bpf_insn *insns;
	uint32_t n;
	const uint8_t *bytes;           /* in the target's */
	const struct image *image;      /* NULL: made by hand */
};

/* A call of a function of the same program, or its address. */
static bool part_at(const struct program *p, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	const bool call = insn->code == (BPF_JMP | BPF_CALL) && insn->src_reg == BPF_PSEUDO_CALL;
	const bool address = table_is_wide(insn->code) && insn->src_reg == BPF_PSEUDO_FUNC;
	const struct hewn_object *object = p->form->plan->object;
	const int64_t target = call || address ? disasm_target(p->insns, p->n, at, false) : -1;

	for (uint32_t i = 0; object && p->image && target >= 0 && i < p->image->n_parts; i++) {
		const struct image_part *part = &p->image->parts[i];

		if (part->insn != target || part->func >= object->n_funcs)
			continue;
		ref->kind = call ? INSN_REF_CALL : INSN_REF_FUNC;
		ref->name = object->funcs[part->func].name;
		return true;
	}
	return false;
}

/* A number that is known at the run only: a map by its name, the rest by the slot's. */
static bool name_of(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	const struct program *p = ctx;

	*ref = (struct disasm_ref){ .kind = INSN_REF_SYMBOL };
	for (uint32_t i = 0; i < p->blob->n_fixes; i++) {
		const struct plan_fix *fix = &p->blob->fixes[i];
		const struct plan_slot *slot;

		if (fix->kind != FIX_SLOT || fix->off / 8 != at || fix->index >= p->form->plan->n_slots)
			continue;
		slot = &p->form->plan->slots[fix->index];
		ref->name = slot->name;
		if (slot->of == OF_MAP && p->form->plan->object && slot->index < p->form->plan->object->n_maps) {
			ref->name = p->form->plan->object->maps[slot->index].name;
			ref->kind = insn->src_reg == BPF_PSEUDO_MAP_VALUE ? INSN_REF_MAP_VALUE : INSN_REF_MAP;
			ref->addend = ref->kind == INSN_REF_MAP_VALUE ? p->insns[at + 1].imm : 0;
		}
		return table_is_wide(insn->code);
	}
	return part_at(p, at, insn, ref);
}

/* What a CO-RE relocation found, in words. */
static void write_core(const struct program *p, uint32_t at)
{
	const struct image_core *core = p->image ? image_core_at(p->image, at) : NULL;
	char text[320];

	if (!core || !p->form->plan->object)
		return;
	core_describe(p->form->plan->object, core->reloc, &core->value, text, sizeof(text));
	putc(',', p->form->to);
	json_member(p->form->to, "core", text);
}

static void write_insns(const struct program *p, struct disasm_opts *opts, uint32_t from, uint32_t n)
{
	char text[256];
	uint32_t slots;

	fputs(",\"insns\":[", p->form->to);
	for (uint32_t i = from; i < from + n && i < p->n; i += slots) {
		slots = disasm_slots(&p->insns[i], p->n - i, false);
		disasm_insn(opts, p->insns, p->n, i, text, sizeof(text));
		fprintf(p->form->to, "%s{\"insn\":%u,", i > from ? "," : "", i);
		json_member(p->form->to, "text", text);
		fputs(",\"bytes\":", p->form->to);
		write_hex(p->form->to, p->bytes + (size_t)8 * i, (size_t)8 * slots);
		write_core(p, i);
		putc('}', p->form->to);
	}
	putc(']', p->form->to);
}

static void write_functions(const struct program *p)
{
	const struct hewn_object *object = p->form->plan->object;
	struct disasm_opts opts = { .ctx = (void *)p, .ref = name_of };

	fputs(",\"functions\":[", p->form->to);
	for (uint32_t i = 0; p->image && i < p->image->n_parts; i++) {
		const struct image_part *part = &p->image->parts[i];

		fputs(i ? ",{" : "{", p->form->to);
		json_member(p->form->to, "name", object && part->func < object->n_funcs ? object->funcs[part->func].name : NULL);
		write_insns(p, &opts, part->insn, part->n_insns);
		putc('}', p->form->to);
	}
	putc(']', p->form->to);
}

/* Each once, in the order of their numbers. */
static void write_helpers(const struct program *p)
{
	const char *sep = "";

	fputs(",\"helpers\":[", p->form->to);
	for (int id = 1; id < helpers_count(); id++) {
		bool used = false;

		for (uint32_t i = 0; i < p->n && !used; i++)
			used = p->insns[i].code == (BPF_JMP | BPF_CALL) && !p->insns[i].src_reg && p->insns[i].imm == id;
		if (!used || !helpers_name(id))
			continue;
		fprintf(p->form->to, "%s\"bpf_%s\"", sep, helpers_name(id));
		sep = ",";
	}
	putc(']', p->form->to);
}

/* Known before the run only where every number that is not yet known is a map's, which the hash leaves out. */
static bool tag_of(const struct program *p, bool sha256, uint8_t tag[TAG_SIZE])
{
	struct bpf_insn *other = malloc((size_t)p->n * sizeof(*other) + 1);
	const bool big = bytes_big_endian(p->form->plan);
	uint8_t second[TAG_SIZE];

	*p->form->lost |= !other;
	if (!other)
		return false;
	memcpy(other, p->insns, (size_t)p->n * sizeof(*other));
	for (uint32_t i = 0; i < p->blob->n_fixes; i++)
		if (p->blob->fixes[i].off + p->blob->fixes[i].size <= p->blob->size)
			memset((uint8_t *)other + p->blob->fixes[i].off, 0xff, p->blob->fixes[i].size);
	tag_compute(p->insns, p->n, sha256, big, tag);
	tag_compute(other, p->n, sha256, big, second);
	free(other);
	return !memcmp(tag, second, TAG_SIZE);
}

static void write_tags(const struct program *p)
{
	static const char *const kinds[] = { "sha1", "sha256" };
	uint8_t tag[TAG_SIZE];

	fputs(",\"tag\":{", p->form->to);
	for (int i = 0; i < 2; i++) {
		fprintf(p->form->to, "%s\"%s\":", i ? "," : "", kinds[i]);
		if (tag_of(p, i, tag))
			write_hex(p->form->to, tag, sizeof(tag));
		else
			fputs("null", p->form->to);
	}
	putc('}', p->form->to);
}

/* The instructions that a BPF_PROG_LOAD points to; NONE: it is no such call. */
static uint32_t insns_of(const struct hewn_plan *plan, const struct plan_step *step)
{
	const struct abi_field *field = abi_field(BPF_PROG_LOAD, "insns");
	const struct plan_blob *attr;

	if (step->call != CALL_BPF || step->n_args < 2 || step->args[1].kind != ARG_BLOB || !field)
		return NONE;
	attr = &plan->blobs[step->args[1].value];
	for (uint32_t i = 0; attr->cmd == BPF_PROG_LOAD && attr->kind == BLOB_BPF_ATTR && i < attr->n_fixes; i++)
		if (attr->fixes[i].off == field->off && attr->fixes[i].kind == FIX_BLOB)
			return attr->fixes[i].index;
	return NONE;
}

static bool write_program(const struct call_form *form, const struct plan_step *step, const char *sep)
{
	const struct hewn_plan *plan = form->plan;
	const uint32_t index = insns_of(plan, step);
	const struct plan_slot *slot = step->slot != NONE ? &plan->slots[step->slot] : NULL;
	struct program p = { .form = form };
	const struct obj_func *func = NULL;
	uint8_t *bytes;

	if (index == NONE)
		return false;
	p.blob = &plan->blobs[index];
	p.image = step->image < plan->n_images ? &plan->images[step->image] : NULL;
	bytes = bytes_of(plan, index);
	*form->lost |= !bytes && p.blob->bytes;
	if (!bytes)
		return false;
	p.insns = (const struct bpf_insn *)(const void *)p.blob->bytes;
	p.n = p.blob->size / (uint32_t)sizeof(*p.insns);
	p.bytes = bytes;
	if (slot && slot->of == OF_PROG && plan->object && slot->index < plan->object->n_funcs)
		func = &plan->object->funcs[slot->index];
	fprintf(form->to, "%s{", sep);
	json_member(form->to, "name", func ? func->name : slot ? slot->name : NULL);
	putc(',', form->to);
	json_member(form->to, "section", func ? plan->object->codes[func->code].name : NULL);
	fprintf(form->to, ",\"blob\":%u,\"size\":%u,", index, p.blob->size);
	write_sha256(form->to, bytes, p.blob->size);
	write_tags(&p);
	write_helpers(&p);
	write_functions(&p);
	putc('}', form->to);
	free(bytes);
	return true;
}

/* ── blobs ── */

static void write_fixes(const struct call_form *form, const struct plan_blob *blob)
{
	fputs(",\"places\":[", form->to);
	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		const struct plan_fix *fix = &blob->fixes[i];

		fprintf(form->to, "%s{\"off\":%u,\"size\":%u,", i ? "," : "", fix->off, fix->size);
		if (fix->kind == FIX_BLOB)
			fprintf(form->to, "\"blob\":%u}", fix->index);
		else
			json_member(form->to, fix->kind == FIX_TEXT ? "digits_of" : fix->kind == FIX_HIGH ? "upper_half_of" : "slot", form->plan->slots[fix->index].name);
		if (fix->kind != FIX_BLOB)
			putc('}', form->to);
	}
	putc(']', form->to);
}

static void write_blob(const struct call_form *form, uint32_t index)
{
	static const char *const kinds[] = {
		[BLOB_BPF_ATTR] = "bpf_attr",	[BLOB_PERF_ATTR] = "perf_event_attr",
		[BLOB_INSNS] = "insns",		[BLOB_BTF] = "btf",
		[BLOB_STRING] = "string",	[BLOB_KEY] = "key",
		[BLOB_VALUE] = "value",		[BLOB_FUNC_INFO] = "func_info",
		[BLOB_LINE_INFO] = "line_info",	[BLOB_EPOLL_EVENT] = "epoll_event",
		[BLOB_OUT] = "out",		[BLOB_WORDS] = "words",
	};
	const struct plan_blob *blob = &form->plan->blobs[index];
	const char *kind = (size_t)blob->kind < sizeof(kinds) / sizeof(kinds[0]) ? kinds[blob->kind] : NULL;
	uint8_t *bytes = bytes_of(form->plan, index);

	*form->lost |= !bytes && blob->bytes;
	fprintf(form->to, "%s{\"blob\":%u,", index ? "," : "", index);
	json_member(form->to, "kind", kind ? kind : "other");
	putc(',', form->to);
	json_member(form->to, "name", blob->name);
	fprintf(form->to, ",\"size\":%u", blob->size);
	if (bytes) { /* else zeros, or what the kernel writes */
		putc(',', form->to);
		write_sha256(form->to, bytes, blob->size);
		fputs(",\"bytes\":", form->to);
		write_hex(form->to, bytes, blob->size);
	}
	if (blob->n_fixes)
		write_fixes(form, blob);
	putc('}', form->to);
	free(bytes);
}

void json_tables(const struct call_form *form)
{
	const char *sep = "";

	fputs(",\"programs\":[", form->to);
	for (uint32_t i = 0; i < form->plan->steps.n; i++)
		if (write_program(form, &form->plan->steps.v[i], sep))
			sep = ",";
	fputs("],\"blobs\":[", form->to);
	for (uint32_t i = 0; i < form->plan->n_blobs; i++)
		write_blob(form, i);
	putc(']', form->to);
}
