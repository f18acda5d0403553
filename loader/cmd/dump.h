// SPDX-License-Identifier: MIT
/* What `hewn disasm` prints, and from where: an object, a loaded program, bare instructions. */
#ifndef LOADER_CMD_DUMP_H
#define LOADER_CMD_DUMP_H

#include "insn/disasm.h"
#include "loader/hewn.h"

struct dump {
	struct disasm_opts opts;
	bool dot;	   /* a graph, not a text */
	bool lines;	   /* source lines, where they are known */
	const char *func;  /* this function only; NULL: all */
	struct link *link; /* CO-RE as this kernel has it; NULL: as in the object */
	FILE *to;
};

/* One program, or bare instructions, with the names that opts give. 0 or -ENOMEM. */
int dump_insns(const struct dump *dump, const struct disasm_opts *opts,
	       const struct bpf_insn *insns, uint32_t n);

/* .event of a map, if the object says what its records are. */
struct obj_map;
void dump_event(FILE *to, const struct hewn_object *object, const struct obj_map *map);

/* An object as a whole text that the assembler reads back: license, maps, data, functions. */
int dump_object(const struct dump *dump, const struct hewn_object *object, struct hewn_err *err);

/* The program of this id that the kernel has loaded. */
int dump_loaded(const struct dump *dump, uint32_t id, struct hewn_err *err);

#endif
