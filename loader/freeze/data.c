// SPDX-License-Identifier: MIT
/*
 * What attrs point to, as C: strings and small keys where they are used; instructions, BTF, lines and values as
 * arrays that can be read. Knows blobs; knows nothing of steps.
 */
#include <errno.h>
#include <inttypes.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "insn/disasm.h"
#include "loader/freeze/freeze.h"
#include "loader/plan/blob.h"
#include "loader/plan/bytes.h"

/* ── instructions ── */

struct listing {
	struct freeze *f;
	const struct plan_blob *blob;
	const struct image *image;
};

/* The slot whose value goes into the instruction. */
static uint32_t slot_at(const struct plan_blob *blob, uint32_t insn)
{
	for (uint32_t i = 0; i < blob->n_fixes; i++)
		if (blob->fixes[i].off / 8 == insn || blob->fixes[i].off / 8 == insn + 1)
			return blob->fixes[i].index;
	return NONE;
}

/* Names the map of a ld_imm64. */
static bool name_ref(void *ctx, uint32_t at, const struct bpf_insn *insn, struct disasm_ref *ref)
{
	const struct listing *l = ctx;
	const uint32_t slot = slot_at(l->blob, at);

	if (slot == NONE || insn->code != (BPF_LD | BPF_DW | BPF_IMM) || l->f->plan->slots[slot].of != OF_MAP ||
	    l->f->plan->slots[slot].index >= l->f->object->n_maps)
		return false;
	ref->kind = insn->src_reg == BPF_PSEUDO_MAP_VALUE ? INSN_REF_MAP_VALUE : INSN_REF_MAP;
	ref->name = l->f->object->maps[l->f->plan->slots[slot].index].name;
	ref->addend = insn->src_reg == BPF_PSEUDO_MAP_VALUE ? insn[1].imm : 0;
	return true;
}

/* The image whose instructions these are. */
static const struct image *image_of(const struct freeze *f, const struct plan_blob *blob)
{
	for (uint32_t i = 0; i < f->plan->n_images; i++)
		if (f->plan->images[i].n_insns * sizeof(struct bpf_insn) == blob->size && blob->name &&
		    strstr(blob->name, f->object->funcs[f->plan->images[i].func].name) &&
		    !memcmp(f->plan->images[i].insns, blob->bytes, blob->size))
			return &f->plan->images[i];
	return NULL;
}

/* Above an instruction: the function that begins there, and the line of source that it is of. */
static void write_origin(struct listing *l, uint32_t at, FILE *to)
{
	const struct btf *btf = &l->f->object->btf;

	for (uint32_t i = 0; l->image && i < l->image->n_parts; i++)
		if (l->image->parts[i].insn == at && i)
			words_about(to, "\t/* ", l->f->object->funcs[l->image->parts[i].func].name, "(): */\n");
	for (uint32_t i = 0; l->image && i < l->image->n_lines; i++) {
		const char *line;

		if (l->image->lines[i].insn_off != at)
			continue;
		line = btf_str(btf, l->image->lines[i].line_off);
		line += strspn(line, " \t");
		if (!*line)
			continue;
		fputs("\t/* ", to);
		words_comment(to, line);
		fputs(" */\n", to);
	}
}

/* The bytes with what is known only now in its place. */
static void write_fixed(struct freeze *f, const struct plan_blob *blob, const char *name)
{
	FILE *to = f->data.to;
	bool any = false;

	fprintf(to, "\n/* The same, with what is known only now in its place. */\nstatic const void *%s_with_fds(const struct %s *o)\n{\n",
		name, f->name);
	for (uint32_t i = 0; i < blob->n_fixes; i++) {
		const struct plan_fix *fix = &blob->fixes[i];
		const bool is_string = fix->kind == FIX_BLOB && fix->size == 8 && f->plan->blobs[fix->index].kind == BLOB_STRING;
		const char *value = fix->kind == FIX_BLOB || fix->kind == FIX_TEXT ? "0" : member_expr(f, fix->index);
		const bool is_wide = fix->kind != FIX_BLOB && f->plan->slots[fix->index].of == OF_SYMBOL;
		const char *high = fix->kind == FIX_HIGH ? " >> 32" : "";

		if (is_string) {
			fprintf(to, "\tmemcpy(%s + %u, &(uint64_t){ ptr(", name, fix->off);
			data_pointer(f, fix->index, to);
			fputs(") }, 8);\n", to);
			f->uses[USE_PTR] = true;
			continue;
		}
		any = true;
		if (fix->kind == FIX_BLOB || fix->kind == FIX_TEXT || (fix->size != 4 && fix->size != 8))
			freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze what goes into %s yet", blob->name ? blob->name : "some bytes");
		if (blob->kind == BLOB_INSNS && fix->off % 8 == 4 && is_wide)
			fprintf(to, "\t%s[%u].imm = (int32_t)(%s%s);\n", name, fix->off / 8, value, high);
		else if (blob->kind == BLOB_INSNS && fix->off % 8 == 4)
			fprintf(to, "\t%s[%u].imm = %s;\n", name, fix->off / 8, value);
		else
			fprintf(to, "\tmemcpy(%s + %u, &(uint%u_t){ (uint%u_t)%s }, %u);\n", name, fix->off, fix->size * 8, fix->size * 8, value,
				fix->size);
	}
	fprintf(to, "%s\treturn %s;\n}\n", any ? "" : "\t(void)o;\n", name);
}

static void write_insns(struct freeze *f, const struct plan_blob *blob, const char *name)
{
	struct listing l = { f, blob, image_of(f, blob) };
	const struct disasm_opts opts = { .ctx = &l, .ref = name_ref };
	const struct bpf_insn *insns = (const void *)blob->bytes;
	const uint32_t n = blob->size / 8;
	FILE *to = f->data.to;
	char text[256];

	f->uses[USE_INSN] = true;
	fprintf(to, "\nstatic %sstruct insn %s[%u] = {\n", blob->n_fixes ? "" : "const ", name, n);
	for (uint32_t i = 0; i < n;) {
		const uint32_t slots = disasm_slots(&insns[i], n - i, false);

		write_origin(&l, i, to);
		disasm_insn(&opts, insns, n, i, text, sizeof(text));
		for (uint32_t k = 0; k < slots; k++) {
			const struct bpf_insn *in = &insns[i + k];
			int column = fprintf(to, "\t{ 0x%02x, REGS(%u, %u), %d, %" PRId32 " },", in->code, in->dst_reg, in->src_reg, in->off, in->imm);

			if (!k) {
				fprintf(to, "%*s /* %3u: ", column < 40 ? 40 - column : 0, "", i);
				words_comment(to, text);
				fputs(" */", to);
			}
			putc('\n', to);
		}
		i += slots;
	}
	fputs("};\n", to);
	if (blob->n_fixes)
		write_fixed(f, blob, name);
}

/* ── BTF ── */

static void write_strings(FILE *to, const char *strings, uint32_t size)
{
	uint32_t at = 0;

	while (at < size) {
		const size_t len = strnlen(strings + at, size - at), whole = len;

		fputs("\t\t", to);
		words_string(to, strings + at, whole);
		at += (uint32_t)len + 1;
		fputs(at < size ? " \"\\0\"\n" : "\n", to);
	}
}

/*
 * BTF that differs from one written before in a few words only, as that for older kernels does: a copy and the
 * differences. NULL: there is none like it.
 */
static const struct plan_blob *btf_alike(const struct freeze *f, const struct plan_blob *blob, uint32_t *other, uint32_t words)
{
	for (uint32_t i = 0; i < f->plan->n_blobs; i++) {
		const struct plan_blob *b = &f->plan->blobs[i];
		uint32_t n = 0;

		if (b == blob || b->kind != BLOB_BTF || b->size != blob->size || !f->blobs[i] || strchr(f->blobs[i], '(') ||
		    memcmp(b->bytes + 4 * (size_t)words, blob->bytes + 4 * (size_t)words, blob->size - 4 * (size_t)words))
			continue;
		for (uint32_t k = 0; k < words; k++)
			n += memcmp(b->bytes + 4 * (size_t)k, blob->bytes + 4 * (size_t)k, 4) != 0;
		*other = i;
		if (n <= words / 4)
			return b;
	}
	return NULL;
}

static bool write_btf_change(struct freeze *f, uint32_t index, const char *name)
{
	const struct plan_blob *blob = &f->plan->blobs[index], *before;
	struct btf_header header = { 0 };
	uint32_t other, words;
	char *call;

	if (blob->size < BTF_HEADER_SIZE)
		return false;
	memcpy(&header, blob->bytes, BTF_HEADER_SIZE);
	words = (BTF_HEADER_SIZE + header.types_size) / 4;
	before = 4 * (uint64_t)words <= blob->size ? btf_alike(f, blob, &other, words) : NULL;
	call = before ? malloc(strlen(name) + 3) : NULL;
	if (!call)
		return false;
	sprintf(call, "%s()", name);
	fprintf(f->data.to, "\n/* The same types, but for these words. */\nstatic const void *%s(void)\n{\n\tstatic uint32_t words[%u];\n\n\tmemcpy(words, &%s, %u);\n",
		name, (blob->size + 3) / 4, f->blobs[other], blob->size);
	for (uint32_t i = 0; i < words; i++) {
		uint32_t word;

		if (!memcmp(before->bytes + 4 * (size_t)i, blob->bytes + 4 * (size_t)i, 4))
			continue;
		memcpy(&word, blob->bytes + 4 * (size_t)i, 4);
		fprintf(f->data.to, "\twords[%u] = 0x%x;\n", i, word);
	}
	fputs("\treturn words;\n}\n", f->data.to);
	free(f->blobs[index]);
	f->blobs[index] = call;
	return true;
}

static void write_btf(struct freeze *f, const struct plan_blob *blob, const char *name)
{
	struct btf_header header = { 0 };
	const uint8_t *types = blob->bytes + BTF_HEADER_SIZE;
	FILE *to = f->data.to;
	uint32_t at = 0, id = 1;

	if (blob->size >= BTF_HEADER_SIZE)
		memcpy(&header, blob->bytes, BTF_HEADER_SIZE);
	if (header.header_size != BTF_HEADER_SIZE || header.types_off ||
	    header.strings_off != header.types_size || header.types_size % 4 ||
	    BTF_HEADER_SIZE + header.types_size + header.strings_size != blob->size) {
		freeze_refuse(f, -EOPNOTSUPP, "hewn cannot freeze BTF of this layout");
		return;
	}
	fprintf(to, "\n/* Types: a line each, with their ids. See Documentation/bpf/btf.rst. */\nstatic const struct {\n\tuint32_t header[6], types[%u];\n\tchar strings[%u];\n} %s = {\n\t{ BTF_MAGIC(0x%x, %u), %u, %u, %u, %u, %u },\n\t{\n",
		header.types_size / 4, header.strings_size, name, header.magic, header.version, header.header_size, header.types_off,
		header.types_size, header.strings_off, header.strings_size);
	while (at + sizeof(struct btf_head) <= header.types_size) {
		struct btf_head head;
		const char *strings = (const char *)types + header.types_size;
		uint32_t size;

		memcpy(&head, types + at, sizeof(head));
		size = (uint32_t)sizeof(head) + btf_body_size(&head);
		if (size > header.types_size - at)
			break;
		fprintf(to, "\t\t/* %u %s ", id++, btf_kind_name(btf_kind(&head)));
		words_comment(to, head.name_off < header.strings_size ? strings + head.name_off : "");
		fputs(" */", to);
		for (uint32_t i = 0; i < size; i += 4) {
			uint32_t word;

			memcpy(&word, types + at + i, 4);
			if (i && i % 64 == 0)
				fputs("\n\t\t", to);
			fprintf(to, word > 0xffff ? " 0x%x," : " %u,", word);
		}
		putc('\n', to);
		at += size;
	}
	fputs("\t},\n", to);
	write_strings(to, (const char *)types + header.types_size, header.strings_size);
	fputs("};\n", to);
}

/* ── the rest ── */

static void write_words(struct freeze *f, const struct plan_blob *blob, const char *name, uint32_t columns)
{
	FILE *to = f->data.to;

	fprintf(to, "\nstatic const uint32_t %s[%u] = {", name, blob->size / 4);
	for (uint32_t i = 0; i < blob->size / 4; i++) {
		uint32_t word;

		memcpy(&word, blob->bytes + 4 * (size_t)i, 4);
		fputs(i % columns ? " " : "\n\t", to);
		if (columns == 4 && i % 4 == 3)
			fprintf(to, "%u << 10 | %u,", word >> 10, word & 1023);
		else
			fprintf(to, "%u,", word);
	}
	fputs("\n};\n", to);
}

/* In the target's byte order. */
static void write_bytes(struct freeze *f, uint32_t index, const char *name)
{
	const struct plan_blob *blob = &f->plan->blobs[index];
	uint8_t *bytes = bytes_of(f->plan, index);
	FILE *to = f->data.to;
	uint32_t used = bytes ? blob->size : 0;

	while (used > 1 && !bytes[used - 1])
		used--;
	fprintf(to, "\nstatic %suint8_t %s[%u] = {", blob->n_fixes ? "" : "const ", name, blob->size);
	for (uint32_t i = 0; i < used; i++)
		fprintf(to, "%s0x%02x,", i % 16 ? " " : "\n\t", bytes[i]);
	fputs(used ? "\n};\n" : " 0 };\n", to);
	if (blob->bytes && !bytes)
		freeze_nomem(f);
	free(bytes);
}

static void write_array(struct freeze *f, uint32_t index)
{
	const struct plan_blob *blob = &f->plan->blobs[index];
	char text[160];
	const char *name;

	snprintf(text, sizeof(text), "%.140s", blob->name ? blob->name : "bytes");
	for (char *c = text; *c; c++)
		if (*c >= 'A' && *c <= 'Z' && blob->kind == BLOB_BTF)
			*c = (char)(*c - 'A' + 'a');
	name = words_new(f, text);
	f->blobs[index] = strdup(name);
	if (!f->blobs[index]) {
		freeze_nomem(f);
		return;
	}
	switch (blob->kind) {
	case BLOB_INSNS:
		write_insns(f, blob, name);
		return;
	case BLOB_BTF:
		if (!write_btf_change(f, index, name))
			write_btf(f, blob, name);
		return;
	case BLOB_FUNC_INFO:
		fprintf(f->data.to, "\n/* instruction, type */");
		write_words(f, blob, name, 2);
		return;
	case BLOB_LINE_INFO:
		fprintf(f->data.to, "\n/* instruction, file and text of the line in the BTF's strings, line and column */");
		write_words(f, blob, name, 4);
		return;
	default:
		write_bytes(f, index, name);
		if (blob->n_fixes)
			write_fixed(f, blob, name);
		return;
	}
}

/* A key or value of 4 or 8 bytes, where it is used: as the number that these are on the target. */
static bool write_small(struct freeze *f, uint32_t index, FILE *to)
{
	const struct plan_blob *blob = &f->plan->blobs[index];
	const struct plan_fix *fix = blob_fix(blob, 0);
	const bool big = bytes_big_endian(f->plan);
	uint64_t value = 0;
	uint8_t *bytes;

	if (blob->size != 4 && blob->size != 8)
		return false;
	if (fix && (fix->kind != FIX_SLOT || fix->size != blob->size || blob->n_fixes != 1))
		return false;
	bytes = bytes_of(f->plan, index);
	if (blob->bytes && !bytes)
		freeze_nomem(f);
	for (uint32_t i = 0; bytes && i < blob->size; i++)
		value = value << 8 | bytes[big ? i : blob->size - 1 - i];
	free(bytes);
	fprintf(to, "&(uint%u_t){ ", blob->size * 8);
	if (fix)
		fprintf(to, "(uint%u_t)%s", blob->size * 8, member_expr(f, fix->index));
	else if (f->loop && blob->kind == BLOB_KEY && !value)
		fputs("(uint32_t)cpu", to);
	else
		words_number(to, value);
	fputs(" }", to);
	return true;
}

void data_pointer(struct freeze *f, uint32_t index, FILE *to)
{
	const struct plan_blob *blob = &f->plan->blobs[index];

	if (blob->kind == BLOB_STRING && !blob->n_fixes) {
		words_string(to, (const char *)blob->bytes, blob->size ? blob->size - 1 : 0);
		return;
	}
	if (blob->kind == BLOB_OUT) {
		f->uses[USE_LOG] |= blob->size > 4096;
		fputs(blob->size > 4096 ? "verifier_log" : "out", to);
		return;
	}
	if ((blob->kind == BLOB_KEY || blob->kind == BLOB_VALUE) && write_small(f, index, to))
		return;
	if (!f->blobs[index])
		write_array(f, index);
	if (!f->blobs[index])
		return;
	if (blob->kind == BLOB_BTF && !strchr(f->blobs[index], '('))
		putc('&', to);
	fprintf(to, "%s%s", f->blobs[index], blob->n_fixes ? "_with_fds(o)" : "");
}
