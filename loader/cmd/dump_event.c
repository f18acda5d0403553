// SPDX-License-Identifier: MIT
/*
 * What the records of a ring are, as the assembler's .event. It knows numbers, arrays of them,
 * text, and the typedefs of hewn.bpf.h; for a record with anything else there is a remark.
 *
 * Knows BTF; knows nothing of values.
 */
#include <string.h>

#include "loader/cmd/dump.h"
#include "loader/object/object.h"

struct field {
	const char *name, *meaning;
	uint32_t size, count, byte;
	bool is_signed, is_char;
};

/* The type behind names and qualifiers; the outermost name that says how to print it goes to
 * *meaning. */
static uint32_t behind(const struct btf *btf, uint32_t id, const char **meaning)
{
	for (;;) {
		const struct btf_head *head = btf_type(btf, id);
		enum btf_kind kind = btf_kind(head);

		if (kind == BTF_TYPEDEF && !*meaning && !strncmp(btf_name(btf, id), "hewn_", 5))
			*meaning = btf_name(btf, id);
		if (kind != BTF_TYPEDEF && kind != BTF_CONST && kind != BTF_VOLATILE &&
		    kind != BTF_TYPE_TAG)
			return id;
		id = head->size_or_type;
	}
}

/* False: .event has no words for it. */
static bool read_field(const struct btf *btf, const struct btf_head *record,
		       const struct btf_member *member, struct field *f)
{
	const char *inner = NULL;
	const struct btf_head *head;
	uint32_t id, bits;

	*f = (struct field){.name = btf_str(btf, member->name_off),
			    .byte = btf_member_bit(record, member) / 8};
	id = behind(btf, member->type, &f->meaning);
	head = btf_type(btf, id);
	if (btf_kind(head) == BTF_ARRAY) {
		const struct btf_array *array = btf_body(head);

		f->count = array->n;
		id = behind(btf, array->type, &inner);
		head = btf_type(btf, id);
		if (inner || !f->count)
			return false;
	}
	if (btf_kind(head) != BTF_INT || !f->name[0] || btf_member_bit(record, member) % 8)
		return false;
	f->size = head->size_or_type;
	memcpy(&bits, btf_body(head), sizeof(bits)); /* encoding << 24 | offset << 16 | bits */
	f->is_signed = bits >> 24 & 1;
	f->is_char = !strcmp(btf_name(btf, id), "char");
	return (bits & 0xffffff) == 8 * f->size && f->size <= 8 && !(f->size & (f->size - 1)) &&
	       !(btf_kind_flag(record) && member->offset >> 24);
}

static bool read_fields(const struct btf *btf, const struct btf_head *record, FILE *to)
{
	const struct btf_member *members = btf_body(record);
	uint32_t end = 0;

	if (btf_kind(record) != BTF_STRUCT || !btf_vlen(record))
		return false;
	for (uint32_t i = 0; i < btf_vlen(record); i++) {
		struct field f;

		/* The assembler places them as a compiler does: so must they have been. */
		if (!read_field(btf, record, &members[i], &f) ||
		    f.byte != ((end + f.size - 1) & ~(f.size - 1)))
			return false;
		end = f.byte + f.size * (f.count ? f.count : 1);
		if (!to)
			continue;
		if (f.is_char)
			fprintf(to, " %s:char", f.name);
		else
			fprintf(to, " %s:%c%u", f.name, f.is_signed ? 's' : 'u', 8 * f.size);
		if (f.count)
			fprintf(to, "[%u]", f.count);
		if (f.meaning)
			fprintf(to, ":%s", f.meaning);
	}
	return true;
}

void dump_event(FILE *to, const struct hewn_object *object, const struct obj_map *map)
{
	uint32_t id = map->event_type;
	const char *meaning = NULL;
	const struct btf_head *record;

	if (!id)
		return;
	id = behind(&object->btf, id, &meaning);
	record = btf_type(&object->btf, id);
	if (!read_fields(&object->btf, record, NULL)) {
		fprintf(to, "; the records of %s are of type %s, for which .event has no words\n",
			map->name, btf_name(&object->btf, id));
		return;
	}
	fprintf(to, ".event %s", map->name);
	read_fields(&object->btf, record, to);
	fputc('\n', to);
}
