// SPDX-License-Identifier: MIT
/*
 * A struct_ops of the object, brought into the form that the target's kernel has: its own struct inside of
 * struct bpf_struct_ops_NAME (5.6). Knows the types of both sides; knows nothing of fds.
 */
#ifndef LOADER_LINK_STRUCT_OPS_H
#define LOADER_LINK_STRUCT_OPS_H

#include "loader/link/link.h"

/* A pointer to a function in the kernel's struct. */
struct ops_func {
	uint32_t off;    /* in the value: where the program's fd goes */
	uint32_t member; /* its number in the kernel's struct: the program's expected_attach_type */
	uint32_t func;   /* obj_func */
};

struct struct_ops {
	const char *module;     /* whose BTF has the types; NULL: vmlinux. The target's */
	uint32_t type_id;       /* of the struct NAME: the programs' attach_btf_id */
	uint32_t value_type_id; /* of struct bpf_struct_ops_NAME: the map's btf_vmlinux_value_type_id */
	uint8_t *value;         /* in the target's byte order, but for the fds */
	uint32_t value_size;
	uint32_t word;          /* bytes of a pointer in it */
	struct ops_func *funcs;
	uint32_t n_funcs;
};

/* Says which types will be asked for: target_btf_want(). */
int struct_ops_want(struct hewn_target *target, const struct hewn_object *object);

/*
 * The struct_ops of map `map`. What the object's struct has and the kernel's has not must be zero, and no program;
 * what both have must be of one kind and size. -ENOENT: no such struct; -EINVAL, with the member.
 */
int struct_ops_open(struct struct_ops *ops, struct hewn_target *target, const struct hewn_object *object, uint32_t map,
		    struct hewn_err *err);
void struct_ops_close(struct struct_ops *ops);

#endif
