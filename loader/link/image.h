// SPDX-License-Identifier: MIT
/*
 * One program, ready but for the fds: a copy of its instructions with the subprograms that it reaches
 * appended, calls resolved, and the places where an fd must go listed. Reads the object, writes none of it.
 */
#ifndef LOADER_LINK_IMAGE_H
#define LOADER_LINK_IMAGE_H

#include "loader/link/link.h"

/* A place where something of the run goes. All else of the instruction is set already. */
struct image_fix {
	uint32_t insn; /* in image.insns */
	enum link_fix kind;
	uint32_t index;
};

/* Layouts of struct bpf_func_info and bpf_line_info (kernels 5.0), insn_off being in image.insns. */
struct image_func_info { uint32_t insn_off, type_id; };
struct image_line_info { uint32_t insn_off, file_name_off, line_off, line_col; };

/* What a CO-RE relocation came to. */
struct image_core {
	uint32_t insn;           /* in image.insns */
	uint32_t reloc;          /* obj_core */
	struct core_value value;
	bool is_poisoned;        /* the instruction is one that the verifier refuses: value.poison or value.misfit */
	char *why;               /* of the poisoned: what the kernel has instead */
};

/* Where an indirect jump may go, in image.insns: a map of its own for each program (6.19). */
struct image_table {
	uint32_t table; /* obj_table */
	uint32_t part;  /* whose code it is for */
	uint32_t *insns;
	uint32_t n_insns;
};

/* Where a run of instructions came from: for errors. */
struct image_part {
	uint32_t insn, n_insns; /* in image.insns */
	uint32_t func;          /* obj_func */
};

struct image {
	uint32_t func;          /* the program's obj_func */
	struct bpf_insn *insns;
	uint32_t n_insns;
	struct image_part *parts;
	uint32_t n_parts;       /* the program, then each subprogram once, in the order in which they are called */
	struct image_fix *fixes;
	uint32_t n_fixes;
	struct image_table *tables;
	uint32_t n_tables;
	struct image_core *cores;
	uint32_t n_cores;       /* sorted by insn */
	struct image_func_info *func_infos;
	uint32_t n_func_infos;  /* one a part, or 0 where a part has none */
	struct image_line_info *lines;
	uint32_t n_lines;
};

/*
 * Links one program of the object for the kernel of the link. Fails, with symbol, section, instruction and source line,
 * on a relocation to nowhere and on what that kernel must have and has not.
 */
int image_open(struct image *image, struct link *link, uint32_t func, struct hewn_err *err);
void image_close(struct image *image);

/* The CO-RE relocation of an instruction of the image; NULL: it has none. */
const struct image_core *image_core_at(const struct image *image, uint32_t insn);

/* Adds function, source line and section of an instruction of the image to err. */
void image_err_at(const struct image *image, const struct hewn_object *object, uint32_t insn,
		  struct hewn_err *err);

#endif
