// SPDX-License-Identifier: MIT
/*
 * An object once it is there: finding things in it, saying where an instruction came from, and
 * giving it back. Knows nothing of files.
 */
#include <linux/bpf.h>
#include <stdlib.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/object.h"

struct hewn_object *object_new(const char *name)
{
	struct hewn_object *object = calloc(1, sizeof(*object));

	if (!object)
		return NULL;
	object->name = object_string(object, name ? name : "");
	if (!object->name) {
		free(object);
		return NULL;
	}
	return object;
}

const char *object_string(struct hewn_object *object, const char *text)
{
	size_t size = strlen(text) + 1;
	struct obj_string *string = malloc(sizeof(*string) + size);

	if (!string)
		return NULL;
	memcpy(string->text, text, size);
	string->next = object->strings;
	object->strings = string;
	return string->text;
}

void hewn_object_close(struct hewn_object *object)
{
	if (!object)
		return;
	for (uint32_t i = 0; i < object->n_codes; i++)
		free(object->codes[i].insns);
	for (uint32_t i = 0; i < object->n_maps; i++) {
		free(object->maps[i].values);
		free(object->maps[i].data);
	}
	free(object->codes);
	free(object->funcs);
	free(object->maps);
	free(object->relocs);
	free(object->externs);
	for (uint32_t i = 0; i < object->n_tables; i++)
		free(object->tables[i].insns);
	free(object->tables);
	free(object->func_infos);
	free(object->lines);
	free(object->cores);
	if (object->has_btf)
		btf_close(&object->btf);
	while (object->strings) {
		struct obj_string *next = object->strings->next;

		free(object->strings);
		object->strings = next;
	}
	free(object);
}

uint32_t object_func(const struct hewn_object *object, const char *name)
{
	for (uint32_t i = 0; i < object->n_funcs; i++)
		if (!strcmp(object->funcs[i].name, name))
			return i;
	return NONE;
}

uint32_t object_map(const struct hewn_object *object, const char *name)
{
	for (uint32_t i = 0; i < object->n_maps; i++)
		if (!strcmp(object->maps[i].name, name))
			return i;
	return NONE;
}

uint32_t object_func_at(const struct hewn_object *object, uint32_t code, uint32_t insn)
{
	uint32_t low = 0, high = object->n_funcs;
	const struct obj_func *func;

	/* The first function after the place; the one before it is the one that may hold it. */
	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		func = &object->funcs[middle];
		if (func->code < code || (func->code == code && func->insn <= insn))
			low = middle + 1;
		else
			high = middle;
	}
	if (!low)
		return NONE;
	func = &object->funcs[low - 1];
	return func->code == code && insn - func->insn < func->n_insns ? low - 1 : NONE;
}

uint32_t object_first_at(const void *records, uint32_t n, size_t size, uint32_t code, uint32_t insn)
{
	uint32_t low = 0, high = n, at[2];

	while (low < high) {
		uint32_t middle = low + (high - low) / 2;

		memcpy(at, (const char *)records + middle * size, sizeof(at));
		if (at[0] < code || (at[0] == code && at[1] < insn))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct obj_line *object_line_at(const struct hewn_object *object, uint32_t code,
				      uint32_t insn)
{
	uint32_t func = object_func_at(object, code, insn), after;
	const struct obj_line *line;

	after = object_first_at(object->lines, object->n_lines, sizeof(*object->lines), code,
				insn + 1);
	if (!after)
		return NULL;
	line = &object->lines[after - 1];
	/* A line of the function before says nothing of this one. */
	if (line->code != code || (func != NONE && line->insn < object->funcs[func].insn))
		return NULL;
	return line;
}

void object_err_at(const struct hewn_object *object, uint32_t code, uint32_t insn,
		   struct hewn_err *err)
{
	uint32_t func = object_func_at(object, code, insn);
	const struct obj_line *line = object_line_at(object, code, insn);

	err_object(err, object->name);
	err_section(err, object->codes[code].name);
	if (func != NONE)
		err_program(err, object->funcs[func].name);
	err_insn(err, func != NONE ? insn - object->funcs[func].insn : insn);
	if (line) {
		const char *text = btf_str(&object->btf, line->line_off);

		text += strspn(text, " \t");
		err_source(err, "%s:%u: %s", btf_str(&object->btf, line->file_off),
			   line->line_col >> 10, text);
	}
}
