// SPDX-License-Identifier: MIT
/*
 * What tags of the source say of functions (DECL_TAG, 5.16): which function takes over when a program
 * throws an exception. Knows the tags that loaders act upon; the kernel reads others by itself.
 */
#include <string.h>

#include "loader/object/reader.h"

#define CALLBACK "exception_callback:" /* bpf_throw(), 6.7 */
#define WHOLE	 UINT32_MAX	       /* the tag is of the function, not of a parameter */

/*
 * A program may name one function of its own object. One that does otherwise is left to the verifier, which says
 * so: the others of the object may be well.
 */
static void set_callback(struct hewn_object *o, struct obj_func *func, const char *name)
{
	uint32_t callback = object_func(o, name);

	if (callback != NONE && !o->funcs[callback].is_prog)
		func->exception = callback;
}

int tags_read(struct reader *r)
{
	struct hewn_object *o = r->object;
	const struct btf *btf = &o->btf;

	for (uint32_t id = 1; o->has_btf && id < btf->n_types; id++) {
		const struct btf_head *tag = btf_type(btf, id);
		const char *text = btf_name(btf, id);

		if (btf_kind(tag) != BTF_DECL_TAG || strncmp(text, CALLBACK, strlen(CALLBACK)) != 0 ||
		    *(const uint32_t *)btf_body(tag) != WHOLE)
			continue;
		for (uint32_t i = 0; i < o->n_funcs; i++)
			if (o->funcs[i].is_prog && o->funcs[i].type_id == tag->size_or_type)
				set_callback(o, &o->funcs[i], text + strlen(CALLBACK));
	}
	return 0;
}
