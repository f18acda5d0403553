// SPDX-License-Identifier: MIT
/*
 * What tags of the source say of functions (DECL_TAG, 5.16): which function takes over when a program
 * throws an exception. Knows the tags that loaders act upon; the kernel reads others by itself.
 */
#include <errno.h>
#include <string.h>

#include "loader/err.h"
#include "loader/object/reader.h"

#define CALLBACK "exception_callback:" /* bpf_throw(), 6.7 */
#define WHOLE	 UINT32_MAX	       /* the tag is of the function, not of a parameter */

/* A program may name one function of its own object, which no other instruction refers to. */
static int set_callback(struct reader *r, struct obj_func *func, const char *name)
{
	uint32_t callback = object_func(r->object, name);

	if (callback != NONE && !r->object->funcs[callback].is_prog && func->exception == NONE) {
		func->exception = callback;
		return 0;
	}
	err_program(r->err, func->name);
	err_symbol(r->err, name);
	return err_set(r->err, -EINVAL, callback == NONE	       ? "the function that handles exceptions is not in this object"
					: func->exception != NONE ? "two functions that handle exceptions"
								  : "what handles exceptions is a program, not a function");
}

int tags_read(struct reader *r)
{
	struct hewn_object *o = r->object;
	const struct btf *btf = &o->btf;
	int rc = 0;

	for (uint32_t id = 1; !rc && o->has_btf && id < btf->n_types; id++) {
		const struct btf_head *tag = btf_type(btf, id);
		const char *text = btf_name(btf, id);

		if (btf_kind(tag) != BTF_DECL_TAG || strncmp(text, CALLBACK, strlen(CALLBACK)) != 0 ||
		    *(const uint32_t *)btf_body(tag) != WHOLE)
			continue;
		for (uint32_t i = 0; !rc && i < o->n_funcs; i++)
			if (o->funcs[i].is_prog && o->funcs[i].type_id == tag->size_or_type)
				rc = set_callback(r, &o->funcs[i], text + strlen(CALLBACK));
	}
	return rc;
}
