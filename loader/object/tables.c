// SPDX-License-Identifier: MIT
/*
 * Jump tables: section .jumptables has 64-bit offsets of instructions, counted from the beginning of the section
 * of the code that jumps, and a symbol with a size for each table. Knows how they lie there; whose code they are
 * for, only the instruction that loads a table's address can tell.
 */
#include <errno.h>
#include <stdlib.h>

#include "loader/err.h"
#include "loader/mem.h"
#include "loader/object/reader.h"

#define ENTRY 8u /* bytes of an entry, and of an instruction */

int tables_find(struct reader *r, const struct elf_symbol *symbol, uint32_t *index)
{
	const struct elf_section *s = &r->elf.sections[symbol->section];
	struct hewn_object *o = r->object;
	struct obj_table *table;
	const uint8_t *data;
	uint64_t used = symbol->size;
	size_t size;
	int rc = elf_data(&r->elf, symbol->section, &data, &size, r->err);

	for (*index = 0; !rc && *index < o->n_tables; ++*index) {
		if (o->tables[*index].off == symbol->value)
			return 0;
		used += (uint64_t)ENTRY * o->tables[*index].n_insns;
	}
	if (rc)
		return rc;
	if (!symbol->size || symbol->value % ENTRY || symbol->size % ENTRY || symbol->value > size ||
	    symbol->size > size - symbol->value || symbol->size / ENTRY > UINT32_MAX)
		return err_set(r->err, -ENOEXEC, "a jump table at byte %llu with %llu bytes, in a section of %llu",
			       (unsigned long long)symbol->value, (unsigned long long)symbol->size, (unsigned long long)s->size);
	if (used > size)
		return err_set(r->err, -ENOEXEC, "jump tables that lie over each other: %llu bytes, in a section of %llu",
			       (unsigned long long)used, (unsigned long long)s->size);
	table = mem_append(&o->tables, &o->n_tables, sizeof(*table));
	if (!table)
		return reader_nomem(r);
	table->name = object_string(o, reader_name(r, symbol));
	table->off = symbol->value;
	table->insns = calloc((size_t)(symbol->size / ENTRY), sizeof(*table->insns));
	if (!table->name || !table->insns)
		return reader_nomem(r);
	table->n_insns = (uint32_t)(symbol->size / ENTRY);
	for (uint32_t i = 0; i < table->n_insns; i++) {
		uint64_t off = elf_u64(&r->elf, data + symbol->value + (size_t)ENTRY * i);

		if (off % ENTRY || off / ENTRY > INT32_MAX)
			return err_set(r->err, -ENOEXEC, "entry %u of a jump table is byte %llu, where no instruction begins", i,
				       (unsigned long long)off);
		table->insns[i] = (uint32_t)(off / ENTRY);
	}
	return 0;
}
